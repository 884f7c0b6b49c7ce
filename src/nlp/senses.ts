/**
 * Which sense of an ambiguous abbreviation a note means, told from the words around it: a log-linear score over the
 * inventory of models/glossary/senses.json, whose cues are written by hand, so that the words that decided can be shown.
 */
import type { Span } from './document';
import { stem } from './glossary-inflection';
import { tokenize, type Token } from './glossary-tokens';

export interface AbbreviationSense {
  /** The long form; a word that merely looks like the abbreviation ("all") stands for itself. */
  readonly long: string;
  /** How common the sense is among the senses of its abbreviation; only ratios matter. */
  readonly prior: number;
  /** Cues anywhere near, each as the stems of its words. */
  readonly near: readonly (readonly string[])[];
  /** Keys that stand right before or right after; "#" is any number. */
  readonly before: readonly (readonly string[])[];
  readonly after: readonly (readonly string[])[];
}

/** Spelling, in its letter case -> senses, the commonest first. */
export type SenseInventory = ReadonlyMap<string, readonly AbbreviationSense[]>;

export interface RankedSense {
  readonly long: string;
  /** Probability in [0, 1] that this sense is meant. */
  readonly score: number;
  /** The words that spoke for it, in the order of the text. */
  readonly evidence: readonly Span[];
}

/** Words read on each side; a fixed reach keeps long notes linear. */
const REACH = 160;
/** Weights in logits, chosen on development sentences: a cue close by, a cue farther off, a cue right beside. */
const CLOSE = { within: 60, weight: 1.3 };
const FAR_WEIGHT = 0.8;
const BESIDE_WEIGHT = 2;
/** Cues of one theme come together; counting each as independent would make every decision look certain. */
const COUNTED_CUES = 3;
/** The sense may always be one that the inventory lacks. */
const UNKNOWN_SENSE = 0.05;

interface Cue extends Span {
  readonly weight: number;
}

interface Surroundings {
  readonly before: readonly Token[];
  readonly after: readonly Token[];
  /** Stem -> its nearest occurrence. */
  readonly stems: ReadonlyMap<string, Cue>;
}

function fail(index: number, problem: string): never {
  throw new TypeError(`abbreviation senses, group ${index}: ${problem}`);
}

function strings(value: unknown, index: number): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((item): item is string => typeof item === 'string' && item !== '')) {
    fail(index, 'cues must be non-empty strings');
  }
  return value;
}

function parseSense(raw: unknown, index: number): AbbreviationSense {
  const record = (raw ?? {}) as Record<string, unknown>;
  const { long, prior } = record;
  if (typeof long !== 'string' || long === '') fail(index, 'a sense needs a long form');
  if (typeof prior !== 'number' || !(prior > 0)) fail(index, 'a prior must be above 0');
  const keys = (field: string): string[][] =>
    strings(record[field], index).map((phrase) => (phrase === '#' ? ['#'] : tokenize(phrase).map(({ key }) => key)));
  return {
    long,
    prior,
    near: keys('near').map((words) => words.map(stem)),
    before: keys('before'),
    after: keys('after'),
  };
}

/** Validates the file of senses. @throws TypeError naming the group, never its words. */
export function parseSenses(raw: unknown): SenseInventory {
  if (!Array.isArray(raw)) throw new TypeError('abbreviation senses must be an array');
  const inventory = new Map<string, readonly AbbreviationSense[]>();
  for (const [index, group] of raw.entries()) {
    const { forms, senses } = (group ?? {}) as Record<string, unknown>;
    if (!Array.isArray(senses) || senses.length === 0) fail(index, 'senses must be a list');
    const parsed = senses.map((sense) => parseSense(sense, index));
    for (const form of strings(forms, index)) inventory.set(form, parsed);
  }
  return inventory;
}

function surroundingsOf(text: string, span: Span): Surroundings {
  const before = tokenize(text, { start: Math.max(0, span.start - REACH), end: span.start });
  const after = tokenize(text, { start: span.end, end: Math.min(text.length, span.end + REACH) });
  const stems = new Map<string, Cue>();
  for (const token of [...[...before].reverse(), ...after]) {
    const distance = token.end <= span.start ? span.start - token.end : token.start - span.end;
    const weight = distance <= CLOSE.within ? CLOSE.weight : FAR_WEIGHT;
    const key = stem(token.key);
    if ((stems.get(key)?.weight ?? 0) < weight) stems.set(key, { start: token.start, end: token.end, weight });
  }
  return { before, after, stems };
}

const isKey = (token: Token | undefined, key: string): boolean =>
  key === '#' ? token?.kind === 'number' : token?.key === key;

/** The words beside the abbreviation, where they are one of the phrases. */
function besideCue(phrases: readonly (readonly string[])[], tokens: readonly Token[], end: boolean): Cue | null {
  for (const phrase of phrases) {
    const from = end ? tokens.length - phrase.length : 0;
    if (from < 0 || !phrase.every((key, at) => isKey(tokens[from + at], key))) continue;
    const [first, last] = [tokens[from]!, tokens[from + phrase.length - 1]!];
    return { start: first.start, end: last.end, weight: BESIDE_WEIGHT };
  }
  return null;
}

function nearCues(sense: AbbreviationSense, { stems }: Surroundings): Cue[] {
  const cues = sense.near.flatMap((words): Cue[] => {
    const found = words.map((word) => stems.get(word)).filter((cue) => cue !== undefined);
    if (found.length < words.length || found.length === 0) return [];
    return [found.reduce((weakest, cue) => (cue.weight < weakest.weight ? cue : weakest))];
  });
  return cues.sort((a, b) => b.weight - a.weight).slice(0, COUNTED_CUES);
}

function cuesOf(sense: AbbreviationSense, around: Surroundings): Cue[] {
  const beside = [besideCue(sense.before, around.before, true), besideCue(sense.after, around.after, false)];
  return [...beside.filter((cue) => cue !== null), ...nearCues(sense, around)];
}

/** All senses of the abbreviation at a span of the text, likeliest first; their scores leave room for an unknown one. */
export function rankSenses(senses: readonly AbbreviationSense[], text: string, span: Span): RankedSense[] {
  const around = surroundingsOf(text, span);
  const weighed = senses.map((sense) => {
    const cues = cuesOf(sense, around);
    const weight = sense.prior * Math.exp(cues.reduce((sum, cue) => sum + cue.weight, 0));
    return { long: sense.long, weight, cues };
  });
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return weighed
    .sort((a, b) => b.weight - a.weight)
    .map(({ long, weight, cues }) => ({
      long,
      score: Math.round((1 - UNKNOWN_SENSE) * (weight / total) * 1000) / 1000,
      evidence: cues.map(({ start, end }) => ({ start, end })).sort((a, b) => a.start - b.start),
    }));
}
