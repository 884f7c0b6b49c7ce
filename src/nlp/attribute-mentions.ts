/** All attribute mentions of a sentence whose entities are masked: which of overlapping ones stay, which are one. */
import { MASK, type PlacedEntity } from './clause';
import type { Span } from './document';
import { mergeFrequencies } from './frequencies';
import { findSharedResults } from './lab-tables';
import { findMeasurements, type AttributeMention } from './measurement-attributes';
import { findSigs } from './medication-attributes';
import findingRules from './rules/attributes.json';
import { anyOf, parseNumber, spanOf, withValue, WORD_END, WORD_START } from './units';

const SEVERITY = new RegExp(
  `(?<![\\p{L}\\p{N}/.-]|\\bno\\s)${anyOf(findingRules.severity)}${WORD_END}(?!\\s${anyOf(findingRules.severityStop)}${WORD_END})`,
  'giu',
);
/** "GOLD D", "NYHA III", "stage 3b", "Gustilo II", "4-/5". */
const GRADE = new RegExp(
  `${WORD_START}(?:${anyOf(findingRules.grades)}\\s(?:[0-5][a-c]?|[IVX]{1,4}[a-c]?|[A-D])(?:\\s?(?:-|–|\\/)\\s?(?:[0-5][a-c]?|[IVX]{1,4}))?|[0-5][+-]?\\/5)${WORD_END}`,
  'gu',
);
const LATERALITY = new RegExp(
  `(?<!(?:^|\\s)${anyOf(findingRules.lateralityLeadStop)}\\s)${WORD_START}${anyOf(findingRules.laterality)}${WORD_END}(?!\\s${anyOf(findingRules.lateralityStop)}${WORD_END})`,
  'giu',
);
const LATERALITY_CAPITALS = new RegExp(
  `(?<=^|[\\s(])${anyOf(findingRules.lateralityCapitals)}(?=\\s[\\p{L}${MASK}]|\\s{0,2}(?:[,.;)\\n]|$))`,
  'gu',
);

const BOTH = new RegExp(`${WORD_START}both(?=\\s{0,2}(?:[,.;)\\n${MASK}]|$))`, 'giu');

/** Severities and sides: searched after the rest, for "mild" says nothing about a test or a medicine. */
export function findFindings(text: string): AttributeMention[] {
  const plain = (kind: 'severity' | 'laterality', regex: RegExp): AttributeMention[] =>
    [...text.matchAll(regex)].map((match) => ({ kind, ...spanOf(match.index, match[0]) }));
  return [
    ...plain('severity', SEVERITY),
    ...plain('severity', GRADE),
    ...plain('laterality', LATERALITY),
    ...plain('laterality', LATERALITY_CAPITALS),
    ...plain('laterality', BOTH),
  ];
}

const isSkipped = ({ kind }: AttributeMention): number => Number(kind === 'skipped');

/** Of mentions that overlap, the one that starts first stays; of two that start together a look-alike, else the longer. */
export function withoutOverlaps(mentions: readonly AttributeMention[], taken: readonly Span[]): AttributeMention[] {
  const ordered = [...taken].sort((a, b) => a.start - b.start);
  const sorted = [...mentions].sort((a, b) => a.start - b.start || isSkipped(b) - isSkipped(a) || b.end - a.end);
  const kept: AttributeMention[] = [];
  let index = 0;
  for (const mention of sorted) {
    while (index < ordered.length && ordered[index]!.end <= mention.start) index++;
    const next = ordered[index];
    if (next && next.start < mention.end) continue;
    if (mention.start >= (kept.at(-1)?.end ?? 0)) kept.push(mention);
  }
  return kept;
}

const CHANGE_LEAD = /\b(?:from|increas\w{0,3}|decreas\w{0,3}|reduc\w{0,3}|titrat\w{0,3}|changed?)\b[^.;\n\d]{0,30}$/iu;

/** "from 20 to 40 mg" is a change between two doses, not a range. */
function splitChange(mention: AttributeMention, text: string): AttributeMention[] {
  const change = /^([\d.,]{1,10})(\s?(?:to|-|–)\s?)(?=\d)/iu.exec(text.slice(mention.start, mention.end));
  const lead = text.slice(Math.max(0, mention.start - 44), mention.start);
  const isChange =
    mention.kind === 'quantity' &&
    change &&
    (/from\s$/iu.test(lead) || (/to/iu.test(change[2]!) && CHANGE_LEAD.test(lead)));
  if (!isChange) return [mention];
  const [, digits = '', joint = ''] = change;
  const middle = mention.start + digits.length;
  const second = findMeasurements(text.slice(middle + joint.length, mention.end)).find(
    ({ kind }) => kind === 'quantity',
  );
  if (!second) return [mention];
  const from = middle + joint.length;
  const shifted = {
    ...(second.numberEnd === undefined ? {} : { numberEnd: second.numberEnd + from }),
    ...(second.unitStart === undefined ? {} : { unitStart: second.unitStart + from }),
  };
  const first: AttributeMention = {
    ...{ kind: 'number', start: mention.start, end: middle },
    ...withValue(parseNumber(digits), undefined),
  };
  return [first, { ...second, ...shifted, start: from, end: mention.end }];
}

export interface MaskedSentence {
  readonly masked: string;
  readonly placed: readonly PlacedEntity[];
  /** Ages, sexes, dates and table cells: never attributes of their own here. */
  readonly taken: readonly Span[];
  readonly hasMedicine: boolean;
}

/** In the order of the text, without overlaps. */
export function findMentions({ masked, placed, taken, hasMedicine }: MaskedSentence): AttributeMention[] {
  // Most sentences name no medicine, and its patterns are the dearest.
  const sigs = hasMedicine ? findSigs(masked) : [];
  const shared = findSharedResults(masked, placed);
  // "until Friday" is a length although Friday is a date.
  const endings = sigs.filter(({ kind, value }) => kind === 'duration' && value === undefined);
  const dates = taken.filter((span) => !endings.some(({ start, end }) => start <= span.start && span.end <= end));
  const found = withoutOverlaps([...sigs, ...findMeasurements(masked)], [...dates, ...shared]);
  const all = [...found, ...shared].sort((a, b) => a.start - b.start);
  return mergeFrequencies(
    all.flatMap((mention) => splitChange(mention, masked)),
    masked,
  );
}
