/**
 * Conditions, symptoms, drugs, tests, procedures and body parts named in a text, and the words that may stand for each.
 * Sources, strongest first: glossary terms, their plain wordings, a small lexicon of everyday words, recognized entities, endings.
 */
import type { Entity } from './document';
import { termAt, type Glossary, type GlossaryEntry, type TermKind, type TokenizedText } from './glossary';
import { stem } from './glossary-inflection';
import { indexForms, matchPhrase, phraseKey, type Token } from './glossary-tokens';
import rules from './rules/verification.json';
import lexicon from './rules/verification-lexicon.json';
import synonymRules from './rules/verification-synonyms.json';
import { instructionLength, isNumberWord } from './verification-quantities';

/** `wording` marks verbs, adjectives and other words that need not survive; they only keep their tokens from being misread. */
export type ConceptKind =
  'condition' | 'symptom' | 'drug' | 'test' | 'procedure' | 'anatomy' | 'abbreviation' | 'wording';

export interface Concept {
  readonly kind: ConceptKind;
  /** Tokens [from, to). */
  readonly from: number;
  readonly to: number;
  readonly key: string;
  /** Phrase keys that may stand for it, its own included. */
  readonly allowed: ReadonlySet<string>;
  /** It says a negation by itself: "afebrile", "NKDA". */
  readonly negates: boolean;
  /** Glossary entries it may be a term of; empty for everyday words. */
  readonly entries: readonly GlossaryEntry[];
}

const EVERYDAY = Object.entries(lexicon).flatMap(([kind, words]) =>
  words.map((word): [string, ConceptKind] => [word, kind as ConceptKind]),
);

/** A synonym of an everyday word is one too. */
function synonymKinds(): [string, ConceptKind][] {
  const kinds = new Map(EVERYDAY);
  return synonymRules.synonyms.flatMap((group) => {
    const kind = group.map((word) => kinds.get(word)).find((known) => known !== undefined);
    return kind === undefined
      ? []
      : group.filter((word) => word.length > 2).map((word): [string, ConceptKind] => [word, kind]);
  });
}

const LEXICON = indexForms([...EVERYDAY, ...synonymKinds()]);
const STOPWORDS = new Set(rules.stopwords);
/** Words of the record itself: an entity or term of these names no finding that could be lost. */
const NOT_FINDINGS = new Set(rules.notFindings);
const SUFFIX_EXCEPTIONS = new Set(rules.suffixExceptions);
const SUFFIXES = new Map(
  Object.entries(rules.suffixes).flatMap(([kind, endings]) =>
    endings.map((ending): [string, ConceptKind] => [ending, kind as ConceptKind]),
  ),
);
const NEGATED_WORDS = new Map<string, string>(Object.entries(rules.negatedWords));

function groupSynonyms(): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const group of synonymRules.synonyms) {
    const keys = group.map(phraseKey);
    for (const key of keys) groups.set(key, new Set([...(groups.get(key) ?? []), ...keys]));
  }
  return groups;
}

const SYNONYMS = groupSynonyms();

function synonymsOf(key: string): ReadonlySet<string> {
  return SYNONYMS.get(key) ?? new Set([key]);
}

/** An ending counts only after enough of a word: "coma" is no tumour. */
const SHORTEST_STEM = 3;

const LONGEST_SUFFIX = Math.max(...[...SUFFIXES.keys()].map((ending) => ending.length));

function kindBySuffix(word: string): ConceptKind | null {
  const singular = word.endsWith('s') && !word.endsWith('is') ? word.slice(0, -1) : word;
  if (SUFFIX_EXCEPTIONS.has(word) || SUFFIX_EXCEPTIONS.has(singular)) return null;
  for (let length = Math.min(LONGEST_SUFFIX, singular.length - SHORTEST_STEM); length > 0; length -= 1) {
    const kind = SUFFIXES.get(singular.slice(-length));
    if (kind !== undefined) return kind;
  }
  return null;
}

