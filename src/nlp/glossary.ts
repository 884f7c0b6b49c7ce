/** The plain-language glossary: parsing, and the longest term at a place in the text. Linear in the text. */
import type { Span } from './document';
import { inflectVerb, pluralOf, type VerbForm } from './glossary-inflection';
import { indexPhrases, matchPhrase, phraseKey, type PhraseIndex, type Token } from './glossary-tokens';
import abbreviationRules from './rules/abbreviations.json';
import { parseSenses, type SenseInventory } from './senses';

const KINDS = [
  'condition',
  'symptom',
  'test',
  'procedure',
  'drug',
  'anatomy',
  'instruction',
  'unit',
  'abbreviation',
  'verb',
  'adjective',
] as const;
export type TermKind = (typeof KINDS)[number];

export interface GlossaryEntry {
  readonly term: string;
  readonly variants: readonly string[];
  /** Substitutable in a running sentence: noun phrases without article, in lower case. */
  readonly plain: string;
  readonly plural: string | null;
  readonly definition: string;
  readonly kind: TermKind;
  /** The long form of an abbreviation. */
  readonly expansion: string | null;
  /** The term stays in the text and is only explained. */
  readonly keep: boolean;
  /** `plain` says with a negation what the term says without one: afebrile, "without a fever". */
  readonly negates: boolean;
  /** Every wording of it, as phraseKey spells them; a kept term does not count its plain words. */
  readonly wordings: readonly string[];
}

type WrittenEntry = Omit<GlossaryEntry, 'wordings'>;

export type FormNumber = 'singular' | 'plural';

/** One spelling of one entry. */
export interface Form {
  readonly entry: GlossaryEntry;
  readonly number: FormNumber;
  readonly verb: VerbForm;
  /** Set where only this letter case is the term: "MS", "AIDS", "IT". */
  readonly exact: string | null;
  /** The long form of an abbreviation. */
  readonly isExpansion: boolean;
}

export interface Glossary {
  readonly entries: readonly GlossaryEntry[];
  /** Spellings found in notes. */
  readonly forms: PhraseIndex<readonly Form[]>;
  /** Plain wordings, back to the entries that they may stand for. */
  readonly plainForms: PhraseIndex<readonly GlossaryEntry[]>;
  /** The senses of abbreviations that have more than one. */
  readonly senses: SenseInventory;
}

/** A term at tokens [from, to). All `forms` spell alike; more than one means more than one sense. */
export interface TermMatch extends Span {
  readonly from: number;
  readonly to: number;
  readonly forms: readonly Form[];
}

const NOUN_KINDS = new Set<TermKind>(['condition', 'symptom', 'test', 'procedure', 'drug', 'anatomy', 'abbreviation']);
const ORDINARY_WORDS = new Set(abbreviationRules.ordinaryWords);

/** Words that make a phrase negative, for entries that do not say `negates` themselves. */
const NEGATIVE_WORD = /(?:^|\s)(?:no|not|without|never|none|nothing|cannot)(?:\s|$)/;

function fail(index: number, problem: string): never {
  throw new TypeError(`glossary entry ${index}: ${problem}`);
}

function requiredString(record: Record<string, unknown>, field: string, index: number): string {
  const value = record[field];
  if (typeof value !== 'string' || value.trim() === '') fail(index, `${field} must be a non-empty string`);
  return value;
}

function optionalString(record: Record<string, unknown>, field: string, index: number): string | null {
  return record[field] === undefined ? null : requiredString(record, field, index);
}

function optionalStrings(record: Record<string, unknown>, field: string, index: number): readonly string[] {
  const value = record[field] ?? [];
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string' && item.trim() !== '')) {
    fail(index, `${field} must be an array of non-empty strings`);
  }
  return value;
}

function optionalFlag(record: Record<string, unknown>, field: string, index: number): boolean {
  const value = record[field] ?? false;
  if (typeof value !== 'boolean') fail(index, `${field} must be true or false`);
  return value;
}

function isKind(kind: string): kind is TermKind {
  return (KINDS as readonly string[]).includes(kind);
}

function parseEntry(raw: unknown, index: number): WrittenEntry {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) fail(index, 'must be an object');
  const record = raw as Record<string, unknown>;
  const kind = requiredString(record, 'kind', index);
  if (!isKind(kind)) fail(index, 'unknown kind');
  const plain = requiredString(record, 'plain', index);
  return {
    term: requiredString(record, 'term', index),
    variants: optionalStrings(record, 'variants', index),
    plain,
    plural: optionalString(record, 'plural', index),
    definition: requiredString(record, 'definition', index),
    kind,
    expansion: optionalString(record, 'expansion', index),
    keep: optionalFlag(record, 'keep', index),
    negates: optionalFlag(record, 'negates', index) || NEGATIVE_WORD.test(plain),
  };
}

function wordingsOf({ term, variants, plain, plural, expansion, keep }: WrittenEntry): string[] {
  const plains = keep ? [] : [plain, pluralOf(plain), ...(plural === null ? [] : [plural])];
  const phrases = [term, ...variants, ...plains, ...(expansion === null ? [] : [expansion])];
  return [...new Set(phrases.map(phraseKey))];
}

function prepared(raw: unknown, index: number): GlossaryEntry {
  const entry = parseEntry(raw, index);
  return { ...entry, wordings: wordingsOf(entry) };
}

const HAS_CAPITAL = /\p{Lu}/u;

/**
 * Abbreviations that are also words ("MS", "IT") or have only two letters are read in their own letter case alone;
 * longer ones ("htn", "copd") in any.
 */
