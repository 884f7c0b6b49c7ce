/**
 * What is done with a medicine ("increase lisinopril to 20 mg", "metformin: hold", "d/c'd"), what an as-needed medicine is
 * for, and what the entry of a medicine lacks. Words are rules/medication-actions.json.
 */
import { chainEnd, firstAfter, lastBefore, MASK, PROBLEMS, wordsOf, type Clause, type PlacedEntity } from './clause';
import type { Entity, MedicationAction, MedicationActionType, Span } from './document';
import type { AttributeMention } from './measurement-attributes';
import rules from './rules/medication-actions.json';
import { anyOf, WORD_END, WORD_START } from './units';

interface FoundAction extends MedicationAction {
  /** "STOPPED:", "Started this admission:": the heading of all that follows in the sentence. */
  readonly isHeading: boolean;
}

const ACTION_TYPES = new Map<string, MedicationActionType>(
  Object.entries(rules.actions).flatMap(([type, spellings]) =>
    spellings.map((spelling): [string, MedicationActionType] => [spelling, type as MedicationActionType]),
  ),
);
const ACTION = new RegExp(
  `(?<![\\p{L}\\p{N}'’])${anyOf([...ACTION_TYPES.keys()])}(?![\\p{L}\\p{N}])(?!\\s${anyOf(rules.notBefore)}${WORD_END})`,
  'giu',
);
const NEGATED = new RegExp(`${WORD_START}${anyOf(rules.negations)}\\s(?:[\\p{L}]{1,12}\\s)?$`, 'iu');
const LEADS = new Set(rules.leads);
const FOLLOWS = new Set(rules.follows);
/** What joins the medicines of one order: "aspirin 81 mg, atorvastatin and metoprolol". */
const JOINT = /^[\s,/&+|-]*(?:(?:and|or|plus|as well as)\s)?[\s,/&+-]*(?:her|his|the|home|both|po|iv)?\s{0,2}$/iu;

function findActions({ masked }: Clause): FoundAction[] {
  return [...masked.matchAll(ACTION)].flatMap((match): FoundAction[] => {
    const [start, end] = [match.index, match.index + match[0].length];
    const type = ACTION_TYPES.get(match[0].toLowerCase().replace(/\s/g, ' '));
    if (type === undefined || NEGATED.test(masked.slice(Math.max(0, start - 30), start))) return [];
    // "hold for SBP <100", "stop if rash": a condition, not what is done now.
    if (/^\s(?:for\s(?:\uFFFC|hr|sbp|rr|sedation|loose)|if|when|parameters)/iu.test(masked.slice(end, end + 16)))
      return [];
    if (type === 'change' && /^\swith/iu.test(masked.slice(end, end + 5))) return [];
    const isTaper =
      (type === 'stop' || type === 'decrease') && /then\s$/iu.test(masked.slice(Math.max(0, start - 5), start));
    return [
      { type: isTaper ? 'taper' : type, start, end, isHeading: /^[^.;\n]{0,30}:\s/u.test(masked.slice(end, end + 34)) },
    ];
  });
}

/** "increase her home dose of", "start on": few words of that kind up to the medicine. */
function leadsTo(clause: Clause, action: FoundAction, next: PlacedEntity): boolean {
  const between = clause.bare.slice(action.end, next.start);
  const words = wordsOf(between);
  if (action.isHeading && /:\s*$|:\s[^;]*$/u.test(between)) return !between.includes(MASK);
  return !/[,;|\n()]|\.\s/u.test(between) && words.length <= 5 && words.every((word) => LEADS.has(word));
}

/** "metformin stopped", "lisinopril 10 mg daily - hold", "| Aspirin | 75 mg | OD | stop". */
function followsUpon(clause: Clause, action: FoundAction, previous: PlacedEntity): boolean {
  const between = clause.bare.slice(chainEnd(clause, previous.entity), action.start);
  if (/[;\n]|\.\s/u.test(between) || between.includes(MASK)) return false;
  const words = wordsOf(between);
  return words.length <= 4 && words.every((word) => FOLLOWS.has(word));
}

