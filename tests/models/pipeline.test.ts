import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import budgets from '../../bench/budgets.json';
import schema from '../../docs/analysis.schema.json';
import { openTask, type Answer } from '../../batch/tasks';
import type { Analysis, Simplification } from '../../src/nlp/document';
import { EMERGENCY_NOTE, LONG_NOTE } from '../fixtures/notes';

const validate = new Ajv().compile(schema);

let analyze: Answer;
beforeAll(async () => {
  analyze = await openTask('analyze', 'native');
}, 120_000);

const analysisOf = async (text: string): Promise<Analysis> => (await analyze({ text }))['analysis'] as Analysis;

const found = (analysis: Analysis, text: string) => analysis.entities.find((entity) => entity.text === text);

describe('the shipped models on our notes', () => {
  it('finds, assigns, asserts and codes what the note says', async () => {
    const analysis = await analysisOf(EMERGENCY_NOTE);
    expect(found(analysis, 'CHF')).toMatchObject({ label: 'DISORDER', assertion: { presence: 'present' } });
    expect(found(analysis, 'chest pain')?.abbreviation).toBeUndefined();
    expect(found(analysis, 'HTN')?.abbreviation?.long).toBe('hypertension');
    expect(found(analysis, 'fever')).toMatchObject({ label: 'SYMPTOM', assertion: { presence: 'absent' } });
    expect(found(analysis, 'breast cancer')).toMatchObject({ assertion: { experiencer: 'family' } });
    expect(found(analysis, 'pneumonia')).toMatchObject({ assertion: { presence: 'possible' } });
    expect(found(analysis, 'furosemide')?.attributes.map(({ type, text }) => [type, text])).toEqual([
      ['dose', '40 mg'],
      ['route', 'PO'],
      ['frequency', 'BID'],
    ]);
    const suggested = analysis.codes.filter(({ status }) => status === 'suggested').map(({ code }) => code);
    expect(suggested).toEqual(expect.arrayContaining(['I11.0', 'E11.9', 'J44.9']));
    expect(suggested).not.toContain('R50.9');
    expect(suggested).not.toContain('J18.9');
  });

  it.each([
    ['an emergency note', EMERGENCY_NOTE],
    ['a longer note', LONG_NOTE],
    ['nothing', ''],
    ['white space', ' \r\n\t '],
    ['emoji, marks and other scripts', 'Chest pain 😀 e\u0301 \u202eDenies fever\u202c الصداع 头痛 \0 \u200b end'],
  ])('gives %s a valid analysis whose spans are the words of the text', async (_, text) => {
    const analysis = await analysisOf(text);
    expect(validate(analysis), JSON.stringify(validate.errors)).toBe(true);
    for (const span of [
      ...analysis.entities,
      ...analysis.people,
      ...analysis.entities.flatMap((entity) => entity.attributes),
    ]) {
      expect(text.slice(span.start, span.end)).toBe(span.text);
    }
    for (const cue of analysis.entities.flatMap((entity) => entity.assertion.cues)) {
      expect(cue.end).toBeGreaterThan(cue.start);
      expect(cue.end).toBeLessThanOrEqual(text.length);
    }
  });

  it('names the version of every artefact', async () => {
    const { versions } = await analysisOf('chest pain');
    expect(Object.keys(versions.models).sort()).toEqual([
      'code-search',
      'entities',
      'glossary',
      'icd10cm',
      'simplifier',
    ]);
    for (const version of Object.values(versions.models))
      expect(version).toMatch(/^\d+\.\d+\.\d+\+sha256:[0-9a-f]{12}$/);
    expect(versions.codes).toEqual({ 'ICD-10-CM': 'FY2027' });
  });

  it('keeps every number of the note in the plain language', async () => {
    const simplify = await openTask('simplify', 'native');
    const { sentences } = (await simplify({ text: LONG_NOTE }))['simplification'] as Simplification;
    const numbers = (text: string) => text.match(/\d+(?:\.\d+)?/g) ?? [];
    for (const { source, text } of sentences) {
      expect(numbers(text)).toEqual(expect.arrayContaining(numbers(LONG_NOTE.slice(source.start, source.end))));
    }
  });
});

