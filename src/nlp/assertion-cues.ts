/**
 * Cue literals from rules/cues-*.json and the search for them in a sentence.
 *
 * A group gives its literals one meaning. In a literal, words are separated by spaces, "a|b" stands for either word,
 * "<family>" for a list of rules/cues-words.json, and a placeholder for a kind of token: <number>, <year>, <word>, or
 * <end>, which takes no token and holds before punctuation and at the end. For each axis the longest literal at a place wins, so pseudo-cues ("no increase") shield
 * the cue that they contain (Chapman et al. 2001; Harkema et al. 2009).
 */
import type { AssertionAxis, EntityLabel, Experiencer, Presence, Temporality } from './document';
import type { Token } from './assertion-tokens';
import experiencerGroups from './rules/cues-experiencer.json';
import presenceGroups from './rules/cues-presence.json';
import temporalityGroups from './rules/cues-temporality.json';
import terminationGroups from './rules/cues-termination.json';
import wordLists from './rules/cues-words.json';

export type AxisValue = Presence | Temporality | Experiencer;

interface CueMeaning {
  readonly axis: AssertionAxis;
  readonly value: AxisValue;
  /** adjacent: forward where it opens an item ("(-) fever"), else backward ("fever (-)"). */
  readonly direction: 'forward' | 'backward' | 'bidirectional' | 'adjacent';
  /** Farthest distance in tokens between cue and target. */
  readonly maxScope?: number;
  /** Only targets with these labels. */
  readonly labels?: readonly EntityLabel[];
  /** Only the target next to the cue: "fever, and PE was ruled out". */
  readonly nearest?: boolean;
  /** Right after a negation it is part of what is negated: "no findings suggestive of", "no possible". */
  readonly yields?: boolean;
  /** Not for mentions with one of these words: what a person is born with is never past ("history of sickle cell"). */
  readonly exceptWords?: readonly string[];
}

interface Termination {
  readonly direction: 'terminate';
  /** The cues whose scope ends here. */
  readonly values: readonly AxisValue[];
}

interface Pseudo {
  readonly direction: 'pseudo';
}

export type CueRule = (CueMeaning | Termination | Pseudo) & { readonly name: string };
export type Modifier = CueMeaning & { readonly name: string };
type CueGroup = (CueMeaning | Termination | Pseudo) & { readonly literals: readonly string[] };

/** Tokens [first, last) that matched, and every rule that the literal carries. */
export interface CueMatch {
  readonly first: number;
  readonly last: number;
  readonly rules: readonly CueRule[];
}

interface Node {
  readonly next: Map<string, Node>;
  readonly rules: CueRule[];
}

const WORD_LISTS = new Map<string, readonly string[]>(Object.entries(wordLists));
const NUMBER_WORDS = new Set('one two three four five six seven eight nine ten eleven twelve several few'.split(' '));
const PUNCTUATION = new Set([',', ';', '.', '!', ')', '|', '[x]', '[]']);
const ITEM_OPENERS = new Set([',', ';', ':', '.', '|', '/', '*', '-', '\u2022', '(', '[x]', '[]', '(+)', '(-)']);

const KINDS: readonly (readonly [string, (word: string) => boolean])[] = [
  ['<number>', (word) => /^\d+$/.test(word) || NUMBER_WORDS.has(word)],
  ['<year>', (word) => /^(?:19|20)\d\d$/.test(word)],
  ['<word>', (word) => /^\p{L}/u.test(word)],
];

function makeNode(): Node {
  return { next: new Map(), rules: [] };
}

function expand(literal: string): string[] {
  return literal
    .split(' ')
    .map((slot) => slot.split('|').flatMap((word) => WORD_LISTS.get(word) ?? [word]))
    .reduce<string[]>(
      (phrases, words) => phrases.flatMap((phrase) => words.map((word) => `${phrase} ${word}`.trim())),
      [''],
    );
}

