/** Which test a result belongs to, and what only looks like a result: a target, a condition, a date, a time. */
import {
  areConnectors,
  firstAfter,
  isFollowedByEntity,
  isFollowedByNoun,
  isForward,
  isNotPlace,
  isOnlyAnatomy,
  lastBefore,
  MASK,
  PROBLEMS,
  wordsAt,
  wordsOf,
  type Clause,
  type Ownership,
  type PlacedEntity,
} from './clause';
import { isLevelOf, ownBareDose, ownByFollowing, ownByMedicine, ownByNextMedicine } from './medication-owners';
import type { Entity } from './document';
import { LETTER_RESULTS, letterPattern, type AttributeMention } from './measurement-attributes';
import rules from './rules/attributes-measurement.json';
import { anyOf, WORD_END, WORD_START } from './units';

const ADJACENT_RESULTS: ReadonlySet<string> = new Set(rules.adjacentResultsOnly);
/** Right behind their test whatever follows: "FAST positive LUQ". */
const POLAR_RESULTS: ReadonlySet<string> = new Set(rules.polarResults);
const COUNTED_BEHIND: ReadonlySet<string> = new Set(rules.countedBehind);
const TARGET_BETWEEN: ReadonlySet<string> = new Set(rules.targetBetween);
const WORDED_TEST = new RegExp(`${WORD_START}${anyOf(rules.wordedTests)}${WORD_END}`, 'iu');
const VOLUME_TEST = new RegExp(`${WORD_START}${anyOf(rules.volumeTests)}`, 'iu');
const LETTER_RESULTS_OF = LETTER_RESULTS.map((entry) => ({
  results: new RegExp(`^(?:${letterPattern(entry)})$`, 'u'),
  tests: new RegExp(`^${anyOf(entry.tests)}`, 'iu'),
}));
const LETTER_UNITS = new Map(
  Object.entries(rules.letterUnits).map(([letter, tests]) => [letter, new RegExp(`^${anyOf(tests)}${WORD_END}`, 'iu')]),
);
const TARGET_BEFORE = new RegExp(`${WORD_START}${anyOf(rules.targetBefore)}\\s(?:[\\p{L}]{1,12}\\s){0,2}$`, 'iu');
const CONDITION_BEFORE = new RegExp(`${WORD_START}${anyOf(rules.conditionBefore)}${WORD_END}`, 'iu');

/** "if sats <92%", "target Hgb > 7", "INR goal 2-3", "keep SBP <180": a bound to be kept, not a result. */
function isTarget(clause: Clause, { start }: PlacedEntity, mention: AttributeMention): boolean {
  const before = clause.masked.slice(Math.max(0, start - 60), start);
  const sinceStop = before.split(/[.;](?=\s)|\n/u).at(-1) ?? '';
  if (TARGET_BEFORE.test(sinceStop)) return true;
  return mention.comparator !== undefined && mention.comparator !== '~' && CONDITION_BEFORE.test(sinceStop);
}

const isTargetBetween = (between: string): boolean => wordsOf(between).some((word) => TARGET_BETWEEN.has(word));

/** Imaging and panels have no number of their own: what follows them is a date, a time or a count. */
const isWorded = ({ entity }: PlacedEntity): boolean => WORDED_TEST.test(entity.text) && !VOLUME_TEST.test(entity.text);

const AGAIN = /(?:^|[^\p{L}])(?:recheck(?:ed)?|rechk|rpt|repeat(?:ed)?)[\s:]{1,2}$/iu;
const BLOOD_PRESSURE = /^(?:bp|blood pressure|b\/p|nibp)$/iu;

/** "BP 168/94, hydralazine given, recheck 142/80": a pair that repeats the blood pressure of the same sentence. */
function ownRecheck(clause: Clause, mention: AttributeMention): Ownership | null {
  if (!/^\d{2,3}\/\d{2,3}$/.test(wordsAt(clause, mention))) return null;
  if (!AGAIN.test(clause.masked.slice(Math.max(0, mention.start - 16), mention.start))) return null;
  const pressure = lastBefore(clause, mention.start, (label, text) => label === 'TEST' && BLOOD_PRESSURE.test(text));
  return pressure && clause.chains.has(pressure.entity) ? own(pressure) : null;
}

