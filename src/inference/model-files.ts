/** What transformers.js is told before it loads a model: where its files come from and which processor runs it. */
import { env, LogLevel } from '@huggingface/transformers';

/** `device` and `modelFile` belong together: int8 is for WASM and Node, int8-stored weights with fp32 arithmetic are for WebGPU. */
export interface SessionSettings {
  readonly device: 'wasm' | 'webgpu' | 'cpu' | 'auto';
  readonly executionProviders: readonly string[];
  readonly dtype: 'q8' | 'fp32';
}

/** transformers.js asks for files by path; it is answered from the buffers that the artefact store checked. */
export function answerFrom(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): void {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.useBrowserCache = false;
  env.useFSCache = false;
  env.useWasmCache = false;
  env.useCustomCache = true;
  env.logLevel = LogLevel.ERROR;
  env.customCache = {
    match: (path: string) => {
      const bytes = files.get(path.split('/').at(-1)!);
      return Promise.resolve(bytes && new Response(bytes, { headers: { 'content-length': String(bytes.length) } }));
    },
    put: () => Promise.resolve(),
  };
}
