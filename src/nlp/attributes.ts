/**
 * Attributes of the entities: how a medicine is taken, what a test gave, how bad a problem is and on which side.
 * Each sentence is searched with its entities masked, so that no attribute overlaps one; then each mention finds its
 * owner (attribute-owners.ts).
 */
import { MASK, ownerOf, type Clause, type PlacedEntity } from './attribute-owners';
import type { Attribute, AttributeType, Document, Entity, Span } from './document';
import { anyOf, findMeasurements, spanOf, WORD_END, WORD_START, type AttributeMention } from './measurement-attributes';
import { findSigs } from './medication-attributes';
import { peopleIn } from './people';
import findingRules from './rules/attributes.json';
import medicationRules from './rules/attributes-medication.json';

type OwnedAttributes = Map<Entity, Attribute[]>;

const SEVERITY = new RegExp(
  `(?<![\\p{L}\\p{N}/.-])${anyOf(findingRules.severity)}${WORD_END}(?!\\s${anyOf(findingRules.severityStop)}${WORD_END})`,
  'giu',
);
const LATERALITY = new RegExp(
  `(?<!(?:^|\\s)${anyOf(findingRules.lateralityLeadStop)}\\s)${WORD_START}${anyOf(findingRules.laterality)}${WORD_END}(?!\\s${anyOf(findingRules.lateralityStop)}${WORD_END})`,
  'giu',
);
const LATERALITY_LETTER = new RegExp(
  `(?<=^|[\\s(])${anyOf(findingRules.lateralityCapitals)}(?=\\s[\\p{L}${MASK}]|\\))`,
  'gu',
);
const SIG_START = new RegExp(`^[\\s\\-•*]{0,6}${anyOf(medicationRules.sigVerbs)}${WORD_END}`, 'iu');
const PRODUCT_FORMS = new Set(medicationRules.productForms);

function findFindings(text: string): AttributeMention[] {
  const plain = (kind: 'severity' | 'laterality', regex: RegExp): AttributeMention[] =>
    [...text.matchAll(regex)].map((match) => ({ kind, ...spanOf(match.index, match[0]) }));
  return [
    ...plain('severity', SEVERITY),
    ...plain('laterality', LATERALITY),
    ...plain('laterality', LATERALITY_LETTER),
  ];
}

/** Of mentions that overlap, the one that starts first stays, of two that start together the longer. */
function withoutOverlaps(mentions: readonly AttributeMention[], taken: readonly Span[]): AttributeMention[] {
  const isFree = (span: Span): boolean => !taken.some(({ start, end }) => span.start < end && start < span.end);
  const sorted = mentions.filter(isFree).sort((a, b) => a.start - b.start || b.end - a.end);
  const kept: AttributeMention[] = [];
  for (const mention of sorted) {
    if (mention.start >= (kept.at(-1)?.end ?? 0)) kept.push(mention);
  }
  return kept;
}

/** "daily as needed" and "q6h prn" are one frequency; "BID" and "daily" side by side contradict and stay two. */
function mergeFrequencies(mentions: readonly AttributeMention[], text: string): AttributeMention[] {
  const merged: AttributeMention[] = [];
  for (const mention of mentions) {
    const last = merged.at(-1);
    const isPair = last?.kind === 'frequency' && mention.kind === 'frequency';
    if (isPair && /^,?\s{0,2}$/.test(text.slice(last.end, mention.start)) && agrees(last, mention)) {
      merged[merged.length - 1] = { ...mention, ...last, end: mention.end };
    } else {
      merged.push(mention);
    }
  }
  return merged;
}

const agrees = (a: AttributeMention, b: AttributeMention): boolean =>
  a.value === undefined || b.value === undefined || a.value === b.value;

/** "from 20 to 40 mg" is a change between two doses, not a range. */
function splitChange(mention: AttributeMention, text: string): AttributeMention[] {
  const change = /^([\d.,]{1,10})(\s?(?:to|-|–)\s?)(?=\d)/iu.exec(text.slice(mention.start, mention.end));
  const isChange =
    mention.kind === 'quantity' && change && /from\s$/i.test(text.slice(Math.max(0, mention.start - 5), mention.start));
  if (!isChange) return [mention];
  const middle = mention.start + change[1]!.length;
  const second = findMeasurements(text.slice(middle + change[2]!.length, mention.end)).find(
    ({ kind }) => kind === 'quantity',
  );
  if (!second) return [mention];
  const first: AttributeMention = { kind: 'number', start: mention.start, end: middle, value: Number(change[1]) };
  return [first, { ...second, start: middle + change[2]!.length, end: mention.end }];
}

