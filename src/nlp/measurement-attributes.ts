/**
 * Amounts and results in a sentence: numbers with and without units, results in words, and what looks like either but is
 * neither ("stage 3", "10 am"). Word lists are rules/attributes-measurement.json.
 */
import type { Comparator, ReferenceRange, ResultFlag, Span } from './document';
import { readResultTail } from './reference-ranges';
import rules from './rules/attributes-measurement.json';
import sentenceRules from './rules/sentences.json';
import {
  amountOf,
  anyOf,
  COMPARATOR,
  comparatorOf,
  COUNT_UNITS,
  COUNT_WORD,
  denominatorsOf,
  DIGITS,
  lookUpUnit,
  MEASURE_UNIT,
  normalizeUnit,
  NUMBER_START,
  parseNumber,
  PER_UNIT,
  rounded,
  spanOf,
  WORD_END,
  WORD_START,
  withValue,
  type Amount,
  type Denominator,
  type UnitFamily,
} from './units';

/** What a mention is before its owner decides: a quantity becomes a dose, a strength, or a value with its unit. */
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

export interface AttributeMention extends Span, Amount {
  readonly kind: MentionKind;
  readonly family?: UnitFamily;
  /** Where the number of a quantity ends and its unit begins: of a test, these are two attributes. */
  readonly numberEnd?: number;
  readonly unitStart?: number;
  /** Of a result: see reference-ranges.ts. */
  readonly flag?: ResultFlag;
  readonly reference?: ReferenceRange;
  /** A quantity per volume or per item, or a pair ("24/26 mg"): the product's strength. */
  readonly isStrength?: boolean;
  /** A duration without "for" or "x": counts only right after other attributes of a medicine. */
  readonly isBare?: boolean;
  readonly asNeeded?: boolean;
  /** Half of a pair that two tests share ("Na/K 131/4.2"), or a cell below its heading: the owner is settled. */
  readonly ownerStart?: number;
}

const RANGE = String.raw`\s?(?:-|–|to|or)\s?`;
const COUNTED = String.raw`(?:(?:\d\s)?[13]\/[248]|${DIGITS}|${COUNT_WORD})`;
const COUNT = new RegExp(
  `${NUMBER_START}(${COUNTED})(?:\\s?\\((?:${DIGITS}|${COUNT_WORD})\\))?(?:${RANGE}(${COUNTED}))?[\\s-]?(${anyOf(COUNT_UNITS)})${WORD_END}`,
  'giu',
);
/** "five mg", "two units". */
const WORD_QUANTITY = new RegExp(`${WORD_START}(${COUNT_WORD})[\\s-](${MEASURE_UNIT})${WORD_END}(${PER_UNIT})?`, 'giu');
/** "ONE in the morning": a dose in words, if a frequency follows. */
const COUNT_WORD_ALONE = new RegExp(`${WORD_START}${COUNT_WORD}(?:${RANGE}${COUNT_WORD})?${WORD_END}`, 'giu');

const NUMERIC = String.raw`(?:\d{1,4},\d{1,2}(?!\d)|${DIGITS})`;
const SIGN = String.raw`(${COMPARATOR}|(?<=\s|^)[-−](?=\d))?`;
const QUANTITY = new RegExp(
  String.raw`${SIGN}${NUMBER_START}(${NUMERIC})(\s?\/\s?${NUMERIC}|\s?%?${RANGE}${NUMERIC}|(?:\s?(?:cm|mm)?\s?[x×]\s?${NUMERIC}){1,2})?([\s-]?)(${MEASURE_UNIT})${WORD_END}(${PER_UNIT})?(${PER_UNIT})?`,
  'giu',
);
/** A unit on its own: "(mg/dL)", "Glucose, mg/dL", a column between two gaps, or behind the flag ("3.1 (L) K/uL"). */
const UNIT_ALONE = new RegExp(
  `(?:(?<=[(\\[]|\uFFFC,\\s)(?![LCFKH][)\\]]|cc\\b)${MEASURE_UNIT}${WORD_END}(?:${PER_UNIT})?(?=[)\\]:|]|\\s\\d)` +
    `|(?<=[|\\t]\\s{0,12}|\\s{2})(?!L\\b)${MEASURE_UNIT}${WORD_END}(?:${PER_UNIT})?(?=\\s{2}|\\s{0,12}[|\\t(\\[]|\\s{0,3}$|\\s{0,3}\\n)` +
    `|(?<=\\([LHN]{1,2}\\)\\s)${MEASURE_UNIT}${WORD_END}(?:${PER_UNIT})?)`,
  'giu',
);

