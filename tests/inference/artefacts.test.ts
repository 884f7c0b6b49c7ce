import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ArtefactStore,
  deleteStale,
  namedError,
  type Artefact,
  type ArtefactObserver,
  type ByteSource,
} from '../../src/inference/artefacts';

const content = new TextEncoder().encode('the published bytes');
const sha256 = createHash('sha256').update(content).digest('hex');
const file = { path: 'models/thing/part.bin', bytes: content.length, sha256 };
const artefact: Artefact = { name: 'thing', version: '1', licence: 'none', files: [file] };

/** Cache Storage of one cache, enough for the store; `full` makes every put fail like a full disk. */
class MemoryCache {
  readonly kept = new Map<string, Uint8Array>();
  full = false;
  match(key: string): Promise<Response | undefined> {
    const bytes = this.kept.get(key);
    return Promise.resolve(bytes && new Response(new Uint8Array(bytes)));
  }
  async put(key: string, response: Response): Promise<void> {
    if (this.full) throw namedError('QuotaExceededError', 'full');
    this.kept.set(key, new Uint8Array(await response.arrayBuffer()));
  }
  delete(key: string | { url: string }): Promise<boolean> {
    return Promise.resolve(this.kept.delete(typeof key === 'string' ? key : new URL(key.url).pathname));
  }
  keys(): Promise<{ url: string }[]> {
    return Promise.resolve([...this.kept.keys()].map((key) => ({ url: `http://localhost${key}` })));
  }
}

let cache: MemoryCache;
beforeEach(() => {
  cache = new MemoryCache();
  vi.stubGlobal('caches', { open: () => Promise.resolve(cache) });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function storeWith(bytes: Uint8Array<ArrayBuffer>) {
  const read = vi.fn<ByteSource['read']>((_file, onProgress) => {
    onProgress(bytes.length);
    return Promise.resolve(bytes);
  });
  const observer = {
    onProgress: vi.fn<ArtefactObserver['onProgress']>(),
    onNotStored: vi.fn<ArtefactObserver['onNotStored']>(),
  };
  return { store: new ArtefactStore({ read }, observer), read, observer };
}

describe('ArtefactStore', () => {
  it('fetches once, checks, keeps, and answers from the kept copy afterwards', async () => {
    const { store, read, observer } = storeWith(content);
    expect((await store.open(artefact)).get('part.bin')).toEqual(content);
    await store.open(artefact);
    expect(read).toHaveBeenCalledTimes(1);
    expect(observer.onProgress).toHaveBeenCalledWith('thing', content.length, content.length);
  });

  it.each([
    ['other bytes of the same length', new TextEncoder().encode('the published bytez')],
    ['too few bytes', content.slice(0, 5)],
  ])('refuses %s and keeps nothing', async (_, bytes) => {
    const { store } = storeWith(bytes);
    await expect(store.open(artefact)).rejects.toMatchObject({ name: 'IntegrityError' });
    expect(cache.kept.size).toBe(0);
  });

  it('fetches again when the kept copy was damaged', async () => {
    const { store, read } = storeWith(content);
    await store.open(artefact);
    for (const key of cache.kept.keys()) cache.kept.set(key, new Uint8Array([1, 2, 3]));
    expect((await store.open(artefact)).get('part.bin')).toEqual(content);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('fetches again when the kept copy cannot be read', async () => {
    const { store, read } = storeWith(content);
    await store.open(artefact);
    cache.match = () => Promise.reject(new Error('unreadable'));
    expect((await store.open(artefact)).get('part.bin')).toEqual(content);
    expect(read).toHaveBeenCalledTimes(2);
  });

  it('still answers on a full disk, and says that nothing was kept', async () => {
    const { store, observer } = storeWith(content);
    cache.full = true;
    expect((await store.open(artefact)).get('part.bin')).toEqual(content);
    expect(observer.onNotStored).toHaveBeenCalledWith('thing');
  });

  it('opens only the files of the asked dtype', async () => {
    const { store, read } = storeWith(content);
    const files = [
      { ...file, dtype: 'q8' },
      { ...file, path: 'models/thing/gpu.bin', dtype: 'w8' },
    ];
    const opened = await store.open({ ...artefact, files }, 'w8');
    expect([...opened.keys()]).toEqual(['gpu.bin']);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('works without Cache Storage', async () => {
    vi.stubGlobal('caches', undefined);
    const { store } = storeWith(content);
    expect((await store.open(artefact)).size).toBe(1);
  });
});

describe('deleteStale', () => {
  it('deletes what no current artefact names', async () => {
    const { store } = storeWith(content);
    await store.open(artefact);
    cache.kept.set('/stored/old/models/thing/part.bin', content);
    await deleteStale([artefact]);
    expect([...cache.kept.keys()]).toEqual([`/stored/${sha256}/models/thing/part.bin`]);
  });
});
