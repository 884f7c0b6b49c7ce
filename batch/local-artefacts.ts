/** The artefacts of this checkout, read from its models/ folder and checked like any other source's. */
import { readFile } from 'node:fs/promises';
import { ArtefactStore, namedError, type ByteSource } from '../src/inference/artefacts';
import { loadParts } from '../src/inference/engine-parts';
import { openNodeRuntime, type Engine } from '../src/inference/node-runtime';
import type { AnalysisParts } from '../src/nlp/pipeline';

const ROOT = new URL('../', import.meta.url);

const checkoutSource: ByteSource = {
  async read(file) {
    try {
      return new Uint8Array(await readFile(new URL(file.path, ROOT)));
    } catch {
      throw namedError('ModelUnavailableError', `${file.path} is missing`);
    }
  },
};

export function checkoutStore(): ArtefactStore {
  return new ArtefactStore(checkoutSource, { onProgress: () => undefined, onNotStored: () => undefined });
}

export async function loadCheckoutParts(engine: Engine): Promise<AnalysisParts> {
  return loadParts(checkoutStore(), 'q8', await openNodeRuntime(engine));
}
