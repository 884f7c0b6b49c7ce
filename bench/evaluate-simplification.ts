/**
 * npm run evaluate -- simplify [--shared DIR] [--without-decoder] [--examples N]
 *
 * The fact guard on our pairs and their corruptions, then the wordings that the app would show (glossary alone, and with
 * the decoder) on PLABA dev, Laymaker dev and our test pairs. Pairs of training/decoder/pairs were at hand while the guard was
 * made; those of training/decoder/test-pairs.txt were not.
 */
import { existsSync, readFileSync } from 'node:fs';
import { checkoutStore } from '../batch/local-artefacts';
import { loadGlossary, loadRecognizer, loadRewriter } from '../src/inference/engine-parts';
import { openNodeGenerator, openNodeRuntime } from '../src/inference/node-runtime';
import type { Document, SimplifiedSentence } from '../src/nlp/document';
import type { Glossary } from '../src/nlp/glossary';
import { annotateText, type Progress, type Rewrite } from '../src/nlp/pipeline';
import { fleschKincaidGrade } from '../src/nlp/readability';
import { draftToReword, proposeGenerated, simplifySentence, sourceSide } from '../src/nlp/simplification';
import { verify } from '../src/nlp/verification';
import { allCorruptions } from './corruptions';
import { readLines } from './read-lines';
import { sari } from './sari';

const SILENT: Progress = { stage: () => Promise.resolve(), entities: () => undefined, words: () => undefined };
const NO_WAIT = (): Promise<void> => Promise.resolve();
/** At least so many of a kind are made where the pairs allow, so that a rare kind is measured too. */
const CORRUPTIONS_OF_A_KIND = 90;

interface Pair {
  readonly source: string;
  readonly references: readonly string[];
}

interface Engine {
  readonly glossary: Glossary;
  readonly annotate: (text: string) => Promise<Document>;
}

function readPairs(path: string): Pair[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [source, target] = line.split(' => ');
    return line.startsWith('#') || target === undefined
      ? []
      : [{ source: source!.trim(), references: [target.trim()] }];
  });
}

