/**
 * Scopes of the cues in one sentence. A forward scope runs from the cue to the sentence's end, a backward scope to its
 * beginning; both are cut at terminations and at the next cue of the same axis (Harkema et al. 2009). So every place
 * has at most one cue per lane and direction, and looking it up takes logarithmic time.
 */
import type { AssertionAxis, EntityLabel, Span } from './document';
import { findCues, opensItem, type AxisValue, type CueMatch, type Modifier } from './assertion-cues';
import { firstTokenAfter, type Token } from './assertion-tokens';

/** A token boundary where a cue's scope begins. */
interface Mark {
  readonly edge: number;
  /** Where a forward scope ends at the latest: a bracket opened before the cue closes there. */
  readonly limit: number;
  readonly span: Span;
  readonly rule: Modifier;
}

/** The marks of one axis that apply to the same labels, ordered by edge. */
interface Lane {
  readonly axis: AssertionAxis;
  readonly labels: readonly EntityLabel[] | undefined;
  readonly forward: Mark[];
  readonly backward: Mark[];
}

export interface Target extends Span {
  readonly label: EntityLabel;
}

/** A termination's two sides: forward scopes end at `first`, backward scopes at `last`. */
interface Cut {
  readonly first: number;
  readonly last: number;
}

type Cuts = ReadonlyMap<AxisValue, readonly Cut[]>;

export interface Scopes {
  readonly lanes: readonly Lane[];
  readonly cuts: Cuts;
  readonly tokens: readonly Token[];
  /** Ordered by start. */
  readonly targets: readonly Target[];
}

export interface ScopedCue {
  readonly rule: Modifier;
  readonly span: Span;
  readonly distance: number;
}

/** Forward cues still open where a sentence ends in a colon; the list items below it inherit them. */
export type OpenCues = readonly { readonly rule: Modifier; readonly span: Span }[];

const AXES: readonly AssertionAxis[] = ['presence', 'temporality', 'experiencer'];

/** For each token inside a pair of brackets, the index of the closing one. */
function closingBrackets(tokens: readonly Token[]): (number | undefined)[] {
  const closing: (number | undefined)[] = [];
  const closed: number[] = [];
  for (let index = tokens.length - 1; index >= 0; index--) {
    if (tokens[index]!.word === '(') closed.pop();
    closing[index] = closed.at(-1);
    if (tokens[index]!.word === ')') closed.push(index);
  }
  return closing;
}

class Lanes {
  readonly all: Lane[] = [];
  readonly cuts = new Map<AxisValue, Cut[]>();
  #lastNegation: Mark | undefined;
  readonly #byKey = new Map<string, Lane>();

  readonly #closing: readonly (number | undefined)[];

  constructor(private readonly tokens: readonly Token[]) {
    this.#closing = closingBrackets(tokens);
  }

  #lane({ axis, labels }: Modifier): Lane {
    const key = `${axis}:${labels?.join() ?? ''}`;
    const known = this.#byKey.get(key);
    if (known) return known;
    const lane: Lane = { axis, labels, forward: [], backward: [] };
    this.#byKey.set(key, lane);
    this.all.push(lane);
    return lane;
  }

  open(rule: Modifier, span: Span): void {
    this.#lane(rule).forward.push({ edge: 0, limit: Infinity, span, rule });
  }

  addMatch({ first, last, rules }: CueMatch, marksOpenItems: boolean): void {
    const span = { start: this.tokens[first]!.start, end: this.tokens[last - 1]!.end };
    for (const rule of rules) {
      if (rule.direction === 'pseudo') continue;
      if (rule.direction === 'terminate') this.#cut(rule.values, { first, last });
      else if (!rule.yields || !this.#negated(first)) this.#add({ first, last, span, rule }, marksOpenItems);
    }
  }

  #cut(values: readonly AxisValue[], cut: Cut): void {
    for (const value of values) {
      const known = this.cuts.get(value);
      if (known) known.push(cut);
      else this.cuts.set(value, [cut]);
    }
  }

  #add({ first, last, span, rule }: Pick<Mark, 'span' | 'rule'> & Cut, marksOpenItems: boolean): void {
    const adjacent = marksOpenItems ? 'forward' : 'backward';
    const direction = rule.direction === 'adjacent' ? adjacent : rule.direction;
    const lane = this.#lane(rule);
    const mark = { edge: last, limit: this.#closing[first] ?? Infinity, span, rule };
    if (direction !== 'backward') lane.forward.push(mark);
    if (direction !== 'forward') lane.backward.push({ ...mark, edge: first });
    if (direction !== 'backward' && rule.value === 'absent') this.#lastNegation = mark;
  }

  /** Whether a forward negation stands at most three plain words before the token. */
  #negated(first: number): boolean {
    const edge = this.#lastNegation?.edge ?? Infinity;
    return (
      edge <= first && first - edge <= 3 && this.tokens.slice(edge, first).every(({ word }) => /^\p{L}/u.test(word))
    );
  }
}

