/**
 * Words of the vocabulary that an unknown word may stand for: one typing error away (the deletion index of SymSpell,
 * Garbe 2012), or, where there is none, begun with it.
 */

/** Shorter words are too often another word after one edit. A word as typed may be a letter shorter. */
const SHORTEST = 5;
const LONGEST = 30;
/** A shorter beginning says too little. */
const SHORTEST_PREFIX = 3;
/** More words than these and the beginning says nothing. */
const PREFIX_LIMIT = 80;

function deletions(word: string): string[] {
  return Array.from({ length: word.length }, (_, index) => word.slice(0, index) + word.slice(index + 1));
}

/** One letter lost, added, changed or swapped with its neighbour (Damerau 1964). */
export function isOneEdit(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  if (short.length < long.length) return short.slice(start) === long.slice(start + 1);
  if (short.slice(start + 1) === long.slice(start + 1)) return true;
  const swapped = short[start] === long[start + 1] && short[start + 1] === long[start];
  return swapped && short.slice(start + 2) === long.slice(start + 2);
}

export interface Correction {
  readonly words: readonly string[];
  readonly kind: 'typo' | 'prefix';
}

export type Correct = (word: string) => Correction;

function indexDeletions(vocabulary: readonly string[]): Map<string, string[]> {
  const index = new Map<string, string[]>();
  for (const word of vocabulary) {
    if (word.length < SHORTEST || word.length > LONGEST) continue;
    for (const key of new Set([word, ...deletions(word)])) {
      const words = index.get(key);
      if (words) words.push(word);
      else index.set(key, [word]);
    }
  }
  return index;
}

/** The first letter is rarely the wrong one, and another first letter is usually another word: tender, gender. */
function typosOf(word: string, index: ReadonlyMap<string, readonly string[]>): string[] {
  if (word.length < SHORTEST - 1 || word.length > LONGEST) return [];
  const near = [word, ...deletions(word)].flatMap((key) => index.get(key) ?? []);
  return [...new Set(near)].filter((other) => other[0] === word[0] && isOneEdit(word, other));
}

/** By halving: the first word of the sorted list that is not before `word`. */
function firstFrom(word: string, sorted: readonly string[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

function completionsOf(word: string, sorted: readonly string[]): string[] {
  if (word.length < SHORTEST_PREFIX) return [];
  const start = firstFrom(word, sorted);
  const words = sorted.slice(start, start + PREFIX_LIMIT + 1).filter((other) => other.startsWith(word));
  return words.length > PREFIX_LIMIT ? [] : words;
}

/** Both indexes are made at the first unknown word: most notes never need them. */
export function makeCorrector(vocabulary: Iterable<string>): Correct {
  let indexes: { readonly sorted: string[]; readonly deleted: Map<string, string[]> } | null = null;
  return (word) => {
    if (indexes === null) {
      const sorted = [...vocabulary].sort();
      indexes = { sorted, deleted: indexDeletions(sorted) };
    }
    const typos = typosOf(word, indexes.deleted);
    const completions = completionsOf(word, indexes.sorted);
    // "hypert" is being typed, not a mistyped "hyper"; "diabete" is both
    const isTypo = completions.length === 0 || typos.some((typo) => completions.includes(typo));
    return isTypo ? { words: typos, kind: 'typo' } : { words: completions, kind: 'prefix' };
  };
}
