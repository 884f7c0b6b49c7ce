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
  const scored = clause.entities.filter(({ entity, end }) => end <= mention.start && PROBLEMS.includes(entity.label));
  const last = scored.findLast(({ entity }) => clause.chains.get(entity)?.some(({ kind }) => kind === 'score'));
  return last ? { owner: last.entity, type: 'severity' } : null;
}

export function ownSeverity(clause: Clause, mention: AttributeMention): Ownership | null {
  const next = firstAfter(clause, mention.end, PROBLEMS);
  const previous = lastBefore(clause, mention.start, isNotPlace);
  const isProblem = previous !== undefined && PROBLEMS.includes(previous.entity.label);
  const behind = previous ? clause.bare.slice(previous.end, mention.start) : ';';
  const isApart =
    isProblem &&
    (/^\s?[,(:–-]{1,2}\s?$/.test(behind)
      ? !leadsAtOnce(clause, mention.end, next)
      : /^\s?$/.test(behind) && endsPhrase(clause, mention.end));
  if (!isApart && next && leadsTo(clause, mention.end, next)) return { owner: next.entity, type: 'severity' };
  if (!isProblem || isFollowedByNoun(clause, mention.end)) return null;
  if (isFollowedByEntity(clause, mention.end, ['ANATOMY', 'TEST', 'PROCEDURE', 'MEDICATION'])) return null;
  return !behind.includes(';') && allIn(behind, SEVERITY_CONNECTORS, 4)
    ? { owner: previous.entity, type: 'severity' }
    : null;
}

const leadsAtOnce = (clause: Clause, from: number, next: PlacedEntity | undefined): boolean =>
  next !== undefined && !clause.bare.slice(from, next.start).includes(',') && leadsTo(clause, from, next);

/** Adjectives and places, at most three words, up to the entity: "severe, constant frontal headache". */
function leadsTo(clause: Clause, from: number, next: PlacedEntity): boolean {
  const between = clause.bare.slice(from, next.start);
  return isOnlyAnatomy(clause, from, next.start) && isForward(between.replace(/\uFFFC+/g, ' '), 3);
}

export function ownLaterality(clause: Clause, mention: AttributeMention): Ownership | null {
  const type = 'laterality';
  const previous = lastBefore(clause, mention.start, isNotPlace);
  const behind = previous ? clause.bare.slice(previous.end, mention.start) : ';';
  const isSided = previous !== undefined && SIDED.includes(previous.entity.label);
  if (isSided && endsPhrase(clause, mention.end) && /^[\s,(]*$/.test(behind)) return { owner: previous.entity, type };
  const next = firstAfter(clause, mention.end, SIDED);
  if (next && leadsTo(clause, mention.end, next)) return { owner: next.entity, type };
  const isBehind = isSided && !/[.;]/.test(behind) && allIn(behind, LATERALITY_CONNECTORS, 5);
  if (isBehind) return { owner: previous.entity, type };
  const place = firstAfter(clause, mention.end, ['ANATOMY']);
  return place && isForward(clause.bare.slice(mention.end, place.start), 1) ? { owner: place.entity, type } : null;
}

const endsPhrase = ({ masked }: Clause, end: number): boolean =>
  /^\s{0,2}(?:[,.;)\n]|$)/.test(masked.slice(end, end + 3));
