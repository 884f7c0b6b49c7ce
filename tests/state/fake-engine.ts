import {
  DEFAULT_ASSERTION,
  type Analysis,
  type Entity,
  type Simplification,
  type SimplifiedSentence,
} from '../../src/nlp/document';
import type { Engine, RunOptions } from '../../src/state/engine';
import type { EngineErrorName } from '../../src/worker/api';

export function named(name: EngineErrorName): Error {
  const error = new Error('a message without note text');
  error.name = name;
  return error;
}

export function makeEntity(text: string, mention: string, changes: Partial<Entity> = {}): Entity {
  const start = text.indexOf(mention);
  return {
    id: `e${start}`,
    start,
    end: start + mention.length,
    text: mention,
    label: 'SYMPTOM',
    score: 0.9,
    assertion: DEFAULT_ASSERTION,
    attributes: [],
    candidates: [],
    ...changes,
  };
}

export const versions = { app: '0.1.0', models: {}, codes: { 'ICD-10-CM': 'FY2027' } };

export function makeAnalysis(text: string, entities: readonly Entity[] = []): Analysis {
  const sentences = [{ start: 0, end: text.length }];
  return { schema: 'analysis/1', versions, sections: [], sentences, entities, people: [], errorProne: [], codes: [] };
}

export function makeSentence(text: string, changes: Partial<SimplifiedSentence> = {}): SimplifiedSentence {
  const source = { start: 0, end: text.length };
  return { source, text, method: 'unchanged', verdict: 'verified', reasons: [], terms: [], ...changes };
}

export function makeSimplification(text: string): Simplification {
  const readability = { source: { fkgl: 12 }, output: { fkgl: 7 } };
  return { schema: 'simplification/1', versions, sentences: [makeSentence(text)], readability };
}

/** One call of the engine, held open until the test settles it. */
export interface OpenCall<Result> extends RunOptions {
  readonly text: string;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

export interface FakeEngine extends Engine {
  readonly analyses: OpenCall<Analysis>[];
  readonly simplifications: OpenCall<Simplification>[];
  readonly searches: string[];
}

function hold<Result>(calls: OpenCall<Result>[], text: string, options: RunOptions): Promise<Result> {
  return new Promise((resolve, reject) => {
    calls.push({ text, ...options, resolve, reject });
    options.signal.addEventListener('abort', () => {
      reject(named('AbortError'));
    });
  });
}

export function makeEngine(): FakeEngine {
  const analyses: OpenCall<Analysis>[] = [];
  const simplifications: OpenCall<Simplification>[] = [];
  const searches: string[] = [];
  return {
    analyses,
    simplifications,
    searches,
    analyze: ({ text }, options) => hold(analyses, text, options),
    simplify: ({ text }, options) => hold(simplifications, text, options),
    searchCodes: (text) => {
      searches.push(text);
      if (text === 'broken') return Promise.reject(named('InternalError'));
      return Promise.resolve([{ code: 'I21.9', display: text, billable: true, score: 1, matched: text }]);
    },
    load: () => Promise.resolve(),
    dispose: () => undefined,
  };
}

/** Lets every promise that can settle do so. */
export const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
