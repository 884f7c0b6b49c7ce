import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright';
import { EMERGENCY_NOTE } from '../fixtures/notes';
import { launch, openApp, readNote, showPanel } from './browser';

/** A software adapter: right for checking results, refused for real use. */
const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

let browser: Browser;
beforeAll(async () => {
  browser = await launch(SOFTWARE_GPU);
});
afterAll(async () => {
  await browser.close();
});

async function findingsOn(page: Page, query: string): Promise<string> {
  await openApp(page, query);
  await readNote(page, EMERGENCY_NOTE);
  await page.getByRole('status').getByText(/Done/).waitFor({ timeout: 200_000 });
  return (await showPanel(page, 'Findings')).innerText();
}

describe('with a WebGPU adapter', () => {
  it('refuses a software adapter by itself and says so', async () => {
    const page = await browser.newPage();
    await findingsOn(page, '');
    expect(await page.getByRole('banner').innerText()).toContain('CPU');
    await page.close();
  });

  it('reads the same on WebGPU as on WASM, after the golden input was checked', { timeout: 300_000 }, async () => {
    const gpu = await browser.newPage();
    const onGpu = await findingsOn(gpu, '?device=webgpu');
    expect(await gpu.getByRole('banner').innerText()).toContain('GPU');
    expect(onGpu).toContain('furosemide');
    expect(onGpu).toContain('chest pain');
    await gpu.close();
  });
});
