/**
 * Amounts and results in a sentence: numbers with and without units, qualitative results, and the words that look like
 * either but are neither ("stage 3", "10 am"). Units and result words are rules/attributes-measurement.json. The
 * normalized unit is UCUM where UCUM has one, else the plain noun ("tab").
 */
import type { Span } from './document';
import rules from './rules/attributes-measurement.json';

export type UnitFamily = 'mass' | 'volume' | 'count' | 'percent' | 'measure' | 'length';

/** What a mention is before its owner decides: a quantity becomes a dose, a strength or a value. */
export type MentionKind =
  | 'quantity'
  | 'number'
  | 'score'
  | 'result'
  | 'unit'
  | 'frequency'
  | 'route'
  | 'form'
  | 'duration'
  | 'loose_dose'
  | 'severity'
  | 'laterality'
  | 'skipped';

export interface AttributeMention extends Span {
  readonly kind: MentionKind;
  readonly value?: number;
  readonly unit?: string;
  readonly family?: UnitFamily;
  /** A quantity per volume or per item, or a pair ("24/26 mg"): the product's strength. */
  readonly isStrength?: boolean;
  /** A duration without "for" or "x": counts only right after other attributes of a medicine. */
  readonly isBare?: boolean;
}

const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** Longest first, so that "tablets" is not read as "tab". White space in a word matches any single white space. */
export function anyOf(words: readonly string[]): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  return `(?:${longestFirst.map((word) => escaped(word).replace(/ /g, '\\s')).join('|')})`;
}

export const WORD_START = String.raw`(?<![\p{L}\p{N}])`;
export const WORD_END = String.raw`(?![\p{L}\p{N}])`;
/** Not inside another number: "1.5" does not hold a 5, "3/4" no 4. */
const NUMBER_START = String.raw`(?<![\p{L}\p{N}]|\d[.,/:])`;
export const DIGITS = String.raw`(?:(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,7})(?:\.\d{1,5})?|\.\d{1,5}|[½¼¾])`;
export const COUNT_WORD = anyOf(Object.keys(rules.numberWords));

const UNITS = new Map<string, { unit: string; family: UnitFamily }>();
for (const [family, units] of Object.entries(rules.units)) {
  for (const [unit, spellings] of Object.entries(units)) {
    for (const spelling of spellings) UNITS.set(spelling, { unit, family: family as UnitFamily });
  }
}
const EXACT_CASE = new Map<string, string>(Object.entries(rules.exactCase));
const NOT_ALONE = new Set(rules.notAlone);
const DENOMINATORS = new Map(
  Object.entries(rules.denominators).flatMap(([unit, spellings]) =>
    spellings.map((spelling): [string, string] => [spelling, unit]),
  ),
);
const DOSE_DENOMINATORS = new Set(rules.doseDenominators);
const NUMBER_WORDS = new Map<string, number>(Object.entries(rules.numberWords));
const FRACTIONS = new Map([
  ['½', 0.5],
  ['¼', 0.25],
  ['¾', 0.75],
]);

const COUNT_UNITS = Object.values(rules.units.count).flat();
const RANGE = String.raw`\s?(?:-|–|to|or)\s?`;
const COUNTED = String.raw`(?:(?:\d\s)?[13]\/[248]|${DIGITS}|${COUNT_WORD})`;
const COUNT = new RegExp(
  `${NUMBER_START}(${COUNTED})(?:\\s?\\(${DIGITS}\\))?(?:${RANGE}(${COUNTED}))?[\\s-]?(${anyOf(COUNT_UNITS)})${WORD_END}`,
  'giu',
);