/** "PT 13.1 s", "6MWT 310 m": letters that are units behind a few tests only. */
const UNIT_LETTER = new RegExp(`(?<=\\d\\s?)(?:${Object.keys(rules.letterUnits).join('|')})(?![\\p{L}\\p{N}/])`, 'gu');

const PAIR = String.raw`(?:[+-]|'?s)?\/\s?${DIGITS}|\s(?:\/|to|over|out\sof)\s${DIGITS}|:${DIGITS}|(?:'?s)?\s?[-–]\s?${DIGITS}`;
const NUMBER = new RegExp(
  String.raw`${SIGN}${NUMBER_START}(${DIGITS})(${PAIR})?('?s|\+|st|nd|rd|th)?(?![\p{L}\p{N}]|[.,/:]\d|[-–]\p{L})`,
  'gu',
);
const SCORE = /(?<![\p{L}\p{N}.,/])(\d|10)(?:-\d{1,2})?(?:\/|\s?out of\s?)10(?![\p{N}/])/giu;
const RESULT = new RegExp(
  `(?<![\\p{L}\\p{N}+])(?:${anyOf(rules.resultDegrees)}\\s)?${anyOf(rules.results)}(?![\\p{L}\\p{N}+])(?<!\\+(?=\\s{1,3}[^\\s,.;)|]))(?!\\s${anyOf(rules.resultStop)}${WORD_END})`,
  'giu',
);
/** Blood groups, categories, the parts of the GCS and what pupils do. */
const CODED_RESULT =
  /(?<![\p{L}\p{N}])(?:\d{1,2}(?:-\d)?\/\d{2,3}%?\/[-+]\d|E[1-4]\s?V[1-5T]\s?M[1-6]|[1-9](?:-[1-9])?\s?mm,?\s(?:(?:equal and|equally|briskly|sluggishly|and) )?reactive(?: to light)?|(?:A|B|AB|O)\s?(?:\+|-|pos(?:itive)?|neg(?:ative)?|Rh\s?(?:pos|neg|\+|-))|BI-?RADS\s?[0-6][abc]?|PI-?RADS\s?[1-5]|LI-?RADS\s?[1-5]|TI-?RADS\s?[1-5])(?![\p{L}\p{N}+])/gu;
const GRADE = String.raw`(?:${anyOf(rules.resultGrades)}(?![\p{L}\p{N}]))`;

/** "protein ++", "nit+ leu++", "+THC": substances with their grades, at most four. */
const gradedPattern = (substances: readonly string[]): string => {
  const one = `(?:${anyOf(substances)}\\s?${GRADE}|${anyOf(rules.resultGradesBefore)}\\s?${anyOf(substances)})`;
  return `${one}(?:\\s${one}){0,3}`;
};

/** Results that a few tests have: words, a pattern, substances with a grade, organisms by genus and species. */
export interface LetterResults {
  readonly tests: readonly string[];
  readonly results?: readonly string[];
  readonly pattern?: string;
  readonly graded?: readonly string[];
  readonly isOrganism?: boolean;
}

export const LETTER_RESULTS: readonly LetterResults[] = rules.letterResults;

/** "E. coli", "Staph aureus", "ESBL E. coli". */
const ORGANISM = `(?:ESBL )?\\p{Lu}\\p{Ll}{0,14}\\.?\\s?${anyOf(sentenceRules.species)}`;

