/**
 * The pieces of a sentence that change or are explained, and the small grammar that lets them stand in their places.
 * Everything between pieces is copied from the note character by character.
 */
import { CONFIDENT_SENSE, chooseForm, formOf, readWording } from './abbreviations';
import type { Document, Entity, Person, Span } from './document';
import { termAt, type Form, type Glossary, type GlossaryEntry, type TermMatch, type TokenizedText } from './glossary';
import { inflectVerb, pluralOf, takesAn } from './glossary-inflection';
import { isHyphen, phraseKey, tokenize, type Token } from './glossary-tokens';
import rules from './rules/abbreviations.json';

/** Tokens [from, to) that become `text`; span in the document. `replaced` is false where a term is only explained. */
export interface Piece extends Span {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly replaced: boolean;
  readonly entry: GlossaryEntry | null;
}

interface Reading extends TokenizedText {
  readonly glossary: Glossary;
  /** Entities and people of the sentence. */
  readonly entities: readonly Entity[];
  readonly people: readonly Person[];
  /** Written in capitals throughout, so that letter case tells nothing. */
  readonly isShouted: boolean;
}

const ATTRIBUTIVE = new Set(rules.attributive);
const PARTICIPLE_AFTER = new Set(rules.participleAfter);
const BE_FORMS = new Set(rules.beForms);
const NOUN_STOPS = new Set(rules.nounStops);
const PREPOSITIONS = new Set(rules.prepositions);
const VERB_LEADS = new Set(rules.verbLeads);
const VERB_LIKE = new Set(rules.verbLike);
const NEGATIONS = new Set(['no', 'not', 'without']);

const LETTER_OR_DIGIT = /[\p{L}\p{N}]$/u;

function digitsOf(text: string): string {
  return [...text.matchAll(/\d{1,20}/g)].map(([run]) => run).join(' ');
}

function words(text: string): string[] {
  return text.toLowerCase().split(' ');
}

function plainWording(form: Form, before: Token | undefined): string {
  const { plain, plural, kind } = form.entry;
  if (form.number === 'plural') return plural ?? pluralOf(plain);
  if (kind !== 'verb') return plain;
  const isParticiple = form.verb === 'past' && before !== undefined && PARTICIPLE_AFTER.has(before.key);
  return inflectVerb(plain, isParticiple ? 'participle' : form.verb);
}

/** Nothing that an adjective could belong to follows. */
function isPredicative(tokens: readonly Token[], to: number): boolean {
  const next = tokens[to];
  return next === undefined || next.kind !== 'word' || NOUN_STOPS.has(next.key);
}

/** "can be felt" for "palpable", "not cancer" for "benign": right after a noun, wrong before one. */
function fitsAsAdjective(plain: string, tokens: readonly Token[], match: TermMatch): boolean {
  const first = words(plain)[0]!;
  const before = tokens[match.from - 1];
  if (VERB_LIKE.has(first))
    return before?.kind === 'word' && !BE_FORMS.has(before.key) && isPredicative(tokens, match.to);
  if (PREPOSITIONS.has(first) || NEGATIONS.has(first)) return isPredicative(tokens, match.to);
  return true;
}

const PLURAL_LOOK = /[^sui]s$/;

/**
 * "left pleural effusion" must not become "left fluid around the lung": the side would belong to the fluid.
 * Nor "a medical history" "a health problems".
 */
function fitsAsNoun(plain: string, before: Token | undefined): boolean {
  if (before !== undefined && ['a', 'an'].includes(before.key) && PLURAL_LOOK.test(plain)) return false;
  const isQualified = before !== undefined && ATTRIBUTIVE.has(before.key);
  return !isQualified || !words(plain).some((word) => PREPOSITIONS.has(word));
}

/** "to follow up" is a verb, "a follow-up of" is none: a base form counts only where a verb is due. */
function fitsAsVerb(form: Form, before: Token | undefined): boolean {
  return form.verb !== 'base' || before === undefined || before.kind === 'mark' || VERB_LEADS.has(before.key);
}

function fits(form: Form, reading: Reading, match: TermMatch): boolean {
  const { entry } = form;
  const { tokens, text } = reading;
  if (entry.keep || entry.kind === 'unit') return false;
  if (digitsOf(text.slice(match.start, match.end)) !== digitsOf(entry.plain)) return false;
  if (entry.kind === 'adjective') return fitsAsAdjective(entry.plain, tokens, match);
  const before = tokens[match.from - 1];
  if (entry.kind === 'verb' || entry.kind === 'instruction') return fitsAsVerb(form, before);
  return fitsAsNoun(entry.plain, before);
}

function isProtected({ entities, people }: Reading, match: TermMatch, entry: GlossaryEntry): boolean {
  const covers = (span: Span): boolean => span.start <= match.start && match.end <= span.end;
  if (people.some((person) => covers(person) && (person.type === 'name' || person.type === 'location'))) return true;
  const isInsideDrug = entities.some(
    (entity) => entity.label === 'MEDICATION' && covers(entity) && entity.end - entity.start > match.end - match.start,
  );
  return isInsideDrug && entry.kind !== 'drug' && entry.kind !== 'abbreviation';
}