function conceptKind(kind: TermKind): ConceptKind {
  return kind === 'verb' || kind === 'adjective' || kind === 'instruction' || kind === 'unit' ? 'wording' : kind;
}

/** A drug that keeps its name may not become "a blood thinner"; what "without a fever" denies is "fever". */
function wordings({ wordings: keys, negates, plain }: GlossaryEntry): readonly string[] {
  return negates ? [...keys, phraseKey(plain).split(' ').filter(isContentWord).join(' ')] : keys;
}

/** One step further for abbreviations: MI -> myocardial infarction -> heart attack. */
function expansionEntries(entries: readonly GlossaryEntry[], glossary: Glossary): GlossaryEntry[] {
  return entries.flatMap(({ expansion, plain }) =>
    [expansion, plain].flatMap((phrase) =>
      phrase === null ? [] : (glossary.forms.phrases.get(phraseKey(phrase)) ?? []).map((form) => form.entry),
    ),
  );
}

function allowedFor(key: string, entries: readonly GlossaryEntry[], glossary: Glossary): Set<string> {
  const allowed = new Set([key, ...[...entries, ...expansionEntries(entries, glossary)].flatMap(wordings)]);
  for (const phrase of [...allowed]) for (const synonym of SYNONYMS.get(phrase) ?? []) allowed.add(synonym);
  return allowed;
}

function keyOf(tokens: readonly Token[], from: number, to: number): string {
  return tokens
    .slice(from, to)
    .map((token) => token.key)
    .join(' ');
}

interface Scan {
  readonly source: TokenizedText;
  readonly glossary: Glossary;
  /** Phrase -> what may stand for it, built once a text. */
  readonly known: Map<string, ReadonlySet<string>>;
}

function termConcept({ source, glossary, known }: Scan, at: number): Concept | null {
  const match = termAt(source, at, glossary);
  if (match === null) return null;
  const entries = match.forms.map((form) => form.entry);
  const key = keyOf(source.tokens, match.from, match.to);
  const expanded = entries[0]!.kind === 'abbreviation' ? expansionEntries(entries, glossary) : [];
  const own = conceptKind(expanded.find((entry) => entry.kind !== 'abbreviation')?.kind ?? entries[0]!.kind);
  const negates = entries.every((entry) => entry.negates);
  const kind = own === 'wording' && negates ? 'symptom' : own;
  const allowed = known.get(key) ?? allowedFor(key, entries, glossary);
  known.set(key, allowed);
  return { kind, from: at, to: match.to, key, allowed, negates, entries };
}

/** A single plain word ("check", "lump") is too weak a sign of a test or procedure to be held against the text. */
function plainKind(entries: readonly GlossaryEntry[], length: number): ConceptKind {
  const kind = conceptKind(entries[0]!.kind);
  return length === 1 && ['test', 'procedure', 'abbreviation', 'anatomy'].includes(kind) ? 'wording' : kind;
}

function plainConcept({ source, glossary }: Scan, at: number): Concept | null {
  const match = matchPhrase(glossary.plainForms, source.tokens, at);
  if (match === null) return null;
  const to = at + match.length;
  const key = keyOf(source.tokens, at, to);
  const allowed = synonymsOf(key);
  const negates = match.value.every((entry) => entry.negates);
  return { kind: plainKind(match.value, match.length), from: at, to, key, allowed, negates, entries: [] };
}

function everydayConcept({ source: { tokens } }: Scan, at: number): Concept | null {
  const match = matchPhrase(LEXICON, tokens, at);
  const token = tokens[at]!;
  if (match === null) {
    const kind = token.kind === 'word' ? kindBySuffix(token.key) : null;
    return kind === null ? null : bareConcept(kind, tokens, at);
  }
  const key = keyOf(tokens, at, at + match.length);
  const allowed = synonymsOf(key);
  return { kind: match.value, from: at, to: at + match.length, key, allowed, negates: false, entries: [] };
}

