/**
 * Lexical search: a phrase against titles, inclusion terms and our synonyms, by idf-weighted overlap.
 *
 * The score is Tversky's index (1977) over words weighted by inverse document frequency: common / (common + what only
 * the query has + a share of what only the title has). Unlike BM25 it lies in [0, 1] and compares between phrases, so
 * that one threshold can abstain. Weights and word lists are data: rules/coding.json.
 */
import type { Candidate } from '../document';
import rules from '../rules/coding.json';
import type { CodeSet } from './code-set';
import { termsOf } from './terms';
import { makeCorrector, type Correct } from './typos';

/** One searchable name of a code. */
interface Name {
  readonly entry: number;
  readonly words: string;
  readonly terms: readonly string[];
  readonly weight: number;
  readonly isTitle: boolean;
}

export interface CodeSearch {
  readonly codeSet: CodeSet;
  readonly names: readonly Name[];
  /** term -> indexes of the names that have it */
  readonly postings: ReadonlyMap<string, readonly number[]>;
  readonly idf: ReadonlyMap<string, number>;
  readonly correct: Correct;
  /** Answers of this index so far: a note repeats its phrases. */
  readonly remembered: Map<string, readonly Candidate[]>;
}

const FREE_WORDS = new Set(rules.freeWords.flatMap(termsOf));
const SIDE_WORDS = new Set(rules.sideWords);
const REMEMBERED_LIMIT = 5000;

/** External causes are coded only when asked for; follow-up and sequela variants repeat the initial encounter's title. */
function isSearchable(code: string): boolean {
  if (/^[V-Y]/.test(code)) return false;
  return !(code.length === 8 && /^[SMT]/.test(code) && !code.endsWith('A'));
}

function makeNames(codeSet: CodeSet): Omit<Name, 'weight'>[] {
  const names: Omit<Name, 'weight'>[] = [];
  for (const [entry, code] of codeSet.codes.entries()) {
    if (!isSearchable(code)) continue;
    const add = (words: string, isTitle: boolean): void => {
      names.push({ entry, words, terms: [...new Set(termsOf(words))], isTitle });
    };
    add(codeSet.titles[entry]!, true);
    for (const words of codeSet.tabular.get(entry)?.inclusions ?? []) add(words, true);
    for (const words of codeSet.tabular.get(entry)?.synonyms ?? []) add(words, false);
  }
  return names;
}

const termWeight = (term: string, idf: ReadonlyMap<string, number>, rarest: number): number => idf.get(term) ?? rarest;

/** What a title word costs that the query lacks. */
const missingWeight = (term: string, weight: number): number =>
  FREE_WORDS.has(term) ? weight * rules.freeWeight : weight;

export function buildSearchIndex(codeSet: CodeSet): CodeSearch {
  const unweighted = makeNames(codeSet);
  const postings = new Map<string, number[]>();
  for (const [index, name] of unweighted.entries()) {
    for (const term of name.terms) {
      const list = postings.get(term);
      if (list) list.push(index);
      else postings.set(term, [index]);
    }
  }
  const idf = new Map<string, number>();
  for (const [term, list] of postings) idf.set(term, Math.log(1 + unweighted.length / list.length));
  const names = unweighted.map((name) => ({
    ...name,
    weight: name.terms.reduce((sum, term) => sum + missingWeight(term, idf.get(term)!), 0),
  }));
  return { codeSet, names, postings, idf, correct: makeCorrector(postings.keys()), remembered: new Map() };
}

/** A word of the query with the vocabulary words that it may stand for. */
interface QueryTerm {
  readonly variants: readonly string[];
  readonly weight: number;
  /** 1, or less where the variants are corrections. */
  readonly trust: number;
}

function queryTerms(query: string, { idf, correct, names }: CodeSearch): QueryTerm[] {
  const rarest = Math.log(1 + names.length);
  return [...new Set(termsOf(query))].map((term) => {
    if (idf.has(term)) return { variants: [term], weight: termWeight(term, idf, rarest), trust: 1 };
    const variants = correct(term);
    const weight = variants.length > 0 ? Math.max(...variants.map((other) => idf.get(other)!)) : rarest * 0.8;
    return { variants, weight, trust: rules.typoWeight };
  });
}

interface Overlap {
  common: number;
  /** Weight of the name's own words that were matched: the rest of the name is what the query lacks. */
  covered: number;
}

