import type { Assertion, Document, Entity, EntityLabel, Section } from '../nlp/document';

export type Kind = 'problem' | 'medicine' | 'test' | 'procedure' | 'anatomy';

/**
 * One word for an assertion's three axes (and, in the list, for a medicine under Allergies). What the one word leaves
 * out comes as qualifiers: an illness denied in the family must not read like one in the family.
 */
export type Standing = 'present' | 'possible' | 'past' | 'hypothetical' | 'absent' | 'family' | 'other' | 'allergy';

export interface Finding {
  readonly key: string;
  readonly kind: Kind;
  readonly standing: Standing;
  readonly qualifiers: readonly Standing[];
  /** The same words in the same standing, in the order of the text; never empty. */
  readonly mentions: readonly Entity[];
}

export interface FindingGroup {
  readonly kind: Kind;
  /** By standing, then by place in the text. */
  readonly findings: readonly Finding[];
}

/** The reader's order. */
export const KINDS: readonly Kind[] = ['problem', 'medicine', 'test', 'procedure', 'anatomy'];
const STANDINGS: readonly Standing[] = [
  'present',
  'allergy',
  'possible',
  'past',
  'absent',
  'family',
  'hypothetical',
  'other',
];

const KIND_OF: Readonly<Record<EntityLabel, Kind>> = {
  DISORDER: 'problem',
  SYMPTOM: 'problem',
  MEDICATION: 'medicine',
  TEST: 'test',
  PROCEDURE: 'procedure',
  ANATOMY: 'anatomy',
};

export function kindOf(label: EntityLabel): Kind {
  return KIND_OF[label];
}

/** Whose it is comes before whether it is, and that before when. */
export function standingOf(assertion: Assertion): Standing {
  return standingsOf(assertion)[0] ?? 'present';
}

/** Empty for present, current and the patient's own. */
export function standingsOf({ experiencer, presence, temporality }: Assertion): readonly Standing[] {
  const standings: Standing[] = [];
  if (experiencer !== 'patient') standings.push(experiencer);
  if (presence === 'absent') standings.push('absent');
  if (temporality === 'hypothetical') standings.push('hypothetical');
  if (temporality === 'historical') standings.push('past');
  if (presence === 'possible') standings.push('possible');
  return standings;
}

/** A medicine named under Allergies must not read like one that is taken. */
function listStandings({ label, start, assertion }: Entity, allergies: readonly Section[]): readonly Standing[] {
  const standings = standingsOf(assertion);
  const isAllergy = label === 'MEDICATION' && standings.length === 0 && sectionAt(allergies, start) !== undefined;
  return isAllergy ? ['allergy'] : standings;
}

export function groupFindings({
  entities,
  sections,
}: Pick<Document, 'entities' | 'sections'>): readonly FindingGroup[] {
  const allergies = sections.filter(({ category }) => category === 'allergies');
  const byKey = new Map<string, Entity[]>();
  for (const entity of entities) {
    const key = keyOf(entity, listStandings(entity, allergies));
    const mentions = byKey.get(key);
    if (mentions) mentions.push(entity);
    else byKey.set(key, [entity]);
  }
  const findings = [...byKey].map(([key, mentions]) => toFinding(key, mentions, allergies));
  return KINDS.map((kind) => ({ kind, findings: sortFindings(findings.filter((finding) => finding.kind === kind)) }));
}

function toFinding(key: string, mentions: readonly Entity[], allergies: readonly Section[]): Finding {
  const first = mentions[0]!;
  const [standing = 'present', ...qualifiers] = listStandings(first, allergies);
  return { key, kind: kindOf(first.label), standing, qualifiers, mentions };
}

/** Two mentions are one finding only if their attributes agree too: two doses are two rows. */
function keyOf(entity: Entity, standings: readonly Standing[]): string {
  const attributes = entity.attributes.map(({ type, text }) => [type, text.toLowerCase()]);
  return JSON.stringify([kindOf(entity.label), standings, entity.text.toLowerCase(), attributes]);
}

function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const rank = (finding: Finding) => STANDINGS.indexOf(finding.standing);
  return [...findings].sort((a, b) => rank(a) - rank(b) || a.mentions[0]!.start - b.mentions[0]!.start);
}

/** The section whose body or title holds the offset. */
export function sectionAt(sections: readonly Section[], offset: number): Section | undefined {
  return sections.find(({ title, body }) => offset >= Math.min(title.start, body.start) && offset < body.end);
}

/** Line number as a reader counts it, from 1. */
export function lineAt(document: Document, offset: number): number {
  let line = 1;
  for (let at = document.text.indexOf('\n'); at !== -1 && at < offset; at = document.text.indexOf('\n', at + 1))
    line += 1;
  return line;
}
