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

/** Milliseconds until the first finding is on the page, and until everything is done. */
async function readOnce(page: Page, note: string): Promise<{ first: number; done: number }> {
  const edit = page.getByRole('button', { name: 'Edit' });
  if (await edit.isVisible()) await edit.click();
  await page.getByRole('textbox', { name: 'Note' }).fill(note);
  return page.evaluate(async () => {
    const tick = () => new Promise((resolve) => setTimeout(resolve, 2));
    const read = [...document.querySelectorAll('button')].find((button) => button.textContent.includes('Read note'))!;
    if (document.querySelector('.mention')) throw new Error('findings of the note before are still shown');
    const started = performance.now();
    read.click();
    while (!document.querySelector('.mention')) await tick();
    const first = performance.now() - started;
    while (!/Done/.test(document.querySelector('[role=status]')!.textContent)) await tick();
    return { first, done: performance.now() - started };
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
const results = [];
for (let run = 0; run < RUNS; run++) results.push(await readOnce(page, `${LONG_NOTE}\nRun ${run}.`));
const first = median(results.map((result) => result.first));
const done = median(results.map((result) => result.done));
const words = LONG_NOTE.split(/\s+/).length;
const threads = await page.evaluate(() => (crossOriginIsolated ? navigator.hardwareConcurrency : 1));
console.log(
  `${words} words, ${threads} threads: first findings ${first.toFixed(0)} ms, all done ${done.toFixed(0)} ms (medians of ${RUNS})`,
);
await browser.close();
await server.close();
if (first > budgets.firstResultMs) {
  console.error(`above the budget of ${budgets.firstResultMs} ms`);
  process.exitCode = 1;
}
