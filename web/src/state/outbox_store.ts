import { BrowserStore } from './browser_store';
import type { OutboxEntry } from './outbox_entry';

/**
 * The messages that are not confirmed, over reloads. All methods reject where a browser keeps nothing; the messages in
 * memory are as good until the page is closed.
 */
export class OutboxStore {
  // The number changes with the shape of what is kept.
  private readonly entries = new BrowserStore<OutboxEntry>('parley-outbox-1', 'entries');

  async load(userId: number): Promise<OutboxEntry[]> {
    const own = await this.keysOf(userId);
    const found = await Promise.all(own.map((key) => this.entries.get(key)));
    return found.filter((entry) => entry !== undefined).sort((a, b) => a.writtenAt - b.writtenAt);
  }

  async keep(entry: OutboxEntry): Promise<void> {
    await this.entries.set(keyOf(entry), entry);
  }

  async forget(entry: OutboxEntry): Promise<void> {
    await this.entries.delete([keyOf(entry)]);
  }

  async hasAny(userId: number): Promise<boolean> {
    return (await this.keysOf(userId)).length > 0;
  }

  /** Forgets everything that a person has written, in all tabs. */
  async forgetAll(userId: number): Promise<void> {
    await this.entries.delete(await this.keysOf(userId));
  }

  private async keysOf(userId: number): Promise<string[]> {
    return (await this.entries.keys()).filter((key) => key.startsWith(`${userId}/`));
  }
}

const keyOf = ({ userId, tempId }: OutboxEntry): string => `${userId}/${tempId}`;
