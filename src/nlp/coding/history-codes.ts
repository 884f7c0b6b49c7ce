/**
 * Past and family findings (guideline I.C.21.c.4): what is over becomes a personal history code, what relatives have a
 * family history code, and a chronic condition that the note calls "history of" is still coded as what it is (IV.I).
 */
import type { Document, Entity, SectionCategory } from '../document';
import history from '../rules/coding-history.json';
import type { CodeSet } from './code-set';
import { candidateFor, categoryAt, names, startsWithAny, type Mention } from './mentions';

const HISTORY = 'I.C.21.c.4';

function mappedCode(
  code: string,
  table: readonly { readonly from: readonly string[]; readonly to: string }[],
): string | undefined {
  return table.find(({ from }) => startsWithAny(code, from))?.to;
}

/** "resolved", "childhood": words that say a chronic condition is over all the same. */
function isSaidToBeOver({ entity }: Mention, { text }: Document): boolean {
  const cues = entity.assertion.cues.filter(({ axis }) => axis === 'temporality');
  // "gout, last attack 2 years ago": the attack is over, not the gout
  const isOfAttack = (start: number): boolean =>
    /\blast \w+(?: was)?[^.;\n]{0,16}$/i.test(text.slice(Math.max(0, start - 30), start));
  return cues.some(({ start, end }) => names(text.slice(start, end), history.finished) && !isOfAttack(start));
}

const STAY: readonly SectionCategory[] = ['diagnoses', 'hospital_course', 'assessment', 'assessment_and_plan', 'other'];

/** "Acute kidney injury, resolved" among the diagnoses of a stay was treated in it. */
export function isResolvedInStay(entity: Entity, document: Document): boolean {
  const cues = entity.assertion.cues.filter(({ axis }) => axis === 'temporality');
  const isResolved = cues.some(({ start, end }) => names(document.text.slice(start, end), history.resolved));
  return isResolved && STAY.includes(categoryAt(document, entity));
}

function derived(mention: Mention, code: string, codeSet: CodeSet): Mention {
  return { ...mention, candidate: candidateFor(code, mention.candidate, codeSet), reason: null, guideline: HISTORY };
}

/** A finding of the past: as its history code, as itself if it is chronic, or suppressed. */
export function asPersonalHistory(mention: Mention, document: Document, codeSet: CodeSet): Mention {
  const { code } = mention.candidate;
  if (startsWithAny(code, history.chronic) && !isSaidToBeOver(mention, document))
    return { ...mention, reason: null, guideline: 'IV.I' };
  const past = mappedCode(code, history.codes);
  return past === undefined
    ? { ...mention, reason: 'historical', guideline: HISTORY }
    : derived(mention, past, codeSet);
}

/** An acute illness listed in the past history is over, though no word says so. */
export function isListedAsPast({ entity, candidate }: Mention, document: Document): boolean {
  return (
    categoryAt(document, entity) === 'past_medical_history' &&
    !startsWithAny(candidate.code, history.chronic) &&
    mappedCode(candidate.code, history.codes) !== undefined
  );
}

/** A relative's finding: as its family history code, or suppressed where the code set has none. */
export function asFamilyHistory(mention: Mention, codeSet: CodeSet): Mention {
  const family = mappedCode(mention.candidate.code, history.familyCodes);
  if (family === undefined || mention.entity.assertion.presence !== 'present')
    return { ...mention, reason: 'family', guideline: HISTORY };
  return derived(mention, family, codeSet);
}
