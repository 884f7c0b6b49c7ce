/**
 * Clinical sentences. Text is read section by section, line by line: lines are first joined to paragraphs where a
 * sentence was only wrapped, then paragraphs are cut at final punctuation. Abbreviations are rules/sentences.json:
 * - never: no sentence ends here ("Dr.");
 * - beforeDigit: none when a number follows ("No. 3");
 * - beforeLower: only one when a capitalized word follows ("pt. was", "40 mg. He");
 * - letterNouns: nouns whose letter is no initial ("hepatitis B. He");
 * - species: what follows the initial of a genus ("E. coli");
 * - openers: words that are capitalized only because a new line of the note begins with them.
 */
import type { Document, Section, Span } from './document';
import rules from './rules/sentences.json';
import { linesOf } from './sections';

const NEVER = new Set(rules.never);
const BEFORE_DIGIT = new Set(rules.beforeDigit);
const BEFORE_LOWER = new Set(rules.beforeLower);
const LETTER_NOUNS = new Set(rules.letterNouns);
const SPECIES = new Set(rules.species);
const OPENERS = new Set(rules.openers);

/** Notes are wrapped at 70 to 80 columns; a shorter line without full stop is a line of its own. */
const WRAPPED_LINE = 60;
/** A longer line was never wrapped: its line break is meant. */
const UNWRAPPED_LINE = 120;
/** Lists typed in lower case without bullets: shorter lower-case lines do not continue each other. */
const SHORT_LINE = 40;
/** Bounds what every later stage does per sentence. */
const LONGEST_SENTENCE = 1500;

const BULLET =
  /^[ \t\u00a0]{0,80}(?:[-–—*•·‣◦▪●○■□+>]{1,3}(?=[\s\p{L}?])|\d{1,3}[.)](?=\s)|[a-zA-Z][.)](?=\s)|\[[ xX]?\])/u;
