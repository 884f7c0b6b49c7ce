/** What one finding of the note has to say about one code; the note's list is made of these. */
import { CONFIDENT_SENSE } from '../abbreviations';
import type {
  Candidate,
  CodeSuggestion,
  Document,
  Entity,
  Section,
  SectionCategory,
  SuppressionReason,
  Span,
} from '../document';
import { sectionIndexAt } from '../sections';
import type { CodeSet } from './code-set';

export interface Mention {
  readonly entity: Entity;
  readonly candidate: Candidate;
  /** Why the code is not suggested for it, or null. */
  readonly reason: SuppressionReason | null;
  /** Section of the Official Guidelines that decided. */
  readonly guideline?: string;
}

/** What rules need to add a code of their own. */
export interface Making {
  readonly codeSet: CodeSet;
  readonly make: (code: string, from: { readonly score: number; readonly guideline: string }) => CodeSuggestion;
}

export const isSuggested = ({ status }: CodeSuggestion): boolean => status === 'suggested';

export const suggestedCodes = (suggestions: readonly CodeSuggestion[]): string[] =>
  suggestions.filter(isSuggested).map(({ code }) => code);

export const startsWithAny = (code: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => code.startsWith(prefix));

/** A code that a rule names, as sure as what it was derived from. @throws TypeError when the set lacks the code. */
export function candidateFor(
  code: string,
  { score, matched }: Pick<Candidate, 'score' | 'matched'>,
  codeSet: CodeSet,
): Candidate {
  const entry = codeSet.indexOf.get(code)!;
  return { code, display: codeSet.titles[entry]!, billable: codeSet.billable[entry]!, score, matched };
}

/** The long form only where its sense is likely. */
export function wordsOf({ abbreviation, text }: Entity): string {
  return abbreviation && abbreviation.score >= CONFIDENT_SENSE ? abbreviation.long : text;
}

/** An abbreviation whose sense is open says too little for a code: a coin flip must not become one. */
export const isUnclear = ({ abbreviation, text }: Entity): boolean =>
  (abbreviation !== undefined && abbreviation.score < CONFIDENT_SENSE) || /^(?:type|stage|grade) \w{1,3}$/i.test(text);

/** Said to be so of the patient. */
export const isAffirmed = ({ assertion }: Entity): boolean =>
  assertion.presence === 'present' && assertion.experiencer === 'patient';

/** The sentence that an entity stands in. */
export const sentenceAt = ({ sentences }: Document, { start, end }: Entity): Span | undefined =>
  sentences.find((sentence) => sentence.start <= start && end <= sentence.end);

/** The section that an entity stands in. */
export function sectionAt(document: Document, { start }: Entity): Section | undefined {
  const index = sectionIndexAt(document, start);
  return index === undefined ? undefined : document.sections[index];
}

export function categoryAt(document: Document, entity: Entity): SectionCategory {
  return sectionAt(document, entity)?.category ?? 'other';
}

/** Whether any of the phrases stands in the text as whole words. */
export function names(text: string, phrases: readonly string[]): boolean {
  const padded = ` ${text.toLowerCase().replace(/[^a-z0-9/-]+/g, ' ')} `;
  return phrases.some((phrase) => padded.includes(` ${phrase} `));
}
