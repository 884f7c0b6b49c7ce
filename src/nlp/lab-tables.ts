/**
 * Results whose owner is a matter of place, not of the words between: "Na/K 131/4.2", and tables whose tests stand in the
 * heading row above their values.
 */
import { MASK, type PlacedEntity } from './clause';
import type { Attribute, Entity, Span } from './document';
import type { AttributeMention } from './measurement-attributes';
import { flagFromRange, readResultTail } from './reference-ranges';
import { parseNumber, withValue } from './units';

const NUMBERS =
  /^\s{0,2}[:=]?\s{0,2}(?:(?:is|was|of)\s)?(\d{1,5}(?:\.\d{1,3})?(?:\s?\/\s?\d{1,5}(?:\.\d{1,3})?){1,6})(?![\d/.]|\s?\/)/u;

/** Tests joined by strokes, in runs of two or more. */
function joinedTests(masked: string, placed: readonly PlacedEntity[]): PlacedEntity[][] {
  const runs: PlacedEntity[][] = [];
  for (const test of placed.filter(({ entity }) => entity.label === 'TEST')) {
    const last = runs.at(-1)?.at(-1);
    if (last && /^\s?\/\s?$/.test(masked.slice(last.end, test.start))) runs.at(-1)!.push(test);
    else runs.push([test]);
  }
  return runs.filter((run) => run.length > 1);
}

/** "Na/K 131/4.2": as many numbers as tests, in their order. */
export function findSharedResults(masked: string, placed: readonly PlacedEntity[]): AttributeMention[] {
  return joinedTests(masked, placed).flatMap((run) => {
    const from = run.at(-1)!.end;
    const match = NUMBERS.exec(masked.slice(from, from + 80));
    const numbers = match ? [...match[1]!.matchAll(/[\d.]{1,9}/gu)] : [];
    if (!match || numbers.length !== run.length) return [];
    const offset = from + match[0].length - match[1]!.length;
    return numbers.map((number, index): AttributeMention => {
      const start = offset + number.index;
      const end = start + number[0].length;
      return {
        kind: 'number',
        start,
        end,
        ownerStart: run[index]!.start,
        ...withValue(parseNumber(number[0]), undefined),
      };
    });
  });
}

interface Line extends Span {
  readonly text: string;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    lines.push({ start, end: start + line.length, text: line });
    start += line.length + 1;
  }
  return lines;
}

/** No heading is longer; each of its tests is masked in a copy of the line. */
const LONGEST_HEADING = 400;

/** Only tests, gaps and units: the heading of a table. */
function isHeading(line: Line, tests: readonly Entity[]): boolean {
  if (tests.length < 2 || line.text.length > LONGEST_HEADING) return false;
  let rest = line.text;
  for (const { start, end } of tests) {
    const [from, to] = [start - line.start, end - line.start];
    rest = rest.slice(0, from) + MASK.repeat(to - from) + rest.slice(to);
  }
  return /^\s*(?:\|?\s*(?:date|day|time|test|lab)s?\b)?[\s|\uFFFC,]*$/iu.test(rest.replace(/\([^()]{1,12}\)/gu, ''));
}

const CELL = /(?<![\p{L}\d.,/:-])(?:[<>]\s?)?\d{1,6}(?:\.\d{1,3})?(?:\/\d{1,3})?(?![\p{L}\d/:-]|\.\d)/gu;

const offsetsIn = (line: Line, cell: Span | undefined): [number, number] =>
  cell ? [cell.start - line.start, cell.end - line.start] : [0, 0];

/** The numbers of a row, as many as the heading has tests; a date or a label may stand before them. */
function cellsOf(line: Line, count: number): Span[] {
  const cells = [...line.text.matchAll(CELL)].map((match) => ({
    start: line.start + match.index,
    end: line.start + match.index + match[0].length,
  }));
  const rest = line.text.replace(CELL, ' ').replace(/(?<=\s)[HL*](?=[\s|]|$)/gu, ' ');
  const isRow = /^[\s|]*(?:[\p{L}\d/:.,-]{1,16}\s?){0,3}[\s|,]*$/u.test(rest);
  // The cell of the date reads like a pair: "01/02 | 131 | 4.2".
  const isDated =
    cells.length === count + 1 && /^\d{1,2}\/\d{1,2}$/u.test(line.text.slice(...offsetsIn(line, cells[0])));
  const results = isDated ? cells.slice(1) : cells;
  return isRow && results.length === count ? results : [];
}

function readCell(text: string, { start, end }: Span): Attribute {
  const words = text.slice(start, end);
  const value = parseNumber(/[\d.]+/u.exec(words)?.[0] ?? '');
  const tail = readResultTail(text.slice(0, end + 40), end);
  const flag =
    tail.flag ?? (value === undefined || !tail.reference ? undefined : flagFromRange(value, undefined, tail.reference));
  return {
    ...{ type: 'value', start, end, text: words, ...withValue(value, undefined) },
    ...(flag === undefined ? {} : { flag }),
  };
}

/** Rows of more than this below a heading are another table. */
const ROW_LIMIT = 12;

/** Values in the rows below a heading of tests. */
export function findColumnResults(text: string, entities: readonly Entity[]): Map<Entity, Attribute[]> {
  const results = new Map<Entity, Attribute[]>();
  const tests = entities.filter(({ label }) => label === 'TEST');
  if (tests.length < 2) return results;
  let [heading, rows, next]: [Entity[], number, number] = [[], 0, 0];
  for (const line of linesOf(text)) {
    const inside: Entity[] = [];
    while (next < tests.length && tests[next]!.start < line.end) inside.push(tests[next++]!);
    if (inside.length > 0) {
      heading = isHeading(line, inside) ? inside : [];
      rows = 0;
    } else if (heading.length > 0 && !/^[\s|:+-]*$/u.test(line.text)) {
      const cells = rows++ < ROW_LIMIT ? cellsOf(line, heading.length) : [];
      if (cells.length === 0) heading = [];
      cells.forEach((cell, index) => {
        const test = heading[index]!;
        results.set(test, [...(results.get(test) ?? []), readCell(text, cell)]);
      });
    } else if (line.text.trim() === '') heading = [];
  }
  return results;
}
