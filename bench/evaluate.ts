/** npm run evaluate -- entities|assertion|attributes|abbreviations|codes|simplify|speed [--split test|dev] [--shared DIR]: the tables that cards and README quote. */
import { parseArgs } from 'node:util';
import { measureCodeSearch } from './code-search-speed';
import { evaluateAbbreviations } from './evaluate-abbreviations';
import { evaluateAssertion } from './evaluate-assertion';
import { evaluateAttributes } from './evaluate-attributes';
import { evaluateCodes } from './evaluate-codes';
import { evaluateEntities } from './evaluate-entities';
import { evaluateSimplification } from './evaluate-simplification';
import { measureRules } from './rules-speed';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    split: { type: 'string', default: 'test' },
    shared: { type: 'string', default: '../shared' },
    errors: { type: 'boolean', default: false },
    'gold-only': { type: 'boolean', default: false },
    'without-decoder': { type: 'boolean', default: false },
    examples: { type: 'string', default: '0' },
    notes: { type: 'string', multiple: true, default: ['training/entities/notes'] },
  },
});

switch (positionals[0]) {
  case 'entities':
    await evaluateEntities(values.shared, values.split === 'dev' ? 'dev' : 'test');
    break;
  case 'assertion':
    await evaluateAssertion(values.shared);
    break;
  case 'attributes':
    await evaluateAttributes({
      split: values.split === 'train' || values.split === 'dev' ? values.split : 'test',
      errors: values.errors,
      notes: values.notes,
      goldOnly: values['gold-only'],
    });
    break;
  case 'abbreviations':
    evaluateAbbreviations();
    break;
  case 'codes':
    await evaluateCodes(values.shared);
    break;
  case 'simplify':
    await evaluateSimplification({
      shared: values.shared,
      withDecoder: !values['without-decoder'],
      examples: Number(values.examples),
    });
    break;
  case 'speed':
    await measureRules();
    await measureCodeSearch(values.shared);
    break;
  default:
    process.stderr.write(
      'usage: npm run evaluate -- entities|assertion|attributes|abbreviations|codes|simplify|speed [--split test|dev] [--shared DIR]\n',
    );
    process.exitCode = 2;
}
