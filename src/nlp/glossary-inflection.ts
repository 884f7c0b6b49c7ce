/** English word forms, as far as substituting one phrase for another needs them. */
import rules from './rules/inflections.json';

export type VerbForm = 'base' | 'third' | 'past' | 'participle' | 'gerund';

const PLURALS = new Map<string, string>(Object.entries(rules.irregularPlurals));
const VERBS = new Map<string, readonly string[]>(Object.entries(rules.irregularVerbs));
const STEMS = new Map<string, string>(Object.entries(rules.stems));
const DOUBLING = new Set(rules.doublingVerbs);

const CONSONANT_Y = /[^aeiou]y$/;
const SIBILANT = /(?:s|x|z|ch|sh)$/;

function pluralWord(word: string): string {
  const irregular = PLURALS.get(word);
  if (irregular !== undefined) return irregular;
  if (word.endsWith('sis')) return `${word.slice(0, -2)}es`;
  if (CONSONANT_Y.test(word)) return `${word.slice(0, -1)}ies`;
  return SIBILANT.test(word) ? `${word}es` : `${word}s`;
}

/** The plural of a noun phrase, by its last word. */
export function pluralOf(phrase: string): string {
  const at = phrase.lastIndexOf(' ') + 1;
  return phrase.slice(0, at) + pluralWord(phrase.slice(at));
}

function withEnding(verb: string, ending: 'ed' | 'ing'): string {
  if (DOUBLING.has(verb)) return `${verb}${verb.at(-1) ?? ''}${ending}`;
  if (verb.endsWith('e') && !(ending === 'ing' && verb.endsWith('ee'))) return `${verb.slice(0, -1)}${ending}`;
  if (ending === 'ed' && CONSONANT_Y.test(verb)) return `${verb.slice(0, -1)}ied`;
  return verb + ending;
}

function inflectWord(verb: string, form: VerbForm): string {
  if (form === 'third')
    return verb === 'have'
      ? 'has'
      : verb === 'be'
        ? 'is'
        : SIBILANT.test(verb) || verb.endsWith('o')
          ? `${verb}es`
          : pluralWord(verb);
  if (form === 'gerund') return withEnding(verb, 'ing');
  const irregular = VERBS.get(verb);
  if (form === 'past' || form === 'participle') return irregular?.[form === 'past' ? 0 : 1] ?? withEnding(verb, 'ed');
  return verb;
}

/** The form of a verb phrase, by its first word: "take out" -> "took out". */
export function inflectVerb(phrase: string, form: VerbForm): string {
  const space = phrase.indexOf(' ');
  const end = space === -1 ? phrase.length : space;
  return inflectWord(phrase.slice(0, end), form) + phrase.slice(end);
}

const SPOKEN_AS_CONSONANT = /^(?:uni|use|usu|uri|ute|eu|one\b|once\b)/;

/** Whether "an" stands before it. By spelling, with the words that sound otherwise ("unit", "urine", "one"). */
export function takesAn(phrase: string): boolean {
  const word = phrase.toLowerCase();
  return /^[aeiou]/.test(word) && !SPOKEN_AS_CONSONANT.test(word);
}

/** [ending, letters a word must be longer than, what stands for the ending]; the first that fits. */
const ENDINGS: readonly (readonly [string, number, string])[] = [
  ['iness', 7, 'y'],
  ['ness', 7, ''],
  ['ment', 7, ''],
  ['ies', 4, 'y'],
  ['ing', 5, ''],
  ['ed', 4, ''],
];

function withoutEnding(word: string): string {
  const found = ENDINGS.find(([ending, least]) => word.length > least && word.endsWith(ending));
  if (found !== undefined) return word.slice(0, -found[0].length) + found[2];
  if (word.length > 4 && word.endsWith('es') && SIBILANT.test(word.slice(0, -2))) return word.slice(0, -2);
  return word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

/** A crude stem: enough to see "walks", "walked" and "walking" as one word. Never shown. */
export function stem(word: string): string {
  const irregular = STEMS.get(word);
  if (irregular !== undefined) return irregular;
  const bare = withoutEnding(word.endsWith("'s") ? word.slice(0, -2) : word);
  return bare.length > 4 && bare.endsWith('e') ? bare.slice(0, -1) : bare;
}
