/** transformers.js behind a plain function: ids in, logits out. Models come as buffers, never as URLs. */
import { AutoModelForTokenClassification, env, LogLevel, Tensor } from '@huggingface/transformers';
import type { TokenClassifier } from './entity-recognizer';

const MODEL_ID = 'entities';

/** `device` and `modelFile` belong together: int8 is for WASM and Node, fp16-stored weights are for WebGPU. */
export interface ClassifierSettings {
  readonly device: 'wasm' | 'webgpu' | 'cpu' | 'auto';
  readonly executionProviders: readonly string[];
  readonly dtype: 'q8' | 'fp32';
}

/** transformers.js asks for files by path; it is answered from the buffers that the artefact store checked. */
function answerFrom(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): void {
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

/** @throws whatever the runtime throws: the caller decides whether another device is tried. */
export async function loadTokenClassifier(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  { device, executionProviders, dtype }: ClassifierSettings,
): Promise<TokenClassifier> {
  answerFrom(files);
  const model = await AutoModelForTokenClassification.from_pretrained(MODEL_ID, {
    device,
    dtype,
    session_options: { executionProviders: [...executionProviders] },
  });
  return async (ids) => {
    const shape = [1, ids.length];
    const inputIds = new Tensor('int64', BigInt64Array.from(ids, BigInt), shape);
    const attentionMask = new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape);
    const output = (await model({ input_ids: inputIds, attention_mask: attentionMask })) as { logits: Tensor };
    return output.logits.data as Float32Array;
  };
}
