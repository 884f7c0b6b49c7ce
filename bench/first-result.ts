/**
 * npm run bench: how long a reader waits, in real Chromium on this machine, from pressing "Read note" on a note of about
 * 300 words after a warm start. Serves dist/ itself: run `npm run build` first. Fails above the budgets of budgets.json.
 */
import { chromium, type Page } from 'playwright';
import { preview } from 'vite';
import budgets from './budgets.json';
import { LONG_NOTE } from '../tests/fixtures/notes';

const RUNS = 7;
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
];

/** Milliseconds until everything is done and shown: findings, codes and plain language. */
async function readOnce(page: Page, note: string): Promise<number> {
  const edit = page.getByRole('button', { name: 'Edit' });
  if (await edit.isVisible()) await edit.click();
  await page.getByRole('textbox', { name: 'Note' }).fill(note);
  return page.evaluate(async () => {
    const tick = () => new Promise((resolve) => setTimeout(resolve, 2));
    const isDone = () => document.querySelector('[role=status]')!.textContent.includes('Done');
    const read = [...document.querySelectorAll('button')].find((button) => button.textContent.includes('Read note'))!;
    if (isDone()) throw new Error('the status still tells of the note before');
    const started = performance.now();
    read.click();
    while (!isDone()) await tick();
    if (!document.querySelector('.mention')) throw new Error('done without findings');
    return performance.now() - started;
  });
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;

const server = await preview({ logLevel: 'error', preview: { port: 44173 } });
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: FLAGS });
const page = await browser.newPage();
// tsx keeps function names through this helper, which the page does not have
await page.addInitScript('globalThis.__name = (named) => named');
await page.goto(server.resolvedUrls!.local[0]!);
await readOnce(page, 'Warm start: chest pain.');
const results: number[] = [];
for (let run = 0; run < RUNS; run++) results.push(await readOnce(page, `${LONG_NOTE}\nRun ${run}.`));
const done = median(results);
const words = LONG_NOTE.split(/\s+/).length;
const threads = await page.evaluate(() => (crossOriginIsolated ? navigator.hardwareConcurrency : 1));
console.log(`${words} words, ${threads} threads: all results after ${done.toFixed(0)} ms (median of ${RUNS})`);
await browser.close();
await server.close();
if (done > budgets.firstResultMs) {
  console.error(`above the budget of ${budgets.firstResultMs} ms`);
  process.exitCode = 1;
}
