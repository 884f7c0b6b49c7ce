/** The same model in Node: `native` is onnxruntime-node, `wasm` runs exactly what the browser runs. */
import { namedError } from './artefacts';
import type { TokenClassifier } from './entity-recognizer';
import { givesGoldenResult, type Golden } from './golden';

export type Engine = 'native' | 'wasm';

/** transformers.js takes the runtime under this symbol instead of its own, if it is there before it is imported. */
const RUNTIME_SLOT = Symbol.for('onnxruntime');

async function useWebRuntime(): Promise<void> {
  const runtime = await import('onnxruntime-web');
  runtime.env.wasm.numThreads = 2;
  runtime.env.wasm.wasmPaths = new URL('./', import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm')).href;
  Object.assign(globalThis, { [RUNTIME_SLOT]: runtime });
}

/** One engine a process: transformers.js keeps the runtime it first saw. */
export async function loadInNode(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  golden: Golden,
  engine: Engine,
): Promise<TokenClassifier> {
  if (engine === 'wasm') await useWebRuntime();
  const { loadTokenClassifier } = await import('./token-classifier');
  const classify = await loadTokenClassifier(
    files,
    engine === 'wasm'
      ? { device: 'auto', executionProviders: ['wasm'], dtype: 'q8' }
      : { device: 'cpu', executionProviders: ['cpu'], dtype: 'q8' },
  );
  if (!(await givesGoldenResult(classify, golden))) throw namedError('ModelUnavailableError', `${engine}_wrong_result`);
  return classify;
}
