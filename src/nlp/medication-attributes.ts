/**
 * How a medicine is taken: frequency, route, form and duration. Word lists are rules/attributes-medication.json; a
 * frequency is normalized to times a day ("/d"), a duration to its length in UCUM units.
 */
import {
  anyOf,
  COUNT_WORD,
  parseNumber,
  spanOf,
  withValue,
  WORD_END,
  WORD_START,
  type AttributeMention,
  type MentionKind,
} from './measurement-attributes';
import rules from './rules/attributes-medication.json';

const RATES = new Map<string, number | undefined>(rules.frequenciesWithoutRate.map((words) => [words, undefined]));
for (const [rate, spellings] of Object.entries(rules.frequencies)) {
  for (const words of spellings) RATES.set(words, Number(rate));
}
const PERIOD_UNITS = new Map(
  Object.entries(rules.periods).flatMap(([unit, spellings]) =>
    spellings.map((spelling): [string, string] => [spelling, unit]),
  ),
);
const DAYS = new Map<string, number>(Object.entries(rules.daysPerPeriod));
const TIMES = new Map<string, number>(Object.entries(rules.timesWords));

const words = (list: readonly string[], flags: string): RegExp =>
  new RegExp(WORD_START + anyOf(list) + WORD_END, flags);

const N = String.raw`(\d{1,3}(?:\.5)?|${COUNT_WORD})`;
const RANGE_END = String.raw`(?:\s?(?:-|–|to)\s?(\d{1,3}|${COUNT_WORD}))?`;
const PERIOD = anyOf([...PERIOD_UNITS.keys()]);

const LITERAL_FREQUENCY = words([...RATES.keys()], 'giu');
const CAPITAL_FREQUENCY = words(rules.frequenciesInCapitals, 'gu');
/** "q6h", "q 4-6 hrs", "every 8 hours", "6 hourly". */
const INTERVAL = new RegExp(`${WORD_START}(?:q\\.?|every)\\s?${N}${RANGE_END}[\\s-]?(${PERIOD})${WORD_END}`, 'giu');
const HOURLY = new RegExp(`${WORD_START}${N}${RANGE_END}[\\s-]?(hourly|weekly|monthly)${WORD_END}`, 'giu');
/** "3 times a day", "twice weekly", "2-3 x/week", "x3/day", "once every 2 weeks". */
const PER = String.raw`\s?(?:\/|\ba\b|\ban\b|\bper\b|\beach\b|\bevery\b)\s?`;
const TIMES_PER = new RegExp(
  `${WORD_START}(?:(?:${N}${RANGE_END}\\s?(?:x|×|times)|(once|twice|thrice))(?:${PER}|\\s)|(?:x|×)\\s?${N}${PER})(?:${N}\\s)?(${PERIOD})${WORD_END}`,
  'giu',
);

const ROUTE = words(rules.routes, 'giu');
const CAPITAL_ROUTE = words(rules.routesInCapitals, 'gu');
const FORM = words(rules.forms, 'giu');
const CAPITAL_FORM = words(rules.formsInCapitals, 'gu');
const LOOSE_DOSE = words(rules.looseDoses, 'giu');

/** "x5d", "for 10 days", "for a total of 2 weeks", "x 3 doses". */
const LENGTH = String.raw`${N}${RANGE_END}[\s-]?(?:(?:more|further|full)\s)?(${PERIOD}|doses?)`;
const LED_DURATION = new RegExp(`${WORD_START}${anyOf(rules.durationLead)}\\s?${LENGTH}${WORD_END}`, 'giu');
const BARE_DURATION = new RegExp(`${WORD_START}${LENGTH}${WORD_END}(?!\\s(?:ago|old|prior|later|earlier))`, 'giu');
/** British shorthand: 5/7 is five days, 2/52 two weeks, 3/12 three months. */
const SHORTHAND_DURATION = /(?<![\p{L}\p{N}])(?:(?:x|×|for)\s?)?(\d{1,2})\/(7|52|12)(?![\p{L}\p{N}/])/giu;
const SHORTHAND_UNITS = new Map([
  ['7', 'd'],
  ['52', 'wk'],
  ['12', 'mo'],
]);
const ENDLESS_DURATION = words(rules.durationsWithoutLength, 'giu');
/** "7-day course": the course makes it a duration even without "for". */
const COURSE = new RegExp(`${WORD_START}${N}[\\s-](${PERIOD})(?=\\s(?:course|supply|of)${WORD_END})`, 'giu');

