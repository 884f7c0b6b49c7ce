import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneEdit, makeCorrector } from '../../../src/nlp/coding/typos';

describe('isOneEdit', () => {
  it.each([
    ['pneumonia', 'pneumonai', true],
    ['hypertension', 'hypertenson', true],
    ['asthma', 'asthmaa', true],
    ['asthma', 'astoma', true],
    ['click', 'colic', false],
    ['fever', 'forever', false],
    ['abcd', 'cdab', false],
  ])('%s, %s: %s', (a, b, expected) => {
    expect([isOneEdit(a, b), isOneEdit(b, a)]).toEqual([expected, expected]);
  });
});

describe('makeCorrector', () => {
  const correct = makeCorrector(['pneumonia', 'pneumothorax', 'gender', 'hyper', 'hypertension', 'diabetes', 'rash']);

  it.each([
    ['pneumonai', 'typo', ['pneumonia']],
    ['diabete', 'typo', ['diabetes']],
    ['hypert', 'prefix', ['hypertension']],
    ['pneu', 'prefix', ['pneumonia', 'pneumothorax']],
    ['tender', 'typo', []],
    ['rahs', 'typo', []],
    ['pn', 'typo', []],
    ['', 'typo', []],
  ])('%j is a %s of %j', (word, kind, words) => {
    expect(correct(word)).toEqual({ kind, words });
  });

  it('finds a word again after any one deletion behind its first letter', () => {
    fc.assert(
      fc.property(fc.constantFrom('pneumonia', 'diabetes', 'hypertension'), fc.nat(), (word, at) => {
        const place = 1 + (at % (word.length - 1));
        expect(correct(word.slice(0, place) + word.slice(place + 1)).words).toContain(word);
      }),
    );
  });
});
