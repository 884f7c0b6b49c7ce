/**
 * Dense search: the unit vectors of all names, made by training/codes/export.py, against the vector of a query.
 * Exhaustive: 46,000 vectors of 128 small integers take a few milliseconds, so that no index can miss a neighbour.
 */

export interface VectorIndex {
  readonly dimension: number;
  /** Row after row, components in units of one scale that no comparison needs. */
  readonly components: Int8Array;
  /** 1 / length of each row: rounding to int8 leaves them only nearly of unit length. */
  readonly inverseLengths: Float32Array;
  /** Vector of each name, in the order of the code set: title, inclusion terms, includes, synonyms. */
  readonly vectorOfName: Uint16Array;
}

export interface Neighbour {
  readonly vector: number;
  /** In [-1, 1]. */
  readonly cosine: number;
}

const HEADER_BYTES = 20;

function inverseLengthsOf(components: Int8Array, dimension: number): Float32Array {
  const inverse = new Float32Array(components.length / dimension);
  for (let row = 0; row < inverse.length; row++) {
    let sum = 0;
    for (let place = row * dimension; place < (row + 1) * dimension; place++) sum += components[place]! ** 2;
    inverse[row] = 1 / Math.sqrt(Math.max(1, sum));
  }
  return inverse;
}

/**
 * Reads vectors.bin (format: training/codes/export.py).
 * @throws RangeError when the file is shorter or longer than its header says.
 */
export function parseVectors(bytes: Uint8Array<ArrayBuffer>): VectorIndex {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [names, vectors, dimension] = [view.getUint32(0, true), view.getUint32(4, true), view.getUint32(8, true)];
  const rows = HEADER_BYTES + names * 2;
  if (bytes.byteLength !== rows + vectors * dimension) throw new RangeError('vectors.bin has another length');
  const vectorOfName = Uint16Array.from({ length: names }, (_, name) => view.getUint16(HEADER_BYTES + name * 2, true));
  const components = new Int8Array(bytes.buffer, bytes.byteOffset + rows, vectors * dimension);
  return { dimension, components, inverseLengths: inverseLengthsOf(components, dimension), vectorOfName };
}

/** Every row's cosine with the query, a unit vector of `dimension` numbers. */
export function cosinesOf(query: Float32Array, { dimension, components, inverseLengths }: VectorIndex): Float32Array {
  const cosines = new Float32Array(inverseLengths.length);
  for (let row = 0; row < cosines.length; row++) {
    const start = row * dimension;
    let [even, odd] = [0, 0];
    for (let place = 0; place < dimension; place += 2) {
      even += query[place]! * components[start + place]!;
      odd += query[place + 1]! * components[start + place + 1]!;
    }
    cosines[row] = (even + odd) * inverseLengths[row]!;
  }
  return cosines;
}

/** The nearest rows, best first; ties in the order of the file. */
export function nearestVectors(cosines: Float32Array, limit: number): Neighbour[] {
  const best: Neighbour[] = [];
  for (let vector = 0; vector < cosines.length; vector++) {
    const cosine = cosines[vector]!;
    if (best.length === limit && cosine <= best[limit - 1]!.cosine) continue;
    let place = best.length;
    while (place > 0 && best[place - 1]!.cosine < cosine) place--;
    best.splice(place, 0, { vector, cosine });
    if (best.length > limit) best.pop();
  }
  return best;
}