function add(root: Node, phrase: string, rule: CueRule): void {
  let node = root;
  for (const word of phrase.split(' ')) {
    const child = node.next.get(word) ?? makeNode();
    node.next.set(word, child);
    node = child;
  }
  node.rules.push(rule);
}

const AXIS_OF: Readonly<Record<AxisValue, AssertionAxis>> = {
  present: 'presence',
  absent: 'presence',
  possible: 'presence',
  current: 'temporality',
  historical: 'temporality',
  hypothetical: 'temporality',
  patient: 'experiencer',
  family: 'experiencer',
  other: 'experiencer',
};

function buildIndex(axis: AssertionAxis, groups: readonly CueGroup[]): Node {
  const root = makeNode();
  const endings = terminationGroups as readonly (Termination & { readonly literals: readonly string[] })[];
  const terminations = endings.map((group) => ({
    ...group,
    values: group.values.filter((value) => AXIS_OF[value] === axis),
  }));
  for (const { literals, ...meaning } of [...groups, ...terminations.filter(({ values }) => values.length > 0)]) {
    for (const phrase of literals.flatMap(expand))
      add(root, phrase, { ...meaning, name: phrase.replace(' <end>', '') });
  }
  return root;
}

const INDEXES: Readonly<Record<AssertionAxis, Node>> = {
  presence: buildIndex('presence', presenceGroups as readonly CueGroup[]),
  temporality: buildIndex('temporality', temporalityGroups as readonly CueGroup[]),
  experiencer: buildIndex('experiencer', experiencerGroups as readonly CueGroup[]),
};

interface Reach {
  readonly last: number;
  readonly depth: number;
  readonly rules: readonly CueRule[];
}

const NOTHING: Reach = { last: 0, depth: 0, rules: [] };

interface Step {
  readonly child: Node;
  /** Tokens that the step takes. */
  readonly width: number;
}

/** At most four: the word itself, its kinds, and the end. */
function stepsFrom(node: Node, word: string | undefined): Step[] {
  const steps: Step[] = [];
  const end = node.next.get('<end>');
  if (end && (word === undefined || PUNCTUATION.has(word))) steps.push({ child: end, width: 0 });
  if (word === undefined) return steps;
  const exact = node.next.get(word);
  if (exact) steps.push({ child: exact, width: 1 });
  for (const [kind, holds] of KINDS) {
    const child = node.next.get(kind);
    if (child && holds(word)) steps.push({ child, width: 1 });
  }
  return steps;
}

/** The depth is bounded by the longest literal, so each place costs a constant. */
function longestFrom(node: Node, tokens: readonly Token[], place: Reach): Reach {
  let best = node.rules.length > 0 ? { ...place, rules: node.rules } : NOTHING;
  for (const { child, width } of stepsFrom(node, tokens[place.last]?.word)) {
    const found = longestFrom(child, tokens, { ...place, last: place.last + width, depth: place.depth + 1 });
    if (found.depth > best.depth) best = found;
  }
  return best;
}

/** The axis' cues, terminations and pseudo-cues from left to right without overlap. */
export function findCues(tokens: readonly Token[], axis: AssertionAxis): CueMatch[] {
  const matches: CueMatch[] = [];
  let first = 0;
  while (first < tokens.length) {
    const { last, rules } = longestFrom(INDEXES[axis], tokens, { last: first, depth: 0, rules: [] });
    if (last > first) matches.push({ first, last, rules });
    first = Math.max(last, first + 1);
  }
  return matches;
}

/** Whether a mark at this token comes before its item, as in "[x] cough", rather than after it. */
export function opensItem(tokens: readonly Token[], index: number): boolean {
  const previous = tokens[index - 1];
  const next = tokens[index + 1];
  if (next === undefined || PUNCTUATION.has(next.word)) return false;
  return previous === undefined || ITEM_OPENERS.has(previous.word);
}