/** For every name that shares a word with the query, how much. */
function overlaps(terms: readonly QueryTerm[], search: CodeSearch): Map<number, Overlap> {
  const found = new Map<number, Overlap>();
  for (const { variants, weight, trust } of terms) {
    const counted = new Set<number>();
    for (const variant of variants) {
      const own = missingWeight(variant, search.idf.get(variant)!);
      for (const name of search.postings.get(variant)!) {
        if (counted.has(name)) continue;
        counted.add(name);
        const overlap = found.get(name) ?? { common: 0, covered: 0 };
        overlap.common += weight * trust;
        overlap.covered += own;
        found.set(name, overlap);
      }
    }
  }
  return found;
}

function chapterPenalty(code: string): number {
  const chapters: Readonly<Record<string, number>> = rules.chapterPenalty;
  return chapters[code.slice(0, 2)] ?? chapters[code[0]!] ?? 0;
}

/** May exceed 1: bonuses break ties between equal agreements. */
function adjust(score: number, name: Name, { codeSet }: CodeSearch): number {
  const code = codeSet.codes[name.entry]!;
  let adjusted = score * (1 - chapterPenalty(code));
  if (!codeSet.billable[name.entry]) adjusted *= 1 - rules.headerPenalty;
  if (/unspecified|NOS/i.test(codeSet.titles[name.entry]!)) adjusted *= 1 + rules.unspecifiedBonus;
  if (!name.isTitle) adjusted *= 1 + rules.synonymBonus;
  return adjusted;
}

function toCandidate(index: number, score: number, search: CodeSearch): Candidate {
  const { entry, words } = search.names[index]!;
  const { codes, titles, billable } = search.codeSet;
  return {
    code: codes[entry]!,
    display: titles[entry]!,
    billable: billable[entry]!,
    score: Math.round(Math.min(1, score) * 1000) / 1000,
    matched: words,
  };
}

/** "e119", "E11.9", "I10" typed as a code. */
function exactCode(query: string, { codeSet }: CodeSearch): Candidate | null {
  const bare = query.trim().toUpperCase().replace('.', '');
  if (!/^[A-Z]\d[0-9A-Z]{1,5}$/.test(bare)) return null;
  const code = bare.length > 3 ? `${bare.slice(0, 3)}.${bare.slice(3)}` : bare;
  const entry = codeSet.indexOf.get(code);
  if (entry === undefined) return null;
  const display = codeSet.titles[entry]!;
  return { code, display, billable: codeSet.billable[entry]!, score: 1, matched: code };
}

function rank(query: string, search: CodeSearch, limit: number): Candidate[] {
  const terms = queryTerms(query, search);
  // "acute", "other", "disease" alone name nothing
  if (terms.every(({ variants }) => variants.every((variant) => FREE_WORDS.has(variant)))) return [];
  const asked = terms.reduce((sum, term) => sum + term.weight, 0);
  const sided = terms.some((term) => term.variants.some((variant) => SIDE_WORDS.has(variant)));
  const best = new Map<number, [name: number, score: number]>();
  for (const [index, { common, covered }] of overlaps(terms, search)) {
    const name = search.names[index]!;
    const lacking = rules.titlePenalty * Math.max(0, name.weight - covered);
    const side = !sided && name.terms.some((term) => SIDE_WORDS.has(term)) ? rules.headerPenalty : 0;
    const raw = common / (common + rules.queryPenalty * (asked - common) + lacking);
    const score = adjust(raw * (1 - side), name, search);
    const previous = best.get(name.entry);
    if (!previous || score > previous[1]) best.set(name.entry, [index, score]);
  }
  return [...best.values()]
    .sort((a, b) => b[1] - a[1] || search.names[a[0]]!.entry - search.names[b[0]]!.entry)
    .slice(0, limit)
    .map(([index, score]) => toCandidate(index, score, search));
}

/** Best first; never a code outside the set. A phrase longer than a title can be is cut to its first 300 characters. */
export function searchCodes(search: CodeSearch, query: string, limit: number): readonly Candidate[] {
  const phrase = query.slice(0, 300);
  const key = `${limit}:${phrase}`;
  const known = search.remembered.get(key);
  if (known) return known;
  const exact = exactCode(phrase, search);
  const ranked = rank(phrase, search, limit).filter((candidate) => candidate.code !== exact?.code);
  const found = exact ? [exact, ...ranked].slice(0, limit) : ranked;
  if (search.remembered.size >= REMEMBERED_LIMIT) search.remembered.clear();
  search.remembered.set(key, found);
  return found;
}
