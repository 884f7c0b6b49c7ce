/**
 * Notation that is known to be misread, after the Joint Commission's "Do Not Use" list and ISMP's list of error-prone
 * abbreviations, symbols and dose designations. It marks; it changes nothing. Letters that mean more than one thing count
 * only beside what shows their meaning: "OD" beside an eye, "SC" where it is a route.
 */
import type { AttributeType, Document, ErrorProneNotation, ErrorProneRule } from './document';
import rules from './rules/error-prone.json';

interface Rule {
  readonly rule: ErrorProneRule;
  readonly pattern: RegExp;
  readonly meaning: string;
  /** Attributes of a finding in one of which it must stand. */
  readonly within: ReadonlySet<AttributeType> | null;
  readonly near: RegExp | null;
}

const NEAR: Readonly<Record<string, RegExp>> = {
  eye: new RegExp(rules.eyeWords, 'i'),
  ear: new RegExp(rules.earWords, 'i'),
};

const RULES: readonly Rule[] = rules.rules.map((rule) => ({
  rule: rule.rule as ErrorProneRule,
  pattern: new RegExp(rule.pattern, `g${rule.flags}`),
  meaning: rule.meaning,
  within: rule.within === undefined ? null : new Set(rule.within as AttributeType[]),
  near: rule.near === undefined ? null : NEAR[rule.near]!,
}));

/** What is written instead where it depends on what is there. */
const REWRITES: Readonly<Record<string, (text: string) => string>> = {
  without_trailing_zero: (text) => text.replace(/\.0+$/, ''),
  with_leading_zero: (text) => `0${text}`,
  with_commas: (text) => text.replace(/\B(?=(?:\d{3})+$)/g, ','),
  spaced: (text) => text.replace(/(?<=\D)(?=\d)/, ' '),
};

/** Starts and ends of the attributes of each type, for a look-up by place. */
function attributeSpans(document: Document): Map<AttributeType, (readonly [number, number])[]> {
  const spans = new Map<AttributeType, (readonly [number, number])[]>();
  for (const { type, start, end } of document.entities.flatMap((entity) => entity.attributes)) {
    const list = spans.get(type);
    if (list) list.push([start, end]);
    else spans.set(type, [[start, end]]);
  }
  for (const list of spans.values()) list.sort((a, b) => a[0] - b[0]);
  return spans;
}

/** By halving: whether one of the sorted spans covers the place. */
function covers(spans: readonly (readonly [number, number])[], place: number): boolean {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]![0] <= place) low = middle + 1;
    else high = middle;
  }
  return low > 0 && spans[low - 1]![1] > place;
}

/** Adds the layer. Attributes must be there: where a dose or a route stands decides some rules. */
export function findErrorProne(document: Document): Document {
  const { text } = document;
  const spans = attributeSpans(document);
  const fits = ({ within, near }: Rule, start: number, end: number): boolean => {
    if (within !== null && ![...within].some((type) => covers(spans.get(type) ?? [], start))) return false;
    if (near === null) return true;
    const line = [text.lastIndexOf('\n', start - 1) + 1, text.indexOf('\n', end)] as const;
    const from = Math.max(line[0], start - rules.reach);
    const to = Math.min(line[1] < 0 ? text.length : line[1], end + rules.reach);
    return near.test(text.slice(from, start)) || near.test(text.slice(end, to));
  };
  const found = RULES.flatMap((rule) =>
    Array.from(text.matchAll(rule.pattern), (match): ErrorProneNotation => {
      const start = match.index;
      const meaning = REWRITES[rule.meaning]?.(match[0]) ?? rule.meaning;
      return { start, end: start + match[0].length, rule: rule.rule, text: match[0], meaning };
    }).filter(({ start, end }) => fits(rule, start, end)),
  );
  return { ...document, errorProne: found.sort((a, b) => a.start - b.start || b.end - a.end) };
}
