/** Rules of the guidelines on whole notes: settings, histories, combinations, status codes. Words are coded lexically here. */
import { describe, expect, it } from 'vitest';
import { codeNote } from '../../../src/nlp/coding/coding';
import { linkEntity } from '../../../src/nlp/coding/linking';
import { COMBINATIONS } from '../../../src/nlp/coding/combinations';
import { bodyMassIndexCode } from '../../../src/nlp/coding/status-codes';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type Assertion,
  type Attribute,
  type CareSetting,
  type CodeSuggestion,
  type Entity,
  type EntityLabel,
} from '../../../src/nlp/document';
import history from '../../../src/nlp/rules/coding-history.json';
import status from '../../../src/nlp/rules/coding-status.json';
import { sectionize } from '../../../src/nlp/sections';
import { sentencize } from '../../../src/nlp/sentences';
import { codeSet, search } from './code-set';

interface Said {
  readonly words: string;
  readonly label?: EntityLabel;
  readonly axes?: Partial<Assertion>;
  readonly attributes?: readonly Partial<Attribute>[];
}

async function code(text: string, said: readonly Said[], setting?: CareSetting): Promise<readonly CodeSuggestion[]> {
  const document = sentencize(sectionize(makeDocument(text)));
  const entities = said.map(({ words, label = 'DISORDER', axes, attributes = [] }, index): Entity => {
    const start = text.indexOf(words);
    expect(start, words).toBeGreaterThanOrEqual(0);
    return {
      id: `e${index}`,
      start,
      end: start + words.length,
      text: words,
      label,
      score: 0.9,
      assertion: { ...DEFAULT_ASSERTION, ...axes },
      attributes: attributes.map((attribute) => ({ type: 'value', start, end: start, text: '', ...attribute })),
      candidates: [],
    };
  });
  const linked = await Promise.all(entities.map((entity) => linkEntity(entity, document.text, search)));
  return codeNote({ ...document, entities: linked }, search, setting).codes;
}

const suggested = (codes: readonly CodeSuggestion[]): string[] =>
  codes.filter((one) => one.status === 'suggested').map((one) => one.code);
const suppressed = (codes: readonly CodeSuggestion[]): (string | null)[][] =>
  codes.filter((one) => one.status === 'suppressed').map((one) => [one.code, one.reason]);

describe('the tables', () => {
  it('name only billable codes of the set', () => {
    const named = [
      ...COMBINATIONS.map((rule) => rule.code),
      ...history.codes.map(({ to }) => to),
      ...history.familyCodes.map(({ to }) => to),
      ...[...status.longTerm, ...status.allergies, ...status.procedures].map((rule) => rule.code),
      ...status.procedures.flatMap((rule) =>
        ['right', 'left', 'bilateral'].map((side) => (rule as Record<string, unknown>)[side]),
      ),
      ...Array.from({ length: 80 }, (_, value) => bodyMassIndexCode(value + 10)),
    ].filter((one) => one !== undefined);
    const wrong = named.filter((one) => !codeSet.billable[codeSet.indexOf.get(one as string) ?? -1]);
    expect(wrong).toEqual([]);
  });

  it('ask only for beginnings that codes of the set have', () => {
    const starts = [
      ...COMBINATIONS.flatMap(({ parts }) => parts.flat()),
      ...history.chronic,
      ...history.codes.flatMap(({ from }) => from),
      ...history.familyCodes.flatMap(({ from }) => from),
      ...status.bodyMassIndex.beside,
    ];
    expect(starts.filter((start) => !codeSet.codes.some((one) => one.startsWith(start)))).toEqual([]);
  });
});

describe('uncertain diagnoses', () => {
  const possible = [{ words: 'pneumonia', axes: { presence: 'possible' } }] as const;
  it('are not coded for an outpatient (IV.H), but for an inpatient (II.H)', async () => {
    const outpatient = await code('Possible pneumonia.', possible);
    expect(outpatient[0]).toMatchObject({ code: 'J18.9', status: 'suppressed', reason: 'possible', guideline: 'IV.H' });
    const inpatient = await code('Possible pneumonia.', possible, 'inpatient');
    expect(inpatient[0]).toMatchObject({ code: 'J18.9', status: 'suggested', guideline: 'II.H' });
  });

  it('stay uncoded for an inpatient when they are denied or planned for', async () => {
    const axes = { presence: 'possible', temporality: 'hypothetical' } as const;
    expect(suggested(await code('If pneumonia.', [{ words: 'pneumonia', axes }], 'inpatient'))).toEqual([]);
  });
});

describe('history', () => {
  const past = { temporality: 'historical' } as const;
  it.each([
    ['pneumonia', 'Z87.01'],
    ['breast cancer', 'Z85.3'],
    ['pulmonary embolism', 'Z86.711'],
    ['stroke', 'Z86.73'],
    ['hypertension', 'I10'],
    ['asthma', 'J45.909'],
  ])('of %s: %s', async (words, expected) => {
    expect(suggested(await code(`History of ${words}.`, [{ words, axes: past }]))).toEqual([expected]);
  });

  it('that no code tells is suppressed', async () => {
    expect(suppressed(await code('Previous appendicitis.', [{ words: 'appendicitis', axes: past }]))).toEqual(
      [['K37', 'historical']].map(([, reason]) => [expect.stringMatching(/^K3/) as string, reason]),
    );
  });

  it('of a chronic condition that is over is not coded as the condition', async () => {
    const cue = { axis: 'temporality', rule: 'x', start: 0, end: 9 } as const;
    const axes = { ...past, cues: [cue] };
    expect(suggested(await code('Childhood asthma.', [{ words: 'asthma', axes }]))).toEqual([]);
  });

  it('is read from the past history, where no word says it', async () => {
    expect(
      suggested(
        await code('PMH: pulmonary embolism, hypertension', [
          { words: 'pulmonary embolism' },
          { words: 'hypertension' },
        ]),
      ),
    ).toEqual(expect.arrayContaining(['Z86.711', 'I10']));
  });

  it.each([
    ['breast cancer', 'Z80.3'],
    ['type 2 diabetes', 'Z83.3'],
    ['stroke', 'Z82.3'],
  ])('of relatives: %s is %s', async (words, expected) => {
    expect(suggested(await code(`Mother had ${words}.`, [{ words, axes: { experiencer: 'family' } }]))).toEqual([
      expected,
    ]);
  });
});

