/**
 * Which entity an attribute belongs to: the nearest one before it that can own the type, if only the right kind of
 * words lie between; else the nearest one after it ("40 mg of furosemide"). Limits are counted in words that are
 * neither entities nor attributes, so that a long sig stays with its medicine.
 */
import type { AttributeType, Entity, EntityLabel } from './document';
import { anyOf, type AttributeMention } from './measurement-attributes';
import findingRules from './rules/attributes.json';
import measurementRules from './rules/attributes-measurement.json';
import medicationRules from './rules/attributes-medication.json';

/** Stands for each character of an entity: neither letter, digit nor white space to any pattern. */
export const MASK = '\uFFFC';

/** One sentence; all positions are relative to it. */
export interface Clause {
  /** The sentence with its entities masked. */
  readonly masked: string;
  /** As `masked`, with its attribute mentions blanked as well. */
  readonly bare: string;
  readonly entities: readonly PlacedEntity[];
  readonly mentions: readonly AttributeMention[];
  /** The medicine of the line before, where this sentence is its sig ("Take 1 tablet daily"). */
  readonly carried: Entity | null;
  /** Where each owner's chain of attributes ends so far. */
  readonly chains: Map<Entity, AttributeMention[]>;
}

export interface PlacedEntity {
  readonly entity: Entity;
  readonly start: number;
  readonly end: number;
}

export interface Ownership {
  readonly owner: Entity;
  readonly type: AttributeType;
}

const CONNECTORS = new Set(measurementRules.connectors);
const ADJACENT_RESULTS = new Set(measurementRules.adjacentResultsOnly);
const DOSE_CHANGE = new Set(medicationRules.doseChange);
const SEVERITY_CONNECTORS = new Set(findingRules.severityConnectors);
const LATERALITY_CONNECTORS = new Set(findingRules.lateralityConnectors);
const FORWARD_STOP = new Set(findingRules.forwardStop);
const FOLLOW = new Set(findingRules.follow);
type SigType = 'dose' | 'frequency' | 'route' | 'form' | 'duration';
const ATTACH_WORDS: Record<SigType, number> = medicationRules.attachWords;
/** Right before the medicine: "40 mg of the", "IV ". */
const OF_MEDICINE = /^[\s-]*(?:of\s)?(?:the\s|a\s)?$/;
const REASON_LEAD = new RegExp(`${anyOf(medicationRules.reasonLead)}\\s(?:the\\s|her\\s|his\\s)?$`, 'iu');

const COORDINATORS: ReadonlySet<string> = new Set(['and', 'or', 'but', 'plus']);

const PROBLEMS: readonly EntityLabel[] = ['DISORDER', 'SYMPTOM'];
const SIDED: readonly EntityLabel[] = ['DISORDER', 'SYMPTOM', 'PROCEDURE'];

