/**
 * Overlapping windows over the pieces of a document, so that no model limit ever truncates a note.
 *
 * Every piece belongs to the core of exactly one window, where its logits are read; around the core stands context that
 * is read but not decided there. Cores end at sentence ends wherever a sentence fits.
 */
import type { Piece } from './wordpiece';

/** Limits in pieces, without the two special tokens. Training used windows of 190. */
export interface WindowLimits {
  readonly core: number;
  readonly context: number;
}

export const WINDOW_LIMITS: WindowLimits = { core: 158, context: 16 };

/** Half-open ranges of piece indexes; core lies inside the window. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly coreStart: number;
  readonly coreEnd: number;
}

/** Cuts a sentence that is longer than a core at word boundaries, hard where a single word is longer still. */
function splitLong(pieces: readonly Piece[], sentence: readonly [number, number], limit: number): [number, number][] {
  const parts: [number, number][] = [];
  let start = sentence[0];
  const end = sentence[1];
  while (end - start > limit) {
    let cut = start + limit;
    while (cut > start && !pieces[cut]!.firstOfWord) cut--;
    if (cut === start) cut = start + limit;
    parts.push([start, cut]);
    start = cut;
  }
  parts.push([start, end]);
  return parts;
}

/** @param sentenceEnds piece index after the last piece of each sentence, ascending; the last is pieces.length. */
export function makeWindows(
  pieces: readonly Piece[],
  sentenceEnds: readonly number[],
  limits: WindowLimits = WINDOW_LIMITS,
): Window[] {
  const cores: [number, number][] = [];
  let previous = 0;
  for (const sentenceEnd of sentenceEnds) {
    for (const [start, end] of splitLong(pieces, [previous, sentenceEnd], limits.core)) {
      const last = cores.at(-1);
      if (last && end - last[0] <= limits.core) last[1] = end;
      else if (end > start) cores.push([start, end]);
    }
    previous = sentenceEnd;
  }
  return cores.map(([coreStart, coreEnd]) => ({
    start: Math.max(0, coreStart - limits.context),
    end: Math.min(pieces.length, coreEnd + limits.context),
    coreStart,
    coreEnd,
  }));
}
