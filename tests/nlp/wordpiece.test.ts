import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseVocabulary, tokenize } from '../../src/nlp/wordpiece';
import reference from '../fixtures/tokenization.json';

const vocabulary = parseVocabulary(readFileSync('models/entities/vocab.txt', 'utf8'));
const whole = (text: string) => ({ start: 0, end: text.length });

describe('tokenize', () => {
  it.each(reference.map((row) => [row.text.slice(0, 40), row] as const))(
    'gives the reference pieces and offsets: %j',
    (_, row) => {
      const pieces = tokenize(row.text, whole(row.text), vocabulary).map(({ id, start, end }) => [id, start, end]);
      expect(pieces).toEqual(row.pieces);
    },
  );

  it('keeps offsets ordered, inside the range and never empty, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        let previous = 0;
        for (const piece of tokenize(text, whole(text), vocabulary)) {
          expect(piece.start).toBeGreaterThanOrEqual(piece.firstOfWord ? previous : 0);
          expect(piece.end).toBeGreaterThan(piece.start);
          expect(piece.end).toBeLessThanOrEqual(text.length);
          previous = piece.end;
        }
      }),
    );
  });

  it('gives the same pieces for a range as for the slice, shifted', () => {
    const text = 'Denies fever. Reports café-au-lait spots 😀 today.';
    const range = { start: 14, end: text.length };
    const shifted = tokenize(text.slice(14), whole(text.slice(14)), vocabulary).map((piece) => piece.start + 14);
    expect(tokenize(text, range, vocabulary).map((piece) => piece.start)).toEqual(shifted);
  });

  it('refuses a vocabulary without special tokens', () => {
    expect(() => parseVocabulary('a\nb')).toThrow('[UNK]');
  });
});
