/**
 * Numbers and what belongs to them, in one spelling: "BID" = "twice a day", "40mg" = "40 milligrams", "67 yo" = "67-year-old".
 * Two quantities are the same fact if they share a key.
 */
import { timeUnitOf } from './abbreviations';
import { indexForms, isHyphen, matchPhrase, type Token } from './glossary-tokens';
import instructionRules from './rules/instructions.json';
import unitRules from './rules/verification-units.json';

export type QuantityKind = 'number' | 'dose' | 'date' | 'instruction';

export interface Quantity {
  readonly kind: QuantityKind;
  /** More than one only where the writing is ambiguous: "3 Dec" is 3/12 and 12/3. */
  readonly keys: readonly string[];
  /** What is the same if only the unit differs. */
  readonly value: string;
}

/** A quantity and the token where it begins; the upper end of a range lies half a token behind the lower. */
export interface PlacedQuantity extends Quantity {
  readonly at: number;
}

interface Read {
  readonly quantities: readonly Quantity[];
  /** Tokens read. */
  readonly length: number;
}

/** A shape of writing over token keys joined by single spaces, and what it says; null where it says nothing after all. */
interface Shape {
  readonly pattern: RegExp;
  readonly read: (parts: readonly (string | undefined)[], written: string) => Quantity | null;
}

const UNITS = indexForms(
  Object.entries(unitRules.units).flatMap(([unit, forms]) => forms.map((form): [string, string] => [form, unit])),
);
const DOSE_UNITS = new Set(unitRules.doseUnits);
const NUMBER_WORDS = new Map<string, number>(Object.entries(unitRules.numberWords));
const TIMES_WORDS = new Map<string, number>(Object.entries(unitRules.timesWords));
const MONTHS = new Map<string, number>(Object.entries(unitRules.months));
/** "67 yo", "67 female". */
const AGE = indexForms(
  [...instructionRules.age, ...unitRules.ageBySex].map((form): [string, string] => [form, 'year']),
);
const INSTRUCTIONS = indexForms(
  instructionRules.instructions.flatMap(({ fact, plain, forms, sigForms, readings }) =>
    [plain, ...forms, ...sigForms, ...readings].map((form): [string, string] => [form, fact]),
  ),
);
const PERIODS = new Map([
  ['hour', 'h'],
  ['day', 'd'],
  ['daily', 'd'],
  ['week', 'w'],
  ['weekly', 'w'],
  ['month', 'mo'],
  ['monthly', 'mo'],
  ['year', 'y'],
]);

const THOUSANDS = /^\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?$/;

/** "1,200" -> "1200", "2.50" -> "2.5", "0,5" -> "0.5"; what is no number stays as written. */
function numberValue(text: string): string {
  const word = TIMES_WORDS.get(text) ?? NUMBER_WORDS.get(text);
  if (word !== undefined) return String(word);
  const plain = THOUSANDS.test(text) ? text.replaceAll(',', '') : text.replace(',', '.');
  const value = Number(plain);
  return Number.isFinite(value) && plain.length <= 15 ? String(value) : text;
}

function fullYear(year: string): string {
  if (year.length > 2) return year;
  return `${Number(year) > 40 ? '19' : '20'}${year.padStart(2, '0')}`;
}

function quantity(kind: QuantityKind, ...keys: string[]): Quantity {
  return { kind, keys, value: keys[0]! };
}

function measured(value: string, unit: string): Quantity {
  const isYear = unit === '' && /^(?:19|20)\d\d$/.test(value);
  const kind = isYear ? 'date' : DOSE_UNITS.has(unit) ? 'dose' : 'number';
  return { kind, keys: [`${value} ${unit}`], value };
}

/** The order of the parts is part of the fact: 12/03 is not 03/12. */
function numericDate(a: string, b: string, c: string): Quantity {
  const [x, y, z] = [a, b, c].map((part) => String(Number(part))) as [string, string, string];
  return quantity('date', a.length === 4 ? `${y}/${z}/${a}` : `${x}/${y}/${fullYear(c.length <= 2 ? z : c)}`);
}

