/**
 * npx tsx bench/simplification-rows.ts IN OUT: for each line {"source", "target", ...} of IN the line with `draft`, the
 * wording by glossary that the decoder starts from, `reasons`, for which the guard rejects the target, and whether it `keeps`
 * the words of the draft. The training of
 * the decoder (training/decoder) and the search for gaps of the guard read the lines.
 */
import { createWriteStream, readFileSync } from 'node:fs';
import { checkoutStore } from '../batch/local-artefacts';
import { loadGlossary, loadRecognizer } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { annotateText, type Progress } from '../src/nlp/pipeline';
import { proposeSubstitution, sourceSide } from '../src/nlp/simplification';
import { verify } from '../src/nlp/verification';
import { keepsWording } from '../src/nlp/verification-wording';

const SILENT: Progress = { stage: () => Promise.resolve(), entities: () => undefined, words: () => undefined };

const [input, output] = process.argv.slice(2);
if (input === undefined || output === undefined) throw new Error('usage: simplification-rows IN OUT');
const recognize = await loadRecognizer(checkoutStore(), 'q8', await openNodeRuntime('native'));
const glossary = await loadGlossary(checkoutStore());
const sink = createWriteStream(output);
for (const line of readFileSync(input, 'utf8').trim().split('\n')) {
  const row = JSON.parse(line) as { readonly source: string; readonly target: string };
  const document = await annotateText(row.source, { recognize, glossary }, SILENT);
  const sentence = { start: 0, end: row.source.length };
  const draft = proposeSubstitution(sentence, document, glossary).text;
  const target = { text: row.target, entities: [], glossary };
  const { reasons } = verify(sourceSide({ document, sentence, glossary }), target);
  const keeps = keepsWording(row.target, { draft, source: row.source });
  sink.write(`${JSON.stringify({ ...row, draft, reasons, keeps })}\n`);
}
sink.end();
