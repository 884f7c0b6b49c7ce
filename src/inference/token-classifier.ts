/** transformers.js behind a plain function: ids in, logits out. Models come as buffers, never as URLs. */
import { AutoModelForTokenClassification, Tensor } from '@huggingface/transformers';
import type { TokenClassifier } from './entity-recognizer';
import { answerFrom, type SessionSettings } from './model-files';

const MODEL_ID = 'entities';

/** @throws whatever the runtime throws: the caller decides whether another device is tried. */
export async function loadTokenClassifier(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  { device, executionProviders, dtype }: SessionSettings,
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
