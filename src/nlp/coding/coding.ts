/**
 * From entities to codes: candidates for each mention, then one list for the note with the reason for every code that
 * is not suggested. Follows the ICD-10-CM Official Guidelines (sections I.B.4-6, I.C, IV.H) as far as the tables go.
 */
import { CONFIDENT_SENSE } from '../abbreviations';
import type { Candidate, CodeSuggestion, Document, Entity, SuppressionReason } from '../document';
import rules from '../rules/coding.json';
import { ancestors, descendants, matchesPattern, tabularChain, type CodeSet, type Instruction } from './code-set';
import { searchCodes, type CodeSearch } from './search';
import { termsOf } from './terms';

const CODED_LABELS: readonly string[] = ['DISORDER', 'SYMPTOM'];
const FAMILY_HISTORY = /^Z8[0-4]/;

/** The long form only where its sense is likely. */
function wordsOf({ abbreviation, text }: Entity): string {
  return abbreviation && abbreviation.score >= CONFIDENT_SENSE ? abbreviation.long : text;
}

/** An abbreviation whose sense is open says too little for a code: a coin flip must not become one. */
const isUnclear = ({ abbreviation }: Entity): boolean =>
  abbreviation !== undefined && abbreviation.score < CONFIDENT_SENSE;

function queryFor(entity: Entity): string {
  const words = wordsOf(entity);
  const detail = entity.attributes.filter(
    (attribute) => attribute.type === 'laterality' || attribute.type === 'severity',
  );
  const added = detail
    .map((attribute) => attribute.text)
    .filter((text) => !words.toLowerCase().includes(text.toLowerCase()));
  return [...added, words].join(' ');
}

/** Detail words help only where a title has them: the better of with and without. */
function candidatesFor(entity: Entity, search: CodeSearch): readonly Candidate[] {
  const detailed = searchCodes(search, queryFor(entity), rules.candidates);
  const plain = searchCodes(search, wordsOf(entity), rules.candidates);
  const better = (detailed[0]?.score ?? 0) >= (plain[0]?.score ?? 0) ? detailed : plain;
  return better.filter((candidate) => candidate.score >= rules.candidateFloor);
}

/** A family mention may only be coded as family history (Z80-Z84), and only when that is what the words say. */
function familyCandidates(entity: Entity, search: CodeSearch): readonly Candidate[] {
  const words = wordsOf(entity);
  const asked = termsOf(words);
  const found = searchCodes(search, `family history of ${words}`, 20);
  return found.filter(({ code, score, matched }) => {
    const named = termsOf(matched);
    const agreeing = asked.filter((term) => named.includes(term)).length;
    return FAMILY_HISTORY.test(code) && score >= rules.threshold && agreeing * 2 >= asked.length && agreeing > 0;
  });
}

/** Adds the candidates of one entity; other labels than problems keep none. */
export function linkEntity(entity: Entity, search: CodeSearch): Entity {
  if (!CODED_LABELS.includes(entity.label)) return entity;
  if (entity.assertion.experiencer === 'family') {
    const family = familyCandidates(entity, search);
    if (family.length > 0) return { ...entity, candidates: family.slice(0, rules.candidates) };
  }
  return { ...entity, candidates: candidatesFor(entity, search) };
}

/** Why a mention's code is not suggested, or null. Guideline IV.H: probable, suspected and so on are not coded. */
function suppressionOf({ assertion }: Entity, code: string): SuppressionReason | null {
  if (assertion.experiencer === 'other') return 'other_person';
  if (assertion.experiencer === 'family')
    return FAMILY_HISTORY.test(code) && assertion.presence === 'present' ? null : 'family';
  if (assertion.presence !== 'present') return assertion.presence;
  if (assertion.temporality !== 'current') return assertion.temporality;
  return null;
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

interface Mention {
  readonly entity: Entity;
  readonly candidate: Candidate;
  readonly reason: SuppressionReason | null;
}

/** One line a code: affirmed mentions win over suppressed ones of the same code. */
function toSuggestion(mentions: readonly Mention[], codeSet: CodeSet): CodeSuggestion {
  const affirmed = mentions.filter((mention) => mention.reason === null);
  const counted = affirmed.length > 0 ? affirmed : mentions;
  const best = counted.reduce((a, b) => (b.candidate.score > a.candidate.score ? b : a));
  const { code, display, billable, score } = best.candidate;
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
  };
}

const suppress = (suggestion: CodeSuggestion, reason: SuppressionReason): CodeSuggestion => ({
  ...suggestion,
  status: 'suppressed',
  reason,
});

const startsWithAny = (code: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => code.startsWith(prefix));

/** Guideline I.B.5: signs and symptoms that belong to a confirmed diagnosis are not coded beside it. */
function isIntegral(code: string, suggested: readonly CodeSuggestion[]): boolean {
  return rules.integralSymptoms.some(
    ({ symptoms, disorders }) =>
      startsWithAny(code, symptoms) &&
      suggested.some((other) => other.code !== code && startsWithAny(other.code, disorders)),
  );
}

const isUnspecified = ({ code, display }: CodeSuggestion): boolean =>
  code.length === 5 && code.endsWith('.9') && /unspecified|without complications/i.test(display);

/** A header whose own leaf is suggested too, or "unspecified" beside a specified code of its category, says less. */
function isCovered(one: CodeSuggestion, suggested: readonly CodeSuggestion[]): boolean {
  return suggested.some(
    (other) =>
      other.code !== one.code &&
      (other.code.startsWith(one.code) ||
        (isUnspecified(one) && !isUnspecified(other) && other.code.startsWith(one.code.slice(0, 4)))),
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

function applyTabular(suggestions: readonly CodeSuggestion[], codeSet: CodeSet): CodeSuggestion[] {
  const ranked: CodeSuggestion[] = [];
  const suggested = suggestions.filter((suggestion) => suggestion.status === 'suggested');
  for (const suggestion of suggestions) {
    let next = suggestion;
    if (next.status === 'suggested' && isIntegral(next.code, suggested)) next = suppress(next, 'symptom_of');
    if (next.status === 'suggested' && isCovered(next, suggested)) next = suppress(next, 'duplicate');
    ranked.push(next);
    if (next.status === 'suggested' && isExcluded(ranked.length - 1, ranked, codeSet)) {
      ranked[ranked.length - 1] = suppress(next, 'excludes1');
    }
  }
  return ranked;
}

/** The whole note's list: suggested first, each part by score. Entities must have their candidates. */
export function codeNote(document: Document, search: CodeSearch): Document {
  const byCode = new Map<string, Mention[]>();
  for (const entity of document.entities) {
    const candidate = entity.candidates[0];
    if (!candidate || candidate.score < rules.threshold || isUnclear(entity)) continue;
    const mention = { entity, candidate, reason: suppressionOf(entity, candidate.code) };
    byCode.set(candidate.code, [...(byCode.get(candidate.code) ?? []), mention]);
  }
  const byScore = (a: CodeSuggestion, b: CodeSuggestion): number => b.score - a.score || a.code.localeCompare(b.code);
  const merged = [...byCode.values()].map((mentions) => toSuggestion(mentions, search.codeSet)).sort(byScore);
  const ruled = applyTabular(merged, search.codeSet);
  const isSuggested = ({ status }: CodeSuggestion): boolean => status === 'suggested';
  return { ...document, codes: [...ruled.filter(isSuggested), ...ruled.filter((one) => !isSuggested(one))] };
}
