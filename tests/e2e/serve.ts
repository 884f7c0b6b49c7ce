/** Builds the app once and serves it as `npm start` does, on a free port; tests read the address from the environment. */
import { execFileSync } from 'node:child_process';
import { preview, type PreviewServer } from 'vite';

export async function setup(): Promise<() => Promise<void>> {
  // a process of its own: vitest's NODE_ENV would make it a development build
  const env = { ...process.env, NODE_ENV: 'production' };
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn'], {
    env,
    stdio: 'inherit',
  });
  const server: PreviewServer = await preview({ logLevel: 'warn', preview: { port: 41730 + (process.pid % 200) } });
  process.env['APP_URL'] = server.resolvedUrls!.local[0]!;
  return () => server.close();
}
