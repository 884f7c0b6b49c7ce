import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright';
import { LONG_NOTE } from '../fixtures/notes';
import { APP_URL, launch, openApp, readNote, showPanel } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

const isDone = (page: Page) => page.getByRole('status').getByText(/Done/).waitFor({ timeout: 90_000 });
const numbers = (text: string): string[] => text.match(/\d+(?:\.\d+)?/g) ?? [];

async function readPlainly(): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await openApp(page);
  await readNote(page, LONG_NOTE);
  await isDone(page);
  await showPanel(page, 'Plain language');
  return page;
}

describe('plain language', () => {
  it('collects warnings, next steps and medicines out of the note', async () => {
    const page = await readPlainly();
    const box = (name: string) => page.getByRole('region', { name, exact: true });
    await expect.poll(() => box('Get help if').innerText(), { timeout: 30_000 }).toContain('chest pain at rest');
    expect(await box('What to do next').innerText()).toContain('1 week');
    const medicines = await box('Medicines in this note').innerText();
    for (const words of ['furosemide', '40 mg', 'metformin', '1000 mg']) expect(medicines).toContain(words);
    expect(medicines).not.toContain('penicillin');
    await page.context().close();
  });

  it('is set in large type on request, and fits a phone then', async () => {
    const page = await readPlainly();
    await page.setViewportSize({ width: 360, height: 740 });
    const large = page.getByRole('button', { name: 'Large type' });
    const sentence = page.getByRole('region', { name: 'Plain language', exact: true }).locator('ol .plain').first();
    const before = await sentence.evaluate((element) => element.getBoundingClientRect().height);
    await large.click();
    expect(await large.getAttribute('aria-pressed')).toBe('true');
    expect(await sentence.evaluate((element) => element.getBoundingClientRect().height)).toBeGreaterThan(before);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.context().close();
  });

  it('says what the decoder weighs, writes whole sentences that keep the numbers, and asks no other origin', async () => {
    const page = await readPlainly();
    const foreign: string[] = [];
    page.context().on('request', (request) => {
      if (!request.url().startsWith(APP_URL())) foreign.push(request.url());
    });
    const offer = page.getByRole('button', { name: /Write whole sentences \(\d+ MB/ });
    await isDone(page);
    const before = await page
      .getByRole('region', { name: 'Plain language', exact: true })
      .getByRole('listitem')
      .count();
    await offer.click();
    await page
      .getByRole('status')
      .getByText(/Plain language|Writing|of/)
      .first()
      .waitFor();
    const during = page.getByRole('region', { name: 'Plain language', exact: true }).getByRole('listitem');
    expect(await during.count()).toBeGreaterThanOrEqual(before);
    await isDone(page);
    expect(await offer.count()).toBe(0);
    const plain = page.getByRole('region', { name: 'Plain language', exact: true });
    const items = await plain.getByRole('listitem').allInnerTexts();
    expect(items.join('\n')).toMatch(/\byou\b/i);
    const shown = numbers(items.join(' '));
    expect(shown).toEqual(expect.arrayContaining(numbers(LONG_NOTE)));
    expect(foreign).toEqual([]);
    await page.context().close();
  }, 180_000);

  it('stops within 300 ms while it writes, and keeps what is written', async () => {
    const page = await readPlainly();
    await page.getByRole('button', { name: /Write whole sentences/ }).click();
    const plain = page.getByRole('region', { name: 'Plain language', exact: true });
    await plain.getByText('Being written, not yet checked').waitFor({ timeout: 60_000 });
    const waited = await page.evaluate(async () => {
      const stop = [...document.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === 'Stop')!;
      const from = performance.now();
      stop.click();
      while (!/Stopped/.test(document.querySelector('[role=status]')!.textContent)) {
        if (performance.now() - from > 5000) break;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return performance.now() - from;
    });
    expect(waited).toBeLessThan(300);
    expect(await plain.getByRole('listitem').count()).toBeGreaterThan(10);
    await page.getByRole('button', { name: /Write whole sentences/ }).waitFor();
    await page.context().close();
  }, 180_000);
});
