/**
 * In pregnancy the codes of chapter 15 come before those of the other chapters (guideline I.C.15.a.1), each with its
 * trimester (I.C.15.a.3) or for the childbirth (I.C.15.a.4); the week and the outcome are coded beside them (I.C.21.c.11,
 * I.C.15.b.5). Table: rules/coding-pregnancy.json.
 */
import type { CodeSuggestion, Document, Span } from '../document';
import rules from '../rules/coding-pregnancy.json';
import { descendants, type CodeSet } from './code-set';
import { spanOf } from '../units';
import { isSuggested, startsWithAny, suggestedCodes, type Making } from './mentions';
import { STATED_SCORE } from './stated-codes';

const PREGNANT = new RegExp(rules.pregnant, 'i');
const WEEKS = new RegExp(rules.weeks, 'i');
const DELIVERED = new RegExp(rules.delivered, 'i');
const LIVE_BIRTH = new RegExp(rules.liveBirth, 'i');

/** First weeks of the second and third trimester (I.C.15.a.3): 14 weeks 0 days, 28 weeks 0 days. */
const TRIMESTERS = [14, 28];
const ORDINALS = ['first', 'second', 'third'];

interface Gestation {
  readonly weeks: number;
  readonly quote: Span;
}

function gestationOf({ text }: Document): Gestation | null {
  const match = PREGNANT.test(text) || DELIVERED.test(text) ? WEEKS.exec(text) : null;
  const weeks = Number(match?.[1]);
  if (match === null || !(weeks >= 4 && weeks <= 42)) return null;
  return { weeks, quote: spanOf(match.index, match[0]) };
}

interface Pregnancy {
  readonly trimester: number;
  readonly isDelivered: boolean;
  readonly codeSet: CodeSet;
}

/** "unspecified trimester" -> the trimester, or "complicating childbirth" where the note tells of the birth. */
function inTime({ code, display }: CodeSuggestion, { trimester, isDelivered, codeSet }: Pregnancy): string | undefined {
  const ordinal = `${ORDINALS[trimester - 1]!} trimester`;
  const wanted = [
    ...(isDelivered
      ? [
          display.replace(/unspecified trimester/i, 'complicating childbirth'),
          display.replace(/, unspecified trimester/i, ' complicating childbirth'),
          display.replace('in pregnancy', 'in childbirth'),
        ]
      : []),
    display.replace(/unspecified trimester/i, ordinal),
  ].filter((title) => title !== display);
  const titles = new Map(
    descendants(code.slice(0, 3), codeSet).map((other) => [codeSet.titles[codeSet.indexOf.get(other)!]!, other]),
  );
  return wanted.map((title) => titles.get(title)).find((found) => found !== undefined);
}

/** What of a code becomes in pregnancy: the code of chapter 15, and whether the other one stays beside it. */
function replacementOf(
  suggestion: CodeSuggestion,
  pregnancy: Pregnancy,
): { readonly code: string; readonly keeps: boolean } | null {
  if (suggestion.code.startsWith('O')) {
    const code = inTime(suggestion, pregnancy);
    return code === undefined ? null : { code, keeps: false };
  }
  const rule = rules.instead.find(
    ({ from, ...rest }) => startsWithAny(suggestion.code, from) && (!('delivered' in rest) || pregnancy.isDelivered),
  );
  return rule ? { code: rule.to.replace('*', String(pregnancy.trimester)), keeps: rule.keeps } : null;
}

/** Adds the codes of pregnancy that the suggested ones call for; nothing where the note tells of no pregnancy. */
export function inPregnancy(
  document: Document,
  suggestions: readonly CodeSuggestion[],
  { codeSet, make }: Making,
): CodeSuggestion[] {
  const gestation = gestationOf(document);
  if (gestation === null) return [...suggestions];
  const trimester = 1 + TRIMESTERS.filter((week) => gestation.weeks >= week).length;
  const pregnancy = { trimester, isDelivered: DELIVERED.test(document.text), codeSet };
  const listed = new Map(suggestions.map((suggestion) => [suggestion.code, suggestion]));
  for (const suggestion of suggestions.filter(isSuggested)) {
    const next = replacementOf(suggestion, pregnancy);
    if (next === null || !codeSet.indexOf.has(next.code)) continue;
    if (!next.keeps)
      listed.set(suggestion.code, {
        ...suggestion,
        ...{ status: 'suppressed', reason: 'combined', guideline: 'I.C.15.a.1' },
      });
    const added = make(next.code, { score: suggestion.score, guideline: 'I.C.15.a.1' });
    listed.set(next.code, { ...added, evidence: suggestion.evidence, quotes: [gestation.quote] });
  }
  const isObstetric = suggestedCodes([...listed.values()]).some((code) => code.startsWith('O'));
  const add = (code: string, guideline: string, quote: Span): void => {
    if (codeSet.indexOf.has(code) && listed.get(code)?.status !== 'suggested')
      listed.set(code, { ...make(code, { score: STATED_SCORE, guideline }), quotes: [quote] });
  };
  if (isObstetric)
    add(`Z3A.${gestation.weeks < 8 ? '01' : String(gestation.weeks).padStart(2, '0')}`, 'I.C.21.c.11', gestation.quote);
  const birth = pregnancy.isDelivered ? LIVE_BIRTH.exec(document.text) : null;
  if (birth !== null && !/\btwins?\b/i.test(document.text)) add('Z37.0', 'I.C.15.b.5', spanOf(birth.index, birth[0]));
  return [...listed.values()];
}
