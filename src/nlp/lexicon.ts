/**
 * What the model's training texts hardly contain and a list knows for certain: the label of an abbreviation that has only
 * one in clinical notes, and spans that belong together ("acute on" + "chronic systolic heart failure", "carbidopa" + "-levodopa").
 */
import type { Document, Entity, EntityLabel } from './document';
import rules from './rules/lexicon.json';

/** Spelling as written in notes -> label; case counts, since "af" and "ha" are other words. */
const LABELS: ReadonlyMap<string, EntityLabel> = new Map(
  Object.entries(rules.labels).flatMap(([label, words]) => words.map((word) => [word, label as EntityLabel] as const)),
);
const JOINS: ReadonlySet<string> = new Set(rules.joins);

/** Surer than this the model has read the context: in a genetics paper "CP" or "HR" may be another thing. */
const SURE = 0.8;

function relabel(entity: Entity): Entity {
  const label = entity.score < SURE ? LABELS.get(entity.text) : undefined;
  if (label === undefined || label === entity.label) return { ...entity, origin: 'model' };
  return { ...entity, label, origin: 'lexicon' };
}

/** The first part gives the start, the second the label; the score is that of the less certain. */
function join(first: Entity, second: Entity, text: string): Entity {
  const { start } = first;
  return { ...second, start, text: text.slice(start, second.end), score: Math.min(first.score, second.score) };
}

function belongTogether(first: Entity, second: Entity, text: string): boolean {
  const between = text.slice(first.end, second.start);
  // "carbidopa-levodopa" is one medicine; "paracetamol/ibuprofen" may be two
  if (first.label === 'MEDICATION' && second.label === 'MEDICATION' && between === '-') return true;
  const isOpening = JOINS.has(first.text.toLowerCase().replace(/\s+/g, ' '));
  return isOpening && second.label === 'DISORDER' && /^[ -]?$/.test(between);
}

/** Corrects the entity layer and says what gave each label; ids stay as they were, so a joined entity has the id of its second part. */
export function applyLexicon(document: Document): Document {
  const entities: Entity[] = [];
  for (const entity of document.entities.map(relabel)) {
    const previous = entities.at(-1);
    if (previous && belongTogether(previous, entity, document.text))
      entities[entities.length - 1] = join(previous, entity, document.text);
    else entities.push(entity);
  }
  return { ...document, entities };
}
