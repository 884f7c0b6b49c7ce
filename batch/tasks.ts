/** What the batch command can do with one line: the same pipeline code as in the worker. */
import packageFile from '../package.json';
import { namedError } from '../src/inference/artefacts';
import { loadCodeSearch, versionsOf } from '../src/inference/engine-parts';
import type { Engine } from '../src/inference/node-runtime';
import { searchCodes } from '../src/nlp/coding/search';
import { toAnalysis } from '../src/nlp/document';
import { analyzeText, simplifyText, TEXT_LIMIT, type Progress } from '../src/nlp/pipeline';
import { checkoutStore, loadCheckoutParts } from './local-artefacts';

export const TASKS = ['analyze', 'simplify', 'code'] as const;
export type BatchTask = (typeof TASKS)[number];

/** Text -> the fields that the task's output line carries beside the id. */
export type Answer = (text: string) => Promise<Record<string, unknown>>;

const CANDIDATE_LIMIT = 10;

const silent: Progress = { stage: () => Promise.resolve(), entities: () => undefined };

export function isBatchTask(name: string | undefined): name is BatchTask {
  return TASKS.some((task) => task === name);
}

export async function openTask(task: BatchTask, engine: Engine): Promise<Answer> {
  if (task === 'code') {
    const codes = await loadCodeSearch(checkoutStore());
    return (text) => Promise.resolve({ candidates: searchCodes(codes, text, CANDIDATE_LIMIT) });
  }
  const parts = await loadCheckoutParts(engine);
  const versions = versionsOf(packageFile.version, 'q8');
  return async (text) => {
    if (text.length > TEXT_LIMIT) throw namedError('InputTooLongError', `more than ${TEXT_LIMIT} characters`);
    const document = await analyzeText(text, parts, silent);
    if (task === 'analyze') return { analysis: toAnalysis(document, versions) };
    const job = { document, glossary: parts.glossary, versions };
    return { simplification: await simplifyText(job, silent, () => undefined) };
  };
}

type ResultLine = { readonly id: string | null } & Record<string, unknown>;

function parseLine(line: string): { id: string | null; text: string | null } {
  try {
    const { id, text } = JSON.parse(line) as { id?: unknown; text?: unknown };
    return { id: typeof id === 'string' ? id : null, text: typeof text === 'string' ? text : null };
  } catch {
    return { id: null, text: null };
  }
}

/** Never throws: what goes wrong with a line is that line's answer. */
export async function answerLine(line: string, answer: Answer): Promise<ResultLine> {
  const { id, text } = parseLine(line);
  if (id === null || text === null) {
    return { id, error: { name: 'InputFormatError', message: 'expected {"id": string, "text": string}' } };
  }
  try {
    return { id, ...(await answer(text)) };
  } catch (cause) {
    const named = cause instanceof Error && cause.name !== 'Error';
    return {
      id,
      error: named ? { name: cause.name, message: cause.message } : { name: 'InternalError', message: 'failed' },
    };
  }
}
