/**
 * Words about the person or the time: age, sex and dates (absolute, partial, relative). Conservative: a bare year or
 * "11/15" needs a word before it that makes it a date, "M" an age. Word lists are rules/people.json.
 */
import type { Document, Person, PersonType } from './document';
import { withValue } from './person-values';
import rules from './rules/people.json';

interface Pattern {
  readonly type: PersonType;
  readonly regex: RegExp;
  /** What must hold for the text before and after the match; both are short slices. */
  readonly accepts?: (before: string, after: string, text: string) => boolean;
}

const anyOf = (words: readonly string[]): string => `(?:${[...words].sort((a, b) => b.length - a.length).join('|')})`;

/** Every gap is bounded: an unbounded one costs quadratic time on a long run of spaces. */
const GAP = String.raw`[\s–-]{1,2}`;
const START = String.raw`(?<![\p{L}\p{N}.,/-])`;
const END = String.raw`(?![\p{L}\p{N}])`;
const pattern = (source: string): RegExp => new RegExp(START + source + END, 'giu');

const PERIOD = anyOf(rules.periods);
const SPELLED = `(?:${anyOf(rules.tens)}(?:[\\s-]${anyOf(rules.digits)})?|${anyOf(rules.digits)})`;
const COUNT = String.raw`(?:\d{1,3}(?:\.5)?(?:\s?(?:-|–|to|or)\s?\d{1,3})?|${SPELLED}|${anyOf(rules.numberWords)})`;
const MONTH = anyOf(rules.months) + String.raw`\.?`;
const DAY = String.raw`(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:19|20)\d\d`;
const SHORT_YEAR = String.raw`(?:${YEAR}|['’]?\d\d)`;
const DAY_OR_MONTH = String.raw`(?:3[01]|[12]\d|0?[1-9])`;

const ends = (words: readonly string[]): RegExp => new RegExp(`(?:^|[\\s(,;])${anyOf(words)}:?\\s{1,2}$`, 'iu');
const PARTIAL_LEAD = ends(rules.partialDateLeads);
const YEAR_LEAD = ends(rules.yearLeads);
const YEAR_CONTEXT = new RegExp(`(?:^|[\\s(,;])${anyOf(rules.yearContexts)}\\s[^.;\\n]{1,40}$`, 'iu');
const SEX_STOP = new RegExp(`^[\\s-]{1,2}${anyOf(rules.sexStops)}`, 'iu');
/** A number followed by a unit is a value ("in 2000 mL"). */
const MEASURED = /^\s?(?:%|m[gl]|mcg|g|ml|l|units?|kcal|cal|kg|cm|mm)(?![\p{L}\p{N}])/iu;

const isYear = (before: string, after: string): boolean =>
  !MEASURED.test(after) &&
  (YEAR_LEAD.test(before) || YEAR_CONTEXT.test(before) || (/\($/.test(before) && /^[,)]/.test(after)));

/** "may 3 times" and "dec 10 mg" are no dates: a month in lower case needs a word that leads to a date. */
const isMonthAndDay = (before: string, after: string, text: string): boolean =>
  !MEASURED.test(after) && !/^\s?(?:x|times)/iu.test(after) && (/^\p{Lu}/u.test(text) || PARTIAL_LEAD.test(before));

