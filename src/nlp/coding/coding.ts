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
import { candidateFor, isSuggested, isUnclear, startsWithAny, wordsOf, type Mention } from './mentions';
import { poisonings } from './poisonings';
import { inPregnancy } from './pregnancy';
import type { CodeSearch } from './search';
import { groundedCandidate, specify } from './specifying';
import { restate, statedCodes } from './stated-codes';
import { secondaryNeoplasms } from './secondary-neoplasms';
import { statusMentions } from './status-codes';

/** Characters behind a finding in which what it is "with" may begin. */
const ECHO_REACH = 20;

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

const [VACCINE, VACCINATED] = [new RegExp(rules.vaccines, 'i'), new RegExp(rules.vaccinated, 'i')];

/** "Tetanus given": the vaccine, not the illness. */
const isVaccine = ({ text, end }: Entity, document: Document): boolean =>
  VACCINE.test(text) && VACCINATED.test(document.text.slice(end, end + 40));

const INJURY = new RegExp(rules.injuryWords, 'i');

/** The best is likely by itself, or its category by all the candidates in it. */
function isLikely({ code, score }: Candidate, candidates: readonly Candidate[]): boolean {
  if (score >= rules.threshold) return true;
  if (score < rules.leastCategoryScore) return false;
  const alike = candidates.filter((other) => other.code.slice(0, 3) === code.slice(0, 3));
  return alike.reduce((sum, other) => sum + other.score, 0) >= rules.categoryThreshold;
}

/** What an entity's best candidate makes of it; the other candidates are possibilities to choose from by hand. */
function problemMentions(entity: Entity, coding: Coding): Mention[] {
  if (entity.candidates.length === 0) return [];
  const grounded = groundedCandidate(entity, coding.document);
  if (grounded === null) return entity.candidates.map((candidate) => ({ entity, candidate, reason: 'uncertain' }));
  const best = specify(entity, grounded, coding);
  const others = entity.candidates.filter(({ code }) => code !== best.code);
  const mention = applyAssertion({ entity, candidate: best, reason: null }, coding);
  // a symptom is no injury: "tender distal radius" is not yet a fracture
  const isInjury = /^[ST]/.test(best.code) && (entity.label === 'SYMPTOM' || !INJURY.test(wordsOf(entity)));
  const isUncertain =
    mention.reason === null &&
    (!isLikely(grounded, entity.candidates) || isVaccine(entity, coding.document) || isUnclear(entity) || isInjury);
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

/** Codes that begin so tell of the same; of some categories one has several at once, such as complications of diabetes. */
const kindOf = (code: string): string => code.slice(0, startsWithAny(code, rules.manyAtOnce) ? 5 : 4);

/** A header whose own leaf is suggested too, or a vaguer code beside a more exact one of its category, says less. */
function isCovered(one: CodeSuggestion, suggested: readonly CodeSuggestion[]): boolean {
  const covering = rules.coveredBy.filter(({ codes }) => startsWithAny(one.code, codes)).flatMap(({ by }) => by);
  return suggested.some(
    (other) =>
      other.code !== one.code &&
      (other.code.startsWith(one.code) ||
        startsWithAny(other.code, covering) ||
        (other.code.startsWith(kindOf(one.code)) && vagueness(one) > vagueness(other))),
  );
}

function excludes(code: string, other: string, codeSet: CodeSet): boolean {
  const notes = tabularChain(code, codeSet).flatMap(({ excludes1 }) => excludes1);
  return notes.some(({ patterns }) => patterns.some((pattern) => matchesPattern(other, pattern)));
}

/** Of two that exclude each other a symptom gives way to a diagnosis, else the one with the lower rank. */
function yields(
  [place, one]: readonly [number, CodeSuggestion],
  [otherPlace, other]: readonly [number, CodeSuggestion],
): boolean {
  const isSymptom = ({ code }: CodeSuggestion): boolean => code.startsWith('R');
  return isSymptom(one) === isSymptom(other) ? otherPlace < place : isSymptom(one);
}

/** Excludes1: whether a suggestion may not stand beside another one that is stronger. */
function isExcluded(index: number, ranked: readonly CodeSuggestion[], codeSet: CodeSet): boolean {
  const one = ranked[index]!;
  return ranked.some(
    (other, place) =>
      isSuggested(other) &&
      yields([index, one], [place, other]) &&
      (excludes(one.code, other.code, codeSet) || excludes(other.code, one.code, codeSet)),
  );
}

interface Ruling {
  readonly codeSet: CodeSet;
  /** Whether a symptom code stands outside the diagnoses of a note that has some. */
  readonly isBySide: (suggestion: CodeSuggestion) => boolean;
}

function applyTabular(suggestions: readonly CodeSuggestion[], { codeSet, isBySide }: Ruling): CodeSuggestion[] {
  const all = suggestions.filter(isSuggested);
  const withoutSymptoms = suggestions.map((one) =>
    isSuggested(one) && (isIntegral(one.code, all) || isBySide(one)) ? suppress(one, 'symptom_of') : one,
  );
  const suggested = withoutSymptoms.filter(isSuggested);
  const ranked = withoutSymptoms.map((one) =>
    isSuggested(one) && isCovered(one, suggested) ? suppress(one, 'duplicate') : one,
  );
  // one after the other: what is excluded excludes nothing more
  for (const [index, one] of ranked.entries())
    if (isSuggested(one) && isExcluded(index, ranked, codeSet)) ranked[index] = suppress(one, 'excludes1');
  return ranked;
}

const CHAPTERS: Readonly<Record<string, number>> = rules.ranking.chapters;
const REASONS: Readonly<Partial<Record<SuppressionReason, number>>> = rules.ranking.reasons;

/**
 * Likely codes first, and of these the ones that coders choose more often; diagnoses before symptoms, injuries and status.
 * The weights are a logistic regression over the training cases of CodiEsp, each without its own codes in the counts.
 */
function rankBy({ prior }: CodeSearch, { entities }: Document) {
  const symptoms = new Set(entities.filter(({ label }) => label === 'SYMPTOM').map(({ id }) => id));
  const rank = ({ code, score, evidence, reason }: CodeSuggestion): number =>
    Math.log(score + rules.leastScore) +
    rules.ranking.prior * (prior.codes[code] ?? 0) +
    (CHAPTERS[code[0]!] ?? 0) +
    (evidence.some((id) => symptoms.has(id)) ? rules.ranking.symptom : 0) +
    (reason === null ? 0 : (REASONS[reason] ?? 0));
  return (a: CodeSuggestion, b: CodeSuggestion): number => rank(b) - rank(a) || a.code.localeCompare(b.code);
}

function mergeByCode(mentions: readonly Mention[], codeSet: CodeSet): CodeSuggestion[] {
  const byCode = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const { code } = mention.candidate;
    byCode.set(code, [...(byCode.get(code) ?? []), mention]);
  }
  return [...byCode.values()].map((group) => toSuggestion(group, codeSet));
}

