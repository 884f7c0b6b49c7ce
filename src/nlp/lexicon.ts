/**
 * What the model's training texts hardly contain and a list knows for certain: the label of an abbreviation that has only
 * one in clinical notes, and spans that belong together ("acute on" + "chronic systolic heart failure", "carbidopa" + "-levodopa").
 */
import { DEFAULT_ASSERTION, type Document, type Entity, type EntityLabel } from './document';
import rules from './rules/lexicon.json';

/** Spelling as written in notes -> label; case counts, since "af" and "ha" are other words. */
const LABELS: ReadonlyMap<string, EntityLabel> = new Map(
  Object.entries(rules.labels).flatMap(([label, words]) => words.map((word) => [word, label as EntityLabel] as const)),
);
const MISSED = new RegExp(`(?<![\\p{L}\\p{N}/-])(?:${rules.missed.join('|')})(?![\\p{L}\\p{N}-])`, 'gu');
const JOINS: ReadonlySet<string> = new Set(rules.joins);

/** Surer than this the model has read the context: in a genetics paper "CP" or "HR" may be another thing. */
const SURE = 0.8;

/** Of "knee OA", taken for an operation, the last word decides. */
function labelOf({ text, label }: Entity): EntityLabel | undefined {
  const last = text.slice(text.lastIndexOf(' ') + 1);
  const isEnding = label === 'PROCEDURE' && last !== text && LABELS.get(last) === 'DISORDER';
  return LABELS.get(text) ?? (isEnding ? 'DISORDER' : undefined);
}

/** Of a disorder that the list knows and the model has not seen: no calibrated score, below what the model is sure of. */
const LISTED_SCORE = 0.7;

/** Abbreviations of disorders that stand outside of every entity. */
function findMissed({ text, entities }: Document): Entity[] {
  return [...text.matchAll(MISSED)].flatMap((match): Entity[] => {
    const [start, end] = [match.index, match.index + match[0].length];
    if (entities.some((entity) => entity.start < end && start < entity.end)) return [];
    return [
      {
        ...{ id: `l${start}`, start, end, text: match[0], label: 'DISORDER', score: LISTED_SCORE },
        ...{ assertion: DEFAULT_ASSERTION, attributes: [], candidates: [], origin: 'lexicon' },
      },
    ];
  });
}

function relabel(entity: Entity): Entity {
  const label = entity.score < SURE ? labelOf(entity) : undefined;
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
  const all = [...entities, ...findMissed(document)].sort((a, b) => a.start - b.start);
  return { ...document, entities: all };
}
