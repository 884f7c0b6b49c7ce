/** Tokens of a sentence for cue matching: words, marks such as "(-)" or "[x]", and single punctuation signs. */
import type { Span } from './document';

export interface Token extends Span {
  /**
   * What rules compare with: lower case with a straight apostrophe. A leading sign that answers an item ("+cough",
   * ", - fever") reads "<plus>" or "<minus>", a question mark before a word "<question>", an empty box "[]", a ticked one
   * "[x]". Offsets never come from it.
   */
  readonly word: string;
}

const TOKEN = /\[ {0,2}[xX\u2713]? {0,2}\]|\([+\u2212\u2013-]\)|[+\u2212-]ve\b|[\p{L}\p{N}]+(?:['\u2019]\p{L}+)?|\S/gu;
const BOX = /^\[ *([xX\u2713]?) *\]$/;
const INTRODUCING = new Set([',', ';', ':', '(']);

function normalize(text: string): string {
  const box = BOX.exec(text);
  if (box) return box[1] === '' ? '[]' : '[x]';
  return text
    .toLowerCase()
    .replace(/\u2019/g, "'")
    .replace(/[\u2212\u2013]/g, '-');
}

function isWord(text: string | undefined): boolean {
  return text !== undefined && /^[\p{L}\p{N}]/u.test(text);
}

interface Sign {
  readonly index: number;
  readonly word: '<plus>' | '<minus>';
  /** Enough by itself to read the sentence's signs as answers. */
  readonly telling: boolean;
}

/** Glued to the word before it ("HLA-B27"), a sign belongs to that word, unless the gap is punctuation. */
function isGlued(token: Token, previous: Token | undefined): boolean {
  return previous?.end === token.start && !INTRODUCING.has(previous.word);
}

/** A sign that stands before a word and after a gap may answer it: "+ cough, - fever"; not "+2 pulses". */
function readSign(text: string, tokens: readonly Token[], index: number): Sign | undefined {
  const token = tokens[index]!;
  if (token.word !== '+' && token.word !== '-') return undefined;
  const previous = tokens[index - 1];
  const next = tokens[index + 1];
  if (next === undefined || !/^\p{L}/u.test(next.word) || isGlued(token, previous)) return undefined;
  if (token.word === '+') return { index, word: '<plus>', telling: true };
  const introduced = previous !== undefined && INTRODUCING.has(previous.word);
  const sameLine = introduced && !text.slice(previous.end, token.start).includes('\n');
  return { index, word: '<minus>', telling: sameLine && token.end === next.start };
}

/** A dash alone is a bullet or punctuation; beside a plus sign or right after a comma or colon it denies. */
function readSigns(text: string, tokens: Token[]): void {
  const signs = tokens.flatMap((_, index) => readSign(text, tokens, index) ?? []);
  const signed = signs.some(({ telling }) => telling);
  for (const { index, word } of signs) {
    if (signed || word === '<plus>') tokens[index] = { ...tokens[index]!, word };
  }
}

function readQuestions(tokens: Token[]): void {
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (token.word !== '?' || !isWord(next?.word)) continue;
    if (tokens[index - 1]?.end !== token.start) tokens[index] = { ...token, word: '<question>' };
  }
}

/** Linear in the sentence's length; spans are offsets into the whole text. */
export function tokenize(text: string, sentence: Span): Token[] {
  const tokens: Token[] = [];
  for (const match of text.slice(sentence.start, sentence.end).matchAll(TOKEN)) {
    const start = sentence.start + match.index;
    tokens.push({ start, end: start + match[0].length, word: normalize(match[0]) });
  }
  readSigns(text, tokens);
  readQuestions(tokens);
  return tokens;
}

/** Index of the first token that ends after the offset. */
export function firstTokenAfter(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.end <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
