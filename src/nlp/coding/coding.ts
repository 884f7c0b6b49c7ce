/**
 * From entities to codes: candidates for each mention, then one list for the note with the reason for every code that
 * is not suggested. Follows the ICD-10-CM Official Guidelines (sections I.B.4-6, I.C, IV.H) as far as the tables go.
 */
import type { Candidate, CareSetting, CodeSuggestion, Document, Entity, SuppressionReason } from '../document';
import rules from '../rules/coding.json';
import { ancestors, descendants, matchesPattern, tabularChain, type CodeSet, type Instruction } from './code-set';
import { combine } from './combinations';
import { symptomsBySide } from './diagnosis-sections';
import { asFamilyHistory, asPersonalHistory, isListedAsPast, isResolvedInStay } from './history-codes';
import { candidateFor, isUnclear, startsWithAny, type Mention } from './mentions';
import type { CodeSearch } from './search';
import { secondaryNeoplasms } from './secondary-neoplasms';
import { statusMentions } from './status-codes';

/** Sections of the Official Guidelines behind the reasons that one rule alone gives. */
const GUIDELINES: Readonly<Partial<Record<SuppressionReason, string>>> = {
  symptom_of: 'I.B.5',
  duplicate: 'I.B.2',
  excludes1: 'I.A.12.a',
};

/** Uncertain diagnoses: coded as if established at an inpatient's discharge (II.H), never for an outpatient (IV.H). */
function asUncertain(mention: Mention, setting: CareSetting): Mention {
  if (setting === 'inpatient') return { ...mention, guideline: 'II.H' };
  return { ...mention, reason: 'possible', guideline: 'IV.H' };
}

/** What the note says of a finding decides what of its code becomes. */
function applyAssertion(mention: Mention, { document, search, setting }: Coding): Mention {
  const { assertion } = mention.entity;
  if (assertion.experiencer === 'other') return { ...mention, reason: 'other_person' };
  if (assertion.experiencer === 'family') return asFamilyHistory(mention, search.codeSet);
  if (assertion.presence === 'absent') return { ...mention, reason: 'absent' };
  if (assertion.temporality === 'hypothetical') return { ...mention, reason: 'hypothetical' };
  if (assertion.presence === 'possible') return asUncertain(mention, setting);
  if (setting === 'inpatient' && isResolvedInStay(mention.entity, document)) return { ...mention, guideline: 'II' };
  if (assertion.temporality === 'historical' || isListedAsPast(mention, document))
    return asPersonalHistory(mention, document, search.codeSet);
  return mention;
}

interface Coding {
  readonly document: Document;
  readonly search: CodeSearch;
  readonly setting: CareSetting;
}

/** What an entity's best candidate makes of it; the other candidates are possibilities to choose from by hand. */
function problemMentions(entity: Entity, coding: Coding): Mention[] {
  const [best, ...others] = entity.candidates;
  if (!best) return [];
  const mention = applyAssertion({ entity, candidate: best, reason: null }, coding);
  // a symptom is no injury: "tender distal radius" is not yet a fracture
  const isInjury = entity.label === 'SYMPTOM' && /^[ST]/.test(best.code);
  const isUncertain = mention.reason === null && (best.score < rules.threshold || isUnclear(entity) || isInjury);
  const uncertain = (candidate: Candidate): Mention => ({ entity, candidate, reason: 'uncertain' });
  return [isUncertain ? uncertain(best) : mention, ...others.map(uncertain)];
}

/** The next codes below a header, no deeper. */
function children(code: string, codeSet: CodeSet): string[] {
  return descendants(code, codeSet).filter((other) => ancestors(other, codeSet)[0] === code);
}

/** What a coder must still find out before a header becomes a billable code. */
export function needsOf(code: string, codeSet: CodeSet): string[] {
  const isBillable = (other: string): boolean => codeSet.billable[codeSet.indexOf.get(other)!]!;
  if (isBillable(code)) return [];
  const next = children(code, codeSet);
  const titles = next.map((other) => codeSet.titles[codeSet.indexOf.get(other)!]!);
  const needsSide = titles.some((title) => /\bleft\b/.test(title)) && titles.some((title) => /\bright\b/.test(title));
  const needsSeventh = descendants(code, codeSet)
    .filter(isBillable)
    .every((other) => other.length === 8);
  if (needsSeventh && next.every(isBillable)) return ['seventh_character'];
  return [needsSide ? 'laterality' : 'more_specific', ...(needsSeventh ? ['seventh_character'] : [])];
}

