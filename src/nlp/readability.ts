/**
 * Flesch-Kincaid grade level (Kincaid et al. 1975): 0.39 words/sentence + 11.8 syllables/word - 15.59.
 * Syllables are counted as read aloud (Flesch 1948): "CHF" has three, "mg" is said as "milligrams", digits one by one.
 */
import { tokenize, type Token } from './glossary-tokens';
import rules from './rules/verification-units.json';

const SPOKEN = new Map<string, number>(Object.entries(rules.spokenSyllables));
const EXCEPTIONS = new Map<string, number>(Object.entries(rules.syllableExceptions));

/** Written vowels that are not spoken: "disease", "walked", "lobes", "mobile". */
const SILENT = [
  /[^aeiouyl]e$/,
  /[aeiouy]le$/,
  /[^aeiouytd]ed$/,
  /[aeiouy]led$/,
  /[^aeiouylszxcg]es$/,
  /[aeiouy]les$/,
  /(?:th|ph)es$/,
];
/** Neighbouring vowels spoken apart: di-et, cardi-o, nucle-us, du-al, flu-id, oste-o. */
const APART =
  /i(?=a|o|u|e[tn]|er|ed|ing|i)|e(?=o|um$|us$|al|a$|ac|an)|u(?=al|ous|at|ary|i[dnt])|[ao](?=ing)|y(?=[aeo])|o(?=[ae][dglx]|[ei]d[ae])|a(?=[eo])/g;
/** ... unless a soft consonant has swallowed the first: sta-tion, spe-cial, pa-tient, re-gion. */
const SWALLOWED = /[ctsg]i(?=on|al|an|ous|ent|enc)|[xsc]iou|^y[aeo]|[aeiou]y[aeo]/g;
/** The u of "quiet" and "language" is a consonant. */
const CONSONANT_U = /qu|gu(?=a)/g;
const VOWELS = /[aeiouy]{1,6}/g;

function occurrences(word: string, pattern: RegExp): number {
  return [...word.matchAll(pattern)].length;
}

function countWord(letters: string): number {
  const word = letters.replace(CONSONANT_U, 'kw');
  const silent = SILENT.some((pattern) => pattern.test(word)) ? 1 : 0;
  const apart = occurrences(word, APART) - Math.min(occurrences(word, APART), occurrences(word, SWALLOWED));
  const ism = /(?:sm|thm)s?$/.test(word) ? 1 : 0;
  return Math.max(1, occurrences(word, VOWELS) - silent + apart + ism);
}

const CAPITALS = /^[A-Z]{2,5}s?$/;

function countLetters(word: string): number {
  return word.length + 2 * occurrences(word, /w/g) + occurrences(word, /[70]/g);
}

/** Syllables of one word or number. Short words in capitals and words without a vowel are spelled out. */
export function countSyllables(written: string): number {
  const word = written.toLowerCase().replace(/['’]s$/, '');
  const known = SPOKEN.get(word) ?? EXCEPTIONS.get(word);
  if (known !== undefined) return known;
  const letters = word.replace(/[^a-z]/g, '');
  if (/\d/.test(word)) return Math.max(1, countLetters(word.replace(/[^a-z\d]/g, '')));
  if (CAPITALS.test(written) || !/[aeiouy]/.test(letters)) return Math.max(1, countLetters(letters));
  return countWord(letters);
}

/** Bullets, headings and lines are sentences of their own; so is what a full stop, "?" or "!" ends. */
function countSentences(text: string, tokens: readonly Token[]): number {
  let sentences = 0;
  let isOpen = false;
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    const isNewLine = previous !== undefined && text.slice(previous.end, token.start).includes('\n');
    const isEnd = /^[.!?]$/.test(token.text) && tokens[index + 1]?.glued !== true;
    if (isOpen && (isNewLine || isEnd)) isOpen = false;
    if (token.kind !== 'mark' && !isOpen) {
      isOpen = true;
      sentences += 1;
    }
  });
  return sentences;
}

/** In capitals throughout: words there are words, not abbreviations. */
function isHeading(text: string): boolean {
  return text === text.toUpperCase() && /[A-Z]{6}/.test(text);
}

/** Grade of texts that are each at least one sentence; 0 where there is no word. Never below 0: there is no such school year. */
export function fleschKincaidGrade(texts: readonly string[]): number {
  let [sentences, words, syllables] = [0, 0, 0];
  for (const text of texts) {
    const tokens = tokenize(text);
    const spoken = tokens.filter((token) => token.kind !== 'mark');
    sentences += countSentences(text, tokens);
    words += spoken.length;
    for (const token of spoken) syllables += countSyllables(isHeading(text) ? token.key : token.text);
  }
  if (words === 0) return 0;
  const grade = 0.39 * (words / sentences) + 11.8 * (syllables / words) - 15.59;
  return Math.max(0, Math.round(grade * 100) / 100);
}
