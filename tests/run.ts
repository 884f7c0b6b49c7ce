/**
 * npm test: checks types and lint, then runs every test in one vitest run (units, real weights, real Chromium), finding
 * a browser first or installing Playwright's. The last line sums what vitest's own report says.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';

const KNOWN_PLACES = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

function run(command: string, ...parameters: string[]): boolean {
  const { status } = spawnSync(command, parameters, { stdio: 'inherit', shell: process.platform === 'win32' });
  return status === 0;
}

function findBrowser(): string | undefined {
  const places = [...KNOWN_PLACES, chromium.executablePath()];
  return places.find((place) => place !== undefined && existsSync(place));
}

let browser = findBrowser();
if (!browser) {
  console.log('No Chromium found: installing the one of Playwright.');
  run('npx', 'playwright', 'install', 'chromium');
  browser = findBrowser();
}
if (!browser) {
  console.error('No browser: install Chromium (Debian: apt-get install chromium) or set CHROMIUM_PATH.');
  process.exit(1);
}
process.env['CHROMIUM_PATH'] = browser;

const checked = run('npm', 'run', '--silent', 'check') && run('npm', 'run', '--silent', 'lint');
const report = join(mkdtempSync(join(tmpdir(), 'plainchart-')), 'report.json');
const tested = run('npx', 'vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`);
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
}
const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8')) as Report;
if (!checked) console.error('Types or lint: see above.');
console.log(
  `${numPassedTests} passed, ${numFailedTests + (numFailedTests === 0 && !tested ? numFailedTestSuites : 0)} failed`,
);
process.exit(checked && tested ? 0 : 1);
