/**
 * Which candidate the words mean: a small network (training/codes/rank.py) over what both searches say of it. Its
 * outputs, with one for "none of these", become probabilities by softmax, so that a low best score is a reason to abstain.
 */
import wordRules from '../rules/coding-words.json';
import type { CodeSet } from './code-set';
import { SIDE_WORDS } from './lexical-search';

/** Trained weights. `hidden` and `output` are rows of weights with the bias last. */
export interface RankingModel {
  readonly features: readonly string[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly hidden: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** What "none of the candidates" counts. */
  readonly none: number;
}

/** How often coders chose a category and a code in the training cases, as log(1 + count). */
export interface CodePrior {
  readonly categories: Readonly<Record<string, number>>;
  readonly codes: Readonly<Record<string, number>>;
}

/** What the searches say of one code. */
export interface Draft {
  readonly entry: number;
  /** The words of the name that it was found by, and whether they are ours or the header's. */
  readonly words: string;
  readonly isSynonym: boolean;
  readonly isInherited: boolean;
  readonly lexical: number;
  readonly cosine: number;
}

export interface Asked {
  readonly phrase: string;
  readonly words: readonly string[];
  readonly drafts: readonly Draft[];
}

const RARE_CHAPTERS = ['O', 'P', 'Q', 'Z', 'T', 'S', 'C', 'R'];
const LATER = new Set(wordRules.negations);

function trigramsOf(text: string): Set<string> {
  const padded = ` ${text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `;
  return new Set(Array.from({ length: Math.max(0, padded.length - 2) }, (_, place) => padded.slice(place, place + 3)));
}

/** Dice's coefficient (1945) of letter trigrams: near for typing errors and other endings. */
function spellingOverlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const item of a) if (b.has(item)) common++;
  return (2 * common) / Math.max(1, a.size + b.size);
}

/** How many are better; the best has 0. */
function ranksOf(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => b - a);
  return values.map((value) => sorted.indexOf(value));
}

const flag = (condition: boolean): number => Number(condition);

function wordFeatures(title: string, { words }: Asked): number[] {
  const isSided = words.some((word) => SIDE_WORDS.has(word));
  const titleWords = title.toLowerCase().match(/[a-z]+/g) ?? [];
  const namesSide = titleWords.some((word) => SIDE_WORDS.has(word));
  return [
    flag(/unspecified|NOS\b/i.test(title)),
    flag(/\bother\b|elsewhere/i.test(title)),
    flag(/\bwith\b/i.test(title)),
    flag(titleWords.some((word) => LATER.has(word))),
    flag(namesSide && !isSided),
    flag(isSided && !namesSide),
    Math.log(1 + titleWords.length),
  ];
}

/** One row of numbers a draft, in the order of FEATURES. Ranks and gaps are among the drafts of the same phrase. */
export function featuresOf(asked: Asked, codeSet: CodeSet, prior: CodePrior): number[][] {
  const { drafts, phrase, words } = asked;
  const [lexical, cosines] = [drafts.map((draft) => draft.lexical), drafts.map((draft) => draft.cosine)];
  const [lexicalRanks, cosineRanks] = [ranksOf(lexical), ranksOf(cosines)];
  const [bestLexical, bestCosine] = [Math.max(0, ...lexical), Math.max(-1, ...cosines)];
  const spelling = trigramsOf(phrase);
  return drafts.map(({ entry, words: name, isSynonym, isInherited, lexical: score, cosine }, place) => {
    const code = codeSet.codes[entry]!;
    return [
      score,
      bestLexical - score,
      1 / (1 + lexicalRanks[place]!),
      cosine,
      bestCosine - cosine,
      1 / (1 + cosineRanks[place]!),
      bestLexical,
      bestCosine,
      spellingOverlap(spelling, trigramsOf(name)),
      flag(codeSet.billable[entry]!),
      flag(isInherited),
      flag(isSynonym),
      code.length,
      Math.log(1 + words.length),
      prior.categories[code.slice(0, 3)] ?? 0,
      prior.codes[code] ?? 0,
      ...RARE_CHAPTERS.map((letter) => flag(code.startsWith(letter))),
      ...wordFeatures(codeSet.titles[entry]!, asked),
    ];
  });
}

/** Names of the features, for the training and its table; a model with others is refused when it is read. */
export const FEATURES: readonly string[] = [
  'lexical',
  'lexical gap',
  'lexical rank',
  'cosine',
  'cosine gap',
  'cosine rank',
  'best lexical',
  'best cosine',
  'spelling',
  'billable',
  'inherited',
  'synonym',
  'length of code',
  'words',
  'category prior',
  'code prior',
  ...RARE_CHAPTERS.map((letter) => `chapter ${letter}`),
  'unspecified',
  'other',
  'with',
  'without',
  'side not asked for',
  'side missing',
  'title words',
];

/** Values that the training hardly saw must not decide alone. */
const clamp = (value: number): number => Math.max(-5, Math.min(5, value));

function activate(row: readonly number[], { mean, deviation, hidden, output }: RankingModel): number {
  const scaled = row.map((value, place) => clamp((value - mean[place]!) / deviation[place]!));
  let sum = output.at(-1)!;
  for (const [unit, weights] of hidden.entries()) {
    let input = weights.at(-1)!;
    for (const [place, value] of scaled.entries()) input += weights[place]! * value;
    if (input > 0) sum += output[unit]! * input;
  }
  return sum;
}

/** Probability of each row's draft, in their order; together they stay below 1 by what "none" has. */
export function probabilitiesOf(rows: readonly (readonly number[])[], model: RankingModel): number[] {
  const logits = rows.map((row) => activate(row, model));
  const largest = Math.max(model.none, ...logits);
  const weights = logits.map((logit) => Math.exp(logit - largest));
  const total = weights.reduce((sum, weight) => sum + weight, Math.exp(model.none - largest));
  return weights.map((weight) => weight / total);
}

/** @throws RangeError when the weights were trained on other features than this code computes. */
export function parseRanking(model: RankingModel): RankingModel {
  if (model.features.join() !== FEATURES.join()) throw new RangeError('ranking.json has other features');
  return model;
}