/** The command as a person runs it; a process of its own, since transformers.js keeps the first runtime it saw. */
function batch(parameters: readonly string[], input: string): { status: number; lines: Record<string, unknown>[] } {
  const command = ['node_modules/tsx/dist/cli.mjs', 'batch/main.ts', ...parameters];
  const parse = (output: string) =>
    output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  try {
    const output = execFileSync(process.execPath, command, {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    return { status: 0, lines: parse(output) };
  } catch (cause) {
    const { status, stdout } = cause as { status: number; stdout: string };
    return { status, lines: parse(stdout) };
  }
}

describe('npm run batch', () => {
  const line = JSON.stringify({ id: 'a', text: EMERGENCY_NOTE });

  it('gives the same analysis on WASM, as the browser runs it, and native', () => {
    const [native] = batch(['analyze'], line).lines;
    const [wasm] = batch(['analyze', '--engine', 'wasm'], line).lines;
    const spans = (answer: Record<string, unknown>) =>
      (answer['analysis'] as Analysis).entities.map(({ start, end, label }) => [start, end, label]);
    expect(spans(wasm!)).toEqual(spans(native!));
    const codes = (answer: Record<string, unknown>) =>
      (answer['analysis'] as Analysis).codes.map(({ code, status }) => [code, status]);
    expect(codes(wasm!)).toEqual(codes(native!));
  });

  it('answers a bad line with an error line and goes on', () => {
    const { status, lines } = batch(
      ['analyze'],
      `${line}\nnot json\n{"id":"b"}\n${JSON.stringify({ id: 'c', text: '' })}\n`,
    );
    expect(status).toBe(1);
    expect(lines.map(({ id }) => id)).toEqual(['a', null, 'b', 'c']);
    expect(lines[1]).toMatchObject({ error: { name: 'InputFormatError' } });
    expect(lines[2]).toMatchObject({ error: { name: 'InputFormatError' } });
    expect(JSON.stringify(lines.slice(1, 3))).not.toContain('not json');
  });

  it('looks up codes', () => {
    const { lines } = batch(['code'], JSON.stringify({ id: 'q', text: 'heart attack' }));
    expect(lines[0]).toMatchObject({ id: 'q' });
    expect((lines[0]!['candidates'] as { code: string }[])[0]!.code).toBe('I21.9');
  });

  it.each([[['unknown']], [[]], [['analyze', '--engine', 'steam']], [['analyze', '--tier', 'huge']]])(
    'exits with 2 for %j',
    (parameters) => {
      expect(batch(parameters, '').status).toBe(2);
    },
  );
});

describe('the manifest', () => {
  it('describes exactly the files that are there', async () => {
    const { createHash } = await import('node:crypto');
    const { ARTEFACTS } = await import('../../src/inference/engine-parts');
    for (const file of ARTEFACTS.flatMap((artefact) => artefact.files)) {
      const content = readFileSync(file.path);
      expect([file.path, content.length, createHash('sha256').update(content).digest('hex')]).toEqual([
        file.path,
        file.bytes,
        file.sha256,
      ]);
    }
  });

  it('asks no device for more than 60 MB beside the runtime, and for whole sentences for 125 MB more', async () => {
    const { ARTEFACTS } = await import('../../src/inference/engine-parts');
    const onRequest = ARTEFACTS.find(({ name }) => name === 'simplifier')!;
    expect(onRequest.files.reduce((sum, file) => sum + file.bytes, 0)).toBeLessThan(budgets.rewriterDownloadBytes);
    for (const dtype of ['q8', 'w8']) {
      const first = ARTEFACTS.filter((artefact) => artefact !== onRequest);
      const files = first
        .flatMap((artefact) => artefact.files)
        .filter((file) => file.dtype === undefined || file.dtype === dtype);
      expect(files.reduce((sum, file) => sum + file.bytes, 0)).toBeLessThan(budgets.deviceDownloadBytes);
    }
  });
});
