import { computed, ref, shallowRef } from 'vue';

import { api } from '@/api';
import type { Message, MessagePage } from '@/api/types';

const pageSize = 50;

/** More messages than this are not kept: what lies farthest from where one reads is dropped and loaded again. */
export const windowSizeMax = 1_000;

type Where = { before: number } | { after: number } | { around: number } | Record<string, never>;
type Side = 'before' | 'after';

/** A load that has not succeeded: of a new beginning, or of more at one side. */
export interface LoadFailure {
  what: 'beginning' | Side;
  error: unknown;
}

/** Whether `known` tells more of a message than `message`, which may be told again: a deletion stays. */
export const isNewer = (known: Message, message: Message): boolean =>
  known.updated_at > message.updated_at || (known.deleted_at !== null && message.deleted_at === null);

/**
 * A stretch of a conversation's messages without gaps, in ascending order, that grows at both ends. Everything that
 * happens to its messages is applied to it, whether it is shown or not.
 */
export class MessageWindow {
  readonly messages = shallowRef<readonly Message[]>([]);
  readonly hasBefore = ref(false);
  readonly hasAfter = ref(false);
  readonly isLoaded = ref(false);
  readonly loadingBefore = ref(false);
  readonly loadingAfter = ref(false);
  /** The last attempt to load, if it has failed; null after a success. */
  readonly failure = shallowRef<LoadFailure | null>(null);
  /** Which beginning its messages belong to: another number, another stretch. */
  readonly beginning = ref(0);

  /** Whether the newest message of the conversation is in it, so that new ones follow. */
  readonly isAtEnd = computed(() => this.isLoaded.value && !this.hasAfter.value);

  /** At which end one reads, so that new messages never push out what is being read. */
  readingAt: 'start' | 'end' = 'end';

  private loads = 0;
  private running = 0;
  private lastWhere: Where = {};
  /** What has happened while answers are on their way that may not know of it yet. It is applied to them again. */
  private early: (() => void)[] = [];

  constructor(readonly conversationId: number) {}

  /** Begins anew with the newest messages. */
  loadNewest(): Promise<void> {
    return this.loadAnew({});
  }

  /** Begins anew with the messages around one; 404 if the conversation has no such message. */
  loadAround(messageId: number): Promise<void> {
    return this.loadAnew({ around: messageId });
  }

  /** Begins anew where it is, because what is known may be old. */
  reload(): Promise<void> {
    const middle = this.messages.value[this.messages.value.length >> 1];
    return this.isAtEnd.value || !middle ? this.loadNewest() : this.loadAround(middle.id);
  }

  async loadBefore(): Promise<void> {
    const first = this.messages.value[0];
    if (!first || !this.hasBefore.value || this.loadingBefore.value) return;
    await this.extend('before', this.loadingBefore, { before: first.id }, (page) => {
      // It may have been dropped meanwhile: there would be a gap.
      if (this.messages.value[0]?.id !== first.id) return;
      this.hasBefore.value = page.has_more_before;
      this.setMessages([...page.data, ...this.messages.value], 'end');
    });
  }

  async loadAfter(): Promise<void> {
    const last = this.messages.value.at(-1);
    if (!last || !this.hasAfter.value || this.loadingAfter.value) return;
    await this.extend('after', this.loadingAfter, { after: last.id }, (page) => {
      if (this.messages.value.at(-1)?.id !== last.id) return;
      this.hasAfter.value = page.has_more_after;
      this.setMessages([...this.messages.value, ...page.data], 'start');
    });
  }

  /** Tries again what has failed. */
  async retry(): Promise<void> {
    const what = this.failure.value?.what;
    if (what === 'before') await this.loadBefore();
    if (what === 'after') await this.loadAfter();
    // It says so itself in `failure`.
    if (what === 'beginning') await this.loadAnew(this.lastWhere).catch(() => undefined);
  }

  /** A message as it is now: takes the place of what was known of it, or its own among the others. */
  put(message: Message): void {
    this.apply(() => this.place(message, true));
  }

