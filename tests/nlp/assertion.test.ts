import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { assertEntities } from '../../src/nlp/assertion';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type Assertion,
  type Document,
  type Entity,
  type EntityLabel,
  type SectionCategory,
  type Span,
} from '../../src/nlp/document';

interface Row {
  readonly sentence: string;
  readonly target: string;
  readonly label?: EntityLabel;
  readonly others?: readonly string[];
  readonly section?: SectionCategory;
  readonly presence: Assertion['presence'];
  readonly temporality: Assertion['temporality'];
  readonly experiencer: Assertion['experiencer'];
  /** The words of the cues, in the order presence, temporality, experiencer. */
  readonly cues: readonly string[];
}

const TITLES: Partial<Record<SectionCategory, string>> = {
  past_medical_history: 'PMH:',
  past_surgical_history: 'PSH:',
  family_history: 'FH:',
  allergies: 'Allergies:',
  discharge_instructions: 'Discharge instructions:',
};

function makeEntity(text: string, span: Span, label: EntityLabel): Entity {
  const mention = text.slice(span.start, span.end);
  return {
    id: `e${span.start}`,
    ...span,
    text: mention,
    label,
    score: 1,
    assertion: DEFAULT_ASSERTION,
    attributes: [],
    candidates: [],
  };
}

/** A list below a colon is one sentence per line; other line breaks are wraps. */
function splitSentences(body: string, offset: number): Span[] {
  const parts = body.includes(':\n') || body.startsWith('- ') ? body.split('\n') : [body];
  let start = offset;
  return parts.map((part) => {
    const span = { start, end: start + part.length };
    start = span.end + 1;
    return span;
  });
}

function documentOf(row: Row): Document {
  const category = row.section ?? 'other';
  const title = TITLES[category] ?? '';
  const lead = title === '' ? '' : `${title} `;
  const text = lead + row.sentence;
  const find = (mention: string): Span => {
    const start = lead.length + row.sentence.indexOf(mention);
    return { start, end: start + mention.length };
  };
  const target = makeEntity(text, find(row.target), row.label ?? 'DISORDER');
  const others = (row.others ?? []).map((mention) => makeEntity(text, find(mention), 'DISORDER'));
  return {
    ...makeDocument(text),
    sections: [{ category, title: { start: 0, end: title.length }, body: { start: lead.length, end: text.length } }],
    sentences: splitSentences(row.sentence, lead.length),
    entities: [target, ...others],
  };
}

const folder = new URL('./phenomena/', import.meta.url);

describe.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('%s', (name) => {
  const rows = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Row[];

  it.each(rows)('$sentence -> $target', (row) => {
    const document = assertEntities(documentOf(row));
    const { cues, ...axes } = document.entities[0]!.assertion;
    expect(axes).toEqual({ presence: row.presence, temporality: row.temporality, experiencer: row.experiencer });
    expect(cues.map(({ start, end }) => document.text.slice(start, end))).toEqual(row.cues);
  });
});

function documentFrom(text: string, spans: readonly Span[], section: SectionCategory = 'other'): Document {
  return {
    ...makeDocument(text),
    sections: [{ category: section, title: { start: 0, end: 0 }, body: { start: 0, end: text.length } }],
    sentences: [{ start: 0, end: text.length }],
    entities: spans.map((span) => makeEntity(text, span, 'DISORDER')),
  };
}

