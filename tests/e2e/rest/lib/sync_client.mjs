import assert from 'node:assert/strict';

/** A client that keeps what `/api/chat/sync` tells it. */
export class SyncClient {
  conversations = new Map();
  messages = new Map();
  notifications = new Map();
  cursor = undefined;

  constructor(who) {
    this.who = who;
  }

  /** Follows the pages of `limit` items until there are no more; how many items there were. */
  async sync(limit = 100) {
    let count = 0;
    for (let more = true; more;) {
      const page = await this.page(limit);
      count += page.data.length;
      more = page.has_more;
      assert.ok(count < 100_000, 'it never ends');
    }
    return count;
  }

  async page(limit = 100) {
    const place = this.cursor === undefined ? '' : `&cursor=${encodeURIComponent(this.cursor)}`;
    const page = await this.who.get(`/api/chat/sync?limit=${limit}${place}`);
    assert.ok(page.data.length <= limit, `${page.data.length} items in a page of ${limit}`);
    assert.equal(page.reset, false);
    for (const { type, data } of page.data) this.#take(type, data);
    this.cursor = page.next_cursor;
    return page;
  }

  #take(type, data) {
    if (type === 'conversation') this.conversations.set(data.id, data);
    if (type === 'notification') this.notifications.set(data.id, data);
    if (type === 'message') {
      assert.ok(this.conversations.has(data.conversation_id), 'a message before its conversation');
      this.messages.set(data.id, data);
    }
    if (type === 'conversation.left') {
      this.conversations.delete(data.conversation_id);
      for (const message of this.#of(data.conversation_id)) this.messages.delete(message.id);
    }
    if (type === 'read_mark')
      for (const message of this.#of(data.conversation_id))
        if (message.id <= data.up_to_id && message.read_at === null)
          this.messages.set(message.id, { ...message, read_at: data.read_at });
  }

  #of(conversationId) {
    return [...this.messages.values()].filter((message) => message.conversation_id === conversationId);
  }

  /** All that it has, in the order of ids. */
  get state() {
    const sorted = (map) => [...map.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
    return {
      conversations: sorted(this.conversations),
      messages: sorted(this.messages),
      notifications: sorted(this.notifications),
    };
  }
}
