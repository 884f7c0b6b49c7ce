/**
 * npm run bench: how fast the decoder writes, in real Chromium on this machine: tokens a second while it rewords a note of
 * about 300 words, and the wait for the first token once its files are here. Serves dist/ itself: run `npm run build` first.
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
        if (data?.argumentList?.[0]?.value?.type === 'token') globalThis.tokenTimes.push(performance.now());
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

/** Reads a note and asks for whole sentences. -> tokens, tokens a second, ms until the first */
async function rewriteOnce(note: string): Promise<{ tokens: number; rate: number; first: number }> {
  const edit = page.getByRole('button', { name: 'Edit' });
  if (await edit.isVisible()) await edit.click();
  await page.getByRole('textbox', { name: 'Note' }).fill(note);
  await page.getByRole('button', { name: 'Read note' }).click();
  await page.getByRole('status').getByText(/Done/).waitFor({ timeout: 120_000 });
  await page
    .getByRole('tab', { name: 'Plain language' })
    .click({ timeout: 2000 })
    .catch(() => undefined);
  const clicked = await page.evaluate(() => {
    Object.assign(globalThis, { tokenTimes: [] });
    const offer = [...document.querySelectorAll('button')].find(({ textContent }) => /Write whole/.test(textContent));
    const now = performance.now();
    offer?.click();
    return now;
  });
  await page
    .getByRole('status')
    .getByText(/Done/)
    .waitFor({ state: 'hidden', timeout: 5000 })
    .catch(() => undefined);
  await page.getByRole('status').getByText(/Done/).waitFor({ timeout: 300_000 });
  const times = await page.evaluate(() => (globalThis as unknown as { tokenTimes: number[] }).tokenTimes);
  const [first, last] = [times[0]!, times.at(-1)!];
  return { tokens: times.length, rate: (1000 * times.length) / (last - first), first: first - clicked };
}

await rewriteOnce('Denies fever. Comes in with chest pain for two days.');
const { tokens, rate, first } = await rewriteOnce(LONG_NOTE);
const threads = await page.evaluate(() => (crossOriginIsolated ? navigator.hardwareConcurrency : 1));
console.log(
  `${threads} threads: ${tokens} tokens, ${rate.toFixed(1)} a second, the first after ${first.toFixed(0)} ms`,
);
await browser.close();
await server.close();
