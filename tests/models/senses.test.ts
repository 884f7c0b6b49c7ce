import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import uses from '../../bench/abbreviation-uses.json';
import { CONFIDENT_SENSE, formOf, senseAt } from '../../src/nlp/abbreviations';
import { parseGlossary } from '../../src/nlp/glossary';
import { rankSenses } from '../../src/nlp/senses';

const read = (file: string): unknown => JSON.parse(readFileSync(`models/glossary/${file}`, 'utf8'));
const glossary = parseGlossary(read('glossary.json'), read('senses.json'));

describe('the inventory of senses', () => {
  it('tells 92 of 100 ambiguous uses, and nearly all where it is sure', () => {
    const ranked = uses.map(({ text, start, target, sense }) => {
      const [best] = rankSenses(glossary.senses.get(target) ?? [], text, { start, end: start + target.length });
      return { isRight: best?.long === sense, isConfident: (best?.score ?? 0) >= CONFIDENT_SENSE };
    });
    const confident = ranked.filter(({ isConfident }) => isConfident);
    expect(ranked.filter(({ isRight }) => isRight).length / ranked.length).toBeGreaterThanOrEqual(0.92);
    expect(confident.filter(({ isRight }) => isRight).length / confident.length).toBeGreaterThanOrEqual(0.95);
    expect(confident.length / ranked.length).toBeGreaterThan(0.75);
  });

  it('has the sense of every glossary entry that shares its spelling', () => {
    const lost = glossary.entries
      .filter(({ kind, expansion }) => kind === 'abbreviation' && expansion !== null)
      .filter((entry) => {
        const senses = glossary.senses.get(entry.term);
        const form = { entry, number: 'singular', verb: 'base', exact: null, isExpansion: false } as const;
        return senses !== undefined && !senses.some(({ long }) => formOf(long, [form]) !== undefined);
      });
    expect(lost.map(({ term, expansion }) => [term, expansion])).toEqual([]);
  });

  it('leaves no abbreviation of the glossary with two senses and no inventory', () => {
    const open = glossary.entries
      .filter(({ kind, term }) => kind === 'abbreviation' && !glossary.senses.has(term))
      .filter(({ term, expansion }) =>
        glossary.entries.some((other) => other.term === term && other.expansion !== expansion),
      );
    expect(open.map(({ term }) => term)).toEqual([]);
  });

  it('names the words that decided and the senses that remain', () => {
    const text = 'Relapsing MS, new lesions on MRI.';
    const at = { text, span: { start: 10, end: 12 } };
    const found = senseAt(at, glossary)!;
    expect(found.long).toBe('multiple sclerosis');
    expect(found.evidence!.map(({ start, end }) => text.slice(start, end))).toEqual(['Relapsing', 'lesions', 'MRI']);
  });

  it.each(['Stop ALL medications.', 'Aspirin OR ibuprofen.'])('leaves a word in capitals: %s', (text) => {
    const start = text.search(/ALL|OR/);
    expect(senseAt({ text, span: { start, end: text.indexOf(' ', start) } }, glossary)).toBeUndefined();
  });
});
