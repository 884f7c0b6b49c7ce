/**
 * Ways in which a rewrite goes wrong, each as a change of a right one. The fact guard is measured by how many it catches.
 * A change that finds nothing to change gives its text back.
 */
import type { Glossary, GlossaryEntry } from '../src/nlp/glossary';

export interface Corruption {
  readonly kind: string;
  readonly apply: (output: string) => string;
}

/** Replaces the first of the words that occurs; the text comes back unchanged where none does. */
function exchange(output: string, swaps: readonly (readonly [string, string])[]): string {
  for (const [from, to] of swaps) {
    const changed = output.replace(new RegExp(`\\b${from}\\b`), to);
    if (changed !== output) return changed;
  }
  return output;
}

export const CORRUPTIONS: readonly Corruption[] = [
  { kind: 'number changed', apply: (text) => text.replace(/\d+/, (run) => String(Number(run) + 1)) },
  {
    kind: 'last number changed',
    apply: (text) => text.replace(/(\d+)(\D*)$/, (_, run: string, rest: string) => `9${run}${rest}`),
  },
  { kind: 'number dropped', apply: (text) => text.replace(/\d[\d.,/]* ?/, '') },
  { kind: 'dose dropped', apply: (text) => text.replace(/\d[\d.,]* ?(?:mg|mcg|units|tablets|mL|puffs)\b ?/, '') },
  {
    kind: 'frequency dropped',
    apply: (text) => text.replace(/ (?:twice|three times|once|four times) a day| every \d+ hours| at bedtime/, ''),
  },
  {
    kind: 'frequency exchanged',
    apply: (text) =>
      exchange(text, [
        ['twice', 'four times'],
        ['once', 'twice'],
        ['three times', 'once'],
        ['every', 'every other'],
      ]),
  },
  {
    kind: 'unit exchanged',
    apply: (text) =>
      exchange(text, [
        ['mcg', 'mg'],
        ['mg', 'mcg'],
        ['days', 'weeks'],
        ['weeks', 'months'],
        ['months', 'years'],
        ['hours', 'days'],
        ['mL', 'L'],
      ]),
  },
  {
    kind: 'drug exchanged',
    apply: (text) =>
      exchange(text, [
        ['Lasix', 'Coumadin'],
        ['warfarin', 'heparin'],
        ['metformin', 'glipizide'],
        ['furosemide', 'famotidine'],
        ['lisinopril', 'losartan'],
        ['prednisone', 'prednisolone'],
        ['amoxicillin', 'azithromycin'],
        ['insulin', 'heparin'],
        ['aspirin', 'ibuprofen'],
        ['albuterol', 'atenolol'],
        ['atorvastatin', 'simvastatin'],
      ]),
  },
  {
    kind: 'negation dropped',
    apply: (text) =>
      exchange(text, [
        ['does not have', 'has'],
        ['did not have', 'had'],
        ['No', 'Some'],
        ['no', 'a'],
        ['not', 'indeed'],
        ['without', 'with'],
      ]),
  },
  {
    kind: 'negation added',
    apply: (text) =>
      /\b(?:no|not|without|No)\b/.test(text)
        ? text
        : exchange(text, [
            ['has', 'does not have'],
            ['had', 'did not have'],
            ['is', 'is not'],
            ['with', 'without'],
            ['was', 'was not'],
            ['takes', 'does not take'],
          ]),
  },
  {
    kind: 'side exchanged',
    apply: (text) =>
      exchange(text, [
        ['left', 'right'],
        ['right', 'left'],
        ['Left', 'Right'],
        ['Right', 'Left'],
        ['both', 'left'],
      ]),
  },
  { kind: 'side dropped', apply: (text) => text.replace(/\b(?:left|right|both) /i, '') },
  {
    kind: 'date changed',
    apply: (text) =>
      exchange(text, [
        ['March', 'May'],
        ['2019', '2018'],
        ['June', 'July'],
        ['yesterday', 'today'],
        ['2014', '2015'],
        ['Monday', 'Tuesday'],
      ]),
  },
  {
    kind: 'condition exchanged',
    apply: (text) =>
      exchange(text, [
        ['high blood pressure', 'low blood pressure'],
        ['heart failure', 'kidney failure'],
        ['heart attack', 'stroke'],
        ['type 2 diabetes', 'asthma'],
        ['lung infection', 'lung cancer'],
        ['long-term lung disease', 'long-term kidney disease'],
        ['urinary tract infection', 'kidney stone'],
        ['broken bone', 'bruise'],
        ['fever', 'rash'],
        ['chest pain', 'back pain'],
      ]),
  },
  {
    kind: 'condition dropped',
    apply: (text) =>
      exchange(text, [
        ['high blood pressure', 'it'],
        ['heart failure', 'it'],
        ['a heart attack', 'it'],
        ['swelling', 'it'],
        ['chest pain', 'it'],
        ['fever', 'it'],
        ['cough', 'it'],
      ]),
  },
  { kind: 'condition added', apply: (text) => `${text.replace(/\.$/, '')} and has cancer.` },
  { kind: 'drug added', apply: (text) => `${text.replace(/\.$/, '')} and takes aspirin 81.`.replace(' 81', '') },
  {
    kind: 'certainty dropped',
    apply: (text) =>
      exchange(text, [
        ['may be', 'is'],
        ['might be', 'is'],
        ['possible ', ''],
        ['Possible ', ''],
        ['probably ', ''],
      ]),
  },
  { kind: 'sentence repeated', apply: (text) => `${text} ${text}` },
  {
    kind: 'relative exchanged',
    apply: (text) =>
      exchange(text, [
        ['mother', 'sister'],
        ['father', 'brother'],
        ['Mother', 'Father'],
      ]),
  },
];