export function ownNumber(clause: Clause, mention: AttributeMention): Ownership | null {
  const recheck = ownRecheck(clause, mention);
  if (recheck) return recheck;
  const placed = lastBefore(clause, mention.start, isNotPlace);
  if (!placed) return clause.carried && ownBareDose(clause, mention, clause.carried);
  if (placed.entity.label === 'MEDICATION') return ownBareDose(clause, mention, placed.entity);
  if (placed.entity.label !== 'TEST' || isWorded(placed) || isCounted(clause, placed, mention)) return null;
  return isPlainResult(clause, placed, mention) && !isTarget(clause, placed, mention) ? own(placed) : null;
}

/** Connectors alone lie between the test and the number, and the number is no date, rank, age or time. */
function isPlainResult(clause: Clause, placed: PlacedEntity, mention: AttributeMention): boolean {
  const between = clause.bare.slice(placed.end, mention.start);
  const words = wordsAt(clause, mention);
  if (/^\s?(?:[hdw]|min|hrs?)(?![\p{L}\p{N}])/u.test(clause.masked.slice(mention.end, mention.end + 6))) return false;
  const isRank = /(?:st|nd|rd|th)$/.test(words) && !/^[\s:|]*$/.test(between);
  const isPressure = BLOOD_PRESSURE.test(placed.entity.text) && words.includes('/');
  if (isRank || /^\p{L}/u.test(words) || (!isPressure && isDate(clause, mention, between))) return false;
  if (isBaseline(clause, placed, between)) return false;
  return areConnectors(between, 8) && !between.includes(';') && !isTargetBetween(between);
}

/** "Cr 1.9 from a baseline of 1.2": what it was before is no result of today. */
const isBaseline = (clause: Clause, { entity }: PlacedEntity, between: string): boolean =>
  hasNumber(clause, entity) && /\bbaseline(?:\s(?:of|was|is))?\s?$/iu.test(between);

/** A number hangs on it already. */
const hasNumber = (clause: Clause, entity: Entity): boolean =>
  clause.chains.get(entity)?.some(({ kind }) => kind !== 'result' && kind !== 'unit') ?? false;

/** "3 nodules", "2 weeks ago"; right behind its test a number is a result whatever follows ("P 54 reg"). */
function isCounted(clause: Clause, placed: PlacedEntity, { start, end }: AttributeMention): boolean {
  if (!/^[\s:=|]{1,4}$/.test(clause.bare.slice(placed.end, start))) return isFollowedByNoun(clause, end);
  const next = wordsOf(clause.masked.slice(end, end + 14))[0];
  return next !== undefined && COUNTED_BEHIND.has(next) && /^\s?\p{L}/u.test(clause.masked.slice(end, end + 2));
}

