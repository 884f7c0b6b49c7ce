/**
 * Abbreviations and shorthand: what they stand for, and what charting shorthand, sigs and time units say in words.
 * Shorthand is rules/abbreviations.json, sigs are rules/instructions.json; ambiguous abbreviations are the inventory of
 * senses, the others are glossary entries.
 */
import type { Abbreviation, Document, Entity, Span } from './document';
import { findTerms, type Form, type Glossary } from './glossary';
import { stem } from './glossary-inflection';
import { indexForms, isHyphen, matchPhrase, tokenize, type Token } from './glossary-tokens';
import shorthandRules from './rules/abbreviations.json';
import instructionRules from './rules/instructions.json';
import { rankSenses } from './senses';

/** Below it an abbreviation is left as it stands. */
export const CONFIDENT_SENSE = 0.6;
/** An abbreviation of which only one sense is known may still be another one. */
const ONLY_SENSE = 0.95;
/** Less likely senses are not worth a reader's time. */
const SHOWN_ALTERNATIVE = 0.05;

/** A place in a text. */
export interface Site {
  readonly text: string;
  readonly span: Span;
}

const wordStems = (phrase: string): string =>
  tokenize(phrase)
    .map(({ key }) => stem(key))
    .join(' ');

function longForm(form: Form): string {
  return form.entry.expansion ?? form.entry.plain;
}

/** The form of the glossary with this long form, in whatever number. */
export function formOf(long: string, forms: readonly Form[]): Form | undefined {
  const wanted = wordStems(long);
  return forms.find((form) => wordStems(longForm(form)) === wanted);
}

/** The glossary's form that an abbreviation means here; null where no sense, or one without an entry, is likely enough. */
export function chooseForm(forms: readonly Form[], { text, span }: Site, { senses }: Glossary): Form | null {
  const known = senses.get(text.slice(span.start, span.end));
  if (known === undefined) return forms[0] ?? null;
  const [best] = rankSenses(known, text, span);
  return best !== undefined && best.score >= CONFIDENT_SENSE ? (formOf(best.long, forms) ?? null) : null;
}

/** What a spelling of the inventory most likely stands for; undefined where it is a plain word or not in the inventory. */
export function senseAt({ text, span }: Site, { senses }: Glossary): Abbreviation | undefined {
  const written = text.slice(span.start, span.end);
  const known = senses.get(written);
  const [best, ...others] = known === undefined ? [] : rankSenses(known, text, span);
  if (best === undefined || best.long.toLowerCase() === written.toLowerCase()) return undefined;
  const alternatives = others
    .filter(({ score }) => score >= SHOWN_ALTERNATIVE)
    .map(({ long, score }) => ({ long, score }));
  return {
    long: best.long,
    score: best.score,
    ...(alternatives.length === 0 ? {} : { alternatives }),
    ...(best.evidence.length === 0 ? {} : { evidence: best.evidence }),
  };
}

/** An abbreviation that only the glossary knows has one sense. A variant may be the long form itself: "chest pain". */
function glossaryAbbreviation(entity: Entity, text: string, glossary: Glossary): Abbreviation | undefined {
  const [match] = findTerms({ text, tokens: tokenize(text, entity) }, glossary);
  if (match?.start !== entity.start || match.end !== entity.end) return undefined;
  const form = match.forms.find(({ entry }) => entry.kind === 'abbreviation');
  const long = form === undefined ? entity.text : longForm(form);
  return long.toLowerCase() === entity.text.toLowerCase() ? undefined : { long, score: ONLY_SENSE };
}

/** Entities that are abbreviations get their long form and how sure it is; an expansion already there stays. */
export function expandAbbreviations(document: Document, glossary: Glossary): Document {
  const { text } = document;
  const entities = document.entities.map((entity): Entity => {
    if (entity.abbreviation !== undefined) return entity;
    const isListed = glossary.senses.has(entity.text);
    const abbreviation = isListed
      ? senseAt({ text, span: entity }, glossary)
      : glossaryAbbreviation(entity, text, glossary);
    return abbreviation === undefined ? entity : { ...entity, abbreviation };
  });
  return { ...document, entities };
}

/** `length` tokens of shorthand and the words they stand for. */
export interface Wording {
  readonly length: number;
  readonly text: string;
}

interface Shorthand {
  readonly plain: string;
  readonly lowerOnly: boolean;
  readonly spaced: boolean;
  /** Words before which it is something else: "hep B/C". */
  readonly notAfter: readonly string[];
}

