import { describe, expect, it } from 'vitest';
import { attachAttributes } from '../../src/nlp/attributes';
import { documentOf } from './attributes-marked';

/** "test: value !flag [low-high], …" of each test with results. */
function results(marked: string): string[] {
  return attachAttributes(documentOf(marked))
    .entities.filter(({ label, attributes }) => label === 'TEST' && attributes.length > 0)
    .map(({ text, attributes }) => {
      const values = attributes.filter(({ type }) => type === 'value');
      const words = values.map(({ text: value, unit, flag, reference }) => {
        const range = reference && `[${reference.low ?? ''}-${reference.high ?? ''}]`;
        return [value, unit, flag && `!${flag}`, range].filter((part) => part !== undefined).join(' ');
      });
      return `${text}: ${words.join(', ')}`;
    });
}

describe('flags and reference ranges', () => {
  it.each<[string, string[]]>([
    ['{T:Hgb} 9.2 (L)', ['Hgb: 9.2 !low']],
    ['{T:WBC} 14.2 H [4-11]', ['WBC: 14.2 !high [4-11]']],
    ['{T:Plt} 88 L, {T:FEV1} 1.8 L', ['Plt: 88 !low', 'FEV1: 1.8 L']],
    ['{T:Na} 131* and {T:K} 6.8 (critical)', ['Na: 131 !abnormal', 'K: 6.8 !critical']],
    ['{T:K} 2.4 LL', ['K: 2.4 !critical']],
    ['{T:Na} 131 (135-145)', ['Na: 131 !low [135-145]']],
    ['{T:Na} 140 mmol/L (135 - 145 mmol/L)', ['Na: 140 mmol/L !normal [135-145]']],
    ['{T:Na} 131 (N) (135-145)', ['Na: 131 !normal [135-145]']],
    ['{T:Trop T} 20 ng/L (ref <14)', ['Trop T: 20 ng/L !high [-14]']],
    ['{T:Trop T} <14 ng/L (<14)', ['Trop T: <14 ng/L !normal [-14]']],
    ['{T:eGFR} 42 (>60)', ['eGFR: 42 !low [60-]']],
    ['{T:D-dimer} <5 (4-11)', ['D-dimer: <5 [4-11]']],
    ['{T:Vit D} 19 (low), {T:B12} 180 pg/mL low', ['Vit D: 19 !low', 'B12: 180 pg/mL !low']],
    ['{T:WBC} 3.1 (L) K/uL [4.0-11.0]', ['WBC: 3.1 10*3/uL !low [4-11]']],
    ['{T:BP} 168/94 at 0400, {M:hydralazine} 10 mg given, recheck 142/80', ['BP: 168/94, 142/80']],
    ['{T:IOP}: R 16 L 58 mmHg', ['IOP: 16 mm[Hg], 58 mm[Hg]']],
  ])('reads %j', (marked, expected) => {
    expect(results(marked)).toEqual(expected);
  });
});

describe('results in words and letters', () => {
  it.each<[string, string[]]>([
    ['{T:Urine dip} nit+ leu++, {T:UA} large blood', ['Urine dip: nit+ leu++', 'UA: large blood']],
    ['{T:UDS} +THC; {T:EGFR} exon 19 del', ['UDS: +THC', 'EGFR: exon 19 del']],
    ['{T:MSU}: E. coli, sensitive to {M:nitrofurantoin}', ['MSU: E. coli']],
    ['{T:Retinal screening} in June: R1M0', ['Retinal screening: R1M0']],
    ['{T:GCS} E3V4M6, {T:pupils} 3 mm reactive', ['GCS: E3V4M6', 'pupils: 3 mm reactive']],
    ['{T:FAST} positive LUQ. {T:LFTs} mildly deranged', ['FAST: positive', 'LFTs: mildly deranged']],
    ['{T:Lactate} cleared from 4.2 to 1.6', ['Lactate: 4.2 to 1.6']],
    ['{T:Vitamin D} level 18 ng/mL', ['Vitamin D: 18 ng/mL']],
    ['{T:BP} 146/92 L arm; {T:BP} 160 over 90', ['BP: 146/92', 'BP: 160 over 90']],
    ['{T:Cr} 1.9 from a baseline of 1.2', ['Cr: 1.9']],
    ['{T:SpO2} 93% 2L. {T:FEV1} 1.4 L (48%)', ['SpO2: 93 %', 'FEV1: 1.4 L']],
    ['{T:RPR} 1:32. {T:CIWA} 14 at 0200. {T:Apgars} 8, 9 at 1 and 5 min', ['RPR: 1:32', 'CIWA: 14', 'Apgars: 8, 9']],
    ['{T:PT} 13.1 s, {T:6MWT} 310 m', ['PT: 13.1 s', '6MWT: 310 m']],
    ['{T:Plantars} downgoing; {T:BM} HI', ['Plantars: downgoing', 'BM: HI']],
  ])('reads %j', (marked, expected) => {
    expect(results(marked)).toEqual(expected);
  });
});

