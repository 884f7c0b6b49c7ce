/** From checked bytes to the parts that the pipeline needs. */
import { parseCodeSet, type CodeSet } from '../nlp/coding/code-set';
import { parseRanking, type CodePrior, type RankingModel } from '../nlp/coding/ranking';
import { readNameIndex, type NameIndex } from '../nlp/coding/name-index';
import { parseVectors, type VectorIndex } from '../nlp/coding/vectors';
import { parseGlossary, type Glossary } from '../nlp/glossary';
import type { TagScheme } from '../nlp/tags';
import { parseVocabulary, type Vocabulary } from '../nlp/wordpiece';
import type { Golden } from './golden';

type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

const decoder = new TextDecoder();

function textOf(files: Files, name: string): string {
  return decoder.decode(files.get(name));
}

export interface EntityModelParts {
  readonly vocabulary: Vocabulary;
  readonly scheme: TagScheme;
  readonly golden: Golden;
}

export function readEntityModel(files: Files): EntityModelParts {
  const scheme = JSON.parse(textOf(files, 'scheme.json')) as TagScheme & { golden: Golden };
  return { vocabulary: parseVocabulary(textOf(files, 'vocab.txt')), scheme, golden: scheme.golden };
}

/** The code set is fetched as it is stored, gzipped: a server that would compress it again drops its length. */
async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export async function readCodeSet(files: Files): Promise<CodeSet> {
  return parseCodeSet(decoder.decode(await gunzip(files.get('codes.bin')!)));
}

export interface CodeSearchParts {
  readonly vocabulary: Vocabulary;
  readonly names: NameIndex;
  readonly vectors: VectorIndex;
  readonly prior: CodePrior;
  readonly golden: Golden;
}

export async function readCodeSearch(files: Files): Promise<CodeSearchParts> {
  const config = JSON.parse(textOf(files, 'config.json')) as { golden: Golden };
  return {
    vocabulary: parseVocabulary(textOf(files, 'vocab.txt')),
    names: readNameIndex(await gunzip(files.get('names.bin')!), textOf(files, 'terms.txt').split('\n')),
    vectors: parseVectors(files.get('vectors.bin')!),
    prior: JSON.parse(textOf(files, 'prior.json')) as CodePrior,
    golden: config.golden,
  };
}

export function readGolden(files: Files): Golden {
  return JSON.parse(textOf(files, 'golden.json')) as Golden;
}

export function readRanking(files: Files): RankingModel {
  return parseRanking(JSON.parse(textOf(files, 'ranking.json')) as RankingModel);
}

export function readGlossary(files: Files): Glossary {
  return parseGlossary(JSON.parse(textOf(files, 'glossary.json')), JSON.parse(textOf(files, 'senses.json')));
}
