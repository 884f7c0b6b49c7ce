/**
 * What a decoder may do to the glossary's wording: put its words in order and join them to sentences. A word that comes from
 * nowhere is an invention or a misspelling, and one that is gone may have been a fact that no other check knows.
 */
import { stem } from './glossary-inflection';
import { tokenize } from './glossary-tokens';
import rules from './rules/verification-wording.json';
import { isContentWord } from './verification-concepts';

const GLUE = new Set(rules.glue.map(stem));
const DROPPABLE = new Set(rules.droppable.map(stem));

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

/** Whether every word of a draft is still there, and no word is new that neither draft nor note has. */
export function keepsWording(
  output: string,
  { draft, source }: { readonly draft: string; readonly source: string },
): boolean {
  const [own, kept, noted] = [stemsOf(output), stemsOf(draft), stemsOf(source)];
  const isNew = [...own].some((word) => !kept.has(word) && !noted.has(word) && !GLUE.has(word));
  return !isNew && !MISNAMED.test(output) && [...kept].every((word) => own.has(word) || DROPPABLE.has(word));
}