const SHORTHAND = indexForms(
  shorthandRules.shorthand.flatMap((rule) => {
    const shorthand = {
      plain: rule.plain,
      lowerOnly: rule.case === 'lower',
      spaced: rule.spaced === true,
      notAfter: rule.notAfter ?? [],
    };
    return rule.forms.map((form): [string, Shorthand] => [form, shorthand]);
  }),
);
const SIGS = indexForms(
  instructionRules.instructions.flatMap(({ forms, plain }) => forms.map((form): [string, string] => [form, plain])),
);
/** Sigs that are also words or other abbreviations ("AC", "OD", "IM"): read only beside a dose or another sig. */
const SIG_ONLY = indexForms(
  instructionRules.instructions.flatMap(({ sigForms, plain }) =>
    sigForms.map((form): [string, string] => [form, plain]),
  ),
);
const DOSE_FORMS = new Map<string, string>(Object.entries(instructionRules.forms));
const TIME_UNITS = new Map(
  Object.entries(instructionRules.timeUnits).flatMap(([unit, forms]) =>
    forms.map((form): [string, string] => [form, unit]),
  ),
);
const DOSE_UNITS = new Set(instructionRules.doseUnits);
const AGE = indexForms(instructionRules.age.map((form): [string, true] => [form, true]));
const SEX = new Map<string, string>(Object.entries(instructionRules.sexAfterAge));

export function timeUnitOf(key: string): string | undefined {
  return TIME_UNITS.get(key);
}

function plural(unit: string, count: string): string {
  return Number(count.replace(',', '.')) === 1 ? unit : `${unit}s`;
}

/** "BID", "PRN", "PO", "q6h": an instruction by itself. */
function isSig(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token === undefined) return false;
  return matchPhrase(SIGS, tokens, at) !== null || INTERVAL.test(token.key) || DOSE_UNITS.has(token.key);
}

/** After an amount ("81 od", "5 mg of it od") or beside another sig; a number behind it is a value or a year. */
function isBesideSig(tokens: readonly Token[], at: number, length: number): boolean {
  const around = [at - 1, at - 2, at - 3, at + length, at + length + 1];
  return tokens[at - 1]?.kind === 'number' || around.some((index) => isSig(tokens, index));
}

/** "class IV", "type IV": a Roman number. */
const ROMAN_AFTER = new Set(instructionRules.romanAfter);

/** "q6h", "q4"; the rest of "q4-6h" and "q 6 hours" follows in tokens of its own. */
const INTERVAL = /^q(\d{1,2})([a-z]{0,5})$/;
const DURATION = /^[x×](\d{1,3})([a-z]{0,7})$/;

interface Count {
  readonly text: string;
  readonly last: string;
  readonly next: number;
}

/** A number or range of numbers at `at`: "6", "4-6". */
function readCount(tokens: readonly Token[], at: number): Count | null {
  const first = tokens[at];
  if (first?.kind !== 'number') return null;
  const [dash, second] = [tokens[at + 1], tokens[at + 2]];
  if (!isHyphen(dash) || second?.kind !== 'number') return { text: first.text, last: first.text, next: at + 1 };
  return { text: `${first.text}-${second.text}`, last: second.text, next: at + 3 };
}

function intervalStart(tokens: readonly Token[], at: number): Count | null {
  const key = tokens[at]?.key ?? '';
  if (key === 'q') return readCount(tokens, at + 1);
  const match = INTERVAL.exec(key);
  if (match === null || match[2] !== '') return null;
  const next = tokens[at + 1];
  const upper = isHyphen(next) ? tokens[at + 2] : next;
  const isRange = upper?.kind === 'number' && next?.glued === true;
  if (!isRange) return { text: match[1]!, last: match[1]!, next: at + 1 };
  return { text: `${match[1]!}-${upper.text}`, last: upper.text, next: isHyphen(next) ? at + 3 : at + 2 };
}

function readInterval(tokens: readonly Token[], at: number): Wording | null {
  const whole = INTERVAL.exec(tokens[at]?.key ?? '');
  const unit = TIME_UNITS.get(whole?.[2] ?? '');
  if (whole !== null && unit !== undefined) return { length: 1, text: `every ${whole[1]!} ${plural(unit, whole[1]!)}` };
  const count = intervalStart(tokens, at);
  return count === null ? null : countedTime(tokens, count, { at, preposition: 'every' });
}

