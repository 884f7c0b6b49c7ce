// @vitest-environment node
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const UI = new URL('../../src/ui/', import.meta.url);
const sources = readdirSync(UI)
  .filter((name) => name.endsWith('.svelte'))
  .map((name) => [name, readFileSync(new URL(name, UI), 'utf8')] as const);

describe('components', () => {
  it.each(sources)('%s needs no inline style or script, and no words of its own', (_name, source) => {
    const markup = source.slice(source.indexOf('</script>') + 9, source.indexOf('<style>'));
    expect(markup).not.toMatch(/\sstyle=|style:|transition:|\bin:|\bout:|animate:|\{@html/);
    expect(source).not.toMatch(/svelte\/(transition|animate)|console\.|localStorage|sessionStorage|innerHTML/);
    const words = markup.replace(/<!--[^>]*-->/g, '').match(/>\s*[A-Za-z][a-z]+[^<>{}=;()]*</g);
    expect(words).toBeNull();
  });

  it('has exactly one live region', () => {
    const live = sources.flatMap(([, source]) => source.match(/role="status"|aria-live|role="alert"/g) ?? []);
    expect(live).toEqual(['role="status"']);
  });
});