/** "Hgb (3/4) 9.2", "INR 2.5 on 3/4": a pair behind "on", "in" or in brackets is a date, and so is a year. */
function isDate(clause: Clause, mention: AttributeMention, between: string): boolean {
  const words = wordsAt(clause, mention);
  if (/^(?:19|20)\d\d$/.test(words)) return /(?:\bin|\bsince|\()\s?$/.test(between);
  if (/^(?:\d{1,2}\/0\d|0\d\/\d{1,2})$/.test(words)) return true;
  if (/^\d{1,2}\/(?:7|52)$/.test(words)) return true;
  return /^\d{1,2}\/\d{1,2}$/.test(words) && /(?:\bon|\bfrom|\bsince|\bof|\(|@)\s?$/.test(between);
}

const isConcentration = ({ unit }: AttributeMention): boolean => /\/(?:dL|L|mL|g|mol|mmol|uL)$/.test(unit ?? '');
/** What drugs are dissolved to; serum levels have smaller units. */
const SOLUTION_UNIT = /^(?:(?:g|mg|ug|U|\[IU\]|meq|mmol)\/(?:mL|g)|(?:meq|mmol)\/L)$/;

const isResultUnit = (mention: AttributeMention, isSolution: boolean): boolean =>
  mention.family === 'measure' || mention.family === 'length' || (!isSolution && isConcentration(mention));

export function ownQuantity(clause: Clause, mention: AttributeMention): Ownership | null {
  const placed = lastBefore(clause, mention.start, (label) => label === 'TEST' || label === 'MEDICATION');
  const isTest = placed?.entity.label === 'TEST';
  const medicine = isTest ? null : (placed?.entity ?? clause.carried);
  const isSolution = medicine !== null && SOLUTION_UNIT.test(mention.unit ?? '');
  if (isResultUnit(mention, isSolution)) return ownMeasurement(clause, mention);
  return isTest && mention.family !== 'count' ? ownAfterTest(clause, mention) : ownDose(clause, mention, medicine);
}

const ownAfterTest = (clause: Clause, mention: AttributeMention): Ownership | null =>
  ownByFollowing(clause, mention) ?? ownMeasurement(clause, mention) ?? ownByNextMedicine(clause, mention, 'dose');

function ownDose(clause: Clause, mention: AttributeMention, medicine: Entity | null): Ownership | null {
  if (medicine && isLevelOf(clause, medicine, mention)) return null;
  const ownership = ownByMedicine(clause, mention, 'dose');
  return ownership ?? (mention.family === 'percent' ? ownMeasurement(clause, mention) : null);
}

/** A quantity as the result of a test: more words may lie between than before a bare number. */
function ownMeasurement(clause: Clause, mention: AttributeMention): Ownership | null {
  const placed = lastBefore(clause, mention.start, (label) => label === 'TEST');
  if (placed) {
    const between = clause.bare.slice(placed.end, mention.start);
    const isSize = ['length', 'mass', 'volume'].includes(mention.family ?? '') && !isConcentration(mention);
    const isClose = isSize ? isPlainLength(clause, between, mention.end) : wordsOf(between).length <= 8;
    if (isClose && isResultPhrase(clause, placed, mention)) return { owner: placed.entity, type: 'value' };
  }
  const next = firstAfter(clause, mention.end, ['TEST']);
  const isNext =
    next && mention.family === 'percent' && !placed && isForward(clause.bare.slice(mention.end, next.start), 1);
  return isNext ? { owner: next.entity, type: 'value' } : null;
}

/** "FEV1 1.4 L (48%)", "WBC 16 with 88% PMN": a share of something else. */
function isShare(clause: Clause, { entity, end }: PlacedEntity, mention: AttributeMention): boolean {
  if (mention.family !== 'percent' || !hasNumber(clause, entity)) return false;
  return /\(\s?$/.test(clause.bare.slice(end, mention.start)) || isFollowedByNoun(clause, mention.end);
}

/** "SpO2 94% on 2 L", "SpO2 93% 2L": the litres are oxygen. */
function isOxygenFlow(clause: Clause, { entity, end }: PlacedEntity, mention: AttributeMention): boolean {
  if (!/^L(?:\/min)?$/.test(mention.unit ?? '') || VOLUME_TEST.test(entity.text)) return false;
  return /\bon\s/u.test(clause.bare.slice(end, mention.start)) || /%\s?$/.test(clause.masked.slice(end, mention.start));
}

/** No other entity but a place lies between, and it is neither a target nor a count of what imaging shows. */
function isResultPhrase(clause: Clause, placed: PlacedEntity, mention: AttributeMention): boolean {
  const between = clause.bare.slice(placed.end, mention.start);
  const isInterrupted =
    wordsOf(between).some((word) => word.startsWith(MASK)) && !isOnlyAnatomy(clause, placed.end, mention.start);
  if (isInterrupted || between.includes(';') || isTargetBetween(between)) return false;
  if (isWorded(placed) && (mention.family === 'mass' || mention.family === 'volume')) return false;
  if (isShare(clause, placed, mention) || isOxygenFlow(clause, placed, mention)) return false;
  return !isTarget(clause, placed, mention);
}

/** "measures 3 cm", but not "showed a 3 cm mass": that is the size of what follows. */
const isPlainLength = (clause: Clause, between: string, end: number): boolean =>
  (areConnectors(between, 8) || /^:\s(?:\p{L}{2,14}\s){1,2}$/u.test(between)) &&
  !isFollowedByNoun(clause, end) &&
  !isFollowedByEntity(clause, end, PROBLEMS);

export function ownResult(clause: Clause, mention: AttributeMention): Ownership | null {
  const previous = lastBefore(clause, mention.start, isNotPlace);
  const test = previous?.entity.label === 'TEST' ? previous : undefined;
  if (saysNothing(clause, test, mention)) return null;
  const isTight = test !== undefined && /^[\s:=–|-]*$/.test(clause.bare.slice(test.end, mention.start));
  if (clause.masked[mention.start] === '+') return test && isTight ? own(test) : null;
  if (isTight && POLAR_RESULTS.has(wordsAt(clause, mention).toLowerCase())) return own(test);
  return leadsToNumber(clause, test, mention)
    ? null
    : ownWords(clause, mention, isTight ? { test } : besides(clause, test, mention));
}

const besides = (clause: Clause, test: PlacedEntity | undefined, { end }: AttributeMention): Neighbours => ({
  test,
  next: firstAfter(clause, end, ['TEST']),
});

function ownWords(clause: Clause, mention: AttributeMention, { test, next }: Neighbours): Ownership | null {
  const owner = resultOwner(clause, mention, { test, next });
  return owner && !isTarget(clause, owner, mention) ? own(owner) : null;
}

/** A letter that means nothing here, or words that tell what a number means. */
const saysNothing = (clause: Clause, test: PlacedEntity | undefined, mention: AttributeMention): boolean =>
  isLetterElsewhere(clause, test, mention) || (test !== undefined && interprets(clause, test, mention));

interface Neighbours {
  readonly test: PlacedEntity | undefined;
  readonly next?: PlacedEntity | undefined;
}

/** "normal EKG" before "UA clean" before "normal repeat EKG". */
function resultOwner(clause: Clause, mention: AttributeMention, { test, next }: Neighbours): PlacedEntity | undefined {
  const ahead = next ? clause.bare.slice(mention.end, next.start) : ',';
  if (/^[\s-]$/.test(ahead)) return next;
  if (test && isResultOf(clause, clause.bare.slice(test.end, mention.start), mention)) return test;
  return isForward(ahead, 1) && !ahead.includes(',') ? next : undefined;
}

/** "stable at 9.6": the number is the result, but of a test that has words for results only. */
const leadsToNumber = (clause: Clause, test: PlacedEntity | undefined, { end }: AttributeMention): boolean =>
  !(test && isWorded(test)) && LEADS_TO_NUMBER.test(clause.masked.slice(end, end + 12));

const LEADS_TO_NUMBER = /^,?\s(?!\(\d{1,2}\/\d{1,2}\))(?:(?:at|to|of|is|was)\s)?\(?[<>~]?\d/u;

/** Single letters are results of a few tests only, right behind them. */
function isLetterElsewhere(clause: Clause, previous: PlacedEntity | undefined, mention: AttributeMention): boolean {
  const letters = clause.masked.slice(mention.start, mention.end);
  const known = LETTER_RESULTS_OF.filter(({ results }) => results.test(letters));
  return known.length > 0 && !known.some(({ tests }) => previous && tests.test(previous.entity.text));
}

const SUSCEPTIBILITY = /^(?:pan-?)?(?:sensitive|resistant)/iu;

/** "19 (low)", "200 mL, clear": words behind a number tell what it means. */
function interprets(clause: Clause, { entity, end }: PlacedEntity, { start }: AttributeMention): boolean {
  // "E. coli, sensitive to trimethoprim": said of what grew.
  if (SUSCEPTIBILITY.test(clause.masked.slice(start, start + 14)) && clause.chains.has(entity)) return true;
  return hasNumber(clause, entity) && clause.bare.slice(end, start).length < 60;
}

const own = ({ entity }: PlacedEntity): Ownership => ({ owner: entity, type: 'value' });

/** `behind` leads from a test to its result, and the result does not describe what follows ("small effusion"). */
function isResultOf(clause: Clause, behind: string, mention: AttributeMention): boolean {
  const limit = ADJACENT_RESULTS.has(wordsAt(clause, mention)) ? 3 : 6;
  if (behind.includes(';') || !areConnectors(behind, limit)) return false;
  return !isFollowedByNoun(clause, mention.end) && !isFollowedByEntity(clause, mention.end, [...PROBLEMS, 'ANATOMY']);
}

/** "(mg/dL)" right behind the test, or a column of its own behind the value. */
export function ownUnit(clause: Clause, mention: AttributeMention): Ownership | null {
  const placed = lastBefore(clause, mention.start, () => true);
  if (placed?.entity.label !== 'TEST') return null;
  const isElsewhere = LETTER_UNITS.get(wordsAt(clause, mention))?.test(placed.entity.text) === false;
  if (isElsewhere) return null;
  const hasValue = clause.chains.has(placed.entity);
  const between = clause.bare.slice(placed.end, mention.start);
  const separators = between.replace(/(?<=[\s|(])(?:HH?|LL?|N)(?=[\s|)])/gu, ' ');
  return (hasValue ? /^[^\p{L}\p{N}]*$/u : /^[\s,([]*$/).test(separators)
    ? { owner: placed.entity, type: 'unit' }
    : null;
}
