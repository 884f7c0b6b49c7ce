/**
 * Which medicine a part of a sig belongs to: the last one before it, if only words of a sig lie between; else the next
 * one ("40 mg of furosemide"). Words are counted from the medicine's last attribute, so that a long sig stays together.
 */
import {
  allIn,
  chainEnd,
  firstAfter,
  isForward,
  lastBefore,
  MASK,
  PROBLEMS,
  wordsAt,
  wordsOf,
  type Clause,
  type Ownership,
} from './clause';
import type { Entity } from './document';
import type { AttributeMention } from './measurement-attributes';
import rules from './rules/attributes-medication.json';
import { anyOf } from './units';

export type SigType = 'dose' | 'frequency' | 'route' | 'form' | 'duration';

const DOSE_CHANGE: ReadonlySet<string> = new Set(rules.doseChange);
const ATTACH_WORDS: Record<SigType, number> = rules.attachWords;
/** Right before the medicine: "40 mg of the", "IV ". */
const OF_MEDICINE = /^[ \t-]{0,4}(?:of\s)?(?:the\s|a\s|his\s|her\s|home\s)?$/;
const REASON_LEAD = new RegExp(`${anyOf(rules.reasonLead)}\\s(?:the\\s|her\\s|his\\s|any\\s|severe\\s)?$`, 'iu');
const COORDINATORS: ReadonlySet<string> = new Set(['and', 'or', 'but', 'plus']);
const SIG_KINDS: ReadonlySet<string> = new Set(['frequency', 'route', 'form', 'duration']);
const ANALYTE = new RegExp(`^(?:serum\\s)?${anyOf(rules.analytes)}(?:\\slevels?)?$`, 'iu');
const SIG_STOP: ReadonlySet<string> = new Set(rules.sigStop);
const LEVEL_WORDS: ReadonlySet<string> = new Set(rules.levelWords);

/** "potassium 3.1", "vancomycin trough 15": a result, whatever label the name has. */
export function isLevelOf(clause: Clause, owner: Entity, mention: AttributeMention): boolean {
  const between = clause.bare.slice(chainEnd(clause, owner), mention.start);
  if (wordsOf(between).some((word) => LEVEL_WORDS.has(word))) return true;
  const isLevel = mention.unit === undefined || /\/(?:dL|L|mL)$/.test(mention.unit);
  return isLevel && ANALYTE.test(owner.text);
}

