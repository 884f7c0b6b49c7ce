import { makeDocument, type Analysis, type CareSetting, type Document } from '../nlp/document';
import type { EngineEvent, JobStatus } from '../worker/api';
import { errorNameOf, type Engine } from './engine';
import { mergeEntities } from './partial-entities';
import { PlainReading } from './plain-reading.svelte';
import { Runtime } from './runtime.svelte';

/** One note: the text in the box, the document read from it, and the job that reads. A new reading ends the last. */
export class Session {
  draft = $state('');
  /** Whose rule for uncertain diagnoses holds at the next reading. */
  setting = $state<CareSetting>('outpatient');
  job = $state.raw<JobStatus>({ kind: 'idle' });
  document = $state.raw<Document | null>(null);
  /** The finished result, as exported; null while reading and after Stop. */
  analysis = $state.raw<Analysis | null>(null);
  /** Whole sentences are reworded by the decoder; a person asks for it, because it is downloaded for that. */
  rewriting = $state(false);
  /** The draft that an example or a file replaced, so that nothing is lost. */
  replacedDraft = $state.raw<string | null>(null);
  readonly runtime = new Runtime();
  readonly plain: PlainReading;
  /** Results are shown only beside the very text they were read from; undoing an edit brings them back. */
  readonly shown = $derived(this.document !== null && this.document.text === this.draft ? this.document : null);
  readonly running = $derived.by(() => this.job.kind === 'running' || this.plain.job.kind === 'running');
  readonly #engine: Engine;
  #controller: AbortController | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.plain = new PlainReading(engine, this.runtime);
  }

  write(text: string): void {
    this.draft = text;
    if (this.running && this.document?.text !== text) this.stop();
  }

  replace(text: string): void {
    const before = this.draft;
    this.write(text);
    this.replacedDraft = before.trim() !== '' && before !== text ? before : null;
  }

  restore(): void {
    if (this.replacedDraft === null) return;
    this.write(this.replacedDraft);
    this.replacedDraft = null;
  }

  async read(): Promise<void> {
    const text = this.draft;
    this.stop();
    const controller = new AbortController();
    this.#controller = controller;
    this.#begin(text);
    const analysis = await this.#analyze(text, controller.signal);
    if (analysis !== null) await this.plain.read({ text, analysis, rewrite: this.rewriting }, controller.signal);
  }

  /** Asks for whole sentences from now on, and rewords the note that is shown. */
  async rewrite(): Promise<void> {
    this.rewriting = true;
    const { analysis, document } = this;
    if (analysis === null || document === null || this.running) return;
    const controller = new AbortController();
    this.#controller = controller;
    await this.plain.read({ text: document.text, analysis, rewrite: true }, controller.signal);
    // it can be asked for again
    if (this.plain.job.kind === 'cancelled' || this.plain.job.kind === 'failed') this.rewriting = false;
  }

  /** Keeps whatever has been found so far. */
  stop(): void {
    this.#controller?.abort();
    this.#controller = null;
    this.runtime.settle();
    this.plain.stop();
    if (this.job.kind === 'running') this.job = { kind: 'cancelled' };
  }

  #begin(text: string): void {
    this.replacedDraft = null;
    this.plain.clear();
    this.analysis = null;
    this.document = makeDocument(text);
    this.job = { kind: 'running', stage: 'sections', done: 0, total: 0 };
  }

  async #analyze(text: string, signal: AbortSignal): Promise<Analysis | null> {
    const onEvent = (event: EngineEvent) => {
      if (!signal.aborted) this.#observe(event);
    };
    try {
      const analysis = await this.#engine.analyze({ text, setting: this.setting }, { signal, onEvent });
      if (signal.aborted) return null;
      this.#finish(text, analysis);
      return analysis;
    } catch (error) {
      if (!signal.aborted) this.#fail(error);
      return null;
    }
  }

  #finish(text: string, analysis: Analysis): void {
    const { sections, sentences, entities, people, errorProne, codes } = analysis;
    this.document = { text, sections, sentences, entities, people, errorProne, codes };
    this.analysis = analysis;
    this.job = { kind: 'done' };
    this.runtime.settle();
  }

  #fail(error: unknown): void {
    const name = errorNameOf(error);
    this.job = name === 'AbortError' ? { kind: 'cancelled' } : { kind: 'failed', error: name };
    this.runtime.settle();
  }

  #observe(event: EngineEvent): void {
    this.runtime.observe(event);
    if (event.type === 'stage') {
      this.job = { kind: 'running', stage: event.stage, done: event.done, total: event.total };
    } else if (event.type === 'entities' && this.document !== null) {
      this.document = { ...this.document, entities: mergeEntities(this.document.entities, event.entities) };
    }
  }
}
