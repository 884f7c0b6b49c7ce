/** From a code of no stated side to the one of a side: "Pain in unspecified knee" -> "Pain in left knee". */
import type { CodeSet } from './code-set';

/** Lower-case title -> entry, billable codes only. */
export type SideIndex = ReadonlyMap<string, number>;

export function indexTitles(codeSet: CodeSet): SideIndex {
  const entries = new Map<string, number>();
  for (const [entry, title] of codeSet.titles.entries()) {
    if (codeSet.billable[entry] && /left|right|bilateral/i.test(title)) entries.set(title.toLowerCase(), entry);
  }
  return entries;
}

/** Titles that differ from this one by the side alone; more than one wording is in use. */
function* titlesOnSide(title: string, side: string): Generator<string> {
  // guideline I.C.6.a: the right side is taken as dominant where nothing is said
  yield title.replace('unspecified side', side === 'right' ? 'right dominant side' : `${side} nondominant side`);
  for (const { index } of title.matchAll(/unspecified /g)) {
    const [before, after] = [title.slice(0, index), title.slice(index + 'unspecified '.length)];
    yield `${before}${side} ${after}`;
    yield `${before}${after.replace(/^\w+/, side)}`;
  }
}

/** The entry on that side, or undefined where the code set does not tell sides apart. */
export function onSide(title: string, side: string, index: SideIndex): number | undefined {
  for (const other of titlesOnSide(title.toLowerCase(), side)) {
    const entry = index.get(other);
    if (entry !== undefined) return entry;
  }
  return undefined;
}
