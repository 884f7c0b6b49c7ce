/**
 * npm run evaluate -- codes: the search on development phrases whose names are withheld from the terminologies, as they
 * are and with one typing error; whole cases of CodiEsp; our coded notes. Baselines: bench/code_baselines.py.
 */
import { readFileSync } from 'node:fs';
import { checkoutStore, loadCheckoutParts } from '../batch/local-artefacts';
import { loadCodeSearch } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { tabularAt } from '../src/nlp/coding/code-set';
import type { CodeSearch } from '../src/nlp/coding/search';
import type { CareSetting, CodeSuggestion, Document } from '../src/nlp/document';
import { analyzeText, type AnalysisParts } from '../src/nlp/pipeline';
import { decimals, readLines } from './read-lines';

interface PhraseRow {
  readonly text: string;
  readonly codes: readonly string[];
  readonly register: string;
}

interface Rank {
  readonly text: string;
  readonly register: string;
  readonly rank: number;
}

/** One letter of the longest word is doubled, dropped or swapped with the next, by a rule without chance. */
export function withTypo(text: string, number: number): string {
  const longest = text.split(/[^A-Za-z]+/).reduce((a, b) => (b.length > a.length ? b : a), '');
  if (longest.length < 4) return text;
  const place = text.indexOf(longest) + 1 + ((number * 7) % (longest.length - 2));
  const [before, letter, next, after] = [text.slice(0, place), text[place]!, text[place + 1]!, text.slice(place + 2)];
  return before + [letter + letter + next, next, next + letter][number % 3]! + after;
}

async function rankPhrases(rows: readonly PhraseRow[], find: CodeSearch['find'], durations: number[]): Promise<Rank[]> {
  const ranks: Rank[] = [];
  for (const row of rows) {
    const started = performance.now();
    const found = await find(row.text, 5);
    durations.push(performance.now() - started);
    const rank = found.findIndex(({ code }) => row.codes.some((gold) => code.startsWith(gold)));
    ranks.push({ ...row, rank: rank < 0 ? Infinity : rank });
  }
  return ranks;
}

function printRanks(name: string, ranks: readonly Rank[]): void {
  const share = (limit: number): string => decimals(ranks.filter(({ rank }) => rank < limit).length / ranks.length);
  console.log(`| ${name} | ${share(1)} | ${share(5)} | ${ranks.length} |`);
}

export async function evaluatePhrases(shared: string): Promise<void> {
  const { find, codeSet } = await loadCodeSearch(checkoutStore(), await openNodeRuntime('native'));
  const own = new Set(codeSet.codes.flatMap((_, entry) => tabularAt(codeSet, entry).synonyms));
  const rows = readLines<PhraseRow>(`${shared}/data/icd/phrases/dev.jsonl.gz`);
  const durations: number[] = [];
  const ranks = await rankPhrases(rows, find, durations);
  const typed = rows.map((row, number) => ({ ...row, text: withTypo(row.text, number) }));
  console.log('| phrases | recall@1 | recall@5 | number |\n|---|---|---|---|');
  printRanks('all', ranks);
  printRanks(
    'lay',
    ranks.filter(({ register }) => register === 'lay'),
  );
  printRanks(
    'clinical',
    ranks.filter(({ register }) => register !== 'lay'),
  );
  printRanks(
    'all but our own synonyms',
    ranks.filter(({ text }) => !own.has(text.toLowerCase())),
  );
  printRanks('all, one typing error', await rankPhrases(typed, find, []));
  durations.sort((a, b) => a - b);
  console.log(
    `\nA query takes ${durations[Math.floor(durations.length * 0.95)]!.toFixed(1)} ms natively (95th percentile).`,
  );
}

/** Average precision of a ranked list, each code counted once (Manning et al. 2008, 8.4). */
export function averagePrecision(ranked: readonly string[], gold: ReadonlySet<string>): number {
  let [right, sum] = [0, 0];
  for (const [place, code] of [...new Set(ranked)].entries()) {
    if (!gold.has(code)) continue;
    right++;
    sum += right / (place + 1);
  }
  return sum / gold.size;
}

const silent = { stage: () => Promise.resolve(), entities: () => undefined, words: () => undefined };

interface Case {
  readonly text: string;
  readonly diagnosis_codes: readonly string[];
}

