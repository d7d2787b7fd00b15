import { setTimeout as pause } from 'node:timers/promises';

import { within } from '../../lib/deadline.mjs';
import { ask } from './http.mjs';
import { Follower } from './follower.mjs';
import { Person } from './person.mjs';
import { Record } from './record.mjs';

const recentCount = 50;
const faultsMax = 100;
const followersEvery = 5;

/** People who use one site at once: all are colleagues, talk in pairs, in groups and in the general room. */
export class Fleet {
  /** Makes the accounts and the conversations, and connects everybody. */
  static async gather(site, random, count) {
    const fleet = new Fleet(site);
    try {
      await fleet.#gather(random, count);
    } catch (error) {
      await fleet.end();
      throw error;
    }
    return fleet;
  }

  people = [];
  followers = [];
  record = new Record();
  #recent = new Map();
  #doomed = new Map();

  constructor(site) {
    this.site = site;
  }

  /** So much is wrong that going on tells nothing more. */
  get isBroken() {
    return this.record.faults.length > faultsMax;
  }

  async whenHearing() {
    await Promise.all(this.people.map((person) => person.listener.whenHearing()));
    this.#noteHearing();
  }

  begin() {
    this.people.forEach((person) => person.begin());
    this.followers.forEach((follower) => follower.begin());
  }

  /** Resolves when every request that was begun is answered. */
  async finish() {
    await Promise.all(this.people.map((person) => person.finish()));
    await Promise.all(this.followers.map((follower) => follower.finish()));
  }

  async end() {
    await Promise.all(this.people.map((person) => person.end()));
  }

  /** Keeps an answered message for others to read, edit and react to; a `doomed` one is only deleted. */
  note(message, doomed) {
    const list = doomed ? this.#doomed : this.#recent;
    const key = doomed ? message.senderId : message.conversationId;
    const messages = list.get(key) ?? [];
    messages.push(message);
    list.set(key, messages.slice(-recentCount));
  }

  forget(message) {
    const rest = this.#doomed.get(message.senderId).filter((other) => other !== message);
    this.#doomed.set(message.senderId, rest);
  }

  recentIn(conversationId) {
    return this.#recent.get(conversationId) ?? [];
  }

  ownRecent(userId, doomed) {
    if (doomed) return this.#doomed.get(userId) ?? [];
    return [...this.#recent.values()].flat().filter(({ senderId }) => senderId === userId);
  }

  /** Waits until `isDone`, at most `patience`: false when it does not come true. */
  async settles(isDone, patience) {
    for (const end = Date.now() + patience; Date.now() < end; await pause(50)) if (isDone()) return true;
    return isDone();
  }

  #noteHearing() {
    const { life } = this.site;
    if (life.hearingAt === Infinity && this.people.every(({ listener }) => listener.hearingIn === life.number))
      life.hearingAt = Date.now();
  }

  async #gather(random, count) {
    for (let index = 0; index < count; index += 1) await this.#register(index, random);
    await this.#converse(random);
    this.people.forEach((person) => person.listen(this.#furtherChannels(person)));
    this.followers = this.people.filter((_, index) => index % followersEvery === 1).map((one) => new Follower(one));
    this.site.on('hearing', () => this.#noteHearing());
    await within(this.whenHearing(), 'subscription of everybody', 60_000);
  }

  async #register(index, random) {
    const name = `User${index}`;
    const body = { name, email: `user${index}@example.com`, password: 'a long password', device_name: 'chaos' };
    const answer = await ask({ port: this.site.port, method: 'POST', path: '/api/auth/register', body });
    if (answer.status !== 201) throw new Error(`registration: ${answer.status} ${JSON.stringify(answer.body)}`);
    this.people.push(new Person(this, answer.body.user, answer.body.token, random.fork()));
  }

  /** Everybody talks with the next one, and is in the general room; there are groups of several sizes. */
  async #converse(random) {
    const create = (person, body) => person.client.ask('POST', '/api/chat/conversations', { body });
    for (const [index, person] of this.people.entries()) {
      const next = this.people[(index + 1) % this.people.length];
      await create(person, { type: 'direct', user_id: next.id });
    }
    for (const size of [3, 5, 8]) {
      const members = Array.from({ length: size }, () => random.pick(this.people).id);
      const creator = random.pick(this.people.filter(({ id }) => !members.includes(id)));
      await create(creator, { type: 'group', title: `${size} people`, user_ids: [...new Set(members)] });
    }
    for (const person of this.people) {
      const { body } = await person.client.ask('GET', '/api/chat/conversations?limit=100');
      person.conversations = body.data.map(({ id, type, other }) => ({ id, type, otherId: other?.id }));
    }
  }

  /** Beside one's own channels: each of one's conversations as the contracts `conversation` and `direct` name it. */
  #furtherChannels(person) {
    const index = this.people.indexOf(person);
    const conversation = person.conversations[index % person.conversations.length];
    const channels = [`private-chat.1.conversation.${conversation.id}`];
    if (conversation.otherId !== undefined) channels.push(`private-chat.${conversation.otherId}.${person.id}`);
    if (index === 0) channels.push('chat');
    return channels;
  }
}
