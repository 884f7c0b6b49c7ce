/** Outside the worker: owns its life. Aborting rejects at once; a dead worker rejects all in flight and is replaced. */
import * as Comlink from 'comlink';
import type { Analysis, Candidate, Simplification } from '../nlp/document';
import type { AnalyzeRequest, EngineApi, EngineErrorName, EngineEvent, OnEvent, SimplifyRequest, Task } from './api';

export interface JobOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: OnEvent;
}

export type NoteRequest = Omit<AnalyzeRequest, 'requestId'>;
export type PlainRequest = Omit<SimplifyRequest, 'requestId'>;

export interface EngineClient {
  load(task: Task, onEvent: OnEvent): Promise<void>;
  analyze(note: NoteRequest, options?: JobOptions): Promise<Analysis>;
  simplify(note: PlainRequest, options?: JobOptions): Promise<Simplification>;
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

const SPOILED: ReadonlySet<string> = new Set<EngineErrorName>(['InternalError', 'OutOfMemoryError']);

/** One worker and the calls that wait for it. */
class Connection {
  readonly api: Comlink.Remote<EngineApi>;
  private readonly port: EnginePort;
  /** Rejecters of the calls in flight: removed when a call settles, so that no result outlives its caller. */
  private readonly waiting = new Set<(error: Error) => void>();

  constructor(open: OpenPort, wish: string, onDeath: (connection: Connection) => void) {
    this.port = open(wish);
    this.api = Comlink.wrap<EngineApi>(this.port.endpoint);
    this.port.onFailure(() => {
      onDeath(this);
      this.kill(engineError('InternalError'));
    });
  }

  /** Ends the worker; everything in flight is rejected with `error`. */
  kill(error: Error): void {
    this.port.terminate();
    for (const reject of this.waiting) reject(error);
    this.waiting.clear();
  }

  /** The call's result, unless `abort` or the worker's end comes first. */
  async race<Result>(call: Promise<Result>, onReject: (reject: (error: Error) => void) => void): Promise<Result> {
    let rejectThis: (error: Error) => void = () => undefined;
    try {
      return await new Promise<Result>((resolve, reject) => {
        rejectThis = reject;
        this.waiting.add(reject);
        onReject(reject);
        call.then(resolve, reject);
      });
    } finally {
      this.waiting.delete(rejectThis);
    }
  }
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

  analyze(note: NoteRequest, options: JobOptions = {}): Promise<Analysis> {
    return this.run(options, (api, requestId, onEvent) => api.analyze({ requestId, ...note }, onEvent));
  }

  simplify(note: PlainRequest, options: JobOptions = {}): Promise<Simplification> {
    return this.run(options, (api, requestId, onEvent) => api.simplify({ requestId, ...note }, onEvent));
  }

  searchCodes(text: string, limit: number, options: JobOptions = {}): Promise<readonly Candidate[]> {
    return this.run(options, (api, requestId) => api.searchCodes({ requestId, text, limit }));
  }

  dispose(): void {
    this.replace(engineError('AbortError'));
  }

  /** Ends the present worker; the next call starts a fresh one. */
  private replace(error: Error): void {
    const ended = this.connection;
    this.connection = null;
    ended?.kill(error);
  }

  private connected(): Connection {
    this.connection ??= new Connection(this.open, this.wish, (dead) => {
      if (this.connection === dead) this.connection = null;
    });
    return this.connection;
  }

  /** Runs a call; if the graphics processor failed on the way, once more in a new worker on WASM. */
  private async run<Result>(options: JobOptions, call: Call<Result>): Promise<Result> {
    try {
      return await this.attempt(options, call);
    } catch (cause) {
      if (!(cause instanceof Error)) throw cause;
      const fallback = FALLBACKS[cause.message];
      // the runtime inside the worker is not usable after a failed run: the next call gets a fresh one
      if (fallback === undefined && SPOILED.has(cause.name)) this.replace(cause);
      if (fallback === undefined) throw cause;
      if (!Object.values(FALLBACKS).includes(this.wish)) {
        this.wish = fallback;
        this.replace(cause);
      }
      return this.attempt(options, call);
    }
  }

  private async attempt<Result>({ signal, onEvent }: JobOptions, call: Call<Result>): Promise<Result> {
    if (signal?.aborted) throw engineError('AbortError');
    const connection = this.connected();
    const { api } = connection;
    const requestId = crypto.randomUUID();
    let settled = false;
    const listener = Comlink.proxy((event: EngineEvent) => {
      if (!settled) onEvent?.(event);
    });
    let abort = (): void => undefined;
    try {
      return await connection.race(call(api, requestId, listener), (reject) => {
        abort = (): void => {
          void api.cancel(requestId);
          reject(engineError('AbortError'));
        };
        signal?.addEventListener('abort', abort, { once: true });
      });
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