const PER = String.raw`\s?(?:\/|\bper\b)\s?(?:${DIGITS}\s?)?${anyOf([...DENOMINATORS.keys()])}${WORD_END}`;
const MEASURE_UNITS = [...UNITS.keys(), 'c', 'f'].filter((spelling) => !COUNT_UNITS.includes(spelling));
const NUMERIC = String.raw`(?:\d{1,4},\d{1,2}(?!\d)|${DIGITS})`;
const QUANTITY = new RegExp(
  String.raw`((?<!-)[<>≤≥]=?\s?|[~≈]\s?|(?<=\s|^)[-−](?=\d))?${NUMBER_START}(${NUMERIC})(\s?\/\s?${NUMERIC}|\s?%?${RANGE}${NUMERIC}|(?:\s?(?:cm|mm)?\s?[x×]\s?${NUMERIC}){1,2})?[\s-]?(${anyOf(MEASURE_UNITS)})${WORD_END}(${PER})?(${PER})?`,
  'giu',
);
const UNIT_ALONE = new RegExp(`(?<=[(\\[])${anyOf(MEASURE_UNITS)}(${PER})?(?=[)\\]])`, 'giu');

const FLAG = String.raw`(?:\s?[(\[](?:LL?|HH?|N|A|low|high|normal|abnormal|critical|crit)\*?[)\]]|\s?\*{1,2}|\s(?:LL?|HH?)(?=$|[\s,;.)]))`;
const TRAILING_FLAG = new RegExp(`${FLAG}(?![\\p{L}\\p{N}])`, 'uy');
const NUMBER = new RegExp(
  String.raw`((?<!-)[<>≤≥]=?\s?|[~≈]\s?|(?<=\s|^)[-−](?=\d))?${NUMBER_START}(${DIGITS})([+-]?\s?[/:]\s?${DIGITS}|\s?[-–]\s?${DIGITS}|\sto\s${DIGITS})?('?s|\+)?(?![\p{L}\p{N}]|[.,/:]\d|[-–]\p{L})`,
  'gu',
);
const SCORE = /(?<![\p{L}\p{N}.,/])(\d{1,2})(?:-\d{1,2})?\s?(?:\/|out of)\s?10(?![\p{N}/])/giu;
const RESULT = new RegExp(
  `${WORD_START}${anyOf(rules.results)}${WORD_END}(?!\\s${anyOf(rules.resultStop)}${WORD_END})`,
  'giu',
);
const SKIPPED = [
  new RegExp(`${WORD_START}${anyOf(rules.clockOrRank)}\\s?(?:\\d{1,3}[a-d]?|[IVX]{1,4}[a-c]?)${WORD_END}`, 'giu'),
  /(?<![\p{L}\p{N}])\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|o'clock)(?![\p{L}\p{N}])/giu,
  /(?<![\p{L}\p{N}])\d{1,2}:\d{2}(?![\p{L}\p{N}])/gu,
  /(?<=^\s{0,40})\d{1,3}[.)](?=\s)/gu,
  // What is normal is no result: "(normal 0-20 mm/h)", "reference range 3.5 to 5.0".
  /(?:\b(?:normal|reference|ref)\s(?:range|values?|levels?|limits?)|[([](?:normal|reference|ref|nl))[\s:,.=]{1,3}[<>≤≥]?\d[^()[\];]{0,30}/giu,
  /\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,4}\]/gu,
];

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

function lookUpUnit(spelling: string): { unit: string; family: UnitFamily } | undefined {
  const exact = EXACT_CASE.get(spelling);
  const lower = spelling.toLowerCase().replace(/\s+/g, ' ');
  if (exact !== undefined) return UNITS.get(lower) ?? { unit: exact, family: 'measure' };
  return UNITS.get(lower);
}

/** The denominators of "mg/kg/day" with their amounts: "500 mg/5 mL" has one of 5 mL. */
function denominatorsOf(parts: readonly (string | undefined)[]): { amount: number; unit: string }[] {
  return parts.flatMap((part) => {
    const match = part === undefined ? null : /(?:\/|per)\s?([\d.,]{0,9})\s?(.+)$/iu.exec(part);
    const unit = DENOMINATORS.get(match?.[2]!.toLowerCase() ?? '');
    return match && unit !== undefined ? [{ amount: parseNumber(match[1]!) ?? 1, unit }] : [];
  });
}

/** Length of a flag ("(L)", " H") at `end`, which belongs to a result. */
function flagLength(text: string, end: number): number {
  TRAILING_FLAG.lastIndex = end;
  return TRAILING_FLAG.exec(text)?.[0].length ?? 0;
}

