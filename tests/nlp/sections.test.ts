import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDocument } from '../../src/nlp/document';
import rules from '../../src/nlp/rules/sections.json';
import { linesOf, sectionIndexAt, sectionize } from '../../src/nlp/sections';

/** "category|title|body" of every section. */
const outline = (text: string): string[] =>
  sectionize(makeDocument(text)).sections.map(
    ({ category, title, body }) =>
      `${category}|${text.slice(title.start, title.end)}|${text.slice(body.start, body.end).trim()}`,
  );

describe('headings', () => {
  it.each<[string, string[]]>([
    ['PMH: HTN, DM2', ['past_medical_history|PMH:|HTN, DM2']],
    ['HPI\n67 yo man', ['history_of_present_illness|HPI|67 yo man']],
    ['HISTORY OF PRESENT ILLNESS\n\nCough.', ['history_of_present_illness|HISTORY OF PRESENT ILLNESS|Cough.']],
    ['Past Medical History:\n- asthma', ['past_medical_history|Past Medical History:|- asthma']],
    ['## Family History\nNone', ['family_history|## Family History|None']],
    ['**Social History:** smoker', ['social_history|**Social History:**|smoker']],
    ['**Allergies**\nNKDA', ['allergies|**Allergies**|NKDA']],
    ['1. Medications\naspirin', ['medications|1. Medications|aspirin']],
    ['A/P: CHF', ['assessment_and_plan|A/P:|CHF']],
    ['Assessment & Plan\nCHF', ['assessment_and_plan|Assessment & Plan|CHF']],
    ['O/E: chest clear', ['physical_exam|O/E:|chest clear']],
    ['PC/HPC: cough', ['history_of_present_illness|PC/HPC:|cough']],
    ['DHx - salbutamol', ['medications|DHx -|salbutamol']],
    ['PMH asthma', ['past_medical_history|PMH|asthma']],
    ['Drug history : nil', ['medications|Drug history :|nil']],
    ['Medications (on admission):\nLasix', ['medications|Medications (on admission):|Lasix']],
    ['TTOs: apixaban', ['discharge_medications|TTOs:|apixaban']],
    ['Immunisations: up to date', ['immunizations|Immunisations:|up to date']],
    [
      'S: cough\nO: T 38\nA: 1. flu\nP: rest',
      ['subjective|S:|cough', 'objective|O:|T 38', 'assessment|A:|1. flu', 'plan|P:|rest'],
    ],
    ['Seen today.\nPlan:\nrest', ['other||Seen today.', 'plan|Plan:|rest']],
    [
      'HPI: well controlled. PMH: HTN',
      ['history_of_present_illness|HPI:|well controlled.', 'past_medical_history|PMH:|HTN'],
    ],
    ['SPECIAL CONSIDERATIONS:\nnone', ['other|SPECIAL CONSIDERATIONS:|none']],
    ['Meds:\r\naspirin\r\nFHx:\r\nDM', ['medications|Meds:|aspirin', 'family_history|FHx:|DM']],
  ])('reads %j', (text, expected) => {
    expect(outline(text)).toEqual(expected);
  });

  it.each([
    ['an examination label', 'PE:\nHEENT:\nnormal\nLungs: clear\nCV: RRR', ['physical_exam']],
    ['a problem inside the plan', 'A/P:\nPNEUMONIA:\nceftriaxone', ['assessment_and_plan']],
    ['a pulse', 'BP 120/80\nP: 88', ['other']],
    ['a heading word in prose', 'He has a family history of diabetes.', ['other']],
    ['an abbreviation followed by prose', 'PMH of asthma', ['other']],
    ['an ordinary word alone on a line', 'Seen.\nHistory\nwas taken', ['other']],
    ['a short ambiguous abbreviation without colon', 'Causes:\nPE\nDVT', ['other']],
    ['a sentence', 'Follow up.\nReturn if worse', ['other']],
    ['a wrapped heading word in lower case', 'takes no other\nmedications\nat all', ['other']],
    ['a list item', '- Diet: low salt', ['other']],
    ['a label in the middle of a line', 'Stable. A: fine', ['other']],
  ])('does not start a section at %s', (_, text, categories) => {
    expect(sectionize(makeDocument(text)).sections.map(({ category }) => category)).toEqual(categories);
  });

  it('knows every variant followed by a colon', () => {
    for (const [category, variants] of Object.entries(rules.variants)) {
      for (const variant of variants) expect(outline(`${variant}: x`), variant).toEqual([`${category}|${variant}:|x`]);
    }
  });

  it('has at least 180 variants and none twice', () => {
    const variants = Object.values(rules.variants).flat();
    expect(variants.length).toBeGreaterThanOrEqual(180);
    expect(new Set(variants).size).toBe(variants.length);
  });

  it('gives an empty text no sections', () => {
    expect(sectionize(makeDocument('')).sections).toEqual([]);
  });
});

