/**
 * Headings and the text below them. Variants, and the limits on ambiguous ones, are rules/sections.json:
 * - variants: heading -> category, in the spelling of `headingKey`;
 * - colonOnly: ordinary words ("history", "review") that as a whole line need a colon, markup or capitals;
 * - lineInitialOnly: never a heading in the middle of a line, never before a dash;
 * - bare: abbreviations that start a section without any colon ("PMH asthma"), unless a `bareStop` word follows;
 * - sublabels: parts of an examination or review; never a section of their own;
 * - continuing: sections organized by problem, where an unknown heading names a problem and starts nothing;
 * - contains: which sections stand inside which, where no Markdown says so.
 */
import type { Document, Entity, Section, SectionCategory, Span } from './document';
import rules from './rules/sections.json';

interface Heading {
  readonly category: SectionCategory;
  readonly title: Span;
  /** Number of "#" of a Markdown heading; 0 without. */
  readonly level: number;
}

const VARIANTS = new Map(
  Object.entries(rules.variants).flatMap(([category, keys]) =>
    keys.map((key): [string, SectionCategory] => [key, category as SectionCategory]),
  ),
);
const COLON_ONLY = new Set(rules.colonOnly);
const LINE_INITIAL_ONLY = new Set(rules.lineInitialOnly);
const BARE = new Set(rules.bare);
const BARE_STOP = new Set(rules.bareStop);
const SUBLABELS = new Set(rules.sublabels);
const CONTINUING = new Set<string>(rules.continuing);
const CONTAINS = new Map(Object.entries(rules.contains).map(([outer, inner]) => [outer, new Set<string>(inner)]));

/** Longer lines are prose; it also bounds the work done at every place where a heading may start. */
const LONGEST_HEADING = 80;

