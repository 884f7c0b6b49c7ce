/**
 * What stands behind a result without being one: its flag ("(L)", "H", "*") and its reference range ("(3.5-5.0)",
 * "ref 4-11", a column of its own). The flag that the note prints wins over the one computed from the range.
 */
import type { Comparator, ReferenceRange, ResultFlag } from './document';
import rules from './rules/attributes-measurement.json';
import { anyOf, COMPARATOR, MEASURE_UNIT, parseNumber, PER_UNIT, WORD_END } from './units';

export interface ResultTail {
  readonly flag?: ResultFlag;
  readonly reference?: ReferenceRange;
}

const FLAGS = new Map<string, ResultFlag>(
  Object.entries(rules.flags).flatMap(([flag, words]) =>
    words.map((word): [string, ResultFlag] => [word, flag as ResultFlag]),
  ),
);
const BARE_FLAGS = Object.values(rules.flagLetters).flat();
const FLAG_LETTERS = new Map<string, ResultFlag>(
  Object.entries(rules.flagLetters).flatMap(([flag, letters]) =>
    letters.map((letter): [string, ResultFlag] => [letter, flag as ResultFlag]),
  ),
);
const BRACKETED_FLAG = new RegExp(`[(\\[]\\s?(${anyOf([...FLAGS.keys()])})\\s?[*!]{0,2}\\s?[)\\]]`, 'iuy');
/** "131 L", "14.2 H [4-11]", "5.9*"; not "R 16 L 58" nor "146/92 L arm", where L is a side. */
const BARE_FLAG = new RegExp(
  `(${anyOf(BARE_FLAGS)})\\*{0,2}(?=$|[\\s,;.)|(\\[])(?! \\d| ${anyOf(rules.sidedParts)}${WORD_END})`,
  'uy',
);
const SEPARATOR = /[ \t]{0,16}(?:\|[ \t]{0,16})?/y;
const NUMERIC = String.raw`\d{1,6}(?:[.,]\d{1,4})?`;
const RANGE = String.raw`(${COMPARATOR})?(${NUMERIC})(?:\s?(?:-|–|to)\s?(${NUMERIC}))?`;
const UNIT = String.raw`(?:\s?${MEASURE_UNIT}${WORD_END}(?:${PER_UNIT}){0,2})?`;
const WORDS = String.raw`(?:${anyOf(rules.referenceWords)}[\s:.=]{0,3})`;
const BRACKETED_RANGE = new RegExp(`[(\\[]\\s?${WORDS}{0,2}${RANGE}${UNIT}\\s?[)\\]]`, 'iuy');
const WORDED_RANGE = new RegExp(`${WORDS}{1,2}${RANGE}${UNIT}${WORD_END}`, 'iuy');
const COLUMN_RANGE = new RegExp(`${RANGE}(?=${UNIT}\\s{0,16}(?:$|\\n|\\||\\s{2}))`, 'iuy');
const UNIT_CELL = new RegExp(`${MEASURE_UNIT}${WORD_END}(?:${PER_UNIT}){0,2}`, 'iuy');

function matchAt(regex: RegExp, text: string, position: number): RegExpExecArray | null {
  regex.lastIndex = position;
  return regex.exec(text);
}

function readRange(match: RegExpExecArray, position: number): ReferenceRange | null {
  const [whole, sign, first = '', second] = match;
  const span = { start: position, end: position + whole.length };
  const value = parseNumber(first);
  if (value === undefined) return null;
  if (second !== undefined) {
    const high = parseNumber(second);
    return high === undefined || high <= value ? null : { ...span, low: value, high };
  }
  if (sign === undefined) return null;
  return /^[<≤]/.test(sign) ? { ...span, high: value } : { ...span, low: value };
}

/** Brackets and words announce a range anywhere; without them it must fill a column. */
function rangeAt(text: string, position: number, isColumn: boolean): ReferenceRange | null {
  const match =
    matchAt(BRACKETED_RANGE, text, position) ??
    matchAt(WORDED_RANGE, text, position) ??
    (isColumn ? matchAt(COLUMN_RANGE, text, position) : null);
  return match && readRange(match, position);
}

function flagAt(text: string, position: number): { flag: ResultFlag; length: number } | null {
  const bracketed = matchAt(BRACKETED_FLAG, text, position);
  const match = bracketed ?? matchAt(BARE_FLAG, text, position);
  const flag = bracketed ? FLAGS.get(bracketed[1]!.toLowerCase()) : FLAG_LETTERS.get(match?.[1] ?? '');
  return match && flag ? { flag, length: match[0].length } : null;
}

interface TailPart extends ResultTail {
  readonly end: number;
}

/** One flag, range or unit column behind `position`; null where none of these follows. */
function tailPartAt(text: string, position: number, mayFlag: boolean): TailPart | null {
  const separator = matchAt(SEPARATOR, text, position)?.[0] ?? '';
  const at = position + separator.length;
  const found = mayFlag ? flagAt(text, at) : null;
  if (found) return { flag: found.flag, end: at + found.length };
  const reference = rangeAt(text, at, /\||\t|\s{2}/.test(separator));
  if (reference) return { reference, end: reference.end };
  const isUnitCell = separator.length > 1 || (!mayFlag && separator !== '') || separator === '\t';
  const unit = isUnitCell ? matchAt(UNIT_CELL, text, at) : null;
  return unit && { end: at + unit[0].length };
}

/** Reads flags, unit columns and a range behind the result that ends at `end`, each at most once. */
export function readResultTail(text: string, end: number): ResultTail {
  let tail: ResultTail = {};
  let position = end;
  for (let part = 0; part < 4 && !tail.reference; part++) {
    const found = tailPartAt(text, position, tail.flag === undefined);
    if (!found) break;
    const { end: next, ...read } = found;
    tail = { ...tail, ...read };
    position = next;
  }
  return tail;
}

interface Bounds {
  readonly lowest: number;
  readonly highest: number;
}

/** All that "<5", ">60" and "131" may be. */
function boundsOf(value: number, comparator: Comparator | undefined): Bounds {
  if (comparator === '~') return { lowest: -Infinity, highest: Infinity };
  // An open bound lies just beyond its number.
  const beyond = comparator === '<' || comparator === '>' ? 1e-9 : 0;
  if (comparator?.startsWith('<')) return { lowest: -Infinity, highest: value - beyond };
  if (comparator?.startsWith('>')) return { lowest: value + beyond, highest: Infinity };
  return { lowest: value, highest: value };
}

/** Where a value with its comparator surely lies; "<5" against 4-11 may be either and stays unknown. */
export function flagFromRange(
  value: number,
  comparator: Comparator | undefined,
  { low, high }: ReferenceRange,
): ResultFlag | undefined {
  const { lowest, highest } = boundsOf(value, comparator);
  if (low !== undefined && highest < low) return 'low';
  if (high !== undefined && lowest > high) return 'high';
  const isNormal = (low === undefined || lowest >= low) && (high === undefined || highest <= high);
  return isNormal ? 'normal' : undefined;
}
