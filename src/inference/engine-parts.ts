/** What the app consists of beside its code: the published artefacts, and the parts read from them once. */
import manifest from '../../models/manifest.json';
import type { AnalysisParts, Recognize } from '../nlp/pipeline';
import type { Versions } from '../nlp/document';
import { buildSearchIndex, type CodeSearch } from '../nlp/coding/search';
import { readCodeSet, readEntityModel, readGlossary } from './artefact-parts';
import { deleteStale, type Artefact, type ArtefactStore } from './artefacts';
import { recognize, type TokenClassifier } from './entity-recognizer';
import type { Golden } from './golden';

export const ARTEFACTS = manifest as readonly Artefact[];

export const CODES_EDITION = 'FY2027';

function artefactNamed(name: string): Artefact {
  return ARTEFACTS.find((artefact) => artefact.name === name)!;
}

/** Name -> "version+sha256:…" of the file that decides the result, for every analysis and export. */
export function versionsOf(app: string, dtype: string): Versions {
  const models = ARTEFACTS.map((artefact) => {
    const decisive = artefact.files.find((file) => file.dtype === dtype) ?? artefact.files[0]!;
    return [artefact.name, `${artefact.version}+sha256:${decisive.sha256.slice(0, 12)}`] as const;
  });
  return { app, models: Object.fromEntries(models), codes: { 'ICD-10-CM': CODES_EDITION } };
}

/** Makes the classifier from the model's checked files: in the browser on a chosen device, in Node on an engine. */
export type ClassifierFactory = (
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  golden: Golden,
) => Promise<TokenClassifier>;

export async function loadCodeSearch(store: ArtefactStore): Promise<CodeSearch> {
  return buildSearchIndex(await readCodeSet(await store.open(artefactNamed('icd10cm'))));
}

export async function loadRecognizer(
  store: ArtefactStore,
  dtype: 'q8' | 'fp16',
  makeClassifier: ClassifierFactory,
): Promise<Recognize> {
  const files = await store.open(artefactNamed('entities'), dtype);
  const { vocabulary, scheme, golden } = readEntityModel(files);
  const classify = await makeClassifier(files, golden);
  return (document, onWindow) => recognize(document, { vocabulary, scheme, classify }, onWindow);
}

/** Everything an analysis needs; `dtype` picks the model file that is downloaded. */
export async function loadParts(
  store: ArtefactStore,
  dtype: 'q8' | 'fp16',
  makeClassifier: ClassifierFactory,
): Promise<AnalysisParts> {
  const recognizer = await loadRecognizer(store, dtype, makeClassifier);
  const codes = await loadCodeSearch(store);
  const glossary = readGlossary(await store.open(artefactNamed('glossary')));
  return { recognize: recognizer, codes, glossary };
}

/** Removes what earlier versions stored; `also` names artefacts that are not in the manifest (the runtime). */
export async function forgetOldArtefacts(also: readonly Artefact[]): Promise<void> {
  await deleteStale([...ARTEFACTS, ...also]);
}