const MARKUP = /^[ \t\u00a0]{0,40}(?:#{1,6}[ \t]{1,3}|>[ \t]?)?(?:\d{1,2}[.)][ \t]{1,4})?(?:\*\*|__|[*_])?/;
const LABEL = /^([^:：*_#\-–•][^:：*_#]{0,60})(?:\*\*|__|[*_])?[ \t]{0,2}[:：](?:\*\*|__|[*_])?/;
const WHOLE = /^([^:：*_#\-–•][^:：*_#]{0,60})(?:\*\*|__|[*_])?(?<![.,;?!])$/;
const DASHED = /^([^:：*_#\-–•][^:：*_#]{0,40}?)[ \t][-–—][ \t]/;
const FIRST_WORDS = /^([A-Za-z/]{3,8})[ \t]{1,3}([^\s:,;.]{1,20})/;
const CAPITALS = /^\p{Lu}[\p{Lu}\d '’/&(),.-]{2,60}:$/u;
const AFTER_STOP = /[.!?][ \t]+(?=\p{Lu})/gu;
/** "P: 88" is a pulse, "P: 1. fluids" is a plan. */
const MEASURED = /^[ \t]{0,3}\d{2,3}(?![\d.)])/;

/** Lines without their terminators (LF, CRLF or CR), in order; an empty text has none. */
export function linesOf(text: string): Span[] {
  const lines: Span[] = [];
  let start = 0;
  for (const { index, 0: terminator } of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, end: index });
    start = index + terminator.length;
  }
  if (start < text.length) lines.push({ start, end: text.length });
  return lines;
}

/** The spelling under which a heading is looked up; only for comparing, offsets never come from it. */
function headingKey(words: string): string {
  return words
    .toLowerCase()
    .replace(/\([^()]*\) ?$/, '')
    .replace(/&/g, ' and ')
    .replace(/[-–]/g, ' ')
    .replace(/[.’']/g, '')
    .replace(/ ?\/ ?/g, '/')
    .replace(/\s+/g, ' ')
    .trim();
}

/** "PMH: HTN": a known heading with its colon at the start of `ahead`; returns the category and the title's length. */
function labelledHeading(ahead: string, lineInitial: boolean): { category: SectionCategory; length: number } | null {
  const match = LABEL.exec(ahead);
  if (!match) return null;
  const key = headingKey(match[1]!);
  const category = VARIANTS.get(key);
  if (!category || (!lineInitial && LINE_INITIAL_ONLY.has(key))) return null;
  if (key.length === 1 && MEASURED.test(ahead.slice(match[0].length))) return null;
  return { category, length: match[0].length };
}

/** A line that is nothing but a heading. Without colon or markup it must look like one: capitalized, not a bare word. */
function wholeLineHeading(content: string, marked: boolean): SectionCategory | null {
  const match = WHOLE.exec(content);
  if (!match) return null;
  const key = headingKey(match[1]!);
  const category = VARIANTS.get(key);
  if (!category) return null;
  if (marked) return category;
  const shouted = key.length > 3 && content === content.toUpperCase();
  if (key.length < 3 || !/^\p{Lu}/u.test(content)) return null;
  return COLON_ONLY.has(key) && !shouted ? null : category;
}

/** "Allergies - penicillin" and "PMH asthma". */
function unmarkedHeading(ahead: string): { category: SectionCategory; length: number } | null {
  const dashed = DASHED.exec(ahead);
  const key = headingKey(dashed?.[1] ?? '');
  const category = VARIANTS.get(key);
  if (dashed && category && !LINE_INITIAL_ONLY.has(key)) return { category, length: dashed[0].length - 1 };
  const words = FIRST_WORDS.exec(ahead);
  if (!words || words[1] !== words[1]!.toUpperCase()) return null;
  const bare = headingKey(words[1]);
  if (!BARE.has(bare) || BARE_STOP.has(words[2]!.toLowerCase())) return null;
  return { category: VARIANTS.get(bare)!, length: words[1].length };
}

/** Capitals with a colon, or Markdown, that no variant knows. */
function isUnknownHeading(content: string, markup: string, current: SectionCategory): boolean {
  if (CONTINUING.has(current)) return false;
  const title = content.replace(/[*_]+/g, '');
  if (markup.includes('#')) return /\p{L}/u.test(title);
  return CAPITALS.test(title) && !SUBLABELS.has(headingKey(title.replace(/:$/, '')));
}

function initialHeading(text: string, line: Span, current: SectionCategory): Heading | null {
  const ahead = text.slice(line.start, Math.min(line.end, line.start + LONGEST_HEADING * 2));
  const markup = MARKUP.exec(ahead)?.[0] ?? '';
  const start = line.start + (ahead.length - ahead.trimStart().length);
  const rest = ahead.slice(markup.length, markup.length + LONGEST_HEADING);
  const content = text
    .slice(line.start + markup.length, line.end)
    .slice(0, LONGEST_HEADING + 1)
    .trimEnd();
  const level = markup.split('#').length - 1;
  const headingTo = (category: SectionCategory, length: number): Heading => ({
    category,
    title: { start, end: line.start + markup.length + length },
    level,
  });
  const labelled = labelledHeading(rest, true);
  if (labelled) return headingTo(labelled.category, labelled.length);
  const isWhole = content.length > 0 && line.end - line.start <= LONGEST_HEADING * 2;
  const whole = isWhole ? wholeLineHeading(content, /[#*_]/.test(markup)) : null;
  if (whole) return headingTo(whole, content.length);
  const unmarked = unmarkedHeading(rest);
  if (unmarked) return headingTo(unmarked.category, unmarked.length);
  const isUnknown = isWhole && isUnknownHeading(content, markup, current);
  return isUnknown ? headingTo('other', content.length) : null;
}

/** "… well controlled. PMH: HTN": headings with a colon after a full stop inside a line. */
function innerHeadings(text: string, line: Span): Heading[] {
  const headings: Heading[] = [];
  const content = text.slice(line.start, line.end);
  for (const stop of content.matchAll(AFTER_STOP)) {
    const start = stop.index + stop[0].length;
    const found = labelledHeading(content.slice(start, start + LONGEST_HEADING), false);
    if (!found) continue;
    const title = { start: line.start + start, end: line.start + start + found.length };
    headings.push({ category: found.category, title, level: 0 });
  }
  return headings;
}

function findHeadings(text: string): Heading[] {
  const headings: Heading[] = [];
  let current: SectionCategory = 'other';
  for (const line of linesOf(text)) {
    // A blank line or a lone letter: notes have many, and nothing below is as cheap as this.
    if (line.end - line.start < 2) continue;
    const initial = initialHeading(text, line, current);
    const from = initial ? initial.title.end : line.start;
    const found = innerHeadings(text, { start: from, end: line.end });
    if (initial) found.unshift(initial);
    headings.push(...found);
    current = found.at(-1)?.category ?? current;
  }
  return headings;
}

interface Outline {
  readonly headings: readonly Heading[];
  /** Index of the heading that each stands under, or undefined. */
  readonly parents: readonly (number | undefined)[];
}

function isUnder(heading: Heading, outer: Heading): boolean {
  if (heading.level > 0 && outer.level > 0) return outer.level < heading.level;
  return CONTAINS.get(outer.category)?.has(heading.category) === true;
}

/** What no variant knows takes the category of the Markdown heading above it: "### Cardiac" in "## Past medical history". */
function inherited(heading: Heading, outer: Heading | undefined): Heading {
  const isUnknown = heading.category === 'other' && heading.level > 0 && outer !== undefined && outer.level > 0;
  return isUnknown ? { ...heading, category: outer.category } : heading;
}

function outlineOf(found: readonly Heading[]): Outline {
  const headings: Heading[] = [];
  const parents: (number | undefined)[] = [];
  const open: number[] = [];
  for (const [index, heading] of found.entries()) {
    while (open.length > 0 && !isUnder(heading, headings[open.at(-1)!]!)) open.pop();
    const parent = open.at(-1);
    headings.push(inherited(heading, parent === undefined ? undefined : headings[parent]));
    parents.push(parent);
    open.push(index);
  }
  return { headings, parents };
}

/**
 * Sections tile the text: each title (markup and colon included) is followed at once by its body, which runs to the
 * next title. What stands before the first title is `other` with an empty title.
 */
export function sectionize(document: Document): Document {
  const { text } = document;
  if (text.length === 0) return { ...document, sections: [] };
  const { headings, parents } = outlineOf(findHeadings(text));
  const first = headings[0]?.title.start ?? text.length;
  const opening: Section = { category: 'other', title: { start: 0, end: 0 }, body: { start: 0, end: first } };
  const shift = first > 0 ? 1 : 0;
  const sections = headings.map(({ category, title }, index): Section => {
    const end = headings[index + 1]?.title.start ?? text.length;
    const parent = parents[index];
    const section = { category, title, body: { start: title.end, end } };
    return parent === undefined ? section : { ...section, parent: parent + shift };
  });
  return { ...document, sections: first > 0 ? [opening, ...sections] : sections };
}

/** Index of the section that an offset stands in, by binary search; undefined only where there are no sections. */
export function sectionIndexAt({ sections }: Pick<Document, 'sections'>, offset: number): number | undefined {
  let [low, high] = [0, sections.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sections[middle]!.title.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : low - 1;
}

/** Tells every entity the section that it stands in. */
export function placeInSections(document: Document): Document {
  const entities = document.entities.map((entity): Entity => {
    const section = sectionIndexAt(document, entity.start);
    return section === undefined ? entity : { ...entity, section };
  });
  return { ...document, entities };
}
