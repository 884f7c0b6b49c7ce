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
import { lackingWeight, makeNames, namesNothing, type Name } from './search-names';
import { NEGATED, termsOf } from './terms';
import { makeCorrector, type Correct } from './typos';

export interface CodeSearch {
  readonly codeSet: CodeSet;
  readonly names: readonly Name[];
  /** Of each name: the sum of what its terms cost where the query lacks them. */
  readonly weights: Float64Array;
  /** term -> indexes of the names that have it, doubled; odd where the term is optional in the name. */
  readonly postings: ReadonlyMap<string, readonly number[]>;
  readonly idf: ReadonlyMap<string, number>;
  readonly correct: Correct;
  readonly sides: SideIndex;
  /** entry -> what its title says is absent: "without rupture" */
  readonly denied: ReadonlyMap<number, readonly string[]>;
  /** Answers of this index so far: a note repeats its phrases. */
  readonly remembered: Map<string, readonly Candidate[]>;
}

const LIGHT_WORDS = new Set(wordRules.lightWords.flatMap(termsOf));
const SIDE_WORDS = new Set(wordRules.sideWords);
const REMEMBERED_LIMIT = 5000;

function postingsOf(names: readonly Name[]): Map<string, number[]> {
  const postings = new Map<string, number[]>();
  for (const [index, { terms }] of names.entries()) {
    for (const { term, optional } of terms) {
      const posting = index * 2 + Number(optional);
      const list = postings.get(term);
      if (list) list.push(posting);
      else postings.set(term, [posting]);
    }
  }
  return postings;
}

function deniedTerms(names: readonly Name[]): Map<number, string[]> {
  const denied = new Map<number, string[]>();
  for (const { entry, terms, isInherited } of names) {
    const absent = terms.filter(({ term }) => term.startsWith(NEGATED)).map(({ term }) => term.slice(NEGATED.length));
    if (absent.length > 0 && !isInherited) denied.set(entry, [...(denied.get(entry) ?? []), ...absent]);
  }
  return denied;
}

export function buildSearchIndex(codeSet: CodeSet): CodeSearch {
  const names = makeNames(codeSet);
  const postings = postingsOf(names);
  const idf = new Map<string, number>();
  for (const [term, list] of postings) idf.set(term, Math.log(1 + names.length / list.length) ** rules.idfExponent);
  const weights = Float64Array.from(names, ({ terms }) =>
    terms.reduce((sum, term) => sum + lackingWeight(term, idf.get(term.term)!), 0),
  );
  return {
    codeSet,
    names,
    weights,
    postings,
    idf,
    correct: makeCorrector(postings.keys()),
    sides: indexTitles(codeSet),
    denied: deniedTerms(names),
    remembered: new Map(),
  };
}

/** A word of the query with the vocabulary words that it may stand for. */
interface QueryTerm {
  readonly variants: readonly string[];
  readonly weight: number;
  /** 1, or less where the variants are guesses. */
  readonly trust: number;
}

function queryTerm(term: string, { idf, correct, names }: CodeSearch): QueryTerm {
  const factor = LIGHT_WORDS.has(term) || namesNothing(term) ? rules.lightFactor : 1;
  const known = idf.get(term);
  if (known !== undefined) return { variants: [term], weight: known * factor, trust: 1 };
  const { words, kind } = correct(term);
  const rarest = Math.log(1 + names.length) ** rules.idfExponent;
  const weight = words.length > 0 ? Math.max(...words.map((word) => idf.get(word)!)) : rarest * rules.unknownFactor;
  return { variants: words, weight: weight * factor, trust: kind === 'typo' ? rules.typoWeight : rules.prefixWeight };
}

interface Overlap {
  common: number;
  /** What the matched terms would have cost: the rest of the name's weight is what the query lacks. */
  covered: number;
}

