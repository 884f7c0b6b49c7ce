/**
 * What the entry of a medicine lacks to be taken safely: a dose, a frequency. Only where the note prescribes: in a list of
 * medicines, or where an order is given. Words are rules/medication-actions.json.
 */
import type { Document, Entity, MedicationActionType, MissingAttribute, SectionCategory, Span } from './document';
import rules from './rules/medication-actions.json';
import { anyOf, WORD_END, WORD_START } from './units';

const LISTS: ReadonlySet<SectionCategory> = new Set(['medications', 'discharge_medications']);
const ORDERS: ReadonlySet<SectionCategory> = new Set([
  'plan',
  'assessment',
  'assessment_and_plan',
  'discharge_instructions',
  'follow_up',
  'other',
]);
const NEVER: ReadonlySet<SectionCategory> = new Set([
  'allergies',
  'family_history',
  'immunizations',
  'social_history',
  'past_medical_history',
  'past_surgical_history',
]);
/** An order to go on says nothing new about the dose: only its first words count. */
const ORDER_ACTIONS: ReadonlySet<MedicationActionType> = new Set(['start', 'increase', 'decrease']);
const ENDED_ACTIONS: ReadonlySet<MedicationActionType> = new Set(['stop', 'hold', 'taper']);
const EXEMPT = new RegExp(`${WORD_START}${anyOf(rules.withoutSig)}${WORD_END}`, 'iu');
const CLASS_WORD = new RegExp(`^(?:\\p{L}{1,12}\\s)?${anyOf(rules.classWords)}$`, 'iu');
const MEASURED_BY_SITE = new RegExp(`${WORD_START}${anyOf(rules.measuredBySite)}${WORD_END}`, 'iu');

/** The categories of the section that `entity` stands in and of those around it. */
function categoriesAt({ sections }: Document, { start, section }: Entity): SectionCategory[] {
  let index = section ?? sections.findIndex(({ title, body }) => title.start <= start && start < body.end);
  const categories: SectionCategory[] = [];
  while (index >= 0 && categories.length < 8) {
    const found = sections[index];
    if (!found) break;
    categories.push(found.category);
    index = found.parent ?? -1;
  }
  return categories;
}

const isPrescribed = ({ assertion }: Entity): boolean =>
  assertion.presence === 'present' && assertion.temporality === 'current' && assertion.experiencer === 'patient';

const hasAny = ({ attributes }: Entity, types: readonly string[]): boolean =>
  attributes.some(({ type }) => types.includes(type));

/** The medicine opens its line or cell, as in a list: "- aspirin 81 mg daily", "3. Aspirin". */
function opensLine(text: string, { start }: Span): boolean {
  const line =
    text
      .slice(Math.max(0, start - 16), start)
      .split('\n')
      .at(-1) ?? '';
  return (text[start - line.length - 1] ?? '\n') === '\n' && /^\s*(?:[-•*#>]|\(?\d{1,2}[.)]|\|)?\s*$/u.test(line);
}

function isInPrescription(document: Document, entity: Entity): boolean {
  const categories = categoriesAt(document, entity);
  const isIn = (kinds: ReadonlySet<SectionCategory>): boolean => categories.some((category) => kinds.has(category));
  const action = entity.action?.type;
  if (isIn(NEVER) || (action !== undefined && ENDED_ACTIONS.has(action))) return false;
  if (isIn(LISTS)) return true;
  return !CLASS_WORD.test(entity.text) && isOrder(document, entity, categories.length === 0 || isIn(ORDERS));
}

/** "Start sertraline" in a plan, or a line of its own with part of a sig. */
function isOrder(document: Document, entity: Entity, isOrderSection: boolean): boolean {
  const isAction = entity.action !== undefined && ORDER_ACTIONS.has(entity.action.type);
  if (isAction) return isOrderSection || hasAny(entity, ['dose', 'frequency']);
  return isOrderSection && opensLine(document.text, entity) && hasAny(entity, ['dose', 'frequency', 'route']);
}

/** A cream is put on, a patch stuck on, an inhaler used: their entry is complete without an amount. */
function lacksDose(entity: Entity): boolean {
  const words = [entity.text, ...entity.attributes.filter(({ type }) => type !== 'dose').map(({ text }) => text)];
  return !hasAny(entity, ['dose', 'strength']) && !words.some((text) => MEASURED_BY_SITE.test(text));
}

/** An infusion's rate is its frequency, and a course of doses counts them. */
function lacksFrequency({ attributes }: Entity): boolean {
  return !attributes.some(
    ({ type, unit = '', text }) =>
      type === 'frequency' ||
      (type === 'dose' && /\/(?:h|min|d)$/.test(unit)) ||
      (type === 'duration' && unit === 'dose') ||
      (type === 'route' && /bolus|infusion|push/iu.test(text)),
  );
}

function missingOf(document: Document, entity: Entity): MissingAttribute[] {
  const isMedicine = entity.label === 'MEDICATION' && isPrescribed(entity) && !EXEMPT.test(entity.text);
  if (!isMedicine || !isInPrescription(document, entity)) return [];
  return [
    ...(lacksDose(entity) ? (['dose'] as const) : []),
    ...(lacksFrequency(entity) ? (['frequency'] as const) : []),
  ];
}

/** Needs sections, attributes and assertions: to be called after assertEntities. Replaces what `missing` says already. */
export function missingAttributes(document: Document): Document {
  const entities = document.entities.map((entity): Entity => {
    const missing = missingOf(document, entity);
    const judged: { -readonly [Key in keyof Entity]: Entity[Key] } = { ...entity };
    delete judged.missing;
    return missing.length > 0 ? { ...judged, missing } : judged;
  });
  return { ...document, entities };
}
