/**
 * Combination codes over their parts (guidelines I.B.9 and I.A.15, "with"): diabetes and its complications, hypertension
 * with heart failure and kidney disease. The table is rules/coding-combinations.json.
 */
import combinations from '../rules/coding-combinations.json';
import type { CodeSuggestion } from '../document';
import type { CodeSet } from './code-set';
import { isSuggested, startsWithAny } from './mentions';

export interface Combination {
  readonly guideline: string;
  readonly code: string;
  /** Codes of every part, each as a list of beginnings. */
  readonly parts: readonly (readonly string[])[];
  /** Indexes of the parts that the combination makes redundant. */
  readonly replaces: readonly number[];
  /** Only codes that begin so are replaced as the first part. */
  readonly unspecified?: readonly string[];
}

/** A rule with `categories` stands for one rule a category: "E11.9" with its complication becomes "E11." and the suffix. */
function expandRules(): Combination[] {
  return combinations.flatMap(({ guideline, code, categories, unspecified, parts, suffix, replaces }) => {
    if (code !== undefined) return [{ guideline, code, parts, replaces }];
    return categories.map((category) => ({
      guideline,
      code: `${category}.${suffix}`,
      // diabetes that has a complication already may have another
      parts: [[`${category}.`], ...parts],
      unspecified: unspecified.map((end) => `${category}.${end}`),
      replaces: [0, ...replaces],
    }));
  });
}

export const COMBINATIONS: readonly Combination[] = expandRules();

type MakeSuggestion = (code: string, parts: readonly CodeSuggestion[], guideline: string) => CodeSuggestion;

/** The first suggestion of each part, or null when one is missing. */
function partsOf(rule: Combination, suggested: readonly CodeSuggestion[]): CodeSuggestion[] | null {
  const found = rule.parts.map((starts) => suggested.find(({ code }) => startsWithAny(code, starts)));
  return found.every((part) => part !== undefined) ? found : null;
}

/**
 * Adds the combinations that the suggested codes allow and suppresses the parts that they replace. A part that one rule
 * replaced may take part in another of the same condition: diabetes has many complications, hypertension one code.
 */
export function combine(
  suggestions: readonly CodeSuggestion[],
  codeSet: CodeSet,
  make: MakeSuggestion,
): CodeSuggestion[] {
  const suggested = suggestions.filter(isSuggested);
  const added = new Map<string, CodeSuggestion>();
  const replaced = new Map<string, string>();
  for (const rule of COMBINATIONS) {
    const parts = partsOf(rule, suggested);
    if (!parts || !codeSet.indexOf.has(rule.code)) continue;
    const isTaken = rule.parts.length > 1 && rule.guideline !== 'I.A.15' && replaced.has(parts[0]!.code);
    if (isTaken) continue;
    if (!added.has(rule.code)) added.set(rule.code, make(rule.code, parts, rule.guideline));
    for (const index of rule.replaces) {
      const { code } = parts[index]!;
      if (index > 0 || rule.unspecified === undefined || startsWithAny(code, rule.unspecified))
        replaced.set(code, rule.guideline);
    }
  }
  const kept = suggestions.map((suggestion): CodeSuggestion => {
    const guideline = isSuggested(suggestion) ? replaced.get(suggestion.code) : undefined;
    return guideline === undefined || added.has(suggestion.code)
      ? suggestion
      : { ...suggestion, status: 'suppressed', reason: 'combined', guideline };
  });
  return [...kept.filter(({ code }) => !added.has(code)), ...added.values()];
}
