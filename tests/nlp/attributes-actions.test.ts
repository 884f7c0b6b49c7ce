import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachAttributes } from '../../src/nlp/attributes';
import type { Assertion } from '../../src/nlp/document';
import { missingAttributes } from '../../src/nlp/missing-attributes';
import { documentOf } from './attributes-marked';

/** "medicine: type "words"" of each medicine with an action. */
function actions(marked: string): string[] {
  const { text, entities } = attachAttributes(documentOf(marked));
  return entities.flatMap(({ text: name, action }) =>
    action ? [`${name}: ${action.type} "${text.slice(action.start, action.end)}"`] : [],
  );
}

describe('actions', () => {
  it.each<[string, string[]]>([
    ['increase {M:lisinopril} to 20 mg', ['lisinopril: increase "increase"']],
    ['{M:Lasix} increased from 20 mg daily to 40 mg BID', ['Lasix: increase "increased"']],
    ['w/h {M:metformin} while {D:AKI}', ['metformin: hold "w/h"']],
    ['{M:aspirin} stopped due to {D:GI bleed}', ['aspirin: stop "stopped"']],
    ["{M:warfarin} d/c'd, started {M:apixaban} 5 mg BID", ['warfarin: stop "d/c\'d"', 'apixaban: start "started"']],
    ['Change {M:metoprolol} 25 mg -> 50 mg BID', ['metoprolol: change "Change"']],
    ['Switch {M:ceftriaxone} to {M:cefdinir} 300 mg PO', ['ceftriaxone: change "Switch"', 'cefdinir: start "Switch"']],
    [
      'continue {M:aspirin} 81 mg daily, {M:atorvastatin} 40 mg qhs and {M:metoprolol} 50 mg',
      ['aspirin: continue "continue"', 'atorvastatin: continue "continue"', 'metoprolol: continue "continue"'],
    ],
    ['{M:bisoprolol} 2.5 mg: hold', ['bisoprolol: hold "hold"']],
    ['| {M:Ramipril} | 5 mg | OD | continue |', ['Ramipril: continue "continue"']],
    ['{M:carvedilol} dose decreased to 3.125 mg', ['carvedilol: decrease "decreased"']],
    ['{M:prednisone} taper: 60 mg x 5 days, 40 mg x 5 days', ['prednisone: taper "taper"']],
    ['{M:prednisolone} 30mg od for 5/7, then reduce by 5mg', ['prednisolone: taper "reduce"']],
    ['stop {M:ibuprofen}; restart {M:apixaban}', ['ibuprofen: stop "stop"', 'apixaban: start "restart"']],
    ['Do not stop {M:clopidogrel}.', []],
    ['{M:propranolol} 10 mg TID hold for {T:SBP} <100', []],
    ['Stop smoking, {M:nicotine patch} daily', []],
    ['{T:K+} replaced with {M:KCl} 40 mEq', []],
    ['on {M:aspirin}', []],
  ])('reads %j', (marked, expected) => {
    expect(actions(marked)).toEqual(expected);
  });
});

it.each<[string, string | undefined]>([
  ['{M:oxycodone} 5 mg q4h PRN severe {S:pain}', 'pain'],
  ['{M:Tylenol} 650 mg q6h as needed for {S:fever} or {S:headache}', 'fever or headache'],
  ['{M:ondansetron} 4 mg q8h prn for {S:nausea}/{S:vomiting}', 'nausea/vomiting'],
  ['{M:lorazepam} 1 mg for {S:anxiety} prn', 'anxiety'],
  ['{M:melatonin} 3 mg qhs prn for difficulty sleeping.', 'difficulty sleeping'],
  ['{M:senna} 2 tabs PRN for 5 days', undefined],
  ['{M:amlodipine} 5 mg daily for {D:hypertension}', undefined],
])('reads what %j is needed for', (marked, expected) => {
  const { text, entities } = attachAttributes(documentOf(marked));
  const reason = entities[0]!.attributes.find(({ type }) => type === 'frequency')?.reason;
  expect(reason && text.slice(reason.start, reason.end)).toBe(expected);
});

