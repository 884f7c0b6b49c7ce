/** Documents written with their entities: "{M:Lasix} 40" is the text "Lasix 40" with one medicine. */
import { DEFAULT_ASSERTION, makeDocument, type Document, type Entity, type EntityLabel } from '../../src/nlp/document';
import { sectionize } from '../../src/nlp/sections';
import { sentencize } from '../../src/nlp/sentences';

export const LABELS: Readonly<Record<string, EntityLabel>> = {
  M: 'MEDICATION',
  T: 'TEST',
  S: 'SYMPTOM',
  D: 'DISORDER',
  P: 'PROCEDURE',
  A: 'ANATOMY',
};

export function makeEntity(text: string, start: number, label: EntityLabel): Entity {
  const span = { id: `e${start}`, start, end: start + text.length, text, label };
  return { ...span, score: 1, assertion: DEFAULT_ASSERTION, attributes: [], candidates: [] };
}

export function documentOf(marked: string): Document {
  const entities: Entity[] = [];
  let text = '';
  let from = 0;
  for (const { index, 0: whole, 1: label, 2: words } of marked.matchAll(/\{([MTSDPA]):([^}]*)\}/g)) {
    text += marked.slice(from, index);
    entities.push(makeEntity(words!, text.length, LABELS[label!]!));
    text += words!;
    from = index + whole.length;
  }
  return { ...sentencize(sectionize(makeDocument(text + marked.slice(from)))), entities };
}
