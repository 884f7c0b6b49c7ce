import { describe, expect, it } from 'vitest';
import { CONFIDENT_SENSE, expandAbbreviations, readWording } from '../../src/nlp/abbreviations';
import { DEFAULT_ASSERTION, makeDocument, type Document, type Entity } from '../../src/nlp/document';
import { parseGlossary } from '../../src/nlp/glossary';
import { tokenize } from '../../src/nlp/glossary-tokens';
import entries from '../fixtures/glossary.json';
import senses from '../fixtures/senses.json';

const glossary = parseGlossary(entries, senses);

function withEntity(text: string, mention: string): Document {
  const start = text.indexOf(mention);
  const entity: Entity = {
    id: 'e1',
    start,
    end: start + mention.length,
    text: mention,
    label: 'DISORDER',
    score: 1,
    assertion: DEFAULT_ASSERTION,
    attributes: [],
    candidates: [],
  };
  return { ...makeDocument(text), entities: [entity] };
}

describe('expandAbbreviations', () => {
  const abbreviationOf = (text: string, mention: string) =>
    expandAbbreviations(withEntity(text, mention), glossary).entities[0]!.abbreviation;

  it.each([
    ['Admitted with CHF.', 'CHF', 'congestive heart failure'],
    ['htn, controlled', 'htn', 'hypertension'],
    ['CT showed PE, started heparin for the clot', 'PE', 'pulmonary embolism'],
    ['Denies CP on exertion', 'CP', 'chest pain'],
    ['Child with spastic CP since birth', 'CP', 'cerebral palsy'],
    ['Two prior MIs', 'MIs', 'myocardial infarction'],
  ])('%s: %s', (text, mention, long) => {
    const abbreviation = abbreviationOf(text, mention);
    expect(abbreviation?.long).toBe(long);
    expect(abbreviation!.score).toBeGreaterThan(CONFIDENT_SENSE);
  });

  it('is unsure without context', () => {
    expect(abbreviationOf('Known CP.', 'CP')!.score).toBeLessThan(CONFIDENT_SENSE);
  });

  it.each([
    ['Leg edema.', 'edema'],
    ['congestive heart failure', 'congestive heart failure'],
    ['CHF exacerbation', 'CHF exacerbation'],
  ])('leaves %s', (text, mention) => {
    expect(abbreviationOf(text, mention)).toBeUndefined();
  });

  it('keeps an expansion that is there', () => {
    const document = withEntity('CHF', 'CHF');
    const known = { long: 'chronic heart failure', score: 0.7 };
    const decided = { ...document, entities: [{ ...document.entities[0]!, abbreviation: known }] };
    expect(expandAbbreviations(decided, glossary).entities[0]!.abbreviation).toEqual(known);
  });
});

describe('readWording', () => {
  it.each([
    ['c/o', 'complains of', 3],
    ['s/p', 'after', 3],
    ['b.i.d.', 'twice a day', 6],
    ['q6h', 'every 6 hours', 1],
    ['q4-6h', 'every 4-6 hours', 3],
    ['q 8 hrs', 'every 8 hours', 3],
    ['x3d', 'for 3 days', 1],
    ['x 1 wk', 'for 1 week', 3],
    ['x5 days', 'for 5 days', 2],
    ['prn', 'as needed', 1],
    ['QHS', 'at bedtime', 1],
  ])('%s', (text, plain, length) => {
    expect(readWording(tokenize(text), 0)).toEqual({ text: plain, length });
  });

  it.each([['PT'], ['OD'], ['AC joint'], ['x2'], ['q'], ['PR interval'], ['IM']])('leaves %s', (text) => {
    expect(readWording(tokenize(text), 0)).toBeNull();
  });

  it.each([
    ['10 mg IM', 2, 'into a muscle'],
    ['5 mg OD', 2, 'once a day'],
    ['2 tabs', 1, 'tablets'],
    ['3 d', 1, 'days'],
    ['1 d', 1, 'day'],
    ['67 yo M', 1, '-year-old man'],
  ])('%s at %i', (text, at, plain) => {
    expect(readWording(tokenize(text), at)?.text).toBe(plain);
  });
});
