/**
 * The fact guard: whether a plainer sentence still says what the note says. Pure, without a model, and the same for wording by
 * glossary and by decoder. It compares amounts, dates, drugs, findings, sides, negation and certainty of both texts, each read
 * into one spelling; it would rather reject a good sentence than pass a changed fact.
 */
import type { RejectionReason } from './document';
import { stem } from './glossary-inflection';
import { phraseKey, type Token } from './glossary-tokens';
import instructionRules from './rules/instructions.json';
import rules from './rules/verification.json';
import { contentStems, isContentWord, type Concept, type ConceptKind } from './verification-concepts';
import { FACT_CLASSES, hasPhrase, readFacts, type FactClass, type Facts, type FactSide } from './verification-facts';
import type { Quantity } from './verification-quantities';
import { isRepetitive } from './verification-repetition';

export type { FactSide } from './verification-facts';

export interface Verdict {
  readonly verdict: 'verified' | 'rejected';
  readonly reasons: readonly RejectionReason[];
}

type Check = (source: Facts, output: Facts) => RejectionReason[];

const LOOSE_INSTRUCTIONS = new Map(
  Object.entries(instructionRules.loose).map(([fact, forms]): [string, string[]] => [fact, forms.map(phraseKey)]),
);
const LOOSE_NEGATIONS = rules.negation.loose.map(phraseKey);
const DOUBLED_NEGATIONS = rules.negation.doubled.map(phraseKey);
const LOOSE_UNCERTAINTY = rules.uncertain.loose.map(phraseKey);
const OPPOSITES = rules.opposites.map(({ reason, sides }) => ({
  reason: reason as RejectionReason,
  sides: sides.map((forms) => forms.map(phraseKey)),
}));
const { longestRatio, longestAllowance, shortestRatio, shortestFrom } = rules.lengths;

/** Kinds whose negation is compared; tests and body parts drift in and out of a scope with word order. */
const ASSERTED = new Set<ConceptKind>(['condition', 'symptom', 'drug', 'procedure', 'abbreviation', 'wording']);

