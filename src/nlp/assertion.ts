/**
 * Assertion: whether an entity is there, when, and whose it is. Rules in the manner of NegEx (Chapman et al. 2001) and
 * ConText (Harkema et al. 2009): cues with a direction and a scope (rules/cues-*.json), then priors of the section
 * (rules/cues-sections.json) where no cue decides.
 */
import type {
  Assertion,
  AssertionAxis,
  Cue,
  Document,
  Entity,
  EntityLabel,
  Section,
  SectionCategory,
  Span,
} from './document';
import { DEFAULT_ASSERTION } from './document';
import type { AxisValue } from './assertion-cues';
import { decidingCue, openCues, openScopes, type OpenCues, type Scopes } from './assertion-scopes';
import { tokenize } from './assertion-tokens';
import priors from './rules/cues-sections.json';
import wordLists from './rules/cues-words.json';

interface Prior {
  readonly section: SectionCategory;
  readonly axis: AssertionAxis;
  readonly value: AxisValue;
  readonly labels: readonly EntityLabel[];
  /** Mentions with one of these words keep their default. */
  readonly exceptWords?: readonly string[];
}

const PRIORS = priors as readonly Prior[];
const AXES: readonly AssertionAxis[] = ['presence', 'temporality', 'experiencer'];
const BULLET = /^[ \t]{0,40}(?:[-*\u2022\u2023\u25aa\u25cf\u25e6\u2013]|\d{1,2}[.)]|\[[ x]?\])/;
const EMPTY: Span = { start: 0, end: 0 };

interface Decision {
  readonly value: AxisValue;
  readonly cue: Cue | undefined;
}

function isExcepted({ text }: Entity, { exceptWords }: Pick<Prior, 'exceptWords'>): boolean {
  const mention = text.toLowerCase();
  return exceptWords?.some((word) => mention.includes(word)) === true;
}

function priorFor(entity: Entity, section: Section | undefined, axis: AssertionAxis): Decision | undefined {
  const prior = PRIORS.find(
    (each) => each.section === section?.category && each.axis === axis && each.labels.includes(entity.label),
  );
  if (!prior || !section) return undefined;
  if (isExcepted(entity, prior)) return undefined;
  const { start, end } = section.title;
  return {
    value: prior.value,
    cue: end > start ? { start, end, axis, rule: `section:${prior.section}` } : undefined,
  };
}

/** "Family history of diabetes", "mother's stroke": a mention that names the relative itself, which no cue can reach. */
const RELATIVE = new RegExp(
  `(?<![\\p{L}-])(?:family (?:history|hx)|${[...wordLists['<family>'], ...wordLists["<family's>"]].join('|')})(?![\\p{L}-]|\\s(?:mary|chromatid))`,
  'iu',
);

function namedRelative({ text, start, label }: Entity, axis: AssertionAxis): Decision | undefined {
  if (axis !== 'experiencer' || (label !== 'DISORDER' && label !== 'SYMPTOM')) return undefined;
  const match = RELATIVE.exec(text);
  if (match === null) return undefined;
  const from = start + match.index;
  return { value: 'family', cue: { start: from, end: from + match[0].length, axis, rule: 'named relative' } };
}

interface Place {
  readonly section: Section | undefined;
  /** Absent for an entity outside every sentence. */
  readonly scopes?: Scopes;
}

function decide(entity: Entity, { section, scopes }: Place, axis: AssertionAxis): Decision | undefined {
  const scoped = scopes && decidingCue(scopes, entity, axis);
  if (!scoped || isExcepted(entity, scoped.rule)) {
    return namedRelative(entity, axis) ?? priorFor(entity, section, axis);
  }
  const { start, end } = scoped.span;
  return { value: scoped.rule.value, cue: { start, end, axis, rule: scoped.rule.name } };
}

/** An axis that keeps its default keeps no cue: "positive for" only stops the cues before it. */
function assertAt(entity: Entity, place: Place): Assertion {
  const values: Partial<Record<AssertionAxis, AxisValue>> = {};
  const cues: Cue[] = [];
  for (const axis of AXES) {
    const decision = decide(entity, place, axis);
    if (!decision || decision.value === DEFAULT_ASSERTION[axis]) continue;
    values[axis] = decision.value;
    if (decision.cue) cues.push(decision.cue);
  }
  return { ...DEFAULT_ASSERTION, ...values, cues } as Assertion;
}

