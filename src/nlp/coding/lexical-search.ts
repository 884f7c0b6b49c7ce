/**
 * Lexical search: a phrase against titles, inclusion terms and our synonyms, by idf-weighted overlap.
 *
 * The score is Tversky's index (1977) over words weighted by inverse document frequency: common / (common + what only
 * the query has + a share of what only the title has). Unlike BM25 it lies in [0, 1] and compares between phrases, so
 * that one threshold can abstain. Weights are data: rules/coding.json; word lists: rules/coding-words.json.
 */
import type { Candidate } from '../document';
import rules from '../rules/coding.json';
import wordRules from '../rules/coding-words.json';
import type { CodeSet } from './code-set';
import { indexTitles, onSide, type SideIndex } from './sides';
import { NAME_FLAGS, nameWords, type NameIndex } from './name-index';
import { lackingWeight, namesNothing } from './search-names';
import { NEGATED, termsOf } from './terms';
import { makeCorrector, type Correct } from './typos';

export interface LexicalIndex {
  readonly codeSet: CodeSet;
  readonly names: NameIndex;
  /** term -> its number in `names.terms` */
  readonly numbers: ReadonlyMap<string, number>;
  /** Of each term: its inverse document frequency. */
  readonly idf: Float64Array;
  /** Of each name: the sum of what its terms cost where the query lacks them. */
  readonly weights: Float64Array;
  readonly correct: Correct;
  readonly sides: SideIndex;
  /** entry -> what its title says is absent: "without rupture" */
  readonly denied: ReadonlyMap<number, readonly string[]>;
}

const LIGHT_WORDS = new Set(wordRules.lightWords.flatMap(termsOf));
export const SIDE_WORDS: ReadonlySet<string> = new Set(wordRules.sideWords);

const isInherited = ({ flags }: NameIndex, name: number): boolean => (flags[name]! & NAME_FLAGS.inherited) !== 0;

function deniedTerms(names: NameIndex): Map<number, string[]> {
  const denied = new Map<number, string[]>();
  for (const [number, term] of names.terms.entries()) {
    if (!term.startsWith(NEGATED)) continue;
    for (let place = names.offsets[number]!; place < names.offsets[number + 1]!; place++) {
      const name = names.postings[place]! >> 1;
      if (isInherited(names, name)) continue;
      const entry = names.entries[name]!;
      denied.set(entry, [...(denied.get(entry) ?? []), term.slice(NEGATED.length)]);
    }
  }
  return denied;
}

/** What each name costs whole: one walk over the postings, term by term. */
function weighNames(names: NameIndex, idf: Float64Array): Float64Array {
  const weights = new Float64Array(names.entries.length);
  for (const [number, term] of names.terms.entries()) {
    const own = [false, true].map((optional) => lackingWeight({ term, optional }, idf[number]!));
    for (let place = names.offsets[number]!; place < names.offsets[number + 1]!; place++) {
      const posting = names.postings[place]!;
      weights[posting >> 1]! += own[posting & 1]!;
    }
  }
  return weights;
}

export function buildLexicalIndex(codeSet: CodeSet, names: NameIndex): LexicalIndex {
  const { terms, offsets } = names;
  const total = names.entries.length;
  const idf = Float64Array.from(
    terms,
    (_, number) => Math.log(1 + total / (offsets[number + 1]! - offsets[number]!)) ** rules.idfExponent,
  );
  return {
    codeSet,
    names,
    numbers: new Map(terms.map((term, number) => [term, number])),
    idf,
    weights: weighNames(names, idf),
    correct: makeCorrector(terms),
    sides: indexTitles(codeSet),
    denied: deniedTerms(names),
  };
}

/** A word of the query with the vocabulary words that it may stand for. */
interface QueryTerm {
  readonly variants: readonly string[];
  readonly weight: number;
  /** 1, or less where the variants are guesses. */
  readonly trust: number;
}

