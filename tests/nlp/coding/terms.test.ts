import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTerms, rememberWords, stem, termsOf } from '../../../src/nlp/coding/terms';

describe('termsOf', () => {
  it.each([
    ['Fractures of the ribs', ['fracture', 'rib']],
    ['oedema', ['edema']],
    ['Haemorrhoids', ['hemorrhoid']],
    ['oesophageal varices', ['esophagus', 'varice']],
    ['Ménière’s disease', ['meniere', 'disease']],
    ["Crohn's", ['crohn']],
    ['T2DM', ['type', '2', 'diabetes', 'mellitus']],
    ['lung cancer', ['lung', 'malignant', 'neoplasm']],
    ['L hip #', ['left', 'hip', 'fracture']],
    ['non-ST elevation', ['nonst', 'elevation']],
    ['non hodgkin', ['nonhodgkin']],
    ['', []],
    ['🤕', []],
  ])('%j -> %j', (phrase, terms) => {
    expect(termsOf(phrase)).toEqual(terms);
  });

  it.each([
    ['migraine without aura', ['migraine', '¬aura']],
    ['w/o perforation', ['¬perforation']],
    ['laceration without foreign body of left wrist', ['laceration', '¬foreign', '¬body', 'left', 'wrist']],
    ['epilepsy, not intractable, with status', ['epilepsy', '¬intractable', 'status']],
  ])('marks what is said to be absent: %j -> %j', (phrase, terms) => {
    expect(termsOf(phrase)).toEqual(terms);
  });

  it('marks words in brackets as optional, an open bracket up to the end', () => {
    const optional = readTerms('Essential (primary) hypertension [arterial').map((term) => [term.term, term.optional]);
    expect(optional).toEqual([
      ['essential', false],
      ['primary', true],
      ['hypertension', false],
      ['arterial', true],
    ]);
  });

  it('reads every string, in the same way with and without memory', () => {
    const remembered = rememberWords();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (phrase) => {
        expect(readTerms(phrase, remembered)).toEqual(readTerms(phrase));
      }),
    );
  });
});

describe('stem', () => {
  it.each([
    ['fractures', 'fracture'],
    ['biopsies', 'biopsy'],
    ['diabetes', 'diabetes'],
    ['pancreatitis', 'pancreatitis'],
    ['status', 'status'],
    ['abscess', 'abscess'],
    ['gas', 'gas'],
  ])('%s -> %s', (word, expected) => {
    expect(stem(word)).toBe(expected);
  });
});
