import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright';
import { EMERGENCY_NOTE } from '../fixtures/notes';
import { launch, openApp, pasteNote, readNote } from './browser';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  page = await (await browser.newContext()).newPage();
  await openApp(page);
});
afterEach(async () => {
  await page.context().close();
});

const status = () => page.getByRole('status');

const AWKWARD: readonly (readonly [string, string])[] = [
  ['NUL bytes', 'Denies fever.\0\0 Has chest\0 pain.\0'],
  ['emoji and combining marks', 'Chest pain 😀👩‍⚕️ and nause\u0301a 🤕. Denies fe\u0301ver.'],
  ['right-to-left text and marks', '\u202eDenies fever\u202c. المريض يعاني من صداع. \u200fHTN\u200f, كאב ראש'],
  ['CRLF', 'HPI: chest pain\r\nPMH: HTN,\r\nDM2\r\n\r\nDenies fever.\r\n'],
  ['zero-width characters', 'Ch\u200best pa\u200bin. \ufeffDenies\u200d fever.'],
  ['nothing medical', 'The quick brown fox jumps over the lazy dog.'],
  ['one line of 60,000 characters', 'chest pain and cough, '.repeat(2728)],
  ['60,000 characters without a space', 'x'.repeat(60_000)],
];

describe('bad input', () => {
  it('says what is missing when there is no text', async () => {
    const button = page.getByRole('button', { name: 'Read note' });
    if (await button.isEnabled()) {
      await button.click();
      await expect.poll(() => status().innerText()).not.toBe('');
    } else expect(await button.isDisabled()).toBe(true);
    expect(await page.getByRole('textbox', { name: 'Note' }).inputValue()).toBe('');
  });

  it.each(AWKWARD)('reads %s to the end', async (_, text) => {
    await readNote(page, text);
    await status()
      .getByText(/Done|nothing/i)
      .waitFor({ timeout: 90_000 });
  });

  it('takes 1 MB of text, shows progress, stops within 300 ms and keeps the note', async () => {
    const text = EMERGENCY_NOTE.repeat(Math.ceil(1_000_000 / EMERGENCY_NOTE.length));
    await readNote(page, 'chest pain');
    await status().getByText(/Done/).waitFor({ timeout: 90_000 });
    const edit = page.getByRole('button', { name: 'Edit' });
    if (await edit.isVisible()) await edit.click();
    await pasteNote(page, text);
    await status()
      .getByText(/\d+ of \d+/)
      .waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1500);
    const waited = await page.evaluate(async () => {
      const label = (button: Element) => button.textContent.trim();
      const stop = [...document.querySelectorAll('button')].find((button) => label(button).startsWith('Stop'))!;
      const started = performance.now();
      stop.click();
      while (!/Stopped/.test(document.querySelector('[role=status]')!.textContent)) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return performance.now() - started;
    });
    expect(waited).toBeLessThan(300);
    if (await edit.isVisible()) await edit.click();
    expect((await page.getByRole('textbox', { name: 'Note' }).inputValue()).length).toBe(text.length);

    // the worker is free again at once
    await readNote(page, 'Denies fever.');
    await status().getByText(/Done/).waitFor({ timeout: 20_000 });
  });

  it('refuses a note longer than the limit with a clear message and keeps it', async () => {
    const text = 'chest pain '.repeat(200_000);
    await pasteNote(page, text);
    await expect.poll(() => status().innerText(), { timeout: 60_000 }).toMatch(/too long|longer|characters/i);
  });
});
