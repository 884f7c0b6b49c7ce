/**
 * The contract between page and worker: requests, results, events and error names. Types only.
 * worker.ts implements EngineApi, client.ts wraps it; neither infers types from the other.
 * Everything here survives structured clone: numbers and kinds, never prose, functions or tensors.
 */
import type { Analysis, Candidate, CareSetting, Entity, Simplification, SimplifiedSentence } from '../nlp/document';

export type Task = 'analyze' | 'simplify' | 'codes';

/** The closed list of error names; only name and message survive the boundary, and no message holds note text. */
export type EngineErrorName =
  | 'AbortError'
  | 'ModelUnavailableError'
  | 'IntegrityError'
  | 'OutOfMemoryError'
  | 'StorageFullError'
  | 'InputTooLongError'
  | 'InternalError';

export type Stage = 'sections' | 'entities' | 'assertions' | 'codes' | 'plain_language';

export type Device = 'webgpu' | 'wasm';
export type Dtype = 'q8' | 'w8';

/** Why this device was chosen: numbers and kinds, worded in ui/messages.ts. */
export type DeviceReason =
  'webgpu_checked' | 'webgpu_absent' | 'webgpu_fallback_adapter' | 'webgpu_wrong_result' | 'webgpu_failed' | 'forced';

export interface RuntimeChoice {
  readonly device: Device;
  readonly dtype: Dtype;
  /** Threads of the WASM runtime; 1 on WebGPU and where the page is not cross-origin isolated. */
  readonly threads: number;
  readonly reason: DeviceReason;
  readonly crossOriginIsolated: boolean;
}

export type EngineEvent =
  | {
      readonly type: 'load-progress';
      readonly artefact: string;
      readonly loadedBytes: number;
      readonly totalBytes: number;
    }
  /** The disk is full: this time it works, next time the artefact is fetched again. */
  | { readonly type: 'not-stored'; readonly artefact: string }
  | { readonly type: 'runtime'; readonly choice: RuntimeChoice }
  | { readonly type: 'stage'; readonly stage: Stage; readonly done: number; readonly total: number }
  /** Entities found since the last such event, before attributes and assertion. */
  | { readonly type: 'entities'; readonly entities: readonly Entity[] }
  /** The words so far of a sentence that is being reworded, not verified. */
  | { readonly type: 'token'; readonly sentenceIndex: number; readonly text: string }
  | { readonly type: 'sentence'; readonly sentenceIndex: number; readonly sentence: SimplifiedSentence };

export type OnEvent = (event: EngineEvent) => void;

export interface AnalyzeRequest {
  readonly requestId: string;
  readonly text: string;
  readonly setting: CareSetting;
}

export interface SimplifyRequest {
  readonly requestId: string;
  readonly text: string;
  /** The analysis of the same text, so that nothing is recognized twice. */
  readonly analysis: Analysis;
  /** Also by the decoder, which is downloaded when this is first asked for. */
  readonly rewrite: boolean;
}

export interface SearchCodesRequest {
  readonly requestId: string;
  readonly text: string;
  readonly limit: number;
}

export interface EngineApi {
  /** Idempotent; one remembered promise per task, forgotten on rejection. */
  load(task: Task, onEvent: OnEvent): Promise<void>;
  analyze(request: AnalyzeRequest, onEvent: OnEvent): Promise<Analysis>;
  simplify(request: SimplifyRequest, onEvent: OnEvent): Promise<Simplification>;
  searchCodes(request: SearchCodesRequest): Promise<readonly Candidate[]>;
  cancel(requestId: string): Promise<void>;
  dispose(): Promise<void>;
}

export type ModelStatus =
  | { readonly kind: 'absent' }
  | { readonly kind: 'downloading'; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly kind: 'initializing' }
  | { readonly kind: 'ready'; readonly choice: RuntimeChoice }
  | { readonly kind: 'failed'; readonly error: EngineErrorName };

export type JobStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly stage: Stage; readonly done: number; readonly total: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: EngineErrorName };
