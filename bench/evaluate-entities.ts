/**
 * npm run evaluate -- entities [--split test|dev] : strict and relaxed F1 of the shipped int8 model inside the pipeline.
 *
 * Strict: start, end and label agree. Relaxed: label agrees and the spans overlap, each gold span counted once.
 * A corpus' labels are compared after mapping (below); predictions of labels that a corpus does not annotate are ignored.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { checkoutStore } from '../batch/local-artefacts';
import { loadRecognizer } from '../src/inference/engine-parts';
import { loadInNode } from '../src/inference/node-runtime';
import { makeDocument, type EntityLabel, type Span } from '../src/nlp/document';
import type { Recognize } from '../src/nlp/pipeline';
import { sectionize } from '../src/nlp/sections';
import { sentencize } from '../src/nlp/sentences';

interface GoldDocument {
  readonly id: string;
  readonly text: string;
  readonly entities: readonly { readonly start: number; readonly end: number; readonly label: string }[];
}

/** A row of the table: which gold labels of which file against which of ours. */
interface Comparison {
  readonly name: string;
  readonly file: string;
  readonly gold: readonly string[];
  readonly ours: readonly EntityLabel[];
}

const COMPARISONS: Readonly<Record<string, readonly Comparison[]>> = {
  test: [
    {
      name: 'NCBI-disease test',
      file: 'ncbi-disease/test',
      gold: ['SpecificDisease', 'DiseaseClass', 'Modifier', 'CompositeMention'],
      ours: ['DISORDER'],
    },
    {
      name: 'NCBI-disease test, symptoms counted',
      file: 'ncbi-disease/test',
      gold: ['SpecificDisease', 'DiseaseClass', 'Modifier', 'CompositeMention'],
      ours: ['DISORDER', 'SYMPTOM'],
    },
    { name: 'BC5CDR test, chemical', file: 'bc5cdr/test', gold: ['Chemical'], ours: ['MEDICATION'] },
    { name: 'BC5CDR test, disease', file: 'bc5cdr/test', gold: ['Disease'], ours: ['DISORDER', 'SYMPTOM'] },
  ],
  dev: [
    {
      name: 'NCBI-disease dev',
      file: 'ncbi-disease/dev',
      gold: ['SpecificDisease', 'DiseaseClass', 'Modifier', 'CompositeMention'],
      ours: ['DISORDER'],
    },
    {
      name: 'NCBI-disease dev, symptoms counted',
      file: 'ncbi-disease/dev',
      gold: ['SpecificDisease', 'DiseaseClass', 'Modifier', 'CompositeMention'],
      ours: ['DISORDER', 'SYMPTOM'],
    },
    {
      name: 'MACCROBAT dev, problem',
      file: 'maccrobat2020/dev',
      gold: ['Sign_symptom', 'Disease_disorder'],
      ours: ['DISORDER', 'SYMPTOM'],
    },
    { name: 'MACCROBAT dev, medication', file: 'maccrobat2020/dev', gold: ['Medication'], ours: ['MEDICATION'] },
    {
      name: 'MACCROBAT dev, test',
      file: 'maccrobat2020/dev',
      gold: ['Diagnostic_procedure'],
      ours: ['TEST', 'PROCEDURE'],
    },
  ],
};

function readGold(shared: string, file: string): GoldDocument[] {
  const lines = gunzipSync(readFileSync(`${shared}/data/ner/${file}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as GoldDocument);
}

/** Gold offsets count code points; ours count UTF-16 units. */
function utf16Offsets(text: string): number[] {
  const offsets = [0];
  for (const codePoint of text) offsets.push(offsets.at(-1)! + codePoint.length);
  return offsets;
}

interface Counts {
  strict: number;
  relaxed: number;
  gold: number;
  predicted: number;
}

function count(gold: readonly Span[], predicted: readonly Span[], counts: Counts): void {
  const keys = new Set(gold.map((span) => `${span.start}-${span.end}`));
  const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
  counts.strict += predicted.filter((span) => keys.has(`${span.start}-${span.end}`)).length;
  counts.relaxed += gold.filter((span) => predicted.some((other) => overlaps(span, other))).length;
  counts.gold += keys.size;
  counts.predicted += predicted.length;
}

const percent = (value: number): string => value.toFixed(3);

async function evaluate(comparison: Comparison, shared: string, recognize: Recognize): Promise<string> {
  const counts: Counts = { strict: 0, relaxed: 0, gold: 0, predicted: 0 };
  for (const gold of readGold(shared, comparison.file)) {
    const offsets = utf16Offsets(gold.text);
    const document = await recognize(sentencize(sectionize(makeDocument(gold.text))), () => Promise.resolve());
    const wanted = gold.entities.filter((entity) => comparison.gold.includes(entity.label));
    const spans = wanted.map((entity) => ({ start: offsets[entity.start]!, end: offsets[entity.end]! }));
    count(
      spans,
      document.entities.filter((entity) => comparison.ours.includes(entity.label)),
      counts,
    );
  }
  const f1 = (hits: number): number => (2 * hits) / (counts.gold + counts.predicted);
  const [precision, recall] = [counts.strict / counts.predicted, counts.strict / counts.gold];
  return `| ${comparison.name} | ${percent(precision)} | ${percent(recall)} | ${percent(f1(counts.strict))} | ${percent(f1(counts.relaxed))} | ${counts.gold} |`;
}

export async function evaluateEntities(shared: string, split: string): Promise<void> {
  const recognize = await loadRecognizer(checkoutStore(), 'q8', (files, golden) => loadInNode(files, golden, 'native'));
  process.stdout.write(
    '| set | precision | recall | strict F1 | relaxed F1 | gold spans |\n|---|---|---|---|---|---|\n',
  );
  for (const comparison of COMPARISONS[split]!) {
    process.stdout.write(`${await evaluate(comparison, shared, recognize)}\n`);
  }
}