describe('combination codes', () => {
  it.each([
    [['hypertension', 'heart failure'], ['I11.0', 'I50.9'], 'I10'],
    [['hypertension', 'chronic kidney disease stage 3'], ['I12.9', 'N18.30'], 'I10'],
    [['hypertension', 'end stage renal disease'], ['I12.0', 'N18.6'], 'I10'],
    [['hypertension', 'heart failure', 'chronic kidney disease stage 4'], ['I13.0', 'I50.9', 'N18.4'], 'I10'],
    [['type 2 diabetes', 'chronic kidney disease stage 3'], ['E11.22', 'N18.30'], 'E11.9'],
    [['type 2 diabetes', 'polyneuropathy, unspecified'], ['E11.42'], 'G62.9'],
    [['type 1 diabetes', 'gastroparesis'], ['E10.43', 'K31.84'], 'E10.9'],
  ])('%j: %j over %s', async (words, expected, replaced) => {
    const codes = await code(
      `${words.join('. ')}.`,
      words.map((one) => ({ words: one })),
    );
    expect(suggested(codes).sort()).toEqual([...expected].sort());
    expect(suppressed(codes)).toContainEqual([replaced, 'combined']);
    const combined = codes.find((one) => one.code === expected[0])!;
    expect(combined.guideline).toMatch(/^I\./);
    expect(combined.evidence.length).toBeGreaterThan(1);
  });

  it('keep every complication of diabetes', async () => {
    const words = ['type 2 diabetes', 'chronic kidney disease stage 3', 'gastroparesis'];
    expect(
      suggested(
        await code(
          `${words.join('. ')}.`,
          words.map((one) => ({ words: one })),
        ),
      ).sort(),
    ).toEqual(['E11.22', 'E11.43', 'K31.84', 'N18.30']);
  });

  it('do not arise from what is denied', async () => {
    const said = [{ words: 'hypertension' }, { words: 'heart failure', axes: { presence: 'absent' } }] as const;
    expect(suggested(await code('hypertension. No heart failure.', said))).toEqual(['I10']);
  });
});

describe('status codes', () => {
  const medicine = (words: string, more: Partial<Said> = {}): Said => ({ words, label: 'MEDICATION', ...more });
  const daily = [{ type: 'frequency', text: 'daily' }] as const;

  it.each([
    ['Medications: insulin glargine 20 units', 'insulin glargine', 'Z79.4'],
    ['Medications: apixaban', 'apixaban', 'Z79.01'],
    ['Medications: aspirin 81 mg', 'aspirin', 'Z79.82'],
    ['Allergies: penicillin', 'penicillin', 'Z88.0'],
    ['He is allergic to codeine.', 'codeine', 'Z88.5'],
  ])('%j', async (text, words, expected) => {
    expect(suggested(await code(text, [medicine(words)]))).toEqual([expected]);
  });

  it.each([
    ['Given insulin in the ER.', medicine('insulin')],
    [
      'Prednisone daily for 5 days.',
      medicine('Prednisone', { attributes: [...daily, { type: 'duration', text: '5 days' }] }),
    ],
    ['Stop warfarin daily.', medicine('warfarin', { attributes: daily, axes: { temporality: 'historical' } })],
    ['Mother takes warfarin daily.', medicine('warfarin', { attributes: daily, axes: { experiencer: 'family' } })],
    ['Not allergic to penicillin.', medicine('penicillin', { axes: { presence: 'absent' } })],
    ['Oxycodone as needed.', medicine('Oxycodone', { attributes: [{ type: 'frequency', asNeeded: true }] })],
  ] as const)('%j has none', async (text, said) => {
    expect(suggested(await code(text, [said]))).toEqual([]);
  });

  it('tells sides of replaced joints', async () => {
    const said = { words: 'left knee replacement', label: 'PROCEDURE', axes: { temporality: 'historical' } } as const;
    expect(suggested(await code('Had a left knee replacement.', [said]))).toEqual(['Z96.652']);
    const planned = { ...said, axes: { temporality: 'hypothetical' } } as const;
    expect(suggested(await code('Plan left knee replacement.', [planned]))).toEqual([]);
  });

  it('codes a body mass index only beside a diagnosis of weight (I.B.14)', async () => {
    const index = { words: 'BMI', label: 'TEST', attributes: [{ type: 'value', text: '36.4', value: 36.4 }] } as const;
    expect(suggested(await code('BMI 36.4.', [index]))).toEqual([]);
    expect(suggested(await code('Obesity, BMI 36.4.', [{ words: 'Obesity' }, index])).sort()).toEqual([
      'E66.9',
      'Z68.36',
    ]);
  });

  it.each([
    [17, 'Z68.18'],
    [18.5, 'Z68.19'],
    [20, 'Z68.20'],
    [29.9, 'Z68.29'],
    [40, 'Z68.41'],
    [45, 'Z68.42'],
    [71, 'Z68.45'],
    [3, undefined],
    [NaN, undefined],
  ])('reads a body mass index of %d as %s', (value, expected) => {
    expect(bodyMassIndexCode(value)).toBe(expected);
  });
});
