import { describe, expect, it } from 'vitest';
import { makeDocument } from '../../src/nlp/document';
import { findPeople } from '../../src/nlp/people';

const valuesOf = (text: string) =>
  findPeople(makeDocument(text)).people.map(({ value, anchor }) =>
    anchor === undefined ? value : `${value} ${anchor}`,
  );

describe('values of people and dates', () => {
  it.each<[string, (string | undefined)[]]>([
    ['A 56-year-old woman', ['P56Y', 'female']],
    ['67 yo M c/o pain', ['P67Y', 'male']],
    ['67M with chest pain', ['P67Y', 'male']],
    ['sixty-two-year-old gentleman', ['P62Y', 'male']],
    ['3-week-old girl', ['P3W', 'female']],
    ['4 month old boy', ['P4M', 'male']],
    ['18 m/o F', ['P18M', 'female']],
    ['aged 45', ['P45Y']],
    ['at 65 years of age', ['P65Y']],
    ['Sex: F', ['female']],
    ['a trans man', [undefined]],
  ])('%s', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  it.each<[string, (string | undefined)[]]>([
    ['on 2024-03-12', ['2024-03-12']],
    ['3 March 2024 and March 3, 2024', ['2024-03-03', '2024-03-03']],
    ['12 sept 2019', ['2019-09-12']],
    ['on 5Apr89', ['1989-04-05']],
    ['in Mar 2019', ['2019-03']],
    ["since June '21", ['2021-06']],
    ['02/2019', ['2019-02']],
    ['since 2014', ['2014']],
    ['seen 13/03/2024', ['2024-03-13']],
    ['seen 03/13/24', ['2024-03-13']],
    ['seen 05/05/24', ['2024-05-05']],
    ['seen 12/03/2024', [undefined]],
    ['seen on 11/15', ['--11-15']],
    ['seen on 3/4', [undefined]],
    ['on March 3', ['--03-03']],
    ['on 2023-02-30', [undefined]],
    ['on 31/04/2024', [undefined]],
  ])('%s', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  it.each<[string, (string | undefined)[]]>([
    ['3 days ago', ['-P3D note']],
    ['an hour ago', ['-PT1H note']],
    ['45 minutes ago', ['-PT45M note']],
    ['two decades ago', ['-P20Y note']],
    ['2/52 ago', ['-P2W note']],
    ['a few days ago', [undefined]],
    ['2-3 weeks ago', [undefined]],
    ['two weeks later', [undefined]],
    ['return in 2 weeks', ['P2W note']],
    ['within 48 hours', [undefined]],
    ['fell yesterday', ['-P1D note']],
    ['seen today', ['P0D note']],
    ['the day before yesterday', ['-P2D note']],
    ['POD 2, post-op day 3', ['P2D operation', 'P3D operation']],
    ['HD 1', ['P0D admission']],
    ['hospital day 4', ['P3D admission']],
    ['on Monday', [undefined]],
  ])('%s', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });
});
