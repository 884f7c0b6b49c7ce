/** npm run evaluate -- entities [--split test|dev] [--shared DIR]: prints the table that the model card quotes. */
import { parseArgs } from 'node:util';
import { evaluateEntities } from './evaluate-entities';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { split: { type: 'string', default: 'test' }, shared: { type: 'string', default: '../shared' } },
});

if (positionals[0] === 'entities' && ['test', 'dev'].includes(values.split)) {
  await evaluateEntities(values.shared, values.split);
} else {
  process.stderr.write('usage: npm run evaluate -- entities [--split test|dev] [--shared DIR]\n');
  process.exitCode = 2;
}
