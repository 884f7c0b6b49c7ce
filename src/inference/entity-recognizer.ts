/** The entity model: text -> pieces -> overlapping windows -> logits -> spans. Nothing is ever truncated. */
import type { Document, Entity, Span } from '../nlp/document';
import { DEFAULT_ASSERTION } from '../nlp/document';
import { decodeTags, type TaggedSpan, type TaggedWord, type TagScheme } from '../nlp/tags';
import { makeWindows, type Window } from '../nlp/windows';
import { tokenize, type Piece, type Vocabulary } from '../nlp/wordpiece';

/** Runs one window: ids including [CLS] and [SEP] -> one row of tag logits an id, row after row. */
export type TokenClassifier = (ids: readonly number[]) => Promise<Float32Array>;

export interface RecognizerOptions {
  readonly vocabulary: Vocabulary;
  readonly scheme: TagScheme;
  readonly classify: TokenClassifier;
}

/** Called between windows with the entities that this window gave; awaited, so that the caller can yield or stop by throwing. */
export type OnWindow = (done: number, total: number, entities: readonly Entity[]) => Promise<void>;

/** Combining marks that follow a span belong to its last letter. */
const TRAILING_MARKS = /^\p{M}{1,8}/u;

function toEntity(text: string, span: TaggedSpan, id: string): Entity {
  const end = span.end + (TRAILING_MARKS.exec(text.slice(span.end, span.end + 8))?.[0].length ?? 0);
  return {
    id,
    start: span.start,
    end,
    text: text.slice(span.start, end),
    label: span.label,
    score: Math.round(span.score * 1000) / 1000,
    assertion: DEFAULT_ASSERTION,
    attributes: [],
    candidates: [],
  };
}

/** A sentence's words: first pieces with their logits; a word ends where its last piece ends. */
function wordsOf(pieces: readonly Piece[], range: Span, rows: readonly Float32Array[]): TaggedWord[] {
  const words: { start: number; end: number; logits: Float32Array }[] = [];
  for (let index = range.start; index < range.end; index++) {
    const piece = pieces[index]!;
    if (piece.firstOfWord) words.push({ start: piece.start, end: piece.end, logits: rows[index]! });
    else words.at(-1)!.end = piece.end;
  }
  return words;
}

async function classifyWindow(
  pieces: readonly Piece[],
  window: Window,
  { vocabulary, scheme, classify }: RecognizerOptions,
): Promise<Float32Array[]> {
  const inside = pieces.slice(window.start, window.end).map((piece) => piece.id);
  const logits = await classify([vocabulary.clsId, ...inside, vocabulary.sepId]);
  const width = scheme.tags.length;
  const rows: Float32Array[] = [];
  for (let index = window.coreStart; index < window.coreEnd; index++) {
    const row = index - window.start + 1;
    rows.push(logits.subarray(row * width, (row + 1) * width));
  }
  return rows;
}

/** Adds the entity layer. Sentences must be there. */
export async function recognize(document: Document, options: RecognizerOptions, onWindow: OnWindow): Promise<Document> {
  const pieces: Piece[] = [];
  const sentences: Span[] = [];
  for (const sentence of document.sentences) {
    const start = pieces.length;
    for (const piece of tokenize(document.text, sentence, options.vocabulary)) pieces.push(piece);
    sentences.push({ start, end: pieces.length });
  }
  const windows = makeWindows(
    pieces,
    sentences.map((sentence) => sentence.end),
  );
  const rows: Float32Array[] = [];
  const entities: Entity[] = [];
  let decoded = 0;
  let reported = 0;
  for (const [index, window] of windows.entries()) {
    for (const row of await classifyWindow(pieces, window, options)) rows.push(row);
    for (; decoded < sentences.length && sentences[decoded]!.end <= rows.length; decoded++) {
      const words = wordsOf(pieces, sentences[decoded]!, rows);
      for (const span of decodeTags(words, options.scheme)) {
        entities.push(toEntity(document.text, span, `e${entities.length + 1}`));
      }
    }
    await onWindow(index + 1, windows.length, entities.slice(reported));
    reported = entities.length;
  }
  return { ...document, entities };
}
