import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Entity } from '../../src/nlp/document';
import { layOutBlocks, segmentBlock } from '../../src/ui/highlights';
import { makeEntity } from '../state/fake-engine';

const entityAt = (start: number, end: number): Entity => ({
  ...makeEntity('', ''),
  id: `e${start}-${end}`,
  start,
  end,
});

const LINE = 'Denies fever and chills. Reports cough.\n';

/** A text of many lines and spans anywhere in it, nested, crossing and over line breaks. */
const noted = fc.record({
  lines: fc.integer({ min: 0, max: 300 }),
  cuts: fc.array(fc.tuple(fc.nat(), fc.nat(60)), { maxLength: 40 }),
});

describe('layOutBlocks and segmentBlock', () => {
  it('cover the text without gaps, and every entity in one block with exactly its own segments', () => {
    fc.assert(
      fc.property(noted, ({ lines, cuts }) => {
        const text = `${LINE.repeat(lines)}end`;
        const spans = new Map(
          cuts.map(([at, length]) => {
            const start = at % text.length;
            const entity = entityAt(start, Math.min(text.length, start + length + 1));
            return [entity.id, entity];
          }),
        );
        const blocks = layOutBlocks({ text, entities: [...spans.values()] });
        expect(blocks.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text);
        const covered = new Map<string, string>();
        for (const block of blocks) {
          const segments = segmentBlock(block);
          expect(segments.map(({ start, end }) => text.slice(start, end)).join('')).toBe(
            text.slice(block.start, block.end),
          );
          for (const { start, end, entities } of segments) {
            for (const { id } of entities) covered.set(id, (covered.get(id) ?? '') + text.slice(start, end));
          }
        }
        expect([...covered].sort()).toEqual(
          [...spans].map(([id, { start, end }]): [string, string] => [id, text.slice(start, end)]).sort(),
        );
      }),
    );
  });

  it('breaks a long text into blocks after line breaks only', () => {
    const text = LINE.repeat(500);
    const blocks = layOutBlocks({ text, entities: [] });
    expect(blocks.length).toBeGreaterThan(5);
    expect(blocks.every(({ end }) => text[end - 1] === '\n')).toBe(true);
  });

  it('gives the letter to the first segment of the innermost entity only', () => {
    const [outer, inner] = [entityAt(0, 10), entityAt(3, 5)];
    const [block] = layOutBlocks({ text: 'left femur fracture', entities: [inner, outer] });
    expect(
      segmentBlock(block!).map(({ start, head, entities }) => [start, head, entities.map(({ id }) => id)]),
    ).toEqual([
      [0, true, [outer.id]],
      [3, true, [inner.id, outer.id]],
      [5, false, [outer.id]],
      [10, false, []],
    ]);
  });

  it('lays out an empty text as nothing', () => {
    expect(layOutBlocks({ text: '', entities: [] })).toEqual([]);
  });
});
