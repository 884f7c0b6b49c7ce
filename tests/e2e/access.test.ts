import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright';
import { EMERGENCY_NOTE } from '../fixtures/notes';
import { launch, openApp, readNote, showPanel } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
});

describe.each([
  [360, 'light'],
  [360, 'dark'],
  [768, 'light'],
  [1440, 'light'],
  [1440, 'dark'],
] as const)('at %i px, %s', (width, colorScheme) => {
  it('has no accessibility violation and nothing wider than the screen, in every panel', async () => {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme });
    const page = await context.newPage();
    await openApp(page);
    const check = async (): Promise<void> => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    };
    await check();
    await readNote(page, EMERGENCY_NOTE);
    await page.getByRole('status').getByText(/Done/).waitFor({ timeout: 90_000 });
    for (const name of ['Findings', 'Codes', 'Plain language'] as const) {
      await showPanel(page, name);
      await check();
    }
    expect(await page.getByRole('status').count()).toBe(1);
    await context.close();
  });
});

describe('keyboard', () => {
  it('reads a note, moves between panels and stops without a pointer', async () => {
    const page = await browser.newPage();
    await openApp(page);
    await page.getByRole('textbox', { name: 'Note' }).focus();
    await page.keyboard.insertText(EMERGENCY_NOTE);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('status').getByText(/Done/).waitFor({ timeout: 90_000 });
    await page.getByRole('tab', { name: 'Findings' }).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.getByRole('region', { name: 'Codes', exact: true }).isVisible()).toBe(true);
    await page.close();
  });
});
