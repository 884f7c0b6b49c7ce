import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { expandAbbreviations } from '../../src/nlp/abbreviations';
import { assertEntities } from '../../src/nlp/assertion';
import { attachAttributes } from '../../src/nlp/attributes';
import { DEFAULT_ASSERTION, makeDocument, type Document, type Entity, type EntityLabel } from '../../src/nlp/document';
import { findErrorProne } from '../../src/nlp/error-prone';
import { parseGlossary } from '../../src/nlp/glossary';
import { applyLexicon } from '../../src/nlp/lexicon';
import { missingAttributes } from '../../src/nlp/missing-attributes';
import { findPeople } from '../../src/nlp/people';
import { placeInSections, sectionize } from '../../src/nlp/sections';
import { sentencize } from '../../src/nlp/sentences';

const read = (file: string): unknown => JSON.parse(readFileSync(`models/glossary/${file}`, 'utf8'));
const glossary = parseGlossary(read('glossary.json'), read('senses.json'));

const LABELS: readonly EntityLabel[] = ['DISORDER', 'MEDICATION', 'TEST', 'SYMPTOM', 'PROCEDURE', 'ANATOMY'];

/** An entity at every 40th character, of every label in turn: more than any note has. */
function withEntities(document: Document): Document {
  const entities: Entity[] = [];
  for (let start = 0; start + 4 < document.text.length; start += 40) {
    const text = document.text.slice(start, start + 4);
    const label = LABELS[entities.length % LABELS.length]!;
    const id = `e${entities.length + 1}`;
    const place = { id, start, end: start + 4, text, label, score: 1 };
    entities.push({ ...place, assertion: DEFAULT_ASSERTION, attributes: [], candidates: [] });
  }
  return { ...document, entities };
}

const STAGES: readonly (readonly [string, (document: Document) => Document])[] = [
  ['sections', sectionize],
  ['sentences', sentencize],
  ['entities', withEntities],
  ['lexicon', applyLexicon],
  ['places', placeInSections],
  ['abbreviations', (document) => expandAbbreviations(document, glossary)],
  ['attributes', attachAttributes],
  ['assertion', assertEntities],
  ['missing', missingAttributes],
  ['people', findPeople],
  ['error-prone', findErrorProne],
];

/** Milliseconds of every stage. */
function timed(text: string): Map<string, number> {
  const times = new Map<string, number>();
  let document = makeDocument(text);
  for (const [name, stage] of STAGES) {
    const start = performance.now();
    document = stage(document);
    times.set(name, performance.now() - start);
  }
  return times;
}

const REPEATS = [
  ' ', 'a', '1', '1/', '1-', '1.', '1,', '(', '[', ')', '[x] ', '(-) ', '|', '\t', '\n', '\r\n', ':', '- ', '# ', '* ', '**',
  'no ', 'denies ', 'not ruled out ', 'or ', 'and, ', 'history of ', 'without evidence of ', 'x3 ', 'q4-6h ', '5-10 ',
  '1 mg ', '1 mg/ml ', 'IV ', 'mg ', 'for 3 days ', '2 to ', '3 to 4 or ', 'MS ', 'PT ', 'A', 'A:', 'PMH: ', 'Plan ', 'Dr. ',
  'e.g. ', '? ', '! ', '"', '67 yo ', 'M ', '3/4 ', '2014 ', 'two ', 'twenty-', 'in 2 ', '.5 ', '5.0 ', 'QD ', 'U ',
  '\u200b', '\u200f', '\u0301', '\ud83d\ude00', '\ud83d', '中', 'ß', 'İ',
]; // prettier-ignore

const [SMALL, FACTOR, SILENCE] = [30_000, 4, 80];

/** Stages that took more than their share: four times the text is 4 when linear, 16 when quadratic. */
function slowStages(text: string): string[] {
  const [before, after] = [timed(text.slice(0, SMALL)), timed(text)];
  // Below `SILENCE` milliseconds the clock says nothing.
  return STAGES.map(([stage]) => stage).filter(
    (stage) => after.get(stage)! > Math.max(SILENCE, before.get(stage)! * FACTOR * 2.2),
  );
}

describe('no input takes a stage more than linear time', () => {
  it.each(REPEATS.map((unit) => [unit]))('%j repeated', (unit) => {
    const text = unit.repeat(Math.ceil((SMALL * FACTOR) / unit.length)).slice(0, SMALL * FACTOR);
    let slow = slowStages(text);
    // A busy machine is no slow pattern: what is slow is slow each time.
    for (let again = 0; again < 3 && slow.length > 0; again++) {
      const found = new Set(slowStages(text));
      slow = slow.filter((stage) => found.has(stage));
    }
    expect(slow).toEqual([]);
  });
});
