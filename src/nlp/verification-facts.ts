/** What a sentence claims, as far as it can be compared without understanding it: see verification.ts for the comparison. */
import type { RejectionReason } from './document';
import { readWording, timeUnitOf } from './abbreviations';
import type { Glossary } from './glossary';
import { stem } from './glossary-inflection';
import {
  indexForms,
  indexPhrases,
  isHyphen,
  matchPhrase,
  phraseKey,
  tokenize,
  type PhraseIndex,
  type Token,
} from './glossary-tokens';
import rules from './rules/verification.json';
import { findConcepts, type Concept, type FactEntity } from './verification-concepts';
import { readQuantities, type PlacedQuantity } from './verification-quantities';

/** A text whose facts are compared. Entities are spans into `text`. */
export interface FactSide {
  readonly text: string;
  readonly entities: readonly FactEntity[];
  readonly glossary: Glossary;
}

export interface FactClass {
  readonly name: string;
  readonly reason: RejectionReason;
  readonly isSequence: boolean;
  /** value -> phrases that may answer for it but demand no answer themselves */
  readonly loose: ReadonlyMap<string, readonly string[]>;
}

export interface Facts {
  readonly tokens: readonly Token[];
  /** Token keys between single spaces, a space at both ends. */
  readonly joined: string;
  /** `joined`, and after a bar what its shorthand says in words. */
  readonly said: string;
  readonly stems: ReadonlySet<string>;
  readonly concepts: readonly Concept[];
  readonly quantities: readonly PlacedQuantity[];
  /** Class name -> values in the order of the text. */
  readonly classes: ReadonlyMap<string, readonly string[]>;
  /** Token -> it stands in the scope of a negation. */
  readonly isNegated: readonly boolean[];
  readonly negations: number;
  /** Words and marks of uncertainty, and among them the question marks before a finding. */
  readonly uncertain: number;
  readonly asked: number;
}

interface ClassValue {
  readonly name: string;
  readonly value: string;
}

interface ClassRule {
  readonly name: string;
  readonly reason: string;
  readonly compare: string;
  readonly values: Record<string, { readonly forms: readonly string[]; readonly loose: readonly string[] }>;
}

const CLASS_RULES = rules.classes as unknown as readonly ClassRule[];

export const FACT_CLASSES: readonly FactClass[] = CLASS_RULES.map(({ name, reason, compare, values }) => ({
  name,
  reason: reason as RejectionReason,
  isSequence: compare === 'sequence',
  loose: new Map(Object.entries(values).map(([value, { loose }]) => [value, loose.map(phraseKey)])),
}));

function indexClasses(): PhraseIndex<readonly ClassValue[]> {
  const phrases = new Map<string, ClassValue[]>(rules.ignored.map((form) => [phraseKey(form), []]));
  for (const { name, values } of CLASS_RULES) {
    for (const [value, { forms }] of Object.entries(values)) {
      for (const key of forms.map(phraseKey)) phrases.set(key, [...(phrases.get(key) ?? []), { name, value }]);
    }
  }
  return indexPhrases(phrases);
}

type Cue = 'forward' | 'backward' | 'pseudo';

const CLASSES = indexClasses();
const CUES = indexForms(
  (['pseudo', 'forward', 'backward'] as const).flatMap((cue) =>
    rules.negation[cue].map((form): [string, Cue] => [form, cue]),
  ),
);
const TERMINATORS = new Set(rules.negation.terminators);
const STOPS = new Set(rules.negation.stops);
const UNCERTAIN = indexForms(rules.uncertain.forms.map((form): [string, true] => [form, true]));

const POSSESSIVES = new Set(['his', 'her', 'their', 'your', 'my', 'our']);

/** Tokens between "no one" and its verb. */
const NOBODY_REACH = 6;

/** Tokens after a comma among which an amount makes it a result. */
const RESULT_REACH = 8;

/** How far back "... was ruled out" reaches. */
const BACKWARD_REACH = 8;

function join(tokens: readonly Token[]): string {
  return ` ${tokens.map((token) => token.key).join(' ')} `;
}

/** "L knee", "R arm": a capital letter alone before a word, unless it is a unit of volume. */
const SIDE_LETTERS = new Map([
  ['L', 'left'],
  ['R', 'right'],
]);

function sideLetter(tokens: readonly Token[], at: number): string | undefined {
  const side = SIDE_LETTERS.get(tokens[at]!.text);
  const [before, after] = [tokens[at - 1], tokens[at + 1]];
  const isApart = after?.kind === 'word' && after.start > tokens[at]!.end;
  return before?.kind === 'number' || before?.text === '/' || !isApart ? undefined : side;
}

interface Placed extends ClassValue {
  readonly at: number;
}

