/**
 * What a decoder may do to the glossary's wording: put its words in order, join them to sentences, and say an everyday verb by
 * another of the same meaning ("received" by "got"). A word that comes from nowhere is an invention or a misspelling, and one
 * that is gone may have been a fact that no other check knows.
 */
import { stem } from './glossary-inflection';
import { tokenize } from './glossary-tokens';
import rules from './rules/verification-wording.json';
import { isContentWord } from './verification-concepts';
import { readQuantities } from './verification-quantities';

const GLUE = new Set(rules.glue.map(stem));
const DROPPABLE = new Set(rules.droppable.map(stem));

function groupStems(): Map<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const stems of rules.interchangeable.map((group) => group.map(stem))) {
    for (const word of stems) groups.set(word, new Set([...(groups.get(word) ?? []), ...stems]));
  }
  return groups;
}

/** Stem -> the stems that may stand in its place. */
const INTERCHANGEABLE = groupStems();

/** "67F", "a 67 yo M": the letter that answers for the word. */
const SEX_LETTERS = new Map([
  ['woman', /\d\s?(?:y[\s/]?o\.?|years?|yrs?)?[\s-]?F\b/],
  ['man', /\d\s?(?:y[\s/]?o\.?|years?|yrs?)?[\s-]?M\b/],
]);

/** "You are a functional asplenia": of a person only an age, a sex and the like are said so. */
const MISNAMED = new RegExp(
  `\\byou are an? (?!\\d{1,3}[- ](?:year|month|week|day)|(?:${rules.persons.join('|')})\\b)`,
  'i',
);

/** Short words count too ("ok"), but for those that only join. */
function stemsOf(text: string): Set<string> {
  return new Set(
    tokenize(text)
      .filter(({ kind, key }) => kind === 'word' && (isContentWord(key) || key.length === 2))
      .map(({ key }) => stem(key)),
  );
}

/** "Metformin 500 mg BID" is taken: the list does not say the verb. */
function isPrescription(source: string): boolean {
  return readQuantities(tokenize(source), []).some(({ kind }) => kind === 'dose' || kind === 'instruction');
}

function answers(word: string, others: ReadonlySet<string>): boolean {
  return others.has(word) || [...(INTERCHANGEABLE.get(word) ?? [])].some((other) => others.has(other));
}

/** Whether every word of a draft is still said, and no word is new that neither draft nor note says. */
export function keepsWording(
  output: string,
  { draft, source }: { readonly draft: string; readonly source: string },
): boolean {
  const [own, kept, noted] = [stemsOf(output), stemsOf(draft), stemsOf(source)];
  const isKnown = (word: string): boolean =>
    GLUE.has(word) ||
    answers(word, kept) ||
    answers(word, noted) ||
    SEX_LETTERS.get(word)?.test(source) === true ||
    (word === 'take' && isPrescription(source));
  const isSaid = (word: string): boolean => DROPPABLE.has(word) || answers(word, own);
  return [...own].every(isKnown) && !MISNAMED.test(output) && [...kept].every(isSaid);
}