/** exactOptionalPropertyTypes: an absent value is left out. */
export function withValue(value: number | undefined, unit: string | undefined): { value?: number; unit?: string } {
  return {
    ...(value === undefined ? {} : { value: rounded(value) }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** A single number with its sign; a range, a pair and a bound ("<5") have no value. */
function singleValue(sign: string, digits: string, isSingle: boolean): number | undefined {
  if (!isSingle || /[<>≤≥]/.test(sign)) return undefined;
  const value = parseNumber(digits);
  return value !== undefined && /[-−]/.test(sign) ? -value : value;
}

function readQuantity(text: string, match: RegExpExecArray): AttributeMention | null {
  const [whole, sign = '', digits = '', second, spelling = '', ...per] = match;
  const base = lookUpUnit(spelling);
  const denominators = denominatorsOf(per);
  if (!base || (denominators.length === 0 && NOT_ALONE.has(spelling))) return null;
  const amount = denominators.reduce((product, { amount: each }) => product * each, 1);
  const value = singleValue(sign, digits, second === undefined);
  const end = match.index + whole.length;
  const isProduct = base.family === 'percent' || denominators.some(({ unit }) => !DOSE_DENOMINATORS.has(unit));
  return {
    kind: 'quantity',
    start: match.index,
    end: end + flagLength(text, end),
    family: base.family,
    isStrength: isProduct || (second?.includes('/') ?? false),
    ...withValue(
      value === undefined ? undefined : value / amount,
      [base.unit, ...denominators.map(({ unit }) => unit)].join('/'),
    ),
  };
}

function readCount(match: RegExpExecArray): AttributeMention {
  const [whole, first = '', second, spelling = ''] = match;
  const value = second === undefined ? parseNumber(first) : undefined;
  const unit = UNITS.get(spelling.toLowerCase())?.unit;
  return { kind: 'quantity', family: 'count', ...spanOf(match.index, whole), ...withValue(value, unit) };
}

export const spanOf = (start: number, text: string): Span => ({ start, end: start + text.length });

function readNumber(text: string, match: RegExpExecArray): AttributeMention {
  const [whole, sign = '', digits = '', second, suffix] = match;
  const value = singleValue(sign, digits, second === undefined && suffix === undefined);
  const end = match.index + whole.length;
  return { kind: 'number', start: match.index, end: end + flagLength(text, end), ...withValue(value, undefined) };
}

/** All amounts, results and look-alikes of `text`, in no order; overlaps are the caller's to resolve. */
export function findMeasurements(text: string): AttributeMention[] {
  const hasDigit = /\d/.test(text);
  const digital = hasDigit
    ? [
        // First: of two mentions with the same span the earlier one is kept.
        ...[...text.matchAll(SCORE)].map((match): AttributeMention => {
          return { kind: 'score', ...spanOf(match.index, match[0]), ...withValue(Number(match[1]), '/10') };
        }),
        ...[...text.matchAll(NUMBER)].map((match) => readNumber(text, match)),
        ...[...text.matchAll(QUANTITY)].flatMap((match) => readQuantity(text, match) ?? []),
      ]
    : [];
  const plain = (kind: MentionKind, regex: RegExp): AttributeMention[] =>
    [...text.matchAll(regex)].map((match) => ({ kind, ...spanOf(match.index, match[0]) }));
  return [
    ...digital,
    ...[...text.matchAll(COUNT)].map(readCount),
    ...[...text.matchAll(UNIT_ALONE)].map((match): AttributeMention => {
      const unit = [
        lookUpUnit(match[0].split('/')[0]!)?.unit ?? match[0],
        ...denominatorsOf([match[1]]).map((each) => each.unit),
      ];
      return { kind: 'unit', ...spanOf(match.index, match[0]), unit: unit.join('/') };
    }),
    ...plain('result', RESULT),
    ...SKIPPED.flatMap((regex) => plain('skipped', regex)),
  ];
}
