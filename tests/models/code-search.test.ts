/** The whole search with real weights: what a person types, and how long the answer takes. */
import { beforeAll, describe, expect, it } from 'vitest';
import { checkoutStore } from '../../batch/local-artefacts';
import { loadCodeSearch } from '../../src/inference/engine-parts';
import { openNodeRuntime } from '../../src/inference/node-runtime';
import type { CodeSearch } from '../../src/nlp/coding/search';

let search: CodeSearch;
beforeAll(async () => {
  search = await loadCodeSearch(checkoutStore(), await openNodeRuntime('native'));
}, 120_000);

const best = async (phrase: string): Promise<string | undefined> => (await search.find(phrase, 5))[0]?.code;

describe('the code search', () => {
  it.each([
    ['heart attack', 'I21.9'],
    ['sugar', 'E11.9'],
    ['broken wrist left', 'S62.102A'],
    ['E11.9', 'E11.9'],
    ['I10', 'I10'],
    ['high blood pressure', 'I10'],
    ['pneumnia', 'J18.9'],
    ['oedema', 'R60.9'],
    ['primary osteoarthritis of right knee', 'M17.11'],
    ['right hemiparesis', 'G81.91'],
    ['left hemiparesis', 'G81.94'],
    ['clot in the leg', 'I82.409'],
    ['type 2 diabetes with hyperglycemia', 'E11.65'],
    ['chest pain', 'R07.9'],
  ])('finds for %j the code %s', async (phrase, code) => {
    expect(await best(phrase)).toBe(code);
  });

  it('never offers the other side', async () => {
    for (const { display } of await search.find('fracture of left wrist', 10)) expect(display).not.toMatch(/\bright\b/);
  });

  it.each(['', '   ', 'the of and', '\0', '🤕'])('has no answer for %j', async (phrase) => {
    expect(await search.find(phrase, 5)).toEqual([]);
  });

  it('gives codes of the set, best first, with probabilities that sum to at most one', async () => {
    for (const phrase of ['cough', 'xyzzy plugh', 'ملاحظة', 'a'.repeat(5000), 'left left left', '((((', 'no no no']) {
      const found = await search.find(phrase, 50);
      expect(found.every(({ code }) => search.codeSet.indexOf.has(code))).toBe(true);
      const scores = found.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      expect(scores.reduce((sum, score) => sum + score, 0)).toBeLessThan(1.03);
    }
  });

  it('gives the same answer again', async () => {
    const first = await search.find('shortness of breath', 5);
    expect(await search.find('shortness of breath', 5)).toEqual(first);
  });
});