  /** A message as it was when it was sent: what is known of it already is newer and stays. */
  add(message: Message): void {
    this.apply(() => this.place(message, false));
  }

  /** Shows a message again that was only thought to be deleted. */
  restore(message: Message): void {
    this.update((row) => (row.id === message.id ? message : row));
  }

  /** Replaces the messages that `change` gives another object for. Applied twice it must do the same as once. */
  update(change: (message: Message) => Message): void {
    this.apply(() => {
      let changed = false;
      const messages = this.messages.value.map((message) => {
        const now = change(message);
        changed ||= now !== message;
        return now;
      });
      if (changed) this.messages.value = messages;
    });
  }

  private apply(happening: () => void): void {
    if (this.running > 0) this.early.push(happening);
    if (this.isLoaded.value) happening();
  }

  private place(message: Message, replaces: boolean): void {
    const known = this.messages.value;
    const at = known.findIndex(({ id }) => id >= message.id);
    if (at === -1) return this.append(message);
    if (known[at]!.id === message.id) {
      if (!replaces || isNewer(known[at]!, message)) return;
      this.messages.value = known.map((row, index) => (index === at ? message : row));
    } else if (at > 0 || !this.hasBefore.value) {
      // Missed while away, and told after a newer one.
      this.setMessages([...known.slice(0, at), message, ...known.slice(at)], this.farSide());
    }
  }

  private append(message: Message): void {
    // Behind a gap it comes with loading.
    if (this.hasAfter.value) return;
    const known = this.messages.value;
    if (known.length >= windowSizeMax && this.readingAt === 'start') this.hasAfter.value = true;
    else this.setMessages([...known, message], 'start');
  }

  private async loadAnew(where: Where): Promise<void> {
    this.loads += 1;
    this.lastWhere = where;
    const error = await this.load('beginning', where, (page) => {
      this.messages.value = page.data;
      this.hasBefore.value = page.has_more_before;
      this.hasAfter.value = page.has_more_after;
      this.isLoaded.value = true;
      this.beginning.value += 1;
    });
    if (error) throw error.error;
  }

  private async extend(
    side: Side,
    loading: { value: boolean },
    where: Where,
    take: (page: MessagePage) => void,
  ): Promise<void> {
    loading.value = true;
    await this.load(side, where, take);
    loading.value = false;
  }

  /** Takes a page, unless a new beginning has been asked for meanwhile. Answers with the failure, if it is one. */
  private async load(
    what: LoadFailure['what'],
    where: Where,
    take: (page: MessagePage) => void,
  ): Promise<LoadFailure | null> {
    const load = this.loads;
    this.running += 1;
    try {
      const page = await this.fetch(where);
      if (load !== this.loads) return null;
      take(page);
      for (const happening of this.early) happening();
      this.failure.value = null;
      return null;
    } catch (error) {
      const failure = { what, error };
      if (load === this.loads) this.failure.value = failure;
      return failure;
    } finally {
      this.running -= 1;
      if (this.running === 0) this.early = [];
    }
  }

  private fetch(where: Where): Promise<MessagePage> {
    return api.get<MessagePage>(`/api/chat/conversations/${this.conversationId}/messages`, {
      limit: pageSize,
      ...where,
    });
  }

  private farSide(): 'start' | 'end' {
    return this.readingAt === 'end' ? 'start' : 'end';
  }

  /** Drops what is too much at the `far` side. */
  private setMessages(messages: readonly Message[], far: 'start' | 'end'): void {
    const tooMany = messages.length - windowSizeMax;
    if (tooMany > 0 && far === 'end') this.hasAfter.value = true;
    if (tooMany > 0 && far === 'start') this.hasBefore.value = true;
    if (tooMany <= 0) this.messages.value = messages;
    else this.messages.value = far === 'end' ? messages.slice(0, windowSizeMax) : messages.slice(tooMany);
  }
}
