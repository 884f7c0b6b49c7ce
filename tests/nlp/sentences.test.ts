import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeDocument } from '../../src/nlp/document';
import { sectionize } from '../../src/nlp/sections';
import { sentencize } from '../../src/nlp/sentences';

const sentencesOf = (text: string): string[] =>
  sentencize(sectionize(makeDocument(text))).sentences.map(({ start, end }) => text.slice(start, end));

const WRAPPED = 'The patient was admitted with chest pain and was started on heparin by the';

describe('sentences', () => {
  it.each<[string, string[]]>([
    ['No fever. No cough.', ['No fever.', 'No cough.']],
    ['no fever. denies chills.', ['no fever.', 'denies chills.']],
    ['Seen by Dr. Smith. Stable.', ['Seen by Dr. Smith.', 'Stable.']],
    ['Use e.g. aspirin vs. heparin.', ['Use e.g. aspirin vs. heparin.']],
    ['Lasix 40 mg p.o. q.d. for edema.', ['Lasix 40 mg p.o. q.d. for edema.']],
    ['Took 40 mg b.i.d. He improved.', ['Took 40 mg b.i.d.', 'He improved.']],
    ['Given 2.5 mg. Then 5 mg.', ['Given 2.5 mg.', 'Then 5 mg.']],
    ['Room No. 3 is free.', ['Room No. 3 is free.']],
    ['Any pain? No. He left!', ['Any pain?', 'No.', 'He left!']],
    ['J. Smith was seen.', ['J. Smith was seen.']],
    ['Urine grew E. coli. No fever.', ['Urine grew E. coli.', 'No fever.']],
    ['Wound: Staph. aureus and C. diff today.', ['Wound: Staph. aureus and C. diff today.']],
    ['He has hepatitis B. He drinks.', ['He has hepatitis B.', 'He drinks.']],
    ['The pt. was stable.', ['The pt. was stable.']],
    ['no pain.Denies fever', ['no pain.', 'Denies fever']],
    ['Cause unclear ? PE ?MI. Plan CT.', ['Cause unclear ? PE ?MI.', 'Plan CT.']],
    ['Waiting... then left. Waiting... Then left.', ['Waiting... then left.', 'Waiting...', 'Then left.']],
    ['Na 131; K 4.2; Hgb 9.2', ['Na 131; K 4.2; Hgb 9.2']],
    ['- fever\n- chills\n* rash', ['- fever', '- chills', '* rash']],
    ['1. HTN\n2. DM2\n3) CKD', ['1. HTN', '2. DM2', '3) CKD']],
    ['PMH: HTN. DM2.', ['PMH:', 'HTN.', 'DM2.']],
    ['HPI\nCough', ['HPI', 'Cough']],
    ['No rashes\nNo fever', ['No rashes', 'No fever']],
    ['no rash\nno sob', ['no rash', 'no sob']],
    ['The patient was seen\nand examined.', ['The patient was seen\nand examined.']],
    [`${WRAPPED}\nEmergency team.`, [`${WRAPPED}\nEmergency team.`]],
    [`${WRAPPED}\nNo fever.`, [WRAPPED, 'No fever.']],
    [`${WRAPPED}\n- aspirin`, [WRAPPED, '- aspirin']],
    [`${WRAPPED}\n\nEmergency team.`, [WRAPPED, 'Emergency team.']],
    [`${WRAPPED}\r\nward team. Stable.\r\n`, [`${WRAPPED}\r\nward team.`, 'Stable.']],
    ['Lungs: clear\nCV: RRR', ['Lungs: clear', 'CV: RRR']],
    ['He said "it hurts." Then he left.', ['He said "it hurts."', 'Then he left.']],
    ['soft diet . Then solids .', ['soft diet .', 'Then solids .']],
    ['', []],
    [' \n\t ', []],
  ])('reads %j', (text, expected) => {
    expect(sentencesOf(text)).toEqual(expected);
  });

  it('reads a document without sections as one body', () => {
    expect(sentencize(makeDocument('A fall. Plan: rest')).sentences).toHaveLength(2);
  });

  it.each([
    ['after punctuation', 'abc def, '.repeat(400), /,$/],
    ['at a space', 'abcdef '.repeat(400), /f$/],
    ['between code points', '😀'.repeat(2000), /^(?:😀)+$/u],
  ])('cuts a sentence of more than 1,500 characters %s', (_, text, last) => {
    const sentences = sentencesOf(text);
    expect(sentences.length).toBeGreaterThan(1);
    for (const sentence of sentences) {
      expect(sentence.length).toBeLessThanOrEqual(1500);
      expect(sentence).toMatch(last);
    }
  });
});

const noteText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.constantFrom(
        'PMH:',
        '\n',
        '\r\n',
        ' ',
        '. ',
        '? ',
        'Dr.',
        '- ',
        '1. ',
        'word ',
        '\u200b',
        '\u200f',
        '\ufeff',
        '\u00a0',
        '\ud800',
        '😀',
        'x'.repeat(800),
      ),
    ),
  )
  .map((pieces) => pieces.join(''));

describe('properties', () => {
  it('puts every character but white space into exactly one sentence', () => {
    fc.assert(
      fc.property(noteText, (text) => {
        const { sentences } = sentencize(sectionize(makeDocument(text)));
        let position = 0;
        for (const { start, end } of sentences) {
          expect(start).toBeGreaterThanOrEqual(position);
          expect(text.slice(position, start).trim()).toBe('');
          const sentence = text.slice(start, end);
          expect(sentence).not.toBe('');
          expect(sentence.trim()).toBe(sentence);
          expect(sentence.length).toBeLessThanOrEqual(1500);
          position = end;
        }
        expect(text.slice(position).trim()).toBe('');
      }),
    );
  });

  // Linear time takes a tenth of the limit; quadratic time would take minutes.
  it.each(['Seen in clinic today for a dry cough. No fever.\n', 'a. ', '. A', '\n', '.', '? ', 'word '])(
    'reads 1 MB of %j in linear time',
    (piece) => {
      const document = makeDocument(piece.repeat(1_000_000 / piece.length));
      const started = Date.now();
      sentencize(sectionize(document));
      expect(Date.now() - started).toBeLessThan(5000);
    },
    20_000,
  );
});
