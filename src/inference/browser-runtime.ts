/** Which processor reads the note in this browser, and the proof that it reads right. */
import { env } from '@huggingface/transformers';
import { namedError, type Artefact, type ArtefactFile, type ArtefactStore } from './artefacts';
import type { ModelFactory } from './engine-parts';
import { givesGoldenResult, type Golden, type RunIds } from './golden';
import type { SessionSettings } from './model-files';
import { loadQueryEncoder } from './query-encoder';
import { loadTextGenerator, type TextGenerator } from './text-generator';
import { loadTokenClassifier } from './token-classifier';

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** What the page asks for: its own choice, or one forced by a person or by an earlier failure. */
export type DeviceWish = 'auto' | 'webgpu' | 'wasm' | 'wasm-after-failure' | 'wasm-after-wrong-result';

export interface DeviceChoice {
  readonly device: 'webgpu' | 'wasm';
  readonly dtype: 'q8' | 'w8';
  readonly threads: number;
  readonly reason:
    'webgpu_checked' | 'webgpu_absent' | 'webgpu_fallback_adapter' | 'webgpu_wrong_result' | 'webgpu_failed' | 'forced';
  readonly crossOriginIsolated: boolean;
}

/** More threads than this bring little for windows of 190 tokens and starve a phone. */
const THREAD_LIMIT = 4;

interface GpuAdapter {
  readonly info?: { readonly isFallbackAdapter?: boolean };
}
interface Gpu {
  requestAdapter(): Promise<GpuAdapter | null>;
}

function wasmChoice(reason: DeviceChoice['reason']): DeviceChoice {
  const isolated = self.crossOriginIsolated;
  const threads = isolated ? Math.max(1, Math.min(THREAD_LIMIT, navigator.hardwareConcurrency)) : 1;
  return { device: 'wasm', dtype: 'q8', threads, reason, crossOriginIsolated: isolated };
}

/** Software adapters are slower than WASM and sometimes wrong: refused unless a person forces WebGPU. */
export async function chooseDevice(wish: DeviceWish): Promise<DeviceChoice> {
  if (wish === 'wasm') return wasmChoice('forced');
  if (wish === 'wasm-after-failure') return wasmChoice('webgpu_failed');
  if (wish === 'wasm-after-wrong-result') return wasmChoice('webgpu_wrong_result');
  const gpu = (navigator as { gpu?: Gpu }).gpu;
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (!adapter) return wasmChoice('webgpu_absent');
  if (wish === 'auto' && adapter.info?.isFallbackAdapter) return wasmChoice('webgpu_fallback_adapter');
  return {
    device: 'webgpu',
    dtype: 'w8',
    threads: 1,
    reason: wish === 'webgpu' ? 'forced' : 'webgpu_checked',
    crossOriginIsolated: self.crossOriginIsolated,
  };
}

/** The runtime's files for each device; the glue is a module that must be imported by URL, so it is precached instead. */
export interface RuntimeFiles {
  readonly glue: Readonly<Record<'wasm' | 'webgpu', string>>;
  readonly binary: Readonly<Record<'wasm' | 'webgpu', ArtefactFile>>;
  readonly version: string;
}

async function configureRuntime(choice: DeviceChoice, files: RuntimeFiles, store: ArtefactStore): Promise<void> {
  const binary = files.binary[choice.device];
  const artefact: Artefact = { name: 'runtime', version: files.version, licence: 'MIT', files: [binary] };
  const opened = await store.open(artefact);
  const wasm = env.backends.onnx.wasm!;
  wasm.wasmPaths = { mjs: files.glue[choice.device] };
  wasm.wasmBinary = opened.get(binary.path.split('/').at(-1)!)!.buffer;
  wasm.numThreads = choice.threads;
  wasm.proxy = false;
}

export interface LoadRequest {
  readonly choice: DeviceChoice;
  readonly runtime: RuntimeFiles;
  readonly store: ArtefactStore;
}

/** Readies the runtime and returns what makes a model on the chosen device. */
export async function openRuntime({ choice, runtime, store }: LoadRequest): Promise<ModelFactory> {
  await configureRuntime(choice, runtime, store);
  return (model, files, golden) =>
    model === 'entities' ? loadOnDevice(files, golden, choice.device) : loadEncoder(files, golden);
}

/**
 * The classifier on the chosen device, after a warm-up run whose result was compared.
 * @throws ModelUnavailableError "webgpu_failed" or "webgpu_wrong_result" (the page then starts a worker for WASM), or
 * "wasm_wrong_result" when no device can be trusted.
 */
async function loadOnDevice(files: Files, golden: Golden, device: DeviceChoice['device']): Promise<RunIds> {
  const attempt = async (): Promise<[RunIds, boolean]> => {
    const settings: SessionSettings = {
      device,
      executionProviders: [device],
      dtype: device === 'webgpu' ? 'fp32' : 'q8',
    };
    const classify = await loadTokenClassifier(files, settings);
    return [classify, await givesGoldenResult(classify, golden)];
  };
  const [classify, right] = await attempt().catch((cause: unknown) => {
    if (device === 'webgpu') throw namedError('ModelUnavailableError', 'webgpu_failed');
    throw cause;
  });
  if (!right) throw namedError('ModelUnavailableError', `${device}_wrong_result`);
  return classify;
}

/** On WASM as well: int8 is faster there than anything a GPU runs without half precision, and checked everywhere. */
export async function loadGeneratorOnCpu(files: Files, golden: Golden): Promise<TextGenerator> {
  const generator = await loadTextGenerator(files, { device: 'wasm', executionProviders: ['wasm'], dtype: 'q8' });
  const run: RunIds = (ids) => generator.score(ids, golden.output.length);
  if (!(await givesGoldenResult(run, golden))) throw namedError('ModelUnavailableError', 'wasm_wrong_result');
  return generator;
}

/** Always on WASM: a name is a handful of pieces, for which starting a GPU costs more than it brings. */
async function loadEncoder(files: Files, golden: Golden): Promise<RunIds> {
  const encode = await loadQueryEncoder(files, { device: 'wasm', executionProviders: ['wasm'], dtype: 'q8' });
  if (!(await givesGoldenResult(encode, golden))) throw namedError('ModelUnavailableError', 'wasm_wrong_result');
  return encode;
}
