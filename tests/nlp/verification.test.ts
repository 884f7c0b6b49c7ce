import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RejectionReason } from '../../src/nlp/document';
import { parseGlossary } from '../../src/nlp/glossary';
import { verify, type Verdict } from '../../src/nlp/verification';
import { CORRUPTIONS } from '../../bench/corruptions';
import entries from '../fixtures/glossary.json';
import senses from '../fixtures/senses.json';
import pairs from '../fixtures/plain-pairs.json';

const glossary = parseGlossary(entries, senses);

function check(source: string, output: string): Verdict {
  const side = (text: string) => ({ text, entities: [], glossary });
  return verify(side(source), side(output));
}

const ACCEPTED: [string, string][] = [
  ['Lasix 40 mg BID', 'Lasix 40 milligrams twice a day'],
  ['Lasix 40mg q12h', 'Lasix 40 mg every 12 hours'],
  ['metformin 1,000 mg TID', 'metformin 1000 mg 3 times a day'],
  ['tabs ii: 2 tabs q4-6h prn', 'tabs ii: two tablets every 4 to 6 hours as needed'],
  ['insulin 10 units qhs', 'insulin 10 units every night'],
  ['prednisone 40 mg x5d', 'prednisone 40 mg for 5 days'],
  ['67 yo M', 'A 67-year-old man'],
  ['67 y/o with HTN', '67 years old with high blood pressure'],
  ['seen 03/12/2024', 'seen on March 12, 2024'],
  ["CABG '09", 'heart bypass surgery in 2009'],
  ['BP 150/90', 'blood pressure 150 over 90'],
  ['fever at 8 am', 'fever at 8:00 a.m.'],
  ['Denies CP, SOB or fever.', 'Does not have chest pain, shortness of breath or fever.'],
  ['No edema. No fever. No cough.', 'No swelling, fever or cough.'],
  ['Afebrile.', 'Does not have a fever.'],
  ['Abdomen nontender', 'The belly is not tender'],
  ['Possible pneumonia.', 'This may be pneumonia.'],
  ['r/o MI', 'Check for a heart attack.'],
  ['LLE edema', 'Swelling of the left leg'],
  ['L knee pain', 'Pain in the left knee'],
  ['bilateral leg edema', 'swelling in both legs'],
  ['NKDA', 'No known drug allergies.'],
  ['Fever, cough denied.', 'You say you have no fever or cough.'],
  ['Cough for 2 days after travel.', 'You had a cough for 2 days after travel.'],
  ['PE was ruled out.', 'A blood clot in the lung was not found.'],
  ['Mother had MI.', 'Her mother had a heart attack.'],
  ['Two-day history of cough', 'Two days of cough'],
  ['No family history of MI', 'No one in the family has had a heart attack.'],
  ['Afebrile, BP 128/74', 'No fever, blood pressure 128/74'],
  ['He is afebrile, and his BP is high', 'He has no fever, and his blood pressure is high'],
  ["given father's MI", 'because her father had a heart attack'],
  [
    'metformin 1 g bid, aspirin 81 mg bid, lisinopril 10 mg bid, furosemide 40 mg bid, warfarin 5 mg bid',
    'metformin 1 g twice a day, aspirin 81 mg twice a day, lisinopril 10 mg twice a day, furosemide 40 mg twice a day, warfarin 5 mg twice a day',
  ],
  ['', ''],
];

