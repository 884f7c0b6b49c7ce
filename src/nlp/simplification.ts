/**
 * Plain language, sentence by sentence: a proposal, checked by the fact guard, or the note's own words with their terms explained.
 * A proposal that fails the guard is never shown.
 */
import type {
  Document,
  Entity,
  ExplainedTerm,
  Readability,
  SimplificationMethod,
  SimplifiedSentence,
  Span,
} from './document';
import { findTerms, type Glossary } from './glossary';
import { tokenize } from './glossary-tokens';
import { fleschKincaidGrade } from './readability';
import { piecesOf, type Piece } from './simplification-pieces';
import { verify, type FactSide } from './verification';
import { keepsWording } from './verification-wording';

/** A replaced piece: where it stood in the note, where its words stand in the proposal. */
export interface Alignment {
  readonly source: Span;
  readonly output: Span;
}

export interface Proposal {
  readonly text: string;
  readonly terms: readonly ExplainedTerm[];
  readonly alignment: readonly Alignment[];
}

export interface SimplificationRequest {
  readonly document: Document;
  readonly sentence: Span;
  readonly glossary: Glossary;
  /** The decoder's wording, where there is one: tried first, and held to the same facts. */
  readonly generated?: Proposal;
}

/** Whose definitions they are. */
const ORIGIN = 'Plainchart glossary';

function explain(piece: Piece, span: Span, text: string): ExplainedTerm[] {
  if (piece.entry === null || span.end <= span.start) return [];
  return [{ ...span, text: text.slice(span.start, span.end), definition: piece.entry.definition, origin: ORIGIN }];
}

/** The span of a piece's words, without the spaces that were added around them. */
function wordsSpan(start: number, text: string): Span {
  const lead = text.length - text.trimStart().length;
  return { start: start + lead, end: start + lead + text.trim().length };
}

/** The sentence in plain words, by abbreviations, sigs and glossary alone. Everything else is copied. */
export function proposeSubstitution(sentence: Span, document: Document, glossary: Glossary): Proposal {
  const pieces = piecesOf(sentence, document, glossary);
  const placed: { piece: Piece; span: Span }[] = [];
  let text = '';
  let reached = sentence.start;
  for (const piece of pieces) {
    text += document.text.slice(reached, piece.start);
    placed.push({ piece, span: wordsSpan(text.length, piece.text) });
    text += piece.text;
    reached = piece.end;
  }
  text += document.text.slice(reached, sentence.end);
  return {
    text,
    terms: placed.flatMap(({ piece, span }) => explain(piece, span, text)),
    alignment: placed
      .filter(({ piece }) => piece.replaced)
      .map(({ piece: { start, end }, span }) => ({ source: { start, end }, output: span })),
  };
}

/** The terms of the sentence as the note words it; spans into its slice. */
function explainSource({ document, sentence, glossary }: SimplificationRequest): ExplainedTerm[] {
  const text = document.text.slice(sentence.start, sentence.end);
  return piecesOf(sentence, document, glossary).flatMap((piece) =>
    explain(piece, { start: piece.start - sentence.start, end: piece.end - sentence.start }, text),
  );
}

function entitiesOf({ document, sentence }: Omit<SimplificationRequest, 'generated'>): Entity[] {
  return document.entities
    .filter((entity) => entity.start >= sentence.start && entity.end <= sentence.end)
    .map((entity) => ({ ...entity, start: entity.start - sentence.start, end: entity.end - sentence.start }));
}

/** What the note's own sentence claims: the side that every wording is held against. */
export function sourceSide(request: Omit<SimplificationRequest, 'generated'>): FactSide {
  const { document, sentence, glossary } = request;
  return { text: document.text.slice(sentence.start, sentence.end), entities: entitiesOf(request), glossary };
}

function accepted(
  request: SimplificationRequest,
  proposal: Proposal,
  method: SimplificationMethod,
): SimplifiedSentence {
  const { text, terms } = proposal;
  return { source: request.sentence, text, method, verdict: 'verified', reasons: [], terms };
}

/** Shorter pieces are list items and headings, and so are a few words in capitals; longer ones are tables. */
const REWORDED = { fewestWords: 3, headlineWords: 4, mostCharacters: 600 };

/** What the decoder is to reword; null where the sentence is left to the glossary. */
export function draftToReword({
  document,
  sentence,
  glossary,
}: Omit<SimplificationRequest, 'generated'>): string | null {
  const { text } = proposeSubstitution(sentence, document, glossary);
  const draft = text.replace(/\s+/g, ' ').trim();
  const words = draft.match(/\p{L}{2,}/gu) ?? [];
  const isTitle = document.sections.some(
    ({ title }) => title.start < title.end && title.start <= sentence.start && sentence.end <= title.end + 1,
  );
  const source = document.text.slice(sentence.start, sentence.end);
  const isHeadline = words.length <= REWORDED.headlineWords && source === source.toUpperCase();
  const isOfSize = words.length >= REWORDED.fewestWords && draft.length <= REWORDED.mostCharacters;
  return isTitle || isHeadline || !isOfSize ? null : draft;
}

/** The decoder's sentence with the terms that it still uses explained. */
export function proposeGenerated(text: string, { glossary }: Pick<SimplificationRequest, 'glossary'>): Proposal {
  const tokens = tokenize(text);
  const terms = findTerms({ text, tokens }, glossary).flatMap(({ start, end, forms }): ExplainedTerm[] => {
    const [form] = forms;
    const isOne = forms.every(({ entry }) => entry === form!.entry);
    if (!isOne) return [];
    return [{ start, end, text: text.slice(start, end), definition: form!.entry.definition, origin: ORIGIN }];
  });
  return { text, terms, alignment: [] };
}

/** Without case, spaces and marks: a full stop makes no new sentence. */
const lettersOf = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** One sentence: the decoder's wording if it keeps the facts, else the glossary's, else the note's own. */
export function simplifySentence(request: SimplificationRequest): SimplifiedSentence {
  const { document, sentence, glossary, generated } = request;
  const source = sourceSide(request);
  const check = ({ text }: Proposal): ReturnType<typeof verify> => verify(source, { text, entities: [], glossary });
  const proposal = proposeSubstitution(sentence, document, glossary);
  // what says the same as the glossary's wording gets the glossary's explanations
  const isNew =
    generated !== undefined && ![proposal.text, source.text].map(lettersOf).includes(lettersOf(generated.text));
  const isReworded = isNew && keepsWording(generated.text, { draft: proposal.text, source: source.text });
  if (isReworded && check(generated).verdict === 'verified') return accepted(request, generated, 'generated');
  if (proposal.text === source.text)
    return accepted(request, proposal, proposal.terms.length > 0 ? 'glossary' : 'unchanged');
  const { verdict, reasons } = check(proposal);
  if (verdict === 'verified') return accepted(request, proposal, 'glossary');
  const terms = explainSource(request);
  return {
    source: sentence,
    text: source.text,
    method: terms.length > 0 ? 'glossary' : 'unchanged',
    verdict,
    reasons,
    terms,
  };
}

/** Grades of the note and of what is shown, over the same sentences. */
export function summariseReadability(
  document: Document,
  sentences: readonly SimplifiedSentence[],
): { source: Readability; output: Readability } {
  const sources = sentences.map(({ source }) => document.text.slice(source.start, source.end));
  return {
    source: { fkgl: fleschKincaidGrade(sources) },
    output: { fkgl: fleschKincaidGrade(sentences.map(({ text }) => text)) },
  };
}
