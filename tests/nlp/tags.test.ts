import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTags, mayFollow, type TaggedWord } from '../../src/nlp/tags';

const tags = ['O', 'B-DISORDER', 'I-DISORDER', 'B-TEST', 'I-TEST'];
const scheme = { tags, temperature: 1 };

/** Words of width 1 with a clear winner each. */
function wordsFor(winners: readonly string[], strength = 8): TaggedWord[] {
  return winners.map((winner, index) => ({
    start: index * 2,
    end: index * 2 + 1,
    logits: Float32Array.from(tags, (tag) => (tag === winner ? strength : 0)),
  }));
}

describe('decodeTags', () => {
  it.each([
    [['O', 'B-DISORDER', 'I-DISORDER', 'O'], [['DISORDER', 2, 5]]],
    [
      ['B-DISORDER', 'B-DISORDER'],
      [
        ['DISORDER', 0, 1],
        ['DISORDER', 2, 3],
      ],
    ],
    [
      ['B-TEST', 'I-TEST', 'B-DISORDER'],
      [
        ['TEST', 0, 3],
        ['DISORDER', 4, 5],
      ],
    ],
    [['O', 'O'], []],
    [[], []],
  ])('%j', (winners, expected) => {
    const spans = decodeTags(wordsFor(winners), scheme);
    expect(spans.map((span) => [span.label, span.start, span.end])).toEqual(expected);
  });

  it('never starts a span with an inside tag, whatever the logits', () => {
    const row = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const words = rows.map((logits, index) => ({
          start: index * 2,
          end: index * 2 + 1,
          logits: Float32Array.from(logits),
        }));
        const spans = decodeTags(words, scheme);
        spans.forEach((span, index) => {
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.score).toBeGreaterThan(0);
          expect(span.score).toBeLessThanOrEqual(1);
          if (index > 0) expect(span.start).toBeGreaterThan(spans[index - 1]!.end);
        });
      }),
    );
  });

  it('scores a span by its least certain word, and a higher temperature lowers the score', () => {
    const words = [...wordsFor(['B-DISORDER'], 8), ...wordsFor(['O', 'I-DISORDER'], 3).slice(1)];
    const [sharp] = decodeTags(words, scheme);
    const [soft] = decodeTags(words, { tags, temperature: 2 });
    expect(sharp!.score).toBeLessThan(0.9);
    expect(soft!.score).toBeLessThan(sharp!.score);
  });
});

describe('mayFollow', () => {
  it.each([
    [undefined, 'I-TEST', false],
    ['O', 'I-TEST', false],
    ['B-DISORDER', 'I-TEST', false],
    ['B-TEST', 'I-TEST', true],
    ['I-TEST', 'I-TEST', true],
    ['I-TEST', 'B-TEST', true],
  ])('%s -> %s: %s', (from, to, allowed) => {
    expect(mayFollow(from, to)).toBe(allowed);
  });
});
