/** Words of a phrase as the search compares them: American spelling, light stem, abbreviations spelt out. */
import rules from '../rules/coding.json';

const WORD = /[\p{L}\p{N}]+/gu;
const WORD_RULES = new Map<string, readonly string[]>(Object.entries(rules.words));
const STOP_WORDS = new Set(rules.stopWords);

function americanSpelling(word: string): string {
  let spelled = word;
  for (const [british, american] of rules.spellings) spelled = spelled.replace(british!, american!);
  return spelled;
}

/** "fractures" -> "fracture", "biopsies" -> "biopsy"; "diabetes", "status", "pancreatitis" stay. */
export function stem(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is|tes)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.slice(0, -1);
}

/** In the order of the phrase, without stop words; an abbreviation gives several words. */
export function termsOf(phrase: string): string[] {
  const found: string[] = [];
  const plain = phrase
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/['’]s\b/g, '');
  for (const word of plain.match(WORD) ?? []) {
    if (STOP_WORDS.has(word)) continue;
    const spelled = americanSpelling(word);
    const rewritten = WORD_RULES.get(spelled);
    if (rewritten) found.push(...rewritten);
    else found.push(stem(spelled));
  }
  return found;
}