/** "20 mg -> 40 mg": the sign is no "more than". */
function isArrow(tokens: readonly Token[], at: number): boolean {
  return tokens[at]!.text === '>' && tokens[at]!.glued && isHyphen(tokens[at - 1]);
}

/** "a two-day history of pain" tells how long, not that it is past. */
function isCourse({ value }: ClassValue, tokens: readonly Token[], at: number): boolean {
  return value === 'past' && timeUnitOf(tokens[at - 1]?.key ?? '') !== undefined;
}

function classValues(tokens: readonly Token[]): Placed[] {
  const placed: Placed[] = [];
  for (let at = 0; at < tokens.length;) {
    const match = isArrow(tokens, at) ? null : matchPhrase(CLASSES, tokens, at);
    const side = match === null ? sideLetter(tokens, at) : undefined;
    const values = side === undefined ? (match?.value ?? []) : [{ name: 'laterality', value: side }];
    for (const value of values) if (!isCourse(value, tokens, at)) placed.push({ ...value, at });
    at += match?.length ?? 1;
  }
  return placed;
}

const HIDDEN_CLASSES = new Set(['laterality', 'relative']);

/**
 * Sides and relatives inside an abbreviation: the "left" of "LLE", unless its letters already were read. A side that only
 * names the thing (left anterior descending artery) and is not in its plain wording is none.
 */
function hiddenValues({ entries, from, to }: Concept, placed: readonly Placed[]): Placed[] {
  const [entry] = entries;
  const isRead = placed.some(({ at }) => at >= from && at < to);
  if (entry?.expansion == null || isRead) return [];
  const shown = new Set(classValues(tokenize(entry.plain)).map(({ value }) => value));
  const values = classValues(tokenize(entry.expansion));
  return values
    .filter(({ name, value }) => HIDDEN_CLASSES.has(name) && shown.has(value))
    .map(({ name, value }) => ({ name, value, at: from }));
}

function groupClasses(tokens: readonly Token[], concepts: readonly Concept[]): Map<string, string[]> {
  const placed = classValues(tokens);
  const hidden = concepts.flatMap((concept) => hiddenValues(concept, placed));
  const groups = new Map<string, string[]>();
  for (const { name, value } of [...placed, ...hidden].sort((a, b) => a.at - b.at)) {
    const values = groups.get(name) ?? [];
    groups.set(name, [...values, value]);
  }
  return groups;
}

interface Negation {
  readonly isNegated: boolean[];
  readonly count: number;
}

function markBackward(isNegated: boolean[], tokens: readonly Token[], at: number): void {
  let index = at - 1;
  while (index >= 0 && TERMINATORS.has(tokens[index]!.key)) index -= 1;
  const first = Math.max(0, index - BACKWARD_REACH);
  for (; index >= first; index -= 1) {
    const { key } = tokens[index]!;
    if (STOPS.has(key) || TERMINATORS.has(key)) return;
    isNegated[index] = true;
  }
}

/** ", and his vital signs are": what the next clause says of someone is not denied by the one before. */
function opensClause(tokens: readonly Token[], at: number): boolean {
  return tokens[at]!.key === 'and' && POSSESSIVES.has(tokens[at + 1]?.key ?? '') && tokens[at - 1]?.text === ',';
}

/** "no fever, blood pressure 128/74": a part with an amount is a result of its own. */
function opensResult(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]!.text !== ',') return false;
  const rest = tokens.slice(at + 1, at + 1 + RESULT_REACH);
  const end = rest.findIndex(({ text }) => text === ',' || STOPS.has(text));
  return rest.slice(0, end < 0 ? rest.length : end).some(({ kind }) => kind === 'number');
}

/** What one place does to the scope: how far it reaches, and whether a scope is open after it. */
interface Step {
  readonly length: number;
  readonly cue: Cue | null;
  readonly opens: boolean;
}

/** "No one in the family has": the verb of "no one" is denied with it. */
function isNobodys(tokens: readonly Token[], at: number, opened: number): boolean {
  const isNobody = tokens[opened]?.key === 'one' || tokens[opened - 1]?.key === 'nobody';
  return isNobody && at - opened < NOBODY_REACH && ['has', 'had', 'have'].includes(tokens[at]!.key);
}

/** "does not have", "has not been": an auxiliary right after the cue belongs to it. */
function isAuxiliary(tokens: readonly Token[], at: number, opened: number): boolean {
  if (isNobodys(tokens, at, opened)) return true;
  return at - opened < 3 && tokens.slice(opened, at + 1).every((token) => TERMINATORS.has(token.key));
}

interface Scope {
  /** The first token after the cue; null outside any scope. */
  readonly opened: number | null;
  /** Inside the name of a finding no word ends a scope: the "when" of "pain when passing urine". */
  readonly isNamed: boolean;
}