function unitOf(spelling: string): string | undefined {
  const lower = spelling.toLowerCase();
  return /^doses?$/.test(lower) ? 'dose' : PERIOD_UNITS.get(lower);
}

/** `times` in every `count` periods of `unit`, as times a day. */
function perDay(times: number | undefined, count: number | undefined, unit: string | undefined): number | undefined {
  const days = unit === undefined ? undefined : DAYS.get(unit);
  return times === undefined || !count || days === undefined ? undefined : times / (count * days);
}

function frequency(match: RegExpExecArray, rate: number | undefined): AttributeMention {
  const unit = rate === undefined ? undefined : '/d';
  return { kind: 'frequency', ...spanOf(match.index, match[0]), ...withValue(rate, unit) };
}

function readInterval(match: RegExpExecArray): AttributeMention {
  const [, count = '', rangeEnd, spelling = ''] = match;
  return frequency(match, rangeEnd === undefined ? perDay(1, parseNumber(count), unitOf(spelling)) : undefined);
}

function readTimesPer(match: RegExpExecArray): AttributeMention {
  const [, count, rangeEnd, word = '', prefixed, periods = 'one', spelling = ''] = match;
  const times = TIMES.get(word.toLowerCase()) ?? parseNumber(count ?? prefixed ?? '');
  return frequency(match, rangeEnd === undefined ? perDay(times, parseNumber(periods), unitOf(spelling)) : undefined);
}

function findFrequencies(text: string): AttributeMention[] {
  const literal = [...text.matchAll(LITERAL_FREQUENCY)].map((match) =>
    frequency(match, RATES.get(match[0].toLowerCase().replace(/\s/g, ' '))),
  );
  const capital = [...text.matchAll(CAPITAL_FREQUENCY)].map((match) => frequency(match, 1));
  if (!/\d|every|once|twice|thrice|times|hourly/iu.test(text)) return [...literal, ...capital];
  return [
    ...literal,
    ...capital,
    ...[...text.matchAll(INTERVAL), ...text.matchAll(HOURLY)].map(readInterval),
    ...[...text.matchAll(TIMES_PER)].map(readTimesPer),
  ];
}

function readDuration(match: RegExpExecArray, isBare: boolean): AttributeMention {
  const [, count = '', rangeEnd, spelling = ''] = match;
  const value = rangeEnd === undefined ? parseNumber(count) : undefined;
  return { kind: 'duration', isBare, ...spanOf(match.index, match[0]), ...withValue(value, unitOf(spelling)) };
}

function findDurations(text: string): AttributeMention[] {
  const shorthand = [...text.matchAll(SHORTHAND_DURATION)].map((match): AttributeMention => {
    const isBare = /^\d/.test(match[0]);
    const length = withValue(Number(match[1]), SHORTHAND_UNITS.get(match[2]!));
    return { kind: 'duration', isBare, ...spanOf(match.index, match[0]), ...length };
  });
  const course = [...text.matchAll(COURSE)].map((match): AttributeMention => {
    const length = withValue(parseNumber(match[1]!), unitOf(match[2]!));
    return { kind: 'duration', ...spanOf(match.index, match[0]), ...length };
  });
  return [
    ...course,
    ...[...text.matchAll(LED_DURATION)].map((match) => readDuration(match, false)),
    ...[...text.matchAll(BARE_DURATION)].map((match) => readDuration(match, true)),
    ...shorthand,
    ...plain(text, 'duration', ENDLESS_DURATION),
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
  ];
}
