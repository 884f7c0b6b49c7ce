import { describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { ancestors, parseCodeSet, tabularAt, tabularChain, type TabularNotes } from '../../../src/nlp/coding/code-set';
import { codeSet } from './code-set';

const text = gunzipSync(readFileSync('models/icd10cm/codes.bin')).toString('utf8');
const before = parseCodeSet(text, 'FY2026');
/** The tabular list at hand is the one of FY2026 (April 2026). */
const tabulars = before.codes.map((_, entry) => tabularAt(before, entry));
const count = (pick: (tabular: TabularNotes) => readonly unknown[]): number =>
  tabulars.reduce((sum, tabular) => sum + pick(tabular).length, 0);

describe('the code set against the official counts', () => {
  it('FY2027 has 98,403 entries, 74,879 of them billable', () => {
    expect(codeSet.codes.length).toBe(98_403);
    expect(codeSet.billable.filter(Boolean).length).toBe(74_879);
  });

  it('FY2026 has 98,186 entries, 74,719 of them billable', () => {
    expect(before.codes.length).toBe(98_186);
    expect(before.billable.filter(Boolean).length).toBe(74_719);
  });

  it.each([
    ['inclusion terms', (one: TabularNotes) => one.inclusions, 12_569],
    ['Excludes1 notes', (one: TabularNotes) => one.excludes1, 5_253],
    ['Excludes2 notes', (one: TabularNotes) => one.excludes2, 2_180],
    ['code first notes', (one: TabularNotes) => one.codeFirst, 800],
    ['use additional code notes', (one: TabularNotes) => one.useAdditional, 1_440],
    ['code also notes', (one: TabularNotes) => one.codeAlso, 645],
  ] as const)('has all %s of the April 2026 tabular list', (_, pick, wanted) => {
    expect(count(pick)).toBe(wanted);
  });

  it('has 508 seventh-character blocks, 22 chapters and their sections', () => {
    expect(tabulars.filter(({ seventhCharacters }) => seventhCharacters.length > 0).length).toBe(508);
    expect(codeSet.blocks.filter(({ kind }) => kind === 'chapter').length).toBe(22);
    expect(codeSet.blocks.filter(({ kind }) => kind === 'section').length).toBe(285);
  });
});

describe('every entry', () => {
  it('is sorted, unique, well formed, titled', () => {
    for (const [index, code] of codeSet.codes.entries()) {
      if (index > 0 && code <= codeSet.codes[index - 1]!) throw new Error(code);
      if (!/^[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?$/.test(code) || codeSet.titles[index]!.length < 3)
        throw new Error(code);
    }
    expect(codeSet.indexOf.size).toBe(codeSet.codes.length);
  });

  it('is billable exactly where nothing stands below it', () => {
    const wrong = codeSet.codes.filter(
      (code, index) => codeSet.billable[index] === codeSet.codes[index + 1]?.startsWith(code),
    );
    expect(wrong).toEqual([]);
  });

  it('has its category, and a chapter and a section around it', () => {
    const ranges = { chapter: new Map<string, number>(), section: new Map<string, number>() };
    for (const category of codeSet.codes.filter((code) => code.length === 3)) {
      for (const { kind, categories } of codeSet.blocks) {
        if (categories.has(category)) ranges[kind].set(category, (ranges[kind].get(category) ?? 0) + 1);
      }
      expect([category, ranges.chapter.get(category), ranges.section.get(category)]).toEqual([category, 1, 1]);
    }
    for (const code of codeSet.codes)
      if (code.length > 3 && !ancestors(code, codeSet).includes(code.slice(0, 3))) throw new Error(code);
  });

  it('names only codes of the set in its instructions, whole or as the head of some', () => {
    const heads = new Set(
      [...codeSet.codes, ...before.codes].flatMap((code) => Array.from(code, (_, length) => code.slice(0, length + 1))),
    );
    const named = tabulars.flatMap((one) => [
      ...one.excludes1,
      ...one.excludes2,
      ...one.codeFirst,
      ...one.useAdditional,
    ]);
    const unknown = named
      .flatMap(({ patterns }) => patterns.flatMap((pattern) => pattern.split('-')))
      .filter((one) => !heads.has(one));
    expect(unknown).toEqual([]);
  });

  it('of seven characters is explained by the block of its category or subcategory', () => {
    const unexplained = codeSet.codes.filter(
      (code) =>
        /^[^H].{6}[A-Z]$/.test(code) &&
        !ancestors(code, codeSet).some((above) =>
          tabularAt(codeSet, codeSet.indexOf.get(above)!).seventhCharacters.some(
            ({ character }) => character === code[7],
          ),
        ),
    );
    expect(unexplained).toEqual([]);
  });
});

describe('the editions', () => {
  it.each([
    ['I42.0', true, false],
    ['D69.11', undefined, true],
    ['T52.8X1A', true, undefined],
  ])('%s is billable in FY2026: %s, in FY2027: %s', (code, was, is) => {
    expect(before.billable[before.indexOf.get(code) ?? -1]).toBe(was);
    expect(codeSet.billable[codeSet.indexOf.get(code) ?? -1]).toBe(is);
  });

  it('keep the title of their year', () => {
    expect(before.titles[before.indexOf.get('L02.232')!]).toBe('Carbuncle of back [any part, except buttock]');
    expect(codeSet.titles[codeSet.indexOf.get('L02.232')!]).toContain('and flank');
  });
});

describe('tabularChain', () => {
  it('gives the notes of code, headers, section and chapter, nearest first', () => {
    const chain = tabularChain('E11.22', codeSet);
    expect(
      chain.some(({ useAdditional }) =>
        useAdditional.some(({ patterns }) => patterns.some((one) => 'N18.3'.startsWith(one.slice(0, 3)))),
      ),
    ).toBe(true);
    expect(chain.length).toBe(5);
  });
});

it('refuses a line that is not of the format', () => {
  expect(() => parseCodeSet('A00')).toThrow('malformed code set');
});
