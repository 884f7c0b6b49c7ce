/**
 * The only place that knows where bytes come from: this site's /models and /ort, kept in Cache Storage after their
 * SHA-256 was checked. Everything else gets buffers, so that another edition (one file, Node) only brings another source.
 */

export interface ArtefactFile {
  /** Path below the site's root, e.g. "models/entities/model.onnx". */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Present where a device downloads only one of several: "q8" for WASM, "w8" for WebGPU. */
  readonly dtype?: string;
}

export interface Artefact {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly files: readonly ArtefactFile[];
}

export interface ByteSource {
  /** @throws ModelUnavailableError when the bytes cannot be had. */
  read(file: ArtefactFile, onProgress: (loadedBytes: number) => void): Promise<Uint8Array<ArrayBuffer>>;
}

/** `onProgress` counts the bytes of the whole artefact; `onNotStored` tells that a full disk kept nothing. */
export interface ArtefactObserver {
  onProgress(artefact: string, loadedBytes: number, totalBytes: number): void;
  onNotStored(artefact: string): void;
}

/** A download that brings nothing for this long is given up, so that it can be tried again. */
const STALL_MS = 30_000;

const CACHE_NAME = 'plainchart-artefacts';

export function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

async function hexSha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws IntegrityError when the bytes are not those that the manifest names. */
async function checkBytes(file: ArtefactFile, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (bytes.length !== file.bytes || (await hexSha256(bytes)) !== file.sha256) {
    throw namedError('IntegrityError', `${file.path} is not the published file`);
  }
}

/** Collects a stream into one buffer of the published size, reporting as it grows. */
async function readStream(
  response: Response,
  file: ArtefactFile,
  onProgress: (loadedBytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const target = new Uint8Array(file.bytes);
  let loaded = 0;
  const reader = response.body!.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    if (loaded + next.value.length > file.bytes) throw namedError('IntegrityError', `${file.path} is too long`);
    target.set(next.value, loaded);
    loaded += next.value.length;
    onProgress(loaded);
  }
  return target.subarray(0, loaded);
}

/** This site. `base` is the site's root with a trailing slash. */
export function siteSource(base: string): ByteSource {
  return {
    async read(file, onProgress) {
      const stall = new AbortController();
      const giveUp = (): void => {
        stall.abort();
      };
      let timer = setTimeout(giveUp, STALL_MS);
      try {
        // no-cache: the name stays the same from version to version, and an older copy would fail its check
        const response = await fetch(new URL(file.path, base), { signal: stall.signal, cache: 'no-cache' });
        if (!response.ok || !response.body) throw namedError('ModelUnavailableError', 'no such file');
        return await readStream(response, file, (loadedBytes) => {
          clearTimeout(timer);
          timer = setTimeout(giveUp, STALL_MS);
          onProgress(loadedBytes);
        });
      } catch (cause) {
        if (cause instanceof Error && cause.name === 'IntegrityError') throw cause;
        throw namedError('ModelUnavailableError', `${file.path} could not be fetched`);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** Keys carry the hash: a new version never meets an old file, and old ones can be told apart and deleted. */
const cacheKey = (file: ArtefactFile): string => `/stored/${file.sha256}/${file.path}`;

async function openCache(): Promise<Cache | null> {
  if (typeof caches === 'undefined') return null;
  return caches.open(CACHE_NAME).catch(() => null);
}

/** @returns the stored copy, or null where there is none. @throws when it is unreadable or damaged. */
async function readStored(cache: Cache | null, file: ArtefactFile): Promise<Uint8Array<ArrayBuffer> | null> {
  const stored = await cache?.match(cacheKey(file));
  if (!stored) return null;
  const bytes = new Uint8Array(await stored.arrayBuffer());
  await checkBytes(file, bytes);
  return bytes;
}

export class ArtefactStore {
  constructor(
    private readonly source: ByteSource,
    private readonly observer: ArtefactObserver,
  ) {}

  /** The artefact's files for one dtype (files without dtype always), checked; key is the file's name in its folder. */
  async open(artefact: Artefact, dtype?: string): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
    const files = artefact.files.filter((file) => file.dtype === undefined || file.dtype === dtype);
    const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const opened = new Map<string, Uint8Array<ArrayBuffer>>();
    let before = 0;
    for (const file of files) {
      const report = (loaded: number): void => {
        this.observer.onProgress(artefact.name, before + loaded, totalBytes);
      };
      opened.set(file.path.split('/').at(-1)!, await this.openFile(artefact.name, file, report));
      before += file.bytes;
      report(0);
    }
    return opened;
  }

  /** A stored copy that is damaged is deleted and fetched again. */
  private async openFile(
    artefact: string,
    file: ArtefactFile,
    report: (loaded: number) => void,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const cache = await openCache();
    const stored = await readStored(cache, file).catch(() => null);
    if (stored) return stored;
    await cache?.delete(cacheKey(file)).catch(() => false);
    const bytes = await this.source.read(file, report);
    await checkBytes(file, bytes);
    const kept = await cache?.put(cacheKey(file), new Response(bytes)).then(
      () => true,
      () => false,
    );
    if (kept === false) this.observer.onNotStored(artefact);
    return bytes;
  }
}

/** Deletes stored files that no current artefact names: what an update left behind. */
export async function deleteStale(current: readonly Artefact[]): Promise<void> {
  const cache = await openCache();
  if (!cache) return;
  const wanted = new Set(current.flatMap((artefact) => artefact.files.map(cacheKey)));
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}
