import type { Entity } from '../nlp/document';

/** Partial results may repeat what came before: the later entity of an id wins, the order is the text's. */
export function mergeEntities(before: readonly Entity[], added: readonly Entity[]): readonly Entity[] {
  const byId = new Map(before.map((entity) => [entity.id, entity]));
  for (const entity of added) byId.set(entity.id, entity);
  return [...byId.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}