/** The sense that the entity layer decided on, else the likeliest; null where none is likely enough. */
function senseOf(reading: Reading, match: TermMatch): Form | null {
  const abbreviation = reading.entities.find(
    (item) => item.start === match.start && item.end === match.end,
  )?.abbreviation;
  const decided = abbreviation === undefined ? undefined : formOf(abbreviation.long, match.forms);
  if (abbreviation !== undefined && decided !== undefined)
    return abbreviation.score >= CONFIDENT_SENSE ? decided : null;
  const forms = reading.isShouted ? match.forms.filter((form) => form.exact === null) : match.forms;
  return chooseForm(forms, { text: reading.text, span: match }, reading.glossary);
}

const LONGEST_LETTERS = 5;

/** "4Ts", "anti-GBM" */
function hasForePart(tokens: readonly Token[], { from, start }: TermMatch): boolean {
  const before = tokens[from - 1];
  if (before?.end !== start) return false;
  return before.kind === 'number' || (isHyphen(before) && tokens[from - 2]?.key === 'anti');
}

/** "MVA-BN", "LR-5": the tokenizer leaves the hyphen between them out. */
function hasTail(tokens: readonly Token[], { to, end }: TermMatch): boolean {
  const tail = tokens[to];
  return tail?.glued === true && tail.start === end + 1 && /^(?:\p{Lu}{1,3}|\d{1,2})$/u.test(tail.text);
}

/** Letters that belong to a longer name. */
function isCompound({ tokens, text }: Reading, match: TermMatch): boolean {
  if (match.end - match.start > LONGEST_LETTERS || !/\p{Lu}/u.test(text.slice(match.start, match.end))) return false;
  return hasForePart(tokens, match) || hasTail(tokens, match);
}

function termPiece(reading: Reading, match: TermMatch): Piece | null {
  const form = isCompound(reading, match) ? null : senseOf(reading, match);
  if (form === null || isProtected(reading, match, form.entry)) return null;
  const { start, end, from, to } = match;
  const written = reading.text.slice(start, end);
  const replaced = fits(form, reading, match);
  const text = replaced ? plainWording(form, reading.tokens[from - 1]) : written;
  const isSame = text.toLowerCase() === written.toLowerCase();
  return { start, end, from, to, text: isSame ? written : text, replaced: !isSame, entry: form.entry };
}

/** A full stop that ends both the shorthand and the sentence stays with the sentence. */
function wordingPiece({ tokens }: Reading, at: number): Piece | null {
  const wording = readWording(tokens, at);
  if (wording === null) return null;
  const whole = at + wording.length;
  const to = whole === tokens.length && wording.length > 1 && tokens[whole - 1]!.text === '.' ? whole - 1 : whole;
  const isSuffix = wording.text.startsWith('-');
  const start = isSuffix ? tokens[at - 1]!.end : tokens[at]!.start;
  return { start, end: tokens[to - 1]!.end, from: at, to, text: wording.text, replaced: true, entry: null };
}

function pieceAt(reading: Reading, at: number): Piece | null {
  const wording = wordingPiece(reading, at);
  const match = termAt(reading, at, reading.glossary);
  if (match === null || (wording !== null && wording.to >= match.to)) return wording;
  return termPiece(reading, match) ?? wording;
}

const SHOUTED_WORD = /\p{Lu}{5}/u;

/** "CHF, COPD" is no shouting: it takes a longer word in capitals and no small letter at all. */
function isShouted(text: string): boolean {
  return text === text.toUpperCase() && SHOUTED_WORD.test(text);
}

function readPieces(reading: Reading): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < reading.tokens.length;) {
    const piece = pieceAt(reading, at);
    if (piece !== null) pieces.push(piece);
    at = piece?.to ?? at + 1;
  }
  return pieces;
}

function asExplanation(piece: Piece, text: string): Piece {
  return { ...piece, text: text.slice(piece.start, piece.end), replaced: false };
}

/** "CHF (congestive heart failure)" would read "heart failure (heart failure)": one of the two stays as written. */
function withoutEchoes(pieces: readonly Piece[], { tokens, text }: Reading): Piece[] {
  return pieces.map((piece, index) => {
    const [previous, next] = [pieces[index - 1], pieces[index + 1]];
    const isBracketed = (left: Piece | undefined, right: Piece | undefined): boolean =>
      left !== undefined && right?.from === left.to + 1 && tokens[left.to]!.text === '(' && left.text === right.text;
    const isAbbreviation = piece.end - piece.start <= 6;
    const echoesNext = isBracketed(piece, next) && isAbbreviation;
    const echoesPrevious = isBracketed(previous, piece) && (isAbbreviation || previous!.end - previous!.start > 6);
    const inside = tokens.slice(piece.to + 1, piece.to + 1 + words(piece.text).length);
    const isSpelledOut =
      tokens[piece.to]?.text === '(' && inside.map((token) => token.key).join(' ') === phraseKey(piece.text);
    return piece.replaced && (echoesNext || echoesPrevious || isSpelledOut) ? asExplanation(piece, text) : piece;
  });
}

