/**
 * How often a medicine is taken, normalized to times a day ("/d"): BID is 2, weekly 1/7, M/W/F 3/7. Word lists are
 * rules/attributes-medication.json.
 */
import type { AttributeMention } from './measurement-attributes';
import rules from './rules/attributes-medication.json';
import { amountOf, anyOf, COUNT_WORD, parseNumber, spanOf, WORD_END, WORD_START } from './units';

const RATES = new Map<string, number | undefined>(rules.frequenciesWithoutRate.map((words) => [words, undefined]));
for (const [rate, spellings] of Object.entries(rules.frequencies)) {
  for (const words of spellings) RATES.set(words, Number(rate));
}
for (const words of rules.timings) if (!RATES.has(words)) RATES.set(words, undefined);
const TIMINGS = new Set(rules.timings);
const PERIOD_UNITS = new Map(
  Object.entries(rules.periods).flatMap(([unit, spellings]) =>
    spellings.map((spelling): [string, string] => [spelling, unit]),
  ),
);
const DAYS = new Map<string, number>(Object.entries(rules.daysPerPeriod));
const TIMES = new Map<string, number>(Object.entries(rules.timesWords));

export const N = String.raw`(\d{1,3}(?:\.5)?|${COUNT_WORD})`;
export const RANGE_END = String.raw`(?:\s?(?:-|–|to|or)\s?(\d{1,3}|${COUNT_WORD}))?`;
export const PERIOD = anyOf([...PERIOD_UNITS.keys()]);
const DAY = anyOf(rules.dayNames);

const LITERAL = new RegExp(WORD_START + anyOf([...RATES.keys()]) + WORD_END, 'giu');
/** "ON" is every night and "on" is nothing; "AM dose" is a dose of the morning. */
const CAPITAL = new RegExp(
  `${WORD_START}${anyOf(rules.frequenciesInCapitals)}${WORD_END}(?!\\s(?:dose|DOSE|labs?|meds?|bloods|shift)\\b)`,
  'gu',
);
/** "q6h", "q 4-6 hrs", "every 8 hours", "q week". */
const INTERVAL = new RegExp(
  `${WORD_START}(?:q\\.?|every)\\s?(?:${N}${RANGE_END}[\\s-]?)?(${PERIOD})${WORD_END}`,
  'giu',
);
const HOURLY = new RegExp(`${WORD_START}${N}${RANGE_END}[\\s-]?(hourly|hrly|weekly|monthly)${WORD_END}`, 'giu');
/** "3 times a day", "twice weekly", "2-3 x/week", "x3/day", "once every 2 weeks". */
const PER = String.raw`\s?(?:\/|\ba\b|\ban\b|\bper\b|\beach\b|\bevery\b|\bin\s(?:a\s)?)\s?`;
const TIMES_PER = new RegExp(
  `${WORD_START}(?:(?:${N}${RANGE_END}\\s?(?:x|×|times?)|(once|twice|thrice))(?:${PER}|\\s)|(?:x|×)\\s?${N}${PER})(?:${N}\\s?)?(${PERIOD})${WORD_END}`,
  'giu',
);
/** "every Sunday", "q Sun", "on Mondays and Thursdays", "Mon/Wed/Fri", "(Sun)". */
const WEEKDAYS = new RegExp(
  `${WORD_START}(?:(?:every|each|q\\.?|on)\\s)?${DAY}(?:(?:\\s?[,/&+-]\\s?|\\sand\\s|,\\sand\\s)${DAY}){0,6}${WORD_END}`,
  'giu',
);
const BRACKETED_DAY = new RegExp(`\\(${DAY}(?:\\s?[,/&]\\s?${DAY}){0,4}\\)`, 'giu');
const ONE_DAY = new RegExp(DAY, 'giu');
/** "x1", "x 3": so many times in all. */
const TIMES_IN_ALL =
  /(?<![\p{L}\p{N}])(?:x|×)\s?\d{1,2}(?![\p{L}\p{N}/.%]|\s?(?:[-–]\s?\d|d\b|days?|wks?|weeks?|h\b|hrs?|hours?|mo|months?|yrs?|years?|min|dose|doses)|\s?\/)/giu;
/** "once", but not "once stable". */
const ONCE = /(?<![\p{L}\p{N}])once(?=\s{0,2}(?:[,.;)|\n]|$)|\sonly\b|\sin\s(?:the\s)?(?:ED|OR|clinic))/giu;
const ON_OFF =
  /(?<![\p{L}\p{N}])\d{1,2}\s?(?:h|hrs?|hours?|days?|weeks?)\son\s?[,/]?\s?(?:and\s)?\d{1,2}\s?(?:h|hrs?|hours?|days?|weeks?)\soff(?![\p{L}\p{N}])/giu;

/** British "40mg on": every night; anywhere but at the end of a sig it is the preposition. */
const EVERY_NIGHT = /(?<=\d\s?(?:mg|mcg|g|micrograms?|units?|tabs?|ml)\s)on(?=\s{0,2}(?:[,.;|\n]|$))/giu;

