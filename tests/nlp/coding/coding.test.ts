import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeNote, linkEntity, needsOf } from '../../../src/nlp/coding/coding';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type Assertion,
  type CodeSuggestion,
  type Entity,
} from '../../../src/nlp/document';
import { codeSet, search } from './code-set';

type Said = readonly [text: string, axes?: Partial<Assertion>, label?: Entity['label']];

function codesOf(...said: readonly Said[]): readonly CodeSuggestion[] {
  const text = said.map(([words]) => words).join('. ');
  const entities = said.map(([words, axes, label = 'DISORDER'], index): Entity => {
    const start = text.indexOf(words);
    const assertion = { ...DEFAULT_ASSERTION, ...axes };
    return {
      id: `e${index}`,
      start,
      end: start + words.length,
      text: words,
      label,
      score: 1,
      assertion,
      attributes: [],
      candidates: [],
    };
  });
  const linked = entities.map((entity) => linkEntity(entity, search));
  return codeNote({ ...makeDocument(text), entities: linked }, search).codes;
}

const brief = (codes: readonly CodeSuggestion[]) => codes.map(({ code, status, reason }) => [code, status, reason]);

describe('codeNote', () => {
  it.each([
    [{ presence: 'absent' }, 'absent'],
    [{ presence: 'possible' }, 'possible'],
    [{ temporality: 'historical' }, 'historical'],
    [{ temporality: 'hypothetical' }, 'hypothetical'],
    [{ experiencer: 'other' }, 'other_person'],
  ] as const)('lists %j as suppressed: %s', (axes, reason) => {
    expect(brief(codesOf(['pneumonia', axes]))).toEqual([['J18.9', 'suppressed', reason]]);
  });

  it('codes a family mention only as family history, and only where the code set has it', () => {
    expect(brief(codesOf(['breast cancer', { experiencer: 'family' }]))).toEqual([['Z80.3', 'suggested', null]]);
    expect(brief(codesOf(['appendicitis', { experiencer: 'family' }]))).toEqual([['K35.80', 'suppressed', 'family']]);
    expect(brief(codesOf(['breast cancer', { experiencer: 'family', presence: 'absent' }]))).toEqual([
      ['Z80.3', 'suppressed', 'family'],
    ]);
  });

  it('lets an affirmed mention win over a denied one of the same code, with the affirmed words as evidence', () => {
    const codes = codesOf(['pneumonia', { presence: 'absent' }], ['community acquired pneumonia']);
    expect(brief(codes)).toEqual([['J18.9', 'suggested', null]]);
    expect(codes[0]!.evidence).toEqual(['e1']);
  });

  it('suppresses a symptom that belongs to a confirmed disorder, not one beside a denied disorder', () => {
    expect(brief(codesOf(['pneumonia'], ['cough', {}, 'SYMPTOM']))).toContainEqual([
      'R05.9',
      'suppressed',
      'symptom_of',
    ]);
    expect(brief(codesOf(['pneumonia', { presence: 'absent' }], ['cough', {}, 'SYMPTOM']))).toContainEqual([
      'R05.9',
      'suggested',
      null,
    ]);
  });

  it('keeps only the better of two codes that exclude each other', () => {
    const codes = codesOf(['type 1 diabetes mellitus without complications'], ['type 2 diabetes']);
    const statuses = codes.map(({ status, reason }) => [status, reason]);
    expect(statuses).toContainEqual(['suppressed', 'excludes1']);
    expect(codes.filter(({ status }) => status === 'suggested')).toHaveLength(1);
  });

  it('suggests no code for an abbreviation whose sense is open', () => {
    const base = { id: 'e0', start: 0, end: 2, text: 'AS', label: 'DISORDER', score: 1 } as const;
    const abbreviation = { long: 'ankylosing spondylitis', score: 0.3 };
    const entity = { ...base, assertion: DEFAULT_ASSERTION, attributes: [], candidates: [], abbreviation };
    expect(codeNote({ ...makeDocument('AS'), entities: [linkEntity(entity, search)] }, search).codes).toEqual([]);
    const clear = { ...entity, abbreviation: { ...abbreviation, score: 0.9 } };
    expect(codeNote({ ...makeDocument('AS'), entities: [linkEntity(clear, search)] }, search).codes[0]?.code).toMatch(
      /^M45/,
    );
  });

  it('drops the unspecified code beside a specified one of its category', () => {
    expect(brief(codesOf(['heart failure'], ['acute on chronic systolic heart failure']))).toEqual([
      ['I50.23', 'suggested', null],
      ['I50.9', 'suppressed', 'duplicate'],
    ]);
  });

  it('drops "without complications" beside a complication', () => {
    expect(brief(codesOf(['type 2 diabetes'], ['diabetic nephropathy']))).toEqual([
      ['E11.21', 'suggested', null],
      ['E11.9', 'suppressed', 'duplicate'],
    ]);
  });

  it('codes neither medicines nor tests, procedures or anatomy', () => {
    expect(
      codesOf(
        ['insulin', {}, 'MEDICATION'],
        ['glucose', {}, 'TEST'],
        ['appendectomy', {}, 'PROCEDURE'],
        ['chest', {}, 'ANATOMY'],
      ),
    ).toEqual([]);
  });

  it('has no code where no words agree well enough', () => {
    expect(codesOf(['strange feeling of purple'])).toEqual([]);
    expect(codesOf(['acute'])).toEqual([]);
  });

  it('holds its invariants for any mix of mentions', () => {
    const phrase = fc.constantFrom(
      'pneumonia',
      'cough',
      'hypertension',
      'type 2 diabetes',
      'breast cancer',
      'hip fracture',
      'stroke',
      'malignant neoplasm of breast',
    );
    const axes = fc.record({
      presence: fc.constantFrom('present', 'absent', 'possible'),
      temporality: fc.constantFrom('current', 'historical', 'hypothetical'),
      experiencer: fc.constantFrom('patient', 'family', 'other'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(phrase, axes), { maxLength: 6 }), (said) => {
        const codes = codesOf(...said);
        expect(new Set(codes.map(({ code }) => code)).size).toBe(codes.length);
        for (const { code, status, reason, evidence, billable, needs } of codes) {
          expect(codeSet.indexOf.has(code)).toBe(true);
          expect(status === 'suppressed').toBe(reason !== null);
          expect(evidence.length).toBeGreaterThan(0);
          if (!billable) expect(needs.length).toBeGreaterThan(0);
          if (status !== 'suggested') continue;
          for (const id of evidence) {
            const assertion = said[Number(id.slice(1))]![1];
            expect(assertion.presence).toBe('present');
            if (assertion.experiencer === 'family') expect(code).toMatch(/^Z8[0-4]/);
            else expect(assertion.experiencer).toBe('patient');
          }
        }
      }),
      { numRuns: 80 },
    );
  });
});

