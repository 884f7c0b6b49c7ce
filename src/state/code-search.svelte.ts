import type { Candidate } from '../nlp/document';
import type { EngineErrorName } from '../worker/api';
import { errorNameOf, type Engine } from './engine';

export type SearchStatus =
  | { readonly kind: 'idle' }
  | { readonly kind: 'searching' }
  | { readonly kind: 'done'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'failed'; readonly error: EngineErrorName };

/** Long enough that a typist's pause, not every key, asks the worker. */
const DEBOUNCE_MS = 180;
const CANDIDATE_LIMIT = 12;

/** The look-up box: the last phrase typed wins, earlier answers are dropped. */
export class CodeSearch {
  phrase = $state('');
  status = $state.raw<SearchStatus>({ kind: 'idle' });
  readonly candidates = $derived(this.status.kind === 'done' ? this.status.candidates : []);
  readonly #engine: Engine;
  #controller: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  write(phrase: string): void {
    this.phrase = phrase;
    this.#cancel();
    if (phrase.trim() === '') {
      this.status = { kind: 'idle' };
      return;
    }
    this.status = { kind: 'searching' };
    const controller = new AbortController();
    this.#controller = controller;
    this.#timer = setTimeout(() => void this.#search(phrase, controller.signal), DEBOUNCE_MS);
  }

  clear(): void {
    this.write('');
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#controller?.abort();
    this.#controller = null;
  }

  async #search(phrase: string, signal: AbortSignal): Promise<void> {
    try {
      const candidates = await this.#engine.searchCodes(phrase, CANDIDATE_LIMIT, { signal });
      if (!signal.aborted) this.status = { kind: 'done', candidates };
    } catch (error) {
      if (!signal.aborted) this.status = { kind: 'failed', error: errorNameOf(error) };
    }
  }
}
