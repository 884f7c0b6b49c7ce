/**
 * BERT's uncased tokenization with exact UTF-16 offsets, which transformers.js does not give.
 *
 * Follows the reference BertNormalizer, BertPreTokenizer and WordPiece (Devlin et al. 2019; the `tokenizers` crate):
 * control characters dropped, white space split, CJK isolated, accents stripped (NFD without Mn), lower-cased, every
 * punctuation mark a word of its own, then greedy longest match. Agreement with Python's offsets is tested.
 */
import type { Span } from './document';

/** Words longer than this become one unknown token, as in the reference. */
const WORD_CHARACTER_LIMIT = 100;

const CONTROL = /[\p{Cc}\p{Cf}\p{Co}]/u;
const WHITE_SPACE = /\p{White_Space}/u;
const MARK = /\p{Mn}/gu;
const PUNCTUATION = /[!-/:-@[-`{-~\p{P}]/u;
const CJK = /[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF\u{20000}-\u{2A6DF}\u{2A700}-\u{2CEAF}\u{2F800}-\u{2FA1F}]/u;

/** One normalized character and the range of the text it came from. */
interface SourceCharacter extends Span {
  readonly character: string;
}

/** A piece of a word; `firstOfWord` is false for pieces that continue one ("##ing"). */
export interface Piece extends Span {
  readonly id: number;
  readonly firstOfWord: boolean;
}

export interface Vocabulary {
  readonly ids: ReadonlyMap<string, number>;
  readonly unknownId: number;
  readonly clsId: number;
  readonly sepId: number;
}

/** @param lines one piece a line, the line number is its id (vocab.txt). @throws if a special token is missing. */
export function parseVocabulary(lines: string): Vocabulary {
  const ids = new Map(lines.split('\n').map((piece, id) => [piece.replace(/\r$/, ''), id]));
  const special = (token: string): number => {
    const id = ids.get(token);
    if (id === undefined) throw new Error(`vocabulary lacks ${token}`);
    return id;
  };
  return { ids, unknownId: special('[UNK]'), clsId: special('[CLS]'), sepId: special('[SEP]') };
}

/** The normalized characters of one code point: none (control), one, or several ("ﬁ" stays, "½" stays, Hangul splits). */
function normalize(codePoint: string): string {
  if (codePoint < '\u0080') return codePoint.toLowerCase();
  return codePoint.normalize('NFD').replace(MARK, '').toLowerCase();
}

function isDropped(codePoint: string): boolean {
  if (codePoint === '\t' || codePoint === '\n' || codePoint === '\r') return false;
  return codePoint === '\uFFFD' || CONTROL.test(codePoint);
}

/** The words of a range of the text, each as its normalized characters. Linear in the length of the range. */
function* words(text: string, range: Span): Generator<SourceCharacter[]> {
  let word: SourceCharacter[] = [];
  let start = range.start;
  while (start < range.end) {
    const codePoint = String.fromCodePoint(text.codePointAt(start)!);
    const end = start + codePoint.length;
    const isBreak = WHITE_SPACE.test(codePoint);
    const isolated = !isBreak && (CJK.test(codePoint) || PUNCTUATION.test(codePoint));
    if ((isBreak || isolated) && word.length > 0) {
      yield word;
      word = [];
    }
    if (!isBreak && !isDropped(codePoint)) {
      const characters = Array.from(normalize(codePoint), (character) => ({ character, start, end }));
      if (isolated) yield characters;
      else word.push(...characters);
    }
    start = end;
  }
  if (word.length > 0) yield word;
}

/** Greedy longest match of one word; a word with an unmatched part is one unknown piece. */
function pieces(word: readonly SourceCharacter[], vocabulary: Vocabulary): Piece[] {
  const whole = { start: word[0]!.start, end: word.at(-1)!.end };
  const unknown = [{ ...whole, id: vocabulary.unknownId, firstOfWord: true }];
  if (word.length > WORD_CHARACTER_LIMIT) return unknown;
  const found: Piece[] = [];
  let from = 0;
  while (from < word.length) {
    let to = word.length;
    let id: number | undefined;
    for (; to > from; to--) {
      const part = word.slice(from, to).map((source) => source.character);
      id = vocabulary.ids.get((from > 0 ? '##' : '') + part.join(''));
      if (id !== undefined) break;
    }
    if (id === undefined) return unknown;
    found.push({ start: word[from]!.start, end: word[to - 1]!.end, id, firstOfWord: from === 0 });
    from = to;
  }
  return found;
}

/** The pieces of text.slice(range.start, range.end), with offsets into the whole text. */
export function tokenize(text: string, range: Span, vocabulary: Vocabulary): Piece[] {
  const found: Piece[] = [];
  for (const word of words(text, range)) found.push(...pieces(word, vocabulary));
  return found;
}
