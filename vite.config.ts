import { createHash } from 'node:crypto';
import { cpSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import packageFile from './package.json' with { type: 'json' };

/** Works for WASM threads and WebGPU alike; nothing of another origin is ever asked for (docs/privacy.md). */
const POLICY = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'font-src': "'self'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
};
const policyOf = (policy: Record<string, string>): string =>
  Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');

const HEADERS = {
  'Content-Security-Policy': policyOf({ ...POLICY, 'frame-ancestors': "'none'" }),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
};

/** The onnxruntime-web that transformers.js links, plain for WASM and asyncify for WebGPU. */
const require = createRequire(import.meta.url);
const transformersFolder = dirname(require.resolve('@huggingface/transformers'));
const runtimeFolder = dirname(createRequire(join(transformersFolder, 'x.js')).resolve('onnxruntime-web'));
const RUNTIME_NAMES = { wasm: 'ort-wasm-simd-threaded', webgpu: 'ort-wasm-simd-threaded.asyncify' };

function runtimeBinary(name: string): { path: string; bytes: number; sha256: string } {
  const file = join(runtimeFolder, `${name}.wasm`);
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  return { path: `ort/${name}.wasm`, bytes: statSync(file).size, sha256 };
}

const runtimeFiles = {
  version: (JSON.parse(readFileSync(join(runtimeFolder, '../package.json'), 'utf8')) as { version: string }).version,
  glue: { wasm: `ort/${RUNTIME_NAMES.wasm}.mjs`, webgpu: `ort/${RUNTIME_NAMES.webgpu}.mjs` },
  binary: { wasm: runtimeBinary(RUNTIME_NAMES.wasm), webgpu: runtimeBinary(RUNTIME_NAMES.webgpu) },
};

interface ManifestEntry {
  readonly name: string;
  readonly files: readonly { readonly bytes: number }[];
}
const manifest = JSON.parse(readFileSync('models/manifest.json', 'utf8')) as readonly ManifestEntry[];
const rewriterBytes = (manifest.find(({ name }) => name === 'simplifier')?.files ?? []).reduce(
  (sum, { bytes }) => sum + bytes,
  0,
);

/** What is fetched at run time lies beside the shell: models/ and the runtime. Not hashed by vite: the manifest is. */
function runtimeFolders(): Plugin {
  return {
    name: 'plainchart-runtime-folders',
    apply: 'build',
    writeBundle({ dir }, bundle) {
      if (!dir || !Object.keys(bundle).includes('index.html')) return;
      cpSync('models', join(dir, 'models'), { recursive: true, filter: (path) => !path.endsWith('.md') });
      for (const name of Object.values(RUNTIME_NAMES)) {
        for (const ending of ['.mjs', '.wasm'])
          cpSync(join(runtimeFolder, name + ending), join(dir, 'ort', name + ending));
      }
    },
  };
}

/** The policy also stands in the page, for hosts that cannot set headers (frame-ancestors works in a header only). */
function pagePolicy(): Plugin {
  return {
    name: 'plainchart-page-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policyOf(POLICY) },
        injectTo: 'head-prepend',
      },
    ],
  };
}

const pwa = VitePWA({
  strategies: 'injectManifest',
  srcDir: 'src',
  filename: 'service-worker.ts',
  registerType: 'prompt',
  injectRegister: false,
  injectManifest: {
    globPatterns: ['index.html', 'assets/*', 'icons/*', 'ort/*.mjs'],
    maximumFileSizeToCacheInBytes: 2 * 1024 * 1024,
  },
  manifest: {
    name: 'Plainchart',
    short_name: 'Plainchart',
    description: 'Reads a clinical note on this device: findings, ICD-10-CM codes, plain language. Nothing is sent.',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#faf8f3',
    theme_color: '#1f4b43',
    icons: [
      { src: 'icons/icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icons/icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
});

export default defineConfig({
  base: './',
  appType: 'mpa',
  plugins: [svelte(), runtimeFolders(), pagePolicy(), pwa],
  define: {
    __POLICY__: JSON.stringify(policyOf({ ...POLICY, 'frame-ancestors': "'none'" })),
    __APP_VERSION__: JSON.stringify(packageFile.version),
    __RUNTIME_FILES__: JSON.stringify(runtimeFiles),
    __REWRITER_BYTES__: JSON.stringify(rewriterBytes),
  },
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  optimizeDeps: { exclude: ['@huggingface/transformers', 'onnxruntime-web'] },
  worker: { format: 'es' },
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0, chunkSizeWarningLimit: 700 },
  preview: { port: Number(process.env['PORT'] ?? 4173), strictPort: true, headers: HEADERS },
});
