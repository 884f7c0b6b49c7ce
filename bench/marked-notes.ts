/** Our notes with inline mark-up (training/entities/GUIDE.md), as text and gold spans in UTF-16 offsets. */
import { readdirSync, readFileSync } from 'node:fs';
import type {
  Assertion,
  AttributeType,
  EntityLabel,
  Experiencer,
  PersonType,
  Presence,
  Span,
  Temporality,
} from '../src/nlp/document';

export type NoteSplit = 'train' | 'dev' | 'test';

export interface NoteHeader {
  readonly kind: string;
  readonly specialty: string;
  readonly split: NoteSplit;
}

export interface MarkedEntity extends Span {
  readonly label: EntityLabel;
  readonly axes: Omit<Assertion, 'cues'>;
}

export interface MarkedAttribute extends Span {
  readonly type: AttributeType;
  /** Index into `entities`; -1 where nothing on the line can own it. */
  readonly owner: number;
}

export interface MarkedPerson extends Span {
  readonly type: PersonType;
}

export interface MarkedNote {
  readonly header: NoteHeader;
  readonly text: string;
  readonly entities: readonly MarkedEntity[];
  readonly attributes: readonly MarkedAttribute[];
  readonly people: readonly MarkedPerson[];
}

const LABELS: ReadonlySet<string> = new Set<EntityLabel>([
  'DISORDER',
  'SYMPTOM',
  'MEDICATION',
  'PROCEDURE',
  'TEST',
  'ANATOMY',
]);

/** In order of preference: a side belongs to a problem, and only where the line has none to what was done or looked at. */
const OWNERS: Readonly<Record<AttributeType, readonly (readonly EntityLabel[])[]>> = {
  dose: [['MEDICATION']],
  strength: [['MEDICATION']],
  form: [['MEDICATION']],
  route: [['MEDICATION']],
  frequency: [['MEDICATION']],
  duration: [['MEDICATION']],
  value: [['TEST']],
  unit: [['TEST']],
  severity: [['DISORDER', 'SYMPTOM']],
  laterality: [
    ['DISORDER', 'SYMPTOM'],
    ['PROCEDURE', 'ANATOMY'],
  ],
};

const PRESENCES: readonly string[] = ['absent', 'possible'] satisfies Presence[];
const TEMPORALITIES: readonly string[] = ['historical', 'hypothetical'] satisfies Temporality[];
const EXPERIENCERS: readonly string[] = ['family', 'other'] satisfies Experiencer[];

function axesOf(words: readonly string[]): MarkedEntity['axes'] {
  const named = (axis: readonly string[]): string | undefined => words.find((word) => axis.includes(word));
  return {
    presence: (named(PRESENCES) ?? 'present') as Presence,
    temporality: (named(TEMPORALITIES) ?? 'current') as Temporality,
    experiencer: (named(EXPERIENCERS) ?? 'patient') as Experiencer,
  };
}

function readHeader(line: string): NoteHeader {
  const fields = new Map(line.split(';').map((part) => part.trim().split(': ', 2) as [string, string]));
  const split = (fields.get('split') ?? 'train') as NoteSplit;
  return { kind: fields.get('kind') ?? '', specialty: fields.get('specialty') ?? '', split };
}

interface Mark extends Span {
  readonly name: string;
  readonly field: string;
}

function readMarks(body: string): { text: string; marks: Mark[] } {
  const marks: Mark[] = [];
  let [text, from] = ['', 0];
  for (const match of body.matchAll(/\[\[([^|\]\n]+)\|([^|\]\n]+)(?:\|([^\]\n]*))?\]\]/g)) {
    const [whole, words = '', name = '', field = ''] = match;
    text += body.slice(from, match.index);
    marks.push({ start: text.length, end: text.length + words.length, name, field });
    text += words;
    from = match.index + whole.length;
  }
  return { text: text + body.slice(from), marks };
}

/** The nearest entity before `mark` on its line that can own it, else the nearest after; "of:text" names it instead. */
function ownerOf(mark: Mark, text: string, entities: readonly MarkedEntity[]): number {
  const named = mark.field.startsWith('of:') ? mark.field.slice(3) : undefined;
  const lineStart = text.lastIndexOf('\n', mark.start) + 1;
  const lineEnd = text.indexOf('\n', mark.end);
  const isOnLine = (span: Span): boolean => span.start >= lineStart && (lineEnd < 0 || span.end <= lineEnd);
  const distance = (span: Span): number => (span.start < mark.start ? mark.start - span.end : span.start - mark.end);
  for (const labels of OWNERS[mark.name as AttributeType]) {
    const candidates = [...entities.keys()].filter((index) => {
      const entity = entities[index]!;
      if (named !== undefined) return text.slice(entity.start, entity.end) === named;
      return labels.includes(entity.label) && isOnLine(entity);
    });
    const before = named === undefined ? candidates.filter((index) => entities[index]!.start < mark.start) : [];
    const nearest = (before.length > 0 ? before : candidates).sort(
      (a, b) => distance(entities[a]!) - distance(entities[b]!),
    )[0];
    if (nearest !== undefined) return nearest;
  }
  return -1;
}

export function readMarkedNote(source: string): MarkedNote {
  const lineEnd = source.indexOf('\n');
  const { text, marks } = readMarks(source.slice(lineEnd + 1));
  const entities = marks
    .filter(({ name }) => LABELS.has(name))
    .map(({ start, end, name, field }): MarkedEntity => {
      return { start, end, label: name as EntityLabel, axes: axesOf(field.split(',').map((axis) => axis.trim())) };
    });
  const isAttribute = ({ name }: Mark): boolean => name in OWNERS;
  const attributes = marks.filter(isAttribute).map((mark): MarkedAttribute => {
    const { start, end, name } = mark;
    return { start, end, type: name as AttributeType, owner: ownerOf(mark, text, entities) };
  });
  const people = marks
    .filter((mark) => !LABELS.has(mark.name) && !isAttribute(mark))
    .map(({ start, end, name }): MarkedPerson => ({ start, end, type: name as PersonType }));
  return { header: readHeader(source.slice(0, lineEnd)), text, entities, attributes, people };
}

/** The notes of one split, by name. The header is read first: the text of another split is not looked at. */
export function readMarkedNotes(folder: string, split: NoteSplit): { name: string; note: MarkedNote }[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  return names.sort().flatMap((name) => {
    const source = readFileSync(`${folder}/${name}`, 'utf8');
    if (readHeader(source.slice(0, source.indexOf('\n'))).split !== split) return [];
    return [{ name: name.slice(0, -4), note: readMarkedNote(source) }];
  });
}
