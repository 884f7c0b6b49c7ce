/**
 * npm run --silent batch -- analyze|simplify|code [--in FILE] [--out FILE] [--engine native|wasm]
 *
 * JSON Lines {"id","text"} in, with "setting" ("outpatient" or "inpatient") where it is known; one line out for each, in
 * order, as soon as it is ready; a bad line gives an error line.
 * Exit status 0, 1 if any line failed, 2 for wrong usage. Progress goes to standard error, and no note text with it.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { answerLine, isBatchTask, openTask, TASKS, type BatchTask } from './tasks';
import type { Engine } from '../src/inference/node-runtime';

const USAGE = `usage: batch ${TASKS.join('|')} [--in FILE] [--out FILE] [--engine native|wasm]`;

interface Settings {
  readonly task: BatchTask;
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly engine: Engine;
}

/** @throws on wrong usage. */
function readSettings(argv: readonly string[]): Settings {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      in: { type: 'string' },
      out: { type: 'string' },
      engine: { type: 'string', default: 'native' },
      tier: { type: 'string' },
    },
  });
  const [task, ...rest] = positionals;
  if (!isBatchTask(task) || rest.length > 0) throw new Error('unknown task');
  if (values.engine !== 'native' && values.engine !== 'wasm') throw new Error('unknown engine');
  if (values.tier !== undefined && values.tier !== 'small') throw new Error('unknown tier: there is only "small"');
  return { task, input: values.in, output: values.out, engine: values.engine };
}

async function write(output: Writable, line: string): Promise<void> {
  if (!output.write(`${line}\n`)) await once(output, 'drain');
}

async function run({ task, input, output, engine }: Settings): Promise<number> {
  const source = input === undefined ? process.stdin : createReadStream(input);
  await (input === undefined ? undefined : once(source, 'open'));
  const sink = output === undefined ? process.stdout : createWriteStream(output);
  const answer = await openTask(task, engine);
  const started = performance.now();
  let [done, failed] = [0, 0];
  for await (const line of createInterface({ input: source, crlfDelay: Infinity })) {
    if (line === '') continue;
    const result = await answerLine(line, answer);
    if ('error' in result) failed++;
    await write(sink, JSON.stringify(result));
    done++;
    process.stderr.write(`\r${done} done, ${failed} failed, ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  process.stderr.write('\n');
  if (sink !== process.stdout) {
    sink.end();
    await once(sink, 'finish');
  }
  return failed > 0 ? 1 : 0;
}

try {
  process.exitCode = await run(readSettings(process.argv.slice(2)));
} catch (cause) {
  process.stderr.write(`${cause instanceof Error ? cause.message : 'failed'}\n${USAGE}\n`);
  process.exitCode = 2;
}
