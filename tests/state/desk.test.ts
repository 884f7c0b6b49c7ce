import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CodeSearch } from '../../src/state/code-search.svelte';
import { Desk, type Tab } from '../../src/state/desk.svelte';
import type { SelectionOrigin } from '../../src/state/selection.svelte';
import { makeAnalysis, makeEngine, makeEntity, settle } from './fake-engine';

const NOTE = 'Has cough.';

async function readDesk(wide: boolean) {
  const engine = makeEngine();
  const desk = new Desk(engine);
  desk.wide = wide;
  desk.write(NOTE);
  void desk.read();
  engine.analyses[0]!.resolve(makeAnalysis(NOTE, [makeEntity(NOTE, 'cough', { id: 'e1' })]));
  await settle();
  return desk;
}

describe('Desk', () => {
  it.each(['', '  \n'])('says that there is no note in %j, and asks the engine nothing', async (text) => {
    const engine = makeEngine();
    const desk = new Desk(engine);
    desk.write(text);
    await desk.read();
    expect(desk.notice).toEqual({ kind: 'empty_note' });
    expect(engine.analyses).toHaveLength(0);
  });

  it.each`
    wide     | origin        | from          | tab
    ${true}  | ${'note'}     | ${'codes'}    | ${'findings'}
    ${true}  | ${'findings'} | ${'findings'} | ${'findings'}
    ${true}  | ${'codes'}    | ${'codes'}    | ${'codes'}
    ${false} | ${'note'}     | ${'note'}     | ${'note'}
    ${false} | ${'findings'} | ${'findings'} | ${'note'}
    ${false} | ${'codes'}    | ${'codes'}    | ${'note'}
  `('wide $wide: selecting in $origin while on $from leads to $tab', async ({ wide, origin, from, tab }) => {
    const desk = await readDesk(wide as boolean);
    desk.open(from as Tab);
    desk.select('e1', origin as SelectionOrigin);
    expect(desk.tab).toBe(tab);
    expect(desk.selection.entityId).toBe('e1');
  });

  it('shows the paper for the text that was read, and the box once it is edited', async () => {
    const desk = await readDesk(true);
    expect(desk.writing).toBe(false);
    desk.edit();
    expect(desk.writing).toBe(true);
    desk.select('e1', 'findings');
    expect(desk.writing).toBe(false);
    desk.edit();
    desk.write('Has fever.');
    desk.select('e1', 'findings');
    expect(desk.writing).toBe(true);
  });

  it('keeps the text when a file is no note, and the old text when it is', async () => {
    const desk = await readDesk(true);
    await desk.openFile(new Blob([new Uint8Array([0, 1, 2])]));
    expect(desk.notice).toEqual({ kind: 'file_rejected', reason: 'not_text' });
    expect(desk.session.draft).toBe(NOTE);
    await desk.openFile(new Blob(['No fever.\r\n']));
    expect(desk.session.draft).toBe('No fever.\r\n');
    desk.restore();
    expect(desk.session.draft).toBe(NOTE);
  });
});

describe('CodeSearch', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks once, for the last phrase, after a pause', async () => {
    const engine = makeEngine();
    const search = new CodeSearch(engine);
    search.write('h');
    search.write('heart');
    await vi.advanceTimersByTimeAsync(1000);
    expect(engine.searches).toEqual(['heart']);
    expect(search.candidates.map(({ display }) => display)).toEqual(['heart']);
    search.clear();
    expect(search.status).toEqual({ kind: 'idle' });
    expect(search.candidates).toEqual([]);
  });

  it('names a failure', async () => {
    const search = new CodeSearch(makeEngine());
    search.write('broken');
    await vi.advanceTimersByTimeAsync(1000);
    expect(search.status).toEqual({ kind: 'failed', error: 'InternalError' });
  });
});
