import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognize, type TokenClassifier } from '../../src/inference/entity-recognizer';
import { makeDocument, type Document } from '../../src/nlp/document';
import { parseVocabulary } from '../../src/nlp/wordpiece';

const vocabulary = parseVocabulary(readFileSync('models/entities/vocab.txt', 'utf8'));
const tags = ['O', 'B-SYMPTOM', 'I-SYMPTOM'];
const pain = vocabulary.ids.get('pain')!;

/** Tags every "pain" as a symptom; remembers how long its windows were. */
function painClassifier(): { classify: TokenClassifier; lengths: number[] } {
  const lengths: number[] = [];
  return {
    lengths,
    classify: (ids) => {
      lengths.push(ids.length);
      return Promise.resolve(Float32Array.from(ids.flatMap((id) => (id === pain ? [0, 9, 0] : [9, 0, 0]))));
    },
  };
}

const oneSentence = (text: string): Document => ({
  ...makeDocument(text),
  sentences: [{ start: 0, end: text.length }],
});
const ignore = () => Promise.resolve();

describe('recognize', () => {
  it('finds every mention of a text far longer than a window, once, at its place', async () => {
    const text = 'no word of it here but pain and so on, '.repeat(300);
    const { classify, lengths } = painClassifier();
    const { entities } = await recognize(
      oneSentence(text),
      { vocabulary, scheme: { tags, temperature: 1 }, classify },
      ignore,
    );
    expect(entities).toHaveLength(300);
    expect(entities.every((entity) => text.slice(entity.start, entity.end) === 'pain' && entity.text === 'pain')).toBe(
      true,
    );
    expect(new Set(entities.map((entity) => entity.id)).size).toBe(300);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(192);
  });

  it('gives spans that slice to their text, whatever surrounds them', async () => {
    const piece = fc.oneof(
      fc.constantFrom('pain', ' ', '\r\n', '😀', 'e\u0301', '\u200b', '\u202e', '\0', 'ﬀ', '.'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const text = pieces.join('');
        const { classify } = painClassifier();
        const { entities } = await recognize(
          oneSentence(text),
          { vocabulary, scheme: { tags, temperature: 1 }, classify },
          ignore,
        );
        for (const entity of entities) expect(text.slice(entity.start, entity.end)).toBe(entity.text);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps a combining mark with its letter', async () => {
    const text = 'pain\u0301 here';
    const { classify } = painClassifier();
    const { entities } = await recognize(
      oneSentence(text),
      { vocabulary, scheme: { tags, temperature: 1 }, classify },
      ignore,
    );
    expect(entities[0]!.text).toBe('pain\u0301');
  });

  it('reports after every window and stops when the report throws', async () => {
    const seen: [number, number][] = [];
    const stop = (done: number, total: number) => {
      seen.push([done, total]);
      return done === 2 ? Promise.reject(new Error('stop')) : Promise.resolve();
    };
    const { classify } = painClassifier();
    const job = recognize(
      oneSentence('word '.repeat(900)),
      { vocabulary, scheme: { tags, temperature: 1 }, classify },
      stop,
    );
    await expect(job).rejects.toThrow('stop');
    expect(seen).toEqual([
      [1, 6],
      [2, 6],
    ]);
  });
});
