/** Outside the worker: owns its life. Aborting rejects at once; a dead worker rejects all in flight and is replaced. */
import * as Comlink from 'comlink';
import type { Analysis, Candidate, Simplification } from '../nlp/document';
import type { EngineApi, EngineErrorName, EngineEvent, OnEvent, Task } from './api';

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: OnEvent;
}

export interface EngineClient {
  load(task: Task, onEvent: OnEvent): Promise<void>;
  analyze(text: string, options?: JobOptions): Promise<Analysis>;
  simplify(text: string, analysis: Analysis, options?: JobOptions): Promise<Simplification>;
  searchCodes(text: string, limit: number, options?: JobOptions): Promise<readonly Candidate[]>;
  dispose(): void;
}

/** A worker, or in tests a MessageChannel. `wish` is the device to use (browser-runtime.ts: DeviceWish). */
export interface EnginePort {
  readonly endpoint: Comlink.Endpoint;
  readonly terminate: () => void;
  /** Called once when the other side died. */
  readonly onFailure: (listener: () => void) => void;
}

export type OpenPort = (wish: string) => EnginePort;

export function openWorker(wish: string): EnginePort {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: wish });
  return {
    endpoint: worker,
    terminate: () => {
      worker.terminate();
    },
    onFailure: (listener) => {
      worker.addEventListener('error', listener, { once: true });
      worker.addEventListener('messageerror', listener, { once: true });
    },
  };
}

function engineError(name: EngineErrorName): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}

/** After these failures a fresh worker on WASM answers instead. */
const FALLBACKS: Readonly<Record<string, string>> = {
  webgpu_failed: 'wasm-after-failure',
  webgpu_wrong_result: 'wasm-after-wrong-result',
};

interface Connection {
  readonly api: Comlink.Remote<EngineApi>;
  readonly port: EnginePort;
  /** Rejects when the worker dies; raced with every call. */
  readonly death: Promise<never>;
}

function connect(open: OpenPort, wish: string): Connection {
  const port = open(wish);
  const death = new Promise<never>((_, reject) => {
    port.onFailure(() => {
      port.terminate();
      reject(engineError('InternalError'));
    });
  });
  death.catch(() => undefined);
  return { api: Comlink.wrap<EngineApi>(port.endpoint), port, death };
}

type Call<Result> = (api: Comlink.Remote<EngineApi>, requestId: string, onEvent: OnEvent) => Promise<Result>;

class WorkerClient implements EngineClient {
  private connection: Connection | null = null;

  constructor(
    private readonly open: OpenPort,
    private wish: string,
  ) {}

  load(task: Task, onEvent: OnEvent): Promise<void> {
    return this.run({ onEvent }, (api, _requestId, listener) => api.load(task, listener));
  }

  analyze(text: string, options: JobOptions = {}): Promise<Analysis> {
    return this.run(options, (api, requestId, onEvent) => api.analyze({ requestId, text }, onEvent));
  }

  simplify(text: string, analysis: Analysis, options: JobOptions = {}): Promise<Simplification> {
    return this.run(options, (api, requestId, onEvent) => api.simplify({ requestId, text, analysis }, onEvent));
  }

  searchCodes(text: string, limit: number, options: JobOptions = {}): Promise<readonly Candidate[]> {
    return this.run(options, (api, requestId) => api.searchCodes({ requestId, text, limit }));
  }

  dispose(): void {
    this.connection?.port.terminate();
    this.connection = null;
  }

  private connected(): Connection {
    if (!this.connection) {
      const connection = connect(this.open, this.wish);
      this.connection = connection;
      connection.death.catch(() => {
        if (this.connection === connection) this.connection = null;
      });
    }
    return this.connection;
  }

  /** Runs a call; if the graphics processor failed on the way, once more in a new worker on WASM. */
  private async run<Result>(options: JobOptions, call: Call<Result>): Promise<Result> {
    try {
      return await this.attempt(options, call);
    } catch (cause) {
      const fallback = cause instanceof Error ? FALLBACKS[cause.message] : undefined;
      if (fallback === undefined) throw cause;
      if (this.wish !== fallback) {
        this.dispose();
        this.wish = fallback;
      }
      return this.attempt(options, call);
    }
  }

  private async attempt<Result>({ signal, onEvent }: JobOptions, call: Call<Result>): Promise<Result> {
    if (signal?.aborted) throw engineError('AbortError');
    const { api, death } = this.connected();
    const requestId = crypto.randomUUID();
    let settled = false;
    const listener = Comlink.proxy((event: EngineEvent) => {
      if (!settled) onEvent?.(event);
    });
    let abort = (): void => undefined;
    const aborted = new Promise<never>((_, reject) => {
      abort = (): void => {
        void api.cancel(requestId);
        reject(engineError('AbortError'));
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
    try {
      return await Promise.race([call(api, requestId, listener), aborted, death]);
    } finally {
      settled = true;
      signal?.removeEventListener('abort', abort);
    }
  }
}

/** @param wish "auto", or "wasm" / "webgpu" to force a device. */
export function createEngineClient(open: OpenPort = openWorker, wish = 'auto'): EngineClient {
  return new WorkerClient(open, wish);
}
