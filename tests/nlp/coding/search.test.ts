import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestors, descendants, matchesPattern, parseCodeSet } from '../../../src/nlp/coding/code-set';
import { searchCodes } from '../../../src/nlp/coding/search';
import { codeSet, search } from './code-set';

describe('the code set', () => {
  it('has every FY2027 entry', () => {
    expect(codeSet.codes).toHaveLength(98_403);
    expect(codeSet.billable.filter(Boolean)).toHaveLength(74_879);
    expect(new Set(codeSet.codes).size).toBe(98_403);
    expect(codeSet.titles.every((title) => title.length > 0 && !title.startsWith('~'))).toBe(true);
    const inclusions = [...codeSet.tabular.values()].reduce((sum, notes) => sum + notes.inclusions.length, 0);
    expect(inclusions).toBeGreaterThan(12_500);
  });

  it.each([
    ['I10', 'Essential (primary) hypertension', true],
    ['E11', 'Type 2 diabetes mellitus', false],
    ['S72.002A', 'Fracture of unspecified part of neck of left femur, initial encounter for closed fracture', true],
    ['Z80.3', 'Family history of malignant neoplasm of breast', true],
  ])('%s is %j', (code, title, billable) => {
    const entry = codeSet.indexOf.get(code)!;
    expect([codeSet.titles[entry], codeSet.billable[entry]]).toEqual([title, billable]);
  });

  it('knows what stands above and below a code', () => {
    expect(ancestors('S72.002A', codeSet)).toEqual(['S72.002', 'S72.00', 'S72.0', 'S72']);
    expect(descendants('I50.2', codeSet)).toEqual(['I50.20', 'I50.21', 'I50.22', 'I50.23']);
  });

  it('refuses bytes that are not a code set', () => {
    expect(() => parseCodeSet(new Uint8Array([65]), () => 'A')).toThrow('malformed');
  });
});

describe('matchesPattern', () => {
  it.each([
    ['I11.0', 'I11.0', true],
    ['I11.9', 'I11.0', false],
    ['I11.0', 'I11', true],
    ['O04.5', 'O00-O08', true],
    ['O08.9', 'O00-O08', true],
    ['O09.0', 'O00-O08', false],
    ['N99', 'O00-O08', false],
  ])('%s against %s: %s', (code, pattern, expected) => {
    expect(matchesPattern(code, pattern)).toBe(expected);
  });
});

describe('searchCodes', () => {
  it.each([
    ['heart failure', 'I50.9'],
    ['CHF', 'I50.9'],
    ['pneumonia', 'J18.9'],
    ['community acquired pneumonia', 'J18.9'],
    ['type 2 diabetes', 'E11.9'],
    ['T2DM', 'E11.9'],
    ['hypertension', 'I10'],
    ['high blood pressure', 'I10'],
    ['HTN', 'I10'],
    ['asthma', 'J45.909'],
    ['UTI', 'N39.0'],
    ['COPD', 'J44.9'],
    ['chest pain', 'R07.9'],
    ['breast cancer', 'C50.919'],
    ['heart attack', 'I21.9'],
    ['NSTEMI', 'I21.4'],
    ['atrial fibrillation', 'I48.91'],
    ['hyperlipidemia', 'E78.5'],
    ['hyperlipidaemia', 'E78.5'],
    ['GERD', 'K21.9'],
    ['CKD stage 3', 'N18.30'],
    ['depression', 'F32.A'],
    ['stroke', 'I63.9'],
    ['fracture of left femoral neck', 'S72.002A'],
    ['left femoral neck fracture', 'S72.002A'],
    ['acute appendicitis', 'K35.80'],
    ['hypothyroidism', 'E03.9'],
    ['low back pain', 'M54.50'],
    ['anaemia', 'D64.9'],
    ['pulmonary embolism', 'I26.99'],
    ['lung cancer', 'C34.90'],
    ['shortness of breath', 'R06.02'],
    ['nausea and vomiting', 'R11.2'],
    ['kidney stones', 'N20.0'],
    ['renal failure', 'N19'],
    ['oedema of legs', 'R60.0'],
    ['haematuria', 'R31.9'],
    ['right knee osteoarthritis', 'M17.11'],
    ['family history of breast cancer', 'Z80.3'],
    ['broken wrist', 'S62.109A'],
    ['pneumonai', 'J18.9'],
    ['hypertenson', 'I10'],
    ['E11.9', 'E11.9'],
    ['e119', 'E11.9'],
    ['I10', 'I10'],
    ['  j18.9 ', 'J18.9'],
  ])('%j -> %s', (query, code) => {
    expect(searchCodes(search, query, 5)[0]?.code).toBe(code);
  });

  it.each(['', '   ', 'the of and', 'xyzzy plugh', '🤕', '\0', '头痛'])('has no answer for %j', (query) => {
    expect(searchCodes(search, query, 5)).toEqual([]);
  });

  it('gives only codes of the set, best first, scores in [0, 1], whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z ]{0,40}$/)), (query) => {
        const found = searchCodes(search, query, 10);
        expect(found.length).toBeLessThanOrEqual(10);
        found.forEach((candidate, index) => {
          expect(codeSet.titles[codeSet.indexOf.get(candidate.code)!]).toBe(candidate.display);
          expect(candidate.score).toBeGreaterThanOrEqual(0);
          expect(candidate.score).toBeLessThanOrEqual(1);
          if (index > 0 && found[0]!.matched !== found[0]!.code)
            expect(candidate.score).toBeLessThanOrEqual(found[index - 1]!.score);
        });
      }),
      { numRuns: 60 },
    );
  });
});
