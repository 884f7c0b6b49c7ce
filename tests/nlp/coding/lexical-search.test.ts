import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ancestors, descendants, matchesPattern, parseCodeSet, tabularChain } from '../../../src/nlp/coding/code-set';
import { exactCode, searchLexically } from '../../../src/nlp/coding/lexical-search';
import { unspecifiedLeaves } from '../../../src/nlp/coding/search-names';
import { indexTitles, onSide } from '../../../src/nlp/coding/sides';
import rules from '../../../src/nlp/rules/coding.json';
import { codeSet, lexical } from './code-set';

describe('the code set', () => {
  it('has every FY2027 entry', () => {
    expect(codeSet.codes).toHaveLength(98_403);
    expect(codeSet.billable.filter(Boolean)).toHaveLength(74_879);
    expect(new Set(codeSet.codes).size).toBe(98_403);
    expect(codeSet.titles.every((title) => title.length > 0 && !title.startsWith('~'))).toBe(true);
    expect(codeSet.titles.filter((title) => title.startsWith('['))).toHaveLength(48);
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

  it.each([
    ['I10', ['O10-O11', 'I27.0', 'P29.2']],
    ['G63', ['E08.42', 'E11.42']],
    ['R47.1', ['I69.322']],
    ['A15', ['P37.0', 'B90']],
  ])('has the Excludes1 notes of %s, its section included', (code, patterns) => {
    const named = tabularChain(code, codeSet).flatMap(({ excludes1 }) => excludes1.flatMap((note) => note.patterns));
    expect(named).toEqual(expect.arrayContaining(patterns));
  });

  it('knows what stands above and below a code', () => {
    expect(ancestors('S72.002A', codeSet)).toEqual(['S72.002', 'S72.00', 'S72.0', 'S72']);
    expect(descendants('I50.2', codeSet)).toEqual(['I50.20', 'I50.21', 'I50.22', 'I50.23']);
  });

  it('refuses bytes that are not a code set', () => {
    expect(() => parseCodeSet('A')).toThrow('malformed');
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

describe('unspecifiedLeaves', () => {
  const leaves = unspecifiedLeaves(codeSet);

  it.each([
    ['H43.1', 'H43.10'],
    ['E05.0', 'E05.00'],
    ['E11', 'E11.9'],
    ['T78.3', 'T78.3XXA'],
    ['S72.14', 'S72.143A'],
    ['K42', 'K42.9'],
    ['M1A', 'M1A.9XX0'],
    ['M84.3', 'M84.30XA'],
    ['C50', undefined],
    ['M05', 'M05.9'],
  ])('%s -> %s', (header, leaf) => {
    expect(leaves.get(header)).toBe(leaf);
  });

  it('are billable and below their header', () => {
    const wrong = [...leaves].filter(
      ([header, leaf]) => !leaf.startsWith(header) || !codeSet.billable[codeSet.indexOf.get(leaf)!],
    );
    expect(wrong).toEqual([]);
  });
});

describe('onSide', () => {
  it.each([
    ['Pain in unspecified knee', 'left', 'M25.562'],
    ['Otalgia, unspecified ear', 'bilateral', 'H92.03'],
    ['Malignant neoplasm of unspecified site of unspecified female breast', 'right', 'C50.911'],
    ['Chest pain, unspecified', 'left', undefined],
  ])('%s, %s: %s', (title, side, code) => {
    const entry = onSide(title, side, indexTitles(codeSet));
    expect(entry === undefined ? undefined : codeSet.codes[entry]).toBe(code);
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
    ['acute on chronic systolic heart failure', 'I50.23'],
    ['diabetic ketoacidosis', 'E11.10'],
    ['type 2 diabetes with neuropathy', 'E11.40'],
    ['diabetic foot ulcer', 'E11.621'],
    ['COPD exacerbation', 'J44.1'],
    ['acute asthma exacerbation', 'J45.901'],
    ['acute respiratory failure with hypoxia', 'J96.01'],
    ['respiratory failure', 'J96.90'],
    ['influenza', 'J11.1'],
    ['influenza A', 'J10.1'],
    ['septic shock', 'R65.21'],
    ['sepsis', 'A41.9'],
    ['chronic pancreatitis', 'K86.1'],
    ['pancreatitis', 'K85.90'],
    ['diverticulitis', 'K57.92'],
    ['perforated appendicitis', 'K35.32'],
    ['small bowel obstruction', 'K56.609'],
    ['inguinal hernia', 'K40.90'],
    ['cirrhosis', 'K74.60'],
    ['migraine without aura', 'G43.009'],
    ['migraine with aura', 'G43.109'],
    ['epilepsy', 'G40.909'],
    ["Parkinson's", 'G20.A1'],
    ["Graves' disease", 'E05.00'],
    ["Raynaud's", 'I73.00'],
    ['thyrotoxicosis', 'E05.90'],
    ['vitreous hemorrhage', 'H43.10'],
    ['angioedema', 'T78.3XXA'],
    ['whiplash', 'S13.4XXA'],
    ['aortic dissection', 'I71.00'],
    ['aortic stenosis', 'I35.0'],
    ['ruptured AAA', 'I71.30'],
    ['non-ST elevation MI', 'I21.4'],
    ['non-Hodgkin lymphoma', 'C85.90'],
    ['prostate cancer', 'C61'],
    ['liver mets', 'C78.7'],
    ['melanoma in situ', 'D03.9'],
    ['right intertrochanteric fracture', 'S72.141A'],
    ['fractured L tibia', 'S82.202A'],
    ['left rib fracture', 'S22.32XA'],
    ['broken left wrist', 'S62.102A'],
    ['carpal tunnel syndrome right', 'G56.01'],
    ['cancer of the left breast', 'C50.912'],
    ['R ankle sprain', 'S93.401A'],
    ['bilateral pleural effusions', 'J90'],
    ['cellulitis of left leg', 'L03.116'],
    ['pressure ulcer of sacrum stage 3', 'L89.153'],
    ['CKD 3a', 'N18.31'],
    ['postpartum haemorrhage', 'O72.1'],
    ['gestational diabetes', 'O24.419'],
    ['preeclampsia', 'O14.90'],
    ['neonatal bruising', 'P54.5'],
    ['vaginal bleeding', 'N93.9'],
    ['covid', 'U07.1'],
  ])('%j -> %s', (query, code) => {
    expect(searchLexically(query, lexical, 5)[0]?.code).toBe(code);
  });

  it.each([
    ['E11.9', 'E11.9'],
    ['K6A', 'K6A'],
    ['e119', 'E11.9'],
    ['I10', 'I10'],
    ['  j18.9 ', 'J18.9'],
    ['heart attack', undefined],
    ['B', undefined],
    ['Z99', 'Z99'],
    ['E11.99', undefined],
  ])('reads %j as the code %s', (query, code) => {
    expect(exactCode(query, lexical)?.code).toBe(code);
  });

  it.each([
    ['accessory muscle use', 'no congenital malformation'],
    ['tender', 'not gender'],
    ['red', 'not some red organ'],
    ['vegetation', 'no adenoids'],
    ['aura', 'not "without aura"'],
    ['tubular', 'no history of adenoma'],
    ['mass', 'no site'],
    ['anticholinergic toxidrome', 'no poisoning'],
  ])('is not confident about %j: %s', (query) => {
    expect(searchLexically(query, lexical, 1)[0]?.score ?? 0).toBeLessThan(rules.lexicalAgreement);
  });

  it.each([
    ['hypert', 'I10'],
    ['pneumo', 'J18.9'],
    ['osteopor', 'M81.0'],
    ['acute resp failure', 'J96.00'],
  ])('completes %j', (query, code) => {
    expect(searchLexically(query, lexical, 5).map((candidate) => candidate.code)).toContain(code);
  });

  it('does not give what a title says is absent', () => {
    expect(searchLexically('gallstones, cholecystitis', lexical, 1)[0]!.display).not.toMatch(/without cholecystitis/);
  });

  it.each([
    ['left', 'M25.562'],
    ['right', 'M25.561'],
  ])('knows the %s knee', (side, code) => {
    const [spelt, short] = [`pain in ${side} knee`, `${side[0]!.toUpperCase()} knee pain`];
    expect([spelt, short].map((query) => searchLexically(query, lexical, 1)[0]!.code)).toEqual([code, code]);
  });

  it.each(['', '   ', 'the of and', 'xyzzy plugh', '🤕', '\0', '头痛'])('has no answer for %j', (query) => {
    expect(searchLexically(query, lexical, 5)).toEqual([]);
  });

  it('gives only codes of the set, best first, scores in [0, 1], whatever is typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z ]{0,40}$/)), (query) => {
        const found = searchLexically(query, lexical, 10);
        expect(found.length).toBeLessThanOrEqual(10);
        found.forEach((candidate, index) => {
          expect(codeSet.titles[codeSet.indexOf.get(candidate.code)!]).toBe(candidate.display);
          expect(candidate.score).toBeGreaterThanOrEqual(0);
          expect(candidate.score).toBeLessThanOrEqual(1);
          if (index > 0) expect(candidate.score).toBeLessThanOrEqual(found[index - 1]!.score);
        });
      }),
      { numRuns: 60 },
    );
  });
});
