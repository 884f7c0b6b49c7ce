/** The real code set, as it is shipped. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseCodeSet } from '../../../src/nlp/coding/code-set';
import { buildSearchIndex } from '../../../src/nlp/coding/search';

export const codeSet = parseCodeSet(gunzipSync(readFileSync('models/icd10cm/codes.bin')).toString('utf8'));
export const search = buildSearchIndex(codeSet);
