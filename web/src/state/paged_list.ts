import { computed, ref, shallowRef } from 'vue';

import type { Page } from '@/api/types';

type Fetch<Row> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>;

/** A page may be empty although more follow; so many in a row are asked for before somebody has to ask again. */
const emptyPagesMax = 5;

/**
 * A list that is loaded page by page, in the server's order. A new beginning ends what is under way, so that answers never
 * overtake. For what is looked for and read; a `LiveList` is for rows that change meanwhile.
 */
export class PagedList<Row> {
  readonly rows = shallowRef<readonly Row[]>([]);
  readonly isLoading = ref(false);
  /** Whether the first page is there. */
  readonly isLoaded = ref(false);
  /** Why the last request has failed; null after a success. */
  readonly failure = shallowRef<unknown>(null);
  readonly hasMore = computed(() => this.cursor.value !== null);

  private readonly cursor = ref<string | null>(null);
  private request = new AbortController();

  constructor(private readonly fetch: Fetch<Row>) {}

  /** Loads the first page; what was there stays until the answer is. */
  async begin(): Promise<void> {
    await this.load(undefined);
  }

  /** Loads the next page, unless there is none or one is on its way. */
  async more(): Promise<void> {
    if (this.cursor.value !== null && !this.isLoading.value) await this.load(this.cursor.value);
  }

  /** What failed last, once more. */
  retry(): Promise<void> {
    return this.isLoaded.value ? this.more() : this.begin();
  }

  /** Forgets everything; nothing that is on its way arrives. */
  clear(): void {
    this.request.abort();
    this.rows.value = [];
    this.cursor.value = null;
    this.isLoaded.value = this.isLoading.value = false;
    this.failure.value = null;
  }

  private async load(from: string | undefined): Promise<void> {
    this.request.abort();
    const request = (this.request = new AbortController());
    this.isLoading.value = true;
    this.failure.value = null;
    try {
      const page = await this.fetchRows(from, request.signal);
      if (request.signal.aborted) return;
      // The rows as they are now: they may have changed since the page was asked for.
      this.rows.value = from === undefined ? page.data : [...this.rows.value, ...page.data];
      this.cursor.value = page.next_cursor;
      this.isLoaded.value = true;
    } catch (error) {
      if (!request.signal.aborted) this.failure.value = error;
    } finally {
      if (this.request === request) this.isLoading.value = false;
    }
  }

  private async fetchRows(from: string | undefined, signal: AbortSignal): Promise<Page<Row>> {
    let page = await this.fetch(from, signal);
    for (let empty = 1; empty < emptyPagesMax && page.data.length === 0 && page.next_cursor !== null; ++empty)
      page = await this.fetch(page.next_cursor, signal);
    return page;
  }
}
