/**
 * A more exact code of the same category where the note says what its title adds: "permanent" before atrial fibrillation,
 * "upper outer quadrant" behind breast cancer (guideline I.B.2, the highest degree of detail that is documented). Only
 * words of the note decide; a title with one word more than the note has is not chosen.
 */
import type { Candidate, Document, Entity } from '../document';
import rules from '../rules/coding-specifying.json';
import { descendants, type CodeSet } from './code-set';
import { candidateFor, startsWithAny, wordsOf } from './mentions';
import { NEGATED, readTerms } from './terms';

const VAGUE: ReadonlySet<string> = new Set(rules.vague);
const EQUIVALENTS = rules.equivalents.map(({ says, means }) => ({ says: new RegExp(says, 'i'), means }));
const BOUNDARY_BEFORE = /[.;:\n](?!\d)/g;
const BOUNDARY_AFTER = /[;\n]|[.](?!\d)/;
/** What follows is of the finding itself: "with haemorrhage", "(paroxysmal)". */
const LINK = /\b(?:with|due to|secondary to|from|caused by|complicated by|after|without)\b[^,;]*$|\(\s*$/i;
const LINK_GOES_ON = /^\s*(?:,|and|&|\/|, and)\s*(?:[\p{L}-]+\s){0,2}$/u;

const NEXT_BEGINS = /[,(/]|\band\b/g;

/** "left MCA", "LAD occlusion": where it is, not another finding. */
const VESSEL = /^(?:(?:left|right|[lr]) )?(?:mca|aca|pca|lad|rca|lcx)(?: (?:territory|occlusion|infarct))?$/i;

const isProblem = ({ label, text }: Entity): boolean =>
  (label === 'DISORDER' || label === 'SYMPTOM') && !VESSEL.test(text);

/** Where the words about a finding end: before the next finding that nothing links to it. */
function endOfWords({ entities, text }: Document, { end }: Entity): number {
  const rest = text.slice(end, end + rules.reachAfter);
  const limit = end + (BOUNDARY_AFTER.exec(rest)?.index ?? rest.length);
  let [last, isLinked] = [end, false];
  for (const other of entities) {
    if (!isProblem(other) || other.start < end || other.start >= limit) continue;
    const between = text.slice(last, other.start);
    isLinked = LINK.test(between) || (isLinked && LINK_GOES_ON.test(between));
    if (!isLinked) return last + Math.max(0, ...[...between.matchAll(NEXT_BEGINS)].map(({ index }) => index));
    last = other.end;
  }
  return limit;
}

function startOfWords({ entities, text }: Document, { start }: Entity): number {
  const from = Math.max(0, start - rules.reachBefore);
  const before = text.slice(from, start);
  const boundary = [...before.matchAll(BOUNDARY_BEFORE)].at(-1);
  const previous = entities.filter((other) => isProblem(other) && other.end <= start).map(({ end }) => end);
  return Math.max(boundary === undefined ? from : from + boundary.index + 1, ...previous);
}

const DENIED_WORDS = /\b(?:without|no|not|nor|denies)\b[^,;.]*/gi;

/** Every term that the note says about the finding, its own among them. */
function termsAround(entity: Entity, document: Document, end: number): ReadonlySet<string> {
  const { text } = document;
  const before = text.slice(startOfWords(document, entity), entity.start);
  const after = text.slice(entity.end, end);
  const sides = entity.attributes.map((attribute) => attribute.text).join(' ');
  // a comma ends what stands before: "HTN, atrial fibrillation" says nothing of hypertension about the fibrillation
  const words = `${before.slice(before.lastIndexOf(',') + 1)} ${wordsOf(entity)} ${after} ${sides}`;
  const affirmed = words.replace(DENIED_WORDS, ' ');
  const equivalents = EQUIVALENTS.filter(({ says }) => says.test(affirmed)).flatMap(({ means }) => means);
  return new Set([...readTerms(words).map(({ term }) => term), ...equivalents]);
}

interface Title {
  readonly code: string;
  readonly terms: ReadonlySet<string>;
}

const titlesOf = new WeakMap<CodeSet, Map<string, Title[]>>();

/** Billable titles of a category with the terms that a note must say; brackets and vague words need not be said. */
function titlesIn(category: string, codeSet: CodeSet): readonly Title[] {
  const known = titlesOf.get(codeSet) ?? new Map<string, Title[]>();
  titlesOf.set(codeSet, known);
  const listed = known.get(category);
  if (listed) return listed;
  const titles = [category, ...descendants(category, codeSet)].flatMap((code): Title[] => {
    const entry = codeSet.indexOf.get(code)!;
    return codeSet.billable[entry]! ? [{ code, terms: requiredTerms(codeSet.titles[entry]!) }] : [];
  });
  known.set(category, titles);
  return titles;
}

function requiredTerms(title: string): ReadonlySet<string> {
  const terms = readTerms(title.replace(/, unspecified whether .*/i, '')).filter(
    ({ term, optional }) => !optional && !VAGUE.has(term),
  );
  return new Set(terms.map(({ term }) => term).filter((term) => !term.startsWith(NEGATED)));
}

interface Reading {
  readonly document: Document;
  readonly search: { readonly codeSet: CodeSet };
}

/** The encounter must stay: initial, subsequent, sequela. */
const seventhOf = (code: string): string => /^.{7}([A-Z])$/.exec(code)?.[1] ?? '';

const MUST_BE_SAID = Object.entries(rules.mustBeSaid).map(([term, words]) => ({ term, words: new RegExp(words, 'i') }));

/** Whether the title speaks of a cause, a kind or a place that no word of the note speaks of. */
function isUngrounded({ display }: Candidate, text: string): boolean {
  const terms = new Set(readTerms(display).map(({ term }) => term));
  return MUST_BE_SAID.some(({ term, words }) => terms.has(term) && !words.test(text));
}

const OTHER = /\bother\b/i;
const OTHER_STEP = 0.5;

/**
 * The candidate to start from: the best, unless another of its category is nearly as likely and takes less for granted
 * ("Opioid dependence, uncomplicated" before "with unspecified opioid-induced disorder"). Null where the note supports
 * none: a title with "alcoholic" needs a word about alcohol.
 */
export function groundedCandidate(entity: Entity, document: Document): Candidate | null {
  const supported = entity.candidates.filter((candidate) => !isUngrounded(candidate, document.text));
  const [best] = supported;
  if (best === undefined) return null;
  // the sentence to its end, other findings included: the search has looked at it too
  const rest = document.text.slice(entity.end, entity.end + rules.reachAfter);
  const said = termsAround(entity, document, entity.end + (BOUNDARY_AFTER.exec(rest)?.index ?? rest.length));
  const unsaid = (words: string): number => [...requiredTerms(words)].filter((term) => !said.has(term)).length;
  // the name that the words were found by may be nearer to them than the title; "other" is no better than "unspecified"
  const presumed = ({ display, matched }: Candidate): number =>
    Math.min(unsaid(display), unsaid(matched)) + (OTHER.test(display) ? OTHER_STEP : 0);
  // one that the search put first for its clause has the score of the one it left behind
  const alike = supported.filter(
    ({ code, score, billable }) =>
      billable &&
      code.slice(0, 3) === best.code.slice(0, 3) &&
      (score < best.score || OTHER.test(best.display)) &&
      score >= best.score * rules.alternativeShare,
  );
  return [best, ...alike].reduce((least, candidate) => (presumed(candidate) < presumed(least) ? candidate : least));
}

/** @param base the code that the words alone stand for; a header is left as it is. */
export function specify(entity: Entity, base: Candidate, { document, search }: Reading): Candidate {
  const { codeSet } = search;
  if (!base.billable) return base;
  const said = termsAround(entity, document, endOfWords(document, entity));
  const isSaid = (term: string): boolean => said.has(term);
  const names = [requiredTerms(base.display), requiredTerms(base.matched)];
  const own = new Set(names.flatMap((terms) => [...terms]));
  const ownSaid = Math.max(...names.map((terms) => [...terms].filter(isSaid).length));
  const categories = [
    base.code.slice(0, 3),
    ...rules.neighbours.filter(({ from }) => startsWithAny(base.code, from)).flatMap(({ to }) => to),
  ];
  let [best, most] = [base, ownSaid];
  for (const { code, terms } of categories.flatMap((category) => titlesIn(category, codeSet))) {
    const isFitting = seventhOf(code) === seventhOf(base.code) && code !== base.code;
    if (!isFitting || terms.size <= most) continue;
    // what the base says without the note need not be said; what the title adds must be
    const added = [...terms].filter((term) => !own.has(term));
    const isGrounded = added.length > 0 && added.every(isSaid);
    const lost = [...own].filter((term) => !terms.has(term) && isSaid(term));
    const count = [...terms].filter(isSaid).length;
    if (isGrounded && lost.length === 0 && count > most) [best, most] = [candidateFor(code, base, codeSet), count];
  }
  return best;
}