describe('assertEntities', () => {
  it('gives a prior without cue where the section has no title', () => {
    const document = assertEntities(documentFrom('Stroke', [{ start: 0, end: 6 }], 'family_history'));
    expect(document.entities[0]?.assertion).toEqual({ ...DEFAULT_ASSERTION, experiencer: 'family' });
  });

  it('names the rule by its literal and the prior by its section', () => {
    const { entities } = assertEntities(documentFrom('DENIES stroke', [{ start: 7, end: 13 }]));
    expect(entities[0]?.assertion.cues).toEqual([{ start: 0, end: 6, axis: 'presence', rule: 'denies' }]);
  });

  it('ignores cues inside entities', () => {
    const text = 'no fever clinic visit for rash';
    const { entities } = assertEntities(
      documentFrom(text, [
        { start: 0, end: 15 },
        { start: 26, end: 30 },
      ]),
    );
    expect(entities.map(({ assertion }) => assertion.presence)).toEqual(['present', 'present']);
  });

  it('ignores cues in the title of the section', () => {
    const text = 'Past medical history: gout';
    const document: Document = {
      ...documentFrom(text, [{ start: 22, end: 26 }]),
      sections: [
        { category: 'past_medical_history', title: { start: 0, end: 21 }, body: { start: 21, end: text.length } },
      ],
    };
    expect(assertEntities(document).entities[0]?.assertion.temporality).toBe('current');
  });

  it('applies the prior to an entity outside every sentence', () => {
    const document = { ...documentFrom('Stroke', [{ start: 0, end: 6 }], 'family_history'), sentences: [] };
    expect(assertEntities(document).entities[0]?.assertion.experiencer).toBe('family');
  });

  it('keeps order, text and every other layer', () => {
    const document = documentFrom('no rash, no fever', [
      { start: 12, end: 17 },
      { start: 3, end: 7 },
    ]);
    const asserted = assertEntities(document);
    expect(asserted.entities.map(({ text }) => text)).toEqual(['fever', 'rash']);
    expect(asserted).toEqual({ ...document, entities: asserted.entities });
  });
});

const PIECES =
  'no,denies,history of,fever,mother had,(,),[ ],[x],:,-,+,?,but,İ,if,\n,/,ruled out,possible,😀,.,;,2009'.split(',');

describe('properties', () => {
  it('keeps cues inside the text, off the entities, and one for each changed axis', () => {
    const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 });
    fc.assert(
      fc.property(pieces, (words) => {
        const text = words.join(' ');
        const spans = [...text.matchAll(/fever/g)].map(({ index }) => ({ start: index, end: index + 5 }));
        for (const { assertion } of assertEntities(documentFrom(text, spans)).entities) {
          const changed = (['presence', 'temporality', 'experiencer'] as const).filter(
            (axis) => assertion[axis] !== DEFAULT_ASSERTION[axis],
          );
          expect(assertion.cues.map(({ axis }) => axis)).toEqual(changed);
          for (const cue of assertion.cues) {
            expect(0 <= cue.start && cue.start < cue.end && cue.end <= text.length).toBe(true);
            expect(spans.some(({ start, end }) => start < cue.end && cue.start < end)).toBe(false);
          }
        }
      }),
    );
  });

  it('takes any text and any spans', () => {
    const anySpans = fc.array(fc.tuple(fc.nat(60), fc.nat(20)), { maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), anySpans, (text, pairs) => {
        const spans = pairs
          .map(([start, length]) => ({ start, end: Math.min(text.length, start + length + 1) }))
          .filter(({ start, end }) => start < end);
        expect(assertEntities(documentFrom(text, spans)).entities).toHaveLength(spans.length);
      }),
    );
  });
});

describe('cost', () => {
  const milliseconds = (document: Document): number => {
    const times = [0, 1, 2, 3, 4].map(() => {
      const start = performance.now();
      assertEntities(document);
      return performance.now() - start;
    });
    return Math.min(...times);
  };
  const listOf = (count: number): Document => {
    const text = 'no a, '.repeat(count);
    return documentFrom(
      text,
      Array.from({ length: count }, (_, index) => ({ start: index * 6 + 3, end: index * 6 + 4 })),
    );
  };

  it('a sentence of 1,500 characters with 200 entities takes under 5 ms', () => {
    const text = 'no a or '.repeat(188);
    const spans = Array.from({ length: 188 }, (_, index) => ({ start: index * 8 + 3, end: index * 8 + 4 }));
    expect(milliseconds(documentFrom(text, [...spans, ...spans.slice(0, 12)]))).toBeLessThan(5);
  });

  it('grows about linearly', () => {
    const small = milliseconds(listOf(2000));
    expect(milliseconds(listOf(16_000))).toBeLessThan(Math.max(small, 1) * 8 * 4);
  });
});
