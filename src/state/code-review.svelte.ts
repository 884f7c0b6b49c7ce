import type { Candidate, CodeDecision, CodeSuggestion, ReviewedCode } from '../nlp/document';

/**
 * What the reader decided about the suggested codes. Kept by code, so that a new reading of the note, or of the note
 * with a line more, does not ask again; cleared when another note is opened.
 */
export class CodeReview {
  decisions = $state.raw<Readonly<Record<string, CodeDecision>>>({});
  /** Codes that the reader looked up and added. */
  added = $state.raw<readonly Candidate[]>([]);

  decisionOn(code: string): CodeDecision | undefined {
    return this.decisions[code];
  }

  /** The same decision again takes it back. */
  decide(code: string, decision: CodeDecision): void {
    const { [code]: known, ...others } = this.decisions;
    const isSame = known?.kind === decision.kind && replacementOf(known) === replacementOf(decision);
    this.decisions = isSame ? others : { ...others, [code]: decision };
  }

  add(candidate: Candidate): void {
    if (!this.added.some(({ code }) => code === candidate.code)) this.added = [...this.added, candidate];
  }

  remove(code: string): void {
    this.added = this.added.filter((candidate) => candidate.code !== code);
  }

  clear(): void {
    this.decisions = {};
    this.added = [];
  }

  /** The list as the reader left it: without what was rejected, with what was put in its place or added. */
  listOf(codes: readonly CodeSuggestion[]): ReviewedCode[] {
    const reviewed = codes.flatMap((suggestion): ReviewedCode[] => {
      const { code, display, status } = suggestion;
      const decision = this.decisionOn(code);
      if (decision?.kind === 'replaced')
        return [{ code: decision.by.code, display: decision.by.display, by: 'reader' }];
      if (decision?.kind === 'accepted') return [{ code, display, by: 'reader' }];
      return decision?.kind === 'rejected' || status === 'suppressed' ? [] : [{ code, display, by: 'suggestion' }];
    });
    const added = this.added.map(({ code, display }): ReviewedCode => ({ code, display, by: 'reader' }));
    const list = [...reviewed, ...added];
    return list.filter(({ code }, place) => list.findIndex((other) => other.code === code) === place);
  }
}

const replacementOf = (decision: CodeDecision): string | null =>
  decision.kind === 'replaced' ? decision.by.code : null;