/** What may be a result of the tests of one entry. */
export function letterPattern({ results = [], pattern, graded, isOrganism }: LetterResults): string {
  const parts = [
    ...(isOrganism === true ? [ORGANISM] : []),
    ...(graded ? [gradedPattern(graded)] : []),
    ...(pattern === undefined ? [] : [pattern]),
    ...(results.length === 0 ? [] : [anyOf(results)]),
  ];
  return `(?:${parts.join('|')})`;
}

const LETTER_RESULT = new RegExp(
  `(?<![\\p{L}\\p{N}.+-])(?:${LETTER_RESULTS.map(letterPattern).join('|')})(?![\\p{L}\\p{N}+-])`,
  'gu',
);
/** Titres ("1:80") are results; other pairs with a colon are times of the day. */
const CLOCK =
  /(?<![\p{L}\p{N}.,:/])(?!1:[1-9]0(?!\d)|(?<=\uFFFC\s?)1:(?:16|32)(?!\d))(?:[01]?\d|2[0-3])[:][0-5]\d(?::[0-5]\d)?(?![\p{L}\p{N}:/])/gu;
const SKIPPED = [
  new RegExp(`${WORD_START}${anyOf(rules.clockOrRank)}(?:\\s?\\d{1,3}[a-d]?|\\s[IVX]{1,4}[a-c]?)${WORD_END}`, 'giu'),
  /(?<![\p{L}\p{N}])\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm|a\.m\.|p\.m\.|o'clock|hrs(?!\/))(?![\p{L}\p{N}])/giu,
  /(?<![\p{L}\p{N}])(?:at|@)\s?[0-2]\d[0-5]\d(?![\p{L}\p{N}/]|\.\d)/giu,
  /(?<![\p{L}\p{N}])at\s\d{1,2}(?:,\s?\d{1,2}){0,2}(?:,?\s(?:and|&)\s\d{1,2})?\s?(?:min(?:ute)?s?|h(?:ou)?rs?|h|days|weeks|wks|months)(?![\p{L}\p{N}])/giu,
  /(?<![\p{L}\p{N}.,/])[1-4]\d\s?\+\s?\d(?:\/40)?(?![\p{L}\p{N}/])/gu,
  /(?<![\p{L}\p{N}.,/])(?!20)[1-4]\d\s?\/\s?40(?![\p{L}\p{N}/])/gu,
  /(?<=^\s{0,40})\d{1,3}[.)](?=\s)/gu,
  // What is normal is no result: "(normal 0-20 mm/h)", "reference range 3.5 to 5.0".
  /(?:\b(?:normal|reference|ref)\s(?:range|values?|levels?|limits?|interval)|[([](?:normal|reference|ref|nl))[\s:,.=]{1,3}[<>≤≥]?\d[^()[\];]{0,30}/giu,
  /\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,4}\](?!\()/gu,
  // A change since the last time: "(up 1.2)", "(+2.5)", "(-3 kg)".
  /(?<=\()\s?(?:(?:up|down)\s(?:by\s)?|[+−-])\d{1,4}(?:\.\d{1,3})?(?!\d)(?!\sfrom)[^()\n]{0,12}(?=\))/giu,
];

interface Numbers {
  readonly value?: number;
  readonly high?: number;
  readonly second?: number;
  readonly comparator?: Comparator;
}

const SEPARATED = new RegExp(`[^\\d.½¼¾]*(${NUMERIC})$`, 'u');

/** The numbers of "<5", "35-40", "150/90" and "3 x 4": a range has an upper end, a pair a second number. */
function readNumbers(sign: string, digits: string, rest: string | undefined): Numbers {
  const first = parseNumber(digits);
  if (first === undefined) return {};
  const value = rounded(/[-−]/.test(sign) ? -first : first);
  const comparator = comparatorOf(sign);
  const second = rest === undefined ? undefined : parseNumber(SEPARATED.exec(rest)?.[1] ?? '');
  const isRange = rest !== undefined && !/[/:x×]/.test(rest);
  return {
    value,
    ...(second === undefined ? {} : { [isRange ? 'high' : 'second']: rounded(second) }),
    ...(comparator === undefined ? {} : { comparator }),
  };
}