function namedDate(monthWord: string, day: string | undefined, year: string | undefined): Quantity {
  const month = String(MONTHS.get(monthWord));
  const end = year === undefined ? '' : `/${year}`;
  if (day === undefined) return quantity('date', `m${month}${end}`);
  const date = String(Number(day));
  return quantity('date', `${month}/${date}${end}`, `${date}/${month}${end}`);
}

function ratio(top: string, bottom: string): Quantity {
  const [a, b] = [numberValue(top), numberValue(bottom)];
  const isMonth = b.length === 4 && Number(a) <= 12;
  return isMonth ? quantity('date', `m${a}/${b}`) : quantity('number', `${a}/${b}`);
}

function clock(hour: string, minute: string, half: string | undefined): Quantity {
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half === 'p' ? 12 : 0);
  return quantity('number', `clock ${hours}:${minute}`);
}

/** Every so many hours that divide a day is so many times a day. */
function interval(low: string, high: string, unitWord: string): Quantity | null {
  const unit = timeUnitOf(unitWord);
  if (unit === undefined) return null;
  const [count, period] = [Number(low), PERIODS.get(unit) ?? unit];
  if (low !== high) return quantity('instruction', `interval:${low}-${high} ${period}`);
  if (period === 'h' && 24 % count === 0) return quantity('instruction', `frequency:${24 / count}/d`);
  if (period === 'd' && count <= 2) return quantity('instruction', `frequency:${1 / count}/d`);
  return quantity('instruction', count === 1 ? `frequency:1/${period}` : `interval:${low} ${period}`);
}

function times(count: string, periodWord: string): Quantity | null {
  const period = PERIODS.get(timeUnitOf(periodWord) ?? periodWord);
  return period === undefined ? null : quantity('instruction', `frequency:${numberValue(count)}/${period}`);
}

/** "x3d", "x3 days"; "x3" alone is three times. */
function gluedTimes(count: string, own: string, after: string | undefined): Quantity | null {
  const unit = timeUnitOf(own === '' ? (after ?? '') : own);
  if (own !== '' && unit === undefined) return null;
  return after !== undefined && unit === undefined ? null : measured(numberValue(count), unit ?? 'times');
}

const MONTH = [...MONTHS.keys()].join('|');
const COUNT = `\\d{1,3}(?:\\.\\d{1,2})?|${[...NUMBER_WORDS.keys()].join('|')}`;
const ORDINAL = '(?: (?:st|nd|rd|th))?';
const END = '(?= |$)';

function shape(pattern: string, read: Shape['read']): Shape {
  return { pattern: new RegExp(`^${pattern}${END}`), read };
}

/** Tried in this order. Every pattern is anchored and its repeats bounded. */
const SHAPES: readonly Shape[] = [
  shape('(\\d{1,4}) [/-] (\\d{1,2}) [/-] (\\d{2,4})', ([, a, b, c]) => numericDate(a!, b!, c!)),
  shape('(\\d{1,2})\\.(\\d{1,2})\\.(\\d{2,4})', ([, a, b, c]) => numericDate(a!, b!, c!)),
  shape(`(\\d{1,2})${ORDINAL}(?: of)? (${MONTH})(?:(?: ,| of)? (\\d{4}))?`, ([, day, month, year]) =>
    namedDate(month!, day, year),
  ),
  shape(`(${MONTH})(?: \\.)? (\\d{1,2})${ORDINAL}(?:(?: ,| of)? (\\d{4}))?`, ([, month, day, year]) =>
    namedDate(month!, day, year),
  ),
  shape(`(${MONTH})(?: \\.)?(?: ,| of)? (\\d{4})`, ([, month, year]) => namedDate(month!, undefined, year)),
  // "may" and "march" in small letters are no months by themselves.
  shape(`(${MONTH})`, ([, month], written) =>
    written === month || month === 'may' ? null : namedDate(month!, undefined, undefined),
  ),
  shape("['’] (\\d\\d)", ([, year]) => measured(fullYear(year!), '')),
  shape('(\\d{1,2}) : (\\d\\d)(?: ([ap])(?: \\. )?m)?', ([, hour, minute, half]) => clock(hour!, minute!, half)),
  shape('(\\d{1,2}) ([ap])(?: \\. )?m', ([, hour, half]) => clock(hour!, '00', half)),
  shape(`(?:q ?|every )(${COUNT})(?: (?:- |to )?(${COUNT}))? ?([a-z]{1,7})`, ([, low, high, unit]) =>
    interval(numberValue(low!), numberValue(high ?? low!), unit!),
  ),
  shape(`(${COUNT}) hourly`, ([, count]) => interval(numberValue(count!), numberValue(count!), 'hour')),
  shape(`(${COUNT}|one) (?:times?|x) (?:(?:a|per|each|every|/) )?([a-z]{1,7})`, ([, count, period]) =>
    times(count!, period!),
  ),
  shape('(once|twice|thrice) (?:(?:a|per|each|every|/) )?([a-z]{1,7})', ([, count, period]) => times(count!, period!)),
  shape('[x×](\\d{1,3})([a-z]{0,7}) ([a-z]{1,7})', ([, count, own, after]) =>
    own === '' ? gluedTimes(count!, '', after) : null,
  ),
  shape('[x×](\\d{1,3})([a-z]{0,7})', ([, count, own]) => gluedTimes(count!, own!, undefined)),
  shape('(\\d[\\d.,]{0,12}) (?:/|over|out of) (\\d[\\d.,]{0,12})(?: mmhg| mm hg)?', ([, top, bottom]) =>
    ratio(top!, bottom!),
  ),
];

