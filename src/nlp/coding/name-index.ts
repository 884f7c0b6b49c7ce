/**
 * All searchable names of a code set by their terms, as flat arrays: built once by `bench/build-name-index.ts`, shipped as
 * models/code-search/names.bin, and read in a few milliseconds where building takes most of a second.
 */
import { tabularAt, type CodeSet } from './code-set';
import { makeNames } from './search-names';

export interface NameIndex {
  /** Of each name: the entry of the code set that goes by it. */
  readonly entries: Uint32Array;
  /** Of each name: which of the entry's own names it is (or of the header's, if inherited): see `nameWords`. */
  readonly ordinals: Uint32Array;
  /** Of each name: bits of NAME_FLAGS. */
  readonly flags: Uint8Array;
  /** Terms in the order of their numbers. */
  readonly terms: readonly string[];
  /** Of each term: where its postings begin; one more at the end. */
  readonly offsets: Uint32Array;
  /** Numbers of the names that have the term, doubled; odd where the term is optional in the name. */
  readonly postings: Uint32Array;
}

export const NAME_FLAGS = { synonym: 1, inherited: 2, side: 4 } as const;

/** Slow: reads every name. @param sideWords words that make a name one of a side */
export function buildNameIndex(codeSet: CodeSet, sideWords: ReadonlySet<string>): NameIndex {
  const names = makeNames(codeSet);
  const numbers = new Map<string, number>();
  const lists: number[][] = [];
  for (const [name, { terms }] of names.entries()) {
    for (const { term, optional } of terms) {
      const number = numbers.get(term) ?? numbers.size;
      if (number === numbers.size) {
        numbers.set(term, number);
        lists.push([]);
      }
      lists[number]!.push(name * 2 + Number(optional));
    }
  }
  const flagsOf = ({ isSynonym, isInherited, terms }: (typeof names)[number]): number =>
    Number(isSynonym) * NAME_FLAGS.synonym +
    Number(isInherited) * NAME_FLAGS.inherited +
    Number(terms.some(({ term }) => sideWords.has(term))) * NAME_FLAGS.side;
  const offsets = new Uint32Array(lists.length + 1);
  for (const [number, list] of lists.entries()) offsets[number + 1] = offsets[number]! + list.length;
  return {
    entries: Uint32Array.from(names, ({ entry }) => entry),
    ordinals: Uint32Array.from(names, ({ owner, ordinal }) => owner * ORDINALS + ordinal),
    flags: Uint8Array.from(names, flagsOf),
    terms: [...numbers.keys()],
    offsets,
    postings: Uint32Array.from(lists.flat()),
  };
}

/** More own names than an entry has; owner and ordinal share one number. */
const ORDINALS = 1024;

/** The words of a name: the owner's title, then its inclusion terms, includes and synonyms. */
export function nameWords({ ordinals }: NameIndex, codeSet: CodeSet, name: number): string {
  const [owner, ordinal] = [Math.floor(ordinals[name]! / ORDINALS), ordinals[name]! % ORDINALS];
  if (ordinal === 0) return codeSet.titles[owner]!;
  const { inclusions, includes, synonyms } = tabularAt(codeSet, owner);
  return [...inclusions, ...includes, ...synonyms][ordinal - 1]!;
}

/** The arrays as one file, little endian: numbers of names, terms and postings, then the arrays. The terms go apart. */
export function writeNameIndex({
  entries,
  ordinals,
  flags,
  terms,
  offsets,
  postings,
}: NameIndex): Uint8Array<ArrayBuffer> {
  const header = Uint32Array.of(entries.length, terms.length, postings.length);
  const parts = [header, entries, ordinals, offsets, postings, flags];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let place = 0;
  for (const part of parts) {
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), place);
    place += part.byteLength;
  }
  return bytes;
}

/** @throws RangeError when the file is shorter or longer than its header says, or the terms are others. */
export function readNameIndex(bytes: Uint8Array<ArrayBuffer>, terms: readonly string[]): NameIndex {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  let place = aligned.byteOffset;
  const take = (length: number): Uint32Array => {
    const part = new Uint32Array(aligned.buffer, place, length);
    place += length * 4;
    return part;
  };
  const [names = 0, termCount = 0, postingCount = 0] = take(3);
  const [entries, ordinals, offsets, postings] = [take(names), take(names), take(termCount + 1), take(postingCount)];
  if (place + names !== aligned.byteOffset + aligned.byteLength || termCount !== terms.length)
    throw new RangeError('names.bin has another length');
  return { entries, ordinals, flags: new Uint8Array(aligned.buffer, place, names), terms, offsets, postings };
}
