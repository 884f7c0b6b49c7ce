import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSyllables, fleschKincaidGrade } from '../../src/nlp/readability';

const SYLLABLES: [string, number][] = [
  ['heart', 1],
  ['edema', 3],
  ['pneumonia', 4],
  ['hypertension', 4],
  ['disease', 2],
  ['diseases', 3],
  ['diabetes', 4],
  ['patient', 2],
  ['patients', 2],
  ['congestive', 3],
  ['failure', 2],
  ['artery', 3],
  ['coronary', 4],
  ['myocardial', 5],
  ['infarction', 3],
  ['anemia', 4],
  ['leukocytosis', 5],
  ['ischemia', 4],
  ['medicine', 3],
  ['medication', 4],
  ['tablet', 2],
  ['tablets', 2],
  ['walked', 1],
  ['needed', 2],
  ['swelling', 2],
  ['bilateral', 4],
  ['region', 2],
  ['special', 2],
  ['social', 2],
  ['cautious', 2],
  ['physician', 3],
  ['dyspnea', 3],
  ['diarrhea', 4],
  ['nausea', 3],
  ['fluid', 2],
  ['nucleus', 3],
  ['biopsy', 3],
  ['cardiology', 5],
  ['radiation', 4],
  ['organism', 4],
  ['metabolism', 5],
  ['rhythm', 2],
  ['breathe', 1],
  ['muscle', 2],
  ['muscles', 2],
  ['tubercle', 3],
  ['joint', 1],
  ['lungs', 1],
  ['nurses', 2],
  ['quiet', 2],
  ['acute', 2],
  ['chronic', 2],
  ['kidney', 2],
  ['prescribed', 2],
  ['elevated', 4],
  ['evaluation', 5],
  ['annual', 3],
  ['previous', 3],
  ['anxious', 2],
  ['sodium', 3],
  ['bacteria', 4],
  ['thyroid', 2],
  ['ileum', 3],
  ['rehabilitation', 6],
  ['CHF', 3],
  ['WBC', 5],
  ['mg', 3],
  ['htn', 3],
  ['40', 3],
  ['a', 1],
];

describe('countSyllables', () => {
  it('agrees with the dictionary on at least 95 % of medical and everyday words', () => {
    const wrong = SYLLABLES.filter(([word, count]) => countSyllables(word) !== count);
    expect(wrong.map(([word]) => `${word} ${countSyllables(word)}`).join(', ')).toBe('');
  });
});

describe('fleschKincaidGrade', () => {
  it.each([[[]], [['']], [['  \n ']], [['- ***']]])('is 0 without words: %j', (texts) => {
    expect(fleschKincaidGrade(texts)).toBe(0);
  });

  it('follows the formula', () => {
    // 6 words, 1 sentence, 6 syllables
    expect(fleschKincaidGrade(['The cat sat on the mat.'])).toBe(0);
    // 5 words, 1 sentence, 14 syllables
    expect(fleschKincaidGrade(['Congestive failure complicates diabetes annually.'])).toBeGreaterThan(15);
  });

  it('counts bullets, headings and lines as sentences', () => {
    const prose = fleschKincaidGrade(['The nurse gave him water and the doctor came again to look at his leg']);
    const list = fleschKincaidGrade(['The nurse gave him water\nand the doctor came again\nto look at his leg']);
    expect(list).toBeLessThan(prose);
  });

  it('does not take decimals for ends of sentences', () => {
    expect(fleschKincaidGrade(['Potassium was 4.5 and sodium was 131.2 today.'])).toBe(
      fleschKincaidGrade([
        'Potassium was 405 and sodium was 13102 today.'.replace('405', '4,5').replace('13102', '131,2'),
      ]),
    );
  });

  it('grades plain words lower', () => {
    const source = fleschKincaidGrade(['Patient presented with dyspnea and bilateral lower extremity edema.']);
    const output = fleschKincaidGrade(['The patient came in short of breath, with swelling in both legs.']);
    expect(output).toBeLessThan(source - 3);
  });

  it('reads headings in capitals as words', () => {
    expect(countSyllables('history')).toBe(3);
    expect(fleschKincaidGrade(['HISTORY OF ILLNESS'])).toBe(fleschKincaidGrade(['history of illness']));
  });

  it('gives a finite grade for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 200 }), { maxLength: 5 }), (texts) => {
        const grade = fleschKincaidGrade(texts);
        expect(Number.isFinite(grade) && grade >= 0).toBe(true);
      }),
    );
  });
});
