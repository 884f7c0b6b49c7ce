import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type AttributeType,
  type Document,
  type Entity,
} from '../../src/nlp/document';
import { findErrorProne } from '../../src/nlp/error-prone';

/** A document with one medicine that owns the words given for a type. */
function documentWith(text: string, attributes: Readonly<Partial<Record<AttributeType, string>>> = {}): Document {
  const entity: Entity = {
    id: 'e1',
    start: 0,
    end: 1,
    text: text.slice(0, 1),
    label: 'MEDICATION',
    score: 1,
    assertion: DEFAULT_ASSERTION,
    attributes: Object.entries(attributes).map(([type, words]) => {
      const start = text.indexOf(words);
      return { type: type as AttributeType, start, end: start + words.length, text: words };
    }),
    candidates: [],
  };
  return { ...makeDocument(text), entities: [entity] };
}

const marks = (document: Document) =>
  findErrorProne(document).errorProne.map(({ rule, text, meaning }) => [rule, text, meaning]);

describe('findErrorProne', () => {
  it.each([
    ['lisinopril 10 mg QD', 'daily_qd', 'QD', 'daily'],
    ['lisinopril 10 mg q.d.', 'daily_qd', 'q.d.', 'daily'],
    ['prednisone 5 mg QOD', 'every_other_day_qod', 'QOD', 'every other day'],
    ['insulin glargine 10U at night', 'unit_u', 'U', 'units'],
    ['insulin 6 u with meals', 'unit_u', 'u', 'units'],
    ['vitamin D 1000 IU', 'international_unit_iu', 'IU', 'units'],
    ['digoxin .125 mg', 'naked_decimal_point', '.125', '0.125'],
    ['MSO4 given', 'morphine_or_magnesium', 'MSO4', 'morphine sulfate'],
    ['MS 4 mg IV', 'morphine_or_magnesium', 'MS', 'morphine sulfate'],
    ['MgSO4 2 g', 'morphine_or_magnesium', 'MgSO4', 'magnesium sulfate'],
    ['levothyroxine 50 µg', 'microgram_mu', 'µg', 'mcg'],
    ['levothyroxine 50 μg', 'microgram_mu', 'μg', 'mcg'],
    ['d/c home today', 'discharge_discontinue_dc', 'd/c', 'discharge or discontinue'],
    ['lidocaine 5 cc', 'cubic_centimetre_cc', 'cc', 'mL'],
    ['epoetin TIW', 'three_times_a_week_tiw', 'TIW', 'three times a week'],
    ['timolol 1 drop OD bid', 'ear_eye_latin', 'OD', 'right eye'],
    ['VA 20/40 OS', 'ear_eye_latin', 'OS', 'left eye'],
    ['ciprofloxacin drops AD', 'ear_eye_latin', 'AD', 'right ear'],
    ['HCTZ 25 mg', 'drug_name_abbreviation', 'HCTZ', 'hydrochlorothiazide'],
    ['Inderal40 mg', 'missing_space', 'Inderal40', 'Inderal 40'],
    ['heparin 100000 units', 'large_number_without_comma', '100000', '100,000'],
  ])('%j: %s', (text, ...expected) => {
    expect(marks(documentWith(text))).toEqual([expected]);
  });

  it.each([
    [{ dose: '5.0 mg' }, 'warfarin 5.0 mg', ['trailing_zero', '5.0', '5']],
    [{ route: 'SC' }, 'enoxaparin 40 mg SC', ['subcutaneous_sc', 'SC', 'subcutaneously']],
    [{ frequency: 'qHS' }, 'trazodone 50 mg qHS', ['half_strength_or_bedtime_hs', 'qHS', 'at bedtime']],
  ] as const)('counts where it is %j: %j', (attributes, text, expected) => {
    expect(marks(documentWith(text, attributes))).toEqual([expected]);
    expect(marks(documentWith(text))).toEqual([]);
  });

  it.each([
    'OD on paracetamol',
    'MS since 2010',
    'known AS, murmur',
    'creatinine 5.0 mg/dL',
    'U/S abdomen',
    'ALT 40 U/L',
    'SC joint tender',
    'HCT 38',
    'CD4 200',
    'quid pro quo',
    'version 2.5 mg',
    '1.25 mg daily',
    'seen 10/11/2020 12345',
  ])('leaves %j alone', (text) => {
    expect(marks(documentWith(text))).toEqual([]);
  });

  it('marks spans of the text, in order, whatever it holds', () => {
    const pieces = fc.constantFrom(
      'QD',
      ' ',
      '5.0 mg',
      '.5 mg',
      'U',
      '10',
      'cc',
      'd/c',
      '\n',
      'é',
      '😀',
      'İ',
      'OD',
      'eye',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (words) => {
        const text = words.join('');
        const { errorProne } = findErrorProne(makeDocument(text));
        for (const { start, end, text: words } of errorProne) expect(text.slice(start, end)).toBe(words);
        expect(errorProne.map(({ start }) => start)).toEqual(
          errorProne.map(({ start }) => start).sort((a, b) => a - b),
        );
      }),
    );
  });
});
