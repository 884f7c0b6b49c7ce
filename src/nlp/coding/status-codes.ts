/**
 * Codes that no diagnosis gives (guideline I.C.21.c.3): drugs taken for long, allergies, what an operation left behind,
 * dependence on a device, body mass index beside a diagnosis of weight (I.B.14). Word lists: rules/coding-status.json.
 */
import type { Document, Entity, SectionCategory } from '../document';
import status from '../rules/coding-status.json';
import type { CodeSet } from './code-set';
import {
  isAffirmed,
  sentenceAt,
  candidateFor,
  categoryAt,
  names,
  startsWithAny,
  wordsOf,
  type Mention,
} from './mentions';

const STATUS = 'I.C.21.c.3';
const LISTS: readonly SectionCategory[] = ['medications', 'discharge_medications', 'past_medical_history'];
/** Characters before a name in which "allergic to" may stand. */
const ALLERGY_REACH = 40;
const DEVICE_REACH = 24;
const TAKEN_REACH = 80;
const TAKES =
  /\b(?:dm|t[12]dm|diabetes|on|takes?|taking|continues?|maintained|DAPT|uses|regular|long[- ]term)\b(?! hold)/i;
const BEGINS =
  /\b(?:start\w*|commenc\w*|trial|consider\w*|stopp?\w*|discontinu\w*|held|hold|loaded|given|stat|once)\b/i;

interface Found {
  readonly entity: Entity;
  readonly code: string;
  readonly guideline: string;
}

function isAllergy(entity: Entity, document: Document): boolean {
  if (categoryAt(document, entity) === 'allergies') return true;
  const { text } = document;
  const before = text.slice(Math.max(0, entity.start - ALLERGY_REACH), entity.start);
  const said = before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('. ')) + 1);
  const after = text.slice(entity.end, entity.end + 12);
  return /allerg(?:ic|y|ies) to|intoleran(?:t|ce) (?:to|of)/i.test(said) || /^ +allergy\b/i.test(after);
}

/** "on aspirin and bisoprolol", "discharged on anastrozole"; not "start", nor "on hold". */
function isSaidToBeTaken({ start, label }: Entity, { text }: Document): boolean {
  if (label !== 'MEDICATION') return false;
  const before = text.slice(Math.max(0, start - TAKEN_REACH), start);
  const clause = before.slice(Math.max(...['.', ';', '\n', '('].map((mark) => before.lastIndexOf(mark))) + 1);
  return TAKES.test(clause) && !BEGINS.test(clause);
}

/** "Insulin and metformin.": a sentence of medicines alone lists what is taken. */
function isListed(entity: Entity, document: Document): boolean {
  const { entities, text } = document;
  const sentence = sentenceAt(document, entity);
  if (sentence === undefined || entity.label !== 'MEDICATION') return false;
  const listed = entities.filter((one) => sentence.start <= one.start && one.end <= sentence.end);
  if (listed.length < 2 || listed.some((one) => one.label !== 'MEDICATION')) return false;
  const spans = listed.flatMap((one) => [one, ...one.attributes]).sort((a, b) => a.start - b.start);
  let [at, rest] = [sentence.start, ''];
  for (const span of spans) {
    if (span.start > at) rest += text.slice(at, span.start);
    at = Math.max(at, span.end);
  }
  return /^(?:\s|[,;.&+/]|and|plus|daily|od|bd|tds|mg|\d)*$/i.test(rest + text.slice(at, sentence.end));
}

/** Taken on and on: listed among the medicines, or with a frequency and no end. */
function isTakenForLong(entity: Entity, code: string, document: Document): boolean {
  const { action, assertion, attributes } = entity;
  if (assertion.temporality !== 'current' || action?.type === 'stop') return false;
  const has = (type: string): boolean => attributes.some((attribute) => attribute.type === type);
  if (has('duration') || attributes.some(({ type, text }) => type === 'route' && /^iv\b|intravenous/i.test(text)))
    return false;
  const isAsNeeded = attributes.some(({ asNeeded }) => asNeeded === true);
  if (isAsNeeded && status.asNeeded.includes(code)) return false;
  return (
    LISTS.includes(categoryAt(document, entity)) ||
    has('frequency') ||
    isSaidToBeTaken(entity, document) ||
    isListed(entity, document)
  );
}

