/**
 * npm run evaluate -- entities [--split test|dev] : strict and relaxed F1 of the shipped int8 model inside the pipeline.
 *
 * Strict: start, end and label agree. Relaxed: label agrees and the spans overlap, each gold span counted once.
 * A corpus' labels are compared after mapping (below); predictions of labels that a corpus does not annotate are ignored.
 */
import { checkoutStore } from '../batch/local-artefacts';
import { loadRecognizer } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { makeDocument, type Entity, type EntityLabel, type Span } from '../src/nlp/document';
import { applyLexicon } from '../src/nlp/lexicon';
import type { Recognize } from '../src/nlp/pipeline';
import { sectionize } from '../src/nlp/sections';
import { sentencize } from '../src/nlp/sentences';
import { readMarkedNotes, type NoteSplit } from './marked-notes';
import { decimals, readLines, utf16Offsets } from './read-lines';

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

/** The corpus tells four kinds of disease mention apart; we do not. */
const NCBI_DISEASE = ['SpecificDisease', 'DiseaseClass', 'Modifier', 'CompositeMention'];

const COMPARISONS: Readonly<Record<string, readonly Comparison[]>> = {
  test: [
    {
      name: 'NCBI-disease test',
      file: 'ncbi-disease/test',
      gold: NCBI_DISEASE,
      ours: ['DISORDER'],
    },
    {
      name: 'NCBI-disease test, symptoms counted',
      file: 'ncbi-disease/test',
      gold: NCBI_DISEASE,
      ours: ['DISORDER', 'SYMPTOM'],
    },
    { name: 'BC5CDR test, chemical', file: 'bc5cdr/test', gold: ['Chemical'], ours: ['MEDICATION'] },
    { name: 'BC5CDR test, disease', file: 'bc5cdr/test', gold: ['Disease'], ours: ['DISORDER', 'SYMPTOM'] },
  ],
  dev: [
    {
      name: 'NCBI-disease dev',
      file: 'ncbi-disease/dev',
      gold: NCBI_DISEASE,
      ours: ['DISORDER'],
    },
    {
      name: 'NCBI-disease dev, symptoms counted',
      file: 'ncbi-disease/dev',
      gold: NCBI_DISEASE,
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

interface Judged {
  readonly score: number;
  readonly right: boolean;
}

interface Counts {
  readonly judged: Judged[];
  strict: number;
  relaxed: number;
  gold: number;
  predicted: number;
}

/** Expected calibration error over ten bins of the score (Guo et al. 2017): how far scores are from the share that is right. */
function calibrationError(judged: readonly Judged[]): number {
  const bins = Array.from({ length: 10 }, (_, bin) =>
    judged.filter(({ score }) => Math.min(9, Math.floor(score * 10)) === bin),
  );
  const gaps = bins.map((bin) => Math.abs(bin.reduce((sum, { score, right }) => sum + score - Number(right), 0)));
  return gaps.reduce((sum, gap) => sum + gap, 0) / judged.length;
}

function count(gold: readonly Span[], predicted: readonly Entity[], counts: Counts): void {
  const keys = new Set(gold.map((span) => `${span.start}-${span.end}`));
  const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
  const judged = predicted.map(({ start, end, score }) => ({ score, right: keys.has(`${start}-${end}`) }));
  counts.judged.push(...judged);
  counts.strict += judged.filter(({ right }) => right).length;
  counts.relaxed += gold.filter((span) => predicted.some((other) => overlaps(span, other))).length;
  counts.gold += keys.size;
  counts.predicted += predicted.length;
}

const noCounts = (): Counts => ({ judged: [], strict: 0, relaxed: 0, gold: 0, predicted: 0 });

function row(name: string, counts: Counts): string {
  const f1 = (hits: number): number => (2 * hits) / (counts.gold + counts.predicted);
  const [precision, recall] = [counts.strict / counts.predicted, counts.strict / counts.gold];
  return `| ${name} | ${decimals(precision)} | ${decimals(recall)} | ${decimals(f1(counts.strict))} | ${decimals(f1(counts.relaxed))} | ${decimals(calibrationError(counts.judged))} | ${counts.gold} |`;
}

async function evaluate(comparison: Comparison, shared: string, recognize: Recognize): Promise<string> {
  const counts = noCounts();
  for (const gold of readLines<GoldDocument>(`${shared}/data/ner/${comparison.file}.jsonl.gz`)) {
    const offsets = utf16Offsets(gold.text);
    const recognized = await recognize(sentencize(sectionize(makeDocument(gold.text))), () => Promise.resolve());
    const document = applyLexicon(recognized);
    const wanted = gold.entities.filter((entity) => comparison.gold.includes(entity.label));
    const spans = wanted.map((entity) => ({ start: offsets[entity.start]!, end: offsets[entity.end]! }));
    count(
      spans,
      document.entities.filter((entity) => comparison.ours.includes(entity.label)),
      counts,
    );
  }
  return row(comparison.name, counts);
}

const LABELS: readonly EntityLabel[] = ['DISORDER', 'SYMPTOM', 'MEDICATION', 'TEST', 'PROCEDURE', 'ANATOMY'];

/** Other ways to type the same note; each keeps its length, so that gold spans stay where they are. */
const COPIES: readonly { readonly name: string; readonly change: (text: string) => string }[] = [
  { name: 'in capitals', change: (text) => Array.from(text, upperCase).join('') },
  { name: 'without final full stops', change: (text) => text.replace(/[.!?](?=[ \t]*(?:\n|$))/g, ' ') },
  { name: 'wrapped at 76 columns', change: (text) => text.split('\n').map(wrapped).join('\n') },
];

const upperCase = (letter: string): string =>
  letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter;

/** The last space before each 76th column becomes a line break. */
function wrapped(line: string): string {
  let [text, from] = [line, 0];
  while (text.length - from > 76) {
    const at = text.lastIndexOf(' ', from + 76);
    if (at <= from) break;
    text = `${text.slice(0, at)}\n${text.slice(at + 1)}`;
    from = at + 1;
  }
  return text;
}

/** Our own notes, each label by itself and all six together, where a right span with a wrong label is wrong. */
async function evaluateNotes(
  split: NoteSplit,
  recognize: Recognize,
  { name, change }: (typeof COPIES)[number] = { name: '', change: (text) => text },
): Promise<string[]> {
  const counts = new Map(LABELS.map((label) => [label, noCounts()]));
  for (const { note } of readMarkedNotes('training/entities/notes', split)) {
    const text = change(note.text);
    const recognized = await recognize(sentencize(sectionize(makeDocument(text))), () => Promise.resolve());
    const { entities } = applyLexicon(recognized);
    for (const label of LABELS) {
      const [gold, found] = [note.entities, entities].map((each) => each.filter((entity) => entity.label === label));
      count(gold!, found as Entity[], counts.get(label)!);
    }
  }
  const all = noCounts();
  for (const each of counts.values()) {
    all.judged.push(...each.judged);
    for (const key of ['strict', 'relaxed', 'gold', 'predicted'] as const) all[key] += each[key];
  }
  if (name !== '') return [row(`our ${split} notes, six types, ${name}`, all)];
  return [
    row(`our ${split} notes, six types`, all),
    ...LABELS.map((label) => row(`our ${split} notes, ${label}`, counts.get(label)!)),
  ];
}

export async function evaluateEntities(shared: string, split: 'test' | 'dev'): Promise<void> {
  const recognize = await loadRecognizer(checkoutStore(), 'q8', await openNodeRuntime('native'));
  process.stdout.write(
    '| set | precision | recall | strict F1 | relaxed F1 | calibration error | gold spans |\n|---|---|---|---|---|---|---|\n',
  );
  for (const comparison of COMPARISONS[split]!) {
    process.stdout.write(`${await evaluate(comparison, shared, recognize)}\n`);
  }
  for (const line of await evaluateNotes(split, recognize)) process.stdout.write(`${line}\n`);
  for (const copy of COPIES)
    for (const line of await evaluateNotes(split, recognize, copy)) process.stdout.write(`${line}\n`);
}
