/**
 * Attributes of the entities: how a medicine is taken and what is done with it, what a test gave, how bad a problem is and
 * on which side. Each sentence is searched with its entities masked, so that no attribute overlaps one
 * (attribute-mentions.ts); then each mention finds its owner (attribute-owners.ts).
 */
import { findFindings, findMentions, withoutOverlaps } from './attribute-mentions';
import { ownerOf } from './attribute-owners';
import { MASK, type Clause, type PlacedEntity } from './clause';
import type { Attribute, AttributeType, Document, Entity, MedicationAction, Span } from './document';
import { findColumnResults } from './lab-tables';
import type { AttributeMention } from './measurement-attributes';
import { actionsIn, reasonOf } from './medication-actions';
import { peopleIn } from './people';
import { flagFromRange } from './reference-ranges';
import measurementRules from './rules/attributes-measurement.json';
import medicationRules from './rules/attributes-medication.json';
import { anyOf, WORD_END, WORD_START, type Amount } from './units';

interface Findings {
  readonly attributes: Map<Entity, Attribute[]>;
  readonly actions: Map<Entity, MedicationAction>;
}

const SIG_START = new RegExp(
  `^[\\s\\-•*]{0,6}(?:${anyOf(medicationRules.sigVerbs)}${WORD_END}|\\d{1,4}(?:\\.\\d{1,3})?\\s?(?:mg|mcg|g|units?|ml|tabs?|caps?|puffs?)${WORD_END})`,
  'iu',
);
const PRODUCT_FORMS = new Set(medicationRules.productForms);
const VOLUME_TEST = new RegExp(`${WORD_START}${anyOf(measurementRules.volumeTests)}`, 'iu');

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
  /** Ages, sexes, dates and table cells, relative to the sentence: never attributes here. */
  readonly taken: readonly Span[];
  readonly carried: Entity | null;
}

function makeClause({ text, placed, taken, carried }: SentenceScene): Clause {
  const masked = maskEntities(text, placed);
  const hasMedicine = carried !== null || placed.some(({ entity }) => entity.label === 'MEDICATION');
  const mentions = findMentions({ masked, placed, taken, hasMedicine });
  return { masked, bare: blank(masked, mentions, ' '), entities: placed, mentions, carried, chains: new Map() };
}

/**
 * A mass is the strength of the product if an amount of the product is taken beside it: tablets, millilitres, or a bare
 * number behind the form ("500 mg tablets, 2 bd"). Alone it is the dose, whatever the size of the tablet.
 */
function isStrength(chain: readonly AttributeMention[], index: number, text: string): boolean {
  const mention = chain[index]!;
  if (mention.isStrength === true) return true;
  if (mention.family !== 'mass') return false;
  const first = chain.slice(index + 1).find(({ kind }) => kind === 'quantity' || kind === 'number');
  return first !== undefined && isAmountOf(mention, first, { next: chain[index + 1], text });
}

interface AmountContext {
  readonly next: AttributeMention | undefined;
  readonly text: string;
}

/** Whether `amount` says how much of the product is taken whose size is `mention`. */
function isAmountOf(mention: AttributeMention, amount: AttributeMention, { next, text }: AmountContext): boolean {
  const isNumber = amount.kind === 'number';
  // "300 mg - one three times a day"
  if (isNumber && /^\s?[-–]\s$/.test(text.slice(mention.end, amount.start))) return true;
  const isBeforeForm = next?.kind === 'form' && PRODUCT_FORMS.has(text.slice(next.start, next.end).toLowerCase());
  if (isNumber || amount.family === 'mass') return isBeforeForm;
  return amount.family === 'count' || (amount.family === 'volume' && amount.isStrength !== true);
}

function collect(clause: Clause, mentions: readonly AttributeMention[]): [Entity, AttributeType, AttributeMention][] {
  const owned: [Entity, AttributeType, AttributeMention][] = [];
  for (const mention of mentions) {
    const ownership = ownerOf(clause, mention);
    if (!ownership) continue;
    const { owner, type } = ownership;
    const chain = clause.chains.get(owner);
    if (chain) chain.push(mention);
    else clause.chains.set(owner, [mention]);
    owned.push([owner, type, mention]);
  }
  return owned;
}

