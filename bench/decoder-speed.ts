/**
 * npm run bench: how fast the decoder writes, in real Chromium on this machine: tokens a second while it rewords a note of
 * about 300 words, and how long the first words take once the note is read. Serves dist/ itself: run `npm run build` first.
 */
import { chromium } from 'playwright';
import { preview } from 'vite';
import { LONG_NOTE } from '../tests/fixtures/notes';

const FLAGS = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Counts the tokens that the worker reports, where the page receives them. */
const COUNT_TOKENS = `
  globalThis.__name = (named) => named;
  globalThis.tokenTimes = [];
  const listen = MessagePort.prototype.addEventListener;
  MessagePort.prototype.addEventListener = function (type, listener, options) {
    if (type === 'message')
      listen.call(this, 'message', ({ data }) => {
        const event = data?.argumentList?.[0]?.value;
        if (event?.type === 'token') globalThis.tokenTimes.push(performance.now());
        if (event?.type === 'stage' && event.stage !== 'plain_language') globalThis.readTime = performance.now();
      });
    return listen.call(this, type, listener, options);
  };
`;

const server = await preview({ logLevel: 'error', preview: { port: 44174 } });
const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: FLAGS });
const page = await browser.newPage();
await page.addInitScript(COUNT_TOKENS);
await page.goto(server.resolvedUrls!.local[0]!);

async function readNote(note: string): Promise<void> {
  const edit = page.getByRole('button', { name: 'Edit' });
  if (await edit.isVisible()) await edit.click();
  await page.getByRole('textbox', { name: 'Note' }).fill(note);
  await page.getByRole('button', { name: 'Read note' }).click();
}

const tokenTimes = (): Promise<number[]> => page.evaluate('globalThis.tokenTimes');
const isDone = (): Promise<void> => page.getByRole('status').getByText(/Done/).waitFor({ timeout: 300_000 });

// the first note brings the decoder; from then on every note is written in whole sentences
await readNote('Denies fever. Comes in with chest pain for two days.');
await isDone();
await page.getByRole('tab', { name: 'Plain language' }).click();
await page.getByRole('button', { name: /Write whole sentences/ }).click();
await page.getByText(/You /).first().waitFor({ timeout: 120_000 });
await isDone();
await page.evaluate('globalThis.tokenTimes = []');
await readNote(LONG_NOTE);
while ((await tokenTimes()).length === 0) await page.waitForTimeout(50);
await isDone();
const times = await tokenTimes();
const rate = (1000 * times.length) / (times.at(-1)! - times[0]!);
// the last the page hears before the plain language is that the codes are being looked up
const readTime: number = await page.evaluate('globalThis.readTime');
const threads = await page.evaluate(() => (crossOriginIsolated ? navigator.hardwareConcurrency : 1));
console.log(
  `${threads} threads: ${times.length} tokens, ${rate.toFixed(1)} a second, prompts and checks included; first words after ${Math.round(times[0]! - readTime)} ms`,
);
await browser.close();
await server.close();
