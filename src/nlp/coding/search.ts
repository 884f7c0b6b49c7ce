/**
 * Finding codes for a phrase: lexical and dense search each propose, the ranking decides.
 * The lexical search knows every word and side, the dense one what means the same in other words; each alone misses a
 * third (models/code-search/README.md).
 */
import type { Candidate } from '../document';
import rules from '../rules/coding.json';
import type { CodeSet } from './code-set';
import {
  buildLexicalIndex,
  exactCode,
  lexicalScores,
  SIDE_WORDS,
  toCandidate,
  type LexicalIndex,
  type LexicalScore,
} from './lexical-search';
import { featuresOf, probabilitiesOf, type Asked, type CodePrior, type Draft, type RankingModel } from './ranking';
import { NAME_FLAGS, nameWords, type NameIndex } from './name-index';
import { onSide } from './sides';
import { termsOf } from './terms';
import { cosinesOf, nearestVectors, type VectorIndex } from './vectors';

/** A phrase -> its unit vector. */
export type EmbedPhrase = (phrase: string) => Promise<Float32Array>;

/** What the coding rules, the worker and the batch command need to know of the search. */
export interface CodeSearch {
  readonly codeSet: CodeSet;
  readonly prior: CodePrior;
  /** Best first, each with the probability that it is meant; never a code outside the set. */
  readonly find: (phrase: string, limit: number) => Promise<readonly Candidate[]>;
}

/** Both indexes over the names of one code set, and how they refer to each other. */
export interface FusedIndex {
  readonly codeSet: CodeSet;
  readonly lexical: LexicalIndex;
  readonly vectors: VectorIndex;
  /** Names by entry and by vector. */
  readonly byEntry: Groups;
  readonly byVector: Groups;
  /** name -> its vector */
  readonly vectorOf: Uint16Array;
  readonly embed: EmbedPhrase;
  readonly prior: CodePrior;
}

const REMEMBERED_LIMIT = 5000;
/** Longer than a title can be. */
const PHRASE_LIMIT = 300;

/** Names that share a number: `names` from `offsets[number]` to `offsets[number + 1]`. */
interface Groups {
  readonly offsets: Uint32Array;
  readonly names: Uint32Array;
}

/** By counting: names stay in order within their group. */
function groupNames(numberOf: Uint32Array | Uint16Array, groups: number): Groups {
  const offsets = new Uint32Array(groups + 1);
  for (const number of numberOf) offsets[number + 1]!++;
  for (let number = 0; number < groups; number++) offsets[number + 1]! += offsets[number]!;
  const next = offsets.slice();
  const names = new Uint32Array(numberOf.length);
  for (const [name, number] of numberOf.entries()) names[next[number]!++] = name;
  return { offsets, names };
}

const groupOf = ({ offsets, names }: Groups, number: number): Uint32Array =>
  names.subarray(offsets[number], offsets[number + 1]);

export interface SearchParts {
  readonly codeSet: CodeSet;
  readonly names: NameIndex;
  readonly vectors: VectorIndex;
  readonly embed: EmbedPhrase;
  readonly prior: CodePrior;
}

/** @throws RangeError when names or vectors belong to another code set. */
export function fuseIndexes({ codeSet, names, vectors, embed, prior }: SearchParts): FusedIndex {
  const lexical = buildLexicalIndex(codeSet, names);
  const vectorOf = new Uint16Array(names.entries.length);
  let listed = 0;
  for (const [name, flags] of names.flags.entries()) {
    // a header's unspecified leaf goes by the header's names: the same name once more
    if (!(flags & NAME_FLAGS.inherited)) listed++;
    vectorOf[name] = vectors.vectorOfName[listed - 1]!;
  }
  if (listed !== vectors.vectorOfName.length) throw new RangeError('the vectors belong to another code set');
  const byEntry = groupNames(names.entries, codeSet.codes.length);
  const byVector = groupNames(vectorOf, vectors.inverseLengths.length);
  return { codeSet, lexical, vectors, byEntry, byVector, vectorOf, embed, prior };
}

