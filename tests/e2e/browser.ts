/** Real Chromium, and one page object for what a reader does. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright';

const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

export const APP_URL = (): string => process.env['APP_URL']!;

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

export function launch(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...QUIET, ...flags] });
}

/** A profile that survives, as a reader's does. */
export function launchWithProfile(folder: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(folder, { executablePath, args: QUIET });
}

export async function openApp(page: Page, query = ''): Promise<void> {
  await page.goto(APP_URL() + query);
  await page.getByRole('textbox', { name: 'Note' }).waitFor();
}

export async function readNote(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Note' }).fill(text);
  await page.getByRole('button', { name: 'Read note' }).click();
}

/** As Ctrl+V does it; Playwright's fill inserts line by line, which takes Chromium minutes for a long text. */
export async function pasteNote(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Note' }).evaluate((box: HTMLTextAreaElement, pasted) => {
    box.focus();
    box.select();
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', pasted);
    box.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await page.getByRole('button', { name: 'Read note' }).click();
}

export async function showPanel(page: Page, name: 'Findings' | 'Codes' | 'Plain language') {
  await page.getByRole('tab', { name }).click();
  const region = page.getByRole('region', { name, exact: true });
  await region.waitFor();
  return region;
}