describe('tables', () => {
  const header = '| Test | Result | Units | Reference |\n|---|---|---|---|\n';
  it.each<[string, string[]]>([
    [
      `${header}| {T:Na} | 131 | mmol/L | 135-145 |\n| {T:K} | 5.9 H | mmol/L | 3.5-5.0 |`,
      ['Na: 131 mmol/L !low [135-145]', 'K: 5.9 mmol/L !high [3.5-5]'],
    ],
    ['{T:Sodium}\t128\tL\tmmol/L\t135-145', ['Sodium: 128 mmol/L !low [135-145]']],
    ['{T:Hb} | 92 | g/L | 120 - 160 | L |', ['Hb: 92 g/L !low [120-160]']],
    [
      'Test\tResult\tFlag\tReference\n{T:Sodium}\t131\tL\t135-145\n{T:Potassium}\t4.1\t\t3.5-5.1',
      ['Sodium: 131 !low [135-145]', 'Potassium: 4.1 !normal [3.5-5.1]'],
    ],
    [
      '{T:Sodium}       131 mmol/L    (135-145)\n{T:Creatinine}   188 umol/L H  (60-110)',
      ['Sodium: 131 mmol/L !low [135-145]', 'Creatinine: 188 umol/L !high [60-110]'],
    ],
    ['Date | {T:Na} | {T:Cr}\n01/02 | 131 | 1.8\n02/02 | 133 | 1.5', ['Na: 131, 133', 'Cr: 1.8, 1.5']],
    ['{T:WBC}  {T:Hgb}  {T:Plt}\n14.2  9.2  250', ['WBC: 14.2', 'Hgb: 9.2', 'Plt: 250']],
    ['{T:Cr} | 1.2 | 1.4 | 1.8', ['Cr: 1.2, 1.4, 1.8']],
    ['{T:Na}/{T:K} 131/4.2', ['Na: 131', 'K: 4.2']],
    ['{T:glucose}  612 / 164', ['glucose: 612, 164']],
  ])('reads %j', (marked, expected) => {
    expect(results(marked)).toEqual(expected);
  });
});

describe('what is and what only looks like a result', () => {
  it.each<[string, string[]]>([
    ['{T:Cr} 1.2 -> 1.8 → 2.4', ['Cr: 1.2, 1.8, 2.4']],
    ['{T:Hb} 112 > 98', ['Hb: 112, 98']],
    ['{T:CRP} was 120 on admission, peaked at 210 and fell to 34', ['CRP: 120, 210, 34']],
    ['{T:Troponin} x2 negative, {T:UA} clean', ['Troponin: negative', 'UA: clean']],
    ['{T:CXR}: clear', ['CXR: clear']],
    ['{T:P} 54 reg, {T:BP} 120/70 sitting', ['P: 54', 'BP: 120/70']],
    ['{T:BP} 94/52, {T:HR} 88', ['BP: 94/52', 'HR: 88']],
    ['{T:Child-Pugh} B8, {T:BK PCR} ND', ['Child-Pugh: B8', 'BK PCR: ND']],
    ['{T:toxin PCR}: positive (12/4)', ['toxin PCR: positive']],
    ['{T:Hgb} stable at 9.6', ['Hgb: 9.6']],
    ['{T:LFTs} normal except {T:ALT} 88', ['LFTs: normal', 'ALT: 88']],
    ['Transfuse if {T:Hgb} <7, keep {T:MAP} >65', []],
    ['{T:INR} 2.5 (goal 2-3)', ['INR: 2.5']],
    ['target {T:Hgb} > 7', []],
    ['{T:CT head} 3/4: no bleed. {T:EKG} 0622', []],
    ['repeat {T:INR} 3/7, {T:U&E} 1/52', []],
    ['{T:Temp} 38.3 at 18:30', ['Temp: 38.3']],
    ['{T:Wt} 93 kg (+2.5)', ['Wt: 93 kg']],
    ['{T:SpO2} 94% on 2L {M:O2}', ['SpO2: 94 %']],
    ['{T:CBC} 2 weeks ago, {T:glucose} 3 times daily', []],
    ['{T:AVPU} A, {T:Hgb} A', ['AVPU: A']],
  ])('reads %j', (marked, expected) => {
    expect(results(marked)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['{M:potassium} 3.1 today', ''],
    ['{M:vancomycin} 1 g q12h, trough 15.2', 'dose 1 g; frequency q12h'],
    ['{T:K+} 2.9, replaced with {M:KCl} 40 mEq PO', 'dose 40 mEq; route PO'],
    ['{T:sats} 92% on {M:O2} 3 L NC', 'dose 3 L; route NC'],
    ['{M:insulin} for {T:glucose} 240', ''],
  ])('makes no dose of a level in %j', (marked, expected) => {
    const medicine = attachAttributes(documentOf(marked)).entities.find(({ label }) => label === 'MEDICATION')!;
    expect(medicine.attributes.map(({ type, text }) => `${type} ${text}`).join('; ')).toBe(expected);
  });
});
