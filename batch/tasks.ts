/** What the batch command can do with one line: the same pipeline code as in the worker. */
import packageFile from '../package.json';
import { namedError } from '../src/inference/artefacts';
import { loadCodeSearch, versionsOf } from '../src/inference/engine-parts';
import { openNodeRuntime, type Engine } from '../src/inference/node-runtime';
import { toAnalysis, type CareSetting } from '../src/nlp/document';
import { analyzeText, simplifyText, TEXT_LIMIT, type NoteToRead, type Progress } from '../src/nlp/pipeline';
import { checkoutStore, loadCheckoutParts } from './local-artefacts';

export const TASKS = ['analyze', 'simplify', 'code'] as const;
export type BatchTask = (typeof TASKS)[number];

/** A line's note -> the fields that the task's output line carries beside the id. */
export type Answer = (note: NoteToRead) => Promise<Record<string, unknown>>;

const CANDIDATE_LIMIT = 10;

const silent: Progress = { stage: () => Promise.resolve(), entities: () => undefined, words: () => undefined };

export function isBatchTask(name: string | undefined): name is BatchTask {
  return TASKS.some((task) => task === name);
}

export async function openTask(task: BatchTask, engine: Engine): Promise<Answer> {
  if (task === 'code') {
    const { find } = await loadCodeSearch(checkoutStore(), await openNodeRuntime(engine));
    return async ({ text }) => ({ candidates: await find(text, CANDIDATE_LIMIT) });
  }
  const parts = await loadCheckoutParts(engine);
  const versions = versionsOf(packageFile.version, 'q8');
  return async (note) => {
    const { text } = note;
    if (text.length > TEXT_LIMIT) throw namedError('InputTooLongError', `more than ${TEXT_LIMIT} characters`);
    const document = await analyzeText(note, parts, silent);
    if (task === 'analyze') return { analysis: toAnalysis(document, versions) };
    const job = { document, glossary: parts.glossary, versions };
    return { simplification: await simplifyText(job, silent, () => undefined) };
  };
}

type ResultLine = { readonly id: string | null } & Record<string, unknown>;

interface ParsedLine {
  readonly id: string | null;
  readonly note: NoteToRead | null;
}

const SETTINGS: readonly unknown[] = ['outpatient', 'inpatient'] satisfies CareSetting[];

function parseLine(line: string): ParsedLine {
  try {
    const { id, text, setting = 'outpatient' } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const isNote = typeof text === 'string' && SETTINGS.includes(setting);
    return {
      id: typeof id === 'string' ? id : null,
      note: isNote ? { text, setting: setting as CareSetting } : null,
    };
  } catch {
    return { id: null, note: null };
  }
}

/** Never throws: what goes wrong with a line is that line's answer. */
export async function answerLine(line: string, answer: Answer): Promise<ResultLine> {
  const { id, note } = parseLine(line);
  if (id === null || note === null) {
    return {
      id,
      error: {
        name: 'InputFormatError',
        message: 'expected {"id": string, "text": string, "setting"?: "outpatient" | "inpatient"}',
      },
    };
  }
  try {
    return { id, ...(await answer(note)) };
  } catch (cause) {
    const named = cause instanceof Error && cause.name !== 'Error';
    return {
      id,
      error: named ? { name: cause.name, message: cause.message } : { name: 'InternalError', message: 'failed' },
    };
  }
}