/** Tokens before which an age may stand: "Pt is a 67 F". */
const LATEST_AGE = 4;

/** No shape spans more tokens. */
const WINDOW = 10;

/** "24/26 mg": the unit of a pair of strengths is part of it; the "mmHg" of a blood pressure is not. */
function withDoseUnit(found: Quantity, tokens: readonly Token[], [at, length]: readonly [number, number]): Read {
  const isPair = found.kind === 'number' && found.value.includes('/');
  const { unit, next } = isPair ? unitAt(tokens, at + length) : { unit: '', next: at + length };
  if (!DOSE_UNITS.has(unit)) return { quantities: [found], length };
  return { quantities: [{ ...found, kind: 'dose', keys: [`${found.value} ${unit}`] }], length: next - at };
}

function readShape(tokens: readonly Token[], at: number): Read | null {
  const window = tokens
    .slice(at, at + WINDOW)
    .map((token) => (isHyphen(token) ? '-' : token.key))
    .join(' ');
  for (const { pattern, read } of SHAPES) {
    const match = pattern.exec(window);
    const found = match === null ? null : read(match, tokens[at]!.text);
    if (match !== null && found !== null) return withDoseUnit(found, tokens, [at, match[0].split(' ').length]);
  }
  return null;
}

function readInstruction(tokens: readonly Token[], at: number): Read | null {
  const match = matchPhrase(INSTRUCTIONS, tokens, at);
  return match === null ? null : { quantities: [quantity('instruction', match.value)], length: match.length };
}

function valueAt(tokens: readonly Token[], at: number): string | null {
  const token = tokens[at];
  if (token?.kind === 'number') return numberValue(token.text);
  const word = NUMBER_WORDS.get(token?.key ?? '');
  return word === undefined ? null : String(word);
}

/** A minus, not a dash: it touches its number and nothing before it. */
function signBefore(tokens: readonly Token[], at: number): string {
  const hyphen = tokens[at - 1];
  const isMinus = isHyphen(hyphen) && tokens[at]!.glued && (!hyphen!.glued || tokens[at - 2]?.text === '(');
  return isMinus ? '-' : '';
}

interface UnitRead {
  readonly unit: string;
  readonly next: number;
}

/** "39.4 x 2 days": the x belongs to what follows. */
function isTimes(tokens: readonly Token[], at: number): boolean {
  const [key, next] = [tokens[at]?.key, tokens[at + 1]];
  return (key === 'x' || key === '×') && next?.kind === 'number';
}

/** The "w" of "w/" and "w/o" is no week. */
function isWith(tokens: readonly Token[], at: number): boolean {
  return tokens[at]?.key === 'w' && tokens[at + 1]?.text === '/';
}