/** Looks back only as far as a bullet is wide, so that one long line stays linear. */
function isListItem(text: string, sentence: Span): boolean {
  const lead = text.slice(Math.max(0, sentence.start - 8), sentence.start);
  const lineBreak = lead.lastIndexOf('\n');
  const from = lineBreak < 0 && lead.length === 8 ? '' : lead.slice(lineBreak + 1);
  return BULLET.test(from + text.slice(sentence.start, sentence.start + 8));
}

function byStart(a: Span, b: Span): number {
  return a.start - b.start || a.end - b.end;
}

/** Walks ordered spans once; asks must come in the order of the text. */
class SpanWalk<T> {
  #index = 0;
  constructor(
    private readonly items: readonly T[],
    private readonly endOf: (item: T) => number,
  ) {}

  /** The first item that ends after the offset. */
  at(offset: number): T | undefined {
    while (this.#index < this.items.length && this.endOf(this.items[this.#index]!) <= offset) this.#index++;
    return this.items[this.#index];
  }
}

/** Entities of each sentence, by the place of their first character; null holds those outside every sentence. */
type EntityGroups = ReadonlyMap<Span | null, readonly Entity[]>;

function groupBySentence(sentences: readonly Span[], entities: readonly Entity[]): EntityGroups {
  const groups = new Map<Span | null, Entity[]>();
  const walk = new SpanWalk(sentences, ({ end }) => end);
  for (const entity of entities) {
    const sentence = walk.at(entity.start);
    const key = sentence && sentence.start <= entity.start ? sentence : null;
    const group = groups.get(key);
    if (group) group.push(entity);
    else groups.set(key, [entity]);
  }
  return groups;
}

interface SentenceInput {
  readonly text: string;
  readonly sentence: Span;
  readonly section: Section | undefined;
  readonly targets: readonly Entity[];
  readonly inherited: OpenCues;
}

/** Undefined where nothing can come of it: without targets, only a closing colon matters to what follows. */
function scopesOf({ text, sentence, section, targets, inherited }: SentenceInput): Scopes | undefined {
  const tokens = tokenize(text, sentence);
  if (targets.length === 0 && tokens.at(-1)?.word !== ':') return undefined;
  return openScopes({ tokens, targets, title: section?.title ?? EMPTY, inherited });
}

function walkSections(document: Document): SpanWalk<Section> {
  return new SpanWalk(document.sections, ({ title, body }) => Math.max(title.end, body.end));
}

/** Where a sentence opens a list with a colon, its open cues hold for the list's items in the same section. */
function assertSentences(document: Document, groups: EntityGroups): Map<Entity, Assertion> {
  const { text } = document;
  const sections = walkSections(document);
  const asserted = new Map<Entity, Assertion>();
  let inherited: OpenCues = [];
  let previous: Section | undefined;
  for (const sentence of document.sentences) {
    const section = sections.at(sentence.start);
    if (section !== previous || !isListItem(text, sentence)) inherited = [];
    previous = section;
    const targets = groups.get(sentence) ?? [];
    const scopes = scopesOf({ text, sentence, section, targets, inherited });
    if (!scopes) continue;
    for (const entity of targets) asserted.set(entity, assertAt(entity, { section, scopes }));
    const opened = openCues(scopes);
    if (opened.length > 0) inherited = opened;
  }
  return asserted;
}

function assertOutsideSentences(document: Document, groups: EntityGroups): Map<Entity, Assertion> {
  const sections = walkSections(document);
  const entities = groups.get(null) ?? [];
  return new Map(entities.map((entity) => [entity, assertAt(entity, { section: sections.at(entity.start) })]));
}

/**
 * Sets every entity's assertion with the cues that decided it; everything else stays as it is.
 * Sections and sentences are in the order of the text, entities in any. Linear, but for sorting and binary search.
 */
export function assertEntities(document: Document): Document {
  const groups = groupBySentence(document.sentences, [...document.entities].sort(byStart));
  const inside = assertSentences(document, groups);
  const outside = assertOutsideSentences(document, groups);
  const entities = document.entities.map((entity) => {
    const assertion = inside.get(entity) ?? outside.get(entity) ?? DEFAULT_ASSERTION;
    return { ...entity, assertion };
  });
  return { ...document, entities };
}
