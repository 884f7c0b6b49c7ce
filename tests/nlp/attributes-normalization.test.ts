import { expect, it, describe } from 'vitest';
import { attachAttributes } from '../../src/nlp/attributes';
import type { Attribute } from '../../src/nlp/document';
import { documentOf } from './attributes-marked';

const attributesOf = (marked: string): readonly Attribute[] =>
  attachAttributes(documentOf(marked)).entities[0]!.attributes;

/** "value..high|second unit", with the comparator before and "prn" behind. */
function normalized({ value, high, second, unit, comparator, asNeeded }: Attribute): string {
  const number = `${comparator ?? ''}${value ?? ''}${high === undefined ? '' : `..${high}`}${second === undefined ? '' : `|${second}`}`;
  return [number, unit ?? '', asNeeded === true ? 'prn' : ''].filter((part) => part !== '').join(' ');
}

describe('doses and strengths', () => {
  it.each<[string, string]>([
    ['40 mg', '40 mg'],
    ['40mg', '40 mg'],
    ['0.5 mg', '0.5 mg'],
    ['.5 mg', '0.5 mg'],
    ['0,5 mg', '0.5 mg'],
    ['1,000 mg', '1000 mg'],
    ['1 g', '1 g'],
    ['1 gram', '1 g'],
    ['125 micrograms', '125 ug'],
    ['125 mcg', '125 ug'],
    ['125 µg', '125 ug'],
    ['5 milligrams', '5 mg'],
    ['18 units', '18 U'],
    ['18 u', '18 U'],
    ['50,000 IU', '50000 [IU]'],
    ['5000 international units', '5000 [IU]'],
    ['40 mEq', '40 meq'],
    ['20 mmol', '20 mmol'],
    ['10 mL', '10 mL'],
    ['10 cc', '10 mL'],
    ['1 L', '1 L'],
    ['1-2 tabs', '1..2 tab'],
    ['one to two tablets', '1..2 tab'],
    ['half a tablet', '0.5 tab'],
    ['½ tab', '0.5 tab'],
    ['1 1/2 tablets', '1.5 tab'],
    ['two puffs', '2 puff'],
    ['1 drop', '1 drop'],
    ['5-10 mg', '5..10 mg'],
    ['five mg', '5 mg'],
    ['15 mg/kg', '15 mg/kg'],
    ['45 mg/kg/day', '45 mg/kg/d'],
    ['18 units/kg/hr', '18 U/kg/h'],
    ['0.05 mcg/kg/min', '0.05 ug/kg/min'],
    ['8 mg/hr', '8 mg/h'],
    ['2 L/min', '2 L/min'],
    ['75 mg/m2', '75 mg/m2'],
    ['500 mg/5 mL', '100 mg/mL'],
    ['1 mg/ml', '1 mg/mL'],
    ['0.05%', '0.05 %'],
    ['24/26 mg', '24|26 mg'],
    ['21 mg/24h', '21 mg/d'],
  ])('reads the amount %j as %j', (words, expected) => {
    const [amount] = attributesOf(`{M:drug} ${words} daily`);
    expect([amount!.text, normalized(amount!)]).toEqual([words, expected]);
  });
});

describe('frequencies, in times a day', () => {
  it.each<[string, string]>([
    ['qd', '1 /d'],
    ['once a day', '1 /d'],
    ['once daily at night', '1 /d'],
    ['mane', '1 /d'],
    ['nocte', '1 /d'],
    ['OM', '1 /d'],
    ['ON', '1 /d'],
    ['qAM', '1 /d'],
    ['at bedtime', '1 /d'],
    ['with breakfast', '1 /d'],
    ['q24h', '1 /d'],
    ['BD', '2 /d'],
    ['b.i.d.', '2 /d'],
    ['BID with meals', '2 /d'],
    ['q12h', '2 /d'],
    ['12 hourly', '2 /d'],
    ['TDS', '3 /d'],
    ['TID AC', '3 /d'],
    ['q8h', '3 /d'],
    ['3x/day', '3 /d'],
    ['QDS', '4 /d'],
    ['qid', '4 /d'],
    ['q6h', '4 /d'],
    ['q6h PRN', '4 /d prn'],
    ['every 6 hours as needed', '4 /d prn'],
    ['q4-6h', '4..6 /d'],
    ['every 4 to 6 hours', '4..6 /d'],
    ['2-3 times a day', '2..3 /d'],
    ['q2h', '12 /d'],
    ['six times a day', '6 /d'],
    ['every other day', '0.5 /d'],
    ['alternate days', '0.5 /d'],
    ['qod', '0.5 /d'],
    ['M/W/F', '0.4286 /d'],
    ['MWF', '0.4286 /d'],
    ['Mon/Wed/Fri', '0.4286 /d'],
    ['on Mondays and Thursdays', '0.2857 /d'],
    ['3 times per week', '0.4286 /d'],
    ['twice weekly', '0.2857 /d'],
    ['weekly', '0.1429 /d'],
    ['weekly (Sun)', '0.1429 /d'],
    ['q Sunday', '0.1429 /d'],
    ['every 7 days', '0.1429 /d'],
    ['q2wks', '0.0714 /d'],
    ['fortnightly', '0.0714 /d'],
    ['q4wk', '0.0357 /d'],
    ['monthly', '0.0329 /d'],
    ['every 3 months', '0.011 /d'],
    ['every 6 months', '0.0055 /d'],
    ['yearly', '0.0027 /d'],
    ['q72h', '0.3333 /d'],
    ['prn', 'prn'],
    ['as required', 'prn'],
    ['daily as needed', '1 /d prn'],
    ['nocte PRN', '1 /d prn'],
    ['stat', ''],
    ['x1', ''],
    ['with meals', ''],
    ['12h on/12h off', ''],
    ['q5min x3', ''],
  ])('reads %j as %j', (words, expected) => {
    const [, frequency] = attributesOf(`{M:drug} 5 mg ${words}`);
    expect([frequency!.type, frequency!.text, normalized(frequency!)]).toEqual(['frequency', words, expected]);
  });
});