/** "274 / 431 microns" is two results of one unit. */
function splitQuantity(text: string, match: RegExpExecArray): AttributeMention[] {
  const [, sign = '', digits = '', second = ''] = match;
  const quantity = readQuantity(text, match);
  if (!quantity || !/^\s\/\s/.test(second)) return quantity ? [quantity] : [];
  const middle = match.index + sign.length + digits.length;
  const value = parseNumber(second.replace(/[\s/]/g, ''));
  const { kind, end, numberEnd, unitStart, family, unit } = quantity;
  const tail = readResultTail(text, end);
  return [
    { kind: 'number', start: match.index, end: middle, ...readNumbers(sign, digits, undefined) },
    { kind, start: middle + 3, end, numberEnd, unitStart, family, ...withValue(value, unit), ...tail },
  ];
}

/** "500 mg/5 mL" is 100 mg/mL. */
function scaledBy(numbers: Numbers, denominators: readonly Denominator[]): Numbers {
  const amount = denominators.reduce((product, each) => product * each.amount, 1);
  if (amount === 1 || numbers.value === undefined) return numbers;
  const high = numbers.high === undefined ? {} : { high: rounded(numbers.high / amount) };
  return { ...numbers, value: rounded(numbers.value / amount), ...high };
}

/** Per millilitre, per tablet, per 24 hours of a patch; what is given per hour or per kilogram is a dose. */
const isPerProduct = ({ unit, isCounted }: Denominator): boolean =>
  !rules.doseDenominators.includes(unit) || (isCounted && unit === 'd');

type Quantity = AttributeMention & Required<Pick<AttributeMention, 'family' | 'numberEnd' | 'unitStart' | 'unit'>>;

/** "5 k" without a denominator; "146/92 L arm" is no volume. */
const isNoUnit = (spelling: string, second: string, denominators: readonly Denominator[]): boolean =>
  (denominators.length === 0 && rules.notAlone.includes(spelling)) || (spelling === 'L' && second.includes('/'));

function readQuantity(text: string, match: RegExpExecArray): Quantity | null {
  const [whole, sign = '', digits = '', second = '', gap = '', spelling = '', ...per] = match;
  const base = lookUpUnit(spelling);
  const denominators = denominatorsOf(per);
  if (!base || isNoUnit(spelling, second, denominators)) return null;
  const end = match.index + whole.length;
  const numberEnd = match.index + sign.length + digits.length + second.length;
  return {
    ...{ kind: 'quantity', start: match.index, end, numberEnd, unitStart: numberEnd + gap.length },
    family: base.family,
    isStrength: base.family === 'percent' || denominators.some(isPerProduct) || second.includes('/'),
    ...scaledBy(readNumbers(sign, digits, second === '' ? undefined : second), denominators),
    unit: [base.unit, ...denominators.map(({ unit }) => unit)].join('/'),
    ...readResultTail(text, end),
  };
}

function readCount(match: RegExpExecArray): AttributeMention {
  const [whole, first = '', second, spelling = ''] = match;
  const unit = lookUpUnit(spelling)?.unit;
  const high = second === undefined ? undefined : parseNumber(second);
  return {
    kind: 'quantity',
    family: 'count',
    ...spanOf(match.index, whole),
    ...amountOf(parseNumber(first), high, unit),
  };
}

/** "612 / 164" is two results; "150/90" is one; "112 > 98" is a fall, not a bound. */
function readNumber(text: string, match: RegExpExecArray): AttributeMention[] {
  const [whole, written = '', digits = '', second] = match;
  const end = match.index + whole.length;
  const isFall = /^>\s$/.test(written) && /\d\s$/.test(text.slice(Math.max(0, match.index - 2), match.index));
  const sign = isFall ? '' : written;
  const start = match.index + written.length - sign.length;
  const tail = readResultTail(text, end);
  if (second === undefined || !/^\s\/\s/.test(second)) {
    return [{ kind: 'number', start, end, ...readNumbers(sign, digits, second), ...tail }];
  }
  const middle = match.index + written.length + digits.length;
  const last = withValue(parseNumber(text.slice(middle + 3, end)), undefined);
  return [
    { kind: 'number', start, end: middle, ...readNumbers(sign, digits, undefined) },
    { kind: 'number', start: middle + 3, end, ...last, ...tail },
  ];
}