function singleUnit(tokens: readonly Token[], at: number): UnitRead | null {
  if (isTimes(tokens, at)) return null;
  const match = matchPhrase(AGE, tokens, at) ?? matchPhrase(UNITS, tokens, at);
  if (match !== null) return { unit: match.value, next: at + match.length };
  const time = isWith(tokens, at) ? undefined : timeUnitOf(tokens[at]?.key ?? '');
  return time === undefined ? null : { unit: time, next: at + 1 };
}

/** "mg", "mg/dL", "mg per kg"; a rate over time stays a frequency of its own. */
function unitAt(tokens: readonly Token[], at: number): UnitRead {
  const unit = singleUnit(tokens, at);
  if (unit === null) return { unit: '', next: at };
  const link = tokens[unit.next];
  const below = link?.text === '/' || link?.key === 'per' ? matchPhrase(UNITS, tokens, unit.next + 1) : null;
  if (below === null) return unit;
  return { unit: `${unit.unit}/${below.value}`, next: unit.next + 1 + below.length };
}

export function isNumberWord(key: string): boolean {
  return NUMBER_WORDS.has(key);
}

/** The other end of a range or change: "1-2", "4 to 6", "20 -> 40". */
function rangeEnd(tokens: readonly Token[], at: number): number | null {
  if (isHyphen(tokens[at]) && tokens[at + 1]?.text === '>') return valueAt(tokens, at + 2) === null ? null : at + 2;
  const isTo = isHyphen(tokens[at]) || tokens[at]?.key === 'to';
  return isTo && valueAt(tokens, at + 1) !== null ? at + 1 : null;
}

/** "E45", "C4", "B12": a name with a number in it is kept as it is. */
function readCode(tokens: readonly Token[], at: number): Read | null {
  const token = tokens[at];
  return token?.kind === 'word' && /\d/.test(token.key)
    ? { quantities: [quantity('number', token.key)], length: 1 }
    : null;
}

/** "83 f", "71F", "26 m" at the head of a sentence is an age rather than degrees or meters: it answers for both. */
function ageKeys(value: string, tokens: readonly Token[], at: number): string[] {
  const isSex = ['m', 'f'].includes(tokens[at + 1]?.key ?? '') && /^\d{1,3}$/.test(value) && Number(value) <= 110;
  return isSex && at <= LATEST_AGE ? [`${value} year`] : [];
}

function readMeasured(tokens: readonly Token[], at: number): Read | null {
  const value = valueAt(tokens, at);
  if (value === null) return null;
  const end = rangeEnd(tokens, at + 1);
  const { unit, next } = unitAt(tokens, (end ?? at) + 1);
  const amount = measured(signBefore(tokens, at) + value, unit);
  const first = { ...amount, keys: [...amount.keys, ...ageKeys(value, tokens, at)] };
  const quantities = end === null ? [first] : [first, measured(valueAt(tokens, end)!, unit)];
  return { quantities, length: next - at };
}

const READERS = [readShape, readInstruction, readCode, readMeasured];

function readAt(tokens: readonly Token[], at: number): Read | null {
  for (const reader of READERS) {
    const read = reader(tokens, at);
    if (read !== null) return read;
  }
  return null;
}

/** @param isTaken tokens that belong to a name ("type 2 diabetes", "vitamin B12") and are no amounts. */
export function readQuantities(tokens: readonly Token[], isTaken: readonly boolean[]): PlacedQuantity[] {
  const quantities: PlacedQuantity[] = [];
  for (let at = 0; at < tokens.length;) {
    const read = isTaken[at] === true ? null : readAt(tokens, at);
    if (read !== null) quantities.push(...read.quantities.map((item, index) => ({ ...item, at: at + index / 2 })));
    at += read?.length ?? 1;
  }
  return quantities;
}

/** Tokens of the route or timing that begins here: the mouth of "by mouth" is no body part. */
export function instructionLength(tokens: readonly Token[], at: number): number {
  return matchPhrase(INSTRUCTIONS, tokens, at)?.length ?? 0;
}