function unmatched(quantities: readonly Quantity[], others: readonly Quantity[]): Quantity[] {
  const left = [...others];
  return quantities.filter((quantity) => {
    const at = left.findIndex((other) => other.keys.some((key) => quantity.keys.includes(key)));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function hasLoosely(facts: Facts, { kind, value }: Quantity): boolean {
  // a code that is part of a name there and stands alone here: "D50", "CKD3a"
  if (kind === 'number' && /^[a-z]+\d/.test(value)) return hasPhrase(facts, value);
  return kind === 'instruction' && (LOOSE_INSTRUCTIONS.get(value) ?? []).some((form) => hasPhrase(facts, form));
}

/** Loose words answer for an instruction only where they are no part of the same instruction elsewhere. */
function isLooseIn(facts: Facts, quantity: Quantity): boolean {
  const isElsewhere = facts.quantities.some((other) => other.keys.some((key) => quantity.keys.includes(key)));
  return !isElsewhere && hasLoosely(facts, quantity);
}

function quantityReason(quantity: Quantity, others: readonly Quantity[]): RejectionReason {
  if (quantity.kind === 'instruction') return 'dose';
  if (others.some((other) => other.value === quantity.value)) return 'unit';
  return quantity.kind;
}

const checkQuantities: Check = (source, output) => {
  const lost = unmatched(source.quantities, output.quantities).filter((quantity) => !isLooseIn(output, quantity));
  const added = unmatched(output.quantities, source.quantities).filter((quantity) => !isLooseIn(source, quantity));
  return [
    ...lost.map((quantity) => quantityReason(quantity, added)),
    ...added.map((quantity) => quantityReason(quantity, lost)),
  ];
};

/** What a quantity is said of: the finding before it in the same sentence. */
function ownerOf(facts: Facts, at: number): Concept | undefined {
  const { tokens, concepts } = facts;
  const owners = concepts.filter(({ kind, to }) => kind !== 'wording' && kind !== 'anatomy' && to <= at);
  const nearest = owners.reduce<Concept | undefined>(
    (best, one) => (best && best.to >= one.to ? best : one),
    undefined,
  );
  const isSevered =
    nearest !== undefined && tokens.slice(nearest.to, at).some(({ text }) => text === '.' || text === ';');
  return isSevered ? undefined : nearest;
}

/** Quantities that stand exactly once in both texts, in the order of the first: [place here, place there]. */
function sharedQuantities(source: Facts, output: Facts): [number, number][] {
  const once = ({ quantities }: Facts): Map<string, number> => {
    const places = new Map<string, number[]>();
    for (const { kind, keys, at } of quantities)
      if (kind === 'number' || kind === 'dose') places.set(keys[0]!, [...(places.get(keys[0]!) ?? []), at]);
    return new Map([...places].filter(([, all]) => all.length === 1).map(([key, [at]]) => [key, at!]));
  };
  const there = once(output);
  return [...once(source)].flatMap(([key, at]): [number, number][] => (there.has(key) ? [[at, there.get(key)!]] : []));
}

/** The first dose behind each drug that stands once. */
function dosesByDrug(facts: Facts): Map<string, Quantity> {
  const names = facts.concepts.filter(({ kind }) => kind === 'drug').map(({ key }) => key);
  const doses = new Map<string, Quantity>();
  for (const quantity of facts.quantities.filter(({ kind }) => kind === 'dose')) {
    const owner = ownerOf(facts, quantity.at);
    const isOnce = owner?.kind === 'drug' && names.filter((name) => name === owner.key).length === 1;
    if (isOnce && !doses.has(owner.key)) doses.set(owner.key, quantity);
  }
  return doses;
}

function drugTakesOtherDose(source: Facts, output: Facts): boolean {
  const doses = dosesByDrug(output);
  return [...dosesByDrug(source)].some(([drug, { keys }]) => {
    const other = doses.get(drug);
    return other !== undefined && !other.keys.some((key) => keys.includes(key));
  });
}

/** Two amounts that changed places: said of each other's finding, or in another order of one and the same. */
const checkExchanged: Check = (source, output) => {
  const shared = sharedQuantities(source, output).map(([at, there]) => ({
    there,
    own: ownerOf(source, at),
    other: ownerOf(output, there),
  }));
  const isSame = (a: Concept | undefined, b: Concept | undefined): boolean =>
    a !== undefined && b !== undefined && (a.key === b.key || sameTerm(a, b));
  const isExchanged = shared.some((first, index) =>
    shared.slice(index + 1).some((second) => {
      const isTurned = second.there < first.there;
      const staysWithOwner = isSame(first.own, first.other) && isSame(second.own, second.other);
      const takesOthers = isSame(first.own, second.other) && isSame(second.own, first.other);
      const isOfOne = isSame(first.own, second.own);
      if (isTurned) return isOfOne || !staysWithOwner;
      return takesOthers && !isOfOne;
    }),
  );
  return isExchanged || drugTakesOtherDose(source, output) ? ['number'] : [];
};

function missing(values: readonly string[], { loose }: FactClass, other: Facts): string[] {
  return values.filter((value) => !(loose.get(value) ?? []).some((form) => hasPhrase(other, form)));
}

/** "lower left belly (LLQ)" may say a side twice that the note says once: of equal neighbours one counts. */
function runs(values: readonly string[]): string {
  return values.filter((value, at) => value !== values[at - 1]).join(' ');
}

function differs(own: readonly string[], others: readonly string[], isSequence: boolean): boolean {
  return isSequence ? runs(own) !== runs(others) : own.some((value) => !others.includes(value));
}

/** Values that only loose words answer for are left out on both sides before the rest is compared. */
function classDiffers(factClass: FactClass, source: Facts, output: Facts): boolean {
  const { name, isSequence } = factClass;
  const [own, others] = [source.classes.get(name) ?? [], output.classes.get(name) ?? []];
  if (!isSequence) {
    return (
      differs(missing(own, factClass, output), others, false) || differs(missing(others, factClass, source), own, false)
    );
  }
  const isShared = (value: string): boolean => own.includes(value) && others.includes(value);
  const strictOwn = own.filter((value) => isShared(value) || missing([value], factClass, output).length > 0);
  const strictOthers = others.filter((value) => isShared(value) || missing([value], factClass, source).length > 0);
  return strictOthers.length < strictOwn.length || differs(strictOwn, strictOthers, true);
}

const checkClasses: Check = (source, output) =>
  FACT_CLASSES.filter((factClass) => classDiffers(factClass, source, output)).map(({ reason }) => reason);

/** One of several words that exclude each other is gone and another has come. */
const checkOpposites: Check = (source, output) =>
  OPPOSITES.filter(({ sides }) => {
    const isIn = (facts: Facts, forms: readonly string[]): boolean => forms.some((form) => hasPhrase(facts, form));
    const isLost = sides.some((forms) => isIn(source, forms) && !isIn(output, forms));
    return isLost && sides.some((forms) => isIn(output, forms) && !isIn(source, forms));
  }).map(({ reason }) => reason);

function isSaidIn(concept: Concept, other: Facts): boolean {
  const phrases = [...concept.allowed];
  if (phrases.some((phrase) => hasPhrase(other, phrase))) return true;
  return phrases.map(contentStems).some((stems) => stems.length > 0 && stems.every((item) => other.stems.has(item)));
}

/** Stems that the output may use for findings: the note's own, and those of every wording of its terms. */
function traceableStems(source: Facts): {
  readonly named: ReadonlySet<string>;
  readonly explained: ReadonlySet<string>;
} {
  // what a wording says the finding is not ("not cancer") is no word for it
  const affirmed = (phrase: string): string => phrase.replace(/ not (?:\S+ ?){1,3}$/, '');
  const wordings = source.concepts.flatMap(({ allowed }) => [...allowed].map(affirmed).flatMap(contentStems));
  const named = new Set([...source.stems, ...wordings]);
  const definitions = source.concepts.flatMap(({ entries }) => entries.map((entry) => phraseKey(entry.definition)));
  return { named, explained: new Set([...named, ...definitions.flatMap(contentStems)]) };
}

function findingReason(kind: ConceptKind, fallback: RejectionReason): RejectionReason {
  return kind === 'drug' ? 'drug' : fallback;
}

/** One of each name: a long note says the same finding often. */
function distinct(concepts: readonly Concept[]): Concept[] {
  return [...new Map(concepts.map((concept) => [concept.key, concept])).values()];
}

const checkLost: Check = (source, output) =>
  distinct(source.concepts)
    .filter((concept) => concept.kind !== 'wording' && !isSaidIn(concept, output))
    .map(({ kind }) => findingReason(kind, 'entity'));

const checkAdded: Check = (source, output) => {
  const names = new Set(source.concepts.flatMap((concept) => [...concept.allowed]));
  const unnamed = distinct(output.concepts).filter(({ kind, key, allowed }) => {
    return kind !== 'wording' && !names.has(key) && ![...allowed].some((phrase) => hasPhrase(source, phrase));
  });
  if (unnamed.length === 0) return [];
  const { named, explained } = traceableStems(source);
  return unnamed
    .filter((concept) => {
      const known = concept.kind === 'anatomy' ? explained : named;
      return !contentStems(concept.key).every((item) => known.has(item));
    })
    .map(({ kind }) => findingReason(kind, 'added_entity'));
};

function isDenied({ from, negates }: Concept, { isNegated }: Facts): boolean {
  return isNegated[from] !== negates;
}

function sameTerm(a: Concept, b: Concept): boolean {
  return a.allowed.has(b.key) || b.allowed.has(a.key);
}

interface Asserted {
  readonly concept: Concept;
  readonly denials: Set<boolean>;
}

/** Each finding that can be denied, once, with the ways in which the text asserts it. */
function assertions(facts: Facts): Asserted[] {
  const byKey = new Map<string, Asserted>();
  for (const concept of facts.concepts) {
    if (!ASSERTED.has(concept.kind) || (concept.kind === 'wording' && !concept.negates)) continue;
    const known = byKey.get(concept.key) ?? { concept, denials: new Set() };
    known.denials.add(isDenied(concept, facts));
    byKey.set(concept.key, known);
  }
  return [...byKey.values()];
}

/** Each finding of the output against the findings of the source that it may stand for. */
function denialDiffers(source: Facts, output: Facts): boolean {
  const own = assertions(source);
  return assertions(output).some(({ concept, denials }) => {
    const same = own.filter((origin) => origin.concept.key === concept.key);
    const origins = same.length > 0 ? same : own.filter((origin) => sameTerm(origin.concept, concept));
    const before = new Set(origins.flatMap((origin) => [...origin.denials]));
    return origins.length > 0 && (before.size !== denials.size || [...before].some((value) => !denials.has(value)));
  });
}

function polarities({ tokens, isNegated }: Facts): Map<string, Set<boolean>> {
  const words = new Map<string, Set<boolean>>();
  tokens.forEach((token: Token, at) => {
    if (token.kind !== 'word' || !isContentWord(token.key)) return;
    const key = stem(token.key);
    words.set(key, (words.get(key) ?? new Set()).add(isNegated[at] === true));
  });
  return words;
}

/** Words that both texts share, said in one and denied in the other. */
function sharedWordFlips(source: Facts, output: Facts): boolean {
  const others = polarities(output);
  return [...polarities(source)].some(([word, own]) => {
    const theirs = others.get(word);
    return theirs?.size === 1 && own.size === 1 && !theirs.has([...own][0]!);
  });
}

/** What one word denies ("nontender", "afebrile") must stay denied, by a word or by a cue. */
function losesInherent(source: Facts, output: Facts): boolean {
  const words = polarities(output);
  return source.concepts
    .filter((concept) => concept.negates && isDenied(concept, source))
    .some((concept) => {
      if (output.concepts.some((other) => other.negates && sameTerm(concept, other))) return false;
      const said = [...concept.allowed].flatMap(contentStems).flatMap((item) => [...(words.get(item) ?? [])]);
      return said.length > 0 && !said.includes(true);
    });
}

/** "not negative", "never did not": a second negation in front of one turns it round. */
const checkDoubled: Check = (source, output) =>
  DOUBLED_NEGATIONS.some((form) => hasPhrase(output, form) && !hasPhrase(source, form)) ? ['negation'] : [];

const checkNegation: Check = (source, output) => {
  const [own, others] = [source.negations, output.negations];
  const isAnswer = (form: string): boolean => hasPhrase(source, form) && !hasPhrase(output, form);
  const isDropped = own > 0 && others === 0;
  const isAdded = own === 0 && others > 0 && !LOOSE_NEGATIONS.some(isAnswer);
  const isMoved =
    denialDiffers(source, output) ||
    losesInherent(source, output) ||
    losesInherent(output, source) ||
    (own !== others && sharedWordFlips(source, output));
  return isDropped || isAdded || isMoved ? ['negation'] : [];
};

/** There is no reason of its own for certainty: possible disease stated as fact is a changed assertion, like a lost negation. */
const checkCertainty: Check = (source, output) => {
  const loose = (facts: Facts): number => LOOSE_UNCERTAINTY.filter((form) => hasPhrase(facts, form)).length;
  // each of two uncertain findings stays so
  const isLost = output.uncertain + loose(output) < source.uncertain;
  // of two findings that are asked for, one must not be stated
  const isStated = source.asked > 1 && output.uncertain < source.asked;
  const isNew = output.uncertain > 0 && source.uncertain + loose(source) === 0;
  return isLost || isStated || isNew ? ['negation'] : [];
};

function countWords(facts: Facts): number {
  return facts.tokens.filter((token) => token.kind !== 'mark').length;
}

const checkLength: Check = (source, output) => {
  const [own, others] = [countWords(source), countWords(output)];
  const isLong = others > own * longestRatio + longestAllowance;
  const isShort = own >= shortestFrom ? others < own * shortestRatio : own > 0 && others === 0;
  return isLong || isShort ? ['length'] : [];
};

const AMOUNT_OF_TIME = String.raw`\d[\d.]{0,4}(?: ?- ?\d[\d.]{0,4})? (?:min|mins|minute|minutes|h|hr|hrs|hour|hours|d|day|days|wk|wks|week|weeks|month|months|mo|yr|yrs|year|years)`;
const AFTER_OR_BEFORE = new RegExp(`${AMOUNT_OF_TIME} (?:after|before|post|pre|ago|later|prior|old|into|apart)(?= )`);
const FOR_SO_LONG = new RegExp(` for ${AMOUNT_OF_TIME} `);

/** "10 min after eating" is no "for 10 minutes": when something happened has become how long. */
const checkDuration: Check = (source, output) =>
  AFTER_OR_BEFORE.test(source.joined) && FOR_SO_LONG.test(output.joined) && !FOR_SO_LONG.test(source.joined)
    ? ['number']
    : [];

const HAD_WHAT_IS_PLANNED =
  /(?<= )(?:had|have had|has had) (?:an? |the )?(?:rescan|scan again|repeat|recheck|review|follow - up|follow up|visit|appointment)(?= )/;

/** "rescan 6-8 weeks" is no "you had a rescan": what is to come is not told as done. */
const checkPlanned: Check = (source, output) =>
  HAD_WHAT_IS_PLANNED.test(output.joined) && !HAD_WHAT_IS_PLANNED.test(source.joined) ? ['date'] : [];

const checkRepetition: Check = (source, output) => (isRepetitive(source, output) ? ['repetition'] : []);

const CHECKS: readonly Check[] = [
  checkQuantities,
  checkExchanged,
  checkClasses,
  checkOpposites,
  checkLost,
  checkAdded,
  checkNegation,
  checkDoubled,
  checkCertainty,
  checkLength,
  checkDuration,
  checkPlanned,
  checkRepetition,
];

/** Compares what two texts claim. Reasons come once each, in the order of the checks. */
export function verify(source: FactSide, output: FactSide): Verdict {
  const [own, others] = [readFacts(source), readFacts(output)];
  const reasons = [...new Set(CHECKS.flatMap((check) => check(own, others)))];
  return { verdict: reasons.length === 0 ? 'verified' : 'rejected', reasons };
}
