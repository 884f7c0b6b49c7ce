import type { CareSetting } from '../nlp/document';
import { CodeReview } from './code-review.svelte';
import { CodeSearch } from './code-search.svelte';
import type { Engine } from './engine';
import { ReadAloud } from './read-aloud.svelte';
import { Selection, type SelectionOrigin } from './selection.svelte';
import { Session } from './session.svelte';
import { readTextFile, type FileRejection } from './text-file';

export type PanelTab = 'findings' | 'codes' | 'plain';
export type Tab = 'note' | PanelTab;
export type Sheet = 'privacy' | 'runtime';

/** Something to say once, until the reader's next act. */
export type Notice =
  | { readonly kind: 'empty_note' }
  | { readonly kind: 'file_rejected'; readonly reason: FileRejection }
  | { readonly kind: 'opened' }
  | { readonly kind: 'restored' }
  | { readonly kind: 'copied'; readonly count: number }
  | { readonly kind: 'copy_failed' }
  | { readonly kind: 'saved' };

/** What lies open on the reader's desk: the note, one panel beside it, and what they point at. */
export class Desk {
  readonly session: Session;
  readonly selection = new Selection();
  readonly codeSearch: CodeSearch;
  readonly review = new CodeReview();
  readonly aloud = new ReadAloud(globalThis.speechSynthesis);
  /** The plain text is set larger; for this visit, since nothing is stored. */
  largeType = $state(false);
  /** Two columns; set by the page from its width. */
  wide = $state(true);
  panel = $state<PanelTab>('findings');
  /** On a narrow screen the note and the panels take turns. */
  onNote = $state(true);
  editing = $state(true);
  sheet = $state.raw<Sheet | null>(null);
  notice = $state.raw<Notice | null>(null);
  readonly tab = $derived<Tab>(!this.wide && this.onNote ? 'note' : this.panel);
  /** The paper is shown only for the text that was read; otherwise the box. */
  readonly writing = $derived.by(() => this.editing || this.session.shown === null);

  constructor(engine: Engine) {
    this.session = new Session(engine);
    this.codeSearch = new CodeSearch(engine);
  }

  open(tab: Tab): void {
    this.onNote = tab === 'note';
    if (tab !== 'note') this.panel = tab;
  }

  write(text: string): void {
    this.notice = null;
    this.aloud.stop();
    this.session.write(text);
  }

  edit(): void {
    this.editing = true;
  }

  async read(): Promise<void> {
    if (this.session.draft.trim() === '') {
      this.notice = { kind: 'empty_note' };
      return;
    }
    this.notice = null;
    this.aloud.stop();
    this.selection.clear();
    this.editing = false;
    await this.session.read();
  }

  /** Whose rule for uncertain diagnoses holds; a note that was read is read again by it. */
  async choose(setting: CareSetting): Promise<void> {
    if (setting === this.session.setting) return;
    this.session.setting = setting;
    if (this.session.shown !== null) await this.read();
  }

  /** The plain sentences as they stand now, in the order of the note. */
  readAloud(): void {
    this.aloud.read(this.session.plain.sentences.map(({ source, text }) => ({ at: source.start, text })));
  }

  stop(): void {
    this.notice = null;
    this.session.stop();
  }

  openText(text: string): void {
    this.aloud.stop();
    this.selection.clear();
    this.review.clear();
    this.session.replace(text);
    this.editing = true;
    this.onNote = true;
    this.notice = { kind: 'opened' };
  }

  restore(): void {
    this.aloud.stop();
    this.session.restore();
    this.editing = true;
    this.notice = { kind: 'restored' };
  }

  async openFile(file: Blob): Promise<void> {
    const reading = await readTextFile(file);
    if (reading.kind === 'text') this.openText(reading.text);
    else this.notice = { kind: 'file_rejected', reason: reading.reason };
  }

  /** Selecting a row and selecting its highlight are the same act: the other side comes into view. */
  select(entityId: string, origin: SelectionOrigin): void {
    this.selection.select(entityId, origin);
    if (origin !== 'note') {
      this.onNote = true;
      this.editing = false;
    } else if (this.wide) this.panel = 'findings';
  }
}
