/**
 * What a patient looks for first: when to get help, what to do next, which medicines to take. Made of sentences and findings
 * of the note alone; nothing is worded here.
 */
import type { Document, Entity, Section, SimplifiedSentence } from './document';
import { phraseKey, tokenize } from './glossary-tokens';
import rules from './rules/leaflet.json';

export interface Leaflet {
  /** Warning signs and where to turn, in the order of the note. */
  readonly help: readonly SimplifiedSentence[];
  /** Appointments, tests and what to do or leave, in the order of the note. */
  readonly next: readonly SimplifiedSentence[];
  /** What is to be taken: not denied, not stopped, not the reason of an allergy. Each name once. */
  readonly medicines: readonly Entity[];
}

const HELP = rules.help.after.map((cue) => ` ${phraseKey(cue)} `);
const HELP_ACTS = rules.help.acts.map((act) => ` ${phraseKey(act)} `);
const NEXT = rules.next.cues.map((cue) => ` ${phraseKey(cue)} `);
const NEXT_CATEGORIES: ReadonlySet<string> = new Set(rules.next.categories);

function keysOf(text: string): string {
  return ` ${tokenize(text)
    .map(({ key }) => key)
    .join(' ')} `;
}

/** "Return if", or "call the clinic or come back at once if". */
function isWarning(keys: string): boolean {
  const condition = keys.indexOf(' if ');
  const isAct = HELP_ACTS.some((act) => keys.includes(act) && keys.indexOf(act) < condition);
  return isAct || HELP.some((cue) => keys.includes(cue));
}

function sectionAt({ sections }: Document, at: number): Section | undefined {
  return sections.filter(({ body }) => body.start <= at && at < body.end).at(-1);
}

function isTitle({ sections }: Document, { source }: SimplifiedSentence): boolean {
  return sections.some(
    ({ title }) => title.start < title.end && title.start <= source.start && source.end <= title.end + 1,
  );
}

/** Where a note lists what is to be taken; what it tells of the hospital's medicines elsewhere is then left out. */
const MEDICINE_LISTS: ReadonlySet<string> = new Set(rules.medicineLists);
const LISTED: ReadonlySet<string> = new Set(['allergies', 'family_history']);

function isTaken(document: Document, entity: Entity): boolean {
  const { presence, temporality, experiencer } = entity.assertion;
  return (
    entity.label === 'MEDICATION' &&
    presence === 'present' &&
    temporality === 'current' &&
    experiencer === 'patient' &&
    entity.attributes.some(({ type }) => type === 'dose' || type === 'frequency' || type === 'strength') &&
    !LISTED.has(sectionAt(document, entity.start)?.category ?? '')
  );
}

function onceEach(medicines: readonly Entity[]): Entity[] {
  const byName = new Map<string, Entity>();
  // the last mention stands nearest to the discharge list
  for (const medicine of medicines) byName.set(medicine.text.toLowerCase(), medicine);
  return [...byName.values()];
}

export function makeLeaflet(document: Document, sentences: readonly SimplifiedSentence[]): Leaflet {
  const help: SimplifiedSentence[] = [];
  const next: SimplifiedSentence[] = [];
  const ids = new Set<string>();
  for (const sentence of sentences) {
    const source = document.text.slice(sentence.source.start, sentence.source.end);
    const keys = keysOf(source);
    if (isTitle(document, sentence) || ids.has(keys)) continue;
    ids.add(keys);
    const section = sectionAt(document, sentence.source.start);
    const heading = section === undefined ? '' : keysOf(document.text.slice(section.title.start, section.title.end));
    if (isWarning(keys) || isWarning(heading)) help.push(sentence);
    else if (NEXT.some((cue) => keys.includes(cue)) || NEXT_CATEGORIES.has(section?.category ?? ''))
      next.push(sentence);
  }
  const taken = document.entities.filter((entity) => isTaken(document, entity));
  const listed = taken.filter(({ start }) => MEDICINE_LISTS.has(sectionAt(document, start)?.category ?? ''));
  return { help, next, medicines: onceEach(listed.length > 0 ? listed : taken) };
}
