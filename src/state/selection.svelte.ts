/** Where a selection was made: the other places follow it. */
export type SelectionOrigin = 'note' | 'findings' | 'codes';

export interface SelectedEntity {
  readonly entityId: string;
  readonly origin: SelectionOrigin;
}

/** The one entity the reader points at. Selecting it again makes a new object, so that followers scroll again. */
export class Selection {
  current = $state.raw<SelectedEntity | null>(null);
  readonly entityId = $derived(this.current?.entityId ?? null);

  select(entityId: string, origin: SelectionOrigin): void {
    this.current = { entityId, origin };
  }

  clear(): void {
    this.current = null;
  }
}
