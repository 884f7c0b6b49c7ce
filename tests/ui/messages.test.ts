import { describe, expect, it } from 'vitest';
import type { Attribute } from '../../src/nlp/document';
import { Session } from '../../src/state/session.svelte';
import { examples } from '../../src/ui/examples';
import * as tables from '../../src/ui/message-tables';
import * as messages from '../../src/ui/messages';
import { statusText } from '../../src/ui/status';
import { makeAnalysis, makeEngine, makeSimplification, settle } from '../state/fake-engine';

const attribute = (changes: Partial<Attribute>): Attribute => ({
  type: 'frequency',
  start: 0,
  end: 1,
  text: 'x',
  ...changes,
});

/** Every string of the two files of words, however deep. */
function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}

describe('words', () => {
  it('are plain: none of the words that promise or excuse', () => {
    const all = stringsOf([{ ...messages }, { ...tables }]);
    expect(all.length).toBeGreaterThan(100);
    expect(all.filter((text) => /\b(AI|magic|oops|sorry|amazing|simply)\b/i.test(text))).toEqual([]);
  });

  it('tell what an abbreviation stands for, why, and what else it may be', () => {
    const text = 'MS: new lesions';
    const ambiguous = {
      long: 'multiple sclerosis',
      score: 0.7,
      evidence: [{ start: 8, end: 15 }],
      alternatives: [{ long: 'mitral stenosis', score: 0.2 }],
    };
    expect(messages.abbreviationText(ambiguous, text)).toBe(
      'Stands for multiple sclerosis, fair, because of “lesions”. May also be mitral stenosis.',
    );
    expect(messages.abbreviationText({ long: 'hypertension', score: 0.95 }, text)).toBe(
      'Stands for hypertension, strong.',
    );
  });

  it.each([
    ['laterality', 'left or right'],
    ['code_first:E11', 'code E11 first'],
    ['something_new', 'something new'],
  ])('need %s is "%s"', (need, text) => {
    expect(messages.needText(need)).toBe(text);
  });

  it.each([
    [0.8, 'strong'],
    [0.79, 'fair'],
    [0.5, 'fair'],
    [0.2, 'weak'],
  ])('a score of %d is %s', (score, text) => {
    expect(messages.confidenceText(score)).toBe(text);
  });

  it.each([
    [attribute({ text: 'BID', value: 2, unit: '/d' }), '2 times a day (BID)'],
    [attribute({ text: 'daily', value: 1, unit: '/d' }), 'once a day (daily)'],
    [attribute({ text: 'once a day', value: 1, unit: '/d' }), 'once a day'],
    [attribute({ text: 'every other day', value: 0.5, unit: '/d' }), 'every other day'],
    [attribute({ text: 'PRN' }), 'PRN'],
  ])('frequency %j is "%s"', (frequency, text) => {
    expect(messages.frequencyText(frequency)).toBe(text);
  });

  it.each([
    ['PO', 'by mouth (PO)'],
    ['p.o.', 'by mouth (p.o.)'],
    ['by mouth', 'by mouth'],
    ['G-tube', 'G-tube'],
  ])('route %s is "%s"', (text, expected) => {
    expect(messages.routeText(attribute({ type: 'route', text }))).toBe(expected);
  });

  it('say how many MB', () => {
    expect(messages.downloadText(1_500_000, 44_000_000)).toContain('1.5 of 44 MB');
  });
});

describe('statusText', () => {
  const counts = { findings: 2, codes: 1 };
  const textOf = (session: Session) => statusText({ notice: null, session }, counts);

  it('tells one reading from beginning to end', async () => {
    const engine = makeEngine();
    const session = new Session(engine);
    expect(textOf(session)).toBe('');
    session.write('Has cough.');
    void session.read();
    const { onEvent, resolve } = engine.analyses[0]!;
    onEvent({ type: 'load-progress', artefact: 'entities', loadedBytes: 11_000_000, totalBytes: 44_000_000 });
    expect(textOf(session)).toContain('11 of 44 MB');
    onEvent({ type: 'stage', stage: 'entities', done: 3, total: 9 });
    expect(textOf(session)).toBe('Reading your note… 3 of 9 parts');
    resolve(makeAnalysis('Has cough.'));
    await settle();
    expect(textOf(session)).toBe('2 findings and 1 code. Writing in plain language… 0 of 1 sentences');
    engine.simplifications[0]!.resolve(makeSimplification('Has cough.'));
    await settle();
    expect(textOf(session)).toBe('Done. 2 findings and 1 code.');
    session.write('Has a cough.');
    expect(textOf(session)).toContain('The note was changed');
  });

  it('says what stopping leaves', () => {
    const session = new Session(makeEngine());
    session.write('Has cough.');
    void session.read();
    session.stop();
    expect(textOf(session)).toBe('Stopped. What was found so far is shown.');
  });
});

describe('examples', () => {
  it('are at least seven, each a note of 120 to 350 words with a name of its own', () => {
    expect(new Set(examples.map(({ name }) => name)).size).toBeGreaterThanOrEqual(7);
    for (const { text } of examples) {
      const count = text.split(/\s+/).length;
      expect(count).toBeGreaterThanOrEqual(120);
      expect(count).toBeLessThanOrEqual(350);
    }
  });
});
