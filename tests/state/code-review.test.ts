import { describe, expect, it } from 'vitest';
import type { Candidate, CodeSuggestion } from '../../src/nlp/document';
import { CodeReview } from '../../src/state/code-review.svelte';

const suggestion = (code: string, status: CodeSuggestion['status'] = 'suggested'): CodeSuggestion => ({
  system: 'ICD-10-CM',
  code,
  display: `title of ${code}`,
  billable: true,
  score: 0.9,
  evidence: ['e1'],
  status,
  reason: status === 'suggested' ? null : 'possible',
  needs: [],
  notes: [],
});
const candidate = (code: string): Candidate => ({
  code,
  display: `title of ${code}`,
  billable: true,
  score: 1,
  matched: '',
});
const codes = [suggestion('I10'), suggestion('E11.9'), suggestion('J18.9', 'suppressed')];
const listed = (review: CodeReview) => review.listOf(codes).map(({ code, by }) => [code, by]);

describe('CodeReview', () => {
  it('lists what is suggested as long as nothing was decided', () => {
    expect(listed(new CodeReview())).toEqual([
      ['I10', 'suggestion'],
      ['E11.9', 'suggestion'],
    ]);
  });

  it('leaves out what was rejected, and takes it back', () => {
    const review = new CodeReview();
    review.decide('I10', { kind: 'rejected' });
    expect(listed(review)).toEqual([['E11.9', 'suggestion']]);
    review.decide('I10', { kind: 'rejected' });
    expect(listed(review)).toHaveLength(2);
  });

  it('puts another code in the place of one, and a later choice in the place of that', () => {
    const review = new CodeReview();
    review.decide('E11.9', { kind: 'replaced', by: candidate('E11.65') });
    review.decide('E11.9', { kind: 'replaced', by: candidate('E11.22') });
    expect(listed(review)).toEqual([
      ['I10', 'suggestion'],
      ['E11.22', 'reader'],
    ]);
  });

  it('codes what was suppressed if the reader accepts it', () => {
    const review = new CodeReview();
    review.decide('J18.9', { kind: 'accepted' });
    expect(listed(review)).toContainEqual(['J18.9', 'reader']);
  });

  it('keeps decisions for a list that is read again, and lists each code once', () => {
    const review = new CodeReview();
    review.decide('I10', { kind: 'rejected' });
    review.add(candidate('E11.9'));
    review.add(candidate('R05.9'));
    review.add(candidate('R05.9'));
    const again = review.listOf([...codes, suggestion('N18.30')]).map(({ code }) => code);
    expect(again).toEqual(['E11.9', 'N18.30', 'R05.9']);
    review.remove('R05.9');
    expect(listed(review)).toEqual([['E11.9', 'suggestion']]);
  });

  it('forgets everything for another note', () => {
    const review = new CodeReview();
    review.decide('I10', { kind: 'rejected' });
    review.add(candidate('R05.9'));
    review.clear();
    expect(listed(review)).toHaveLength(2);
  });
});
