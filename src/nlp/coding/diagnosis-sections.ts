/**
 * Where a note states its diagnoses, the symptoms told elsewhere are what led to them: guidelines II.A and IV.D leave a
 * symptom code to a note without a confirmed diagnosis.
 */
import type { CodeSuggestion, Document, Entity, SectionCategory } from '../document';
import rules from '../rules/coding.json';
import { isSuggested, sectionAt, sentenceAt, startsWithAny } from './mentions';

const STATING: readonly SectionCategory[] = ['diagnoses', 'assessment', 'assessment_and_plan', 'plan'];

const isSymptom = ({ code }: CodeSuggestion): boolean => startsWithAny(code, rules.symptomCodes);

const LIST_ITEM = /^[ \t]*(?:\d{1,2}[.)]|[-*•#])/;

/** "Dx: croup", "Imp GORD": a sentence that states a diagnosis in any section. */
const STATES =
  /^\s*(?:[-•*#]|\d{1,2}[.)])?\s*(?:(?:working|final|discharge|principal|primary|clinical|provisional) )?(?:dx|diagnos[ie]s|imp|impression|a\/p|assessment|∆|Δ)\b/i;

function isInStatingSentence(entity: Entity, document: Document): boolean {
  const own = sentenceAt(document, entity);
  return own !== undefined && STATES.test(document.text.slice(own.start, own.end));
}

/** On the heading's own line, in a list below it, or below a heading that stands alone. */
function isStatedAt(entity: Entity, document: Document): boolean {
  if (isInStatingSentence(entity, document)) return true;
  const section = sectionAt(document, entity);
  if (!section || !STATING.includes(section.category)) return false;
  const { text } = document;
  const line = text.lastIndexOf('\n', entity.start - 1) + 1;
  if (line <= section.title.start) return true;
  const afterTitle = text.slice(section.title.end, text.indexOf('\n', section.title.end));
  return LIST_ITEM.test(text.slice(line, entity.start)) || /^[ \t:]*$/.test(afterTitle);
}

/** Whether a suggestion is a symptom whose every evidence stands outside of where the note states its diagnoses. */
export function symptomsBySide(
  document: Document,
  suggestions: readonly CodeSuggestion[],
): (suggestion: CodeSuggestion) => boolean {
  const byId = new Map(document.entities.map((entity) => [entity.id, entity]));
  const isStated = ({ evidence }: CodeSuggestion): boolean =>
    evidence.some((id) => isStatedAt(byId.get(id)!, document));
  const hasDiagnosis = suggestions.some(
    (one) => isSuggested(one) && !isSymptom(one) && !one.code.startsWith('Z') && isStated(one),
  );
  return (suggestion) => hasDiagnosis && isSymptom(suggestion) && !isStated(suggestion);
}
