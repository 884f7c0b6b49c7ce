/** What the app consists of beside its code: the published artefacts, and the parts read from them once. */
import manifest from '../../models/manifest.json';
import type { Glossary } from '../nlp/glossary';
import { wordsFor } from '../nlp/verification-wording';
import type { AnalysisParts, Recognize, Rewrite } from '../nlp/pipeline';
import type { Versions } from '../nlp/document';
import { makeCodeSearch, type CodeSearch, type SearchParts } from '../nlp/coding/search';
import { tokenize } from '../nlp/wordpiece';
import { readCodeSearch, readCodeSet, readEntityModel, readGlossary, readGolden, readRanking } from './artefact-parts';
import { deleteStale, type Artefact, type ArtefactStore } from './artefacts';
import { recognize, type TokenClassifier } from './entity-recognizer';
import type { Golden, RunIds } from './golden';
import type { TextGenerator } from './text-generator';

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

/**
 * Makes a model from its checked files: in the browser on a chosen device, in Node on an engine. "entities" gives tag
 * logits, "code-search" a vector.
 * @throws ModelUnavailableError when the device computes wrongly.
 */
export type ModelFactory = (
  model: 'entities' | 'code-search',
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  golden: Golden,
) => Promise<RunIds>;

/** The encoder was trained on names of at most so many pieces; more add nothing to a name. */
const PHRASE_PIECES = 22;

interface OpenedSearch {
  readonly parts: SearchParts;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

async function openSearch(store: ArtefactStore, makeModel: ModelFactory): Promise<OpenedSearch> {
  const codeSet = await readCodeSet(await store.open(artefactNamed('icd10cm')));
  const files = await store.open(artefactNamed('code-search'));
  const { vocabulary, names, vectors, prior, golden } = await readCodeSearch(files);
  const encode = await makeModel('code-search', files, golden);
  const embed = (phrase: string): Promise<Float32Array> => {
    const pieces = tokenize(phrase, { start: 0, end: phrase.length }, vocabulary).slice(0, PHRASE_PIECES);
    return encode([vocabulary.clsId, ...pieces.map((piece) => piece.id), vocabulary.sepId]);
  };
  return { parts: { codeSet, names, vectors, embed, prior }, files };
}

/** The search without the ranking, which is learned from what it proposes. */
export async function loadSearchParts(store: ArtefactStore, makeModel: ModelFactory): Promise<SearchParts> {
  return (await openSearch(store, makeModel)).parts;
}

export async function loadCodeSearch(store: ArtefactStore, makeModel: ModelFactory): Promise<CodeSearch> {
  const { parts, files } = await openSearch(store, makeModel);
  return makeCodeSearch(parts, readRanking(files));
}

export async function loadRecognizer(
  store: ArtefactStore,
  dtype: 'q8' | 'w8',
  makeModel: ModelFactory,
): Promise<Recognize> {
  const files = await store.open(artefactNamed('entities'), dtype);
  const { vocabulary, scheme, golden } = readEntityModel(files);
  const classify: TokenClassifier = await makeModel('entities', files, golden);
  return (document, onWindow) => recognize(document, { vocabulary, scheme, classify }, onWindow);
}

export async function loadGlossary(store: ArtefactStore): Promise<Glossary> {
  return readGlossary(await store.open(artefactNamed('glossary')));
}

/** Everything an analysis needs; `dtype` picks the model file that is downloaded. */
export async function loadParts(
  store: ArtefactStore,
  dtype: 'q8' | 'w8',
  makeModel: ModelFactory,
): Promise<AnalysisParts> {
  const recognizer = await loadRecognizer(store, dtype, makeModel);
  const codes = await loadCodeSearch(store, makeModel);
  const glossary = await loadGlossary(store);
  return { recognize: recognizer, codes, glossary };
}

export type GeneratorFactory = (
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  golden: Golden,
) => Promise<TextGenerator>;

/** The answer is at most so much longer than the draft: what rambles on is given up. */
const ANSWER_TOKENS = (draft: string): number => 32 + Math.ceil(draft.length / 2);

/** The decoder that rewords a sentence for the patient; see training/decoder for the prompt. */
export async function loadRewriter(
  store: ArtefactStore,
  makeGenerator: GeneratorFactory,
  mode: 'you' | 'plain' = 'you',
): Promise<Rewrite> {
  const files = await store.open(artefactNamed('simplifier'));
  const generator = await makeGenerator(files, readGolden(files));
  return (draft, onText) =>
    generator.generate({
      prompt: `<|im_start|>${mode} ${draft}<|im_end|>`,
      words: wordsFor(draft),
      limit: ANSWER_TOKENS(draft),
      onText,
    });
}

/** Removes what earlier versions stored; `also` names artefacts that are not in the manifest (the runtime). */
export async function forgetOldArtefacts(also: readonly Artefact[]): Promise<void> {
  await deleteStale([...ARTEFACTS, ...also]);
}