async function evaluateCases(shared: string, parts: AnalysisParts): Promise<void> {
  const [full, categories, recall]: number[][] = [[], [], []];
  for (const { text, diagnosis_codes } of readLines<Case>(`${shared}/data/icd/codiesp_english/dev.jsonl.gz`)) {
    if (diagnosis_codes.length === 0) continue;
    const gold = new Set(diagnosis_codes.map((code) => code.toUpperCase()));
    const ranked = (await analyzeText({ text }, parts, silent)).codes.map(({ code }) => code);
    full!.push(averagePrecision(ranked, gold));
    const heads = (codes: Iterable<string>): string[] => Array.from(codes, (code) => code.slice(0, 3));
    categories!.push(averagePrecision(heads(ranked), new Set(heads(gold))));
    recall!.push([...gold].filter((code) => ranked.includes(code)).length / gold.size);
  }
  const mean = (values: readonly number[]): string => decimals(values.reduce((a, b) => a + b, 0) / values.length);
  console.log(
    '\n| CodiEsp dev, from raw text | MAP full codes | MAP categories | gold codes listed | cases |\n|---|---|---|---|---|',
  );
  console.log(
    `| suggested, then suppressed | ${mean(full!)} | ${mean(categories!)} | ${mean(recall!)} | ${full!.length} |`,
  );
}

interface CodedNote {
  readonly id: string;
  readonly setting: CareSetting;
  readonly split: 'dev' | 'test';
  readonly text: string;
  readonly codes: readonly { readonly code: string }[];
  readonly notCoded: readonly { readonly mention: string; readonly why: string }[];
}

/** What may never be suggested: not of the set, not billable and nothing said of what is missing, only denied or of a relative. */
function violations({ entities }: Document, suggested: readonly CodeSuggestion[]): string[] {
  const byId = new Map(entities.map((entity) => [entity.id, entity]));
  return suggested.flatMap(({ code, billable, needs, evidence }) => {
    const axes = evidence.map((id) => byId.get(id)!.assertion);
    const isOfEntities = axes.length > 0;
    const wrong = [
      !billable && needs.length === 0 ? `${code} is not billable and says nothing of what is missing` : '',
      isOfEntities && axes.every(({ presence }) => presence === 'absent') ? `${code} is denied` : '',
      isOfEntities && axes.every(({ experiencer }) => experiencer === 'family') && !/^Z8[0-4]/.test(code)
        ? `${code} is of a relative`
        : '',
    ];
    return wrong.filter((words) => words !== '');
  });
}

interface Tally {
  gold: number;
  suggested: number;
  right: number;
  missed: string[];
  wrong: string[];
  broken: string[];
}

async function tallyNote(note: CodedNote, parts: AnalysisParts, tally: Tally): Promise<void> {
  const document = await analyzeText(note, parts, silent);
  const suggested = document.codes.filter(({ status }) => status === 'suggested');
  const gold = note.codes.map(({ code }) => code);
  const right = suggested.filter(({ code }) => gold.includes(code)).map(({ code }) => code);
  tally.gold += gold.length;
  tally.suggested += suggested.length;
  tally.right += right.length;
  tally.missed.push(...gold.filter((code) => !right.includes(code)).map((code) => `${note.id} ${code}`));
  tally.wrong.push(
    ...suggested.filter(({ code }) => !gold.includes(code)).map(({ code, display }) => `${note.id} ${code} ${display}`),
  );
  tally.broken.push(...violations(document, suggested).map((words) => `${note.id}: ${words}`));
}

export async function evaluateCodedNotes(parts: AnalysisParts): Promise<void> {
  const notes = JSON.parse(readFileSync(new URL('coded-notes.json', import.meta.url), 'utf8')) as CodedNote[];
  console.log(
    '\n| our coded notes | notes | codes | suggested of them | wrong among suggestions | never allowed |\n|---|---|---|---|---|---|',
  );
  for (const split of ['dev', 'test'] as const) {
    for (const setting of ['outpatient', 'inpatient'] as const) {
      const chosen = notes.filter((note) => note.split === split && note.setting === setting);
      const tally: Tally = { gold: 0, suggested: 0, right: 0, missed: [], wrong: [], broken: [] };
      for (const note of chosen) await tallyNote(note, parts, tally);
      const shares = [tally.right / tally.gold, 1 - tally.right / tally.suggested].map(decimals);
      console.log(
        `| ${split}, ${setting} | ${chosen.length} | ${tally.gold} | ${shares.join(' | ')} | ${tally.broken.length} |`,
      );
      if (split === 'dev' && process.env['VERBOSE'])
        console.log(
          [
            ...tally.missed.map((one) => `missed ${one}`),
            ...tally.wrong.map((one) => `wrong ${one}`),
            ...tally.broken,
          ].join('\n'),
        );
    }
  }
}

export async function evaluateCodes(shared: string): Promise<void> {
  await evaluatePhrases(shared);
  const parts = await loadCheckoutParts('native');
  await evaluateCases(shared, parts);
  await evaluateCodedNotes(parts);
}