const AS_NEEDED = new RegExp(`${WORD_START}${anyOf(rules.asNeeded)}${WORD_END}`, 'iu');

export const isAsNeeded = (words: string): boolean => AS_NEEDED.test(words);
export const isTiming = (words: string): boolean =>
  TIMINGS.has(words.toLowerCase().replace(/\s/g, ' ')) || /^\(.*\)$/.test(words);

export const periodOf = (spelling: string): string | undefined => PERIOD_UNITS.get(spelling.toLowerCase());
export const daysIn = (unit: string | undefined): number | undefined =>
  unit === undefined ? undefined : DAYS.get(unit);

/** `times` in every `count` periods of `unit`, as times a day. */
function perDay(times: number | undefined, count: number | undefined, unit: string | undefined): number | undefined {
  const days = daysIn(unit);
  const rate = times === undefined || !count || days === undefined ? undefined : times / (count * days);
  // "q5min x3" is not taken 288 times a day.
  return rate !== undefined && rate > 24 ? undefined : rate;
}

function frequency(match: RegExpExecArray, rate: number | undefined, high?: number): AttributeMention {
  const unit = rate === undefined ? undefined : '/d';
  return {
    kind: 'frequency',
    ...spanOf(match.index, match[0]),
    ...amountOf(rate, high, unit),
    ...(isAsNeeded(match[0]) ? { asNeeded: true } : {}),
  };
}

/** Of "q4-6h" the longer interval gives the lower rate. */
function readInterval(match: RegExpExecArray): AttributeMention {
  const [, count = 'one', rangeEnd, spelling = ''] = match;
  const unit = periodOf(spelling);
  const rate = perDay(1, parseNumber(count), unit);
  if (rangeEnd === undefined) return frequency(match, rate);
  return frequency(match, perDay(1, parseNumber(rangeEnd), unit), rate);
}

function readTimesPer(match: RegExpExecArray): AttributeMention {
  const [, count, rangeEnd, word = '', prefixed, periods = 'one', spelling = ''] = match;
  const times = TIMES.get(word.toLowerCase()) ?? parseNumber(count ?? prefixed ?? '');
  const [length, unit] = [parseNumber(periods), periodOf(spelling)];
  const high = rangeEnd === undefined ? undefined : perDay(parseNumber(rangeEnd), length, unit);
  return frequency(match, perDay(times, length, unit), high);
}

/** All of `text`, in no order; overlaps are the caller's to resolve. */
export function findFrequencies(text: string): AttributeMention[] {
  const literal = [...text.matchAll(LITERAL)].map((match) =>
    frequency(match, RATES.get(match[0].toLowerCase().replace(/\s/g, ' '))),
  );
  const days = [...text.matchAll(WEEKDAYS)].flatMap((match) => {
    const count = match[0].match(ONE_DAY)?.length ?? 1;
    // A day alone is a date ("seen Mon"); "every" or a second day makes it a frequency.
    return count > 1 || /^(?:every|each|q)/iu.test(match[0]) || /^on\s.*days$/iu.test(match[0])
      ? [frequency(match, count / 7)]
      : [];
  });
  return [
    ...literal,
    ...[...text.matchAll(CAPITAL), ...text.matchAll(EVERY_NIGHT)].map((match) => frequency(match, 1)),
    ...[...text.matchAll(INTERVAL), ...text.matchAll(HOURLY)].map(readInterval),
    ...[...text.matchAll(TIMES_PER)].map(readTimesPer),
    ...days,
    ...[
      ...text.matchAll(BRACKETED_DAY),
      ...text.matchAll(TIMES_IN_ALL),
      ...text.matchAll(ON_OFF),
      ...text.matchAll(ONCE),
    ].map((match) => frequency(match, undefined)),
  ];
}

const agrees = (a: AttributeMention, b: AttributeMention): boolean =>
  a.value === undefined || b.value === undefined || a.value === b.value;

/**
 * "daily as needed", "q6h prn" and "BID with meals" are one frequency; "BID" and "daily" side by side contradict and stay
 * two.
 */
export function mergeFrequencies(mentions: readonly AttributeMention[], text: string): AttributeMention[] {
  const merged: AttributeMention[] = [];
  for (const mention of mentions) {
    const last = merged.at(-1);
    const isPair = last?.kind === 'frequency' && mention.kind === 'frequency';
    const isOne =
      isPair &&
      /^,?\s{0,2}$/.test(text.slice(last.end, mention.start)) &&
      (agrees(last, mention) || isTiming(text.slice(mention.start, mention.end)));
    if (isOne) merged[merged.length - 1] = { ...mention, ...last, ...rateOf(last, mention), end: mention.end };
    else merged.push(mention);
  }
  return merged;
}

function rateOf(a: AttributeMention, b: AttributeMention): Partial<AttributeMention> {
  const asNeeded = a.asNeeded === true || b.asNeeded === true ? { asNeeded: true } : {};
  const source = a.value === undefined ? b : a;
  return { ...amountOf(source.value, source.high, source.unit), ...asNeeded };
}
