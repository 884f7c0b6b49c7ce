import tseslint from 'typescript-eslint';
import svelte from 'eslint-plugin-svelte';
import importX from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import globals from 'globals';

/** target may not import from; the reason is the message. Paths as in docs/architecture.md. */
const zone = (target, message, allowed) => ({ target: `./src/${target}`, from: './src', except: allowed, message });
const closed = (target, from, message) => ({ target: `./src/${target}`, from, message });

const layers = [
  zone('nlp', 'nlp is pure and imports nothing outside itself: it must run on the page, in the worker and in Node.', [
    './nlp',
  ]),
  zone('inference', 'inference adapts runtimes for the pipeline: it may import nlp only.', ['./inference', './nlp']),
  zone('worker', 'the boundary: worker.ts may import inference and nlp, api.ts and client.ts nlp only.', [
    './worker',
    './inference',
    './nlp',
  ]),
  closed('worker/{api,client}.ts', './src/inference', 'the page side of the boundary knows no runtime.'),
  zone('history', 'history stores documents: it may import nlp only.', ['./history', './nlp']),
  zone('state', 'state talks to client and history; components and inference are not its business.', [
    './state',
    './worker',
    './history',
    './nlp',
  ]),
  closed('state', './src/worker/worker.ts', 'the page never imports worker code: use client.ts and api.ts.'),
  zone('ui', 'components show and ask: they may import state, nlp types and the contract.', [
    './ui',
    './state',
    './nlp',
    './worker/api.ts',
  ]),
];

/** One door per dependency: the pattern may be imported only in the files named. */
const doors = [
  {
    group: ['comlink'],
    message: 'comlink has one door: src/worker/{worker,client}.ts.',
    files: ['src/worker/worker.ts', 'src/worker/client.ts'],
  },
  {
    group: ['@huggingface/transformers', 'onnxruntime-*', 'onnxruntime-*/*'],
    message: 'the runtimes have one door: src/inference/.',
    files: ['src/inference/**'],
  },
  { group: ['idb'], message: 'idb has one door: src/history/.', files: ['src/history/**'] },
];

const doorRule = (open) => [
  'error',
  { patterns: doors.filter((door) => door !== open).map(({ group, message }) => ({ group, message })) },
];

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'public/', 'models/', '.work/', 'coverage/', 'training/'] },
  ...tseslint.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser },
      parserOptions: { projectService: true, extraFileExtensions: ['.svelte'], tsconfigRootDir: import.meta.dirname },
    },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: layers }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'no-restricted-imports': doorRule(null),
      'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 60 }],
      'max-params': ['error', 3],
      complexity: ['error', 12],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  ...doors.map((door) => ({ files: door.files, rules: { 'no-restricted-imports': doorRule(door) } })),
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  { files: ['**/*.svelte'], rules: { 'max-lines': ['error', { max: 200 }] } },
  {
    files: ['tests/**', 'bench/**', '*.config.*'],
    rules: { 'max-lines-per-function': 'off', 'no-restricted-imports': 'off', 'import-x/no-default-export': 'off' },
  },
  { files: ['*.config.js'], ...tseslint.configs.disableTypeChecked },
);
