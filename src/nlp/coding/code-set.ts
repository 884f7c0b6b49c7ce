/** The ICD-10-CM code set in memory: every entry of the edition, parsed from the artefact of training/codes. */

/** What only some entries have. */
export interface TabularNotes {
  readonly inclusions: readonly string[];
  /** Our own names for the code (training/codes/synonyms.tsv). */
  readonly synonyms: readonly string[];
  /** Codes or ranges ("I11.0", "O00-O08") of the Excludes1 notes: never coded together with this one. */
  readonly excludes1: readonly string[];
  /** "Code first: …", "Use additional code: …" in the words of the tabular list. */
  readonly notes: readonly string[];
}

export interface CodeSet {
  readonly codes: readonly string[];
  readonly titles: readonly string[];
  readonly billable: readonly boolean[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly tabular: ReadonlyMap<number, TabularNotes>;
}

const ITEM = '\u001f';

const items = (field: string | undefined): string[] => (field === undefined || field === '' ? [] : field.split(ITEM));

/** @param decodeUtf8 the platform's decoder, since this folder knows no platform. */
export function parseCodeSet(bytes: Uint8Array, decodeUtf8: (bytes: Uint8Array) => string): CodeSet {
  const codes: string[] = [];
  const titles: string[] = [];
  const billable: boolean[] = [];
  const indexOf = new Map<string, number>();
  const tabular = new Map<number, TabularNotes>();
  for (const line of decodeUtf8(bytes).split('\n')) {
    const [code, flag, title, ...notes] = line.split('\t');
    if (code === undefined || title === undefined) throw new Error('malformed code set');
    const index = codes.length;
    codes.push(code);
    titles.push(title);
    billable.push(flag === '1');
    indexOf.set(code, index);
    if (notes.length > 0) {
      const [inclusions, synonyms, excludes1, instructions] = notes.map(items);
      tabular.set(index, {
        inclusions: inclusions ?? [],
        synonyms: synonyms ?? [],
        excludes1: excludes1 ?? [],
        notes: instructions ?? [],
      });
    }
  }
  return { codes, titles, billable, indexOf, tabular };
}

/** The headers above a code, nearest first: S72.002A -> S72.002, S72.00, S72.0, S72. */
export function ancestors(code: string, codeSet: CodeSet): string[] {
  const above: string[] = [];
  for (let length = code.length - 1; length >= 3; length--) {
    const shorter = code.slice(0, length);
    if (codeSet.indexOf.has(shorter)) above.push(shorter);
  }
  return above;
}

/** Whether a code matches "I11.0" (itself or below) or lies in a range "O00-O08" (whole categories included). */
export function matchesPattern(code: string, pattern: string): boolean {
  const [start, end] = pattern.split('-');
  if (end === undefined) return code.startsWith(start!);
  return code >= start! && code.slice(0, end.length) <= end;
}

/** All codes below a header, in order. The list is sorted so that they follow it. */
export function descendants(code: string, codeSet: CodeSet): string[] {
  const below: string[] = [];
  for (let index = codeSet.indexOf.get(code)! + 1; codeSet.codes[index]?.startsWith(code); index++) {
    below.push(codeSet.codes[index]!);
  }
  return below;
}