/** The words of a piece without those that its neighbours already say; null where nothing of its own would remain. */
function ownWords(piece: Piece, before: string | undefined, after: string | undefined): string | null {
  let own = piece.text.split(' ');
  if (own.length > 1 && own[0]!.toLowerCase() === before) own = own.slice(1);
  if (own.length > 1 && own.at(-1)!.toLowerCase() === after) own = own.slice(0, -1);
  const [first] = own;
  const isDouble = own.length === 1 && [before, after].includes(first!.toLowerCase());
  return isDouble ? null : own.join(' ');
}

/** "blood glucose" -> "blood sugar", not "blood blood sugar". */
function withoutDoubles(pieces: readonly Piece[], { tokens, text }: Reading): Piece[] {
  const kept: Piece[] = [];
  for (const piece of pieces) {
    const previous = kept.at(-1);
    const before = previous?.to === piece.from ? words(previous.text).at(-1) : tokens[piece.from - 1]?.key;
    const own = piece.replaced ? ownWords(piece, before, tokens[piece.to]?.key) : piece.text;
    kept.push(own === null ? asExplanation(piece, text) : { ...piece, text: own });
  }
  return kept;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function startsSentence(tokens: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= 0; index -= 1) {
    const { kind, text } = tokens[index]!;
    if (kind === 'word' || kind === 'number') return false;
    if (text === '.' || text === '!' || text === '?') return true;
    if (text === ',' || text === ':' || text === ';' || text === '(') return false;
  }
  return true;
}

function withCapital(piece: Piece, { tokens, text }: Reading): Piece {
  const first = text.charAt(piece.start);
  const wasCapital = first !== first.toLowerCase();
  return piece.replaced && wasCapital && startsSentence(tokens, piece.from)
    ? { ...piece, text: capitalized(piece.text) }
    : piece;
}

/** Spaces that the shorthand went without: "w/SOB", "5d". */
function withSpaces(piece: Piece, { tokens }: Reading): Piece {
  const before = tokens[piece.from - 1];
  const after = tokens[piece.to];
  const needsLead = /^[\p{L}\p{N}]/u.test(piece.text) && before?.end === piece.start && before.kind !== 'mark';
  const trimmed = piece.text.trimEnd();
  const needsTail = LETTER_OR_DIGIT.test(trimmed) && after?.start === piece.end && after.kind !== 'mark';
  return piece.replaced ? { ...piece, text: `${needsLead ? ' ' : ''}${trimmed}${needsTail ? ' ' : ''}` } : piece;
}

/** An article before a replaced piece, as a piece of its own where it must change. */
function repairedArticle(piece: Piece, { tokens }: Reading): Piece[] {
  const article = tokens[piece.from - 1];
  if (!piece.replaced || article === undefined || !['a', 'an'].includes(article.key)) return [piece];
  const right = takesAn(piece.text) ? 'an' : 'a';
  const isGap = article.end < piece.start;
  if (!isGap || article.key === right) return [piece];
  const text = article.text.charAt(0) === 'A' ? capitalized(right) : right;
  const { start, end } = article;
  return [{ start, end, from: piece.from - 1, to: piece.from, text, replaced: true, entry: null }, piece];
}

function isTitle(document: Document, sentence: Span): boolean {
  return document.sections.some(
    ({ title }) => title.start < title.end && title.start <= sentence.start && sentence.end <= title.end + 1,
  );
}

function readingOf(sentence: Span, document: Document, glossary: Glossary): Reading {
  const { text } = document;
  const isInside = (span: Span): boolean => span.start < sentence.end && span.end > sentence.start;
  return {
    text,
    tokens: tokenize(text, sentence),
    glossary,
    entities: document.entities.filter(isInside),
    people: document.people.filter(isInside),
    isShouted: isShouted(text.slice(sentence.start, sentence.end)),
  };
}

/** The pieces of one sentence, left to right, none overlapping. Headings have none. */
export function piecesOf(sentence: Span, document: Document, glossary: Glossary): readonly Piece[] {
  if (isTitle(document, sentence)) return [];
  const reading = readingOf(sentence, document, glossary);
  const distinct = withoutDoubles(withoutEchoes(readPieces(reading), reading), reading);
  const pieces = distinct.map((piece) => withSpaces(withCapital(piece, reading), reading));
  const starts = new Set(pieces.map((piece) => piece.from));
  return pieces.flatMap((piece) =>
    repairedArticle(piece, reading).filter((part) => part === piece || !starts.has(part.from)),
  );
}
