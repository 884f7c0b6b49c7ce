/**
 * npx tsx bench/ranking-rows.ts IN OUT [all]: for each line {"text", ...} of IN the line with what the searches say of every
 * candidate, from which training/codes/rank.py learns the ranking. A name that equals the text is left out of the
 * search, so that known names count as new ones, unless "all" is said.
 */
import { createWriteStream, readFileSync } from 'node:fs';
import { checkoutStore } from '../batch/local-artefacts';
import { loadSearchParts } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { FEATURES, featuresOf } from '../src/nlp/coding/ranking';
import { fuseIndexes, gatherDrafts } from '../src/nlp/coding/search';

const plainKey = (words: string): string => (words.toLowerCase().match(/[a-z0-9]+/g) ?? []).join(' ');

const [input, output, names] = process.argv.slice(2);
if (input === undefined || output === undefined) throw new Error('usage: ranking-rows IN OUT');
const index = fuseIndexes(await loadSearchParts(checkoutStore(), await openNodeRuntime('native')));
const sink = createWriteStream(output);
sink.write(`${JSON.stringify({ features: FEATURES })}\n`);
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
for (const line of readFileSync(input, 'utf8').trim().split('\n')) {
  const row = JSON.parse(line) as { readonly text: string };
  const own = plainKey(row.text);
  const asked = await gatherDrafts(row.text, index, (words) => names !== 'all' && plainKey(words) === own);
  const features = featuresOf(asked, index.codeSet, index.prior);
  const drafts = asked.drafts.map(({ entry }, place) => [
    index.codeSet.codes[entry]!,
    ...features[place]!.map(rounded),
  ]);
  sink.write(`${JSON.stringify({ ...row, drafts })}\n`);
}
sink.end();