interface OwnedMention {
  readonly owner: Entity;
  readonly type: AttributeType;
  readonly mention: AttributeMention;
}

const amountIn = ({ value, high, second, comparator, unit }: Amount): Amount => ({
  ...(value === undefined ? {} : { value }),
  ...(high === undefined ? {} : { high }),
  ...(second === undefined ? {} : { second }),
  ...(comparator === undefined ? {} : { comparator }),
  ...(unit === undefined ? {} : { unit }),
});

/** "131 L": litres only of what is measured in litres, else the flag. */
function isLowFlag(text: string, { owner, mention }: OwnedMention): boolean {
  const { unitStart, numberEnd, end } = mention;
  if (unitStart === undefined || numberEnd === undefined || unitStart === numberEnd) return false;
  return text.slice(unitStart, end) === 'L' && !VOLUME_TEST.test(owner.text);
}

/** As printed, else by the range. */
function flagOf(mention: AttributeMention, isLow: boolean): Attribute['flag'] {
  const { value, comparator, reference } = mention;
  if (mention.flag) return mention.flag;
  if (isLow) return 'low';
  return value === undefined || !reference ? undefined : flagFromRange(value, comparator, reference);
}

function readResult(text: string, owned: OwnedMention): Attribute[] {
  const { start, end, numberEnd = end, unitStart, reference } = owned.mention;
  const isLow = isLowFlag(text, owned);
  const { unit, ...numbers } = amountIn(owned.mention);
  // "R 16 L 58": the letter is a side.
  const flag = flagOf(owned.mention, isLow && !/^\s\d/.test(text.slice(end, end + 2)));
  const result: Attribute = {
    ...{ type: 'value', start, end: numberEnd, text: text.slice(start, numberEnd), ...numbers },
    ...(unit === undefined || isLow ? {} : { unit }),
    ...(flag && { flag }),
    ...(reference && { reference }),
  };
  if (unitStart === undefined || unit === undefined || isLow) return [result];
  return [result, { type: 'unit', start: unitStart, end, text: text.slice(unitStart, end), unit }];
}

function readAttribute(clause: Clause, text: string, { owner, type, mention }: OwnedMention): Attribute[] {
  if (type === 'value') return readResult(text, { owner, type, mention });
  const chain = clause.chains.get(owner) ?? [];
  const isProduct = type === 'dose' && isStrength(chain, chain.indexOf(mention), clause.masked);
  const reason = mention.asNeeded === true ? reasonOf(clause, mention) : null;
  const { start, end } = mention;
  return [
    {
      ...{ type: isProduct ? 'strength' : type, start, end, text: text.slice(start, end), ...amountIn(mention) },
      ...(mention.asNeeded === true ? { asNeeded: true } : {}),
      ...(reason === null ? {} : { reason }),
    },
  ];
}

/** A unit in a column of its own, or in the heading "Glucose (mg/dL)", is that of the values beside it. */
function withUnits(attributes: readonly Attribute[]): Attribute[] {
  const units = attributes.filter(({ type }) => type === 'unit');
  return attributes.map((attribute) => {
    if (attribute.type !== 'value' || attribute.unit !== undefined || attribute.value === undefined) return attribute;
    const unit = units.find(({ start }) => start >= attribute.end) ?? units.at(-1);
    return unit?.unit === undefined ? attribute : { ...attribute, unit: unit.unit };
  });
}

const COUNTED = new Set(['tab', 'cap', 'patch', 'supp', 'puff', 'pill']);

/** "40 mg tablet" alone is the dose; "take 1 tablet" on the next line makes it the strength. */
function withStrengths(attributes: readonly Attribute[]): Attribute[] {
  const counts = attributes.findIndex(({ type, unit }) => type === 'dose' && COUNTED.has(unit ?? ''));
  return attributes.map((attribute, index) => {
    const isBeforeForm = attributes[index + 1]?.type === 'form';
    const isProduct = attribute.type === 'dose' && index < counts && isBeforeForm && !COUNTED.has(attribute.unit ?? '');
    return isProduct ? { ...attribute, type: 'strength' } : attribute;
  });
}