function queryTerm(term: string, { idf, numbers, correct, names }: LexicalIndex): QueryTerm {
  const factor = LIGHT_WORDS.has(term) || namesNothing(term) ? rules.lightFactor : 1;
  const number = numbers.get(term);
  if (number !== undefined) return { variants: [term], weight: idf[number]! * factor, trust: 1 };
  const { words, kind } = correct(term);
  const rarest = Math.log(1 + names.entries.length) ** rules.idfExponent;
  const weight =
    words.length > 0 ? Math.max(...words.map((word) => idf[numbers.get(word)!]!)) : rarest * rules.unknownFactor;
  return { variants: words, weight: weight * factor, trust: kind === 'typo' ? rules.typoWeight : rules.prefixWeight };
}

interface Overlap {
  common: number;
  /** What the matched terms would have cost: the rest of the name's weight is what the query lacks. */
  covered: number;
}

/** For every name that shares a word with the query, how much. */
function overlaps(terms: readonly QueryTerm[], { names, numbers, idf }: LexicalIndex): Map<number, Overlap> {
  const found = new Map<number, Overlap>();
  for (const { variants, weight, trust } of terms) {
    const counted = variants.length > 1 ? new Set<number>() : null;
    for (const variant of variants) {
      const number = numbers.get(variant)!;
      const own = [false, true].map((optional) => lackingWeight({ term: variant, optional }, idf[number]!));
      for (let place = names.offsets[number]!; place < names.offsets[number + 1]!; place++) {
        const posting = names.postings[place]!;
        const name = posting >> 1;
        if (counted?.has(name)) continue;
        counted?.add(name);
        const overlap = found.get(name);
        if (overlap) {
          overlap.common += weight * trust;
          overlap.covered += own[posting & 1]!;
        } else found.set(name, { common: weight * trust, covered: own[posting & 1]! });
      }
    }
  }
  return found;
}

const byChapter = (penalties: Readonly<Record<string, number>>, code: string): number => penalties[code[0]!] ?? 0;

/** Some chapters (obstetrics, newborns, history) are meant only where the words say so. */
function chapterFactor(code: string, agreement: number): number {
  const partial = agreement < rules.partialAgreement ? byChapter(rules.partialPenalty, code) : 0;
  return (1 - byChapter(rules.chapterPenalty, code)) * (1 - partial);
}

/** May exceed 1: bonuses break ties between equal agreements. */
function adjust(agreement: number, name: number, { codeSet, names }: LexicalIndex): number {
  const entry = names.entries[name]!;
  const flags = names.flags[name]!;
  let adjusted = agreement * chapterFactor(codeSet.codes[entry]!, agreement);
  if (!codeSet.billable[entry]) adjusted *= 1 - rules.headerPenalty;
  if (flags & NAME_FLAGS.inherited) adjusted *= 1 - rules.inheritedPenalty;
  if (/unspecified|NOS/i.test(codeSet.titles[entry]!)) adjusted *= 1 + rules.unspecifiedBonus;
  if (flags & NAME_FLAGS.synonym) adjusted *= 1 + rules.synonymBonus;
  return adjusted;
}

const rounded = (score: number): number => Math.round(score * 1000) / 1000;

/** A code of the set with the words that it was found by. */
export function toCandidate(
  { entry, words }: { readonly entry: number; readonly words: string },
  score: number,
  { codes, titles, billable }: CodeSet,
): Candidate {
  return {
    code: codes[entry]!,
    display: titles[entry]!,
    billable: billable[entry]!,
    score: rounded(Math.min(1, score)),
    matched: words,
  };
}

/** "e119", "E11.9", "I10" typed as a code. */
export function exactCode(query: string, { codeSet }: LexicalIndex): Candidate | null {
  const bare = query.trim().toUpperCase().replace('.', '');
  if (!/^[A-Z][0-9A-Z]{2,6}$/.test(bare) || !/\d/.test(bare)) return null;
  const code = bare.length > 3 ? `${bare.slice(0, 3)}.${bare.slice(3)}` : bare;
  const entry = codeSet.indexOf.get(code);
  if (entry === undefined) return null;
  const display = codeSet.titles[entry]!;
  return { code, display, billable: codeSet.billable[entry]!, score: 1, matched: code };
}

