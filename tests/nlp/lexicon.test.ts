import { describe, expect, it } from 'vitest';
import { DEFAULT_ASSERTION, makeDocument, type Entity, type EntityLabel } from '../../src/nlp/document';
import { applyLexicon } from '../../src/nlp/lexicon';

function documentOf(text: string, ...found: readonly (readonly [string, EntityLabel])[]) {
  const entities = found.map(([words, label], index): Entity => {
    const start = text.indexOf(words);
    return {
      id: `e${index}`,
      start,
      end: start + words.length,
      text: words,
      label,
      score: 0.7 - index / 10,
      assertion: DEFAULT_ASSERTION,
      attributes: [],
      candidates: [],
    };
  });
  return { ...makeDocument(text), entities };
}

describe('applyLexicon', () => {
  it.each([
    ['HTN', 'PROCEDURE', 'DISORDER'],
    ['SOB', 'DISORDER', 'SYMPTOM'],
    ['CBC', 'PROCEDURE', 'TEST'],
    ['CABG', 'TEST', 'PROCEDURE'],
    ['ASA', 'TEST', 'MEDICATION'],
    ['ha', 'TEST', 'TEST'],
    ['chest pain', 'SYMPTOM', 'SYMPTOM'],
  ] as const)('%s, found as %s, is %s', (words, label, expected) => {
    expect(applyLexicon(documentOf(words, [words, label])).entities[0]!.label).toBe(expected);
  });

  it('leaves alone what the model is sure of', () => {
    const { entities, ...rest } = documentOf('HTN', ['HTN', 'PROCEDURE']);
    const sure = entities.map((entity) => ({ ...entity, score: 0.95 }));
    expect(applyLexicon({ ...rest, entities: sure }).entities[0]!.label).toBe('PROCEDURE');
  });

  it('joins "acute on" with the chronic disorder after it', () => {
    const { entities } = applyLexicon(
      documentOf('Acute on chronic HF today', ['Acute on', 'DISORDER'], ['chronic HF', 'DISORDER']),
    );
    expect(entities).toMatchObject([{ id: 'e1', start: 0, end: 19, text: 'Acute on chronic HF', score: 0.6 }]);
  });

  it('joins the parts of a medicine with a hyphen, not two with a slash', () => {
    const joined = documentOf('carbidopa-levodopa TID', ['carbidopa', 'MEDICATION'], ['levodopa', 'MEDICATION']);
    expect(applyLexicon(joined).entities).toMatchObject([{ text: 'carbidopa-levodopa', start: 0, end: 18 }]);
    const two = documentOf('paracetamol/ibuprofen', ['paracetamol', 'MEDICATION'], ['ibuprofen', 'MEDICATION']);
    expect(applyLexicon(two).entities).toHaveLength(2);
  });

  it('adds a disorder that the list knows and the model has not seen, once and not inside another', () => {
    const { entities } = applyLexicon(documentOf('BPH, no COPD flare; HTN', ['COPD flare', 'DISORDER']));
    expect(entities.map(({ text, label, origin }) => [text, label, origin])).toEqual([
      ['BPH', 'DISORDER', 'lexicon'],
      ['COPD flare', 'DISORDER', 'model'],
      ['HTN', 'DISORDER', 'lexicon'],
    ]);
    expect(new Set(entities.map(({ id }) => id)).size).toBe(3);
    expect(applyLexicon(documentOf('GERDA and pre-COPD')).entities).toEqual([]);
  });

  it('lets the last word decide where the model is unsure', () => {
    expect(applyLexicon(documentOf('knee OA', ['knee OA', 'PROCEDURE'])).entities[0]!.label).toBe('DISORDER');
  });

  it('does not join across a line or other words', () => {
    expect(
      applyLexicon(documentOf('Acute on\nchronic HF', ['Acute on', 'DISORDER'], ['chronic HF', 'DISORDER'])).entities,
    ).toHaveLength(2);
  });
});

describe('origin', () => {
  it('says whether the model or the list gave the label', () => {
    const document = documentOf('HTN and fever', ['HTN', 'TEST'], ['fever', 'SYMPTOM']);
    const unsure = { ...document, entities: document.entities.map((entity) => ({ ...entity, score: 0.5 })) };
    expect(applyLexicon(unsure).entities.map(({ label, origin }) => [label, origin])).toEqual([
      ['DISORDER', 'lexicon'],
      ['SYMPTOM', 'model'],
    ]);
  });
});
