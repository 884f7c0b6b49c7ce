/** npm run evaluate -- assertion: the rules alone, targets given, one sentence a document, on development data. */
import { assertEntities } from '../src/nlp/assertion';
import { DEFAULT_ASSERTION, makeDocument, type Assertion } from '../src/nlp/document';
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

export function evaluateAssertion(shared: string): void {
  const folder = `${shared}/data/assertion`;
  const negex = readLines<NegexRow>(`${folder}/negex_context/dev.jsonl.gz`).flatMap((row) => {
    if (row.start === null || row.end === null) return [];
    // the concept stands in capitals: lower-cased, or the casing would give it away
    const sentence =
      row.sentence.slice(0, row.start) +
      row.sentence.slice(row.start, row.end).toLowerCase() +
      row.sentence.slice(row.end);
    return [{ row, found: assertTarget(sentence, row.start, row.end) }];
  });
  const problems = readLines<MaccrobatRow>(`${folder}/maccrobat_polarity/dev.jsonl.gz`)
    .filter((row) => row.type === 'Sign_symptom' || row.type === 'Disease_disorder')
    .map((row) => ({ row, found: assertTarget(row.sentence, row.start, row.end) }));
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
}
