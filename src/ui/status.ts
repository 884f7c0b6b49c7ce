import type { Notice } from '../state/desk.svelte';
import type { Session } from '../state/session.svelte';
import { errorWords } from './message-tables';
import { downloadText, foundText, jobText, noticeText, statusWords } from './messages';

/** Rows shown, as counted beside the tabs; null while there is no result. */
export interface ResultCounts {
  readonly findings: number | null;
  readonly codes: number | null;
}

interface Reading {
  readonly notice: Notice | null;
  readonly session: Session;
}

/** The one line of the live region: a notice, else what is going on, else what came out. */
export function statusText({ notice, session }: Reading, counts: ResultCounts): string {
  if (notice) return noticeText(notice);
  const { download } = session.runtime;
  if (session.running && download) return downloadText(download.loadedBytes, download.totalBytes);
  if (session.document === null) return '';
  return session.shown === null ? statusWords.changed : resultText(session, counts);
}

function resultText({ job, plain }: Session, counts: ResultCounts): string {
  if (job.kind === 'running') return jobText(job);
  if (job.kind === 'failed') return errorWords[job.error];
  if (job.kind === 'cancelled') return errorWords.AbortError;
  const found = foundText(counts.findings ?? 0, counts.codes ?? 0);
  if (plain.job.kind === 'running') return `${found} ${jobText(plain.job)}`;
  if (plain.job.kind === 'failed') return `${found} ${statusWords.plainFailed} ${errorWords[plain.job.error]}`;
  if (plain.job.kind === 'cancelled') return `${found} ${errorWords.AbortError}`;
  return `${statusWords.done} ${found}`;
}