type Scores = ReadonlyMap<number, LexicalScore>;

function bestEntries(scores: Scores, limit: number): number[] {
  return [...scores.entries()]
    .sort(([a, first], [b, second]) => second.score - first.score || a - b)
    .slice(0, limit)
    .map(([entry]) => entry);
}

/** Entries whose names are near the query. Where sides and encounters share a name, those that the words fit best. */
function nearEntries(cosines: Float32Array, scores: Scores, search: FusedIndex): number[] {
  const found = new Set<number>();
  const { titles } = search.codeSet;
  const fit = (entry: number): number =>
    (scores.get(entry)?.score ?? 0) + (/unspecified/i.test(titles[entry]!) ? rules.unspecifiedBonus : 0);
  for (const { vector } of nearestVectors(cosines, rules.nearVectors)) {
    const { entries: entryOf } = search.lexical.names;
    const entries = [...new Set(Array.from(groupOf(search.byVector, vector), (name) => entryOf[name]!))];
    entries.sort((a, b) => fit(b) - fit(a) || a - b);
    for (const entry of entries.slice(0, rules.entriesOfVector)) found.add(entry);
  }
  return [...found];
}

/** Whether a name may not be found by: only the training of the ranking asks for it. */
type LeaveOut = (name: number) => boolean;

interface Gathering {
  readonly scores: Scores;
  readonly cosines: Float32Array;
  readonly search: FusedIndex;
  readonly isLeftOut: LeaveOut;
}

function draftOf(entry: number, { scores, cosines, search, isLeftOut }: Gathering): Draft | null {
  const { lexical, byEntry, vectorOf, codeSet } = search;
  const names = groupOf(byEntry, entry).filter((name) => !isLeftOut(name));
  if (names.length === 0) return null;
  const cosineOf = (name: number): number => cosines[vectorOf[name]!]!;
  const nearest = names.reduce((a, b) => (cosineOf(b) > cosineOf(a) ? b : a));
  const agreeing = scores.get(entry);
  const name = agreeing && agreeing.score >= rules.lexicalAgreement ? agreeing.index : nearest;
  const flags = lexical.names.flags[name]!;
  return {
    entry,
    words: nameWords(lexical.names, codeSet, name),
    isSynonym: (flags & NAME_FLAGS.synonym) !== 0,
    isInherited: (flags & NAME_FLAGS.inherited) !== 0,
    lexical: agreeing?.score ?? 0,
    cosine: cosineOf(nearest),
  };
}

/** The drafts on the side that was asked for, where the code set tells sides apart. */
function moveToSide(draft: Draft, side: string, { codeSet, lexical }: FusedIndex): Draft {
  const entry = onSide(codeSet.titles[draft.entry]!, side, lexical.sides);
  return entry === undefined ? { ...draft, lexical: draft.lexical * (1 - rules.sidelessPenalty) } : { ...draft, entry };
}

function mergeDrafts(drafts: readonly Draft[]): Draft[] {
  const byEntry = new Map<number, Draft>();
  for (const draft of drafts) {
    const known = byEntry.get(draft.entry);
    if (!known) byEntry.set(draft.entry, draft);
    else if (draft.lexical > known.lexical)
      byEntry.set(draft.entry, { ...draft, cosine: Math.max(draft.cosine, known.cosine) });
  }
  return [...byEntry.values()];
}

/** A side that nobody named is no reading of the words, unless there is no other. */
function onlyOfSide(drafts: readonly Draft[], side: string | undefined, { codeSet }: FusedIndex): readonly Draft[] {
  const fitting = drafts.filter(({ entry }) => {
    const named: readonly string[] = codeSet.titles[entry]!.toLowerCase().match(/\b(?:left|right|bilateral)\b/g) ?? [];
    return named.length === 0 || (side !== undefined && named.includes(side));
  });
  return fitting.length > 0 ? fitting : drafts;
}

