import { describe, expect, it } from 'vitest';
import { DEFAULT_ASSERTION, makeDocument, type Assertion, type Document, type Entity } from '../../src/nlp/document';
import { makeLeaflet } from '../../src/nlp/leaflet';
import { sectionize } from '../../src/nlp/sections';
import { sentencize } from '../../src/nlp/sentences';
import type { SimplifiedSentence } from '../../src/nlp/document';

function read(text: string): Document {
  return sentencize(sectionize(makeDocument(text)));
}

/** Every sentence in its own words. */
function plain({ text, sentences }: Document): SimplifiedSentence[] {
  return sentences.map((source) => ({
    source,
    text: text.slice(source.start, source.end),
    method: 'unchanged',
    verdict: 'verified',
    reasons: [],
    terms: [],
  }));
}

const words = (sentences: readonly SimplifiedSentence[]): string[] => sentences.map(({ text }) => text.trim());

function medicine(text: string, name: string, changes: Partial<Assertion> = {}): Entity {
  const start = text.indexOf(name);
  const dose = { type: 'dose' as const, start, end: start, text: '5 mg' };
  return {
    id: name,
    start,
    end: start + name.length,
    text: name,
    label: 'MEDICATION',
    score: 0.9,
    assertion: { ...DEFAULT_ASSERTION, ...changes },
    attributes: [dose],
    candidates: [],
  };
}

describe('makeLeaflet', () => {
  it.each([
    ['Return if fever or worse pain.', 'help'],
    ['Call 911 if you faint.', 'help'],
    ['ER if short of breath', 'help'],
    ['Go to the emergency department for chest pain.', 'help'],
    ['Call the clinic or come back at once if you have chest pain at rest.', 'help'],
    ['Follow up with cardiology in 2 weeks if available.', 'next'],
    ['F/u with cardiology in 2 weeks.', 'next'],
    ['Repeat BMP in 1 week.', 'next'],
    ['No driving for 1 week.', 'next'],
    ['She has a fever.', 'neither'],
    ['Returned from theatre at 10.', 'neither'],
    ['He can call his daughter.', 'neither'],
  ])('%s: %s', (text, box) => {
    const document = read(text);
    const { help, next } = makeLeaflet(document, plain(document));
    expect([words(help), words(next)]).toEqual([box === 'help' ? [text] : [], box === 'next' ? [text] : []]);
  });

  it('takes what stands under Plan or Follow-up, without the heading', () => {
    const document = read('HPI: chest pain.\nPlan:\nAspirin daily.\nReturn if pain.\n');
    const { help, next } = makeLeaflet(document, plain(document));
    expect(words(next)).toEqual(['Aspirin daily.']);
    expect(words(help)).toEqual(['Return if pain.']);
  });

  it('takes what stands under a heading of warnings', () => {
    const document = read('Red flags: sore throat');
    expect(words(makeLeaflet(document, plain(document)).help)).toEqual(['sore throat']);
  });

  it('says the same thing once', () => {
    const document = read('Return if fever.\nThanks.\nReturn if fever.');
    expect(makeLeaflet(document, plain(document)).help).toHaveLength(1);
  });

  it('lists what is taken now, once, and not what is denied, stopped or an allergy', () => {
    const text = 'Takes alpha, beta, gamma and delta 5 mg. Mother takes epsilon.\nAllergies: zeta\nMeds:\nalpha 5 mg';
    const document = read(text);
    const entities = [
      medicine(text, 'alpha'),
      medicine(text, 'beta', { presence: 'absent' }),
      medicine(text, 'gamma', { temporality: 'historical' }),
      { ...medicine(text, 'delta'), attributes: [] },
      medicine(text, 'epsilon', { experiencer: 'family' }),
      medicine(text, 'zeta'),
      { ...medicine(text, 'alpha'), id: 'again' },
    ];
    const { medicines } = makeLeaflet({ ...document, entities }, plain(document));
    expect(medicines.map(({ id }) => id)).toEqual(['again']);
  });

  it('makes nothing of an empty note', () => {
    expect(makeLeaflet(read(''), [])).toEqual({ help: [], next: [], medicines: [] });
  });
});