/** A code that a rule names, suggested by that rule; its evidence is the caller's to add. */
function makeSuggestion(codeSet: CodeSet) {
  return (
    code: string,
    { score, guideline }: { readonly score: number; readonly guideline: string },
  ): CodeSuggestion => {
    const { display, billable } = candidateFor(code, { score, matched: '' }, codeSet);
    return {
      system: 'ICD-10-CM',
      ...{ code, display, billable, score },
      evidence: [],
      ...{ status: 'suggested', reason: null },
      needs: needsOf(code, codeSet),
      notes: notesOf(code, codeSet),
      guideline,
    };
  };
}

/** A combination code stands on the evidence of its parts and is as sure as the least sure of them. */
function makeCombination(codeSet: CodeSet) {
  const make = makeSuggestion(codeSet);
  return (code: string, parts: readonly CodeSuggestion[], guideline: string): CodeSuggestion => {
    const quotes = parts.flatMap((part) => part.quotes ?? []);
    return {
      ...make(code, { score: Math.min(...parts.map(({ score }) => score)), guideline }),
      evidence: [...new Set(parts.flatMap((part) => part.evidence))],
      ...(quotes.length === 0 ? {} : { quotes }),
    };
  };
}

/** Of two of one code the suggested one stays. */
function uniqueByCode(suggestions: readonly CodeSuggestion[]): CodeSuggestion[] {
  const byCode = new Map<string, CodeSuggestion>();
  for (const suggestion of suggestions) {
    const known = byCode.get(suggestion.code);
    if (known === undefined || (!isSuggested(known) && isSuggested(suggestion)))
      byCode.set(suggestion.code, suggestion);
  }
  return [...byCode.values()];
}

/** "HIV disease with Pneumocystis pneumonia": the code of the finding behind "with" is that finding's, not also of the first. */
function withoutEchoes(entities: readonly Entity[]): Entity[] {
  return entities.map((entity, index) => {
    const [best, ...others] = entity.candidates;
    const isEcho = entities
      .slice(index + 1, index + 3)
      .some(
        ({ start, candidates }) =>
          start < entity.end + ECHO_REACH && best !== undefined && candidates[0]?.code === best.code,
      );
    return isEcho && (others[0]?.score ?? 0) >= rules.threshold ? { ...entity, candidates: others } : entity;
  });
}

/** The whole note's list: suggested first, each part by score. Entities must have their candidates. */
export function codeNote(noted: Document, search: CodeSearch, setting: CareSetting = 'outpatient'): Document {
  const { codeSet } = search;
  const document = { ...noted, entities: withoutEchoes(noted.entities) };
  const problems = document.entities.flatMap((entity) => problemMentions(entity, { document, search, setting }));
  const coded = problems.filter(({ reason }) => reason === null).map(({ candidate }) => candidate.code);
  const merged = mergeByCode(
    [...problems, ...statusMentions(document, coded, codeSet), ...secondaryNeoplasms(problems, document, codeSet)],
    codeSet,
  );
  const making = { codeSet, make: makeSuggestion(codeSet) };
  const stated = [...merged, ...statedCodes(document, merged, making)];
  const restated = restate(document, uniqueByCode(stated), making);
  const withParts = combine(uniqueByCode(restated), codeSet, makeCombination(codeSet));
  // what stands only beside a combination: the organism, the symptom that the code asks for
  const withAll = [...withParts, ...statedCodes(document, withParts, making)];
  const withDrugs = poisonings(document, uniqueByCode(withAll), making);
  const combined = inPregnancy(document, uniqueByCode(withDrugs), making);
  const inOrder = rankBy(search, document);
  const ruled = applyTabular(combined.sort(inOrder), { codeSet, isBySide: symptomsBySide(document, combined) });
  const others = ruled.filter((one) => !isSuggested(one)).sort(inOrder);
  return { ...noted, codes: [...ruled.filter(isSuggested), ...others] };
}