/** "nausea denied, hiccups noted", "vomiting: nil", "metformin: no - kidneys": with nothing behind them these deny what stands before. */
const LAST_CUES = new Set(['denied', 'nil', 'none', 'no']);

/** A hyphen with a space before it. */
const isDash = (token: Token): boolean => isHyphen(token) && !token.glued;

function isLastWord(tokens: readonly Token[], at: number, length: number): boolean {
  const next = tokens[at + length];
  return LAST_CUES.has(tokens[at]!.key) && (next === undefined || /^[,.;)]$/.test(next.text) || isDash(next));
}

function negationStep(tokens: readonly Token[], at: number, { opened, isNamed }: Scope): Step {
  const cue = matchPhrase(CUES, tokens, at);
  if (cue !== null) {
    const value = cue.value === 'forward' && isLastWord(tokens, at, cue.length) ? 'backward' : cue.value;
    return { length: cue.length, cue: value, opens: value === 'pseudo' ? opened !== null : value === 'forward' };
  }
  const { key } = tokens[at]!;
  const closes =
    STOPS.has(key) ||
    opensClause(tokens, at) ||
    opensResult(tokens, at) ||
    (!isNamed && TERMINATORS.has(key) && opened !== null && !isAuxiliary(tokens, at, opened));
  return { length: 1, cue: null, opens: opened !== null && !closes };
}

/** Cues and scopes after NegEx (Chapman 2001), the same for both texts, so that only differences count. */
function readNegation(tokens: readonly Token[], concepts: readonly Concept[]): Negation {
  const inherent = new Map(concepts.filter((concept) => concept.negates).map((concept) => [concept.from, concept.to]));
  const isNamed = takenTokens(tokens, concepts);
  const isNegated = tokens.map(() => false);
  let count = inherent.size;
  let opened: number | null = null;
  for (let at = 0; at < tokens.length;) {
    const after = inherent.get(at);
    const step: Step =
      after === undefined
        ? negationStep(tokens, at, { opened, isNamed: isNamed[at] === true })
        : { length: after - at, cue: null, opens: opened !== null };
    if (step.cue === null && step.opens) isNegated.fill(true, at, at + step.length);
    if (step.cue === 'backward') markBackward(isNegated, tokens, at);
    if (step.cue === 'forward' || step.cue === 'backward') count += 1;
    at += step.length;
    opened = !step.opens ? null : step.cue === 'forward' ? at : (opened ?? at);
  }
  return { isNegated, count };
}

/** How often: "?PE", "possible", "may" (but not "May 2019"). */
function countUncertain(tokens: readonly Token[]): number {
  return tokens.filter((token, at) => {
    const next = tokens[at + 1];
    if (token.text === '?') return next?.kind === 'word' && next.glued;
    if (token.text === 'May' && (next?.kind === 'number' || at > 0)) return false;
    return matchPhrase(UNCERTAIN, tokens, at) !== null;
  }).length;
}

/** "?PE ?pneumonia": each asks for one of its own. */
const countAsked = (tokens: readonly Token[]): number =>
  tokens.filter(({ text }, at) => text === '?' && tokens[at + 1]?.kind === 'word' && tokens[at + 1]!.glued).length;

/** What the shorthand of the text says in words: "wt" -> "weight". */
function shorthandWords(tokens: readonly Token[]): string[] {
  return tokens.flatMap((_, at) => {
    const wording = readWording(tokens, at);
    return wording === null ? [] : phraseKey(wording.text).split(' ');
  });
}

function takenTokens(tokens: readonly Token[], concepts: readonly Concept[]): boolean[] {
  const isTaken = tokens.map(() => false);
  for (const { from, to, kind } of concepts) if (kind !== 'wording') isTaken.fill(true, from, to);
  return isTaken;
}

export function readFacts({ text, entities, glossary }: FactSide): Facts {
  const tokens = tokenize(text);
  const concepts = findConcepts({ source: { text, tokens }, entities, glossary });
  const negation = readNegation(tokens, concepts);
  const shorthand = shorthandWords(tokens);
  return {
    tokens,
    joined: join(tokens),
    said: `${join(tokens)}| ${shorthand.join(' ')} `,
    stems: new Set([...tokens.map((token) => token.key), ...shorthand].map(stem)),
    concepts,
    quantities: readQuantities(tokens, takenTokens(tokens, concepts)),
    classes: groupClasses(tokens, concepts),
    isNegated: negation.isNegated,
    negations: negation.count,
    uncertain: countUncertain(tokens),
    asked: countAsked(tokens),
  };
}

export function hasPhrase(facts: Facts, key: string): boolean {
  return facts.said.includes(` ${key} `);
}
