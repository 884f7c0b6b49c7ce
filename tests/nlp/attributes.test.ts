import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attachAttributes } from '../../src/nlp/attributes';
import { makeDocument, type Entity } from '../../src/nlp/document';
import { sectionize } from '../../src/nlp/sections';
import { sentencize } from '../../src/nlp/sentences';
import { documentOf, LABELS, makeEntity } from './attributes-marked';

/** "mention: type text value unit; …" for each entity that has attributes. */
const described = (marked: string): string[] =>
  attachAttributes(documentOf(marked))
    .entities.filter(({ attributes }) => attributes.length > 0)
    .map(({ text, attributes }) => {
      const parts = attributes.map(({ type, text: words, value, unit }) =>
        [type, `"${words}"`, value, unit].filter((part) => part !== undefined).join(' '),
      );
      return `${text}: ${parts.join('; ')}`;
    });

describe('medicines', () => {
  it.each<[string, string[]]>([
    ['{M:furosemide} 40 mg PO BID', ['furosemide: dose "40 mg" 40 mg; route "PO"; frequency "BID" 2 /d']],
    ['{M:metformin} 1000mg bd', ['metformin: dose "1000mg" 1000 mg; frequency "bd" 2 /d']],
    ['{M:Lasix} 40 po qd', ['Lasix: dose "40" 40; route "po"; frequency "qd" 1 /d']],
    [
      '{M:amoxicillin} 500 mg/5 mL susp 10 mL TDS x 7 days',
      [
        'amoxicillin: strength "500 mg/5 mL" 100 mg/mL; form "susp"; dose "10 mL" 10 mL; frequency "TDS" 3 /d; duration "x 7 days" 7 d',
      ],
    ],
    ['{M:insulin glargine} 18 units qhs', ['insulin glargine: dose "18 units" 18 U; frequency "qhs" 1 /d']],
    [
      '{M:prednisone} 40 mg daily x5d then taper',
      ['prednisone: dose "40 mg" 40 mg; frequency "daily" 1 /d; duration "x5d" 5 d'],
    ],
    ['{M:Tylenol} 1-2 tabs q4-6h prn {S:pain}', ['Tylenol: dose "1-2 tabs" 1 tab; frequency "q4-6h prn" 4 /d']],
    [
      '{M:sacubitril/valsartan} 24/26 mg BID',
      ['sacubitril/valsartan: strength "24/26 mg" 24 mg; frequency "BID" 2 /d'],
    ],
    [
      '{M:metformin} 500 mg tablets, 2 bd',
      ['metformin: strength "500 mg" 500 mg; form "tablets"; dose "2" 2; frequency "bd" 2 /d'],
    ],
    [
      '{M:digoxin} 125 mcg 1 tab daily',
      ['digoxin: strength "125 mcg" 125 ug; dose "1 tab" 1 tab; frequency "daily" 1 /d'],
    ],
    ['{M:albuterol} 2 puffs q4h PRN', ['albuterol: dose "2 puffs" 2 puff; frequency "q4h PRN" 6 /d']],
    ['{M:heparin} 1,000 units/hr IV', ['heparin: dose "1,000 units/hr" 1000 U/h; route "IV"']],
    [
      '{M:vancomycin} 15 mg/kg IV q12h for 10 days',
      ['vancomycin: dose "15 mg/kg" 15 mg/kg; route "IV"; frequency "q12h" 2 /d; duration "for 10 days" 10 d'],
    ],
    [
      '{M:hydrocortisone} 1% cream topically TID',
      ['hydrocortisone: strength "1%" 1 %; form "cream"; route "topically"; frequency "TID" 3 /d'],
    ],
    ['{M:levothyroxine} 0,5 mg od', ['levothyroxine: dose "0,5 mg" 0.5 mg; frequency "od" 1 /d']],
    ['{M:warfarin} ½ tab', ['warfarin: dose "½ tab" 0.5 tab']],
    ['{M:warfarin} 1 1/2 tabs', ['warfarin: dose "1 1/2 tabs" 1.5 tab']],
    [
      '{M:ibuprofen} 400mg tds for 5/7',
      ['ibuprofen: dose "400mg" 400 mg; frequency "tds" 3 /d; duration "for 5/7" 5 d'],
    ],
    ['{M:metoprolol} 50 mg ER daily', ['metoprolol: dose "50 mg" 50 mg; form "ER"; frequency "daily" 1 /d']],
    ['{M:oxygen} 2 L/min', ['oxygen: dose "2 L/min" 2 L/min']],
    ['{M:aspirin} for {S:headache} daily', ['aspirin: frequency "daily" 1 /d']],
    [
      'increase {M:furosemide} from 20 to 40 mg daily',
      ['furosemide: dose "20" 20; dose "40 mg" 40 mg; frequency "daily" 1 /d'],
    ],
    ['{M:lisinopril} 10 mg -> 20 mg', ['lisinopril: dose "10 mg" 10 mg; dose "20 mg" 20 mg']],
    ['{M:metformin} bd, {M:lisinopril} 10', ['metformin: frequency "bd" 2 /d', 'lisinopril: dose "10" 10']],
  ])('reads the sig of %j', (marked, expected) => {
    expect(described(marked)).toEqual(expected);
  });

  it.each<[string, number | undefined]>([
    ['daily', 1],
    ['OD', 1],
    ['qd', 1],
    ['q.d.', 1],
    ['nocte', 1],
    ['qhs', 1],
    ['b.i.d.', 2],
    ['twice a day', 2],
    ['TDS', 3],
    ['three times daily', 3],
    ['QID', 4],
    ['qds', 4],
    ['5 times a day', 5],
    ['q6h', 4],
    ['q8h', 3],
    ['every 8 hours', 3],
    ['6 hourly', 4],
    ['q72h', 0.3333],
    ['weekly', 0.1429],
    ['once a week', 0.1429],
    ['twice weekly', 0.2857],
    ['every other day', 0.5],
    ['every 2 weeks', 0.0714],
    ['every 3 days', 0.3333],
    ['stat', undefined],
  ])('normalizes the frequency %j to %j a day', (words, rate) => {
    const [medicine] = attachAttributes(documentOf(`{M:drug} 5 mg ${words}`)).entities;
    expect(medicine!.attributes.slice(1)).toEqual([
      {
        type: 'frequency',
        start: 10,
        end: 10 + words.length,
        text: words,
        ...(rate === undefined ? {} : { value: rate, unit: '/d' }),
      },
    ]);
  });

  it.each<[string, string[]]>([
    ['40 mg of {M:furosemide}', ['furosemide: dose "40 mg" 40 mg']],
    ['one tablet of {M:aspirin}', ['aspirin: dose "one tablet" 1 tab']],
    ['Oral {M:vancomycin}', ['vancomycin: route "Oral"']],
    ['7-day course of {M:doxycycline}', ['doxycycline: duration "7-day" 7 d']],
    [
      '{M:aspirin} 81 mg daily, 40 mg {M:furosemide} IV',
      ['aspirin: dose "81 mg" 81 mg; frequency "daily" 1 /d', 'furosemide: dose "40 mg" 40 mg; route "IV"'],
    ],
    [
      'on 5 mg {M:amlodipine} and 20 mg {M:atorvastatin}',
      ['amlodipine: dose "5 mg" 5 mg', 'atorvastatin: dose "20 mg" 20 mg'],
    ],
    [
      '{M:Furosemide} 40 mg tablet\n  Take 1 tablet by mouth twice daily.',
      [
        'Furosemide: strength "40 mg" 40 mg; form "tablet"; dose "1 tablet" 1 tab; route "by mouth"; frequency "twice daily" 2 /d',
      ],
    ],
    ['{M:aspirin} yesterday. {S:Cough} for 3 days', []],
    ['{M:aspirin} and {S:cough} for 3 days', []],
    ['{M:aspirin} 3 days ago', []],
    ['{M:morphine} at 10 am', []],
    ['{M:carboplatin} for stage IV cancer', []],
  ])('finds the owner in %j', (marked, expected) => {
    expect(described(marked)).toEqual(expected);
  });
});

