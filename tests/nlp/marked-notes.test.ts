import { describe, expect, it } from 'vitest';
import { readMarkedNote, readMarkedNotes, type MarkedNote } from '../../bench/marked-notes';

const HEADER = 'kind: progress note; specialty: cardiology; split: dev\n';
const read = (body: string): MarkedNote => readMarkedNote(HEADER + body);

/** "type text -> owner" of each attribute. */
const owned = (body: string): string[] => {
  const { text, entities, attributes } = read(body);
  return attributes.map(({ type, start, end, owner }) => {
    const entity = entities[owner];
    return `${type} ${text.slice(start, end)} -> ${entity ? text.slice(entity.start, entity.end) : 'nothing'}`;
  });
};

describe('reading a marked note', () => {
  it('gives the header, the text without its marks, and spans into it in UTF-16 units', () => {
    const note = read(
      'HPI 😀 [[67 yo|age]] w/ [[CHF|DISORDER]].\n\nMother [[breast cancer|DISORDER|historical, family]].\n',
    );
    expect(note).toEqual({
      header: { kind: 'progress note', specialty: 'cardiology', split: 'dev' },
      text: 'HPI 😀 67 yo w/ CHF.\n\nMother breast cancer.\n',
      entities: [
        {
          start: 16,
          end: 19,
          label: 'DISORDER',
          axes: { presence: 'present', temporality: 'current', experiencer: 'patient' },
        },
        {
          start: 29,
          end: 42,
          label: 'DISORDER',
          axes: { presence: 'present', temporality: 'historical', experiencer: 'family' },
        },
      ],
      attributes: [],
      people: [{ start: 7, end: 12, type: 'age' }],
    });
  });

  it.each<[string, string[]]>([
    ['[[Na|TEST]] [[131|value]] [[K|TEST]] [[4.2|value]]', ['value 131 -> Na', 'value 4.2 -> K']],
    ['[[40 mg|dose]] of [[furosemide|MEDICATION]]', ['dose 40 mg -> furosemide']],
    ['[[aspirin|MEDICATION]] for [[pain|SYMPTOM]] [[daily|frequency]]', ['frequency daily -> aspirin']],
    ['[[aspirin|MEDICATION]]\n[[81 mg|dose]]', ['dose 81 mg -> nothing']],
    [
      '[[lisinopril|MEDICATION]], [[HCTZ|MEDICATION]] [[20 mg|dose|of:lisinopril]] [[25 mg|dose]]',
      ['dose 20 mg -> lisinopril', 'dose 25 mg -> HCTZ'],
    ],
    ['[[pain|SYMPTOM]] in the [[left|laterality]] [[knee|ANATOMY]]', ['laterality left -> pain']],
    ['[[left|laterality]] [[knee|ANATOMY]]', ['laterality left -> knee']],
  ])('finds the owners in %j', (body, expected) => {
    expect(owned(body)).toEqual(expected);
  });
});

it('reads our notes: every mark is inside its text and nothing of the mark-up is left', () => {
  const notes = readMarkedNotes('training/entities/notes', 'dev');
  expect(notes.length).toBeGreaterThan(5);
  for (const { name, note } of notes) {
    expect(note.text, name).not.toMatch(/\[\[|\]\]/);
    for (const { start, end } of [...note.entities, ...note.attributes, ...note.people]) {
      expect(note.text.slice(start, end), name).toMatch(/^\S(?:.*\S)?$/);
    }
  }
});
