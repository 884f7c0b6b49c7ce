/**
 * Overdoses by the drug and the intent, as the table of drugs and chemicals has them (guideline I.C.19.e.5.b): the columns
 * are the sixth character, 1 accidental and 2 self-harm; without a word about the intent it is accidental. Drugs that the
 * table of rules/coding-poisonings.json lacks keep the code for an unspecified drug.
 */
import type { CodeSuggestion, Document, Entity } from '../document';
import rules from '../rules/coding-poisonings.json';
import { isAffirmed, isSuggested, names, sentenceAt, wordsOf, type Making } from './mentions';

const TAKEN = new RegExp(rules.taken, 'i');
const SELF_HARM = new RegExp(rules.selfHarm, 'i');
const NOT_SELF_HARM = new RegExp(rules.notSelfHarm, 'i');
const UNSPECIFIED = /^T50\.9/;

const baseOf = (entity: Entity): string | undefined =>
  rules.drugs.find((drug) => names(wordsOf(entity), drug.names))?.base;

/** Drugs in a sentence that tells of an overdose, nothing of it denied or in another person. */
function takenDrugs(document: Document): Entity[] {
  return document.entities.filter((entity) => {
    const sentence = sentenceAt(document, entity);
    return (
      entity.label === 'MEDICATION' &&
      isAffirmed(entity) &&
      sentence !== undefined &&
      TAKEN.test(document.text.slice(sentence.start, sentence.end))
    );
  });
}

/** Puts the drugs that were taken in the place of "unspecified drugs", where an overdose is suggested. */
export function poisonings(
  document: Document,
  suggestions: readonly CodeSuggestion[],
  { codeSet, make }: Making,
): CodeSuggestion[] {
  const vague = suggestions.filter((one) => isSuggested(one) && UNSPECIFIED.test(one.code));
  if (vague.length === 0) return [...suggestions];
  const intent = SELF_HARM.test(document.text) && !NOT_SELF_HARM.test(document.text) ? '2' : '1';
  const added = new Map<string, CodeSuggestion>();
  for (const drug of takenDrugs(document)) {
    const base = baseOf(drug);
    const code = `${base ?? ''}${intent}A`;
    if (base === undefined || !codeSet.indexOf.has(code)) continue;
    const evidence = [...new Set([...(added.get(code)?.evidence ?? vague.flatMap((one) => one.evidence)), drug.id])];
    added.set(code, { ...make(code, { score: drug.score, guideline: 'I.C.19.e.5.b' }), evidence });
  }
  if (added.size > 0)
    return [
      ...suggestions.map((one): CodeSuggestion =>
        vague.includes(one) ? { ...one, status: 'suppressed', reason: 'combined', guideline: 'I.C.19.e.5.b' } : one,
      ),
      ...added.values(),
    ];
  return suggestions.map((one) => {
    const code = one.code.replace(/1A$/, `${intent}A`);
    const isChanged = vague.includes(one) && code !== one.code && codeSet.indexOf.has(code);
    return isChanged ? { ...make(code, { score: one.score, guideline: 'I.C.19.e.5.b' }), evidence: one.evidence } : one;
  });
}
