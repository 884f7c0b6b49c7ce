/**
 * What the words about a person or a time say as a value: ages and relative dates as ISO 8601 durations, dates as far as
 * they are written out. Nothing is guessed: "3/4/21" may be March or April, "a few days ago" is no number.
 */
import type { DateAnchor, Person, PersonType } from './document';
import rules from './rules/people.json';

/** What is told of a person beside its span: see `Person`. */
export interface PersonValue {
  readonly value: string;
  readonly anchor?: DateAnchor;
}

type Unit = 'M' | 'H' | 'D' | 'W' | 'MO' | 'Y';

const UNITS: readonly (readonly [RegExp, Unit, number])[] = [
  [/^min/, 'M', 1],
  [/^h(?:ou)?r/, 'H', 1],
  [/^(?:d(?:ays?)?|nights?)$/, 'D', 1],
  [/^w/, 'W', 1],
  [/^mo|^mth|^m(?:\/o)?$/, 'MO', 1],
  [/^y/, 'Y', 1],
  [/^decade/, 'Y', 10],
];
/** British notation "2/52": the number of parts says the unit. */
const FRACTION_UNITS = new Map<string, Unit>([
  ['7', 'D'],
  ['52', 'W'],
  ['12', 'MO'],
]);
const MONTHS = new Map(
  rules.months.map((name): [string, number] => [
    name,
    rules.months.findIndex((m) => m.startsWith(name.slice(0, 3))) + 1,
  ]),
);
const NUMBERS = new Map<string, number>([
  ['a', 1],
  ['an', 1],
  ...rules.digits.map((word, index): [string, number] => [word, index + 1]),
  ...rules.tens.map((word, index): [string, number] => [word, (index + 2) * 10]),
]);
const RELATIVE = new Map<string, string>(Object.entries(rules.relativeValues));
const SEXES = new Map<string, string>(
  Object.entries(rules.sexValues).flatMap(([sex, words]) => words.map((word): [string, string] => [word, sex])),
);

/** "sixty-two", "62", "a"; undefined for a range, a fraction or a vague word. */
function numberOf(words: string): number | undefined {
  if (/^\d{1,4}$/.test(words)) return Number(words);
  const parts = words.split(/[\s–-]/);
  const numbers = parts.map((part) => NUMBERS.get(part));
  if (numbers.length > 2 || numbers.some((number) => number === undefined)) return undefined;
  const [tens, digits] = numbers as number[];
  if (digits === undefined) return tens;
  return tens! >= 20 && digits < 10 ? tens! + digits : undefined;
}

function durationOf(count: number | undefined, unitWord: string): string | undefined {
  const unit = UNITS.find(([pattern]) => pattern.test(unitWord));
  if (count === undefined || unit === undefined) return undefined;
  const [, letter, factor] = unit;
  return lasting(count * factor, letter);
}

function lasting(count: number, unit: Unit): string {
  return unit === 'M' || unit === 'H' ? `PT${count}${unit}` : `P${count}${unit === 'MO' ? 'M' : unit}`;
}

const AGE =
  /^(?:aged?(?::|\sof)?\s)?([a-z\d]{1,9}(?:[\s–-][a-z]{3,5})??)[\s–-]{0,2}(years?|yrs?\.?|y\/o|y\.o\.?|yo[fm]?|y|months?|mos?\.?|mths?|m\/o|weeks?|wks?|days?)?(?:[\s–.-]{0,2}(?:old|of age))?$/;

function ageValue(words: string): string | undefined {
  const match = AGE.exec(words);
  return match === null ? undefined : durationOf(numberOf(match[1]!), match[2] ?? 'years');
}