const AGE_UNIT = String.raw`(?:years?|yrs?|y|months?|mos?|mths?|weeks?|wks?|days?)`;
const PATTERNS: readonly Pattern[] = [
  { type: 'age', regex: pattern(String.raw`(?:\d{1,3}|${SPELLED})${GAP}?${AGE_UNIT}\.?${GAP}?old`) },
  { type: 'age', regex: pattern(String.raw`\d{1,3}[\s-]?(?:y\/o|y\.o\.?|yo|yof|yom|m\/o|mo\.? old|yr\.? old)`) },
  { type: 'age', regex: pattern(String.raw`\d{1,3}\s(?:years|yrs|months|weeks) of age`) },
  {
    type: 'age',
    regex: pattern(
      String.raw`(?:aged|age)(?::\s?|\sof\s|\s)\d{1,3}(?!\s?(?:%|-|–|to|and)\s?\d)(?:\s(?:years|yrs|months|weeks|days))?`,
    ),
  },
  // "67M with chest pain", "67F presents": capitals, and nothing that a weight or a temperature would be followed by.
  {
    type: 'age',
    regex: /(?<![\p{L}\p{N}.,/-])\d{1,3}(?=\s?[MF](?![\p{L}\p{N}]))/gu,
    accepts: (before, after) => isAgeAndSex(before, after),
  },
  { type: 'sex', regex: pattern(anyOf(rules.sexes)), accepts: (_, after) => !SEX_STOP.test(after) },
  {
    type: 'sex',
    regex: /(?<!\p{L})[MF](?![\p{L}\p{N}])/gu,
    accepts: (before, after) => isSexLetter(before, after),
  },
  { type: 'date', regex: pattern(String.raw`\d{4}[-/.]\d{1,2}[-/.]\d{1,2}`) },
  { type: 'date', regex: pattern(String.raw`${DAY_OR_MONTH}([/.-])${DAY_OR_MONTH}\1(?:${YEAR}|\d\d)(?![/.-]\d)`) },
  {
    type: 'date',
    regex: pattern(String.raw`${DAY}(?:\sof)?[\s/-]?${MONTH}(?:,?[\s/-]?${SHORT_YEAR})?`),
    accepts: (_, after) => !/^\s?[-/]\d/.test(after),
  },
  {
    type: 'date',
    regex: pattern(String.raw`${MONTH}[\s-]${DAY}(?:,?[\s-]${YEAR})?`),
    accepts: isMonthAndDay,
  },
  { type: 'date', regex: pattern(String.raw`${MONTH}(?:,?\s|\sof\s|[/-])(?:${YEAR}|['’]\d\d)`) },
  { type: 'date', regex: pattern(String.raw`(?:0?[1-9]|1[0-2])[/-]${YEAR}`) },
  {
    type: 'date',
    regex: pattern(String.raw`(?:0?[1-9]|1[0-2])[/]${DAY_OR_MONTH}(?:[/]\d\d)?`),
    accepts: (before, after) => PARTIAL_LEAD.test(before) && !/^\s?(?:[/%°]|\d)/.test(after),
  },
  { type: 'date', regex: pattern(YEAR), accepts: isYear },
  { type: 'date', regex: pattern(`${COUNT}${GAP}${PERIOD}\\s${anyOf(rules.before)}`) },
  { type: 'date', regex: pattern(String.raw`\d{1,2}\/(?:7|52|12)\s(?:ago|prior|earlier|hence)`) },
  {
    type: 'date',
    regex: pattern(`(?:in|after|within)\\s(?:the next\\s|about\\s|approximately\\s)?${COUNT}\\s?${PERIOD}`),
    accepts: (_, after) => !/^\s(?:of|duration|old)/.test(after),
  },
  { type: 'date', regex: pattern(String.raw`on (?:hospital |postoperative )?day\s\d{1,2}`) },
  { type: 'date', regex: pattern(String.raw`(?:POD|HD)\s?#?\s?\d{1,2}`) },
  { type: 'date', regex: pattern(String.raw`(?:post-?\s?op(?:erative)?|hospital|hosp) day\s?#?\s?\d{1,2}`) },
  { type: 'date', regex: pattern(`(?:on|last|next|this|since|until)\\s${anyOf(rules.weekdays)}`) },
  { type: 'date', regex: pattern(anyOf(rules.relative)) },
];

/** "67M with", "67 F, presents": an age of at most 120 that starts a clause about a person. */
function isAgeAndSex(before: string, after: string): boolean {
  const follows =
    /^\s?[MF](?:$|[,.;\n]|\s(?:with|who|w\/|presents?|presenting|presented|c\/o|p\/w|h\/o|hx|s\/p|admitted|here|from|pt|patient|on|and|in|brought|known|referred))/u;
  return (
    /(?:^|[\s(])$/.test(before) &&
    !/(?:temp|temperature|t|of|at|to|is|was)[:\s]{1,2}$/iu.test(before) &&
    follows.test(after)
  );
}

/** The letter is the patient's sex right after an age, or as the value of a form field. */
function isSexLetter(before: string, after: string): boolean {
  if (/(?:sex|gender)\s?[:=]\s?$/iu.test(before)) return true;
  if (/(?:old|yo|y\/o|y\.o\.?|m\/o)[\s,/-]{1,2}$/iu.test(before)) return true;
  const age = /(?<![\p{L}\p{N}.,/-])\d{1,3}\s?$/u.exec(before);
  return age !== null && isAgeAndSex(before.slice(0, age.index), `M${after}`);
}

function matchesOf(text: string, { type, regex, accepts }: Pattern): Person[] {
  const people: Person[] = [];
  for (const match of text.matchAll(regex)) {
    const start = match.index;
    const end = start + match[0].length;
    const before = text.slice(Math.max(0, start - 64), start);
    if (accepts && !accepts(before, text.slice(end, end + 24), match[0])) continue;
    people.push({ type, start, end, text: match[0] });
  }
  return people;
}

/** Ordered and not overlapping: of two that overlap the one that starts first stays, of two at one place the longer. */
export function peopleIn(text: string): Person[] {
  const found = PATTERNS.flatMap((entry) => matchesOf(text, entry));
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const people: Person[] = [];
  for (const person of found) {
    if (person.start >= (people.at(-1)?.end ?? 0)) people.push(person);
  }
  return people;
}

export function findPeople(document: Document): Document {
  return { ...document, people: peopleIn(document.text).map(withValue) };
}
