import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import budgets from '../../bench/budgets.json';

const gzipped = (path: string): number => gzipSync(readFileSync(path), { level: 9 }).length;

describe('the built app', () => {
  it('has a shell of at most 200 KB: page, styles, worker and service worker', () => {
    const assets = readdirSync('dist/assets').filter((name) => !name.startsWith('browser-runtime'));
    const files = ['dist/index.html', 'dist/service-worker.js', ...assets.map((name) => join('dist/assets', name))];
    const total = files.reduce((sum, file) => sum + gzipped(file), 0);
    expect(total).toBeLessThan(budgets.shellGzippedBytes);
  });

  it('has no inline script or style, and names no other origin to load from', () => {
    const html = readFileSync('dist/index.html', 'utf8');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
    expect(html.replaceAll('http-equiv', '')).not.toMatch(/https?:\/\//);
  });
});
