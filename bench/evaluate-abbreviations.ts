/** npm run evaluate -- abbreviations: 367 synthetic uses of ambiguous abbreviations, each with the sense that is meant. */
import { readFileSync } from 'node:fs';
import { CONFIDENT_SENSE } from '../src/nlp/abbreviations';
import { parseSenses, rankSenses } from '../src/nlp/senses';
import uses from './abbreviation-uses.json';
import { decimals } from './read-lines';

export function evaluateAbbreviations(): void {
  const inventory = parseSenses(JSON.parse(readFileSync('models/glossary/senses.json', 'utf8')));
  const results = uses.map(({ text, start, target, sense }) => {
    const senses = inventory.get(target) ?? [];
    const [best] = rankSenses(senses, text, { start, end: start + target.length });
    return {
      isRight: best?.long === sense,
      isConfident: (best?.score ?? 0) >= CONFIDENT_SENSE,
      isCommonest: senses[0]?.long === sense,
    };
  });
  const confident = results.filter(({ isConfident }) => isConfident);
  const share = (items: readonly unknown[], all: readonly unknown[]): string => decimals(items.length / all.length);
  console.log('| uses | accuracy | commonest sense | confident | of these right |\n|---|---|---|---|---|');
  console.log(
    `| ${uses.length} | ${share(
      results.filter(({ isRight }) => isRight),
      results,
    )} | ${share(
      results.filter(({ isCommonest }) => isCommonest),
      results,
    )} | ${share(confident, results)} | ${share(
      confident.filter(({ isRight }) => isRight),
      confident,
    )} |`,
  );
}
