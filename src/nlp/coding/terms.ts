/** Words of a phrase as the search compares them: American spelling, light stem, short forms spelt out. */
import rules from '../rules/coding-words.json';

export interface Term {
  /** A term in the scope of "without" or "not" is another term than the bare word: see NEGATED. */
  readonly term: string;
  /** In brackets: by the conventions of ICD-10-CM (section I.A.7) such words may be present or absent. */
  readonly optional: boolean;
}

/** Marks a term that the phrase says is absent: "migraine without aura" has nothing to say to "aura". */
export const NEGATED = '¬';

/** Nothing in it needs rewriting: most titles. */
const IS_PLAIN = /^(?!.*\bnon[- ])[a-z0-9 ,;()[\]-]*$/;
const PIECE = /[\p{L}\p{N}]+|[()[\],;]/gu;
const WORD_RULES = new Map<string, readonly string[]>(Object.entries(rules.words));
const STOP_WORDS = new Set(rules.stopWords);
const NEGATIONS = new Set(rules.negations);
const NEGATION_ENDS = new Set(rules.negationEnds);

function americanSpelling(word: string): string {
  let spelled = word;
  for (const [british, american] of rules.spellings) spelled = spelled.replace(british!, american!);
  return spelled;
}

/** "fractures" -> "fracture", "biopsies" -> "biopsy"; "diabetes", "status", "pancreatitis" stay. */
export function stem(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is|tes)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.slice(0, -1);
}

/** What one lower-case word stands for: none for a stop word, several for an abbreviation. */
function termsOfWord(word: string): readonly string[] {
  if (STOP_WORDS.has(word)) return [];
  const spelled = americanSpelling(word);
  const stemmed = stem(spelled);
  return WORD_RULES.get(spelled) ?? WORD_RULES.get(stemmed) ?? [stemmed];
}

type ReadWord = (word: string) => readonly string[];

/** For many phrases at once: each word is looked at once. */
export function rememberWords(): ReadWord {
  const known = new Map<string, readonly string[]>();
  return (word) => {
    const terms = known.get(word) ?? termsOfWord(word);
    known.set(word, terms);
    return terms;
  };
}

/** Lower case without marks and possessives; "w/o" and "non-" are read as words, "#" beside a bone as a fracture. */
function plainWords(phrase: string): string {
  const lower = phrase.toLowerCase();
  if (IS_PLAIN.test(lower)) return lower;
  const spelled = lower
    .replace(/['’]s?\b/g, '')
    .replace(/\bw\/o\b/g, 'without')
    .replace('#', ' fracture ')
    .replace(/\bnon[- ]/g, 'non');
  return spelled.normalize('NFD').replace(/\p{M}/gu, '');
}

const isMark = (piece: string): boolean => piece.length === 1 && '()[],;'.includes(piece);

/** How a bracket changes the depth of brackets. */
const DEPTH: Readonly<Record<string, number>> = { '(': 1, '[': 1, ')': -1, ']': -1 };

/** In the order of the phrase, without stop words. */
export function readTerms(phrase: string, readWord: ReadWord = termsOfWord): Term[] {
  const found: Term[] = [];
  let depth = 0;
  let negated = false;
  for (const piece of plainWords(phrase).match(PIECE) ?? []) {
    depth = Math.max(0, depth + (DEPTH[piece] ?? 0));
    if (NEGATION_ENDS.has(piece)) negated = false;
    if (NEGATIONS.has(piece)) negated = true;
    else if (!isMark(piece)) {
      for (const term of readWord(piece)) found.push({ term: negated ? NEGATED + term : term, optional: depth > 0 });
    }
  }
  return found;
}

export function termsOf(phrase: string): string[] {
  return readTerms(phrase).map(({ term }) => term);
}
