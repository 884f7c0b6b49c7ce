/**
 * SARI (Xu et al., TACL 2016): how well a rewrite keeps, deletes and adds words against references, 0 to 100; the arithmetic
 * mean of F1 of kept, precision of deleted and F1 of added n-grams, n from 1 to 4, by sentence.
 */
const LONGEST = 4;

export interface SariScore {
  readonly sari: number;
  readonly keep: number;
  readonly remove: number;
  readonly add: number;
}

type Counts = Map<string, number>;

/** Lower case, words and marks apart. */
export function sariTokens(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+(?:[.'’-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu) ?? [];
}

function ngrams(tokens: readonly string[], n: number): Counts {
  const counts: Counts = new Map();
  for (let at = 0; at + n <= tokens.length; at++) {
    const key = tokens.slice(at, at + n).join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function scaled(counts: Counts, factor: number): Counts {
  return new Map([...counts].map(([key, count]) => [key, count * factor]));
}

function both(a: Counts, b: Counts): Counts {
  return new Map([...a].flatMap(([key, count]) => (b.has(key) ? [[key, Math.min(count, b.get(key)!)]] : [])));
}

function minus(a: Counts, b: Counts): Counts {
  return new Map(
    [...a].map(([key, count]): [string, number] => [key, count - (b.get(key) ?? 0)]).filter(([, count]) => count > 0),
  );
}

/** Sum over the keys of `part` of part/whole. */
function ratioSum(part: Counts, whole: Counts): number {
  return [...part].reduce((sum, [key, count]) => sum + count / whole.get(key)!, 0);
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const f1 = (precision: number, recall: number): number => share(2 * precision * recall, precision + recall);

interface NgramSide {
  readonly source: Counts;
  readonly output: Counts;
  /** Over all references. */
  readonly references: Counts;
  readonly referenceCount: number;
}

function keepScore({ source, output, references, referenceCount }: NgramSide): number {
  const [from, to] = [scaled(source, referenceCount), scaled(output, referenceCount)];
  const kept = both(from, to);
  const good = both(kept, references);
  const wanted = both(from, references);
  const precision = share(ratioSum(good, kept), kept.size);
  const recall = share(ratioSum(good, wanted), wanted.size);
  return f1(precision, recall);
}

function removeScore({ source, output, references, referenceCount }: NgramSide): number {
  const [from, to] = [scaled(source, referenceCount), scaled(output, referenceCount)];
  const removed = minus(from, to);
  const good = minus(removed, references);
  return share(ratioSum(good, removed), removed.size);
}

function addScore({ source, output, references }: NgramSide): number {
  const added = new Set([...output.keys()].filter((key) => !source.has(key)));
  const wanted = new Set([...references.keys()].filter((key) => !source.has(key)));
  const good = [...added].filter((key) => references.has(key)).length;
  return f1(share(good, added.size), share(good, wanted.size));
}

/** One sentence against one or more references. Empty parts count as 0, as in the original script. */
export function sari(source: string, output: string, references: readonly string[]): SariScore {
  const sides = Array.from({ length: LONGEST }, (_, index): NgramSide => {
    const merged: Counts = new Map();
    for (const reference of references) {
      for (const [key, count] of ngrams(sariTokens(reference), index + 1))
        merged.set(key, (merged.get(key) ?? 0) + count);
    }
    return {
      source: ngrams(sariTokens(source), index + 1),
      output: ngrams(sariTokens(output), index + 1),
      references: merged,
      referenceCount: references.length,
    };
  });
  const mean = (score: (side: NgramSide) => number): number =>
    (100 * sides.reduce((sum, side) => sum + score(side), 0)) / LONGEST;
  const [keep, remove, add] = [mean(keepScore), mean(removeScore), mean(addScore)];
  return { sari: (keep + remove + add) / 3, keep, remove, add };
}
