import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeWindows } from '../../src/nlp/windows';
import type { Piece } from '../../src/nlp/wordpiece';

const limits = { core: 20, context: 5 };

function piecesOf(firsts: readonly boolean[]): Piece[] {
  return firsts.map((firstOfWord, index) => ({
    start: index,
    end: index + 1,
    id: 1,
    firstOfWord: index === 0 || firstOfWord,
  }));
}

describe('makeWindows', () => {
  it('covers every piece with exactly one core, in order, within the limits', () => {
    const sentences = fc.array(fc.array(fc.boolean(), { maxLength: 60 }), { maxLength: 12 });
    fc.assert(
      fc.property(sentences, (lengths) => {
        const pieces = piecesOf(lengths.flat());
        let end = 0;
        const ends = lengths.map((sentence) => (end += sentence.length));
        const windows = makeWindows(pieces, ends, limits);
        let covered = 0;
        for (const window of windows) {
          expect(window.coreStart).toBe(covered);
          expect(window.coreEnd).toBeGreaterThan(window.coreStart);
          expect(window.coreEnd - window.coreStart).toBeLessThanOrEqual(limits.core);
          expect(window.start).toBeLessThanOrEqual(window.coreStart);
          expect(window.coreStart - window.start).toBeLessThanOrEqual(limits.context);
          expect(window.end - window.coreEnd).toBeLessThanOrEqual(limits.context);
          covered = window.coreEnd;
        }
        expect(covered).toBe(pieces.length);
      }),
    );
  });

  it('packs short sentences together and never cuts one that fits', () => {
    const pieces = piecesOf(Array<boolean>(30).fill(true));
    expect(makeWindows(pieces, [8, 16, 24, 30], limits).map((window) => [window.coreStart, window.coreEnd])).toEqual([
      [0, 16],
      [16, 30],
    ]);
  });

  it('cuts a long sentence at a word boundary', () => {
    const firsts = Array<boolean>(40).fill(true);
    firsts[20] = false;
    firsts[19] = false;
    expect(makeWindows(piecesOf(firsts), [40], limits)[0]!.coreEnd).toBe(18);
  });

  it('has no window for an empty text', () => {
    expect(makeWindows([], [], limits)).toEqual([]);
  });
});
