/** The ICD-10-CM code set in memory: every entry of one edition, parsed from the artefact of training/codes. */

/** A tabular instruction in the words of the code set; `patterns` are the codes or ranges ("I11.0", "O00-O08") it names. */
export interface Instruction {
  readonly text: string;
  readonly patterns: readonly string[];
}

export interface SeventhCharacter {
  readonly character: string;
  readonly meaning: string;
}

/** What the tabular list says at one code, section or chapter. */
export interface TabularNotes {
  readonly inclusions: readonly string[];
  readonly includes: readonly string[];
  /** Our own names for the code (training/codes/synonyms.tsv). */
  readonly synonyms: readonly string[];
  readonly notes: readonly string[];
  /** Never coded together with this one. */
  readonly excludes1: readonly Instruction[];
  readonly excludes2: readonly Instruction[];
  readonly codeFirst: readonly Instruction[];
  readonly useAdditional: readonly Instruction[];
  readonly codeAlso: readonly Instruction[];
  readonly seventhCharacters: readonly SeventhCharacter[];
}

/** A chapter or section: its range of categories and what it says for all of them. */
export interface Block {
  readonly kind: 'chapter' | 'section';
  readonly range: string;
  /** Its three-character categories. A range does not tell: C4A stands between C43 and C44. */
  readonly categories: ReadonlySet<string>;
  readonly title: string;
  readonly tabular: TabularNotes;
}

/** Fiscal year of the edition, in force from 1 October of the year before. */
export type Edition = 'FY2026' | 'FY2027';

export interface CodeSet {
  readonly edition: Edition;
  readonly codes: readonly string[];
  readonly titles: readonly string[];
  readonly billable: readonly boolean[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly blocks: readonly Block[];
  /** Of each entry: its further fields as they stand in the artefact, read on demand by `tabularAt`. */
  readonly fields: readonly string[];
}

const ITEM = '\u001f';
const PATTERNS = '\u001e';

type Fields = ReadonlyMap<string, readonly string[]>;

/** "i=…\tx=…" by letter: training/codes/prepare.py names them. */
function readFields(rest: string): Fields {
  if (rest === '') return new Map();
  return new Map(rest.split('\t').map((field) => [field[0]!, field.slice(2).split(ITEM)]));
}

function toInstruction(item: string): Instruction {
  const [text = '', patterns] = item.split(PATTERNS);
  return { text, patterns: patterns?.split(',') ?? [] };
}

function toTabular(fields: Fields): TabularNotes {
  const texts = (letter: string): readonly string[] => fields.get(letter) ?? [];
  const instructions = (letter: string): readonly Instruction[] => texts(letter).map(toInstruction);
  return {
    inclusions: texts('i'),
    includes: texts('n'),
    synonyms: texts('s'),
    notes: texts('t'),
    excludes1: instructions('x'),
    excludes2: instructions('y'),
    codeFirst: instructions('f'),
    useAdditional: instructions('u'),
    codeAlso: instructions('a'),
    seventhCharacters: texts('7').map((item) => ({ character: item[0]!, meaning: item.slice(2) })),
  };
}

/** What stands at an entry of `codeSet.codes`. */
export function tabularAt({ fields }: CodeSet, entry: number): TabularNotes {
  return toTabular(readFields(fields[entry]!));
}

interface Line {
  readonly code: string;
  readonly kind: string;
  readonly title: string;
  readonly rest: string;
}

function readLine(line: string): Line {
  const first = line.indexOf('\t');
  const second = line.indexOf('\t', first + 1);
  const third = line.indexOf('\t', second + 1);
  if (first < 3 || second < 0) throw new Error('malformed code set');
  const end = third < 0 ? line.length : third;
  return {
    code: line.slice(0, first),
    kind: line.slice(first + 1, second),
    title: line.slice(second + 1, end),
    rest: line.slice(end + 1),
  };
}

/** The entry as the edition has it, or null where it has none. Only few lines differ between the editions. */
function inEdition(line: Line, edition: Edition): Line | null {
  if (edition === 'FY2027') return line.kind === '-' ? null : line;
  if (!/(?:^|\t)[vko]=/.test(line.rest)) return line;
  const fields = readFields(line.rest);
  if (fields.has('v')) return null;
  return { ...line, kind: fields.get('k')?.[0] ?? line.kind, title: fields.get('o')?.[0] ?? line.title };
}

function toBlock({ code, kind, title, rest }: Line): Block {
  const fields = readFields(rest);
  return {
    kind: kind === 'C' ? 'chapter' : 'section',
    range: code,
    categories: new Set(fields.get('g')?.[0]?.split(',')),
    title,
    tabular: toTabular(fields),
  };
}

/**
 * @param text the artefact's lines (training/codes/prepare.py).
 * @throws Error on a line that is not of the format: the artefact's hash has been checked, so that is a fault of ours.
 */
export function parseCodeSet(text: string, edition: Edition = 'FY2027'): CodeSet {
  const lines = text.split('\n').map(readLine);
  const isBlock = ({ kind }: Line): boolean => kind === 'C' || kind === 'S';
  const entries = lines.flatMap((line) => (isBlock(line) ? [] : (inEdition(line, edition) ?? [])));
  return {
    edition,
    codes: entries.map(({ code }) => code),
    titles: entries.map(({ title }) => title),
    billable: entries.map(({ kind }) => kind === '1'),
    indexOf: new Map(entries.map(({ code }, index) => [code, index])),
    blocks: lines.filter(isBlock).map(toBlock),
    fields: entries.map(({ rest }) => rest),
  };
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

/** What holds for a code: its own notes, those of its headers, its section and its chapter, nearest first. */
export function tabularChain(code: string, codeSet: CodeSet): TabularNotes[] {
  const entries = [code, ...ancestors(code, codeSet)].map((one) => tabularAt(codeSet, codeSet.indexOf.get(one)!));
  const around = codeSet.blocks.filter(({ categories }) => categories.has(code.slice(0, 3)));
  const nearestFirst = around.sort((a, b) => a.categories.size - b.categories.size);
  return [...entries, ...nearestFirst.map(({ tabular }) => tabular)];
}

/** All codes below a header, in order. The list is sorted so that they follow it. */
export function descendants(code: string, codeSet: CodeSet): string[] {
  const below: string[] = [];
  for (let index = codeSet.indexOf.get(code)! + 1; codeSet.codes[index]?.startsWith(code); index++) {
    below.push(codeSet.codes[index]!);
  }
  return below;
}
