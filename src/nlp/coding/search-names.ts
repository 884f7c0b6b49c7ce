/** The searchable names of the code set: titles, inclusion terms and our synonyms, each as weighted terms. */
import rules from '../rules/coding.json';
import wordRules from '../rules/coding-words.json';
import { tabularAt, type CodeSet } from './code-set';
import { NEGATED, readTerms, rememberWords, termsOf, type Term } from './terms';

export interface Name {
  readonly entry: number;
  /** The entry whose own name it is: another than `entry` where it is inherited. */
  readonly owner: number;
  /** 0 for the owner's title, then its inclusion terms, includes and synonyms from 1. */
  readonly ordinal: number;
  readonly words: string;
  readonly terms: readonly Term[];
  readonly isSynonym: boolean;
  /** The name of a header that its unspecified leaf goes by too. */
  readonly isInherited: boolean;
}

const FREE_WORDS = new Set(wordRules.freeWords.flatMap(termsOf));
const COSTLY_WORDS = new Set(wordRules.costlyWords.flatMap(termsOf));

/** "acute", "other", "disease" alone name nothing. */
export const namesNothing = (term: string): boolean => FREE_WORDS.has(term);

/** What a term of a name costs that the query lacks. */
export function lackingWeight({ term, optional }: Term, idf: number): number {
  if (optional || term.startsWith(NEGATED) || FREE_WORDS.has(term)) return idf * rules.freeWeight;
  return COSTLY_WORDS.has(term) ? idf * rules.costlyFactor : idf;
}

/** External causes are coded only when asked for; follow-up and sequela variants repeat the initial encounter's title. */
function isSearchable(code: string): boolean {
  if (/^[V-Y]/.test(code)) return false;
  return !(code.length === 8 && /^[SMT].*[B-S]$/.test(code));
}

const SAYS_ABSENT = /\b(?:without|not|uncomplicated)\b/i;

const countWith = (title: string): number => title.match(/\bwith\b/gi)?.length ?? 0;

/** "With unspecified complications" says more than its header, not less. */
const countUnspecified = (title: string): number => title.match(/unspecified(?! complication)|NOS\b/gi)?.length ?? 0;

/** Code -> the searchable codes right below it. The list is sorted, so that they follow it. */
function childrenOf(codeSet: CodeSet): Map<string, string[]> {
  const children = new Map<string, string[]>();
  const above: string[] = [];
  for (const code of codeSet.codes) {
    while (above.length > 0 && !code.startsWith(above.at(-1)!)) above.pop();
    const parent = above.at(-1);
    above.push(code);
    if (parent === undefined || !isSearchable(code)) continue;
    const sisters = children.get(parent);
    if (sisters) sisters.push(code);
    else children.set(parent, [code]);
  }
  return children;
}

/**
 * Header -> the billable code below it that adds nothing: at every step the only child, or the one that says
 * "unspecified" once more than its header and more often than its sisters (at a tie the last: residual digits are high;
 * a fracture is displaced unless said otherwise, guideline I.C.19.c), or the one that says
 * "without" or "not", no further "with", and nothing more than others of that kind.
 */
export function unspecifiedLeaves(codeSet: CodeSet): Map<string, string> {
  const children = childrenOf(codeSet);
  const titleOf = (code: string): string => codeSet.titles[codeSet.indexOf.get(code)!]!;
  const plainest = (code: string): string | undefined => {
    const below = children.get(code) ?? [];
    if (below.length === 1) return below[0];
    const counts = below.map((child) => countUnspecified(titleOf(child)));
    const most = Math.max(0, ...counts);
    const vaguest = below.filter((child, index) => counts[index] === most && !/^nondisplaced/i.test(titleOf(child)));
    if (most > countUnspecified(titleOf(code)) && vaguest.length < below.length) return vaguest.at(-1);
    const withs = countWith(titleOf(code));
    const without = below.filter((child) => SAYS_ABSENT.test(titleOf(child)) && countWith(titleOf(child)) === withs);
    return without.find((child) => without.every((other) => titleOf(other).startsWith(titleOf(child))));
  };
  const leaves = new Map<string, string>();
  for (const header of children.keys()) {
    let code = plainest(header);
    while (code !== undefined && children.has(code)) code = plainest(code);
    if (code !== undefined) leaves.set(header, code);
  }
  return leaves;
}

function uniqueTerms(terms: readonly Term[]): Term[] {
  const byTerm = new Map<string, Term>();
  for (const found of terms) {
    const known = byTerm.get(found.term);
    if (!known || known.optional) byTerm.set(found.term, found);
  }
  return [...byTerm.values()];
}

export function makeNames(codeSet: CodeSet): Name[] {
  const readWord = rememberWords();
  const leaves = unspecifiedLeaves(codeSet);
  const names: Name[] = [];
  for (const [entry, code] of codeSet.codes.entries()) {
    if (!isSearchable(code)) continue;
    const leaf = leaves.get(code);
    const add = (words: string, ordinal: number, isSynonym: boolean): void => {
      const terms = uniqueTerms(readTerms(words, readWord));
      const name = { owner: entry, ordinal, words, terms, isSynonym };
      names.push({ ...name, entry, isInherited: false });
      if (leaf !== undefined) names.push({ ...name, entry: codeSet.indexOf.get(leaf)!, isInherited: true });
    };
    const { inclusions, includes, synonyms } = tabularAt(codeSet, entry);
    if (!codeSet.titles[entry]!.startsWith('[Category')) add(codeSet.titles[entry]!, 0, false);
    const own = [...inclusions, ...includes, ...synonyms];
    const firstSynonym = inclusions.length + includes.length;
    for (const [index, words] of own.entries()) add(words, index + 1, index >= firstSynonym);
  }
  return names;
}
