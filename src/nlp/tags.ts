/**
 * From tag logits to entity spans: Viterbi over the BIO scheme, where I-X may follow only B-X or I-X.
 * (Ramshaw & Marcus 1995 for the scheme; constraints instead of a learned transition matrix.)
 */
import type { EntityLabel, Span } from './document';

export interface TagScheme {
  /** Index -> "O", "B-DISORDER", "I-DISORDER"… */
  readonly tags: readonly string[];
  /** Divides logits before softmax; fitted on dev so that a span's score is the share of spans that are right. */
  readonly temperature: number;
  /** Label -> slope and offset that turn the logit of a span's probability into that of its score; a label that is left out keeps its probability. */
  readonly calibration?: Readonly<Partial<Record<EntityLabel, readonly [number, number]>>>;
}

export interface TaggedSpan extends Span {
  readonly label: EntityLabel;
  readonly score: number;
}

/** One word of a sentence: its range in the text and the logits of its first piece. */
export interface TaggedWord extends Span {
  readonly logits: Float32Array;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Bounded, so that a probability of 1 stays finite. */
export const logit = (probability: number): number => {
  const bounded = Math.min(0.999, Math.max(0.001, probability));
  return Math.log(bounded / (1 - bounded));
};

/** Platt scaling (1999): how often spans of this label and probability are right. */
function calibrated(span: TaggedSpan, { calibration }: TagScheme): TaggedSpan {
  const fitted = calibration?.[span.label];
  return fitted ? { ...span, score: sigmoid(fitted[0] * logit(span.score) + fitted[1]) } : span;
}

/** log softmax at the scheme's temperature. */
function logProbabilities(logits: Float32Array, temperature: number): Float64Array {
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const highest = Math.max(...scaled);
  const total = scaled.reduce((sum, value) => sum + Math.exp(value - highest), 0);
  return scaled.map((value) => value - highest - Math.log(total));
}

/** Whether tag `to` may follow tag `from`; `from` undefined is the start of a sentence. */
export function mayFollow(from: string | undefined, to: string): boolean {
  if (!to.startsWith('I-')) return true;
  const label = to.slice(2);
  return from === `B-${label}` || from === `I-${label}`;
}

/** allowed[to] = indexes of the tags that may stand before `to`. */
function predecessors(tags: readonly string[]): number[][] {
  return tags.map((to) => tags.flatMap((from, index) => (mayFollow(from, to) ? [index] : [])));
}

/** The best legal tag sequence: one tag index a word. */
function viterbi(rows: readonly Float64Array[], tags: readonly string[]): number[] {
  const before = predecessors(tags);
  const back: Int32Array[] = [];
  let scores = rows[0]!.map((value, tag) => (mayFollow(undefined, tags[tag]!) ? value : -Infinity));
  for (const row of rows.slice(1)) {
    const pointers = new Int32Array(tags.length);
    const previous = scores;
    scores = row.map((value, tag) => {
      const best = before[tag]!.reduce((a, b) => (previous[b]! > previous[a]! ? b : a));
      pointers[tag] = best;
      return value + previous[best]!;
    });
    back.push(pointers);
  }
  const path = [scores.indexOf(Math.max(...scores))];
  for (const pointers of back.reverse()) path.push(pointers[path.at(-1)!]!);
  return path.reverse();
}

/**
 * Spans of one sentence. A span's score comes from the lowest probability among its words: it is right only if every word is.
 * Words must be in the order of the text.
 */
export function decodeTags(words: readonly TaggedWord[], scheme: TagScheme): TaggedSpan[] {
  if (words.length === 0) return [];
  const rows = words.map((word) => logProbabilities(word.logits, scheme.temperature));
  const spans: { start: number; end: number; label: EntityLabel; score: number }[] = [];
  viterbi(rows, scheme.tags).forEach((tagIndex, index) => {
    const tag = scheme.tags[tagIndex]!;
    const { start, end } = words[index]!;
    const probability = Math.exp(rows[index]![tagIndex]!);
    if (tag.startsWith('B-')) spans.push({ start, end, label: tag.slice(2) as EntityLabel, score: probability });
    if (tag.startsWith('I-')) {
      const open = spans.at(-1)!;
      open.end = end;
      open.score = Math.min(open.score, probability);
    }
  });
  return spans.map((span) => calibrated(span, scheme));
}
