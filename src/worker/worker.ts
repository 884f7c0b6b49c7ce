/** Inside the worker: builds the pipeline once, does one job at a time, and hears "cancel" between pieces of work. */
import * as Comlink from 'comlink';
import { ArtefactStore, namedError, siteSource } from '../inference/artefacts';
import type { DeviceChoice, DeviceWish, RuntimeFiles } from '../inference/browser-runtime';
import { forgetOldArtefacts, loadParts, loadRewriter, versionsOf } from '../inference/engine-parts';
import { toAnalysis, type Entity } from '../nlp/document';
import {
  analyzeText,
  simplifyText,
  TEXT_LIMIT,
  type AnalysisParts,
  type Progress,
  type Rewrite,
} from '../nlp/pipeline';
import type { EngineApi, EngineErrorName, OnEvent } from './api';

declare const __APP_VERSION__: string;
declare const __RUNTIME_FILES__: RuntimeFiles;

/** The worker script lies one folder below the site's root. */
const SITE = new URL('../', self.location.href).href;

/** Longest stretch of work without letting messages in; "stop" must be heard within 300 ms. */
const BREATH_MS = 30;

const ERROR_NAMES: readonly string[] = [
  'AbortError',
  'ModelUnavailableError',
  'IntegrityError',
  'OutOfMemoryError',
  'StorageFullError',
  'InputTooLongError',
] satisfies EngineErrorName[];

interface Loaded {
  readonly parts: AnalysisParts;
  readonly choice: DeviceChoice;
}

let loading: Promise<Loaded> | null = null;
let rewriter: Promise<Rewrite> | null = null;
let previousJob: Promise<unknown> = Promise.resolve();
const cancelled = new Set<string>();
const listeners = new Set<OnEvent>();

function emit(event: Parameters<OnEvent>[0]): void {
  for (const listener of listeners) listener(event);
}

/** A macrotask: message events get their turn, which awaiting a settled promise does not give them. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Only names of the closed list leave the worker, and no message that a note's text could be in. */
function boundaryError(cause: unknown): Error {
  if (cause instanceof Error && ERROR_NAMES.includes(cause.name)) return cause;
  const words = cause instanceof Error ? cause.message : '';
  if (/memory|allocation/i.test(words)) return namedError('OutOfMemoryError', 'out of memory');
  return namedError('InternalError', 'unexpected failure in the worker');
}

async function loadEngine(): Promise<Loaded> {
  // transformers.js and the runtime's glue are the bulk of the code: a chunk of its own, so that the worker starts at once
  const { chooseDevice, openRuntime } = await import('../inference/browser-runtime');
  const choice = await chooseDevice((self.name || 'auto') as DeviceWish);
  const store = makeStore();
  const runtime = runtimeFiles();
  const parts = await loadParts(store, choice.dtype, await openRuntime({ choice, runtime, store }));
  emit({ type: 'runtime', choice });
  const binaries = Object.values(runtime.binary);
  // tidying up must not cost a loaded engine
  await forgetOldArtefacts([{ name: 'runtime', version: runtime.version, licence: 'MIT', files: binaries }]).catch(
    () => undefined,
  );
  return { parts, choice };
}

function runtimeFiles(): RuntimeFiles {
  const glue = { wasm: SITE + __RUNTIME_FILES__.glue.wasm, webgpu: SITE + __RUNTIME_FILES__.glue.webgpu };
  return { ...__RUNTIME_FILES__, glue };
}

function makeStore(): ArtefactStore {
  return new ArtefactStore(siteSource(SITE), {
    onProgress: (artefact, loadedBytes, totalBytes) => {
      emit({ type: 'load-progress', artefact, loadedBytes, totalBytes });
    },
    onNotStored: (artefact) => {
      emit({ type: 'not-stored', artefact });
    },
  });
}

