import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSenses, rankSenses } from '../../src/nlp/senses';

const group = {
  forms: ['CP', 'cp'],
  senses: [
    { long: 'chest pain', prior: 3, near: ['exertion', 'short of breath'], before: ['denies'] },
    { long: 'cerebral palsy', prior: 1, near: ['spastic', 'since birth'], after: ['#', 'clinic'] },
  ],
};
const senses = parseSenses([group]).get('CP')!;

function rank(text: string) {
  const start = text.indexOf('CP');
  return rankSenses(senses, text, { start, end: start + 2 });
}

describe('parseSenses', () => {
  it.each([
    ['no array', {}],
    ['a group without senses', [{ forms: ['CP'], senses: [] }]],
    ['a sense without long form', [{ forms: ['CP'], senses: [{ prior: 1 }] }]],
    ['a prior of nothing', [{ forms: ['CP'], senses: [{ long: 'chest pain', prior: 0 }] }]],
    ['a cue that is no string', [{ forms: ['CP'], senses: [{ long: 'chest pain', prior: 1, near: [1] }] }]],
  ])('throws on %s', (_, raw) => {
    expect(() => parseSenses(raw)).toThrow(TypeError);
  });

  it('gives every spelling its senses', () => {
    expect([...parseSenses([group]).keys()]).toEqual(['CP', 'cp']);
  });
});

describe('rankSenses', () => {
  it.each([
    ['the commonest without a cue', 'Known CP.', 'chest pain', []],
    ['a cue nearby, in another form of the word', 'Exertional CP on exertion', 'chest pain', ['exertion']],
    ['a word right before', 'He denies CP', 'chest pain', ['denies']],
    ['a number right after', 'Spastic CP 2 since birth', 'cerebral palsy', ['Spastic', '2', 'since']],
    ['all words of a phrase', 'CP since his birth', 'cerebral palsy', ['since']],
  ])('%s', (...[, text, long, evidence]) => {
    const [best] = rank(text);
    expect(best!.long).toBe(long);
    expect(best!.evidence.map(({ start, end }) => text.slice(start, end))).toEqual(evidence);
  });

  it('is no surer than an unknown sense allows', () => {
    const total = rank('Denies CP on exertion, short of breath').reduce((sum, { score }) => sum + score, 0);
    expect(total).toBeLessThanOrEqual(0.951);
  });

  it('reads a far word less than a near one', () => {
    const far = rank(`CP ${'word '.repeat(20)} spastic`).find(({ long }) => long === 'cerebral palsy')!;
    const near = rank('CP spastic').find(({ long }) => long === 'cerebral palsy')!;
    expect(far.score).toBeLessThan(near.score);
  });

  it('keeps scores in [0, 1] and evidence inside the text, whatever stands around', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const text = `${before}CP${after}`;
        const ranked = rankSenses(senses, text, { start: before.length, end: before.length + 2 });
        expect(ranked).toHaveLength(2);
        for (const { score, evidence } of ranked) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          for (const { start, end } of evidence) expect(text.slice(start, end)).not.toBe('');
        }
      }),
    );
  });
});
