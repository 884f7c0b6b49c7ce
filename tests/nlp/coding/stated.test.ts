/** What words beside the findings do to the list: more exact titles, stated codes, pregnancy, overdoses. */
import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../../src/nlp/coding/code-set';
import { codeNote } from '../../../src/nlp/coding/coding';
import { linkEntity } from '../../../src/nlp/coding/linking';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type CodeSuggestion,
  type Entity,
  type EntityLabel,
} from '../../../src/nlp/document';
import poisonings from '../../../src/nlp/rules/coding-poisonings.json';
import pregnancy from '../../../src/nlp/rules/coding-pregnancy.json';
import stated from '../../../src/nlp/rules/coding-stated.json';
import { sectionize } from '../../../src/nlp/sections';
import { sentencize } from '../../../src/nlp/sentences';
import { codeSet, search } from './code-set';

const LABELS: Readonly<Record<string, EntityLabel>> = { D: 'DISORDER', S: 'SYMPTOM', M: 'MEDICATION', P: 'PROCEDURE' };

/** "{D:asthma}, mild": entities marked in the text; "{-D:…}" is denied. */
async function codesOf(marked: string): Promise<readonly CodeSuggestion[]> {
  const found: Omit<Entity, 'text'>[] = [];
  let text = '';
  for (const [, before = '', denied = '', letter, words = ''] of marked.matchAll(
    /([^{]*)(?:\{(-?)(\w):([^}]*)\}|$)/g,
  )) {
    text += before;
    if (letter === undefined) continue;
    const presence = denied === '' ? 'present' : 'absent';
    found.push({
      ...{
        id: `e${found.length}`,
        start: text.length,
        end: text.length + words.length,
        label: LABELS[letter]!,
        score: 0.9,
      },
      ...{ assertion: { ...DEFAULT_ASSERTION, presence }, attributes: [], candidates: [] },
    });
    text += words;
  }
  const document = sentencize(sectionize(makeDocument(text)));
  const entities = found.map((entity): Entity => ({ ...entity, text: text.slice(entity.start, entity.end) }));
  const linked = await Promise.all(entities.map((entity) => linkEntity(entity, text, search)));
  return codeNote({ ...document, entities: linked }, search, 'inpatient').codes;
}

const suggested = async (marked: string): Promise<string[]> =>
  (await codesOf(marked)).filter(({ status }) => status === 'suggested').map(({ code }) => code);

describe('the tables', () => {
  const inSet = (code: string): boolean => codeSet.indexOf.has(code);

  it('name only codes of the set', () => {
    const plain = [...stated.stated.map(({ code }) => code), ...stated.instead.map(({ to }) => to)];
    expect(plain.filter((code) => !code.startsWith('=') && !inSet(code))).toEqual([]);
    const trimesters = pregnancy.instead.flatMap(({ to }) =>
      to.includes('*') ? ['1', '2', '3'].map((digit) => to.replace('*', digit)) : [to],
    );
    expect(trimesters.filter((code) => !inSet(code))).toEqual([]);
    const drugs = poisonings.drugs.flatMap(({ base }) => [`${base}1A`, `${base}2A`]);
    expect(drugs.filter((code) => !inSet(code))).toEqual([]);
  });

  it('replace only what the set has', () => {
    const isKnown = (from: string): boolean => codeSet.codes.some((code) => matchesPattern(code, from));
    expect(stated.instead.flatMap(({ from }) => from).filter((from) => !isKnown(from))).toEqual([]);
  });
});

describe('titles that the note supports', () => {
  it.each<[string, string]>([
    ['permanent {D:atrial fibrillation}', 'I48.21'],
    ['{D:atrial fibrillation} (new, paroxysmal)', 'I48.0'],
    ['Moderate persistent {D:asthma} with acute exacerbation', 'J45.41'],
    ['{D:chronic duodenal ulcer} with haemorrhage', 'K26.4'],
    ['{D:left breast cancer} (ER unknown, upper outer quadrant)', 'C50.412'],
    ['{D:tinnitus} both ears', 'H93.13'],
  ])('%s is %s', async (marked, expected) => {
    expect(await suggested(marked)).toContain(expected);
  });

  it('takes nothing from another clause, nor from what is denied', async () => {
    expect(await suggested('Permanent pacemaker; {D:atrial fibrillation}')).not.toContain('I48.21');
    expect(await suggested('{D:chronic duodenal ulcer} without haemorrhage')).not.toContain('K26.4');
  });

  it('has no title with a cause that no word of the note speaks of', async () => {
    const codes = await codesOf('{D:cirrhosis with ascites}');
    for (const { display, status } of codes) if (status === 'suggested') expect(display).not.toMatch(/alcoholic/i);
  });
});

describe('stated codes', () => {
  it.each<[string, string[], string[]]>([
    ['{D:COPD}. Ex-smoker.', ['Z87.891'], ['F17.200', 'F17.210']],
    ['{D:COPD}. Smokes 20/day.', ['F17.210'], ['Z87.891', 'F17.200']],
    ['{D:COPD}. Current smoker.', ['F17.200'], ['F17.210']],
    ['{D:COPD}. Non-smoker. Never smoker. Husband smokes.', [], ['F17.200', 'F17.210', 'Z87.891']],
    ['{D:pneumonia}, sputum grew Klebsiella', ['J15.0'], ['J18.9']],
    ['{D:urinary tract infection}. Urine grew E. coli.', ['N39.0', 'B96.20'], []],
    ['{D:cough}. Urine grew E. coli.', [], ['B96.20']],
    ['{D:left breast cancer}, ER positive', ['Z17.0'], []],
    ['{D:COPD}. Not for resuscitation. On home oxygen.', ['Z66', 'Z99.81'], []],
  ])('%s', async (marked, expected, barred) => {
    const codes = await suggested(marked);
    for (const code of expected) expect(codes).toContain(code);
    for (const code of barred) expect(codes).not.toContain(code);
  });

  it('quotes the words they stand on', async () => {
    const [smoking] = (await codesOf('{D:COPD}. Ex-smoker.')).filter(({ code }) => code === 'Z87.891');
    expect(smoking).toMatchObject({ evidence: [], quotes: [{ start: 6, end: 15 }], guideline: 'I.C.21.c.4' });
  });
});

describe('pregnancy', () => {
  it('has the trimester and the week of the note', async () => {
    const codes = await suggested('G2P1 at 28 weeks. {D:iron deficiency anaemia}.');
    expect(codes).toEqual(expect.arrayContaining(['O99.013', 'D50.9', 'Z3A.28']));
  });

  it('leaves a note alone that tells of none', async () => {
    const codes = await suggested('Seen at 28 weeks after surgery. {D:iron deficiency anaemia}.');
    expect(codes).toEqual(['D50.9']);
  });
});

describe('overdoses', () => {
  it.each<[string, string]>([
    ['Intentional {M:acetaminophen} {D:overdose}.', 'T39.1X2A'],
    ['{D:overdose} of {M:diazepam} by mistake.', 'T42.4X1A'],
    ['{D:overdose} of {M:diazepam}, no suicidal intent.', 'T42.4X1A'],
  ])('%s is %s', async (marked, expected) => {
    expect(await suggested(marked)).toContain(expected);
  });
});
