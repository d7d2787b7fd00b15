import { createStore, delMany, get, keys, set, type UseStore } from 'idb-keyval';

/** A browser that does not answer within so many milliseconds does not hold anything up. */
const answerTimeout = 5_000;

/**
 * What is kept over reloads by keys, in a database of its own in IndexedDB. All methods reject where a browser keeps
 * nothing (some private windows, a full disk).
 */
export class BrowserStore<Value> {
  private opened: UseStore | null = null;

  constructor(
    private readonly database: string,
    private readonly table: string,
  ) {}

  keys(): Promise<string[]> {
    return this.inTime((store) => keys<string>(store));
  }

  get(key: string): Promise<Value | undefined> {
    return this.inTime((store) => get<Value>(key, store));
  }

  set(key: string, value: Value): Promise<void> {
    return this.inTime((store) => set(key, value, store));
  }

  delete(forgotten: string[]): Promise<void> {
    return this.inTime((store) => delMany(forgotten, store));
  }

  private async inTime<Answer>(ask: (store: UseStore) => Promise<Answer>): Promise<Answer> {
    // Opened when first needed; throws where there is no IndexedDB at all.
    this.opened ??= createStore(this.database, this.table);
    let timer: ReturnType<typeof setTimeout>;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('IndexedDB does not answer')), answerTimeout);
    });
    return Promise.race([ask(this.opened), late]).finally(() => clearTimeout(timer));
  }
}
