import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nameWords, readNameIndex, writeNameIndex } from '../../../src/nlp/coding/name-index';
import { parseVectors } from '../../../src/nlp/coding/vectors';
import { codeSet, names } from './code-set';

const shipped = new Uint8Array(gunzipSync(readFileSync('models/code-search/names.bin')));
const terms = readFileSync('models/code-search/terms.txt', 'utf8').split('\n');

describe('the shipped name index', () => {
  it('is the one that the shipped code set gives', () => {
    expect(terms).toEqual(names.terms);
    expect(Buffer.compare(shipped, writeNameIndex(names))).toBe(0);
  });

  it('says every name in the words of the code set', () => {
    const index = readNameIndex(shipped, terms);
    for (let name = 0; name < index.entries.length; name += 997) {
      expect(nameWords(index, codeSet, name)).toMatch(/\S/);
    }
    expect(nameWords(index, codeSet, 0)).toBe(codeSet.titles[0]);
  });

  it('reads from any place in a buffer', () => {
    const moved = new Uint8Array(shipped.length + 3);
    moved.set(shipped, 3);
    expect(readNameIndex(moved.subarray(3), terms)).toEqual(readNameIndex(shipped, terms));
  });

  it.each([
    ['a byte less', shipped.subarray(0, -1), terms],
    ['a byte more', Uint8Array.of(...new Uint8Array(12), 0), []],
    ['a term less', shipped, terms.slice(1)],
  ])('refuses %s', (_, bytes, lines) => {
    expect(() => readNameIndex(bytes, lines)).toThrow(RangeError);
  });
});

describe('the shipped vectors', () => {
  const bytes = new Uint8Array(readFileSync('models/code-search/vectors.bin'));

  it('have one for every name of the code set', () => {
    const vectors = parseVectors(bytes);
    const listed = names.flags.reduce((sum, flags) => sum + Number((flags & 2) === 0), 0);
    expect(vectors.vectorOfName).toHaveLength(listed);
    expect(Math.max(...vectors.vectorOfName)).toBeLessThan(vectors.inverseLengths.length);
  });

  it('were made from these very names', () => {
    const hash = createHash('sha256');
    for (let name = 0; name < names.entries.length; name++) {
      if ((names.flags[name]! & 2) === 0) hash.update(`${nameWords(names, codeSet, name)}\n`);
    }
    expect(Buffer.from(bytes.subarray(16, 20))).toEqual(hash.digest().subarray(0, 4));
  });

  it('are refused when cut short', () => {
    expect(() => parseVectors(bytes.slice(0, -1))).toThrow(RangeError);
  });
});
