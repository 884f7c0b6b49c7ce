import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview, type PreviewServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright';
import { EMERGENCY_NOTE } from '../fixtures/notes';
import { launchWithProfile, readNote, showPanel } from './browser';

let profile: string;
let server: PreviewServer;
let address: string;
beforeAll(async () => {
  profile = mkdtempSync(join(tmpdir(), 'plainchart-profile-'));
  server = await preview({ logLevel: 'warn', preview: { port: 42730 + (process.pid % 200) } });
  address = server.resolvedUrls!.local[0]!;
});
afterAll(() => {
  rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
});

async function readAndCheck(page: Page): Promise<void> {
  await readNote(page, EMERGENCY_NOTE);
  await page.getByRole('status').getByText(/Done/).waitFor({ timeout: 90_000 });
  expect(await (await showPanel(page, 'Findings')).innerText()).toContain('furosemide');
  expect(await (await showPanel(page, 'Codes')).innerText()).toContain('I11.0');
  expect(await (await showPanel(page, 'Plain language')).innerText()).toMatch(/twice a day/i);
}

describe('offline', () => {
  it('does everything with the server stopped and the browser restarted, after one visit', async () => {
    const first = await launchWithProfile(profile);
    const visit = await first.newPage();
    await visit.goto(address);
    await visit.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await readAndCheck(visit);
    await first.close();

    await server.close();
    await expect(fetch(address)).rejects.toThrow();

    const second = await launchWithProfile(profile);
    const page = await second.newPage();
    await page.goto(address);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await readAndCheck(page);
    await second.close();
  });
});
