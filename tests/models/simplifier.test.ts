import { beforeAll, describe, expect, it } from 'vitest';
import { checkoutStore } from '../../batch/local-artefacts';
import { loadGlossary, loadRecognizer, loadRewriter } from '../../src/inference/engine-parts';
import { openNodeGenerator, openNodeRuntime } from '../../src/inference/node-runtime';
import type { Glossary } from '../../src/nlp/glossary';
import { annotateText, simplifyText, type Progress, type Rewrite } from '../../src/nlp/pipeline';
import { wordsFor } from '../../src/nlp/verification-wording';
import { LONG_NOTE } from '../fixtures/notes';

const SILENT: Progress = { stage: () => Promise.resolve(), entities: () => undefined, words: () => undefined };
const numbers = (text: string): string[] => text.match(/\d+(?:\.\d+)?/g) ?? [];
const ignore = (): Promise<void> => Promise.resolve();

let recognize: Awaited<ReturnType<typeof loadRecognizer>>;
let rewrite: Rewrite;
let glossary: Glossary;
beforeAll(async () => {
  recognize = await loadRecognizer(checkoutStore(), 'q8', await openNodeRuntime('native'));
  glossary = await loadGlossary(checkoutStore());
  rewrite = await loadRewriter(checkoutStore(), await openNodeGenerator('native'));
}, 120_000);

describe('the shipped decoder', () => {
  it('makes a sentence to the patient out of the wording of the glossary, token by token', async () => {
    const texts: string[] = [];
    const answer = await rewrite('Denies fever.', (text) => Promise.resolve(void texts.push(text)));
    expect(answer).toMatch(/^You /);
    expect(answer).toMatch(/\b(?:no|not have a?) ?fever\b/);
    expect(texts.length).toBeGreaterThan(2);
    expect(answer!.startsWith(texts[1]!.trim())).toBe(true);
  });

  it('gives the same answer to the same draft', async () => {
    const draft = 'Take furosemide 40 mg by mouth twice a day.';
    expect(await rewrite(draft, ignore)).toBe(await rewrite(draft, ignore));
  });

  it('writes no word that is neither in the draft nor joins its words', async () => {
    const drafts = [
      'Amoxicillin => itchy raised spots on the skin',
      'Subtotal villous shrinking with crypt overgrowth, tolvaptan 15 mg once a day.',
      'Splenomegaly 15 cm, hepatolenticular degeneration, dermoscopy reassuring.',
    ];
    for (const draft of drafts) {
      const answer = await rewrite(draft, ignore);
      const allowed = new Set(wordsFor(draft).map((word) => word.toLowerCase()));
      const words = answer?.match(/\p{L}{4,}/gu) ?? [];
      expect(words.filter((word) => !allowed.has(word.toLowerCase()) && !draft.includes(word))).toEqual([]);
    }
  });

  it('stops where its listener throws, and works again after that', async () => {
    let calls = 0;
    const stop = (): Promise<void> => {
      calls += 1;
      return calls < 3 ? Promise.resolve() : Promise.reject(new Error('stopped'));
    };
    await expect(rewrite('Comes in with chest pain for two days.', stop)).rejects.toThrow('stopped');
    expect(calls).toBe(3);
    expect(await rewrite('Denies fever.', ignore)).toMatch(/fever/);
  });

  it('says every number of a note, and what it shows as its own is verified', async () => {
    const document = await annotateText(LONG_NOTE, { recognize, glossary }, SILENT);
    const job = { document, glossary, versions: { app: '', models: {}, codes: {} }, rewrite };
    const { sentences } = await simplifyText(job, SILENT, () => undefined);
    const generated = sentences.filter(({ method }) => method === 'generated');
    expect(generated.length).toBeGreaterThan(0);
    expect(generated.every(({ verdict }) => verdict === 'verified')).toBe(true);
    const shown = numbers(sentences.map(({ text }) => text).join(' '));
    expect(shown).toEqual(expect.arrayContaining(numbers(LONG_NOTE)));
  }, 120_000);
});