/** Words that the code set lacks but for one typing error, in its spelling; of several the one that most names have. */
function correctSpelling(phrase: string, { numbers, names, correct }: LexicalIndex): string {
  const frequency = (word: string): number =>
    names.offsets[numbers.get(word)! + 1]! - names.offsets[numbers.get(word)!]!;
  return phrase.replace(/\p{L}{4,30}/gu, (word) => {
    const [term, ...others] = termsOf(word);
    if (term === undefined || others.length > 0 || numbers.has(term)) return word;
    const { words, kind } = correct(term);
    if (kind !== 'typo' || words.length === 0) return word;
    return words.reduce((a, b) => (frequency(b) > frequency(a) ? b : a));
  });
}

/** Everything that either search proposes for a phrase. */
export async function gatherDrafts(
  typed: string,
  search: FusedIndex,
  leavesOut: (words: string) => boolean = () => false,
): Promise<Asked> {
  const phrase = correctSpelling(typed, search.lexical);
  const words = [...new Set(termsOf(phrase))];
  const side = words.find((word) => SIDE_WORDS.has(word));
  const bare = words.filter((word) => !SIDE_WORDS.has(word));
  const cosines = cosinesOf(await search.embed(bare.length > 0 ? withoutSide(phrase) : phrase), search.vectors);
  const isLeftOut: LeaveOut = (name) => leavesOut(nameWords(search.lexical.names, search.codeSet, name));
  const draftsFor = (scores: Scores, near: boolean): Draft[] => {
    const entries = [
      ...bestEntries(scores, rules.lexicalEntries),
      ...(near ? nearEntries(cosines, scores, search) : []),
    ];
    const gathering = { scores, cosines, search, isLeftOut };
    return [...new Set(entries)].map((entry) => draftOf(entry, gathering)).filter((draft) => draft !== null);
  };
  const scoresOf = (asked: readonly string[]): Scores => lexicalScores(asked, search.lexical, isLeftOut);
  if (side === undefined) return { phrase, words, drafts: onlyOfSide(draftsFor(scoresOf(words), true), side, search) };
  const moved = draftsFor(scoresOf(bare), true).map((draft) => moveToSide(draft, side, search));
  return {
    phrase,
    words,
    drafts: onlyOfSide(mergeDrafts([...draftsFor(scoresOf(words), false), ...moved]), side, search),
  };
}

const SIDES = new RegExp(`\\b(?:${[...SIDE_WORDS].join('|')})\\b`, 'gi');

/** Vectors are of names without their side. */
function withoutSide(phrase: string): string {
  return phrase.replace(SIDES, ' ').replace(/ {2,}/g, ' ').trim();
}

async function rankPhrase(phrase: string, index: FusedIndex, ranking: RankingModel): Promise<Candidate[]> {
  if (termsOf(phrase).length === 0) return [];
  const asked = await gatherDrafts(phrase, index);
  const exact = exactCode(phrase, index.lexical);
  const probabilities = probabilitiesOf(featuresOf(asked, index.codeSet, index.prior), ranking);
  const ranked = asked.drafts
    .map((draft, place) => toCandidate(draft, probabilities[place]!, index.codeSet))
    .filter(({ code }) => code !== exact?.code)
    .sort((a, b) => b.score - a.score || a.code.localeCompare(b.code));
  return exact ? [exact, ...ranked] : ranked;
}

export function makeCodeSearch(parts: SearchParts, ranking: RankingModel): CodeSearch {
  const index = fuseIndexes(parts);
  /** A note repeats its phrases. */
  const remembered = new Map<string, Promise<readonly Candidate[]>>();
  const find: CodeSearch['find'] = (query, limit) => {
    const phrase = query.slice(0, PHRASE_LIMIT);
    const key = `${limit}:${phrase}`;
    const known = remembered.get(key);
    if (known) return known;
    if (remembered.size >= REMEMBERED_LIMIT) remembered.clear();
    const found = rankPhrase(phrase, index, ranking).then((ranked) => ranked.slice(0, limit));
    remembered.set(key, found);
    // a failure must not be remembered: the next call tries again
    found.catch(() => remembered.delete(key));
    return found;
  };
  return { codeSet: parts.codeSet, prior: parts.prior, find };
}
