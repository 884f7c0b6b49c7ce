/**
 * Tokens for everything that reads wording rather than meaning: glossary, sigs, fact guard.
 * Hyphens that join a word to its neighbour are not tokens, so "x-ray" and "x ray", "67-year-old" and "67 year old" read alike;
 * a hyphen between two numbers is one, because it is a range.
 */
import type { Span } from './document';

export type TokenKind = 'word' | 'number' | 'mark';

export interface Token extends Span {
  readonly kind: TokenKind;
  readonly text: string;
  /** Lower case with straight apostrophes; may differ in length from `text`, so never used for offsets. */
  readonly key: string;
  /** Nothing, or only a dropped hyphen, stands between it and the token before. */
  readonly glued: boolean;
}

/** Bounded repeats keep every match short; a longer run simply continues as the next token. */
const TOKEN =
  /(\d{1,20}(?:[.,]\d{1,9}){0,4})|(\p{L}[\p{L}\p{M}\p{N}]{0,80}(?:['’]\p{L}{1,20})?)|\s{1,200}|([^\s\p{L}\d]|[^])/gu;
const HYPHENS = new Set(['-', '\u2010', '\u2011', '\u2013']);

export function isHyphen(token: Token | undefined): boolean {
  return token?.kind === 'mark' && HYPHENS.has(token.text);
}

function rawTokens(text: string, span: Span): Token[] {
  const tokens: Token[] = [];
  let reached = span.start;
  for (const match of text.slice(span.start, span.end).matchAll(TOKEN)) {
    const [whole, number, word, mark] = match;
    const kind = number !== undefined ? 'number' : word !== undefined ? 'word' : mark !== undefined ? 'mark' : null;
    if (kind === null) continue;
    const start = span.start + match.index;
    const key = whole.toLowerCase().replace('’', "'");
    tokens.push({
      start,
      end: start + whole.length,
      kind,
      text: whole,
      key,
      glued: start === reached && start > span.start,
    });
    reached = start + whole.length;
  }
  return tokens;
}

/** ".5" after a space is one number: losing its point would be a tenfold dose. */
function isLeadingPoint(tokens: readonly Token[], at: number): boolean {
  const [before, point, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (point?.text !== '.' || after?.kind !== 'number' || !after.glued) return false;
  return !point.glued || before?.kind === 'mark';
}

function isJoiningHyphen(tokens: readonly Token[], at: number): boolean {
  const [before, hyphen, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (!isHyphen(hyphen) || !hyphen?.glued || !after?.glued || before === undefined) return false;
  const kinds = `${before.kind} ${after.kind}`;
  return kinds === 'word word' || kinds === 'word number' || kinds === 'number word';
}

export function tokenize(text: string, span: Span = { start: 0, end: text.length }): Token[] {
  const raw = rawTokens(text, span);
  const tokens: Token[] = [];
  for (let at = 0; at < raw.length; at += 1) {
    const token = raw[at]!;
    if (isJoiningHyphen(raw, at)) continue;
    if (isLeadingPoint(raw, at)) {
      const number = raw[at + 1]!;
      const written = token.text + number.text;
      tokens.push({ ...number, start: token.start, text: written, key: written, glued: token.glued });
      at += 1;
    } else tokens.push(token);
  }
  return tokens;
}

/** The spelling under which a phrase is looked up: token keys joined by one space. */
export function phraseKey(text: string): string {
  return tokenize(text)
    .map((token) => token.key)
    .join(' ');
}

export interface PhraseIndex<T> {
  readonly phrases: ReadonlyMap<string, T>;
  /** First token -> tokens of the longest phrase that begins with it: bounds every lookup. */
  readonly longest: ReadonlyMap<string, number>;
}

export interface PhraseMatch<T> {
  readonly value: T;
  readonly length: number;
}

/** No phrase of ours is longer; a longer one would make lookups slow for nothing. */
export const LONGEST_PHRASE = 9;

/** `phrases` are keys as phraseKey writes them. */
export function indexPhrases<T>(phrases: ReadonlyMap<string, T>): PhraseIndex<T> {
  const longest = new Map<string, number>();
  for (const phrase of phrases.keys()) {
    const words = phrase.split(' ');
    const first = words[0]!;
    longest.set(first, Math.min(LONGEST_PHRASE, Math.max(longest.get(first) ?? 0, words.length)));
  }
  return { phrases, longest };
}

export function indexForms<T>(pairs: Iterable<readonly [string, T]>): PhraseIndex<T> {
  const phrases = new Map<string, T>();
  for (const [form, value] of pairs) {
    const key = phraseKey(form);
    if (key !== '' && !phrases.has(key)) phrases.set(key, value);
  }
  return indexPhrases(phrases);
}

/** The longest phrase of the index that begins at token `at`. */
export function matchPhrase<T>(index: PhraseIndex<T>, tokens: readonly Token[], at: number): PhraseMatch<T> | null {
  const first = tokens[at];
  const limit = first === undefined ? undefined : index.longest.get(first.key);
  if (first === undefined || limit === undefined) return null;
  let longest: PhraseMatch<T> | null = null;
  let phrase = first.key;
  for (let length = 1; length <= limit; length += 1) {
    const value = index.phrases.get(phrase);
    if (value !== undefined) longest = { value, length };
    phrase += ` ${tokens[at + length]?.key ?? ''}`;
  }
  return longest;
}