const pad = (number: number): string => String(number).padStart(2, '0');
/** Two digits of a year: a note speaks of the past, or of the next few years. */
const CENTURY_ENDS = 40;
const yearOf = (digits: string): number => {
  const year = Number(digits.replace(/^['’]/, ''));
  return year >= 100 ? year : year + (year <= CENTURY_ENDS ? 2000 : 1900);
};

interface DateParts {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
}

function isoOf({ year, month, day }: DateParts): string | undefined {
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  if (day !== undefined && (day < 1 || day > new Date(Date.UTC(year ?? 2000, month ?? 1, 0)).getUTCDate()))
    return undefined;
  const start = year === undefined ? '-' : String(year);
  return [start, ...[month, day].filter((part) => part !== undefined).map(pad)].join('-');
}

/** Day and month in either order, where only one of the orders is a date, or both are the same. */
function eitherOrder(first: number, second: number, year?: number): string | undefined {
  const parts = year === undefined ? {} : { year };
  const [american, european] = [
    isoOf({ ...parts, month: first, day: second }),
    isoOf({ ...parts, month: second, day: first }),
  ];
  if (american !== undefined && european !== undefined) return american === european ? american : undefined;
  return american ?? european;
}

function numericDate(words: string): string | undefined {
  const numbers = words.split(/[/.-]/);
  if (!numbers.every((number) => /^\d{1,4}$/.test(number))) return undefined;
  const [first, second, third] = numbers.map(Number) as [number, number?, number?];
  if (numbers[0]!.length === 4) {
    if (second === undefined) return isoOf({ year: first });
    return third === undefined ? undefined : isoOf({ year: first, month: second, day: third });
  }
  if (numbers[1]?.length === 4 && third === undefined) return isoOf({ year: second!, month: first });
  return second === undefined
    ? undefined
    : eitherOrder(first, second, third === undefined ? third : yearOf(numbers[2]!));
}

const NAMED_MONTH =
  /^(?:(\d{1,2})(?:st|nd|rd|th)?(?:\sof)?[\s/-]?)?([a-z]{3,9})\.?(?:[\s-](\d{1,2})(?:st|nd|rd|th)?(?![\d’']))?(?:,?\s?(?:of\s)?[/-]?(\d{4}|['’]\d\d|(?<=\d[a-z]{3,9}[\s/-]?)\d\d))?$/;

function namedDate(words: string): string | undefined {
  const [, before, name, after, year] = NAMED_MONTH.exec(words) ?? [];
  const month = MONTHS.get(name ?? '');
  if (month === undefined) return undefined;
  const day = before ?? after;
  if (day === undefined && year === undefined) return undefined;
  return isoOf({
    ...(year === undefined ? {} : { year: yearOf(year) }),
    month,
    ...(day === undefined ? {} : { day: Number(day) }),
  });
}

const AGO = new RegExp(
  `^(.{1,20}?)[\\s–-]{0,2}(${rules.periods.join('|')})\\s(ago|prior|earlier|previously|before|back|later|hence|from now)$`,
);
const FRACTION_AGO = /^(\d{1,2})\/(7|52|12)\s(ago|prior|earlier|hence)$/;
const AHEAD = new RegExp(`^(?:in|after)\\s(.{1,16}?)\\s?(${rules.periods.join('|')})$`);
const COUNTED_DAY = /^(?:on )?(pod|hd|post-?\s?op(?:erative)? day|hosp(?:ital)? day)\s?#?\s?(\d{1,3})$/;
const FORWARD = new Set(['later', 'hence', 'from now']);
/** Of "two weeks later" and "3 days prior" only the text tells from when: they have no anchor, so no value. */
const WITHOUT_ANCHOR = new Set(['later', 'prior', 'earlier', 'previously', 'before']);

function agoValue(words: string): PersonValue | undefined {
  const [, count = '', unit = '', direction = ''] = AGO.exec(words) ?? [];
  const duration = WITHOUT_ANCHOR.has(direction) ? undefined : durationOf(numberOf(count), unit);
  if (duration === undefined) return undefined;
  return { value: FORWARD.has(direction) ? duration : `-${duration}`, anchor: 'note' };
}

function fractionValue(words: string): PersonValue | undefined {
  const [, count, parts = '', direction = ''] = FRACTION_AGO.exec(words) ?? [];
  const unit = FRACTION_UNITS.get(parts);
  if (unit === undefined || WITHOUT_ANCHOR.has(direction)) return undefined;
  const duration = lasting(Number(count), unit);
  return { value: FORWARD.has(direction) ? duration : `-${duration}`, anchor: 'note' };
}

function aheadValue(words: string): PersonValue | undefined {
  const [, count = '', unit = ''] = AHEAD.exec(words) ?? [];
  const value = durationOf(numberOf(count), unit);
  return value === undefined ? undefined : { value, anchor: 'note' };
}

function relativeDate(words: string): PersonValue | undefined {
  const value = RELATIVE.get(words);
  if (value !== undefined) return { value, anchor: 'note' };
  return fractionValue(words) ?? aheadValue(words) ?? agoValue(words);
}

/** Days after an operation count from 0 on its day; the first day in hospital is day 1. */
function countedDay(words: string): PersonValue | undefined {
  const [, event, day] = COUNTED_DAY.exec(words) ?? [];
  if (event === undefined) return undefined;
  const isStay = event.startsWith('h');
  const days = Number(day) - Number(isStay);
  return days < 0 ? undefined : { value: `P${days}D`, anchor: isStay ? 'admission' : 'operation' };
}

function dateValue(words: string): PersonValue | undefined {
  const absolute = numericDate(words) ?? namedDate(words);
  return absolute === undefined ? (countedDay(words) ?? relativeDate(words)) : { value: absolute };
}

const READERS: Partial<Record<PersonType, (words: string) => PersonValue | undefined>> = {
  age: (words) => {
    const value = ageValue(words);
    return value === undefined ? undefined : { value };
  },
  sex: (words) => {
    const value = SEXES.get(words);
    return value === undefined ? undefined : { value };
  },
  date: dateValue,
};

/** The person with its value, where its words allow one. */
export function withValue(person: Person): Person {
  return { ...person, ...READERS[person.type]?.(person.text.toLowerCase().replace(/\s/g, ' ')) };
}
