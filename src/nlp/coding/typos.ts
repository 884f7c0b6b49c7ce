/** Words of the vocabulary one edit away from an unknown word: the deletion index of SymSpell (Garbe 2012). */

/** Shorter words are too often another word after one edit. */
const SHORTEST = 5;

function deletions(word: string): string[] {
  return Array.from(word, (_, index) => word.slice(0, index) + word.slice(index + 1));
}

export type Correct = (word: string) => readonly string[];

/** The index is made at the first unknown word: most notes never need it. */
export function makeCorrector(vocabulary: Iterable<string>): Correct {
  let index: Map<string, string[]> | null = null;
  const build = (): Map<string, string[]> => {
    const made = new Map<string, string[]>();
    for (const word of vocabulary) {
      if (word.length < SHORTEST) continue;
      for (const key of [word, ...deletions(word)]) {
        const words = made.get(key);
        if (words) words.push(word);
        else made.set(key, [word]);
      }
    }
    return made;
  };
  return (word) => {
    if (word.length < SHORTEST || word.length > 30) return [];
    index ??= build();
    const near = [word, ...deletions(word)].flatMap((key) => index!.get(key) ?? []);
    return [...new Set(near)].filter((other) => Math.abs(other.length - word.length) <= 1).slice(0, 12);
  };
}
