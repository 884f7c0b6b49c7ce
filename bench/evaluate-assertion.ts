/**
 * npm run evaluate -- assertion: one sentence a document, on development data; the rules alone with the targets given, then
 * with the entities of the shipped model as targets, where a target that the model does not find counts as present.
 */
import { checkoutStore } from '../batch/local-artefacts';
import { loadRecognizer } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { assertEntities } from '../src/nlp/assertion';
import { DEFAULT_ASSERTION, makeDocument, type Assertion } from '../src/nlp/document';
import { applyLexicon } from '../src/nlp/lexicon';
import { sectionize } from '../src/nlp/sections';
import { sentencize } from '../src/nlp/sentences';
import { decimals, readLines } from './read-lines';

interface NegexRow {
  readonly sentence: string;
  readonly concept: string;
  readonly start: number | null;
  readonly end: number | null;
  readonly negation: string;
  readonly temporality: string;
}

interface MaccrobatRow {
  readonly sentence: string;
  readonly start: number;
  readonly end: number;
  readonly type: string;
  readonly assertion: string;
}

function assertTarget(sentence: string, start: number, end: number): Assertion {
  const text = sentence;
  const target = { id: 'e1', start, end, text: text.slice(start, end), label: 'DISORDER', score: 1 } as const;
  const entity = { ...target, assertion: DEFAULT_ASSERTION, attributes: [], candidates: [] };
  const whole = { start: 0, end: text.length };
  const section = { category: 'other', title: { start: 0, end: 0 }, body: whole } as const;
  return assertEntities({ ...makeDocument(text), sections: [section], sentences: [whole], entities: [entity] })
    .entities[0]!.assertion;
}

function f1(pairs: readonly (readonly [gold: boolean, predicted: boolean])[]): string {
  const both = pairs.filter(([gold, predicted]) => gold && predicted).length;
  const [golds, predictions] = [
    pairs.filter(([gold]) => gold).length,
    pairs.filter(([, predicted]) => predicted).length,
  ];
  return `${decimals(both / predictions)} | ${decimals(both / golds)} | ${decimals((2 * both) / (golds + predictions))} | ${golds}`;
}

interface Target {
  readonly sentence: string;
  readonly start: number;
  readonly end: number;
}

const overlap = (a: Pick<Target, 'start' | 'end'>, b: Pick<Target, 'start' | 'end'>): number =>
  Math.min(a.end, b.end) - Math.max(a.start, b.start);

/** Whether the entity of the model that covers most of the target is absent. */
async function findAbsent(targets: readonly Target[]): Promise<boolean[]> {
  const recognize = await loadRecognizer(checkoutStore(), 'q8', await openNodeRuntime('wasm'));
  const found: boolean[] = [];
  for (const { sentence, start, end } of targets) {
    const structured = sentencize(sectionize(makeDocument(sentence)));
    const { entities } = assertEntities(applyLexicon(await recognize(structured, () => Promise.resolve())));
    const target = { start, end };
    const [best] = entities
      .filter((entity) => overlap(entity, target) > 0)
      .sort((a, b) => overlap(b, target) - overlap(a, target));
    found.push(best?.assertion.presence === 'absent');
  }
  return found;
}

export async function evaluateAssertion(shared: string): Promise<void> {
  const folder = `${shared}/data/assertion`;
  const negex = readLines<NegexRow>(`${folder}/negex_context/dev.jsonl.gz`).flatMap((row) => {
    if (row.start === null || row.end === null) return [];
    // the concept stands in capitals: lower-cased, or the casing would give it away
    const sentence =
      row.sentence.slice(0, row.start) +
      row.sentence.slice(row.start, row.end).toLowerCase() +
      row.sentence.slice(row.end);
    const target: Target = { sentence, start: row.start, end: row.end };
    return [{ row, target, found: assertTarget(sentence, row.start, row.end) }];
  });
  const reports = readLines<MaccrobatRow>(`${folder}/maccrobat_polarity/dev.jsonl.gz`).map((row) => {
    return { row, found: assertTarget(row.sentence, row.start, row.end) };
  });
  const problems = reports.filter(({ row }) => row.type === 'Sign_symptom' || row.type === 'Disease_disorder');
  console.log('| set | precision | recall | F1 | gold |\n|---|---|---|---|---|');
  console.log(
    `| NegEx dev, absent | ${f1(negex.map(({ row, found }) => [row.negation === 'Negated', found.presence === 'absent']))} |`,
  );
  console.log(
    `| NegEx dev, historical | ${f1(negex.map(({ row, found }) => [row.temporality === 'Historical', found.temporality === 'historical']))} |`,
  );
  console.log(
    `| MACCROBAT dev problems, absent | ${f1(problems.map(({ row, found }) => [row.assertion === 'absent', found.presence === 'absent']))} |`,
  );
  console.log(
    `| MACCROBAT dev, family | ${f1(reports.map(({ row, found }) => [row.assertion === 'family', found.experiencer === 'family']))} |`,
  );
  const [own, ownProblems] = [
    await findAbsent(negex.map(({ target }) => target)),
    await findAbsent(problems.map(({ row }) => row)),
  ];
  console.log(
    `| NegEx dev, absent, entities of the model | ${f1(negex.map(({ row }, index) => [row.negation === 'Negated', own[index]!]))} |`,
  );
  console.log(
    `| MACCROBAT dev problems, absent, entities of the model | ${f1(problems.map(({ row }, index) => [row.assertion === 'absent', ownProblems[index]!]))} |`,
  );
}
