/** npm run evaluate -- codes: the search alone, on development phrases whose names are withheld from the terminologies. */
import { checkoutStore } from '../batch/local-artefacts';
import { loadCodeSearch } from '../src/inference/engine-parts';
import { searchCodes } from '../src/nlp/coding/search';
import { decimals, readLines } from './read-lines';

interface PhraseRow {
  readonly text: string;
  readonly codes: readonly string[];
  readonly register: string;
}

export async function evaluateCodes(shared: string): Promise<void> {
  const search = await loadCodeSearch(checkoutStore());
  const durations: number[] = [];
  const ranks = readLines<PhraseRow>(`${shared}/data/icd/phrases/dev.jsonl.gz`).map((row) => {
    const started = performance.now();
    const found = searchCodes(search, row.text, 5);
    durations.push(performance.now() - started);
    const rank = found.findIndex(({ code }) => row.codes.some((gold) => code.startsWith(gold)));
    return { register: row.register, rank: rank < 0 ? Infinity : rank };
  });
  const share = (rows: typeof ranks, limit: number): string =>
    decimals(rows.filter(({ rank }) => rank < limit).length / rows.length);
  durations.sort((a, b) => a - b);
  console.log('| phrases | recall@1 | recall@5 | number |\n|---|---|---|---|');
  for (const [name, rows] of [
    ['all', ranks],
    ['lay', ranks.filter(({ register }) => register === 'lay')],
    ['clinical', ranks.filter(({ register }) => register !== 'lay')],
  ] as const) {
    console.log(`| ${name} | ${share(rows, 1)} | ${share(rows, 5)} | ${rows.length} |`);
  }
  console.log(`\nA query takes ${durations[Math.floor(durations.length * 0.95)]!.toFixed(1)} ms (95th percentile).`);
}
