/**
 * The way of one note: text -> a Document with every layer. The same code in the worker and in Node.
 * Every stage predicts and returns a new document; nothing here knows about models, threads or screens.
 */
import { expandAbbreviations } from './abbreviations';
import { assertEntities } from './assertion';
import { attachAttributes } from './attributes';
import { codeNote } from './coding/coding';
import { linkEntity } from './coding/linking';
import type { CodeSearch } from './coding/search';
import {
  makeDocument,
  type CareSetting,
  type Document,
  type Entity,
  type SimplifiedSentence,
  type Simplification,
  type Versions,
} from './document';
import { findErrorProne } from './error-prone';
import type { Glossary } from './glossary';
import { applyLexicon } from './lexicon';
import { missingAttributes } from './missing-attributes';
import { findPeople } from './people';
import { placeInSections, sectionize } from './sections';
import { sentencize } from './sentences';
import { draftToReword, proposeGenerated, simplifySentence, summariseReadability } from './simplification';

export type Stage = 'sections' | 'entities' | 'assertions' | 'codes' | 'plain_language';

/** Awaited between pieces of work: the caller reports, lets other events in, or stops the job by throwing. */
export interface Progress {
  stage(stage: Stage, done: number, total: number): Promise<void>;
  entities(entities: readonly Entity[]): void;
  /** Words of a sentence that is being reworded, not verified yet. */
  words(sentenceIndex: number, text: string): void;
}

export type Recognize = (
  document: Document,
  onWindow: (done: number, total: number, entities: readonly Entity[]) => Promise<void>,
) => Promise<Document>;

export interface AnalysisParts {
  readonly recognize: Recognize;
  readonly codes: CodeSearch;
  readonly glossary: Glossary;
}

/** Longer notes are refused: 2 million characters are about 1,000 pages. */
export const TEXT_LIMIT = 2_000_000;

interface CodingStage {
  readonly codes: CodeSearch;
  readonly progress: Progress;
  readonly setting: CareSetting;
}

async function linkEntities(document: Document, { codes, progress, setting }: CodingStage): Promise<Document> {
  const entities: Entity[] = [];
  for (const entity of document.entities) {
    entities.push(await linkEntity(entity, document.text, codes));
    await progress.stage('codes', entities.length, document.entities.length);
  }
  return codeNote({ ...document, entities }, codes, setting);
}

export interface NoteToRead {
  readonly text: string;
  /** Decides whether uncertain diagnoses are coded (guidelines II.H and IV.H); an outpatient unless said otherwise. */
  readonly setting?: CareSetting;
}

/** Every layer but the codes: what plain language needs of a text. */
export async function annotateText(
  text: string,
  { recognize, glossary }: Pick<AnalysisParts, 'recognize' | 'glossary'>,
  progress: Progress,
): Promise<Document> {
  await progress.stage('sections', 0, 1);
  const structured = sentencize(sectionize(makeDocument(text)));
  const recognized = await recognize(structured, async (done, total, entities) => {
    progress.entities(entities);
    await progress.stage('entities', done, total);
  });
  await progress.stage('assertions', 0, 1);
  const expanded = expandAbbreviations(placeInSections(applyLexicon(recognized)), glossary);
  const asserted = missingAttributes(assertEntities(attachAttributes(expanded)));
  await progress.stage('assertions', 1, 1);
  return findErrorProne(findPeople(asserted));
}

export async function analyzeText(
  { text, setting = 'outpatient' }: NoteToRead,
  parts: AnalysisParts,
  progress: Progress,
): Promise<Document> {
  return linkEntities(await annotateText(text, parts, progress), { codes: parts.codes, progress, setting });
}

/**
 * Rewords a sentence that the glossary has put in plain words. `onText` is awaited with the text so far.
 * @returns null where no whole sentence came of it.
 */
export type Rewrite = (draft: string, onText: (text: string) => Promise<void>) => Promise<string | null>;

export interface SimplificationJob {
  readonly document: Document;
  readonly glossary: Glossary;
  readonly versions: Versions;
  /** The decoder, where a person asked for it. */
  readonly rewrite?: Rewrite;
}

/** @param onSentence receives every finished sentence at once; stopping keeps those already given. */
export async function simplifyText(
  { document, glossary, versions, rewrite }: SimplificationJob,
  progress: Progress,
  onSentence: (sentence: SimplifiedSentence, index: number) => void,
): Promise<Simplification> {
  const sentences: SimplifiedSentence[] = [];
  for (const [index, sentence] of document.sentences.entries()) {
    const request = { document, sentence, glossary };
    const draft = rewrite === undefined ? null : draftToReword(request);
    const generated =
      draft === null
        ? null
        : await rewrite!(draft, async (text) => {
            progress.words(index, text);
            await progress.stage('plain_language', index, document.sentences.length);
          });
    const simplified = simplifySentence(
      generated === null ? request : { ...request, generated: proposeGenerated(generated, request) },
    );
    sentences.push(simplified);
    onSentence(simplified, index);
    await progress.stage('plain_language', index + 1, document.sentences.length);
  }
  const readability = summariseReadability(document, sentences);
  return { schema: 'simplification/1', versions, sentences, readability };
}
