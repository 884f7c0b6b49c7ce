/**
 * How a medicine is taken: route, form and duration; frequencies have a file of their own. Word lists are
 * rules/attributes-medication.json; a duration is normalized to days.
 */
import { daysIn, findFrequencies, N, PERIOD, periodOf, RANGE_END } from './frequencies';
import { findCountWords, type AttributeMention, type MentionKind } from './measurement-attributes';
import rules from './rules/attributes-medication.json';
import { amountOf, anyOf, COUNT_WORD, parseNumber, spanOf, WORD_END, WORD_START } from './units';

const words = (list: readonly string[], flags: string): RegExp =>
  new RegExp(WORD_START + anyOf(list) + WORD_END, flags);

const ROUTE = words(rules.routes, 'giu');
const CAPITAL_ROUTE = words(rules.routesInCapitals, 'gu');
const FORM = words(rules.forms, 'giu');
const CAPITAL_FORM = words(rules.formsInCapitals, 'gu');
const LOOSE_DOSE = words(rules.looseDoses, 'giu');

/** "x5d", "for 10 days", "for a total of 2 weeks", "x 3 doses". */
const LENGTH = String.raw`${N}${RANGE_END}[\s-]?(?:(?:more|further|full)\s)?(${PERIOD}|doses?)(?<!ly)`;
const LED = new RegExp(`${WORD_START}${anyOf(rules.durationLead)}\\s?${LENGTH}${WORD_END}`, 'giu');
const BARE = new RegExp(
  `${WORD_START}(?!${COUNT_WORD}\\sdose|\\d{1,3}\\sdose)${LENGTH}${WORD_END}(?!\\s(?:ago|old|prior|later|earlier|before|apart|post|of\\s(?:age|gest)))`,
  'giu',
);
/** British shorthand: 5/7 is five days, 2/52 two weeks, 3/12 three months; "BP 94/52" is none. */
const SHORTHAND =
  /(?<![\p{L}\p{N}./]|\bBP:?\s)(?:(?:x|×|for)\s?)?([1-5]?\d(?:\s?[-–]\s?[1-5]?\d)?)\/(7|52|12)(?![\p{L}\p{N}/]|\s(?:ago|later|review|time))/giu;
const SHORTHAND_DAYS = new Map([
  ['7', 1],
  ['52', 7],
  ['12', 30.4375],
]);
const ENDLESS = words(rules.durationsWithoutLength, 'giu');
/** "until Friday", "until 3/14", "through 11/14", "days 5-9". */
const UNTIL = new RegExp(
  `${WORD_START}(?:(?:until|till|til|through|thru)\\s(?:${anyOf(rules.dayNames)}|\\d{1,2}[/.]\\d{1,2}(?:[/.]\\d{2,4})?|\\d{1,2}\\s?${anyOf(rules.months)}|${anyOf(rules.months)}\\s\\d{1,2}|${anyOf(rules.untilWords)})|days?\\s\\d{1,2}\\s?(?:-|–|to)\\s?\\d{1,2})${WORD_END}`,
  'giu',
);
/** "7-day course": the course makes it a duration even without "for". */
const COURSE = new RegExp(`${WORD_START}${N}[\\s-](${PERIOD})(?=\\s(?:course|supply|of)${WORD_END})`, 'giu');

function lengthIn(spelling: string): { days: number | undefined; isDose: boolean } {
  return { days: daysIn(periodOf(spelling)), isDose: /^doses?$/iu.test(spelling) };
}

function readDuration(match: RegExpExecArray, isBare: boolean): AttributeMention {
  const [, count = '', rangeEnd, spelling = ''] = match;
  const { days, isDose } = lengthIn(spelling);
  const inUnits = (number: number | undefined): number | undefined =>
    number === undefined ? undefined : isDose ? number : days === undefined ? undefined : number * days;
  const high = rangeEnd === undefined ? undefined : inUnits(parseNumber(rangeEnd));
  const amount = amountOf(inUnits(parseNumber(count)), high, isDose ? 'dose' : 'd');
  return { kind: 'duration', isBare, ...spanOf(match.index, match[0]), ...amount };
}

function readShorthand(match: RegExpExecArray): AttributeMention {
  const [whole, count = '', period = ''] = match;
  const days = SHORTHAND_DAYS.get(period) ?? 1;
  const [low = '', high] = count.split(/\s?[-–]\s?/u);
  const amount = amountOf(Number(low) * days, high === undefined ? undefined : Number(high) * days, 'd');
  return { kind: 'duration', isBare: /^\d/.test(whole), ...spanOf(match.index, whole), ...amount };
}

function findDurations(text: string): AttributeMention[] {
  const course = [...text.matchAll(COURSE)].map((match): AttributeMention => {
    const { days } = lengthIn(match[2]!);
    const value = days === undefined ? undefined : (parseNumber(match[1]!) ?? NaN) * days;
    return { kind: 'duration', ...spanOf(match.index, match[0]), ...amountOf(value, undefined, 'd') };
  });
  return [
    ...[...text.matchAll(SHORTHAND)].map(readShorthand),
    ...course,
    ...[...text.matchAll(LED)].map((match) => readDuration(match, false)),
    ...[...text.matchAll(BARE)].map((match) => readDuration(match, true)),
    ...plain(text, 'duration', ENDLESS),
    ...plain(text, 'duration', UNTIL),
  ];
}

const plain = (text: string, kind: MentionKind, regex: RegExp): AttributeMention[] =>
  [...text.matchAll(regex)].map((match) => ({ kind, ...spanOf(match.index, match[0]) }));

/** All of `text`, in no order; overlaps are the caller's to resolve. */
export function findSigs(text: string): AttributeMention[] {
  return [
    ...findFrequencies(text),
    ...plain(text, 'route', ROUTE),
    ...plain(text, 'route', CAPITAL_ROUTE),
    ...plain(text, 'form', FORM),
    ...plain(text, 'form', CAPITAL_FORM),
    ...plain(text, 'loose_dose', LOOSE_DOSE),
    ...findDurations(text),
    ...findCountWords(text),
  ];
}