describe('linkEntity', () => {
  const knee: Entity = {
    id: 'e1',
    start: 0,
    end: 9,
    text: 'knee pain',
    label: 'SYMPTOM',
    score: 1,
    assertion: DEFAULT_ASSERTION,
    attributes: [],
    candidates: [],
  };
  const best = (entity: Entity): string | undefined => linkEntity(entity, search).candidates[0]?.code;

  it('uses the side that stands apart', () => {
    const attributes: Entity['attributes'] = [{ type: 'laterality', start: 10, end: 14, text: 'left' }];
    expect([best(knee), best({ ...knee, attributes })]).toEqual(['M25.569', 'M25.562']);
  });

  it('uses the long form of an abbreviation only where it is likely', () => {
    const ms = { ...knee, text: 'MS', label: 'DISORDER' } as const;
    expect(best({ ...ms, abbreviation: { long: 'mitral stenosis', score: 0.8 } })).toBe('I05.0');
    expect(best({ ...ms, abbreviation: { long: 'mitral stenosis', score: 0.2 } })).toBe('G35.D');
  });
});

describe('needsOf', () => {
  it.each([
    ['S72.002', ['seventh_character']],
    ['S72.00', ['laterality', 'seventh_character']],
    ['C50.9', ['more_specific']],
    ['C50.91', ['laterality']],
    ['M17.1', ['laterality']],
    ['E11', ['more_specific']],
    ['I10', []],
  ])('%s: %j', (code, needs) => {
    expect(needsOf(code, codeSet)).toEqual(needs);
  });
});