const REJECTED: [string, string, RejectionReason][] = [
  ['Nausea denied, edema noted.', 'You had nausea, but no swelling was noted.', 'negation'],
  ['?pneumonia ?PE', 'This may be pneumonia. You have a blood clot in the lung.', 'negation'],
  ['Vomiting 10 min after eating.', 'You were vomiting for 10 minutes after eating.', 'number'],
  ['Cough at night.', 'You cough at night or night.', 'repetition'],
  ['Travel: no - fever.', 'You travel and have no fever.', 'negation'],
  ['Edema, rescan 6-8 weeks.', 'You have swelling and had a rescan of 6-8 weeks.', 'date'],
  ['Na 131', 'Na 133', 'number'],
  ['History of cough for two days', 'Cough for two years', 'unit'],
  ['No one in the family has had MI', 'Someone in the family has had a heart attack', 'negation'],
  ['Walks 2 blocks', 'Walks blocks', 'number'],
  ['Lasix 40 mg', 'Lasix 80 mg', 'dose'],
  ['Lasix 40 mg', 'Lasix', 'dose'],
  ['Lasix 40 mg BID', 'Lasix 40 mg three times a day', 'dose'],
  ['Lasix 40 mg PO', 'Lasix 40 mg into a vein', 'dose'],
  ['Lasix 40 mg BID prn', 'Lasix 40 mg twice a day', 'dose'],
  ['digoxin 125 mcg', 'digoxin 125 mg', 'unit'],
  ['digoxin .5 mg', 'digoxin 5 mg', 'dose'],
  ['for 3 days', 'for 3 weeks', 'unit'],
  ['seen 12/03/2024', 'seen 03/12/2024', 'date'],
  ['since March 2019', 'since May 2019', 'date'],
  ['seen yesterday', 'seen today', 'date'],
  ['Takes warfarin', 'Takes heparin', 'drug'],
  ['Takes warfarin', 'Takes a blood thinner', 'drug'],
  ['Takes ramipril', 'Takes it', 'drug'],
  ['No fever', 'Fever', 'negation'],
  ['Fever', 'No fever', 'negation'],
  ['Denies fever but has cough', 'Has fever but no cough', 'negation'],
  ['Afebrile', 'Has a fever', 'negation'],
  ['Possible pneumonia', 'Pneumonia', 'negation'],
  ['Pneumonia', 'Might be pneumonia', 'negation'],
  ['Return if fever', 'Return with fever', 'negation'],
  ['left leg', 'right leg', 'laterality'],
  ['left leg, right arm', 'right leg, left arm', 'laterality'],
  ['LLE edema', 'swelling of the right leg', 'laterality'],
  ['Has HTN', 'Has it', 'entity'],
  ['Has HTN', 'Has high blood sugar', 'entity'],
  ['Mother had MI', 'Father had a heart attack', 'entity'],
  ['Potassium was low', 'Potassium was high', 'entity'],
  ['Has HTN', 'Has high blood pressure and cancer', 'added_entity'],
  ['Has HTN', 'Has high blood pressure and gastritis', 'added_entity'],
  [
    'Has HTN',
    'Has high blood pressure, which is a condition of the body that a great many people have for a very long time and do see their doctor for',
    'length',
  ],
  ['He came in with his wife to talk about the plan for home', 'He came', 'length'],
  ['Has HTN.', 'Has high blood pressure. Has high blood pressure.', 'repetition'],
  ['Leg pain', 'Leg leg pain', 'repetition'],
];

describe('verify', () => {
  it.each(ACCEPTED)('accepts %j as %j', (source, output) => {
    expect(check(source, output)).toEqual({ verdict: 'verified', reasons: [] });
  });

  it.each(REJECTED)('rejects %j as %j: %s', (source, output, reason) => {
    const { verdict, reasons } = check(source, output);
    expect(verdict).toBe('rejected');
    expect(reasons).toContain(reason);
  });

  it('holds the words of recognized entities that no word list knows', () => {
    const source = { text: 'Has frobnitz.', entities: [{ start: 4, end: 12, label: 'DISORDER' as const }], glossary };
    expect(verify(source, { text: 'Has it.', entities: [], glossary }).reasons).toEqual(['entity']);
    const generated = { text: 'Has blarg.', entities: [{ start: 4, end: 9, label: 'MEDICATION' as const }], glossary };
    expect(verify({ ...source, entities: [] }, generated).reasons).toEqual(['drug']);
  });

  it('accepts any text as itself and never throws', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.constantFrom('no', 'HTN', '40 mg', 'BID', '12/03', 'left', '?PE', 'May 3', "'09", '-5', 'q6h'),
          fc.string({ unit: 'binary', maxLength: 8 }),
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, text, (source, output) => {
        expect(check(source, source)).toEqual({ verdict: 'verified', reasons: [] });
        check(source, output);
      }),
      { numRuns: 300 },
    );
  });
});

describe('verify against corruption', () => {
  const good = pairs as [string, string][];

  it('lets at least 95 % of good pairs pass', () => {
    const rejected = good.filter(([source, output]) => check(source, output).verdict === 'rejected');
    for (const [source, output] of rejected)
      console.log('rejected:', source, '|', output, check(source, output).reasons.join());
    console.log(`good pairs rejected: ${rejected.length} of ${good.length}`);
    expect(rejected.length / good.length).toBeLessThanOrEqual(0.05);
  });

  it('catches at least 95 % of corruptions, of every kind', () => {
    let [made, caught] = [0, 0];
    const lines: string[] = [];
    for (const { kind, apply } of CORRUPTIONS) {
      const bad = good.flatMap(([source, output]) =>
        apply(output) === output ? [] : [[source, apply(output)] as const],
      );
      const passed = bad.filter(([source, output]) => check(source, output).verdict === 'verified');
      for (const [source, output] of passed) lines.push(`  passed: ${source} | ${output}`);
      lines.push(`${kind}: ${bad.length - passed.length} of ${bad.length}`);
      made += bad.length;
      caught += bad.length - passed.length;
      expect(bad.length, kind).toBeGreaterThan(0);
    }
    console.log([...lines, `caught: ${caught} of ${made} (${((100 * caught) / made).toFixed(1)} %)`].join('\n'));
    expect(caught / made).toBeGreaterThanOrEqual(0.95);
  });
});
