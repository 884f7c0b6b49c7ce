/** Builds the app once and serves it as `npm start` does, on a free port; tests read the address from the environment. */
import { build, preview, type PreviewServer } from 'vite';

export async function setup(): Promise<() => Promise<void>> {
  await build({ logLevel: 'warn' });
  const server: PreviewServer = await preview({ logLevel: 'warn', preview: { port: 41730 + (process.pid % 200) } });
  process.env['APP_URL'] = server.resolvedUrls!.local[0]!;
  return () => server.close();
}
