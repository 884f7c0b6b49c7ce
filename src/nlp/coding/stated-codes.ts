/**
 * Codes that the note states in words which are no finding of their own: tobacco (guideline I.C.5.b), the organism behind
 * an infection (I.B.9), the drug behind an adverse effect (I.C.19.e.5), status and circumstances (I.C.21). Each keeps the
 * quoted words as its evidence. Table: rules/coding-stated.json.
 */
import type { CodeSuggestion, Document, Span } from '../document';
import rules from '../rules/coding-stated.json';
import status from '../rules/coding-status.json';
import { spanOf } from '../units';
import { isSuggested, startsWithAny, suggestedCodes, type Making } from './mentions';
import { bodyMassIndexCode } from './status-codes';

const DENIED = new RegExp(rules.denials, 'i');
/** Characters before the words among which a denial or another person may stand. */
const DENIAL_REACH = 30;

/** Of words that are matched as they stand: strong, though no model has weighed them. */
export const STATED_SCORE = 0.9;

interface StatedRule {
  readonly code: string;
  readonly guideline: string;
  readonly says: RegExp;
  /** Codes of which one must be suggested; none needed where the list is empty. */
  readonly beside: readonly string[];
  /** Codes of which none may be listed, whatever became of it. */
  readonly unless: readonly string[];
  /** The words deny something themselves: what stands before them is not looked at. */
  readonly affirmed: boolean;
}

interface WrittenRule
  extends Pick<StatedRule, 'code' | 'guideline'>, Partial<Pick<StatedRule, 'beside' | 'unless' | 'affirmed'>> {
  readonly says: string;
}

const STATED: readonly StatedRule[] = (rules.stated as readonly WrittenRule[]).map((rule) => ({
  ...{ beside: [], unless: [], affirmed: false },
  ...rule,
  says: new RegExp(rule.says, 'gi'),
}));

const INSTEAD = rules.instead.map(({ from, to, says, ...rest }) => ({
  ...{ from, to },
  says: new RegExp(says, 'gi'),
  beside: 'beside' in rest ? rest.beside : [],
}));

/** Where the words stand and nothing before them denies them. */
function quotesOf({ says, affirmed }: Pick<StatedRule, 'says' | 'affirmed'>, { text, entities }: Document): Span[] {
  return [...text.matchAll(says)]
    .map((match) => spanOf(match.index, match[0]))
    .filter(({ start, end }) => {
      if (!affirmed && DENIED.test(text.slice(Math.max(0, start - DENIAL_REACH), start))) return false;
      const own = entities.filter((entity) => entity.start < end && start < entity.end);
      return own.every(
        ({ assertion }) => affirmed || (assertion.presence !== 'absent' && assertion.experiencer === 'patient'),
      );
    });
}

/** Whether nothing of the list speaks against a stated code: its company is there, and nothing tells the same already. */
function isOwed(rule: StatedRule, known: readonly string[], suggestions: readonly CodeSuggestion[]): boolean {
  if (rule.beside.length > 0 && !known.some((code) => startsWithAny(code, rule.beside))) return false;
  // tobacco has one code: the most exact words come first in the table
  const isTold = rule.code.startsWith('F17') ? known.some((code) => code.startsWith('F17')) : known.includes(rule.code);
  // what a combination has taken up is told by it
  const isTaken = suggestions.some(({ code, reason }) => code === rule.code && reason === 'combined');
  return !isTold && !isTaken && !suggestions.some(({ code }) => startsWithAny(code, rule.unless));
}

/** What the words of the note add to its list; a code that is suggested already is left as it is. */
export function statedCodes(
  document: Document,
  suggestions: readonly CodeSuggestion[],
  { make }: Making,
): CodeSuggestion[] {
  const listed = suggestedCodes(suggestions);
  const added: CodeSuggestion[] = [];
  for (const rule of STATED) {
    if (!isOwed(rule, [...listed, ...added.map(({ code }) => code)], suggestions)) continue;
    const quotes = quotesOf(rule, document);
    if (quotes.length > 0)
      added.push({ ...make(rule.code, { score: STATED_SCORE, guideline: rule.guideline }), quotes });
  }
  const weight = bodyMassCode(document, listed, make);
  return weight === null || suggestions.some(({ code }) => code.startsWith('Z68')) ? added : [...added, weight];
}

/** "Obesity, BMI 38" where no test was recognized. */
function bodyMassCode(document: Document, listed: readonly string[], make: Making['make']): CodeSuggestion | null {
  const match = /\bBMI\b[^.;\n\d]{0,12}(\d{2}(?:\.\d)?)/.exec(document.text);
  const code = match === null ? undefined : bodyMassIndexCode(Number(match[1]));
  if (match === null || code === undefined || !listed.some((one) => startsWithAny(one, status.bodyMassIndex.beside)))
    return null;
  const quotes = [spanOf(match.index, match[0])];
  return { ...make(code, { score: STATED_SCORE, guideline: 'I.B.14' }), quotes };
}

/** Replaces a code by the more exact one that words elsewhere in the note call for: pneumonia by its organism. */
export function restate(
  document: Document,
  suggestions: readonly CodeSuggestion[],
  { codeSet, make }: Making,
): CodeSuggestion[] {
  const listed = suggestedCodes(suggestions);
  return suggestions.map((suggestion) => {
    if (!isSuggested(suggestion)) return suggestion;
    for (const { from, to, says, beside } of INSTEAD) {
      if (!from.includes(suggestion.code)) continue;
      if (beside.length > 0 && !listed.some((code) => startsWithAny(code, beside))) continue;
      const code = to.replace('=', suggestion.code.slice(0, 3));
      const quotes = codeSet.indexOf.has(code) ? quotesOf({ says, affirmed: false }, document) : [];
      if (quotes.length === 0) continue;
      return { ...make(code, { score: suggestion.score, guideline: 'I.B.2' }), evidence: suggestion.evidence, quotes };
    }
    return suggestion;
  });
}
