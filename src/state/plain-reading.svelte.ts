import type { Readability, SimplifiedSentence, Simplification } from '../nlp/document';
import type { EngineEvent, JobStatus } from '../worker/api';
import { errorNameOf, type Engine, type PlainNote } from './engine';
import type { Runtime } from './runtime.svelte';

export interface Grades {
  readonly source: Readability;
  readonly output: Readability;
}

export interface ProvisionalSentence {
  readonly sentenceIndex: number;
  readonly text: string;
}

/** The note in plain language, filled sentence by sentence. Stopping keeps the finished sentences. */
export class PlainReading {
  job = $state.raw<JobStatus>({ kind: 'idle' });
  sentences = $state.raw<readonly SimplifiedSentence[]>([]);
  /** Words not yet verified; shown as such. */
  provisional = $state.raw<ProvisionalSentence | null>(null);
  grades = $state.raw<Grades | null>(null);
  readonly #engine: Engine;
  readonly #runtime: Runtime;

  constructor(engine: Engine, runtime: Runtime) {
    this.#engine = engine;
    this.#runtime = runtime;
  }

  clear(): void {
    this.job = { kind: 'idle' };
    this.sentences = [];
    this.provisional = null;
    this.grades = null;
  }

  /** What is shown of the same note stays until its new wording comes; a new note clears it first. */
  async read(note: PlainNote, signal: AbortSignal): Promise<void> {
    this.provisional = null;
    this.job = { kind: 'running', stage: 'plain_language', done: 0, total: note.analysis.sentences.length };
    const onEvent = (event: EngineEvent) => {
      if (!signal.aborted) this.#observe(event);
    };
    try {
      const simplification = await this.#engine.simplify(note, { signal, onEvent });
      if (!signal.aborted) this.#finish(simplification);
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
    }
  }

  stop(): void {
    this.provisional = null;
    if (this.job.kind === 'running') this.job = { kind: 'cancelled' };
  }

  #finish(simplification: Simplification): void {
    this.sentences = simplification.sentences;
    this.grades = simplification.readability;
    this.provisional = null;
    this.job = { kind: 'done' };
    this.#runtime.settle();
  }

  #fail(error: unknown): void {
    const name = errorNameOf(error);
    this.provisional = null;
    this.job = name === 'AbortError' ? { kind: 'cancelled' } : { kind: 'failed', error: name };
    this.#runtime.settle();
  }

  #observe(event: EngineEvent): void {
    this.#runtime.observe(event);
    if (event.type === 'stage') {
      this.job = { kind: 'running', stage: event.stage, done: event.done, total: event.total };
    } else if (event.type === 'token') this.#showWords(event.sentenceIndex, event.text);
    else if (event.type === 'sentence') this.#appendSentence(event.sentence);
  }

  #showWords(sentenceIndex: number, text: string): void {
    this.provisional = { sentenceIndex, text };
  }

  /** Kept in the order of the note, whatever order they are finished in; a second verdict replaces the first. */
  #appendSentence(sentence: SimplifiedSentence): void {
    const { start } = sentence.source;
    let at = this.sentences.length;
    while (at > 0 && this.sentences[at - 1]!.source.start > start) at -= 1;
    const again = at > 0 && this.sentences[at - 1]!.source.start === start ? 1 : 0;
    this.sentences = [...this.sentences.slice(0, at - again), sentence, ...this.sentences.slice(at)];
    this.provisional = null;
  }
}
