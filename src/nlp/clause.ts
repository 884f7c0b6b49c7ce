/** One sentence as the owners of attributes see it: its entities masked, its mentions blanked, words counted. */
import type { AttributeType, Entity, EntityLabel } from './document';
import type { AttributeMention } from './measurement-attributes';
import findingRules from './rules/attributes.json';
import measurementRules from './rules/attributes-measurement.json';

/** Stands for each character of an entity: neither letter, digit nor white space to any pattern. */
export const MASK = '\uFFFC';

/** All positions are relative to the sentence. */
export interface Clause {
  /** The sentence with its entities masked. */
  readonly masked: string;
  /** As `masked`, with its attribute mentions blanked as well. */
  readonly bare: string;
  readonly entities: readonly PlacedEntity[];
  readonly mentions: readonly AttributeMention[];
  /** The medicine of the line before, where this sentence is its sig ("Take 1 tablet daily"). */
  readonly carried: Entity | null;
  /** The attributes that each owner has so far. */
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

export const PROBLEMS: readonly EntityLabel[] = ['DISORDER', 'SYMPTOM'];

const CONNECTORS: ReadonlySet<string> = new Set(measurementRules.connectors);
const FORWARD_STOP: ReadonlySet<string> = new Set(findingRules.forwardStop);
const FOLLOW: ReadonlySet<string> = new Set(findingRules.follow);

export const wordsOf = (phrase: string): string[] =>
  phrase.toLowerCase().match(/[\p{L}\p{N}'’+-]*[\p{L}\p{N}]|\uFFFC+/gu) ?? [];

/** Masked places ("pain in the knee, 8/10") are passed over. */
export const allIn = (phrase: string, words: ReadonlySet<string>, limit: number): boolean => {
  const found = wordsOf(phrase.replace(/\uFFFC+/g, ' '));
  return found.length <= limit && found.every((word) => words.has(word));
};

export const areConnectors = (phrase: string, limit: number): boolean => allIn(phrase, CONNECTORS, limit);

export const isNotPlace = (label: EntityLabel): boolean => label !== 'ANATOMY';

export function lastBefore(
  { entities }: Clause,
  position: number,
  accepts: (label: EntityLabel, text: string) => boolean,
): PlacedEntity | undefined {
  for (let index = entities.length - 1; index >= 0; index--) {
    const placed = entities[index]!;
    if (placed.end <= position && accepts(placed.entity.label, placed.entity.text)) return placed;
  }
  return undefined;
}

export function firstAfter(
  { entities }: Clause,
  position: number,
  labels: readonly EntityLabel[],
): PlacedEntity | undefined {
  return entities.find((placed) => placed.start >= position && labels.includes(placed.entity.label));
}

/** "3 nodules", "mild cough": a noun follows that is not the owner. */
export function isFollowedByNoun({ masked }: Clause, end: number): boolean {
  const word = /^[ \t-]([\p{L}]{2,24})/u.exec(masked.slice(end, end + 26))?.[1]?.toLowerCase();
  return word !== undefined && !FOLLOW.has(word) && !CONNECTORS.has(word);
}

export function isFollowedByEntity({ masked, entities }: Clause, end: number, labels: readonly EntityLabel[]): boolean {
  if (!/^[\s-]\uFFFC/.test(masked.slice(end, end + 2))) return false;
  return entities.some((placed) => placed.start === end + 1 && labels.includes(placed.entity.label));
}

export function isOnlyAnatomy({ entities }: Clause, from: number, to: number): boolean {
  return entities.every(({ start, end, entity }) => start < from || end > to || entity.label === 'ANATOMY');
}

/** Only a few plain words without punctuation up to the owner. */
export function isForward(between: string, limit: number): boolean {
  const words = wordsOf(between);
  return (
    !/[.;:()[\]\n|]/.test(between) &&
    words.length <= limit &&
    words.every((word) => !FORWARD_STOP.has(word) && !word.startsWith(MASK))
  );
}

/** Where the last attribute of `owner` ends so far, else the owner itself; 0 for a medicine of the line before. */
export function chainEnd(clause: Clause, owner: Entity): number {
  const placed = clause.entities.find(({ entity }) => entity === owner);
  return Math.max(placed?.end ?? 0, clause.chains.get(owner)?.at(-1)?.end ?? 0);
}

export const wordsAt = (clause: Clause, { start, end }: { start: number; end: number }): string =>
  clause.masked.slice(start, end).toLowerCase();