const SHORTEST_NAME = 5;

/** Plain wordings or names of one kind, longest first, so that "heart failure" is found before "heart". */
function namesOf(
  glossary: Glossary,
  kinds: readonly GlossaryEntry['kind'][],
  pick: (entry: GlossaryEntry) => string,
): string[] {
  const names = glossary.entries.filter(({ kind }) => kinds.includes(kind)).map(pick);
  const usable = names.filter((name) => name.length >= SHORTEST_NAME && /^[a-z ]{1,60}$/i.test(name));
  return [...new Set(usable)].sort((a, b) => b.length - a.length);
}

/** The first name that stands in the text gives way to another of the list, chosen by the text's length. */
function exchangeName(text: string, names: readonly string[]): string {
  const lower = text.toLowerCase();
  for (const name of names) {
    const at = lower.indexOf(name.toLowerCase());
    if (at < 0 || /[a-z]/i.test(text[at - 1] ?? ' ') || /[a-z]/i.test(text[at + name.length] ?? ' ')) continue;
    const words = name.toLowerCase().split(' ');
    const others = names.filter((other) => other.split(' ').every((word) => !words.includes(word.toLowerCase())));
    return text.slice(0, at) + others[(text.length * 37) % others.length]! + text.slice(at + name.length);
  }
  return text;
}

function swapNumbers(text: string): string {
  const numbers = [...text.matchAll(/(?<![\d.,/])\d+(?:\.\d+)?(?![\d.,/]*\d)/g)];
  const [first] = numbers;
  const second = numbers.find(([run]) => run !== first![0]);
  if (first === undefined || second === undefined) return text;
  const middle = text.slice(first.index + first[0].length, second.index);
  return text.slice(0, first.index) + second[0] + middle + first[0] + text.slice(second.index + second[0].length);
}

/** Those above, and those that need to know the names of conditions and drugs. */
export function allCorruptions(glossary: Glossary): readonly Corruption[] {
  const conditions = namesOf(glossary, ['condition'], ({ plain }) => plain);
  const symptoms = namesOf(glossary, ['symptom'], ({ plain }) => plain);
  const drugs = namesOf(glossary, ['drug'], ({ term }) => term);
  return [
    ...CORRUPTIONS.filter(({ kind }) => kind !== 'condition exchanged' && kind !== 'drug exchanged'),
    { kind: 'condition exchanged', apply: (text) => exchangeName(text, conditions) },
    { kind: 'symptom exchanged', apply: (text) => exchangeName(text, symptoms) },
    { kind: 'drug exchanged', apply: (text) => exchangeName(text, drugs) },
    { kind: 'values exchanged', apply: swapNumbers },
    {
      kind: 'relative lost',
      apply: (text) => text.replace(/\b[Yy]our (?:mother|father|sister|brother|aunt|uncle|son|daughter)\b/, 'you'),
    },
  ];
}