const wordsOf = (phrase: string): string[] =>
  phrase.toLowerCase().match(/[\p{L}\p{N}'’+-]*[\p{L}\p{N}]|\uFFFC+/gu) ?? [];

/** Masked places ("pain in the knee, 8/10") are passed over. */
const allIn = (phrase: string, words: ReadonlySet<string>, limit: number): boolean => {
  const found = wordsOf(phrase.replace(/\uFFFC+/g, ' '));
  return found.length <= limit && found.every((word) => words.has(word));
};

function lastBefore(
  { entities }: Clause,
  position: number,
  accepts: (label: EntityLabel) => boolean,
): PlacedEntity | undefined {
  for (let index = entities.length - 1; index >= 0; index--) {
    const placed = entities[index]!;
    if (placed.end <= position && accepts(placed.entity.label)) return placed;
  }
  return undefined;
}

function firstAfter({ entities }: Clause, position: number, labels: readonly EntityLabel[]): PlacedEntity | undefined {
  return entities.find((placed) => placed.start >= position && labels.includes(placed.entity.label));
}

/** "3 nodules", "mild cough": a noun follows that is not the owner. */
function isFollowedByNoun({ masked }: Clause, end: number): boolean {
  const word = /^[\s-]([\p{L}]{2,24})/u.exec(masked.slice(end, end + 26))?.[1]?.toLowerCase();
  return word !== undefined && !FOLLOW.has(word) && !CONNECTORS.has(word);
}

function isFollowedByEntity({ masked, entities }: Clause, end: number, labels: readonly EntityLabel[]): boolean {
  if (!/^[\s-]\uFFFC/.test(masked.slice(end, end + 2))) return false;
  return entities.some((placed) => placed.start === end + 1 && labels.includes(placed.entity.label));
}

/** A reference range behind a result: "131 (135-145)". */
function isReferenceRange(clause: Clause, mention: AttributeMention, owner: Entity): boolean {
  const hasValue = (clause.chains.get(owner) ?? []).length > 0;
  const text = clause.masked.slice(mention.start, mention.end);
  return (
    hasValue &&
    mention.value === undefined &&
    /[-–]/.test(text) &&
    /[([]\s?(?:ref\S{0,8}\s)?$/i.test(clause.masked.slice(Math.max(0, mention.start - 12), mention.start))
  );
}

function ownNumber(clause: Clause, mention: AttributeMention): Ownership | null {
  const placed = lastBefore(clause, mention.start, (label) => label !== 'ANATOMY');
  const medicine = placed ? (placed.entity.label === 'MEDICATION' ? placed.entity : null) : clause.carried;
  if (medicine) return ownBareDose(clause, mention, medicine);
  if (placed?.entity.label !== 'TEST' || isFollowedByNoun(clause, mention.end)) return null;
  const isClose = allIn(clause.bare.slice(placed.end, mention.start), CONNECTORS, 8);
  return isClose && !isReferenceRange(clause, mention, placed.entity) ? { owner: placed.entity, type: 'value' } : null;
}

/** "Lasix 40 po qd", "from 20 to 40 mg", "500 mg tablets, 2 bd": a number without unit, where only a dose can stand. */
function ownBareDose(clause: Clause, mention: AttributeMention, owner: Entity): Ownership | null {
  const chain = clause.chains.get(owner) ?? [];
  const isSig = leadsToSig(clause, mention);
  if (!isSig && !endsLikeDose(clause.masked, mention)) return null;
  const between = clause.bare.slice(chainEnd(clause, owner), mention.start);
  const words = wordsOf(between);
  const hasDose = chain.some(({ kind }) => kind === 'quantity' || kind === 'number');
  const isFirst = words.length === 0 && !hasDose;
  const isChange = (words.length > 0 && allIn(between, DOSE_CHANGE, 3)) || /(?:->|→)\s?$/.test(between);
  const isCount = words.length <= 1 && isSig && chain.some(({ kind }) => kind === 'form');
  return isFirst || isChange || isCount ? { owner, type: 'dose' } : null;
}

/** The next mention is part of a sig and follows at once. */
function leadsToSig({ masked, mentions }: Clause, { end }: AttributeMention): boolean {
  const next = mentions.find((mention) => mention.start >= end);
  return next !== undefined && SIG_KINDS.has(next.kind) && /^[\s,]*$/.test(masked.slice(end, next.start));
}

/** A number at the end of its phrase that is no year. */
function endsLikeDose(masked: string, { start, end }: AttributeMention): boolean {
  const next = /^\s{0,3}(\p{L}{1,24}|\uFFFC)/u.exec(masked.slice(end, end + 30))?.[1]?.toLowerCase();
  const isYear = /^(?:19|20)\d\d$/.test(masked.slice(start, end));
  return !isYear && (next === undefined || DOSE_CHANGE.has(next));
}

const SIG_KINDS: ReadonlySet<string> = new Set(['frequency', 'route', 'form', 'duration']);

function chainEnd(clause: Clause, owner: Entity): number {
  const placed = clause.entities.find(({ entity }) => entity === owner);
  return Math.max(placed?.end ?? 0, clause.chains.get(owner)?.at(-1)?.end ?? 0);
}

function ownQuantity(clause: Clause, mention: AttributeMention): Ownership | null {
  const unit = mention.unit ?? '';
  const isResult = mention.family === 'measure' || mention.family === 'length' || /\/(?:dL|L)$/.test(unit);
  if (isResult) return ownMeasurement(clause, mention);
  const placed = lastBefore(clause, mention.start, (label) => label === 'TEST' || label === 'MEDICATION');
  if (placed?.entity.label === 'TEST' && mention.family !== 'count') {
    return ownMeasurement(clause, mention) ?? ownByNextMedicine(clause, mention, 'dose');
  }
  const ownership = ownByMedicine(clause, mention, 'dose');
  return ownership ?? (mention.family === 'percent' ? ownMeasurement(clause, mention) : null);
}

/** A quantity as the result of a test: more words may lie between than before a bare number. */
function ownMeasurement(clause: Clause, mention: AttributeMention): Ownership | null {
  const placed = lastBefore(clause, mention.start, (label) => label === 'TEST');
  if (placed) {
    const between = clause.bare.slice(placed.end, mention.start);
    const words = wordsOf(between);
    const isClose = mention.family === 'length' ? isPlainLength(clause, between, mention.end) : words.length <= 8;
    const isInterrupted =
      words.some((word) => word.startsWith(MASK)) && !isOnlyAnatomy(clause, placed.end, mention.start);
    if (isClose && !isInterrupted && !isReferenceRange(clause, mention, placed.entity)) {
      return { owner: placed.entity, type: 'value' };
    }
  }
  const next = firstAfter(clause, mention.end, ['TEST']);
  const isNext = next && mention.family !== 'length' && isForward(clause.bare.slice(mention.end, next.start), 2);
  return isNext ? { owner: next.entity, type: 'value' } : null;
}

/** "measures 3 cm", but not "showed a 3 cm mass": that is the size of what follows. */
const isPlainLength = (clause: Clause, between: string, end: number): boolean =>
  allIn(between, CONNECTORS, 8) && !isFollowedByNoun(clause, end) && !isFollowedByEntity(clause, end, PROBLEMS);

function isOnlyAnatomy({ entities }: Clause, from: number, to: number): boolean {
  return entities.every(({ start, end, entity }) => start < from || end > to || entity.label === 'ANATOMY');
}

/** Only a few plain words without punctuation up to the owner. */
function isForward(between: string, limit: number): boolean {
  const words = wordsOf(between);
  return (
    !/[.;:()[\]]/.test(between) &&
    words.length <= limit &&
    words.every((word) => !FORWARD_STOP.has(word) && !word.startsWith(MASK))
  );
}

function ownByMedicine(clause: Clause, mention: AttributeMention, type: SigType): Ownership | null {
  const previous = lastBefore(clause, mention.start, (label) => label === 'MEDICATION')?.entity ?? clause.carried;
  const isTight =
    previous !== null && /^[\s(:=–-]*$/.test(clause.bare.slice(chainEnd(clause, previous), mention.start));
  if (mention.isBare === true && !(isTight && clause.chains.has(previous))) return null;
  const next = isTight ? undefined : firstAfter(clause, mention.end, ['MEDICATION']);
  if (next && OF_MEDICINE.test(clause.bare.slice(mention.end, next.start))) return { owner: next.entity, type };
  if (previous && isWithinSig(clause, { owner: previous, type }, mention)) return { owner: previous, type };
  return ownByNextMedicine(clause, mention, type);
}

function ownByNextMedicine(clause: Clause, mention: AttributeMention, type: AttributeType): Ownership | null {
  const next = firstAfter(clause, mention.end, ['MEDICATION']);
  return next &&
    isForward(clause.bare.slice(mention.end, next.start), 3) &&
    !clause.bare.slice(mention.end, next.start).includes(',')
    ? { owner: next.entity, type }
    : null;
}

/** Few words since the medicine's last attribute, and no other entity but a place or the reason ("for pain"). */
function isWithinSig(
  clause: Clause,
  { owner, type }: { owner: Entity; type: SigType },
  mention: AttributeMention,
): boolean {
  const from = chainEnd(clause, owner);
  const between = clause.bare.slice(from, mention.start);
  const words = wordsOf(between).filter((word) => !word.startsWith(MASK));
  if (between.includes(';') || words.length > ATTACH_WORDS[type]) return false;
  if ((type === 'route' || type === 'form') && words.some((word) => COORDINATORS.has(word))) return false;
  return clause.entities.every(({ start, end, entity }) => {
    if (start < from || end > mention.start || entity.label === 'ANATOMY') return true;
    return PROBLEMS.includes(entity.label) && REASON_LEAD.test(clause.masked.slice(from, start));
  });
}

function ownResult(clause: Clause, mention: AttributeMention): Ownership | null {
  const next = firstAfter(clause, mention.end, ['TEST']);
  const ahead = next && clause.bare.slice(mention.end, next.start);
  const previous = lastBefore(clause, mention.start, (label) => label !== 'ANATOMY');
  const behind = previous?.entity.label === 'TEST' ? clause.bare.slice(previous.end, mention.start) : ';';
  const isTightBehind = /^[\s:=–-]*$/.test(behind);
  if (next && /^[\s-]$/.test(ahead!) && !isTightBehind) return { owner: next.entity, type: 'value' };
  if (previous && isResultOf(clause, behind, mention)) return { owner: previous.entity, type: 'value' };
  return next && isForward(ahead!, 1) && !ahead!.includes(',') ? { owner: next.entity, type: 'value' } : null;
}

/** `behind` leads from a test to its result, and the result does not describe what follows ("small effusion"). */
function isResultOf(clause: Clause, behind: string, { start, end }: AttributeMention): boolean {
  const limit = ADJACENT_RESULTS.has(clause.masked.slice(start, end).toLowerCase()) ? 3 : 6;
  if (behind.includes(';') || !allIn(behind, CONNECTORS, limit)) return false;
  return !isFollowedByNoun(clause, end) && !isFollowedByEntity(clause, end, ['DISORDER', 'SYMPTOM', 'ANATOMY']);
}

/** "pain 8/10", "8/10 chest pain", and "pain score 8/10" where the score is a test of its own. */
function ownScore(clause: Clause, mention: AttributeMention): Ownership | null {
  const previous = lastBefore(clause, mention.start, (label) => label !== 'ANATOMY');
  const behind = previous ? clause.bare.slice(previous.end, mention.start) : '';
  if (previous?.entity.label === 'TEST') {
    return allIn(behind, CONNECTORS, 6) ? { owner: previous.entity, type: 'value' } : null;
  }
  const isBehind = previous && PROBLEMS.includes(previous.entity.label) && allIn(behind, SEVERITY_CONNECTORS, 6);
  if (isBehind) return { owner: previous.entity, type: 'severity' };
  const next = firstAfter(clause, mention.end, PROBLEMS);
  return next && isForward(clause.bare.slice(mention.end, next.start), 3)
    ? { owner: next.entity, type: 'severity' }
    : null;
}

function ownUnit(clause: Clause, mention: AttributeMention): Ownership | null {
  const placed = lastBefore(clause, mention.start, () => true);
  if (placed?.entity.label !== 'TEST' || !/^[\s,([]*$/.test(clause.bare.slice(placed.end, mention.start))) return null;
  return { owner: placed.entity, type: 'unit' };
}

function ownSeverity(clause: Clause, mention: AttributeMention): Ownership | null {
  const next = firstAfter(clause, mention.end, PROBLEMS);
  if (next && leadsTo(clause, mention.end, next)) return { owner: next.entity, type: 'severity' };
  const previous = lastBefore(clause, mention.start, (label) => label !== 'ANATOMY');
  if (!previous || !PROBLEMS.includes(previous.entity.label) || isFollowedByNoun(clause, mention.end)) return null;
  if (isFollowedByEntity(clause, mention.end, ['ANATOMY', 'TEST', 'PROCEDURE', 'MEDICATION'])) return null;
  const behind = clause.bare.slice(previous.end, mention.start);
  return !behind.includes(';') && allIn(behind, SEVERITY_CONNECTORS, 4)
    ? { owner: previous.entity, type: 'severity' }
    : null;
}

/** Adjectives and places, at most three words, up to the entity: "severe, constant frontal headache". */
function leadsTo(clause: Clause, from: number, next: PlacedEntity): boolean {
  const between = clause.bare.slice(from, next.start);
  return isOnlyAnatomy(clause, from, next.start) && isForward(between.replace(/\uFFFC+/g, ' '), 3);
}

function ownLaterality(clause: Clause, mention: AttributeMention): Ownership | null {
  const type = 'laterality';
  const next = firstAfter(clause, mention.end, SIDED);
  if (next && leadsTo(clause, mention.end, next)) return { owner: next.entity, type };
  const previous = lastBefore(clause, mention.start, (label) => label !== 'ANATOMY');
  const behind = previous ? clause.bare.slice(previous.end, mention.start) : '';
  const isBehind = previous && !/[.;]/.test(behind) && allIn(behind, LATERALITY_CONNECTORS, 5);
  if (isBehind && SIDED.includes(previous.entity.label)) return { owner: previous.entity, type };
  const place = firstAfter(clause, mention.end, ['ANATOMY']);
  return place && isForward(clause.bare.slice(mention.end, place.start), 1) ? { owner: place.entity, type } : null;
}

const OWNERS: Record<AttributeMention['kind'], (clause: Clause, mention: AttributeMention) => Ownership | null> = {
  quantity: ownQuantity,
  number: ownNumber,
  score: ownScore,
  result: ownResult,
  unit: ownUnit,
  frequency: (clause, mention) => ownByMedicine(clause, mention, 'frequency'),
  route: (clause, mention) => ownByMedicine(clause, mention, 'route'),
  form: (clause, mention) => ownByMedicine(clause, mention, 'form'),
  duration: (clause, mention) => ownByMedicine(clause, mention, 'duration'),
  loose_dose: (clause, mention) => ownByMedicine(clause, mention, 'dose'),
  severity: ownSeverity,
  laterality: ownLaterality,
  skipped: () => null,
};

/** The owner of `mention` and what it is to that owner; null where nothing near can own it. */
export function ownerOf(clause: Clause, mention: AttributeMention): Ownership | null {
  return OWNERS[mention.kind](clause, mention);
}