describe('missing', () => {
  const missing = (marked: string, change: Partial<Assertion> = {}): string[] => {
    const document = attachAttributes(documentOf(marked));
    const entities = document.entities.map((entity) => ({ ...entity, assertion: { ...entity.assertion, ...change } }));
    return missingAttributes({ ...document, entities }).entities.flatMap(({ text, missing: lacks }) =>
      lacks ? [`${text}: ${lacks.join(' ')}`] : [],
    );
  };

  it.each<[string, string[]]>([
    ['Medications:\n{M:Lisinopril} 10 mg daily', []],
    ['Medications:\n{M:Metformin}', ['Metformin: dose frequency']],
    ['Medications:\n{M:Atorvastatin} 40 mg', ['Atorvastatin: frequency']],
    ['Medications:\n{M:Zofran} prn', ['Zofran: dose']],
    ['Medications:\n{M:hydrocortisone cream} bd, {M:GTN spray} prn', []],
    ['Medications:\n{M:Bactrim DS} 1 tab BID', []],
    ['Plan:\n1. Start {M:sertraline}\n2. Continue {M:lithium}', ['sertraline: dose frequency']],
    ['Plan:\n1. Start {M:antibiotics}', []],
    ['Plan:\n- {M:quetiapine} 50 mg', ['quetiapine: frequency']],
    ['Plan:\n- stop {M:aspirin}', []],
    ['Plan:\n- {M:heparin} 18 units/kg/hr', []],
    ['Allergies:\n{M:penicillin}', []],
    ['HPI:\nHe takes {M:aspirin} sometimes.', []],
    ['Medications:\n{M:oxygen} at night', []],
  ])('finds what is missing in %j', (marked, expected) => {
    expect(missing(marked)).toEqual(expected);
  });

  it.each<Partial<Assertion>>([{ presence: 'absent' }, { temporality: 'historical' }, { experiencer: 'family' }])(
    'asks nothing of a medicine that is %j',
    (change) => {
      expect(missing('Medications:\n{M:Metformin}', change)).toEqual([]);
    },
  );
});

describe('properties', () => {
  const words = fc.constantFrom(
    ...[
      'stop',
      'then reduce',
      'prn for',
      'hold',
      '->',
      '40 mg',
      '(3.5-5.0)',
      'H',
      '|',
      'q4-6h',
      'M/W/F',
      '5/7',
      '\n',
      '\t',
    ],
    ...[
      '{M:aspirin}',
      '{T:Na}',
      '{T:K}',
      '{S:pain}',
      '131/4.2',
      '<5',
      'until Friday',
      'mg/dL',
      'İ',
      '😀',
      '9.2 L',
      '12 - 14',
    ],
  );

  it('keeps actions, reasons and ranges inside the text, and says the same when it runs again', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 25 }), (parts) => {
        const document = attachAttributes(documentOf(parts.join(' ')));
        const spans = document.entities.flatMap(({ action, attributes }) => [
          ...(action ? [action] : []),
          ...attributes.flatMap(({ reason, reference }) => [
            ...(reason ? [reason] : []),
            ...(reference ? [reference] : []),
          ]),
        ]);
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(document.text.length);
        }
        expect(attachAttributes(document)).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, string]>([
    ['numbers', '1 '],
    ['digits', '1'],
    ['strokes', '1/'],
    ['ranges', '1-2 '],
    ['bars', '| '],
    ['brackets', '(('],
    ['blanks', ' '],
    ['line ends', '\n'],
    ['times', '2 x 3 '],
    ['every', 'every 2 '],
    ['days', 'mon/'],
    ['half', 'half a '],
    ['fors', 'for 3 '],
    ['stops', 'stop '],
    ['medicines that are stopped', 'stop {M:ab} '],
    ['medicines in a list', '{M:ab}, '],
    ['tests', '{T:ab} / '],
    ['tests with values', '{T:ab} 1 (2-3) H '],
    ['lines of tests', '{T:ab} {T:cd}\n1 2\n'],
    ['problems', 'mild {S:ab} '],
  ])('reads long runs of %s in time that grows with their length', (_, unit) => {
    const measure = (count: number): number => {
      const document = documentOf(`{M:drug} {T:Na} ${unit.repeat(count)}`);
      const started = performance.now();
      attachAttributes(document);
      return performance.now() - started;
    };
    measure(500);
    expect(measure(4000)).toBeLessThan(3000);
  });
});