/** A note that ends in a colon stands before the list that it introduces. */
function joinInstructions(kind: string, instructions: readonly Instruction[]): string[] {
  const texts = instructions.map(({ text }) => text.replace(/^[ ,]+/, ''));
  const joined = texts.length > 1 && texts[0]!.endsWith(':') ? [`${texts[0]!} ${texts.slice(1).join('; ')}`] : texts;
  return joined.map((text) => `${kind}: ${text}`);
}

/** The instructions that apply to a code, its own and those of its headers and section. */
function notesOf(code: string, codeSet: CodeSet): string[] {
  const notes = tabularChain(code, codeSet).flatMap(({ codeFirst, useAdditional, codeAlso }) => [
    ...joinInstructions('Code first', codeFirst),
    ...joinInstructions('Use additional code', useAdditional),
    ...joinInstructions('Code also', codeAlso),
  ]);
  return [...new Set(notes)];
}

/** One line a code: affirmed mentions win over suppressed ones of the same code. */
function toSuggestion(mentions: readonly Mention[], codeSet: CodeSet): CodeSuggestion {
  const affirmed = mentions.filter((mention) => mention.reason === null);
  const counted = affirmed.length > 0 ? affirmed : mentions;
  const best = counted.reduce((a, b) => (b.candidate.score > a.candidate.score ? b : a));
  const { code, display, billable, score } = best.candidate;
  const guideline = best.guideline === undefined ? {} : { guideline: best.guideline };
  return {
    system: 'ICD-10-CM',
    code,
    display,
    billable,
    score,
    evidence: counted.map((mention) => mention.entity.id),
    status: affirmed.length > 0 ? 'suggested' : 'suppressed',
    reason: affirmed.length > 0 ? null : best.reason,
    needs: needsOf(code, codeSet),
    notes: notesOf(code, codeSet),
    ...guideline,
  };
}

function suppress(suggestion: CodeSuggestion, reason: SuppressionReason): CodeSuggestion {
  const guideline = GUIDELINES[reason];
  return { ...suggestion, status: 'suppressed', reason, ...(guideline === undefined ? {} : { guideline }) };
}

/** Guideline I.B.5: signs and symptoms that belong to a confirmed diagnosis are not coded beside it. */
function isIntegral(code: string, suggested: readonly CodeSuggestion[]): boolean {
  return rules.integralSymptoms.some(
    ({ symptoms, disorders }) =>
      startsWithAny(code, symptoms) &&
      suggested.some((other) => other.code !== code && startsWithAny(other.code, disorders)),
  );
}

/** "Unspecified", "without", "uncomplicated": what a code says that says no more. */
const vagueness = ({ code, display }: CodeSuggestion): number =>
  (display.match(/\bunspecified|\bwithout\b|\buncomplicated|\bNOS\b/gi)?.length ?? 0) + Number(/^.{3}\.9/.test(code));

/** A header whose own leaf is suggested too, or a vaguer code beside a more exact one of its category, says less. */
function isCovered(one: CodeSuggestion, suggested: readonly CodeSuggestion[]): boolean {
  const covering = rules.coveredBy.filter(({ codes }) => startsWithAny(one.code, codes)).flatMap(({ by }) => by);
  return suggested.some(
    (other) =>
      other.code !== one.code &&
      (other.code.startsWith(one.code) ||
        startsWithAny(other.code, covering) ||
        (other.code.startsWith(one.code.slice(0, 4)) && vagueness(one) > vagueness(other))),
  );
}

function excludes(code: string, other: string, codeSet: CodeSet): boolean {
  const notes = tabularChain(code, codeSet).flatMap(({ excludes1 }) => excludes1);
  return notes.some(({ patterns }) => patterns.some((pattern) => matchesPattern(other, pattern)));
}

