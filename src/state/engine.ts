/**
 * What the page asks of the engine. Structural: src/worker/client.ts returns an object of this shape, and tests
 * give a fake. Every promise rejects with an Error whose name is an EngineErrorName (AbortError once the signal
 * fires), and no event arrives after that.
 */
import type { Analysis, Candidate, CareSetting, Simplification } from '../nlp/document';
import type { EngineErrorName, OnEvent, Task } from '../worker/api';

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
}

export interface PlainNote {
  readonly text: string;
  readonly analysis: Analysis;
  /** Also by the decoder, which is downloaded when this is first asked for. */
  readonly rewrite: boolean;
}

export interface Engine {
  analyze(note: { readonly text: string; readonly setting: CareSetting }, options: RunOptions): Promise<Analysis>;
  simplify(note: PlainNote, options: RunOptions): Promise<Simplification>;
  searchCodes(text: string, limit: number, options: { readonly signal: AbortSignal }): Promise<readonly Candidate[]>;
  load(task: Task, onEvent: OnEvent): Promise<void>;
  dispose(): void;
}

const ERROR_NAMES: readonly EngineErrorName[] = [
  'AbortError',
  'ModelUnavailableError',
  'IntegrityError',
  'OutOfMemoryError',
  'StorageFullError',
  'InputTooLongError',
  'InternalError',
];

/** Anything that is not one of the closed names counts as our own mistake. */
export function errorNameOf(error: unknown): EngineErrorName {
  const name = error instanceof Error ? error.name : '';
  return ERROR_NAMES.find((known) => known === name) ?? 'InternalError';
}
