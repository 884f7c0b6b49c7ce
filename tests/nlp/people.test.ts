import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDocument } from '../../src/nlp/document';
import { findPeople } from '../../src/nlp/people';

const found = (text: string): string[] =>
  findPeople(makeDocument(text)).people.map(({ type, text: words }) => `${type}:${words}`);

describe('people', () => {
  it.each<[string, string[]]>([
    ['67 yo man with CHF', ['age:67 yo', 'sex:man']],
    ['A 56-year-old woman', ['age:56-year-old', 'sex:woman']],
    ['a 75–year–old female', ['age:75–year–old', 'sex:female']],
    ['3-week-old girl', ['age:3-week-old', 'sex:girl']],
    ['sixty-two-year-old male', ['age:sixty-two-year-old', 'sex:male']],
    ['4 month old infant', ['age:4 month old']],
    ['aged 45, female', ['age:aged 45', 'sex:female']],
    ['at 65 years of age', ['age:65 years of age']],
    ['67 yo F c/o pain', ['age:67 yo', 'sex:F']],
    ['67M with chest pain', ['age:67', 'sex:M']],
    ['35 F presents', ['age:35', 'sex:F']],
    ['Sex: F', ['sex:F']],
  ])('reads age and sex in %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each<[string, string[]]>([
    ['seen 12/03/2024', ['12/03/2024']],
    ['on 2024-03-12', ['2024-03-12']],
    ['3 March 2024 and March 3, 2024', ['3 March 2024', 'March 3, 2024']],
    ['in Mar 2019, 5Apr89', ['Mar 2019', '5Apr89']],
    ['02/2019', ['02/2019']],
    ['since 2014', ['2014']],
    ['s/p CABG 2014, HTN', ['2014']],
    ['CABG (2014)', ['2014']],
    ['seen on 11/15', ['11/15']],
    ['3 days ago', ['3 days ago']],
    ['two weeks later', ['two weeks later']],
    ['2/7 ago', ['2/7 ago']],
    ['return in 2 weeks', ['in 2 weeks']],
    ['in 1 wk', ['in 1 wk']],
    ['within 48 hours', ['within 48 hours']],
    ['POD 2, post-op day 3', ['POD 2', 'post-op day 3']],
    ['fell yesterday', ['yesterday']],
    ['on Monday', ['on Monday']],
  ])('reads dates in %j', (text, expected) => {
    expect(found(text)).toEqual(expected.map((words) => `date:${words}`));
  });

  it.each([
    'prednisone x3d',
    'pain for 3 days',
    'in 2000 mL of saline',
    'BP 112/68',
    'Temp 101 F',
    'weight 67 F',
    'strength 4/5',
    'he may 3 times a day',
    'female pattern baldness',
    'MRN 2014',
    'a ratio of 50-60',
  ])('finds nothing in %j', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('keeps spans inside the text, in order, apart, with the words of the text', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(
        '67 yo ',
        'M',
        ' in ',
        '2014',
        '3 days ago',
        '\u200f',
        '\ud83d',
        '\r\n',
        '12/03/2024',
        ' on 3/4 ',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        let position = 0;
        for (const { start, end, text: words } of findPeople(makeDocument(text)).people) {
          expect(start).toBeGreaterThanOrEqual(position);
          expect(end).toBeGreaterThan(start);
          expect(text.slice(start, end)).toBe(words);
          position = end;
        }
      }),
    );
  });
});