const shifted = <T extends Span>(span: T, offset: number): T => ({
  ...span,
  start: span.start + offset,
  end: span.end + offset,
});

function placedIn(attribute: Attribute, offset: number): Attribute {
  const { reference, reason, ...rest } = attribute;
  return {
    ...shifted(rest, offset),
    ...(reference ? { reference: shifted(reference, offset) } : {}),
    ...(reason ? { reason: shifted(reason, offset) } : {}),
  };
}

function attachInSentence(scene: SentenceScene, offset: number, { attributes, actions }: Findings): void {
  const clause = makeClause(scene);
  const owned = collect(clause, clause.mentions);
  for (const [entity, action] of actionsIn(clause)) actions.set(entity, shifted(action, offset));
  const taken = [...owned.map(([, , mention]) => mention), ...scene.taken];
  const canBeDescribed = scene.placed.some(({ entity }) => entity.label !== 'MEDICATION' && entity.label !== 'TEST');
  const findings = canBeDescribed ? withoutOverlaps(findFindings(clause.masked), taken) : [];
  const described = { ...clause, mentions: findings, bare: blank(clause.bare, findings, ' ') };
  for (const [owner, type, mention] of [...owned, ...collect(described, findings)]) {
    const read = readAttribute(clause, scene.text, { owner, type, mention });
    const known = attributes.get(owner);
    const placed = read.map((attribute) => placedIn(attribute, offset));
    if (known) known.push(...placed);
    else attributes.set(owner, placed);
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

/** Clauses are joined up to this length: a line of nothing but colons would become one. */
const LONGEST_CLAUSE = 3000;

/**
 * "CXR: clear" is one clause although its heading is a sentence of its own, and so is a word that a boundary cuts in two.
 */
function clausesOf({ text, sentences }: Document): Span[] {
  const clauses: Span[] = [];
  for (const { start, end } of sentences) {
    const last = clauses.at(-1);
    const isHeading = last && /:\s{0,2}$/.test(text.slice(Math.max(last.start, last.end - 3), last.end));
    const isCut = last?.end === start && /^\p{L}{2}$/u.test(text.slice(start - 1, start + 1));
    const isSameLine =
      last && start - last.end < 20 && end - last.start < LONGEST_CLAUSE && !text.slice(last.end, start).includes('\n');
    if (last && isSameLine && (isHeading || isCut)) clauses[clauses.length - 1] = { start: last.start, end };
    else clauses.push({ start, end });
  }
  return clauses;
}

function attachInSentences(document: Document, entities: readonly Entity[], findings: Findings): void {
  const { text } = document;
  const sentences = clausesOf(document);
  const entityGroups = groupBySentence(entities, sentences);
  const cells = [...findings.attributes.values()].flat();
  const taken = [...peopleIn(text), ...cells].sort((a, b) => a.start - b.start);
  const takenGroups = groupBySentence(taken, sentences);
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
      taken: takenGroups[index]!.map((span) => relative(span, sentence.start)),
      carried,
    };
    attachInSentence(scene, sentence.start, findings);
  }
}

/** What an earlier run found is replaced. */
function withFindings(entity: Entity, { attributes, actions }: Findings): Entity {
  const action = actions.get(entity);
  const own = (attributes.get(entity) ?? []).sort((a, b) => a.start - b.start);
  const described: { -readonly [Key in keyof Entity]: Entity[Key] } = {
    ...entity,
    attributes: withStrengths(withUnits(own)),
  };
  delete described.action;
  return action ? { ...described, action } : described;
}

/** Needs sentences and entities; attributes and actions that the entities already have are replaced. */
export function attachAttributes(document: Document): Document {
  const entities = [...document.entities].sort((a, b) => a.start - b.start || a.end - b.end);
  const findings: Findings = { attributes: findColumnResults(document.text, entities), actions: new Map() };
  attachInSentences(document, entities, findings);
  return { ...document, entities: document.entities.map((entity) => withFindings(entity, findings)) };
}