/** 5'6" in inches. */
const FEET = /(?<![\p{L}\p{N}.,/])([3-7])\s?(?:'|’|ft)\s?(\d|1[01])\s?(?:"|”|''|in(?:ches)?\b)?(?![\p{N}/])/giu;

function findDigital(text: string): AttributeMention[] {
  return [
    ...[...text.matchAll(FEET)].map((match): AttributeMention => {
      const inches = Number(match[1]) * 12 + Number(match[2]);
      return { kind: 'number', ...spanOf(match.index, match[0]), ...withValue(inches, '[in_i]') };
    }),
    // First: of two mentions with the same span the earlier one is kept.
    ...[...text.matchAll(CLOCK)].map((match): AttributeMention => {
      return { kind: 'skipped', ...spanOf(match.index, match[0]) };
    }),
    ...[...text.matchAll(SCORE)].map((match): AttributeMention => {
      return { kind: 'score', ...spanOf(match.index, match[0]), ...withValue(Number(match[1]), '/10') };
    }),
    ...[...text.matchAll(NUMBER)].flatMap((match) => readNumber(text, match)),
    // In a table "128<tab>L" is a low result.
    ...[...text.matchAll(QUANTITY)].flatMap((match) => (/\tL$/.test(match[0]) ? [] : splitQuantity(text, match))),
  ];
}

/** A range is no result of its own, and neither is the flag: both hang on the result before them. */
function readWordQuantity(match: RegExpExecArray): AttributeMention[] {
  const [whole, word = '', spelling = '', per] = match;
  const base = lookUpUnit(spelling);
  if (!base || (base.family !== 'mass' && base.family !== 'volume')) return [];
  const unit = [base.unit, ...denominatorsOf([per]).map((each) => each.unit)].join('/');
  return [
    { kind: 'quantity', family: base.family, ...spanOf(match.index, whole), ...withValue(parseNumber(word), unit) },
  ];
}

const rangesOf = (mentions: readonly AttributeMention[]): AttributeMention[] =>
  mentions.flatMap(({ reference }) =>
    reference ? [{ kind: 'skipped', start: reference.start, end: reference.end }] : [],
  );

/** All amounts, results and look-alikes of `text`, in no order; overlaps are the caller's to resolve. */
export function findMeasurements(text: string): AttributeMention[] {
  const digital = /\d/.test(text) ? findDigital(text) : [];
  const plain = (kind: MentionKind, regex: RegExp): AttributeMention[] =>
    [...text.matchAll(regex)].map((match) => ({ kind, ...spanOf(match.index, match[0]) }));
  return [
    ...rangesOf(digital),
    ...SKIPPED.flatMap((regex) => plain('skipped', regex)),
    ...digital,
    ...[...text.matchAll(COUNT)].map(readCount),
    ...[...text.matchAll(WORD_QUANTITY)].flatMap(readWordQuantity),
    ...[...text.matchAll(UNIT_ALONE)].flatMap((match): AttributeMention[] => {
      const unit = normalizeUnit(match[0]);
      return unit === undefined ? [] : [{ kind: 'unit', ...spanOf(match.index, match[0]), unit }];
    }),
    ...[...text.matchAll(UNIT_LETTER)].map((match): AttributeMention => {
      return { kind: 'unit', ...spanOf(match.index, match[0]), unit: match[0] };
    }),
    ...plain('result', CODED_RESULT),
    ...plain('result', LETTER_RESULT),
    ...plain('result', RESULT),
  ];
}

/** Counts in words, for medicines only: "ONE in the morning and TWO at night". */
export const findCountWords = (text: string): AttributeMention[] =>
  [...text.matchAll(COUNT_WORD_ALONE)].map((match) => {
    const [first = '', second] = match[0].split(/-|–|\sto\s|\sor\s/iu);
    const high = second === undefined ? undefined : parseNumber(second);
    return { kind: 'number', ...spanOf(match.index, match[0]), ...amountOf(parseNumber(first), high, undefined) };
  });
