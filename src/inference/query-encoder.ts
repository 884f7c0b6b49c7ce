/** The query encoder behind a plain function: ids in, one unit vector out. Mean pooling is part of the model file. */
import { AutoModel, Tensor } from '@huggingface/transformers';
import { answerFrom, type SessionSettings } from './model-files';

/** Ids including [CLS] and [SEP] -> a unit vector. */
export type QueryEncoder = (ids: readonly number[]) => Promise<Float32Array>;

const MODEL_ID = 'code-search';

/** @throws whatever the runtime throws: without the encoder there are no codes, so the caller lets it through. */
export async function loadQueryEncoder(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  { device, executionProviders, dtype }: SessionSettings,
): Promise<QueryEncoder> {
  answerFrom(files);
  const model = await AutoModel.from_pretrained(MODEL_ID, {
    device,
    dtype,
    session_options: { executionProviders: [...executionProviders] },
  });
  return async (ids) => {
    const shape = [1, ids.length];
    const inputIds = new Tensor('int64', BigInt64Array.from(ids, BigInt), shape);
    const attentionMask = new Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape);
    const output = (await model({ input_ids: inputIds, attention_mask: attentionMask })) as { vector: Tensor };
    return output.vector.data as Float32Array;
  };
}
