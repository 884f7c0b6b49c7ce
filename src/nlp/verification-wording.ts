/**
 * What a decoder may do to the glossary's wording: put its words in order, join them to sentences, and say an everyday verb by
 * another of the same meaning ("received" by "got"). A word that comes from nowhere is an invention or a misspelling, and one
 * that is gone may have been a fact that no other check knows.
 */
import { stem } from './glossary-inflection';
import { tokenize } from './glossary-tokens';
import guardRules from './rules/verification.json';
import rules from './rules/verification-wording.json';
import { isContentWord } from './verification-concepts';
import { readQuantities } from './verification-quantities';

const GLUE = new Set(rules.glue.map(stem));
const DROPPABLE = new Set(rules.droppable.map(stem));

/** "keep", "keeps", "keeped", "keeping": what is no word does no harm. */
function inflected(word: string): string[] {
  const root = word.replace(/e$/, '');
  return [word, `${word}s`, `${root}ed`, `${root}ing`];
}

const GROUPS = rules.interchangeable.map((group) => group.flatMap(inflected));

function groupStems(): Map<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const stems of GROUPS.map((group) => group.map(stem))) {
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

/** "a itchy rash", "take a clopidogrel 75 mg", "you is": what a reader would stumble over. */
const UNGRAMMATICAL = /\ba (?!eu|u|one\b|once\b)[aeiou]|\ban? [\p{L}-]+ \d|\byou (?:is|has|does)\b/iu;

/** Short words count too ("ok"), but for those that only join. */
function stemsOf(text: string): Set<string> {
  return new Set(
    tokenize(text)
      .filter(({ kind, key }) => kind === 'word' && (isContentWord(key) || key.length === 2))
      .map(({ key }) => stem(key)),
  );
}

/** "Metformin 500 mg BID" is taken: the list does not say the verb. A dose alone may lie in a drawer or have been given. */
function isPrescription(source: string): boolean {
  return readQuantities(tokenize(source), []).some(({ kind }) => kind === 'instruction');
}

/** Words, and numbers with what is inside of them: "0.3", "5/325", "3-5". */
const UNIT = /\p{L}[\p{L}\p{N}]*(?:['’-]\p{L}[\p{L}\p{N}]*)*|\p{N}[\p{L}\p{N}]*(?:[.,/:×-]\p{N}[\p{L}\p{N}]*)*/gu;

/** Verbs of taking, ages and sexes, which `keepsWording` allows by the note. */
const BY_THE_NOTE = ['take', 'taken', 'year', 'years', 'old', 'man', 'woman'];

/** What may be written for a draft without a word that `keepsWording` refuses: its own words, what joins, what stands for them. */
export function wordsFor(draft: string): string[] {
  const own = draft.match(UNIT) ?? [];
  const stems = new Set(own.map((word) => stem(word.toLowerCase())));
  const groups = GROUPS.filter((group) => group.some((word) => stems.has(stem(word))));
  const lower = own.map((word) => word.toLowerCase());
  const number = lower.filter((word) => /[^s]s$/.test(word)).map((word) => word.slice(0, -1));
  return [
    ...new Set([...own, ...lower, ...number, ...groups.flat(), ...rules.glue, ...BY_THE_NOTE, ...guardRules.stopwords]),
  ];
}

/** Unless the draft reads so already. */
const isStumbling = (output: string, draft: string): boolean =>
  UNGRAMMATICAL.test(output) && !UNGRAMMATICAL.test(draft);

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
  return [...own].every(isKnown) && !MISNAMED.test(output) && !isStumbling(output, draft) && [...kept].every(isSaid);
}