describe('durations, in days', () => {
  it.each<[string, string]>([
    ['x5d', '5 d'],
    ['x 7 days', '7 d'],
    ['for 10 days', '10 d'],
    ['for 7-10 days', '7..10 d'],
    ['for two weeks', '14 d'],
    ['x 12 weeks', '84 d'],
    ['for 3 months', '91.3125 d'],
    ['for a total of 6 weeks', '42 d'],
    ['5/7', '5 d'],
    ['for 5/7', '5 d'],
    ['2/52', '14 d'],
    ['3/12', '91.3125 d'],
    ['5-7/7', '5..7 d'],
    ['over 1 hr', '0.0417 d'],
    ['x 3 doses', '3 dose'],
    ['until Friday', ''],
    ['until 3/14', ''],
    ['lifelong', ''],
  ])('reads %j as %j', (words, expected) => {
    const duration = attributesOf(`{M:drug} 5 mg BID ${words}`)[2]!;
    expect([duration.type, duration.text, normalized(duration).replace(/ d$/, expected === '' ? '' : ' d')]).toEqual([
      'duration',
      words,
      expected,
    ]);
  });
});

describe('results', () => {
  it.each<[string, string]>([
    ['131', '131'],
    ['131 mmol/L', '131 mmol/L'],
    ['12,450 U/L', '12450 U/L'],
    ['340 IU/L', '340 [IU]/L'],
    ['0.02 mIU/L', '0.02 m[IU]/L'],
    ['188 µmol/L', '188 umol/L'],
    ['9.2 g/dL', '9.2 g/dL'],
    ['48 mm/hr', '48 mm/h'],
    ['12.1 x10^9/L', '12.1 10*9/L'],
    ['12.3 K/uL', '12.3 10*3/uL'],
    ['612 cells/mm3', '612 {cells}/uL'],
    ['1200 copies/mL', '1200 {copies}/mL'],
    ['58 mmol/mol', '58 mmol/mol'],
    ['42 mL/min/1.73m2', '42 mL/min/{1.73_m2}'],
    ['480 ms', '480 ms'],
    ['274 microns', '274 um'],
    ['7.9%', '7.9 %'],
    ['35-40%', '35..40 %'],
    ['150/90', '150|90'],
    ['112/68 mmHg', '112|68 mm[Hg]'],
    ['88 bpm', '88 /min'],
    ['38.4 C', '38.4 Cel'],
    ['38.4°C', '38.4 Cel'],
    ['101.2 F', '101.2 [degF]'],
    ['82.3 kg', '82.3 kg'],
    ['154 lb', '154 [lb_av]'],
    ['5\'6"', '66 [in_i]'],
    ['31.2 kg/m2', '31.2 kg/m2'],
    ['18 cmH2O', '18 cm[H2O]'],
    ['<0.01 ng/mL', '<0.01 ng/mL'],
    ['≤ 5', '<=5'],
    ['>60', '>60'],
    ['>/= 90', '>=90'],
    ['~1200', '~1200'],
    ['-5.1', '-5.1'],
    ['7/10', '7 /10'],
    ['1:320', '1|320'],
    ['35 cc/hr', '35 mL/h'],
  ])('reads %j as %j', (words, expected) => {
    const [value] = attributesOf(`{T:level} ${words}`);
    expect([value!.type, normalized(value!)]).toEqual(['value', expected]);
    expect(words.startsWith(value!.text)).toBe(true);
  });
});
