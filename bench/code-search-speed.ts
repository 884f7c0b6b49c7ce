/**
 * npm run evaluate -- speed: what the code search costs: reading its index, memory, and a query on one WASM thread with the
 * query's encoding. Run with nothing else on the machine.
 */
import { checkoutStore } from '../batch/local-artefacts';
import { loadCodeSearch, loadSearchParts, type ModelFactory } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { fuseIndexes } from '../src/nlp/coding/search';
import { readLines } from './read-lines';

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
const heldBytes = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** The index apart from the model, whose loading is the runtime's. */
const noModel: ModelFactory = () => Promise.resolve(() => Promise.resolve(new Float32Array(128)));

async function measureIndex(): Promise<void> {
  const before = heldBytes();
  const started = performance.now();
  const index = fuseIndexes(await loadSearchParts(checkoutStore(), noModel));
  const took = performance.now() - started;
  const held = heldBytes() - before;
  console.log(`index of ${index.vectorOf.length} names: ${took.toFixed(0)} ms from disk, ${megabytes(held)} MB`);
}

export async function measureCodeSearch(shared: string): Promise<void> {
  for (let run = 0; run < 3; run++) await measureIndex();
  const { find } = await loadCodeSearch(checkoutStore(), await openNodeRuntime('wasm', 1));
  const durations: number[] = [];
  for (const { text } of readLines<{ readonly text: string }>(`${shared}/data/icd/phrases/dev.jsonl.gz`)) {
    const asked = performance.now();
    await find(text, 5);
    durations.push(performance.now() - asked);
  }
  durations.sort((a, b) => a - b);
  const at = (share: number): string => durations[Math.floor(durations.length * share)]!.toFixed(1);
  console.log(
    `a query on one WASM thread: median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, ${durations.length} queries`,
  );
}