describe('tests', () => {
  it.each<[string, string[]]>([
    ['{T:Na} 131, {T:K} 4.2, {T:Hgb} 9.2 (L)', ['Na: value "131" 131', 'K: value "4.2" 4.2', 'Hgb: value "9.2" 9.2']],
    ['{T:BP} 150/90 {T:HR} 88', ['BP: value "150/90" 150', 'HR: value "88" 88']],
    [
      '{T:T} 38.4 C, {T:SpO2} 95% on RA',
      ['T: value "38.4" 38.4 Cel; unit "C" Cel', 'SpO2: value "95" 95 %; unit "%" %'],
    ],
    ['{T:BP}: 112/68 mmHg', ['BP: value "112/68" 112 mm[Hg]; unit "mmHg" mm[Hg]']],
    [
      '{T:Troponin I} <0.01 ng/mL, {T:eGFR} >60',
      ['Troponin I: value "<0.01" 0.01 ng/mL; unit "ng/mL" ng/mL', 'eGFR: value ">60" 60'],
    ],
    ['{T:WBC} 12.3 K/uL', ['WBC: value "12.3" 12.3 10*3/uL; unit "K/uL" 10*3/uL']],
    ['{T:platelets} 250 x10^9/L', ['platelets: value "250" 250 10*9/L; unit "x10^9/L" 10*9/L']],
    ['{T:Pulse} was 90 bpm', ['Pulse: value "90" 90 /min; unit "bpm" /min']],
    ['{T:EF} of 35-40%', ['EF: value "35-40" 35 %; unit "%" %']],
    ['{T:Hgb} 9.2 -> 8.8', ['Hgb: value "9.2" 9.2; value "8.8" 8.8']],
    ['{T:Na} 131 mmol/L (135-145)', ['Na: value "131" 131 mmol/L; unit "mmol/L" mmol/L']],
    ['{T:ESR} was 7 (normal 0–20 mm/hr)', ['ESR: value "7" 7']],
    ['{T:Glucose} (mg/dL): 131', ['Glucose: unit "mg/dL" mg/dL; value "131" 131 mg/dL']],
    ['{T:INR} 2.5 on 3/4', ['INR: value "2.5" 2.5']],
    ['{T:base excess} -5.1', ['base excess: value "-5.1" -5.1']],
    ['{T:UA} negative, {T:CXR} was normal', ['UA: value "negative"', 'CXR: value "normal"']],
    ['normal {T:EKG}', ['EKG: value "normal"']],
    ['{T:culture} positive for {D:MRSA}', ['culture: value "positive"']],
    ['{T:mass} 8 cm', ['mass: value "8" 8 cm; unit "cm" cm']],
    ['{T:LDL} 131 on {M:atorvastatin} 40', ['LDL: value "131" 131', 'atorvastatin: dose "40" 40']],
    ['{T:CXR} small {D:effusion}', ['effusion: severity "small"']],
    ['{T:CT chest} showed a 3 cm {D:mass} and 3 nodules', []],
    ['{T:CT} at stage 3', []],
    ['{T:MRI} [2]', []],
  ])('reads the result in %j', (marked, expected) => {
    expect(described(marked)).toEqual(expected);
  });
});