function isTightBehind(clause: Clause, owner: Entity | null, { start }: AttributeMention): boolean {
  return owner !== null && /^[\s(:=–|-]*$/.test(clause.bare.slice(chainEnd(clause, owner), start));
}

function medicineBefore(clause: Clause, { start }: AttributeMention): Entity | null {
  return lastBefore(clause, start, (label) => label === 'MEDICATION')?.entity ?? clause.carried;
}

/** A length without "for" counts where a sig stands before it, or right behind the medicine in shorthand ("doxy 3/52"). */
function mayBeDuration(clause: Clause, owner: Entity | null, mention: AttributeMention): boolean {
  if (mention.isBare !== true) return true;
  if (!owner) return false;
  const between = clause.bare.slice(chainEnd(clause, owner), mention.start);
  const words = wordsOf(between).filter((word) => !word.startsWith(MASK));
  if (words.includes('after') || words.includes('in') || /[.;\n]/.test(between)) return false;
  const isShorthand = /\/(?:7|52|12)$/.test(wordsAt(clause, mention));
  return words.length <= 3 && (clause.chains.has(owner) || (isShorthand && words.length === 0));
}

/** "40 mg of furosemide", "2L O2": the medicine follows at once. */
export function ownByFollowing(clause: Clause, mention: AttributeMention): Ownership | null {
  const next = firstAfter(clause, mention.end, ['MEDICATION']);
  const follows = next && OF_MEDICINE.test(clause.bare.slice(mention.end, next.start));
  return follows ? { owner: next.entity, type: 'dose' } : null;
}

export function ownByMedicine(clause: Clause, mention: AttributeMention, type: SigType): Ownership | null {
  const previous = medicineBefore(clause, mention);
  const isTight = isTightBehind(clause, previous, mention);
  if (type === 'duration' && !mayBeDuration(clause, previous, mention)) return null;
  const next = isTight ? undefined : firstAfter(clause, mention.end, ['MEDICATION']);
  const mayPrecede = !/^(?:on|am|pm|once|stat)$/.test(wordsAt(clause, mention)) && mention.isBare !== true;
  if (next && mayPrecede && OF_MEDICINE.test(clause.bare.slice(mention.end, next.start))) {
    return { owner: next.entity, type };
  }
  if (previous && isWithinSig(clause, { owner: previous, type }, mention)) return { owner: previous, type };
  return mayPrecede && type !== 'form' ? ownByNextMedicine(clause, mention, type) : null;
}

const PRODUCT = new RegExp(`${anyOf(rules.productForms)}$`, 'iu');

/** "x3" counts doses already taken; with a dose it is how often, of a suppository how many. */
export function ownFrequency(clause: Clause, mention: AttributeMention): Ownership | null {
  const ownership = ownByMedicine(clause, mention, 'frequency');
  if (!ownership || !/^[x×]\s?\d+$/u.test(wordsAt(clause, mention))) return ownership;
  if (clause.chains.has(ownership.owner)) return ownership;
  return PRODUCT.test(ownership.owner.text) ? { ...ownership, type: 'dose' } : null;
}

export function ownByNextMedicine(clause: Clause, mention: AttributeMention, type: SigType): Ownership | null {
  const next = firstAfter(clause, mention.end, ['MEDICATION']);
  const between = next && clause.bare.slice(mention.end, next.start);
  const limit = type === 'dose' ? 3 : type === 'duration' ? 2 : 1;
  const isClose = next && (type === 'duration' ? between!.replace(/ of /u, ' ') : between!);
  return next && isForward(isClose!, limit) && !between!.includes(',') ? { owner: next.entity, type } : null;
}

/** Few words since the medicine's last attribute, and no other entity but a place or the reason ("for pain"). */
function isWithinSig(
  clause: Clause,
  { owner, type }: { owner: Entity; type: SigType },
  mention: AttributeMention,
): boolean {
  const from = chainEnd(clause, owner);
  const between = clause.bare.slice(from, mention.start);
  const words = wordsOf(between).filter((word) => !word.startsWith(MASK));
  if (between.includes(';') || words.length > ATTACH_WORDS[type] || words.some((word) => SIG_STOP.has(word)))
    return false;
  if ((type === 'route' || type === 'form') && words.some((word) => COORDINATORS.has(word))) return false;
  return clause.entities.every(({ start, end, entity }) => {
    if (start < from || end > mention.start || entity.label === 'ANATOMY') return true;
    return PROBLEMS.includes(entity.label) && isReason(clause, { from, start });
  });
}

/** "for pain", and the cell of a table or the brackets that name what a medicine is for. */
function isReason(clause: Clause, { from, start }: { from: number; start: number }): boolean {
  const lead = clause.masked.slice(from, start);
  return REASON_LEAD.test(lead) || /^[\s]*[|(]\s?$/.test(lead);
}

/** "Lasix 40 po qd", "from 20 to 40 mg", "500 mg tablets, 2 bd": a number without unit, where only a dose can stand. */
export function ownBareDose(clause: Clause, mention: AttributeMention, owner: Entity): Ownership | null {
  if (isCombination(clause, mention, owner)) return { owner, type: 'strength' };
  const isSig = leadsToSig(clause, mention);
  const isWord = /^\p{L}/u.test(wordsAt(clause, mention));
  if (isLevelOf(clause, owner, mention) || (isWord && !isSig)) return null;
  if (!isSig && !endsLikeDose(clause.masked, mention)) return null;
  return isDosePlace(clause, owner, { ...mention, isSig }) ? { owner, type: 'dose' } : null;
}

/** "Percocet 5/325, 1 tab", "co-codamol 30/500 - 1-2": a pair right behind the medicine with an amount or sig behind it. */
function isCombination(clause: Clause, mention: AttributeMention, owner: Entity): boolean {
  if (!/^\d{1,4}(?:\.\d{1,2})?\/\d{1,4}(?:\.\d{1,2})?$/.test(wordsAt(clause, mention))) return false;
  if (clause.chains.has(owner) || !isTightBehind(clause, owner, mention)) return false;
  const next = clause.mentions.find(({ start }) => start >= mention.end);
  const isSig = next !== undefined && (SIG_KINDS.has(next.kind) || next.kind === 'quantity' || next.kind === 'number');
  return isSig && /^[\s,|]{0,3}(?:[-–]\s)?$/.test(clause.masked.slice(mention.end, next.start));
}

/** Right behind the medicine, behind words of change from an earlier dose, or behind the form whose pieces it counts. */
function isDosePlace(clause: Clause, owner: Entity, mention: AttributeMention & { isSig: boolean }): boolean {
  const chain = clause.chains.get(owner) ?? [];
  const between = clause.bare.slice(chainEnd(clause, owner), mention.start);
  const count = wordsOf(between).length;
  const hasDose = chain.some(({ kind }) => kind === 'quantity' || kind === 'number');
  if (!hasDose && count === 0 && !between.includes('(')) return true;
  if (mention.isSig && count <= 1 && chain.some(({ kind }) => kind === 'form')) return true;
  const isChanged = hasDose || /\bfrom\s$/iu.test(between);
  return isChanged && ((count > 0 && allIn(between, DOSE_CHANGE, 3)) || /(?:->|→|>)\s?$/.test(between));
}

/** The next mention is part of a sig and follows at once. */
function leadsToSig({ masked, mentions }: Clause, { end }: AttributeMention): boolean {
  const next = mentions.find((mention) => mention.start >= end);
  return next !== undefined && SIG_KINDS.has(next.kind) && /^[\s,|]*$/.test(masked.slice(end, next.start));
}

/** A number at the end of its phrase that is no year and no date. */
function endsLikeDose(masked: string, { start, end }: AttributeMention): boolean {
  const next = /^\s{0,3}(\p{L}{1,24}|\uFFFC)/u.exec(masked.slice(end, end + 30))?.[1]?.toLowerCase();
  const isYear = /^(?:19|20)\d\d$/.test(masked.slice(start, end));
  const isPair = masked.slice(start, end).includes('/');
  return !isYear && !isPair && (next === undefined || DOSE_CHANGE.has(next));
}
