import { ref, shallowRef } from 'vue';

import type { Page } from '@/api/types';

const pageSize = 50;

type Rows<Row> = readonly Row[];

/** How a list is made: what its server's pages are, how they are sorted, and which of two states of a row is newer. */
export interface LiveListSource<Row> {
  load: (query: { limit: number; cursor: string | undefined }) => Promise<Page<Row>>;
  order: 'newest_first' | 'oldest_first';
  newerOf: (known: Row, incoming: Row) => Row;
}

/** `known` and `incoming` in order, each row once and in its newest state. */
export function mergeRows<Row extends { id: number }>(
  known: Rows<Row>,
  incoming: Rows<Row>,
  { order, newerOf }: Pick<LiveListSource<Row>, 'order' | 'newerOf'>,
): Row[] {
  const byId = new Map(known.map((row) => [row.id, row]));
  for (const row of incoming) {
    const other = byId.get(row.id);
    byId.set(row.id, other ? newerOf(other, row) : row);
  }
  const sign = order === 'newest_first' ? -1 : 1;
  return [...byId.values()].sort((a, b) => sign * (a.id - b.id));
}

/**
 * The beginning of a list whose rows change while it is looked at, without gaps: it grows by pages at its end, by `put`
 * where a row has its place, and is looked at anew by `refresh` as far as it is known. What changes while an answer is on
 * its way stays, so that no answer is thrown away. A `PagedList` is the opposite: what is asked for changes, each
 * beginning replaces the one before, and an answer that is no longer wanted is dropped.
 */
export class LiveList<Row extends { id: number }> {
  readonly rows = shallowRef<Rows<Row>>([]);
  readonly isLoaded = ref(false);
  readonly isLoadingMore = ref(false);
  /** Whether there are more rows than the loaded ones. */
  readonly hasMore = ref(false);
  /** Why the last attempt to load has failed; null after a success. */
  readonly failure = shallowRef<unknown>(null);

  private cursor: string | null = null;
  private isLoading = false;
  private changesWhileLoading: ((rows: Rows<Row>) => Rows<Row>)[] = [];
  private lastLoad: Promise<void> = Promise.resolve();
  private nextRefresh: Promise<void> | null = null;
  private generation = 0;

  constructor(private readonly source: LiveListSource<Row>) {}

  /** Looks at the list anew, as far as it is known. Never rejects: `failure` tells. */
  refresh(): Promise<void> {
    this.nextRefresh ??= this.afterOthers(async () => {
      this.nextRefresh = null;
      const wanted = this.rows.value.length;
      const loaded: Row[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<Row> = await this.source.load({ limit: pageSize, cursor: cursor ?? undefined });
        loaded.push(...page.data);
        cursor = page.next_cursor;
      } while (cursor !== null && loaded.length < wanted);
      return { rows: mergeRows(loaded, [], this.source), cursor };
    });
    return this.nextRefresh;
  }

  /** Adds the next page. Never rejects: `failure` tells. */
  async loadMore(): Promise<void> {
    if (this.isLoadingMore.value || !this.hasMore.value) return;
    this.isLoadingMore.value = true;
    await this.afterOthers(async () => {
      const page = await this.source.load({ limit: pageSize, cursor: this.cursor ?? undefined });
      return { rows: mergeRows(this.rows.value, page.data, this.source), cursor: page.next_cursor };
    });
    this.isLoadingMore.value = false;
  }

  /** A row as it is now. One behind the loaded ones comes with its page. */
  put(row: Row): void {
    this.change((rows) => (this.belongs(row, rows) ? mergeRows(rows, [row], this.source) : rows));
  }

  remove(id: number): void {
    this.change((rows) => rows.filter((row) => row.id !== id));
  }

  /** Forgets everything, also what is on its way. */
  clear(): void {
    this.generation += 1;
    this.rows.value = [];
    this.cursor = null;
    this.isLoaded.value = false;
    this.hasMore.value = false;
    this.failure.value = null;
  }

  private belongs(row: Row, rows: Rows<Row>): boolean {
    const last = rows.at(-1);
    if (!this.hasMore.value || !last) return true;
    return this.source.order === 'newest_first' ? row.id >= last.id : row.id <= last.id;
  }

  private change(apply: (rows: Rows<Row>) => Rows<Row>): void {
    this.rows.value = apply(this.rows.value);
    if (this.isLoading) this.changesWhileLoading.push(apply);
  }

  /** Loads one after the other: each begins where the one before has ended. */
  private afterOthers(load: () => Promise<{ rows: Rows<Row>; cursor: string | null }>): Promise<void> {
    const { generation } = this;
    this.lastLoad = this.lastLoad.then(async () => {
      this.changesWhileLoading = [];
      this.isLoading = true;
      try {
        const { rows, cursor } = await load();
        if (generation !== this.generation) return;
        this.cursor = cursor;
        this.hasMore.value = cursor !== null;
        this.rows.value = this.changesWhileLoading.reduce((now, apply) => apply(now), rows);
        this.isLoaded.value = true;
        this.failure.value = null;
      } catch (error) {
        if (generation === this.generation) this.failure.value = error;
      } finally {
        this.isLoading = false;
      }
    });
    return this.lastLoad;
  }
}
