/** A device is trusted only after it has given the stored answer to a stored input (docs/decisions/0003). */

export interface Golden {
  readonly ids: readonly number[];
  /** What the model must give: rows of tag logits, or one vector, from the model that was exported. */
  readonly output: readonly number[];
}

/** Either model: ids in, numbers out. */
export type RunIds = (ids: readonly number[]) => Promise<Float32Array>;

/** Measured between fp32 and int8 on CPU: above 0.99; wrong GPU results seen in the wild: 0.5. */
const COSINE_LIMIT = 0.97;

export function cosine(a: readonly number[], b: Float32Array): number {
  let [dot, normA, normB] = [0, 0, 0];
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0;
    dot += value * other;
    normA += value * value;
    normB += other * other;
  }
  return dot / Math.sqrt(normA * normB || 1);
}

export async function givesGoldenResult(run: RunIds, golden: Golden): Promise<boolean> {
  const output = await run(golden.ids);
  return output.length === golden.output.length && cosine(golden.output, output) >= COSINE_LIMIT;
}
