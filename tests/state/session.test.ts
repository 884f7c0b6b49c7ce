import { describe, expect, it } from 'vitest';
import { mergeEntities } from '../../src/state/partial-entities';
import { Session } from '../../src/state/session.svelte';
import { makeAnalysis, makeEngine, makeEntity, makeSentence, makeSimplification, named, settle } from './fake-engine';

const NOTE = 'Denies fever. Has cough.';

function begin(text = NOTE) {
  const engine = makeEngine();
  const session = new Session(engine);
  session.write(text);
  void session.read();
  return { engine, session };
}

describe('Session', () => {
  it('reads, then writes in plain language, and keeps both', async () => {
    const { engine, session } = begin();
    expect(session.job.kind).toBe('running');
    engine.analyses[0]!.resolve(makeAnalysis(NOTE, [makeEntity(NOTE, 'fever')]));
    await settle();
    expect(session.job).toEqual({ kind: 'done' });
    expect(session.shown?.entities.map(({ text }) => text)).toEqual(['fever']);
    expect(session.running).toBe(true);
    engine.simplifications[0]!.resolve(makeSimplification(NOTE));
    await settle();
    expect(session.plain.job).toEqual({ kind: 'done' });
    expect(session.plain.grades?.output.fkgl).toBe(7);
    expect(session.running).toBe(false);
  });

  it('keeps the draft exactly as given, white space and line ends included', async () => {
    const text = '  İ fever\r\n\r\n\tcough ';
    const { engine } = begin(text);
    await settle();
    expect(engine.analyses[0]!.text).toBe(text);
  });

  it('shows partial entities, and keeps them when stopped', async () => {
    const { engine, session } = begin();
    engine.analyses[0]!.onEvent({ type: 'stage', stage: 'entities', done: 1, total: 2 });
    engine.analyses[0]!.onEvent({ type: 'entities', entities: [makeEntity(NOTE, 'fever')] });
    expect(session.job).toEqual({ kind: 'running', stage: 'entities', done: 1, total: 2 });
    session.stop();
    await settle();
    expect(session.job).toEqual({ kind: 'cancelled' });
    expect(session.shown?.entities).toHaveLength(1);
    expect(session.analysis).toBeNull();
    expect(engine.simplifications).toHaveLength(0);
  });

  it('drops the answers and events of a reading that a newer one ended', async () => {
    const { engine, session } = begin();
    session.write('Has cough.');
    void session.read();
    await settle();
    engine.analyses[0]!.onEvent({ type: 'entities', entities: [makeEntity(NOTE, 'fever')] });
    engine.analyses[0]!.resolve(makeAnalysis(NOTE, [makeEntity(NOTE, 'fever')]));
    await settle();
    expect(session.document?.text).toBe('Has cough.');
    expect(session.document?.entities).toEqual([]);
    expect(session.job.kind).toBe('running');
  });

  it('never shows results beside another text, and shows them again when the edit is undone', async () => {
    const { engine, session } = begin();
    engine.analyses[0]!.resolve(makeAnalysis(NOTE, [makeEntity(NOTE, 'fever')]));
    await settle();
    session.write(`${NOTE}!`);
    expect(session.shown).toBeNull();
    expect(session.running).toBe(false);
    session.write(NOTE);
    expect(session.shown?.entities).toHaveLength(1);
  });

  it.each(['ModelUnavailableError', 'IntegrityError', 'OutOfMemoryError', 'InputTooLongError'] as const)(
    'names the failure %s and forgets nothing of the draft',
    async (name) => {
      const { engine, session } = begin();
      engine.analyses[0]!.reject(named(name));
      await settle();
      expect(session.job).toEqual({ kind: 'failed', error: name });
      expect(session.draft).toBe(NOTE);
    },
  );

  it('counts an unknown error as internal', async () => {
    const { engine, session } = begin();
    engine.analyses[0]!.reject(new TypeError('x'));
    await settle();
    expect(session.job).toEqual({ kind: 'failed', error: 'InternalError' });
  });

  it('keeps the finished sentences, in the order of the note, when plain language is stopped', async () => {
    const { engine, session } = begin();
    engine.analyses[0]!.resolve(makeAnalysis(NOTE));
    await settle();
    const { onEvent } = engine.simplifications[0]!;
    const second = makeSentence('You have a cough.', { source: { start: 14, end: 24 } });
    const first = makeSentence('You have no fever.', { source: { start: 0, end: 13 } });
    onEvent({ type: 'token', sentenceIndex: 1, text: 'You ' });
    onEvent({ type: 'token', sentenceIndex: 1, text: 'You have' });
    expect(session.plain.provisional?.text).toBe('You have');
    onEvent({ type: 'sentence', sentenceIndex: 1, sentence: second });
    onEvent({ type: 'sentence', sentenceIndex: 0, sentence: first });
    onEvent({ type: 'sentence', sentenceIndex: 0, sentence: { ...first, verdict: 'rejected' } });
    session.stop();
    await settle();
    expect(session.plain.job).toEqual({ kind: 'cancelled' });
    expect(session.job).toEqual({ kind: 'done' });
    expect(session.plain.provisional).toBeNull();
    expect(session.plain.sentences).toEqual([{ ...first, verdict: 'rejected' }, second]);
  });

  it('gives back the text that an example replaced', () => {
    const session = new Session(makeEngine());
    session.write('mine');
    session.replace('example');
    expect(session.draft).toBe('example');
    session.restore();
    expect(session.draft).toBe('mine');
    expect(session.replacedDraft).toBeNull();
  });
});

describe('Runtime', () => {
  it('sums what is fetched over the artefacts and forgets it when work begins', () => {
    const { engine, session } = begin();
    const { onEvent } = engine.analyses[0]!;
    onEvent({ type: 'load-progress', artefact: 'entities', loadedBytes: 5, totalBytes: 10 });
    onEvent({ type: 'load-progress', artefact: 'codes', loadedBytes: 1, totalBytes: 20 });
    expect(session.runtime.download).toEqual({ loadedBytes: 6, totalBytes: 30 });
    onEvent({ type: 'stage', stage: 'entities', done: 0, total: 2 });
    expect(session.runtime.download).toBeNull();
  });
});

describe('mergeEntities', () => {
  it('takes repeats and additions alike, in the order of the text', () => {
    const [fever, cough] = [makeEntity(NOTE, 'fever'), makeEntity(NOTE, 'cough')];
    const better = { ...fever, score: 0.95 };
    expect(mergeEntities([fever], [cough, better])).toEqual([better, cough]);
  });
});