const noteText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('PMH:', '\n', '\r\n', '\r', ' ', '. ', '## ', '**', 'Plan', '\u200b', '\u200f', '\ud800', '😀'),
    ),
  )
  .map((pieces) => pieces.join(''));

describe('properties', () => {
  it('tiles the text', () => {
    fc.assert(
      fc.property(noteText, (text) => {
        const { sections } = sectionize(makeDocument(text));
        let position = 0;
        for (const { title, body } of sections) {
          expect(title.start).toBe(position);
          expect(title.end).toBeGreaterThanOrEqual(title.start);
          expect(body.start).toBe(title.end);
          expect(body.end).toBeGreaterThanOrEqual(body.start);
          position = body.end;
        }
        expect(position).toBe(text.length);
      }),
    );
  });

  it('splits lines without losing a character', () => {
    fc.assert(
      fc.property(noteText, (text) => {
        const kept = linesOf(text).map(({ start, end }) => text.slice(start, end));
        expect(kept.join('')).toBe(text.replace(/[\r\n]/g, ''));
      }),
    );
  });
});

describe('sectionIndexAt', () => {
  const document = sectionize(makeDocument('Opening.\nPMH: asthma\nMeds: aspirin'));
  it.each([
    ['Opening', 0],
    ['PMH', 1],
    ['asthma', 1],
    ['Meds', 2],
    ['aspirin', 2],
  ])('finds %j in section %d', (words, index) => {
    expect(sectionIndexAt(document, document.text.indexOf(words))).toBe(index);
  });

  it('finds none where there is none', () => {
    expect(sectionIndexAt(makeDocument(''), 0)).toBeUndefined();
  });
});

describe('nesting', () => {
  /** The title of every section below that of its parent. */
  const nested = (text: string): string[] => {
    const { sections } = sectionize(makeDocument(text));
    const titleOf = (index: number): string => text.slice(sections[index]!.title.start, sections[index]!.title.end);
    return sections.flatMap(({ parent }, index) =>
      parent === undefined ? [] : [`${titleOf(parent)} > ${titleOf(index)}`],
    );
  };

  it.each<[string, string[]]>([
    ['S:\nHPI: cough\nMeds: none\nO:\nVitals: stable\nA: flu\nP: rest', ['S: > HPI:', 'S: > Meds:', 'O: > Vitals:']],
    ['Seen today.\nLabs: Na 131\nCXR: clear\nPlan: rest', ['Labs: > CXR:']],
    ['# Letter\n## PMH\nasthma\n## Plan\nrest', ['# Letter > ## PMH', '# Letter > ## Plan']],
    ['## PMH\n### Cardiac\nMI 2014\n### Renal\nCKD\n## Meds\nnone', ['## PMH > ### Cardiac', '## PMH > ### Renal']],
    ['HPI: cough\nPMH: asthma\nPlan: rest', []],
  ])('%j', (text, expected) => {
    expect(nested(text)).toEqual(expected);
  });

  it('gives an unknown Markdown heading the category of the one above it', () => {
    const text = '## PMH\n### Cardiac\nMI 2014\n## Attachments\nnone';
    expect(sectionize(makeDocument(text)).sections.map(({ category }) => category)).toEqual([
      'past_medical_history',
      'past_medical_history',
      'other',
    ]);
  });

  it('always names an earlier section', () => {
    const line = fc.constantFrom(
      'S:',
      'HPI: x',
      'O:',
      'PE: y',
      '# A',
      '## PMH',
      '### Cardiac',
      'Plan:',
      'words',
      'Labs:',
      'CXR: z',
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const [index, { parent }] of sectionize(makeDocument(lines.join('\n'))).sections.entries()) {
          if (parent !== undefined) expect(parent).toBeLessThan(index);
        }
      }),
    );
  });
});