/** "x3d", "x 3 d" -> "for 3 days". */
function readDuration(tokens: readonly Token[], at: number): Wording | null {
  const key = tokens[at]?.key ?? '';
  const [, digits, unitKey] = DURATION.exec(key) ?? [];
  const unit = TIME_UNITS.get(unitKey ?? '');
  if (digits !== undefined && unit !== undefined) return { length: 1, text: `for ${digits} ${plural(unit, digits)}` };
  const spaced = key === 'x' || key === '×' ? readCount(tokens, at + 1) : null;
  const count = digits === undefined ? spaced : { text: digits, last: digits, next: at + 1 };
  return count === null ? null : countedTime(tokens, count, { at, preposition: 'for' });
}

interface CountedFrom {
  readonly at: number;
  readonly preposition: 'for' | 'every';
}

function countedTime(tokens: readonly Token[], count: Count, from: CountedFrom): Wording | null {
  const unit = TIME_UNITS.get(tokens[count.next]?.key ?? '');
  if (unit === undefined) return null;
  return { length: count.next + 1 - from.at, text: `${from.preposition} ${count.text} ${plural(unit, count.last)}` };
}

function readAge(tokens: readonly Token[], at: number): Wording | null {
  const age = matchPhrase(AGE, tokens, at);
  if (age === null) return null;
  const sex = SEX.get(tokens[at + age.length]?.key ?? '');
  return { length: age.length + Number(sex !== undefined), text: `-year-old${sex === undefined ? '' : ` ${sex}`}` };
}

/** An upper-case letter is no unit of time ("1000 D"), nor is the "2d" of "2d echo"; spelled-out units need no words. */
function readTimeUnit(tokens: readonly Token[], at: number): Wording | null {
  const [number, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  const unit = TIME_UNITS.get(token?.key ?? '');
  if (number === undefined || token === undefined || unit === undefined) return null;
  if (token.text !== token.key || token.key.startsWith(unit) || next?.key.startsWith('echo')) return null;
  return { length: 1, text: plural(unit, number.text) };
}

/** The unit after a number: "3 d" -> days, "2 tabs" -> tablets, "67 yo M" -> -year-old man. The number stays. */
function readCountedUnit(tokens: readonly Token[], at: number): Wording | null {
  if (tokens[at - 1]?.kind !== 'number') return null;
  const form = DOSE_FORMS.get(tokens[at]?.key ?? '');
  return form === undefined ? (readAge(tokens, at) ?? readTimeUnit(tokens, at)) : { length: 1, text: form };
}

function isGlued(tokens: readonly Token[], at: number): boolean {
  return tokens[at]!.glued || tokens[at + 1]?.glued === true;
}

function readShorthand(tokens: readonly Token[], at: number): Wording | null {
  const match = matchPhrase(SHORTHAND, tokens, at);
  const token = tokens[at];
  if (match === null || token === undefined) return null;
  const { plain, lowerOnly, spaced, notAfter } = match.value;
  const isCapital = lowerOnly && token.text.length > 1 && token.text.slice(1) !== token.key.slice(1);
  if (isCapital || notAfter.includes(tokens[at - 1]?.key ?? '')) return null;
  if (spaced && isGlued(tokens, at)) return null;
  return { length: match.length, text: plain };
}

function readSigOnly(tokens: readonly Token[], at: number): Wording | null {
  const match = matchPhrase(SIG_ONLY, tokens, at);
  return match !== null && isBesideSig(tokens, at, match.length) ? { length: match.length, text: match.value } : null;
}

function readSig(tokens: readonly Token[], at: number): Wording | null {
  const match = matchPhrase(SIGS, tokens, at);
  const isRoman = tokens[at]!.text === 'IV' && ROMAN_AFTER.has(tokens[at - 1]?.key ?? '');
  return match === null || isRoman ? null : { length: match.length, text: match.value };
}

const READERS = [readCountedUnit, readInterval, readDuration, readSig, readShorthand, readSigOnly];

/** Most words begin nothing: looking closer at each would double the time of a sentence. */
function mayBegin(tokens: readonly Token[], at: number): boolean {
  const key = tokens[at]?.key ?? '';
  const isListed = [SHORTHAND, SIGS, SIG_ONLY].some((index) => index.longest.has(key));
  return isListed || tokens[at - 1]?.kind === 'number' || /^[qx×]/.test(key);
}

/** The longest shorthand or sig that begins at token `at`, in words. Its digits are all in the words. */
export function readWording(tokens: readonly Token[], at: number): Wording | null {
  if (!mayBegin(tokens, at)) return null;
  const wordings = READERS.map((read) => read(tokens, at)).filter((wording) => wording !== null);
  return wordings.reduce<Wording | null>(
    (best, wording) => (best !== null && best.length >= wording.length ? best : wording),
    null,
  );
}
