import type { EngineEvent, RuntimeChoice } from '../worker/api';

export interface Download {
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

/** What runs where, and what is being fetched for it. Fed with every event of every job. */
export class Runtime {
  choice = $state.raw<RuntimeChoice | null>(null);
  /** Present only while artefacts are being fetched or started. */
  download = $state.raw<Download | null>(null);
  #artefacts: Readonly<Record<string, Download>> = {};

  observe(event: EngineEvent): void {
    if (event.type === 'load-progress') {
      this.#artefacts = { ...this.#artefacts, [event.artefact]: event };
      this.download = sum(Object.values(this.#artefacts));
      return;
    }
    if (event.type === 'runtime') this.choice = event.choice;
    else this.settle();
  }

  /** Any work after the fetch means that it is over; the next fetch counts from zero. */
  settle(): void {
    this.#artefacts = {};
    this.download = null;
  }
}

function sum(downloads: readonly Download[]): Download {
  let loadedBytes = 0;
  let totalBytes = 0;
  for (const download of downloads) {
    loadedBytes += download.loadedBytes;
    totalBytes += download.totalBytes;
  }
  return { loadedBytes, totalBytes };
}