interface Query {
  readonly words: ReadonlySet<string>;
  readonly terms: readonly QueryTerm[];
  readonly asked: number;
  readonly isSided: boolean;
}

function readQuery(words: readonly string[], search: LexicalIndex): Query {
  const terms = words.map((term) => queryTerm(term, search));
  const asked = terms.reduce((sum, term) => sum + term.weight, 0);
  return { words: new Set(words), terms, asked, isSided: words.some((term) => SIDE_WORDS.has(term)) };
}

/** Tversky's index of the query and one name. */
function agreementOf(index: number, { common, covered }: Overlap, { query, search }: Context): number {
  const flags = search.names.flags[index]!;
  const penalty = flags & NAME_FLAGS.synonym ? rules.synonymPenalty : rules.titlePenalty;
  const lacking = penalty * Math.max(0, search.weights[index]! - covered);
  const agreement = common / (common + rules.queryPenalty * (query.asked - common) + lacking);
  const isOtherSide = !query.isSided && (flags & NAME_FLAGS.side) !== 0;
  const isDenied = search.denied.get(search.names.entries[index]!)?.some((term) => query.words.has(term)) === true;
  return agreement * (1 - (isOtherSide ? rules.sidePenalty : 0)) * (1 - (isDenied ? rules.denialPenalty : 0));
}

interface Context {
  readonly query: Query;
  readonly search: LexicalIndex;
}

/** The name of an entry that agrees best with the query, and how much. */
export interface LexicalScore {
  /** Of the name, in LexicalIndex.names. */
  readonly index: number;
  readonly score: number;
}

/** entry -> its best name, for every entry that shares a word with the query; none where the query names nothing. */
export function lexicalScores(
  words: readonly string[],
  search: LexicalIndex,
  isLeftOut: (name: number) => boolean = () => false,
): Map<number, LexicalScore> {
  const best = new Map<number, LexicalScore>();
  const query = readQuery(words, search);
  if (query.terms.every(({ variants }) => variants.every(namesNothing))) return best;
  for (const [index, overlap] of overlaps(query.terms, search)) {
    const entry = search.names.entries[index]!;
    const score = adjust(agreementOf(index, overlap, { query, search }), index, search);
    if (score > (best.get(entry)?.score ?? 0) && !isLeftOut(index)) best.set(entry, { index, score });
  }
  return best;
}

function rank(words: readonly string[], search: LexicalIndex, limit: number): Candidate[] {
  return [...lexicalScores(words, search).entries()]
    .sort(([a, first], [b, second]) => second.score - first.score || a - b)
    .slice(0, limit)
    .map(([entry, { index, score }]) =>
      toCandidate({ entry, words: nameWords(search.names, search.codeSet, index) }, score, search.codeSet),
    );
}

/** The candidates that the phrase without its side has, each on that side where the code set has it. */
function rankOnSide(words: readonly string[], search: LexicalIndex, limit: number): Candidate[] {
  const side = words.find((word) => SIDE_WORDS.has(word));
  if (side === undefined) return [];
  const bare = words.filter((word) => !SIDE_WORDS.has(word));
  return rank(bare, search, limit).map((candidate) => {
    const entry = onSide(candidate.display, side, search.sides);
    if (entry === undefined) return { ...candidate, score: rounded(candidate.score * (1 - rules.sidelessPenalty)) };
    return { ...candidate, code: search.codeSet.codes[entry]!, display: search.codeSet.titles[entry]! };
  });
}

/** Best first; never a code outside the set. */
export function searchLexically(phrase: string, search: LexicalIndex, limit: number): Candidate[] {
  const words = [...new Set(termsOf(phrase))];
  const byCode = new Map<string, Candidate>();
  for (const candidate of [...rank(words, search, limit), ...rankOnSide(words, search, limit)]) {
    if (candidate.score > (byCode.get(candidate.code)?.score ?? 0)) byCode.set(candidate.code, candidate);
  }
  return [...byCode.values()].sort((a, b) => b.score - a.score).slice(0, limit);
}
