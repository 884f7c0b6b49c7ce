/** What share of a note's time the rules take: 1,000 words, one WASM thread, median of several runs. */
import { checkoutStore } from '../batch/local-artefacts';
import { loadParts } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { expandAbbreviations } from '../src/nlp/abbreviations';
import { assertEntities } from '../src/nlp/assertion';
import { attachAttributes } from '../src/nlp/attributes';
import { makeDocument, type Document } from '../src/nlp/document';
import { findErrorProne } from '../src/nlp/error-prone';
import { applyLexicon } from '../src/nlp/lexicon';
import { missingAttributes } from '../src/nlp/missing-attributes';
import { findPeople } from '../src/nlp/people';
import { analyzeText } from '../src/nlp/pipeline';
import { placeInSections, sectionize } from '../src/nlp/sections';
import { sentencize } from '../src/nlp/sentences';
import { readMarkedNotes } from './marked-notes';

const [WORDS, RUNS] = [1000, 9];
const SILENT = { stage: () => Promise.resolve(), entities: () => undefined, words: () => undefined };

/** Training notes one after another, cut at a line end at about 1,000 words. */
function longNote(): string {
  const lines = readMarkedNotes('training/entities/notes', 'train')
    .map(({ note }) => note.text)
    .join('\n\n')
    .split('\n');
  let words = 0;
  const last = lines.findIndex((line) => (words += line.split(/\s+/).filter(Boolean).length) >= WORDS);
  return lines.slice(0, last + 1).join('\n');
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

async function timed(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

export async function measureRules(): Promise<void> {
  const parts = await loadParts(checkoutStore(), 'q8', await openNodeRuntime('wasm', 1));
  const text = longNote();
  const structured = sentencize(sectionize(makeDocument(text)));
  const recognized = await parts.recognize(structured, () => Promise.resolve());
  const ruled = (document: Document): Document => {
    const expanded = expandAbbreviations(placeInSections(applyLexicon(document)), parts.glossary);
    return findErrorProne(findPeople(missingAttributes(assertEntities(attachAttributes(expanded)))));
  };
  const [all, rules]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    all.push(await timed(() => analyzeText({ text }, parts, SILENT)));
    rules.push(
      await timed(() => ruled({ ...sentencize(sectionize(makeDocument(text))), entities: recognized.entities })),
    );
  }
  const share = (median(rules) / median(all)) * 100;
  const words = text.split(/\s+/).filter(Boolean).length;
  console.log(
    `a note of ${words} words on one WASM thread: ${median(all).toFixed(0)} ms, of these the rules ${median(rules).toFixed(1)} ms (${share.toFixed(1)} %)`,
  );
}
