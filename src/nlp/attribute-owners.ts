/** Which entity an attribute belongs to, by what the mention is. */
import type { Clause, Ownership } from './clause';
import { ownLaterality, ownScore, ownSeverity } from './finding-owners';
import { ownByMedicine, ownFrequency } from './medication-owners';
import type { AttributeMention, MentionKind } from './measurement-attributes';
import { ownNumber, ownQuantity, ownResult, ownUnit } from './result-owners';

const OWNERS: Record<MentionKind, (clause: Clause, mention: AttributeMention) => Ownership | null> = {
  quantity: ownQuantity,
  number: ownNumber,
  score: ownScore,
  result: ownResult,
  unit: ownUnit,
  frequency: ownFrequency,
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
  const settled = clause.entities.find(({ start }) => start === mention.ownerStart);
  return settled ? { owner: settled.entity, type: 'value' } : OWNERS[mention.kind](clause, mention);
}