describe('problems', () => {
  it.each<[string, string[]]>([
    ['mild {S:chest pain}', ['chest pain: severity "mild"']],
    ['mild to moderate {D:stenosis}', ['stenosis: severity "mild to moderate"']],
    ['{S:headache}, mild {S:nausea}', ['nausea: severity "mild"']],
    ['{S:chest pain}, severe', ['chest pain: severity "severe"']],
    ['{S:pain} is 8/10', ['pain: severity "8/10" 8 /10']],
    ['{S:edema} 2+ bilaterally', ['edema: severity "2+"; laterality "bilaterally"']],
    ['grade II {D:esophagitis}', ['esophagitis: severity "grade II"']],
    ['moderate right {D:pleural effusion}', ['pleural effusion: severity "moderate"; laterality "right"']],
    ['{S:pain} in the left {A:knee}, 8/10', ['pain: laterality "left"; severity "8/10" 8 /10']],
    ['{D:fracture} of the R {A:femur}', ['fracture: laterality "R"']],
    ['left {A:knee} and foot', ['knee: laterality "left"']],
    ['{S:cough} left untreated', []],
    ['{S:pain}; mild limp', []],
    ['{S:nausea} and severe limp', []],
  ])('reads %j', (marked, expected) => {
    expect(described(marked)).toEqual(expected);
  });
});

describe('properties', () => {
  const words = fc.constantFrom(
    ...[
      '40 mg',
      ' PO',
      ' BID',
      ' prn',
      '131',
      ' 9.2 (L)',
      '%',
      ' left ',
      ' mild',
      ' for 5 days',
      ', ',
      '. ',
      '\r\n',
      ' of ',
    ],
    ...[
      'aspirin',
      'Na',
      'pain',
      'Take 1 tab',
      '½',
      '\u200f',
      '\u200b',
      '\ud83d',
      '😀',
      '\uFFFC',
      '3/4',
      ' from 20 to 40 mg',
      '-',
    ],
  );
  const piece = fc.tuple(
    fc.oneof(words, fc.string({ unit: 'binary', maxLength: 6 })),
    fc.constantFrom('', 'M', 'T', 'S', 'D', 'A', 'P'),
  );

  it('keeps attributes inside the text, apart from entities and from each other', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        let text = '';
        const entities: Entity[] = [];
        for (const [part, label] of pieces) {
          if (label !== '' && part !== '') entities.push(makeEntity(part, text.length, LABELS[label]!));
          text += part;
        }
        const document = attachAttributes({ ...sentencize(sectionize(makeDocument(text))), entities });
        const attributes = document.entities.flatMap((entity) => entity.attributes).sort((a, b) => a.start - b.start);
        let position = 0;
        for (const { start, end, text: mention } of attributes) {
          expect(start).toBeGreaterThanOrEqual(position);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).toBe(mention);
          expect(entities.some((entity) => entity.start < end && start < entity.end)).toBe(false);
          position = end;
        }
        expect(document.entities.map(({ id }) => id)).toEqual(entities.map(({ id }) => id));
      }),
      { numRuns: 500 },
    );
  });

  it('reads a sentence of 200 medicines with their sigs in less than a second', () => {
    const document = documentOf(`${'{M:ab} 40 mg PO, '.repeat(100)}${'{T:Na} 131 '.repeat(100)}`);
    const started = Date.now();
    attachAttributes(document);
    expect(Date.now() - started).toBeLessThan(1000);
  });
});