function medicineStatus(entity: Entity, document: Document): Found[] {
  const words = wordsOf(entity);
  const isStopped = document.entities.some(
    ({ text, action }) => text.toLowerCase() === entity.text.toLowerCase() && action?.type === 'stop',
  );
  if (isStopped) return [];
  return status.longTerm
    .filter(({ drugs, code }) => names(words, drugs) && isTakenForLong(entity, code, document))
    .map(({ code }) => ({ entity, code, guideline: STATUS }));
}

function allergyStatus(entity: Entity): Found[] {
  const rule = status.allergies.find(({ words }) => names(wordsOf(entity), words) || names(entity.text, words));
  return rule ? [{ entity, code: rule.code, guideline: STATUS }] : [];
}

type Side = 'right' | 'left' | 'bilateral';

function sideOf({ attributes, text }: Entity): Side | undefined {
  const said = [
    text,
    ...attributes.filter(({ type }) => type === 'laterality').map((attribute) => attribute.text),
  ].join(' ');
  if (/\bbilat|\bboth\b/i.test(said)) return 'bilateral';
  return /\b(?:right|rt|r)\b/i.test(said) ? 'right' : /\b(?:left|lt|l)\b/i.test(said) ? 'left' : undefined;
}

function procedureStatus(entity: Entity): Found[] {
  const { temporality } = entity.assertion;
  const rule = status.procedures.find(({ words }) => names(wordsOf(entity), words) || names(entity.text, words));
  if (!rule || temporality === 'hypothetical' || (temporality === 'current' && !('current' in rule))) return [];
  const side = sideOf(entity);
  const sided: Readonly<Record<string, unknown>> = rule;
  const code = side !== undefined && typeof sided[side] === 'string' ? sided[side] : rule.code;
  return [{ entity, code, guideline: STATUS }];
}

/** "Home oxygen": what stands before the entity decides. */
function deviceStatus(entity: Entity, { text }: Document): Found[] {
  if (entity.assertion.temporality !== 'current') return [];
  const said = text.slice(Math.max(0, entity.start - DEVICE_REACH), entity.end);
  const rule = status.procedures.find((one) => 'before' in one && names(said, one.words));
  return rule ? [{ entity, code: rule.code, guideline: STATUS }] : [];
}

/** The adult code of a body mass index in kg/m2, or undefined for what no adult has. */
export function bodyMassIndexCode(value: number): string | undefined {
  if (!(value >= 8 && value < 120)) return undefined;
  if (value < 20) return value < 18.5 ? 'Z68.18' : 'Z68.19';
  if (value < 40) return `Z68.${Math.floor(value)}`;
  const steps = [45, 50, 60, 70];
  return `Z68.4${1 + steps.filter((step) => value >= step).length}`;
}

function bodyMassStatus(entity: Entity, coded: readonly string[]): Found[] {
  const { tests, beside } = status.bodyMassIndex;
  const value = entity.attributes.find(({ type }) => type === 'value')?.value;
  if (value === undefined || !names(entity.text, tests) || !coded.some((code) => startsWithAny(code, beside)))
    return [];
  const code = bodyMassIndexCode(value);
  return code === undefined ? [] : [{ entity, code, guideline: 'I.B.14' }];
}

function statusOf(entity: Entity, document: Document, coded: readonly string[]): Found[] {
  if (!isAffirmed(entity)) return [];
  if (isAllergy(entity, document)) return allergyStatus(entity);
  if (entity.label === 'MEDICATION') return [...medicineStatus(entity, document), ...deviceStatus(entity, document)];
  if (entity.label === 'TEST') return bodyMassStatus(entity, coded);
  return procedureStatus(entity);
}

/** @param coded the codes that the note's findings have so far, all suggested */
export function statusMentions(document: Document, coded: readonly string[], codeSet: CodeSet): Mention[] {
  return document.entities.flatMap((entity) =>
    statusOf(entity, document, coded).map(({ code, guideline }) => {
      const candidate = candidateFor(code, { score: entity.score, matched: entity.text }, codeSet);
      return { entity, candidate, reason: null, guideline };
    }),
  );
}
