/** Whether a text says things again that another says once: a decoder that loops, or a term put in twice. */
import rules from './rules/verification.json';
import { isContentWord } from './verification-concepts';
import type { Facts } from './verification-facts';

const { repeatedWords, repeatedRuns, longestLoop } = rules.lengths;
const SIG_WORDS = new Set(rules.sigWords);

function wordKeys(facts: Facts): string[] {
  return facts.tokens.filter((token) => token.kind !== 'mark').map((token) => token.key);
}

/** How many runs of words with at least two that carry meaning were said before; a list of medicines repeats its sigs. */
function countRepeatedRuns(facts: Facts): number {
  const words = wordKeys(facts);
  const runs = new Set<string>();
  let repeated = 0;
  for (let at = 0; at + repeatedWords <= words.length; at += 1) {
    const run = words.slice(at, at + repeatedWords);
    if (run.filter((word) => isContentWord(word) && !SIG_WORDS.has(word)).length < 2) continue;
    if (runs.has(run.join(' '))) repeated += 1;
    runs.add(run.join(' '));
  }
  return repeated;
}

/** Sentences inside the text, as keys; short ones say too little to count as repeated. */
function countRepeatedParts(facts: Facts): number {
  const parts = facts.joined
    .split(/ [.!?;](?: [.!?;]){0,9} /)
    .map((part) => part.trim())
    .filter((part) => part.includes(' '));
  return parts.length - new Set(parts).size;
}

/** The same words twice without a break: "leg leg", "in the leg in the leg". */
function countLoops(facts: Facts): number {
  const words = wordKeys(facts);
  let loops = 0;
  for (let length = 1; length <= longestLoop; length += 1) {
    let same = 0;
    words.forEach((word, at) => {
      same = at >= length && word === words[at - length] && (length > 1 || isContentWord(word)) ? same + 1 : 0;
      if (same === length) loops += 1;
    });
  }
  // "in the nose or nose"
  return loops + [...facts.joined.matchAll(/(?<= )(\p{L}{4,}) (?:or|and|,) \1(?= )/gu)].length;
}

export function isRepetitive(source: Facts, output: Facts): boolean {
  return (
    countRepeatedRuns(output) > countRepeatedRuns(source) + repeatedRuns ||
    countRepeatedParts(output) > countRepeatedParts(source) ||
    countLoops(output) > countLoops(source)
  );
}
