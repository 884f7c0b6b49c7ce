import { describe, expect, it } from 'vitest';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type Assertion,
  type Attribute,
  type Entity,
  type Section,
} from '../../src/nlp/document';
import { groupFindings, lineAt, sectionAt, standingOf, standingsOf } from '../../src/ui/findings';
import { makeEntity } from '../state/fake-engine';

const asserted = (changes: Partial<Assertion>): Assertion => ({ ...DEFAULT_ASSERTION, ...changes });

describe('standingOf', () => {
  it.each`
    changes                                                | standing          | qualifiers
    ${{}}                                                  | ${'present'}      | ${[]}
    ${{ presence: 'absent' }}                              | ${'absent'}       | ${[]}
    ${{ presence: 'possible' }}                            | ${'possible'}     | ${[]}
    ${{ temporality: 'historical' }}                       | ${'past'}         | ${[]}
    ${{ temporality: 'hypothetical' }}                     | ${'hypothetical'} | ${[]}
    ${{ experiencer: 'family' }}                           | ${'family'}       | ${[]}
    ${{ experiencer: 'family', presence: 'absent' }}       | ${'family'}       | ${['absent']}
    ${{ experiencer: 'other', temporality: 'historical' }} | ${'other'}        | ${['past']}
    ${{ presence: 'absent', temporality: 'historical' }}   | ${'absent'}       | ${['past']}
    ${{ presence: 'possible', temporality: 'historical' }} | ${'past'}         | ${['possible']}
  `('$changes is $standing with $qualifiers', ({ changes, standing, qualifiers }) => {
    const assertion = asserted(changes as Partial<Assertion>);
    expect(standingOf(assertion)).toBe(standing);
    expect(standingsOf(assertion).slice(1)).toEqual(qualifiers);
  });
});

describe('groupFindings', () => {
  const text = 'Cough, fever. No cough. HTN. Cough again. Took aspirin 81 mg, aspirin 325 mg.';
  const at = (mention: string, from: number) => {
    const start = text.indexOf(mention, from);
    return { ...makeEntity(text, mention), id: `e${start}`, start, end: start + mention.length };
  };
  const dose = (words: string): Attribute => ({ type: 'dose', start: 0, end: 0, text: words });

  const group = (entities: readonly Entity[], sections: readonly Section[] = []) =>
    groupFindings({ entities, sections });

  it('joins the same words in the same standing, keeps others apart, present first', () => {
    const denied = { ...at('cough', 10), assertion: asserted({ presence: 'absent' }) };
    const [problems] = group([at('Cough', 0), denied, at('fever', 0), at('Cough', 5)]);
    expect(problems!.findings.map(({ standing, mentions }) => [mentions[0]!.text, standing, mentions.length])).toEqual([
      ['Cough', 'present', 2],
      ['fever', 'present', 1],
      ['cough', 'absent', 1],
    ]);
  });

  it('keeps two doses of one medicine as two rows', () => {
    const first = { ...at('aspirin', 0), label: 'MEDICATION' as const, attributes: [dose('81 mg')] };
    const second = { ...at('aspirin', 60), label: 'MEDICATION' as const, attributes: [dose('325 mg')] };
    const medicines = group([first, second]).find(({ kind }) => kind === 'medicine');
    expect(medicines!.findings).toHaveLength(2);
  });
});

describe('allergies', () => {
  it('keeps a medicine under Allergies apart from the same medicine taken, unless it is said to be none', () => {
    const text = 'Allergies: aspirin. Meds: aspirin';
    const sections: readonly Section[] = [
      { category: 'allergies', title: { start: 0, end: 10 }, body: { start: 10, end: 19 } },
    ];
    const allergic = makeEntity(text, 'aspirin', { label: 'MEDICATION' });
    const taken = { ...allergic, id: 'e26', start: 26, end: 33 };
    const denied = { ...allergic, id: 'e1', assertion: asserted({ presence: 'absent' }) };
    const medicines = groupFindings({ entities: [allergic, taken, denied], sections }).find(
      ({ kind }) => kind === 'medicine',
    );
    expect(medicines!.findings.map(({ standing, mentions }) => [standing, mentions[0]!.start])).toEqual([
      ['present', 26],
      ['allergy', 11],
      ['absent', 11],
    ]);
  });
});

describe('places', () => {
  it('counts lines as a reader does', () => {
    const document = makeDocument('a\nb\r\nc');
    expect([0, 2, 5].map((offset) => lineAt(document, offset))).toEqual([1, 2, 3]);
  });

  it('finds the section by its body or its title', () => {
    const section = { category: 'plan' as const, title: { start: 5, end: 9 }, body: { start: 10, end: 20 } };
    expect(sectionAt([section], 4)).toBeUndefined();
    expect(sectionAt([section], 6)).toBe(section);
    expect(sectionAt([section], 19)).toBe(section);
    expect(sectionAt([section], 20)).toBeUndefined();
  });
});