const LABEL = /^[ \t]{0,80}\p{Lu}[\p{L} /&-]{0,30}:/u;
const STARTS_LOWER = /^[ \t]{0,80}\p{Ll}/u;
const UNFINISHED = /(?:[,/]|(?:^|\s)(?:and|or|with|of|to|the|a|an|for|in|on|at|by|from|was|were|is|had|has|no|not))$/i;
const FINAL = /[.!?…]["')\]”’*_]{0,3}$/;
const STOPS = /[.!?…]+["')\]”’*_]*/g;

/** Blank lines and items end a paragraph; a wrapped line does not. */
function continues(previous: string, next: string): boolean {
  if (BULLET.test(next) || FINAL.test(previous)) return false;
  const isWrapped = previous.length >= WRAPPED_LINE;
  if (!STARTS_LOWER.test(next)) {
    if (!isWrapped || previous.length > UNWRAPPED_LINE || LABEL.test(next)) return false;
    return !OPENERS.has(/[\p{L}]{1,12}/u.exec(next)?.[0].toLowerCase() ?? '');
  }
  return isWrapped || UNFINISHED.test(previous) || !STARTS_LOWER.test(previous) || previous.length >= SHORT_LINE;
}

/** Ends a line only by an abbreviation ("seen by Dr.\nSmith"): its full stop is not final. */
function withoutAbbreviation(line: string): string {
  const tail = line.slice(-12);
  const word = /([\p{L}.]{1,8})\.$/u.exec(tail)?.[1];
  return word !== undefined && NEVER.has(word.toLowerCase()) ? line.slice(0, -1) : line;
}

function paragraphsOf(text: string, body: Span): Span[] {
  const paragraphs: Span[] = [];
  let previous = '';
  for (const line of linesOf(text.slice(body.start, body.end))) {
    const start = body.start + line.start;
    const end = body.start + line.end;
    const content = text.slice(start, end).trimEnd();
    const last = paragraphs.at(-1);
    if (last && previous !== '' && content.trim() !== '' && continues(withoutAbbreviation(previous), content)) {
      paragraphs[paragraphs.length - 1] = { start: last.start, end };
    } else if (content.trim() !== '') {
      paragraphs.push({ start, end });
    }
    previous = content.trim() === '' ? '' : content;
  }
  return paragraphs;
}

/** The word that ends at `end`, at most 24 characters of it. */
function wordBefore(text: string, end: number): string {
  return /[^\s([,;:]{1,24}$/u.exec(text.slice(Math.max(0, end - 24), end))?.[0] ?? '';
}

function isInitial(text: string, start: number, next: string): boolean {
  if (!/^\p{Lu}/u.test(next)) return false;
  const before = wordBefore(text, text.slice(0, start).trimEnd().length).replace(/\.$/, '');
  if (LETTER_NOUNS.has(before.toLowerCase())) return false;
  return before === '' || /^\p{Lu}/u.test(before);
}

/** Does the full stop at `dot`, followed by white space and then `next`, end the sentence that began at `start`? */
function endsAtFullStop(paragraph: string, dot: { start: number; index: number }, next: string): boolean {
  const word = wordBefore(paragraph, dot.index);
  const key = word.toLowerCase();
  if (word === '') return dot.index > dot.start;
  if (NEVER.has(key)) return false;
  const isMarker = dot.index - word.length === dot.start && /^(?:\d{1,3}|[a-zA-Z])$/.test(word);
  if (isMarker) return false;
  if (/^\d/.test(next) && BEFORE_DIGIT.has(key)) return false;
  const isDotted = /^(?:\p{L}\.){1,5}\p{L}$/u.test(word);
  if (isDotted || BEFORE_LOWER.has(key)) return /^\p{Lu}(?:\p{Ll}|\s)/u.test(next);
  const recent = Math.max(0, dot.index - 40);
  return !(/^\p{Lu}$/u.test(word) && isInitial(paragraph.slice(recent), dot.index - 1 - recent, next));
}

/** "E. coli", "Staph. aureus". */
const isGenus = (word: string, next: string): boolean =>
  /^\p{Lu}\p{Ll}{0,5}$/u.test(word) && SPECIES.has(/^\s(\p{Ll}+)/u.exec(next)?.[1] ?? '');

/** Does the run of punctuation `stop` at `index` end the sentence that began at `start`? */
function endsSentence(paragraph: string, stop: RegExpMatchArray, start: number): boolean {
  const index = stop.index!;
  const after = index + stop[0].length;
  const next = paragraph.slice(after, after + 24);
  if (!/^\s/.test(next)) return stop[0] === '.' && isMissingSpace(paragraph, index);
  const ahead = /\S.{0,2}/su.exec(next)?.[0] ?? '';
  if (isGenus(wordBefore(paragraph, index), next)) return false;
  if (/^(?:\.{2,}|…)/.test(stop[0])) return !/^\p{Ll}/u.test(ahead);
  // "? PE" asks for a diagnosis: the question mark belongs to what follows.
  if (stop[0].startsWith('?') && (index === start || /\s/.test(paragraph[index - 1]!))) return false;
  return stop[0].startsWith('.') ? endsAtFullStop(paragraph, { start, index }, ahead) : true;
}

/** "no pain.Denies fever": a full word, a full stop and a capitalized word without the space. */
function isMissingSpace(paragraph: string, index: number): boolean {
  return (
    /\p{Ll}{3}$/u.test(paragraph.slice(Math.max(0, index - 3), index)) &&
    /^\p{Lu}\p{Ll}/u.test(paragraph.slice(index + 1, index + 5))
  );
}

function trimmed(text: string, span: Span): Span {
  const content = text.slice(span.start, span.end);
  const start = span.start + (content.length - content.trimStart().length);
  return { start, end: span.start + content.trimEnd().length };
}

/** The best place to cut a sentence that is too long: after punctuation, else at a space, else between code points. */
function cutPlace(piece: string): number {
  const latter = piece.slice(piece.length / 2);
  const punctuation = Math.max(...[', ', '; ', ': ', '. ', '\n'].map((mark) => latter.lastIndexOf(mark)));
  if (punctuation >= 0) return piece.length - latter.length + punctuation + 1;
  const space = /\s(?=\S*$)/.exec(latter)?.index ?? -1;
  if (space > 0) return piece.length - latter.length + space;
  const lastUnit = piece.charCodeAt(piece.length - 1);
  return lastUnit >= 0xd800 && lastUnit <= 0xdbff ? piece.length - 1 : piece.length;
}

/** Trims the span and cuts it to pieces that are no longer than LONGEST_SENTENCE; nothing but white space gives none. */
function sentencesIn(text: string, span: Span): Span[] {
  const pieces: Span[] = [];
  let rest = trimmed(text, span);
  while (rest.end - rest.start > LONGEST_SENTENCE) {
    const cut = rest.start + cutPlace(text.slice(rest.start, rest.start + LONGEST_SENTENCE));
    pieces.push(trimmed(text, { start: rest.start, end: cut }));
    rest = trimmed(text, { start: cut, end: rest.end });
  }
  if (rest.end > rest.start) pieces.push(rest);
  return pieces;
}

function splitParagraph(text: string, paragraph: Span): Span[] {
  const content = text.slice(paragraph.start, paragraph.end);
  const sentences: Span[] = [];
  let start = content.length - content.trimStart().length;
  for (const stop of content.matchAll(STOPS)) {
    if (!endsSentence(content, stop, start)) continue;
    const end = stop.index + stop[0].length;
    sentences.push(...sentencesIn(text, { start: paragraph.start + start, end: paragraph.start + end }));
    start = end + (/^\s*/.exec(content.slice(end, end + 200))?.[0].length ?? 0);
  }
  sentences.push(...sentencesIn(text, { start: paragraph.start + start, end: paragraph.end }));
  return sentences;
}

/**
 * Ordered, not overlapping, without surrounding white space; every other character of the text is in exactly one.
 * A heading is a sentence of its own. Needs the sections; a document without any is read as one body.
 */
export function sentencize(document: Document): Document {
  const { text } = document;
  const whole: Section = { category: 'other', title: { start: 0, end: 0 }, body: { start: 0, end: text.length } };
  const sections = document.sections.length > 0 ? document.sections : [whole];
  const sentences = sections.flatMap(({ title, body }) => [
    ...sentencesIn(text, title),
    ...paragraphsOf(text, body).flatMap((paragraph) => splitParagraph(text, paragraph)),
  ]);
  return { ...document, sentences };
}