/** For every name that shares a word with the query, how much. */
function overlaps(terms: readonly QueryTerm[], search: CodeSearch): Map<number, Overlap> {
  const found = new Map<number, Overlap>();
  for (const { variants, weight, trust } of terms) {
    const counted = variants.length > 1 ? new Set<number>() : null;
    for (const variant of variants) {
      const idf = search.idf.get(variant)!;
      const own = [false, true].map((optional) => lackingWeight({ term: variant, optional }, idf));
      for (const posting of search.postings.get(variant)!) {
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
function adjust(agreement: number, { entry, isInherited, isSynonym }: Name, { codeSet }: CodeSearch): number {
  let adjusted = agreement * chapterFactor(codeSet.codes[entry]!, agreement);
  if (!codeSet.billable[entry]) adjusted *= 1 - rules.headerPenalty;
  if (isInherited) adjusted *= 1 - rules.inheritedPenalty;
  if (/unspecified|NOS/i.test(codeSet.titles[entry]!)) adjusted *= 1 + rules.unspecifiedBonus;
  if (isSynonym) adjusted *= 1 + rules.synonymBonus;
  return adjusted;
}

const rounded = (score: number): number => Math.round(score * 1000) / 1000;

function toCandidate(index: number, score: number, search: CodeSearch): Candidate {
  const { entry, words } = search.names[index]!;
  const { codes, titles, billable } = search.codeSet;
  return {
    code: codes[entry]!,
    display: titles[entry]!,
    billable: billable[entry]!,
    score: rounded(Math.min(1, score)),
    matched: words,
  };
}

/** "e119", "E11.9", "I10" typed as a code. */
function exactCode(query: string, { codeSet }: CodeSearch): Candidate | null {
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

function readQuery(words: readonly string[], search: CodeSearch): Query {
  const terms = words.map((term) => queryTerm(term, search));
  const asked = terms.reduce((sum, term) => sum + term.weight, 0);
  return { words: new Set(words), terms, asked, isSided: words.some((term) => SIDE_WORDS.has(term)) };
}

/** Tversky's index of the query and one name. */
function agreementOf(index: number, { common, covered }: Overlap, { query, search }: Context): number {
  const name = search.names[index]!;
  const penalty = name.isSynonym ? rules.synonymPenalty : rules.titlePenalty;
  const lacking = penalty * Math.max(0, search.weights[index]! - covered);
  const agreement = common / (common + rules.queryPenalty * (query.asked - common) + lacking);
  const isOtherSide = !query.isSided && name.terms.some(({ term }) => SIDE_WORDS.has(term));
  const isDenied = search.denied.get(name.entry)?.some((term) => query.words.has(term)) === true;
  return agreement * (1 - (isOtherSide ? rules.sidePenalty : 0)) * (1 - (isDenied ? rules.denialPenalty : 0));
}

interface Context {
  readonly query: Query;
  readonly search: CodeSearch;
}

function rank(words: readonly string[], search: CodeSearch, limit: number): Candidate[] {
  const query = readQuery(words, search);
  if (query.terms.every(({ variants }) => variants.every(namesNothing))) return [];
  const best = new Map<number, { readonly index: number; readonly score: number }>();
  for (const [index, overlap] of overlaps(query.terms, search)) {
    const name = search.names[index]!;
    const score = adjust(agreementOf(index, overlap, { query, search }), name, search);
    if (score > (best.get(name.entry)?.score ?? 0)) best.set(name.entry, { index, score });
  }
  return [...best.entries()]
    .sort(([a, first], [b, second]) => second.score - first.score || a - b)
    .slice(0, limit)
    .map(([, { index, score }]) => toCandidate(index, score, search));
}

/** The candidates that the phrase without its side has, each on that side where the code set has it. */
function rankOnSide(words: readonly string[], search: CodeSearch, limit: number): Candidate[] {
  const side = words.find((word) => SIDE_WORDS.has(word));
  if (side === undefined) return [];
  const bare = words.filter((word) => !SIDE_WORDS.has(word));
  return rank(bare, search, limit).map((candidate) => {
    const entry = onSide(candidate.display, side, search.sides);
    if (entry === undefined) return { ...candidate, score: rounded(candidate.score * (1 - rules.sidelessPenalty)) };
    return { ...candidate, code: search.codeSet.codes[entry]!, display: search.codeSet.titles[entry]! };
  });
}

function rankPhrase(phrase: string, search: CodeSearch, limit: number): Candidate[] {
  const words = [...new Set(termsOf(phrase))];
  const byCode = new Map<string, Candidate>();
  for (const candidate of [...rank(words, search, limit), ...rankOnSide(words, search, limit)]) {
    if (candidate.score > (byCode.get(candidate.code)?.score ?? 0)) byCode.set(candidate.code, candidate);
  }
  return [...byCode.values()].sort((a, b) => b.score - a.score).slice(0, limit);
}

/** Best first; never a code outside the set. A phrase longer than a title can be is cut to its first 300 characters. */
export function searchCodes(search: CodeSearch, query: string, limit: number): readonly Candidate[] {
  const phrase = query.slice(0, 300);
  const key = `${limit}:${phrase}`;
  const known = search.remembered.get(key);
  if (known) return known;
  const exact = exactCode(phrase, search);
  const ranked = rankPhrase(phrase, search, limit).filter((candidate) => candidate.code !== exact?.code);
  const found = exact ? [exact, ...ranked].slice(0, limit) : ranked;
  if (search.remembered.size >= REMEMBERED_LIMIT) search.remembered.clear();
  search.remembered.set(key, found);
  return found;
}
