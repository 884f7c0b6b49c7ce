/** The same models in Node: `native` is onnxruntime-node, `wasm` runs exactly what the browser runs. */
import { namedError } from './artefacts';
import type { GeneratorFactory, ModelFactory } from './engine-parts';
import { givesGoldenResult, type RunIds } from './golden';
import type { SessionSettings } from './model-files';

export type Engine = 'native' | 'wasm';

/** transformers.js takes the runtime under this symbol instead of its own, if it is there before it is imported. */
const RUNTIME_SLOT = Symbol.for('onnxruntime');

async function useWebRuntime(threads: number): Promise<void> {
  const runtime = await import('onnxruntime-web');
  runtime.env.wasm.numThreads = threads;
  runtime.env.wasm.wasmPaths = new URL('./', import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')).href;
  Object.assign(globalThis, { [RUNTIME_SLOT]: runtime });
}

/** The decoder on the engine that openNodeRuntime chose before. */
export async function openNodeGenerator(engine: Engine): Promise<GeneratorFactory> {
  const { loadTextGenerator } = await import('./text-generator');
  return async (files, golden) => {
    const generator = await loadTextGenerator(files, settingsFor(engine));
    const run: RunIds = (ids) => generator.score(ids, golden.output.length);
    if (!(await givesGoldenResult(run, golden))) throw namedError('ModelUnavailableError', `${engine}_wrong_result`);
    return generator;
  };
}

function settingsFor(engine: Engine): SessionSettings {
  return engine === 'wasm'
    ? { device: 'auto', executionProviders: ['wasm'], dtype: 'q8' }
    : { device: 'cpu', executionProviders: ['cpu'], dtype: 'q8' };
}

/** One engine a process: transformers.js keeps the runtime it first saw. */
export async function openNodeRuntime(engine: Engine, threads = 2): Promise<ModelFactory> {
  if (engine === 'wasm') await useWebRuntime(threads);
  const { loadTokenClassifier } = await import('./token-classifier');
  const { loadQueryEncoder } = await import('./query-encoder');
  const settings = settingsFor(engine);
  return async (model, files, golden) => {
    const run = await (model === 'entities' ? loadTokenClassifier : loadQueryEncoder)(files, settings);
    if (!(await givesGoldenResult(run, golden))) throw namedError('ModelUnavailableError', `${engine}_wrong_result`);
    return run;
  };
}
