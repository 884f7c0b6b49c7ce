import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeNote, needsOf } from '../../../src/nlp/coding/coding';
import { linkEntity } from '../../../src/nlp/coding/linking';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type Assertion,
  type CodeSuggestion,
  type Entity,
} from '../../../src/nlp/document';
import { codeSet, search } from './code-set';

type Said = readonly [text: string, axes?: Partial<Assertion>, label?: Entity['label']];

async function codesOf(...said: readonly Said[]): Promise<readonly CodeSuggestion[]> {
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
  const linked = await Promise.all(entities.map((entity) => linkEntity(entity, entity.text, search)));
  return codeNote({ ...makeDocument(text), entities: linked }, search).codes;
}

const brief = (codes: readonly CodeSuggestion[]) => codes.map(({ code, status, reason }) => [code, status, reason]);

describe('codeNote', () => {
  it.each([
    [{ presence: 'absent' }, 'absent'],
    [{ presence: 'possible' }, 'possible'],
    [{ temporality: 'hypothetical' }, 'hypothetical'],
    [{ experiencer: 'other' }, 'other_person'],
  ] as const)('lists %j as suppressed: %s', async (axes, reason) => {
    expect(brief(await codesOf(['pneumonia', axes]))).toEqual([['J18.9', 'suppressed', reason]]);
  });

  it('codes a family mention only as family history, and only where the code set has it', async () => {
    expect(brief(await codesOf(['breast cancer', { experiencer: 'family' }]))).toEqual([['Z80.3', 'suggested', null]]);
    expect(brief(await codesOf(['appendicitis', { experiencer: 'family' }]))).toEqual([
      ['K37', 'suppressed', 'family'],
    ]);
    expect(brief(await codesOf(['breast cancer', { experiencer: 'family', presence: 'absent' }]))).toEqual([
      ['C50.919', 'suppressed', 'family'],
    ]);
  });

  it('lets an affirmed mention win over a denied one of the same code, with the affirmed words as evidence', async () => {
    const codes = await codesOf(['pneumonia', { presence: 'absent' }], ['community acquired pneumonia']);
    expect(brief(codes)).toEqual([['J18.9', 'suggested', null]]);
    expect(codes[0]!.evidence).toEqual(['e1']);
  });

  it('suppresses a symptom that belongs to a confirmed disorder, not one beside a denied disorder', async () => {
    expect(brief(await codesOf(['pneumonia'], ['cough', {}, 'SYMPTOM']))).toContainEqual([
      'R05.9',
      'suppressed',
      'symptom_of',
    ]);
    expect(brief(await codesOf(['pneumonia', { presence: 'absent' }], ['cough', {}, 'SYMPTOM']))).toContainEqual([
      'R05.9',
      'suggested',
      null,
    ]);
  });

  it('keeps only the better of two codes that exclude each other', async () => {
    const codes = await codesOf(['type 1 diabetes mellitus without complications'], ['type 2 diabetes']);
    const statuses = codes.map(({ status, reason }) => [status, reason]);
    expect(statuses).toContainEqual(['suppressed', 'excludes1']);
    expect(codes.filter(({ status }) => status === 'suggested')).toHaveLength(1);
  });

  it('suggests no code for an abbreviation whose sense is open', async () => {
    const base = { id: 'e0', start: 0, end: 2, text: 'AS', label: 'DISORDER', score: 1 } as const;
    const abbreviation = { long: 'ankylosing spondylitis', score: 0.3 };
    const entity = { ...base, assertion: DEFAULT_ASSERTION, attributes: [], candidates: [], abbreviation };
    expect(
      codeNote({ ...makeDocument('AS'), entities: [await linkEntity(entity, entity.text, search)] }, search).codes,
    ).toEqual([]);
    const clear = { ...entity, abbreviation: { ...abbreviation, score: 0.9 } };
    expect(
      codeNote({ ...makeDocument('AS'), entities: [await linkEntity(clear, clear.text, search)] }, search).codes[0]
        ?.code,
    ).toMatch(/^M45/);
  });

  it('drops the unspecified code beside a specified one of its category', async () => {
    expect(brief(await codesOf(['heart failure'], ['acute on chronic systolic heart failure']))).toEqual([
      ['I50.23', 'suggested', null],
      ['I50.9', 'suppressed', 'duplicate'],
    ]);
  });

  it('drops "without complications" beside a complication', async () => {
    expect(brief(await codesOf(['type 2 diabetes'], ['diabetic nephropathy']))).toEqual([
      ['E11.21', 'suggested', null],
      ['E11.9', 'suppressed', 'duplicate'],
    ]);
  });

  it('codes neither medicines nor tests, procedures or anatomy', async () => {
    expect(
      await codesOf(
        ['insulin', {}, 'MEDICATION'],
        ['glucose', {}, 'TEST'],
        ['appendectomy', {}, 'PROCEDURE'],
        ['chest', {}, 'ANATOMY'],
      ),
    ).toEqual([]);
  });

  it('has no code where no words agree well enough', async () => {
    expect(await codesOf(['strange feeling of purple'])).toEqual([]);
    expect(await codesOf(['acute'])).toEqual([]);
  });

  it('holds its invariants for any mix of mentions', async () => {
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
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(phrase, axes), { maxLength: 6 }), async (said) => {
        const codes = await codesOf(...said);
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
  const best = async (entity: Entity): Promise<string | undefined> =>
    (await linkEntity(entity, entity.text, search)).candidates[0]?.code;

  it('uses the side that stands apart', async () => {
    const attributes: Entity['attributes'] = [{ type: 'laterality', start: 10, end: 14, text: 'left' }];
    expect([await best(knee), await best({ ...knee, attributes })]).toEqual(['M25.569', 'M25.562']);
  });

  it('uses the long form of an abbreviation only where it is likely', async () => {
    const ms = { ...knee, text: 'MS', label: 'DISORDER' } as const;
    expect(await best({ ...ms, abbreviation: { long: 'mitral stenosis', score: 0.8 } })).toBe('I05.0');
    expect(await best({ ...ms, abbreviation: { long: 'mitral stenosis', score: 0.2 } })).toBe('G35.D');
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
