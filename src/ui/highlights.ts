import type { Document, Entity, Span } from '../nlp/document';

/** A stretch of the note laid out on its own, so that a long note need not be highlighted all at once. */
export interface Block extends Span {
  readonly entities: readonly Entity[];
}

/** Text under the same entities. `entities` is innermost first; empty for plain text. */
export interface Segment extends Span {
  readonly entities: readonly Entity[];
  /** The first segment of its innermost entity carries the letter, the label and the focus. */
  readonly head: boolean;
}

/** About a screenful: small enough to highlight within a frame. */
const BLOCK_LENGTH = 2000;

/** Blocks end after a line break that no entity crosses, so stacking them looks like the running text. */
export function layOutBlocks({ text, entities }: Pick<Document, 'text' | 'entities'>): readonly Block[] {
  const sorted = [...entities].sort((a, b) => a.start - b.start || b.end - a.end);
  const blocks: Block[] = [];
  let next = 0;
  for (let start = 0; start < text.length;) {
    const first = next;
    let end = breakAfter(text, start + BLOCK_LENGTH);
    let reach = start;
    while (next < sorted.length && sorted[next]!.start < end) {
      reach = Math.max(reach, sorted[next]!.end);
      if (reach > end) end = breakAfter(text, reach - 1);
      next += 1;
    }
    blocks.push({ start, end, entities: sorted.slice(first, next) });
    start = end;
  }
  return blocks;
}

function breakAfter(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline === -1 ? text.length : newline + 1;
}

/** The segments of a block, in order and without gaps: joined, their texts are the block's text. */
export function segmentBlock(block: Block): readonly Segment[] {
  const edges = new Set([block.start, block.end]);
  for (const { start, end } of block.entities) edges.add(start).add(end);
  const sorted = [...edges].sort((a, b) => a - b);
  const segments: Segment[] = [];
  const seen = new Set<string>();
  let open: Entity[] = [];
  let next = 0;
  for (let at = 0; at + 1 < sorted.length; at += 1) {
    const [start, end] = [sorted[at]!, sorted[at + 1]!];
    open = open.filter((entity) => entity.end > start);
    while (next < block.entities.length && block.entities[next]!.start <= start) open.push(block.entities[next++]!);
    const entities = [...open].sort((a, b) => a.end - a.start - (b.end - b.start));
    const inner = entities[0];
    segments.push({ start, end, entities, head: inner !== undefined && !seen.has(inner.id) });
    if (inner) seen.add(inner.id);
  }
  return segments;
}
