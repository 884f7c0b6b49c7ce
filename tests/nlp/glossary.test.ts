import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTerms, parseGlossary } from '../../src/nlp/glossary';
import { inflectVerb, pluralOf, takesAn } from '../../src/nlp/glossary-inflection';
import { phraseKey, tokenize } from '../../src/nlp/glossary-tokens';
import entries from '../fixtures/glossary.json';
import senses from '../fixtures/senses.json';

const glossary = parseGlossary(entries, senses);

function termsIn(text: string): string[] {
  return findTerms({ text, tokens: tokenize(text) }, glossary).map(({ start, end }) => text.slice(start, end));
}

describe('parseGlossary', () => {
  const good = { term: 'edema', plain: 'swelling', definition: 'Swelling.', kind: 'symptom' };

  it('fills what an entry leaves out', () => {
    expect(parseGlossary([good], []).entries[0]).toMatchObject({
      ...good,
      variants: [],
      plural: null,
      expansion: null,
      keep: false,
      negates: false,
    });
  });

  it.each([
    ['no array', {}],
    ['no object', ['edema']],
    ['missing term', [{ ...good, term: undefined }]],
    ['empty plain', [{ ...good, plain: ' ' }]],
    ['unknown kind', [{ ...good, kind: 'thing' }]],
    ['variants no array', [{ ...good, variants: 'oedema' }]],
    ['variants not strings', [{ ...good, variants: [1] }]],
    ['keep no boolean', [{ ...good, keep: 'yes' }]],
    ['expansion no string', [{ ...good, expansion: 3 }]],
  ])('throws on %s', (_, raw) => {
    expect(() => parseGlossary(raw, [])).toThrow(TypeError);
  });

  it('reads a negation in the plain words as negating', () => {
    const [entry] = parseGlossary([{ ...good, term: 'benign', plain: 'not cancer', kind: 'adjective' }], []).entries;
    expect(entry!.negates).toBe(true);
  });
});

describe('findTerms', () => {
  it.each([
    ['longest match', 'old congestive heart failure', ['congestive heart failure']],
    ['any case', 'EDEMA and Edema', ['EDEMA', 'Edema']],
    ['variants', 'leg oedema', ['oedema']],
    ['plurals', 'two pleural effusions and haematomas', ['pleural effusions', 'haematomas']],
    ['hyphen or space', 'pleural-effusion', ['pleural-effusion']],
    ['word boundaries', 'myoedemata, MIT, unglucosed', []],
    ['abbreviations that are words only in capitals', 'a sob story: SOB', ['SOB']],
    ['two letters only in capitals', 'mi Mi MI', ['MI']],
    ['longer abbreviations in any case', 'htn, Copd', ['htn', 'Copd']],
    ['plural abbreviations', 'DVTs and MIs', ['DVTs', 'MIs']],
    ['verbs in their forms', 'ambulates, ambulated, ambulating', ['ambulates', 'ambulated', 'ambulating']],
    ['possessives are other words', "glucose's", []],
    ['across lines', 'pleural\neffusion', ['pleural\neffusion']],
  ])('%s', (_, text, terms) => {
    expect(termsIn(text)).toEqual(terms);
  });

  it('gives ordered, separate spans for any text', () => {
    const text = fc.array(
      fc.oneof(fc.constantFrom('edema ', 'CHF', 'İ', '-', '’s ', '\u200d', '\ud83d'), fc.string({ unit: 'binary' })),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join('');
        let reached = 0;
        for (const { start, end } of findTerms({ text: whole, tokens: tokenize(whole) }, glossary)) {
          expect(start).toBeGreaterThanOrEqual(reached);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(whole.length);
          reached = end;
        }
      }),
    );
  });
});

describe('tokenize', () => {
  it.each([
    ['67-year-old', '67 year old'],
    ['x-ray', 'x ray'],
    ['1-2 tabs', '1 - 2 tabs'],
    ['40mg', '40 mg'],
    ['T2DM', 't2dm'],
    ['.5 mg', '.5 mg'],
    ['1,200.5', '1,200.5'],
    ['Stop. 5 mg', 'stop . 5 mg'],
    ['patient’s', "patient's"],
    ['COVID-19', 'covid 19'],
  ])('%s', (text, key) => {
    expect(phraseKey(text)).toBe(key);
  });

  it('slices to its own text and loses nothing but space and joining hyphens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const tokens = tokenize(text);
        for (const token of tokens) expect(text.slice(token.start, token.end)).toBe(token.text);
        const bare = (part: string): string => part.replace(/[\s\u2010\u2011\u2013-]/gu, '');
        expect(bare(tokens.map((token) => token.text).join(''))).toBe(bare(text));
      }),
    );
  });
});

describe('inflection', () => {
  it.each([
    ['blood clot', 'blood clots'],
    ['biopsy', 'biopsies'],
    ['diagnosis', 'diagnoses'],
    ['rash', 'rashes'],
    ['foot', 'feet'],
  ])('plural of %s', (singular, plural) => {
    expect(pluralOf(singular)).toBe(plural);
  });

  it.each([
    ['walk', 'past', 'walked'],
    ['give', 'past', 'gave'],
    ['give', 'participle', 'given'],
    ['take out', 'past', 'took out'],
    ['ease', 'gerund', 'easing'],
    ['stop', 'gerund', 'stopping'],
    ['carry', 'third', 'carries'],
    ['carry', 'past', 'carried'],
  ] as const)('%s, %s', (verb, form, expected) => {
    expect(inflectVerb(verb, form)).toBe(expected);
  });

  it.each([
    ['infection', true],
    ['heart attack', false],
    ['urinary infection', false],
    ['ulcer', true],
    ['one-time dose', false],
  ])('article before %s', (phrase, an) => {
    expect(takesAn(phrase)).toBe(an);
  });
});
