/**
 * npm run evaluate -- attributes [--split train|dev|test] [--errors] [--notes DIR]: F1 of (owner, type, span) over our notes.
 *
 * Twice: with the gold entities as targets, and with the shipped model's own, where an owner is right when it overlaps the
 * gold owner and has its label. Misses are printed on request, and never those of the test split.
 */
import { checkoutStore } from '../batch/local-artefacts';
import { loadRecognizer } from '../src/inference/engine-parts';
import { openNodeRuntime } from '../src/inference/node-runtime';
import { attachAttributes } from '../src/nlp/attributes';
import {
  DEFAULT_ASSERTION,
  makeDocument,
  type AttributeType,
  type Document,
  type Entity,
  type EntityLabel,
  type Span,
} from '../src/nlp/document';
import { applyLexicon } from '../src/nlp/lexicon';
import { sectionize } from '../src/nlp/sections';
import { sentencize } from '../src/nlp/sentences';
import { readMarkedNotes, type MarkedNote, type NoteSplit } from './marked-notes';
import { decimals } from './read-lines';

const GROUPS: Readonly<Record<string, readonly AttributeType[]>> = {
  medicines: ['dose', 'strength', 'form', 'route', 'frequency', 'duration'],
  tests: ['value', 'unit'],
  problems: ['severity', 'laterality'],
};

/** An attribute with the span and label of its owner; a gold attribute that nothing owns is left out. */
interface Owned extends Span {
  readonly type: AttributeType;
  readonly owner: Span & { readonly label: EntityLabel };
}

interface Counts {
  hits: number;
  gold: number;
  predicted: number;
}

type Sameness = (gold: Owned['owner'], predicted: Owned['owner']) => boolean;

const isSameSpan: Sameness = (gold, predicted) => gold.start === predicted.start && gold.end === predicted.end;
const isOverlapping: Sameness = (gold, predicted) =>
  gold.label === predicted.label && gold.start < predicted.end && predicted.start < gold.end;

/** Sides of body parts and of operations are read, but not counted: the guide names only problems as owners. */
const isCounted = ({ type, owner }: Owned): boolean =>
  !GROUPS['problems']!.includes(type) || owner.label === 'DISORDER' || owner.label === 'SYMPTOM';

function goldOf({ attributes, entities }: MarkedNote): Owned[] {
  return attributes.flatMap(({ owner, ...attribute }) => {
    const entity = entities[owner];
    return entity ? [{ ...attribute, owner: entity }] : [];
  });
}

const predictedIn = ({ entities }: Document): Owned[] =>
  entities.flatMap((entity) => entity.attributes.map((attribute) => ({ ...attribute, owner: entity })));

function goldEntities({ text, entities }: MarkedNote): Entity[] {
  return entities.map(({ start, end, label }, index) => ({
    ...{ id: `e${index + 1}`, start, end, text: text.slice(start, end), label, score: 1 },
    ...{ assertion: DEFAULT_ASSERTION, attributes: [], candidates: [] },
  }));
}

interface Comparison {
  readonly name: string;
  readonly text: string;
  readonly gold: readonly Owned[];
  readonly predicted: readonly Owned[];
}

function printMiss(sign: '-' | '+', { name, text }: Comparison, { start, end, type, owner }: Owned): void {
  const lineStart = text.lastIndexOf('\n', start) + 1;
  const lineEnd = text.indexOf('\n', end);
  const line = `${text.slice(lineStart, start)}[${text.slice(start, end)}]${text.slice(end, lineEnd < 0 ? undefined : lineEnd)}`;
  const from = Math.max(0, start - lineStart - 80);
  console.log(
    `${sign} ${name} ${type} of ${text.slice(owner.start, owner.end)}: ${line.slice(from, from + 180).trim()}`,
  );
}

function countNote(comparison: Comparison, isSame: Sameness, counts: Map<AttributeType, Counts>): Owned[][] {
  // The older notes leave "for" or "x" out of a duration, the guide keeps it: where it ends decides.
  const isMatch = (a: Owned, b: Owned): boolean =>
    a.type === b.type && a.end === b.end && (a.start === b.start || a.type === 'duration') && isSame(a.owner, b.owner);
  const gold = comparison.gold.filter(isCounted);
  const predicted = comparison.predicted.filter(isCounted);
  for (const { type } of gold) counts.get(type)!.gold++;
  for (const { type } of predicted) counts.get(type)!.predicted++;
  const missed = gold.filter((attribute) => !predicted.some((other) => isMatch(attribute, other)));
  for (const { type } of gold.filter((attribute) => !missed.includes(attribute))) counts.get(type)!.hits++;
  return [missed, predicted.filter((attribute) => !gold.some((other) => isMatch(other, attribute)))];
}

const row = (name: string, { hits, gold, predicted }: Counts): string =>
  `| ${name} | ${decimals(hits / predicted)} | ${decimals(hits / gold)} | ${decimals((2 * hits) / (gold + predicted))} | ${gold} |`;

function sumOf(counts: readonly Counts[]): Counts {
  const sum = (key: keyof Counts): number => counts.reduce((total, each) => total + each[key], 0);
  return { hits: sum('hits'), gold: sum('gold'), predicted: sum('predicted') };
}

function report(title: string, comparisons: readonly Comparison[], options: Options & { isSame: Sameness }): void {
  const counts = new Map<AttributeType, Counts>(
    Object.values(GROUPS).flatMap((types) => types.map((type) => [type, { hits: 0, gold: 0, predicted: 0 }])),
  );
  for (const comparison of comparisons) {
    const [missed = [], added = []] = countNote(comparison, options.isSame, counts);
    if (!options.errors || options.split === 'test') continue;
    for (const attribute of missed) printMiss('-', comparison, attribute);
    for (const attribute of added) printMiss('+', comparison, attribute);
  }
  console.log(`\n| ${title} | precision | recall | F1 | gold |\n|---|---|---|---|---|`);
  for (const [group, types] of Object.entries(GROUPS)) {
    const each = types.map((type) => [type, counts.get(type)!] as const);
    console.log(row(group, sumOf(each.map(([, count]) => count))));
    for (const [type, count] of each) console.log(row(type, count));
  }
}

export interface Options {
  readonly split: NoteSplit;
  readonly errors: boolean;
  readonly notes: readonly string[];
  /** Leaves the model out: only the gold entities are targets. */
  readonly goldOnly: boolean;
}

export async function evaluateAttributes(options: Options): Promise<void> {
  const notes = options.notes.flatMap((folder) => readMarkedNotes(folder, options.split));
  const structured = notes.map(({ note }) => sentencize(sectionize(makeDocument(note.text))));
  const compare = (documents: readonly Document[]): Comparison[] =>
    notes.map(({ name, note }, index) => {
      const predicted = predictedIn(attachAttributes(documents[index]!));
      return { name, text: note.text, gold: goldOf(note), predicted };
    });
  const withGold = notes.map(({ note }, index) => ({ ...structured[index]!, entities: goldEntities(note) }));
  report(`${options.split}, gold entities`, compare(withGold), { ...options, isSame: isSameSpan });
  if (options.goldOnly) return;
  const recognize = await loadRecognizer(checkoutStore(), 'q8', await openNodeRuntime('native'));
  const recognized: Document[] = [];
  for (const document of structured) {
    recognized.push(applyLexicon(await recognize(document, () => Promise.resolve())));
  }
  report(`${options.split}, entities of the model`, compare(recognized), {
    ...options,
    errors: false,
    isSame: isOverlapping,
  });
}