/** "illnesses ." -> "illnesses.": tokenized text as people write it. */
const joined = (text: string): string =>
  text
    .trim()
    .replace(/\s+([.,;:?!%)\]])/g, '$1')
    .replace(/([([])\s+/g, '$1');

function plabaPairs(shared: string): Pair[] {
  interface Row {
    readonly pmid: string;
    readonly sent_id: string;
    readonly source: string;
    readonly target: string;
  }
  const bySource = new Map<string, Pair>();
  for (const { source, target } of readLines<Row>(`${shared}/data/simplification/plaba/dev.jsonl.gz`)) {
    const known = bySource.get(source);
    bySource.set(source, { source, references: [...(known?.references ?? []), target] });
  }
  return [...bySource.values()];
}

function laymakerPairs(shared: string): Pair[] {
  const rows = readLines<{ source: string; target: string }>(
    `${shared}/data/simplification/laymaker_clinical/dev.jsonl.gz`,
  );
  return rows.map(({ source, target }) => ({ source: joined(source), references: [joined(target)] }));
}

interface GuardCounts {
  good: number;
  rejected: number;
  readonly kinds: Map<string, { made: number; caught: number }>;
}

async function measureGuard(pairs: readonly Pair[], { glossary, annotate }: Engine): Promise<GuardCounts> {
  const corruptions = allCorruptions(glossary);
  const counts: GuardCounts = { good: 0, rejected: 0, kinds: new Map() };
  for (const { source, references } of pairs) {
    const document = await annotate(source);
    const side = sourceSide({ document, sentence: { start: 0, end: source.length }, glossary });
    const isPassed = (text: string): boolean => verify(side, { text, entities: [], glossary }).verdict === 'verified';
    const [target] = references;
    counts.good += 1;
    if (!isPassed(target!)) {
      counts.rejected += 1;
      continue;
    }
    for (const { kind, apply } of corruptions) {
      const of = counts.kinds.get(kind) ?? { made: 0, caught: 0 };
      const corrupted = apply(target!);
      if (corrupted === target || of.made >= CORRUPTIONS_OF_A_KIND) continue;
      of.made += 1;
      if (!isPassed(corrupted)) of.caught += 1;
      else if (process.env['VERBOSE'] === '1') console.log(`  passed ${kind}: ${source} >> ${corrupted}`);
      counts.kinds.set(kind, of);
    }
  }
  return counts;
}

interface Shown extends SimplifiedSentence {
  readonly pair: Pair;
}

async function show(pairs: readonly Pair[], engine: Engine, rewrite: Rewrite | null): Promise<Shown[]> {
  const { glossary } = engine;
  const shown: Shown[] = [];
  for (const pair of pairs) {
    const document = await engine.annotate(pair.source);
    const request = { document, sentence: { start: 0, end: pair.source.length }, glossary };
    const draft = rewrite === null ? null : draftToReword(request);
    const generated = draft === null ? null : await rewrite!(draft, NO_WAIT);
    const sentence = simplifySentence(
      generated === null ? request : { ...request, generated: proposeGenerated(generated, request) },
    );
    shown.push({ ...sentence, pair });
  }
  return shown;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const isChanged = ({ source, references }: Pair): boolean =>
  references.some(
    (reference) => reference.toLowerCase().replace(/\W/g, '') !== source.toLowerCase().replace(/\W/g, ''),
  );

function row(name: string, shown: readonly Shown[]): string {
  const scores = shown.map(({ pair, text }) => sari(pair.source, text, pair.references));
  const changed = shown.flatMap(({ pair }, at) => (isChanged(pair) ? [scores[at]!.sari] : []));
  const share = (test: (sentence: Shown) => boolean): string =>
    ((100 * shown.filter(test).length) / shown.length).toFixed(0);
  return [
    name,
    shown.length,
    mean(scores.map((score) => score.sari)).toFixed(1),
    changed.length === 0 ? '-' : mean(changed).toFixed(1),
    mean(scores.map((score) => score.add)).toFixed(1),
    fleschKincaidGrade(shown.map(({ pair }) => pair.source)).toFixed(1),
    fleschKincaidGrade(shown.map(({ text }) => text)).toFixed(1),
    `${share(({ method }) => method === 'generated')} %`,
    `${share(({ text, pair }) => text === pair.source)} %`,
  ].join(' | ');
}

export interface SimplificationOptions {
  readonly shared: string;
  readonly withDecoder: boolean;
  readonly examples: number;
}

export async function evaluateSimplification({ shared, withDecoder, examples }: SimplificationOptions): Promise<void> {
  const store = checkoutStore();
  const recognize = await loadRecognizer(store, 'q8', await openNodeRuntime('native'));
  const glossary = await loadGlossary(store);
  const engine: Engine = { glossary, annotate: (text) => annotateText(text, { recognize, glossary }, SILENT) };
  const ours = ['notes', 'letters', 'dictated-plain'].flatMap((name) =>
    readPairs(`training/decoder/pairs/${name}.txt`),
  );
  const test = existsSync('training/decoder/test-pairs.txt') ? readPairs('training/decoder/test-pairs.txt') : [];
  for (const [name, pairs] of [
    ['our pairs', ours],
    ['our test pairs', test],
  ] as const) {
    const { good, rejected, kinds } = await measureGuard(pairs, engine);
    const made = [...kinds.values()].reduce((sum, kind) => sum + kind.made, 0);
    const caught = [...kinds.values()].reduce((sum, kind) => sum + kind.caught, 0);
    console.log(
      `\nGuard, ${name}: ${rejected} of ${good} good ones rejected (${((100 * rejected) / good).toFixed(1)} %)`,
    );
    console.log(`${caught} of ${made} corruptions caught (${((100 * caught) / made).toFixed(1)} %)\n`);
    console.log('| corruption | made | caught |\n|---|---|---|');
    for (const [kind, of] of kinds)
      console.log(`| ${kind} | ${of.made} | ${((100 * of.caught) / of.made).toFixed(1)} % |`);
  }
  const sets: [string, Pair[], 'you' | 'plain'][] = [
    ['PLABA dev', plabaPairs(shared), 'plain'],
    ['Laymaker dev', laymakerPairs(shared), 'plain'],
    ['our test pairs', test, 'you'],
  ];
  console.log(
    '\n| set and wording | sentences | SARI | changed pairs | add | grade before | grade shown | generated and verified | unchanged |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const [name, pairs, mode] of sets) {
    console.log(`| ${row(`${name}, glossary`, await show(pairs, engine, null))} |`);
    if (!withDecoder) continue;
    const rewrite = await loadRewriter(store, await openNodeGenerator('native'), mode);
    const shown = await show(pairs, engine, rewrite);
    console.log(`| ${row(`${name}, decoder`, shown)} |`);
    for (const { pair, text, method } of shown.slice(0, examples))
      console.log(`\n  ${method}\n  ${pair.source}\n  ${text}\n  ${pair.references[0]!}`);
  }
}