/** Tokens inside these spans (entities, the section's title) are never part of a cue. */
function mask(tokens: readonly Token[], spans: readonly Span[]): Token[] {
  const masked = [...tokens];
  let index = 0;
  for (const span of spans) {
    index = Math.max(index, firstTokenAfter(tokens, span.start));
    for (; index < tokens.length && tokens[index]!.start < span.end; index++) {
      masked[index] = { ...tokens[index]!, word: '' };
    }
  }
  return masked;
}

export interface ScopeInput {
  readonly tokens: readonly Token[];
  /** Ordered by start. */
  readonly targets: readonly Target[];
  readonly title: Span;
  readonly inherited: OpenCues;
}

export function openScopes({ tokens, targets, title, inherited }: ScopeInput): Scopes {
  const words = mask(mask(tokens, targets), [title]);
  const lanes = new Lanes(words);
  for (const { rule, span } of inherited) lanes.open(rule, span);
  const matches = AXES.flatMap((axis) => findCues(words, axis));
  const firstMark = matches.find(({ rules }) => rules.some(({ direction }) => direction === 'adjacent'));
  const marksOpenItems = firstMark !== undefined && opensItem(words, firstMark.first);
  for (const match of matches) lanes.addMatch(match, marksOpenItems);
  return { lanes: lanes.all, cuts: lanes.cuts, tokens, targets };
}

/** Number of leading items whose key is below the limit; items are ordered by that key. */
function countBelow<T>(items: readonly T[], keyOf: (item: T) => number, limit: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOf(items[middle]!) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether some target lies wholly in the gap, so that a cue beyond it has a nearer one. */
function targetIn(targets: readonly Target[], gap: Span): boolean {
  const next = targets[countBelow(targets, ({ start }) => start, gap.start)];
  return next !== undefined && next.end <= gap.end;
}

interface Gap extends Span {
  readonly distance: number;
}

/** The mark's cue, if the gap between it and the target is within its reach. */
function reach({ rule, span }: Mark, { targets }: Scopes, gap: Gap): ScopedCue | undefined {
  if (gap.distance > (rule.maxScope ?? Infinity)) return undefined;
  if (rule.nearest && targetIn(targets, gap)) return undefined;
  return { rule, span, distance: gap.distance };
}

function before(scopes: Scopes, lane: Lane, target: Span): ScopedCue | undefined {
  const first = firstTokenAfter(scopes.tokens, target.start);
  const mark = lane.forward[countBelow(lane.forward, ({ edge }) => edge, first + 1) - 1];
  if (!mark) return undefined;
  const cuts = scopes.cuts.get(mark.rule.value) ?? [];
  const cut = cuts[countBelow(cuts, (each) => each.last, first + 1) - 1];
  if (mark.limit < first || (cut && cut.first >= mark.edge)) return undefined;
  return reach(mark, scopes, { start: mark.span.end, end: target.start, distance: first - mark.edge });
}

function after(scopes: Scopes, lane: Lane, target: Span): ScopedCue | undefined {
  const last = firstTokenAfter(scopes.tokens, target.end - 1) + 1;
  const mark = lane.backward[countBelow(lane.backward, ({ edge }) => edge, last)];
  if (!mark) return undefined;
  const cuts = scopes.cuts.get(mark.rule.value) ?? [];
  const cut = cuts[countBelow(cuts, (each) => each.first, last)];
  if (cut && cut.last <= mark.edge) return undefined;
  return reach(mark, scopes, { start: target.end, end: mark.span.start, distance: mark.edge - last });
}

/** The nearest cue whose scope holds the target; at equal distance the later one, which is the predicate. */
export function decidingCue(scopes: Scopes, target: Target, axis: AssertionAxis): ScopedCue | undefined {
  let best: ScopedCue | undefined;
  for (const lane of scopes.lanes) {
    if (lane.axis !== axis || (lane.labels && !lane.labels.includes(target.label))) continue;
    for (const cue of [before(scopes, lane, target), after(scopes, lane, target)]) {
      if (cue && cue.distance <= (best?.distance ?? Infinity)) best = cue;
    }
  }
  return best;
}

/** What a closing colon hands to the list below: "Return to the ED for:". */
export function openCues(scopes: Scopes): OpenCues {
  const { tokens, lanes } = scopes;
  const end = tokens.at(-1);
  if (end?.word !== ':') return [];
  return lanes.flatMap((lane) => {
    const cue = before(scopes, lane, end);
    return cue && cue.rule.nearest !== true ? [{ rule: cue.rule, span: cue.span }] : [];
  });
}