function exactCase(surface: string, kind: TermKind): string | null {
  if (kind !== 'abbreviation' || !HAS_CAPITAL.test(surface)) return null;
  return surface.length <= 2 || ORDINARY_WORDS.has(surface.toLowerCase()) ? surface : null;
}

type Spelling = readonly [string, Omit<Form, 'entry'>];

function spelling(surface: string, change: Partial<Omit<Form, 'entry'>> = {}): Spelling {
  return [surface, { number: 'singular', verb: 'base', exact: null, isExpansion: false, ...change }];
}

function verbSpellings(term: string): Spelling[] {
  const forms: VerbForm[] = ['third', 'past', 'gerund'];
  return forms.map((verb) => spelling(inflectVerb(term, verb), { verb }));
}

function spellingsOf(entry: GlossaryEntry): Spelling[] {
  const { term, kind, expansion, variants } = entry;
  const exact = exactCase(term, kind);
  const inflected = kind === 'verb' ? [term, ...variants].flatMap(verbSpellings) : [];
  // Plurals of abbreviations in their own letter case alone: "does" is not two of DOE.
  const plural = kind === 'abbreviation' && HAS_CAPITAL.test(term) ? { exact: `${term}s` } : {};
  const plurals = NOUN_KINDS.has(kind)
    ? [
        spelling(kind === 'abbreviation' ? `${term}s` : pluralOf(term), { number: 'plural', ...plural }),
        ...(expansion === null ? [] : [spelling(pluralOf(expansion), { number: 'plural', isExpansion: true })]),
        ...variants.map((variant) => spelling(pluralOf(variant), { number: 'plural' })),
      ]
    : [];
  return [
    spelling(term, { exact }),
    ...variants.map((variant) => spelling(variant, { exact: exactCase(variant, kind) })),
    ...(expansion === null ? [] : [spelling(expansion, { isExpansion: true })]),
    ...inflected,
    ...plurals,
  ];
}

function collect<T>(phrases: Map<string, T[]>, surface: string, value: T): void {
  const key = phraseKey(surface);
  if (key === '') return;
  const values = phrases.get(key);
  if (values === undefined) phrases.set(key, [value]);
  else values.push(value);
}

function indexSpellings(entries: readonly GlossaryEntry[]): PhraseIndex<readonly Form[]> {
  const phrases = new Map<string, Form[]>();
  for (const entry of entries) {
    for (const [surface, form] of spellingsOf(entry)) {
      const known = phrases.get(phraseKey(surface)) ?? [];
      if (!known.some((other) => other.entry === entry)) collect(phrases, surface, { entry, ...form });
    }
  }
  return indexPhrases(phrases);
}

/** Validates the glossary and its senses. @throws TypeError naming the entry and field, never its words. */
export function parseGlossary(raw: unknown, senses: unknown): Glossary {
  if (!Array.isArray(raw)) throw new TypeError('glossary must be an array');
  const entries = raw.map(prepared);
  const plain = new Map<string, GlossaryEntry[]>();
  for (const entry of entries) {
    if (entry.keep) continue;
    collect(plain, entry.plain, entry);
    const plural = entry.plural ?? (NOUN_KINDS.has(entry.kind) ? pluralOf(entry.plain) : entry.plain);
    if (plural !== entry.plain) collect(plain, plural, entry);
  }
  return { entries, forms: indexSpellings(entries), plainForms: indexPhrases(plain), senses: parseSenses(senses) };
}

function spelledAs(forms: readonly Form[], written: string): readonly Form[] {
  return forms.every((form) => form.exact === null)
    ? forms
    : forms.filter((form) => form.exact === null || form.exact === written);
}

/** "IgE Ana o 3": a capital within a sentence makes a name of what is all capitals as an abbreviation ("ANA"). */
function isName(forms: readonly Form[], written: string, previous: Token | undefined): boolean {
  if (!/^\p{Lu}\p{Ll}{1,3}$/u.test(written) || previous?.kind !== 'word') return false;
  return forms.every(({ entry }) => entry.kind === 'abbreviation' && /^\p{Lu}{2,4}$/u.test(entry.term));
}

/** A term's own entry, where there is one, before entries that merely expand to it. */
function ownFirst(forms: readonly Form[]): readonly Form[] {
  const own = forms.filter((form) => !form.isExpansion);
  return own.length > 0 ? own : forms.slice(0, 1);
}

export interface TokenizedText {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** The longest term that begins at token `at`. */
export function termAt(source: TokenizedText, at: number, glossary: Glossary): TermMatch | null {
  const { text, tokens } = source;
  const match = matchPhrase(glossary.forms, tokens, at);
  const last = match === null ? undefined : tokens[at + match.length - 1];
  if (match === null || last === undefined) return null;
  const { start } = tokens[at]!;
  const written = text.slice(start, last.end);
  const forms = spelledAs(match.value, written);
  if (forms.length === 0 || isName(forms, written, tokens[at - 1])) return null;
  return { start, end: last.end, from: at, to: at + match.length, forms: ownFirst(forms) };
}

/** All terms, left to right, the longest first where they overlap. */
export function findTerms(source: TokenizedText, glossary: Glossary): TermMatch[] {
  const matches: TermMatch[] = [];
  for (let at = 0; at < source.tokens.length;) {
    const match = termAt(source, at, glossary);
    if (match !== null) matches.push(match);
    at = match?.to ?? at + 1;
  }
  return matches;
}