/** Excludes1: of two codes that may not stand together the one with the lower score steps back. */
function isExcluded(index: number, ranked: readonly CodeSuggestion[], codeSet: CodeSet): boolean {
  const { code } = ranked[index]!;
  return ranked
    .slice(0, index)
    .some(
      (other) =>
        other.status === 'suggested' && (excludes(code, other.code, codeSet) || excludes(other.code, code, codeSet)),
    );
}

interface Ruling {
  readonly codeSet: CodeSet;
  /** Whether a symptom code stands outside the diagnoses of a note that has some. */
  readonly isBySide: (suggestion: CodeSuggestion) => boolean;
}

function applyTabular(suggestions: readonly CodeSuggestion[], { codeSet, isBySide }: Ruling): CodeSuggestion[] {
  const ranked: CodeSuggestion[] = [];
  const suggested = suggestions.filter((suggestion) => suggestion.status === 'suggested');
  for (const suggestion of suggestions) {
    let next = suggestion;
    if (next.status === 'suggested' && (isIntegral(next.code, suggested) || isBySide(next)))
      next = suppress(next, 'symptom_of');
    if (next.status === 'suggested' && isCovered(next, suggested)) next = suppress(next, 'duplicate');
    ranked.push(next);
    if (next.status === 'suggested' && isExcluded(ranked.length - 1, ranked, codeSet)) {
      ranked[ranked.length - 1] = suppress(next, 'excludes1');
    }
  }
  return ranked;
}

/** Likely codes first, of equally likely ones those that coders choose more often; diagnoses before status codes. */
function rankBy(search: CodeSearch) {
  const rank = ({ code, score }: CodeSuggestion): number =>
    Math.log(score + rules.leastScore) +
    rules.priorWeight * (search.prior.codes[code] ?? 0) -
    (code.startsWith('Z') ? rules.statusStep : 0);
  return (a: CodeSuggestion, b: CodeSuggestion): number => rank(b) - rank(a) || a.code.localeCompare(b.code);
}

const isSuggested = ({ status }: CodeSuggestion): boolean => status === 'suggested';

function mergeByCode(mentions: readonly Mention[], codeSet: CodeSet): CodeSuggestion[] {
  const byCode = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const { code } = mention.candidate;
    byCode.set(code, [...(byCode.get(code) ?? []), mention]);
  }
  return [...byCode.values()].map((group) => toSuggestion(group, codeSet));
}

/** A combination code stands on the evidence of its parts and is as sure as the least sure of them. */
function makeCombination(codeSet: CodeSet) {
  return (code: string, parts: readonly CodeSuggestion[], guideline: string): CodeSuggestion => {
    const least = parts.reduce((a, b) => (b.score < a.score ? b : a));
    const { display, billable, score } = candidateFor(code, { score: least.score, matched: '' }, codeSet);
    const evidence = [...new Set(parts.flatMap((part) => part.evidence))];
    const needs = needsOf(code, codeSet);
    const notes = notesOf(code, codeSet);
    return {
      system: 'ICD-10-CM',
      code,
      display,
      billable,
      score,
      evidence,
      status: 'suggested',
      reason: null,
      needs,
      notes,
      guideline,
    };
  };
}

/** The whole note's list: suggested first, each part by score. Entities must have their candidates. */
export function codeNote(document: Document, search: CodeSearch, setting: CareSetting = 'outpatient'): Document {
  const { codeSet } = search;
  const problems = document.entities.flatMap((entity) => problemMentions(entity, { document, search, setting }));
  const coded = problems.filter(({ reason }) => reason === null).map(({ candidate }) => candidate.code);
  const merged = mergeByCode(
    [...problems, ...statusMentions(document, coded, codeSet), ...secondaryNeoplasms(problems, document, codeSet)],
    codeSet,
  );
  const combined = combine(merged, codeSet, makeCombination(codeSet));
  const ruled = applyTabular(combined.sort(rankBy(search)), { codeSet, isBySide: symptomsBySide(document, combined) });
  return { ...document, codes: [...ruled.filter(isSuggested), ...ruled.filter((one) => !isSuggested(one))] };
}
