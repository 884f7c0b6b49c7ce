/**
 * Numbers and units as notes write them. The normalized unit is UCUM (ucum.org) where UCUM has one, else the plain noun
 * ("tab"). Spellings are rules/attributes-measurement.json.
 */
import type { Comparator, Span } from './document';
import rules from './rules/attributes-measurement.json';

export type UnitFamily = 'mass' | 'volume' | 'count' | 'percent' | 'measure' | 'length';

const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Longest first, so that "tablets" is not read as "tab". White space in a word matches any single white space. */
export function anyOf(words: readonly string[]): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  return `(?:${longestFirst.map((word) => escaped(word).replace(/ /g, '\\s')).join('|')})`;
}

export const WORD_START = String.raw`(?<![\p{L}\p{N}])`;
export const WORD_END = String.raw`(?![\p{L}\p{N}])`;
/** Not inside another number: "1.5" does not hold a 5, "3/4" no 4. */
export const NUMBER_START = String.raw`(?<![\p{L}\p{N}]|\d[.,/:])`;
export const DIGITS = String.raw`(?:(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,7})(?:\.\d{1,5})?|\.\d{1,5}|[½¼¾])`;
export const COUNT_WORD = anyOf(Object.keys(rules.numberWords));
export const COMPARATOR = String.raw`(?:(?<!-)(?:>\/=|<\/=|[<>≤≥]=?)|[~≈])\s?`;

const UNITS = new Map<string, { unit: string; family: UnitFamily }>();
for (const [family, units] of Object.entries(rules.units)) {
  for (const [unit, spellings] of Object.entries(units)) {
    for (const spelling of spellings) UNITS.set(spelling, { unit, family: family as UnitFamily });
  }
}
const EXACT_CASE = new Map<string, string>(Object.entries(rules.exactCase));
const DENOMINATORS = new Map(
  Object.entries(rules.denominators).flatMap(([unit, spellings]) =>
    spellings.map((spelling): [string, string] => [spelling, unit]),
  ),
);
const NUMBER_WORDS = new Map<string, number>(Object.entries(rules.numberWords));
const FRACTIONS = new Map([
  ['½', 0.5],
  ['¼', 0.25],
  ['¾', 0.75],
]);

export const COUNT_UNITS: readonly string[] = Object.values(rules.units.count).flat();
export const MEASURE_UNIT = anyOf([...UNITS.keys(), 'c', 'f'].filter((spelling) => !COUNT_UNITS.includes(spelling)));
/** "/kg", "per 5 mL", "/24h". */
export const PER_UNIT = String.raw`\s?(?:\/|\bper\b)\s?(?:${DIGITS}\s?)?${anyOf([...DENOMINATORS.keys()])}${WORD_END}`;

/** "1,500" is 1500, "0,5" is 0.5, "1 1/2" is 1.5, "two" is 2; undefined where it is none of these. */
export function parseNumber(text: string): number | undefined {
  const words = text.toLowerCase().replace(/\s+/g, ' ').trim();
  const known = NUMBER_WORDS.get(words) ?? FRACTIONS.get(words);
  if (known !== undefined) return known;
  const fraction = /^(?:(\d) )?(\d)\/(\d)$/.exec(words);
  if (fraction) return Number(fraction[1] ?? 0) + Number(fraction[2]) / Number(fraction[3]);
  const plain = /^\d{1,4},\d{1,2}$/.test(words) ? words.replace(',', '.') : words.replace(/,/g, '');
  const value = Number(plain);
  return plain === '' || Number.isNaN(value) ? undefined : value;
}

/** Four significant decimals are more than any note writes; it removes the noise of binary fractions. */
export const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

export function lookUpUnit(spelling: string): { unit: string; family: UnitFamily } | undefined {
  const exact = EXACT_CASE.get(spelling);
  const lower = spelling.toLowerCase().replace(/\s+/g, ' ');
  if (exact !== undefined) return UNITS.get(lower) ?? { unit: exact, family: 'measure' };
  return UNITS.get(lower);
}

export interface Denominator {
  readonly amount: number;
  readonly unit: string;
  /** "/5 mL", "/24h": an amount stands before the unit. */
  readonly isCounted: boolean;
}

/** The denominators of "mg/kg/day" with their amounts: "500 mg/5 mL" has one of 5 mL. */
export function denominatorsOf(parts: readonly (string | undefined)[]): Denominator[] {
  return parts.flatMap((part) => {
    const match = part === undefined ? null : /(?:\/|per)\s?([\d.,]{0,9})\s?(.+)$/iu.exec(part);
    if (!match) return [];
    const [, digits = '', spelling = ''] = match;
    const whole = DENOMINATORS.get((digits + spelling).toLowerCase());
    const unit = whole ?? DENOMINATORS.get(spelling.toLowerCase());
    const amount = whole === undefined ? (parseNumber(digits) ?? 1) : 1;
    return unit === undefined ? [] : [{ amount, unit, isCounted: digits !== '' }];
  });
}

/** "(mg/dL)" -> "mg/dL"; undefined where it is no unit. */
export function normalizeUnit(text: string): string | undefined {
  const whole = lookUpUnit(text);
  if (whole) return whole.unit;
  const [base = '', ...per] = text.split('/');
  const unit = lookUpUnit(base.trim())?.unit;
  if (unit === undefined) return undefined;
  return [unit, ...denominatorsOf(per.map((part) => `/${part}`)).map((each) => each.unit)].join('/');
}

const COMPARATORS: readonly (readonly [RegExp, Comparator])[] = [
  [/^(?:<\/?=|≤)/, '<='],
  [/^(?:>\/?=|≥)/, '>='],
  [/^</, '<'],
  [/^>/, '>'],
  [/^[~≈]/, '~'],
];

export const comparatorOf = (sign: string): Comparator | undefined =>
  COMPARATORS.find(([pattern]) => pattern.test(sign))?.[1];

export interface Amount {
  readonly value?: number;
  readonly high?: number;
  readonly second?: number;
  readonly comparator?: Comparator;
  readonly unit?: string;
}

/** exactOptionalPropertyTypes: an absent value is left out. */
export function withValue(value: number | undefined, unit: string | undefined): { value?: number; unit?: string } {
  return {
    ...(value === undefined ? {} : { value: rounded(value) }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** `value` to `high` where there are two; left out what is unknown. */
export function amountOf(value: number | undefined, high: number | undefined, unit: string | undefined): Amount {
  return {
    ...withValue(value, unit),
    ...(high === undefined || value === undefined ? {} : { high: rounded(high) }),
  };
}

export const spanOf = (start: number, text: string): Span => ({ start, end: start + text.length });
