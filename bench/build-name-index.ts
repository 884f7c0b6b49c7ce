/** npx tsx bench/build-name-index.ts: models/code-search/names.bin and terms.txt from models/icd10cm/codes.bin. Deterministic. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parseCodeSet } from '../src/nlp/coding/code-set';
import { SIDE_WORDS } from '../src/nlp/coding/lexical-search';
import { buildNameIndex, writeNameIndex } from '../src/nlp/coding/name-index';

const codeSet = parseCodeSet(gunzipSync(readFileSync('models/icd10cm/codes.bin')).toString('utf8'));
const index = buildNameIndex(codeSet, SIDE_WORDS);
const bytes = writeNameIndex(index);
const packed = gzipSync(bytes, { level: 9 });
writeFileSync('models/code-search/names.bin', packed);
writeFileSync('models/code-search/terms.txt', index.terms.join('\n'));
console.log(`${bytes.length} bytes, ${packed.length} gzipped`);