/** The medicines that an order names, from `first` on; a medicine with an action of its own ends the list. */
function joined(clause: Clause, first: PlacedEntity, actions: readonly FoundAction[]): PlacedEntity[] {
  const medicines = clause.entities.filter(
    ({ start, entity }) => start >= first.start && entity.label === 'MEDICATION',
  );
  const list = [first];
  for (const medicine of medicines.slice(1)) {
    const last = list.at(-1)!;
    const hasAction = actions.some(({ start }) => start >= last.end && start < medicine.start);
    const from = Math.min(chainEnd(clause, last.entity), medicine.start);
    if (hasAction || !JOINT.test(clause.bare.slice(Math.max(from, last.end), medicine.start))) break;
    list.push(medicine);
  }
  return list;
}

/** "switched from A to B" begins B. */
function switchedTo(clause: Clause, action: FoundAction, from: PlacedEntity): PlacedEntity | undefined {
  const next = action.type === 'change' ? firstAfter(clause, from.end, ['MEDICATION']) : undefined;
  const between = next && clause.bare.slice(chainEnd(clause, from.entity), next.start);
  return between !== undefined && /^\s*(?:over\s)?to\s(?:po\s|oral\s|iv\s)?\s*$/iu.test(between) ? next : undefined;
}

/** The action of each medicine of the clause; where several are named, the first one stays. Needs the chains. */
export function actionsIn(clause: Clause): Map<Entity, MedicationAction> {
  const actions = findActions(clause);
  const owned = new Map<Entity, MedicationAction>();
  const give = ({ entity }: PlacedEntity, { type, start, end }: FoundAction): void => {
    if (!owned.has(entity)) owned.set(entity, { type, start, end });
  };
  for (const action of actions) {
    const next = firstAfter(clause, action.end, ['MEDICATION']);
    const previous = lastBefore(clause, action.start, (label) => label === 'MEDICATION');
    if (
      next &&
      leadsTo(clause, action, next) &&
      !actions.some(({ start }) => start > action.start && start < next.start)
    ) {
      const started = switchedTo(clause, action, next);
      for (const medicine of started ? [next] : joined(clause, next, actions)) give(medicine, action);
      if (started) give(started, { ...action, type: 'start' });
    } else if (previous && followsUpon(clause, action, previous)) {
      give(previous, action);
      const started = switchedTo(clause, action, { ...previous, end: action.end });
      if (started) give(started, { ...action, type: 'start' });
    }
  }
  return owned;
}

const REASON_LEAD =
  /^\s{0,2}[(,:–-]{0,2}\s{0,2}(?:(?:for|to treat|if|in case of)\s)?(?:(?:any|the|her|his|severe|mild|moderate|breakthrough)\s){0,2}/iu;
const REASON_WORDS = /^\s{0,2}[(,:–-]?\s{0,2}(?:for|if)\s(?!\d)([\p{L}][\p{L}\d'’/ -]{1,40})(?=[.,;)\n|]|$)/iu;

/** The problem, or the words behind "for", that an as-needed medicine is for; in positions of the clause. */
export function reasonOf(clause: Clause, { start, end }: AttributeMention): Span | null {
  const after = clause.masked.slice(end, end + 60);
  const from = end + (REASON_LEAD.exec(after)?.[0].length ?? 0);
  const isProblem = ({ entity }: PlacedEntity): boolean => PROBLEMS.includes(entity.label);
  const problem = clause.entities.find((placed) => isProblem(placed) && placed.start === from);
  if (problem) {
    let last = problem;
    for (const next of clause.entities.filter((placed) => isProblem(placed) && placed.start > problem.start)) {
      if (/^\s?(?:[,/]|and|or|,\s?(?:and|or))\s?$/iu.test(clause.masked.slice(last.end, next.start))) last = next;
    }
    return { start: problem.start, end: last.end };
  }
  const words = REASON_WORDS.exec(after);
  if (words && !words[0].includes(MASK)) {
    const text = words[1]!.trimEnd();
    const at = end + words[0].length - words[1]!.length;
    return { start: at, end: at + text.length };
  }
  const before = clause.entities.find((placed) => isProblem(placed) && placed.end === start - 1);
  return before && /for\s$/iu.test(clause.masked.slice(0, before.start))
    ? { start: before.start, end: before.end }
    : null;
}