function bareConcept(kind: ConceptKind, tokens: readonly Token[], at: number): Concept {
  const { key } = tokens[at]!;
  return {
    kind,
    from: at,
    to: at + 1,
    key,
    allowed: synonymsOf(key),
    negates: false,
    entries: [],
  };
}

function negatedWordConcept({ source: { tokens } }: Scan, at: number): Concept | null {
  const { key } = tokens[at]!;
  const positive = NEGATED_WORDS.get(key);
  if (positive === undefined) return null;
  return { kind: 'wording', from: at, to: at + 1, key, allowed: new Set([key, positive]), negates: true, entries: [] };
}

/** The longest reading at a place; between equals the glossary's before the everyday one. */
function conceptAt(scan: Scan, at: number): Concept | null {
  const readings = [termConcept, plainConcept, everydayConcept, negatedWordConcept].map((read) => {
    const concept = read(scan, at);
    return concept !== null && NOT_FINDINGS.has(concept.key)
      ? { ...concept, kind: 'wording' as const, negates: false }
      : concept;
  });
  return readings.reduce<Concept | null>((best, reading) => {
    if (best === null || reading === null) return best ?? reading;
    const isStronger = best.kind === 'wording' && !best.negates && reading.kind !== 'wording' && best.to === reading.to;
    return reading.to > best.to || isStronger ? reading : best;
  }, null);
}

const ENTITY_KINDS = {
  DISORDER: 'condition',
  SYMPTOM: 'symptom',
  MEDICATION: 'drug',
  PROCEDURE: 'procedure',
  TEST: 'test',
  ANATOMY: 'anatomy',
} as const satisfies Record<Entity['label'], ConceptKind>;

export type FactEntity = Pick<Entity, 'start' | 'end' | 'label'>;

/** A test or body part that no list knows is told by its value and its surroundings; what was found must survive as it is. */
const LOOSE_ENTITIES: ReadonlySet<Entity['label']> = new Set(['TEST', 'ANATOMY']);

/** Words of recognized entities that nothing above has read. */
function entityConcepts(
  tokens: readonly Token[],
  entities: readonly FactEntity[],
  isRead: readonly boolean[],
): Concept[] {
  const concepts: Concept[] = [];
  for (const entity of entities.filter(({ label }) => !LOOSE_ENTITIES.has(label))) {
    tokens.forEach((token, at) => {
      const isInside = token.start >= entity.start && token.end <= entity.end && token.kind === 'word';
      if (
        isInside &&
        isRead[at] !== true &&
        isContentWord(token.key) &&
        !NOT_FINDINGS.has(token.key) &&
        !isNumberWord(token.key)
      )
        concepts.push(bareConcept(ENTITY_KINDS[entity.label], tokens, at));
    });
  }
  return concepts;
}

export function isContentWord(key: string): boolean {
  return (key.length > 2 && !STOPWORDS.has(key)) || /^\d/.test(key);
}

export interface ConceptRequest {
  readonly source: TokenizedText;
  readonly entities: readonly FactEntity[];
  readonly glossary: Glossary;
}

export function findConcepts({ source, entities, glossary }: ConceptRequest): Concept[] {
  const { tokens } = source;
  const concepts: Concept[] = [];
  const isRead = tokens.map(() => false);
  const scan: Scan = { source, glossary, known: new Map() };
  for (let at = 0; at < tokens.length;) {
    const found = conceptAt(scan, at);
    const skipped = instructionLength(tokens, at);
    const concept = found !== null && found.to - at > skipped ? found : null;
    if (concept !== null) {
      concepts.push(concept);
      isRead.fill(true, at, concept.to);
    }
    if (concept === null) isRead.fill(true, at, at + skipped);
    at = concept?.to ?? at + Math.max(1, skipped);
  }
  return [...concepts, ...entityConcepts(tokens, entities, isRead)];
}

/** Stems of the words of a phrase that carry its meaning. */
export function contentStems(phrase: string): string[] {
  return phrase.split(' ').filter(isContentWord).map(stem);
}
