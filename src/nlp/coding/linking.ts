/** From an entity to the codes that it may stand for. */
import type { Candidate, Entity } from '../document';
import rules from '../rules/coding.json';
import { wordsOf } from './mentions';
import type { CodeSearch } from './search';

const CODED_LABELS: readonly string[] = ['DISORDER', 'SYMPTOM'];

/** The organism has a code of its own: "E. coli pyelonephritis" is looked up as the pyelonephritis. */
const ORGANISM =
  /\b(?:(?:e\.? ?)?coli|escherichia coli|mrsa|mssa|klebsiella|pseudomonas|proteus|enterococcal) (?=\p{L}{4})/giu;

function bareWordsOf(entity: Entity): string {
  return wordsOf(entity)
    .replace(ORGANISM, '')
    .replace(/^post-?op(?:erative)? /i, '');
}

function queryFor(entity: Entity): string {
  const words = bareWordsOf(entity);
  const detail = entity.attributes.filter(
    (attribute) => attribute.type === 'laterality' || attribute.type === 'severity',
  );
  const added = detail
    .map((attribute) => attribute.text)
    .filter((text) => !words.toLowerCase().includes(text.toLowerCase()));
  return [...added, words].join(' ');
}

interface Clause {
  readonly clause: string;
  /** What the clause says beyond the entity. */
  readonly rest: string;
}

/** The entity with what its clause says further: "stroke, left MCA, due to embolism". */
function clauseOf(entity: Entity, text: string): Clause {
  const after = text.slice(entity.end, entity.end + rules.clauseReach);
  const [rest = ''] = after.split(/[.;:\n(]|\s[-–]\s/, 1);
  return { clause: `${queryFor(entity)}${rest}`.trimEnd(), rest: rest.trimEnd() };
}

/** What follows belongs to the finding itself: "anemia due to acute blood loss". A comma may begin another one. */
const LINKED = /^ *(?:due to|from|secondary to|caused by|of|with)\b[^,]*$/i;

const categoryOf = ({ code }: Candidate): string => code.slice(0, 3);

/** By code, each with its best score, best first. */
function mergeCandidates(candidates: readonly Candidate[]): Candidate[] {
  const byCode = new Map<string, Candidate>();
  for (const candidate of candidates) {
    if (candidate.score > (byCode.get(candidate.code)?.score ?? 0)) byCode.set(candidate.code, candidate);
  }
  return [...byCode.values()].sort((a, b) => b.score - a.score || a.code.localeCompare(b.code));
}

/** Billable candidates of the whole clause, as far as the clause is about what the entity alone stands for. */
async function furtherCandidates(
  { clause, rest }: Clause,
  best: Candidate,
  find: CodeSearch['find'],
): Promise<Candidate[]> {
  const isOpen = best.score < rules.openScore || LINKED.test(rest);
  const found = await find(clause, rules.candidates);
  return found.filter((candidate) => candidate.billable && (isOpen || categoryOf(candidate) === categoryOf(best)));
}

/** A clause that fits is more exact than the entity alone: its code goes first. */
function preferClause(own: readonly Candidate[], further: readonly Candidate[]): Candidate[] {
  const [best, exact] = [own[0]!, further[0]];
  const merged = mergeCandidates([...own, ...further]);
  if (exact === undefined || exact.code === best.code) return merged;
  const needed = categoryOf(exact) === categoryOf(best) ? rules.clauseScore : rules.linkScore;
  if (exact.score < needed) return merged;
  const first = { ...exact, score: Math.max(exact.score, best.score) };
  return [first, ...merged.filter(({ code }) => code !== first.code)];
}

/**
 * Detail words help only where a title has them: the better of with and without. What the whole clause finds counts only
 * within the category that the entity alone stands for, unless it stands for none ("fracture") or the clause says that
 * it goes on about it ("due to"): otherwise it may go on to another finding.
 */
async function candidatesFor(entity: Entity, text: string, { find }: CodeSearch): Promise<readonly Candidate[]> {
  const detailed = await find(queryFor(entity), rules.candidates);
  const plain = await find(bareWordsOf(entity), rules.candidates);
  const own = (detailed[0]?.score ?? 0) >= (plain[0]?.score ?? 0) ? detailed : plain;
  const clause = clauseOf(entity, text);
  const isWhole = own.length === 0 || clause.rest === '';
  const merged = isWhole ? own : preferClause(own, await furtherCandidates(clause, own[0]!, find));
  return merged.filter(({ score }) => score >= rules.candidateFloor).slice(0, rules.candidates);
}

/** Adds the candidates of one entity; other labels than problems keep none. */
export async function linkEntity(entity: Entity, text: string, search: CodeSearch): Promise<Entity> {
  if (!CODED_LABELS.includes(entity.label)) return entity;
  return { ...entity, candidates: await candidatesFor(entity, text, search) };
}