function blank(text: string, spans: readonly Span[], filler: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    if (start < from) continue;
    pieces.push(text.slice(from, start), filler.repeat(end - start));
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** Replaces whatever of the entities lies inside the sentence; entities may overlap or reach beyond it. */
function maskEntities(text: string, placed: readonly PlacedEntity[]): string {
  const spans: Span[] = [];
  for (const { start, end } of placed) {
    const from = Math.max(start, spans.at(-1)?.end ?? 0);
    const to = Math.min(end, text.length);
    if (from < to) spans.push({ start: from, end: to });
  }
  return blank(text, spans, MASK);
}

interface SentenceScene {
  readonly text: string;
  readonly placed: readonly PlacedEntity[];
  /** Ages, sexes and dates, relative to the sentence: never attributes. */
  readonly people: readonly Span[];
  readonly carried: Entity | null;
}

function makeClause({ text, placed, people, carried }: SentenceScene): Clause {
  const masked = maskEntities(text, placed);
  // Most sentences name no medicine, and its patterns are the dearest.
  const hasMedicine = carried !== null || placed.some(({ entity }) => entity.label === 'MEDICATION');
  const sigs = hasMedicine ? findSigs(masked) : [];
  const found = withoutOverlaps([...findMeasurements(masked), ...sigs], people);
  const mentions = mergeFrequencies(
    found.flatMap((mention) => splitChange(mention, masked)),
    masked,
  );
  return { masked, bare: blank(masked, mentions, ' '), entities: placed, mentions, carried, chains: new Map() };
}

/** A mass is the strength of the product if the product's form follows it at once or an amount of it is taken. */
function isStrength(chain: readonly AttributeMention[], index: number, text: string): boolean {
  const mention = chain[index]!;
  if (mention.isStrength === true) return true;
  if (mention.family !== 'mass') return false;
  const next = chain[index + 1];
  const isBeforeForm =
    next?.kind === 'form' &&
    PRODUCT_FORMS.has(text.slice(next.start, next.end).toLowerCase()) &&
    /^[\s-]*$/.test(text.slice(mention.end, next.start));
  const later = chain.slice(index + 1).find(({ kind }) => kind === 'quantity');
  return isBeforeForm || later?.family === 'count' || (later?.family === 'volume' && later.isStrength !== true);
}

function collect(clause: Clause, mentions: readonly AttributeMention[]): [Entity, AttributeType, AttributeMention][] {
  const owned: [Entity, AttributeType, AttributeMention][] = [];
  for (const mention of mentions) {
    const ownership = ownerOf(clause, mention);
    if (!ownership) continue;
    const { owner, type } = ownership;
    clause.chains.set(owner, [...(clause.chains.get(owner) ?? []), mention]);
    owned.push([owner, type, mention]);
  }
  return owned;
}

function attachInSentence(scene: SentenceScene, offset: number, attributes: OwnedAttributes): void {
  const clause = makeClause(scene);
  const owned = collect(clause, clause.mentions);
  const taken = [...owned.map(([, , mention]) => mention), ...scene.people];
  const canBeDescribed = scene.placed.some(({ entity }) => entity.label !== 'MEDICATION' && entity.label !== 'TEST');
  const findings = canBeDescribed ? withoutOverlaps(findFindings(clause.masked), taken) : [];
  const described = { ...clause, mentions: findings, bare: blank(clause.masked, findings, ' ') };
  for (const [owner, type, mention] of [...owned, ...collect(described, findings)]) {
    const chain = clause.chains.get(owner)!;
    const isProduct = type === 'dose' && isStrength(chain, chain.indexOf(mention), clause.masked);
    const attribute: Attribute = {
      type: isProduct ? 'strength' : type,
      start: offset + mention.start,
      end: offset + mention.end,
      text: scene.text.slice(mention.start, mention.end),
      ...(mention.value === undefined ? {} : { value: mention.value }),
      ...(mention.unit === undefined ? {} : { unit: mention.unit }),
    };
    attributes.set(owner, [...(attributes.get(owner) ?? []), attribute]);
  }
}

/** For each sentence the spans that reach into it; both lists are in order. */
function groupBySentence<T extends Span>(spans: readonly T[], sentences: readonly Span[]): T[][] {
  const groups = sentences.map((): T[] => []);
  let first = 0;
  for (const span of spans) {
    while (first < sentences.length && sentences[first]!.end <= span.start) first++;
    for (let index = first; index < sentences.length && sentences[index]!.start < span.end; index++) {
      groups[index]!.push(span);
    }
  }
  return groups;
}

const relative = ({ start, end }: Span, offset: number): Span => ({ start: start - offset, end: end - offset });

/** The medicine whose sig the sentence is: it begins like one, names no medicine, and follows on the next line. */
function carriedInto(document: Document, sentence: Span, medicine: Entity | null): Entity | null {
  if (!medicine || !SIG_START.test(document.text.slice(sentence.start, sentence.start + 24))) return null;
  const between = document.text.slice(medicine.end, sentence.start);
  return between.length < 400 && !/\n\s*\n/.test(between) ? medicine : null;
}

/** Needs sentences and entities; attributes that the entities already have are replaced. */
export function attachAttributes(document: Document): Document {
  const { text, sentences } = document;
  const entities = [...document.entities].sort((a, b) => a.start - b.start || a.end - b.end);
  const entityGroups = groupBySentence(entities, sentences);
  const peopleGroups = groupBySentence(peopleIn(text), sentences);
  const attributes: OwnedAttributes = new Map();
  let medicine: Entity | null = null;
  for (const [index, sentence] of sentences.entries()) {
    const inside = entityGroups[index]!;
    const named: Entity | null = inside.filter(({ label }) => label === 'MEDICATION').at(-1) ?? null;
    const carried: Entity | null = named ? null : carriedInto(document, sentence, medicine);
    medicine = named ?? carried;
    if (inside.length === 0 && !carried) continue;
    const scene = {
      text: text.slice(sentence.start, sentence.end),
      placed: inside.map((entity) => ({ entity, ...relative(entity, sentence.start) })),
      people: peopleGroups[index]!.map((span) => relative(span, sentence.start)),
      carried,
    };
    attachInSentence(scene, sentence.start, attributes);
  }
  const withAttributes = document.entities.map((entity) => ({
    ...entity,
    attributes: (attributes.get(entity) ?? []).sort((a, b) => a.start - b.start),
  }));
  return { ...document, entities: withAttributes };
}
