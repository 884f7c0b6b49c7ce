import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import uses from '../../bench/abbreviation-uses.json';
import { CONFIDENT_SENSE, formOf, senseAt } from '../../src/nlp/abbreviations';
import { makeDocument } from '../../src/nlp/document';
import { parseGlossary } from '../../src/nlp/glossary';
import { rankSenses } from '../../src/nlp/senses';
import { proposeSubstitution } from '../../src/nlp/simplification';

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

  // each was explained in a wrong sense once
  it.each([
    ['One prior suicide attempt by OD in 2018.', 'overdose'],
    ['Class IV lupus nephritis since 2017', 'Class IV'],
    ['hep B/C negative', 'B/C'],
    ['MMR intact, PD-L1 CPS 8', 'mismatch repair'],
    ['MMR due at 12 months', 'measles'],
    ['TTG pending, GAD positive', 'antibody test (GAD)'],
    ['MTP activated: 2 u PRBC', 'much blood'],
    ['4Ts score 3', '4Ts'],
    ['BM 9.8 before lunch, insulin given', 'sugar test'],
    ['BM x1 today, soft', 'Bowel movement'],
    ['a non blanching rash', 'non blanching'],
    ['sats 99% OA', 'room air'],
    ['bilateral knee OA', 'arthritis'],
    ['SAT failed at 0500', 'SAT'],
    ['PR 188, QTc 431', 'PR 188'],
    ['ER 8/8, PR 6/8, HER2 1+', 'progesterone'],
    ['EGFR exon 19 deletion', 'tumor (EGFR)'],
    ['eGFR 38', 'kidney filter'],
    ['MS Contin 15 mg q12h', 'MS Contin'],
    ['CT KUB: 4 mm stone', 'CT scan of the kidneys'],
    ['anti-GBM disease', 'anti-GBM'],
    ['Oncotype DX may be sent', 'Oncotype DX'],
    ['aspirin 81 od', 'once a day'],
    ['LR-5, definite HCC', 'LR-5'],
    ['Abdomen benign.', 'ormal belly'],
    ['s/p liver tx 2014', 'new liver from a donor'],
    ['Hep B sAb positive', 'protection'],
  ])('puts %s into plain words with %s', (text, wording) => {
    const sentence = { start: 0, end: text.length };
    expect(proposeSubstitution(sentence, makeDocument(text), glossary).text).toContain(wording);
  });
});
