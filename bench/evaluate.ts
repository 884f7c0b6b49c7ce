/** npm run evaluate -- entities|assertion|codes [--split test|dev] [--shared DIR]: the tables that cards and README quote. */
import { parseArgs } from 'node:util';
import { evaluateAssertion } from './evaluate-assertion';
import { evaluateCodes } from './evaluate-codes';
import { evaluateEntities } from './evaluate-entities';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { split: { type: 'string', default: 'test' }, shared: { type: 'string', default: '../shared' } },
});

switch (positionals[0]) {
  case 'entities':
    await evaluateEntities(values.shared, values.split === 'dev' ? 'dev' : 'test');
    break;
  case 'assertion':
    evaluateAssertion(values.shared);
    break;
  case 'codes':
    await evaluateCodes(values.shared);
    break;
  default:
    process.stderr.write('usage: npm run evaluate -- entities|assertion|codes [--split test|dev] [--shared DIR]\n');
    process.exitCode = 2;
}
