import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright';
import { EMERGENCY_NOTE } from '../fixtures/notes';
import { APP_URL, launch, openApp, readNote, showPanel } from './browser';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});
beforeEach(async () => {
  const context = await browser.newContext();
  page = await context.newPage();
});
afterEach(async () => {
  await page.context().close();
});

const done = (target: Page) => target.getByRole('status').getByText(/Done/).waitFor({ timeout: 90_000 });

/** Everything the page and its workers asked the network for. */
function recordRequests(target: Page): { url: string; body: string }[] {
  const seen: { url: string; body: string }[] = [];
  target.context().on('request', (request) => seen.push({ url: request.url(), body: request.postData() ?? '' }));
  return seen;
}

describe('reading a note', () => {
  it('gives findings, codes with evidence, and plain language', async () => {
    await openApp(page);
    await readNote(page, EMERGENCY_NOTE);
    await done(page);

    const findings = await showPanel(page, 'Findings');
    await expect.poll(() => findings.innerText()).toContain('furosemide');
    const words = await findings.innerText();
    for (const expected of ['chest pain', 'fever', 'breast cancer', '40 mg']) expect(words).toContain(expected);

    const codes = await showPanel(page, 'Codes');
    const listed = await codes.innerText();
    expect(listed).toContain('FY2027');
    expect(listed).toContain('I11.0');
    expect(listed).toContain('E11.9');
    await codes.getByRole('button', { name: /HTN/ }).first().click();
    await expect
      .poll(() => page.locator('mark[aria-current="true"], [aria-current="true"]').allInnerTexts())
      .toContainEqual(expect.stringContaining('HTN'));

    const plain = await showPanel(page, 'Plain language');
    await expect.poll(() => plain.innerText()).toMatch(/twice a day/i);
    expect(await plain.innerText()).toMatch(/grade/i);
  });

  it('keeps what the reader decides about codes when the note is read again for an inpatient', async () => {
    await openApp(page);
    await readNote(page, `${EMERGENCY_NOTE}\nDischarge diagnosis: probable gastritis.`);
    await done(page);
    const codes = await showPanel(page, 'Codes');
    const suggested = (): Promise<string> => codes.locator('ol').first().innerText();
    expect(await suggested()).not.toContain('K29.70');

    await codes.getByRole('button', { name: 'Reject: E11.9' }).click();
    await codes.getByText('Rejected by you').waitFor();
    await codes.getByRole('combobox').fill('K21.9');
    await codes.getByRole('button', { name: 'Add to this note’s codes: K21.9' }).click();
    await codes.getByText('Added by you').waitFor();

    await codes.getByRole('radio', { name: 'Inpatient' }).check();
    await expect.poll(suggested, { timeout: 60_000 }).toContain('K29.70');
    expect(await codes.innerText()).toContain('Rejected by you');
    expect(await codes.innerText()).toContain('K21.9');
    await codes.getByRole('button', { name: 'Undo: E11.9' }).click();
    await codes.getByRole('button', { name: 'Reject: E11.9' }).waitFor();
  });

  it('tells nobody: no request to another origin, no trace of the note in a URL, body, console line or storage', async () => {
    const marker = 'Zyxwvut';
    const requests = recordRequests(page);
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    page.on('pageerror', (error) => lines.push(String(error)));
    await openApp(page);
    await readNote(page, `${EMERGENCY_NOTE}\nPatient name: ${marker}. ${marker} has ${marker} syndrome.`);
    await done(page);
    await showPanel(page, 'Plain language');

    const origin = new URL(APP_URL()).origin;
    for (const { url, body } of requests) {
      expect(new URL(url).origin === origin || url.startsWith('blob:') || url.startsWith('data:'), url).toBe(true);
      expect(url).not.toContain(marker);
      expect(body).not.toContain(marker);
    }
    expect(requests.length).toBeGreaterThan(5);
    expect(lines.join('\n')).not.toContain(marker);
    expect(page.url()).not.toContain(marker);
    const stored = await page.evaluate(async () => {
      const parts = [JSON.stringify([localStorage, sessionStorage]), document.cookie];
      for (const { name } of await indexedDB.databases()) parts.push(name ?? '');
      for (const name of await caches.keys()) {
        for (const request of await (await caches.open(name)).keys()) parts.push(request.url);
      }
      return parts.join('\n');
    });
    expect(stored).toContain('/stored/');
    expect(stored).not.toContain(marker);
  });

  it('serves a strict policy in the header and in the page, and the page obeys it', async () => {
    const violations: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy|Refused/.test(message.text())) violations.push(message.text());
    });
    const response = await page.goto(APP_URL());
    const header = response!.headers()['content-security-policy'];
    expect(header).toContain("default-src 'none'");
    expect(header).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
    const meta = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(meta).toContain("default-src 'none'");
    await readNote(page, EMERGENCY_NOTE);
    await done(page);
    expect(violations).toEqual([]);
    await expect(
      page.evaluate(() =>
        fetch('https://example.org/').then(
          () => 'sent',
          () => 'refused',
        ),
      ),
    ).resolves.toBe('refused');
  });

  it('says which processor reads the note, and why', async () => {
    await openApp(page);
    await readNote(page, 'chest pain');
    await done(page);
    expect(await page.getByRole('banner').innerText()).toMatch(/CPU/);
  });

  it('reads every example of the menu', async () => {
    await openApp(page);
    await page.getByRole('button', { name: 'Try an example' }).click();
    const names = await page.getByRole('menuitem').allInnerTexts();
    expect(names.length).toBeGreaterThanOrEqual(6);
    await page.keyboard.press('Escape');
    for (const index of names.keys()) {
      await page.getByRole('button', { name: 'Try an example' }).click();
      await page.getByRole('menuitem').nth(index).click();
      await page.getByRole('button', { name: 'Read note' }).click();
      await done(page);
      const findings = await showPanel(page, 'Findings');
      expect((await findings.innerText()).length).toBeGreaterThan(100);
      const edit = page.getByRole('button', { name: 'Edit' });
      if (await edit.isVisible()) await edit.click();
    }
  });
});
