import * as Comlink from 'comlink';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Analysis } from '../../src/nlp/document';
import type { EngineApi, EngineEvent } from '../../src/worker/api';
import { createEngineClient, type EngineClient, type EnginePort } from '../../src/worker/client';

const analysis: Analysis = {
  schema: 'analysis/1',
  versions: { app: 'test', models: {}, codes: {} },
  sections: [],
  sentences: [],
  entities: [],
  people: [],
  errorProne: [],
  codes: [],
};

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);
const named = (name: string, message = name): Error => Object.assign(new Error(message), { name });

interface Opened {
  readonly wish: string;
  readonly cancelled: string[];
  terminated: boolean;
  die: () => void;
}

/** A client whose other side is a real MessageChannel with the given engine behind it; each call of open makes one. */
function clientFor(engineFor: (wish: string) => Partial<EngineApi>): { client: EngineClient; opened: Opened[] } {
  const opened: Opened[] = [];
  const open = (wish: string): EnginePort => {
    const { port1, port2 } = new MessageChannel();
    const record: Opened = { wish, cancelled: [], terminated: false, die: () => undefined };
    const cancel = (requestId: string): Promise<void> => {
      record.cancelled.push(requestId);
      return Promise.resolve();
    };
    Comlink.expose({ cancel, ...engineFor(wish) }, port2);
    opened.push(record);
    return {
      endpoint: port1,
      terminate: () => {
        record.terminated = true;
        port1.close();
      },
      onFailure: (listener) => {
        record.die = listener;
      },
    };
  };
  const client = createEngineClient(open);
  clients.push(client);
  return { client, opened };
}

const clients: EngineClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

const note = (text: string) => ({ text, setting: 'outpatient' }) as const;

describe('EngineClient over a MessageChannel', () => {
  it('brings the result and the events across', async () => {
    const events: EngineEvent[] = [];
    const { client } = clientFor(() => ({
      analyze(request, onEvent) {
        onEvent({ type: 'stage', stage: 'sections', done: 0, total: request.text.length });
        return Promise.resolve(analysis);
      },
    }));
    await expect(client.analyze(note('abc'), { onEvent: (event) => events.push(event) })).resolves.toEqual(analysis);
    expect(events).toEqual([{ type: 'stage', stage: 'sections', done: 0, total: 3 }]);
  });

  it('keeps the name of an error', async () => {
    const { client } = clientFor(() => ({ analyze: () => Promise.reject(named('InputTooLongError')) }));
    await expect(client.analyze(note('x'))).rejects.toMatchObject({ name: 'InputTooLongError' });
  });

  it('rejects at once on abort, tells the worker, and drops what comes late', async () => {
    const events: EngineEvent[] = [];
    let late: (() => void) | undefined;
    const { client, opened } = clientFor(() => ({
      analyze: (_request, onEvent) => {
        late = () => {
          onEvent({ type: 'entities', entities: [] });
        };
        return never();
      },
    }));
    const abort = new AbortController();
    const job = client.analyze(note('x'), { signal: abort.signal, onEvent: (event) => events.push(event) });
    await vi.waitFor(() => {
      expect(late).toBeDefined();
    });
    abort.abort();
    await expect(job).rejects.toMatchObject({ name: 'AbortError' });
    await vi.waitFor(() => {
      expect(opened[0]!.cancelled).toHaveLength(1);
    });
    late!();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(events).toEqual([]);
  });

  it('does not start with a signal that is already aborted', async () => {
    const { client, opened } = clientFor(() => ({ analyze: () => Promise.resolve(analysis) }));
    await expect(client.analyze(note('x'), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(opened).toHaveLength(0);
  });

  it('rejects everything in flight when the worker dies, and starts a fresh one for the next call', async () => {
    let alive = false;
    const { client, opened } = clientFor(() => ({ analyze: () => (alive ? Promise.resolve(analysis) : never()) }));
    const jobs = [client.analyze(note('a')), client.analyze(note('b'))];
    const settled = Promise.allSettled(jobs);
    await new Promise((resolve) => setTimeout(resolve, 20));
    opened[0]!.die();
    for (const job of await settled)
      expect(job).toMatchObject({ status: 'rejected', reason: { name: 'InternalError' } });
    alive = true;
    await expect(client.analyze(note('c'))).resolves.toEqual(analysis);
    expect(opened).toHaveLength(2);
    expect(opened[0]!.terminated).toBe(true);
  });

  it.each([
    ['webgpu_failed', 'wasm-after-failure'],
    ['webgpu_wrong_result', 'wasm-after-wrong-result'],
  ])('after %s it asks a new worker on WASM, once', async (message, wish) => {
    const { client, opened } = clientFor((asked) => ({
      analyze: () =>
        asked === 'auto' ? Promise.reject(named('ModelUnavailableError', message)) : Promise.resolve(analysis),
    }));
    await expect(client.analyze(note('x'))).resolves.toEqual(analysis);
    expect(opened.map((port) => port.wish)).toEqual(['auto', wish]);
    expect(opened[0]!.terminated).toBe(true);
    await client.analyze(note('y'));
    expect(opened).toHaveLength(2);
  });

  it('answers every call that waited for the failed graphics processor, not only the first', async () => {
    const { client, opened } = clientFor((asked) => ({
      analyze: () =>
        asked === 'auto' ? Promise.reject(named('ModelUnavailableError', 'webgpu_failed')) : Promise.resolve(analysis),
      searchCodes: () => (asked === 'auto' ? never() : Promise.resolve([])),
    }));
    await expect(Promise.all([client.analyze(note('x')), client.searchCodes('y', 3)])).resolves.toEqual([analysis, []]);
    expect(opened).toHaveLength(2);
  });

  it('takes a fresh worker after an unexpected failure, so that trying again can help', async () => {
    let attempts = 0;
    const { client, opened } = clientFor(() => ({
      analyze: () => (attempts++ === 0 ? Promise.reject(named('InternalError')) : Promise.resolve(analysis)),
    }));
    await expect(client.analyze(note('x'))).rejects.toMatchObject({ name: 'InternalError' });
    await expect(client.analyze(note('x'))).resolves.toEqual(analysis);
    expect(opened).toHaveLength(2);
  });

  it('does not loop when WASM fails too', async () => {
    const { client, opened } = clientFor(() => ({
      analyze: () => Promise.reject(named('ModelUnavailableError', 'webgpu_failed')),
    }));
    await expect(client.analyze(note('x'))).rejects.toMatchObject({ name: 'ModelUnavailableError' });
    expect(opened).toHaveLength(2);
  });
});
