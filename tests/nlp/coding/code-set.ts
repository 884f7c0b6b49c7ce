/** The real code set, as it is shipped. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseCodeSet } from '../../../src/nlp/coding/code-set';
import { buildLexicalIndex, SIDE_WORDS, searchLexically } from '../../../src/nlp/coding/lexical-search';
import { buildNameIndex } from '../../../src/nlp/coding/name-index';
import rules from '../../../src/nlp/rules/coding.json';
import type { CodeSearch } from '../../../src/nlp/coding/search';

export const codeSet = parseCodeSet(gunzipSync(readFileSync('models/icd10cm/codes.bin')).toString('utf8'));
/** Built anew, not read: a test of its own holds the shipped one to it. */
export const names = buildNameIndex(codeSet, SIDE_WORDS);
export const lexical = buildLexicalIndex(codeSet, names);

/** The rules of coding are tested without the encoder: the best by words alone. tests/models has the whole search. */
export const search: CodeSearch = {
  codeSet,
  prior: { categories: {}, codes: {} },
  find: (phrase) =>
    Promise.resolve(searchLexically(phrase, lexical, 1).filter(({ score }) => score >= rules.lexicalAgreement)),
};