/** The decoder, loaded once it is first asked for; the runtime is there by then. */
function ensureRewriter(): Promise<Rewrite> {
  rewriter ??= ensureLoaded()
    .then(async () => {
      const { loadGeneratorOnCpu } = await import('../inference/browser-runtime');
      return loadRewriter(makeStore(), loadGeneratorOnCpu);
    })
    .catch((cause: unknown) => {
      rewriter = null;
      throw boundaryError(cause);
    });
  return rewriter;
}

/** One remembered promise, forgotten if it fails so that the next call tries again. */
function ensureLoaded(): Promise<Loaded> {
  loading ??= loadEngine().catch((cause: unknown) => {
    loading = null;
    throw boundaryError(cause);
  });
  return loading;
}

async function withListener<Result>(onEvent: OnEvent, work: () => Promise<Result>): Promise<Result> {
  listeners.add(onEvent);
  try {
    return await work();
  } catch (cause) {
    throw boundaryError(cause);
  } finally {
    listeners.delete(onEvent);
  }
}

/** Events at most every BREATH_MS, each followed by a macrotask; throws AbortError once the request was cancelled. */
function progressFor(requestId: string, onEvent: OnEvent): Progress {
  let lastBreath = performance.now();
  let unsent: Entity[] = [];
  return {
    async stage(stage, done, total) {
      const due = performance.now() - lastBreath >= BREATH_MS;
      if (due || done === 0 || done === total) onEvent({ type: 'stage', stage, done, total });
      if (due) {
        await breathe();
        lastBreath = performance.now();
      }
      if (cancelled.has(requestId)) throw namedError('AbortError', 'cancelled');
    },
    words(sentenceIndex, text) {
      onEvent({ type: 'token', sentenceIndex, text });
    },
    entities(entities) {
      unsent.push(...entities);
      if (performance.now() - lastBreath < BREATH_MS || unsent.length === 0) return;
      onEvent({ type: 'entities', entities: unsent });
      unsent = [];
    },
  };
}

/** Jobs queue; one that was cancelled while it waited never starts. */
function enqueue<Result>(requestId: string, job: () => Promise<Result>): Promise<Result> {
  const run = async (): Promise<Result> => {
    try {
      await breathe();
      if (cancelled.has(requestId)) throw namedError('AbortError', 'cancelled');
      return await job();
    } finally {
      cancelled.delete(requestId);
    }
  };
  const result = previousJob.then(run, run);
  previousJob = result.catch(() => undefined);
  return result;
}

const engine: EngineApi = {
  async load(_task, onEvent) {
    await withListener(onEvent, ensureLoaded);
  },

  async analyze({ requestId, text, setting }, onEvent) {
    return withListener(onEvent, async () => {
      if (text.length > TEXT_LIMIT) throw namedError('InputTooLongError', String(TEXT_LIMIT));
      const { parts, choice } = await ensureLoaded();
      onEvent({ type: 'runtime', choice });
      const document = await enqueue(requestId, () =>
        analyzeText({ text, setting }, parts, progressFor(requestId, onEvent)),
      );
      return toAnalysis(document, versionsOf(__APP_VERSION__, choice.dtype));
    });
  },

  async simplify({ requestId, text, analysis, rewrite }, onEvent) {
    return withListener(onEvent, async () => {
      const { parts } = await ensureLoaded();
      const plain = { document: { text, ...analysis }, glossary: parts.glossary, versions: analysis.versions };
      const job = rewrite ? { ...plain, rewrite: await ensureRewriter() } : plain;
      return enqueue(requestId, () =>
        simplifyText(job, progressFor(requestId, onEvent), (sentence, sentenceIndex) => {
          onEvent({ type: 'sentence', sentenceIndex, sentence });
        }),
      );
    });
  },

  async searchCodes({ requestId, text, limit }) {
    const { parts } = await ensureLoaded();
    return enqueue(requestId, async () => parts.codes.find(text, limit)).catch((cause: unknown) => {
      throw boundaryError(cause);
    });
  },

  cancel(requestId) {
    cancelled.add(requestId);
    return Promise.resolve();
  },

  dispose() {
    self.close();
    return Promise.resolve();
  },
};

Comlink.expose(engine);
