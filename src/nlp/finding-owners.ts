/** Which problem a severity or a side belongs to: the next one ("mild nausea") or the last one ("nausea, mild"). */
import {
  allIn,
  areConnectors,
  firstAfter,
  isFollowedByEntity,
  isFollowedByNoun,
  isForward,
  isNotPlace,
  isOnlyAnatomy,
  lastBefore,
  PROBLEMS,
  type Clause,
  type Ownership,
  type PlacedEntity,
} from './clause';
import type { EntityLabel } from './document';
import type { AttributeMention } from './measurement-attributes';
import rules from './rules/attributes.json';

const SEVERITY_CONNECTORS: ReadonlySet<string> = new Set(rules.severityConnectors);
const LATERALITY_CONNECTORS: ReadonlySet<string> = new Set(rules.lateralityConnectors);
const SIDED: readonly EntityLabel[] = [...PROBLEMS, 'PROCEDURE'];

/** "pain 8/10", "8/10 chest pain", and "pain score 8/10" where the score is a test of its own. */
export function ownScore(clause: Clause, mention: AttributeMention): Ownership | null {
  const previous = lastBefore(clause, mention.start, isNotPlace);
  const behind = previous ? clause.bare.slice(previous.end, mention.start) : '';
  if (previous?.entity.label === 'TEST') {
    return areConnectors(behind, 6) ? { owner: previous.entity, type: 'value' } : null;
  }
  const isBehind = previous && PROBLEMS.includes(previous.entity.label) && allIn(behind, SEVERITY_CONNECTORS, 6);
  if (isBehind) return { owner: previous.entity, type: 'severity' };
  const next = firstAfter(clause, mention.end, PROBLEMS);
  if (next && isForward(clause.bare.slice(mention.end, next.start), 3)) return { owner: next.entity, type: 'severity' };
  return ownLaterScore(clause, mention);
}

/** "Pain 6/10. Hydromorphone given, down to 2/10": the score of a problem that is scored before. */
function ownLaterScore(clause: Clause, mention: AttributeMention): Ownership | null {
  const scored = clause.entities.filter(
    ({ entity, end }) =>
      end <= mention.start &&
      PROBLEMS.includes(entity.label) &&
      clause.chains.get(entity)?.some(({ kind }) => kind === 'score'),
  );
  const last = scored.at(-1);
  return last ? { owner: last.entity, type: 'severity' } : null;
}

export function ownSeverity(clause: Clause, mention: AttributeMention): Ownership | null {
  const next = firstAfter(clause, mention.end, PROBLEMS);
  const last = lastBefore(clause, mention.start, isNotPlace);
  const previous = last && PROBLEMS.includes(last.entity.label) ? last : undefined;
  const isApart = previous && standsApart(clause, previous, mention);
  if (!isApart && next && leadsTo(clause, mention.end, next)) return { owner: next.entity, type: 'severity' };
  if (!previous || isFollowedByNoun(clause, mention.end)) return null;
  if (isFollowedByEntity(clause, mention.end, ['ANATOMY', 'TEST', 'PROCEDURE', 'MEDICATION'])) return null;
  const behind = clause.bare.slice(previous.end, mention.start);
  const isBehind = !behind.includes(';') && allIn(behind, SEVERITY_CONNECTORS, 4);
  return isBehind ? { owner: previous.entity, type: 'severity' } : null;
}

/** "stenosis, moderate to severe", "edema 2+, wheeze": behind its problem, with nothing leading on at once. */
function standsApart(clause: Clause, previous: PlacedEntity, { start, end }: AttributeMention): boolean {
  const behind = clause.bare.slice(previous.end, start);
  if (/^\s?$/.test(behind)) return endsPhrase(clause, end);
  const next = firstAfter(clause, end, PROBLEMS);
  return /^\s?[,(:–-]{1,2}\s?$/.test(behind) && !(next && leadsAtOnce(clause, end, next));
}

const leadsAtOnce = (clause: Clause, from: number, next: PlacedEntity): boolean =>
  !clause.bare.slice(from, next.start).includes(',') && leadsTo(clause, from, next);

/** Adjectives and places, at most three words, up to the entity: "severe, constant frontal headache". */
function leadsTo(clause: Clause, from: number, next: PlacedEntity): boolean {
  const between = clause.bare.slice(from, next.start);
  return isOnlyAnatomy(clause, from, next.start) && isForward(between.replace(/\uFFFC+/g, ' '), 3);
}

export function ownLaterality(clause: Clause, mention: AttributeMention): Ownership | null {
  const last = lastBefore(clause, mention.start, isNotPlace);
  const previous = last && SIDED.includes(last.entity.label) ? last : undefined;
  const next = firstAfter(clause, mention.end, SIDED);
  const isNext = next && !(previous && endsBehind(clause, previous, mention)) && leadsTo(clause, mention.end, next);
  if (isNext) return { owner: next.entity, type: 'laterality' };
  if (previous && isSideOf(clause, previous, mention)) return { owner: previous.entity, type: 'laterality' };
  const place = firstAfter(clause, mention.end, ['ANATOMY']);
  const isPlace = place && isForward(clause.bare.slice(mention.end, place.start), 1);
  return isPlace ? { owner: place.entity, type: 'laterality' } : null;
}

/** "wheeze bilaterally, reduced air entry": the side ends the phrase of its problem. */
const endsBehind = (clause: Clause, { end }: PlacedEntity, mention: AttributeMention): boolean =>
  endsPhrase(clause, mention.end) && /^[\s,(]*$/.test(clause.bare.slice(end, mention.start));

function isSideOf(clause: Clause, previous: PlacedEntity, mention: AttributeMention): boolean {
  const behind = clause.bare.slice(previous.end, mention.start);
  return endsBehind(clause, previous, mention) || (!/[.;]/.test(behind) && allIn(behind, LATERALITY_CONNECTORS, 5));
}

const endsPhrase = ({ masked }: Clause, end: number): boolean =>
  /^\s{0,2}(?:[,.;)\n]|$)/.test(masked.slice(end, end + 3));
