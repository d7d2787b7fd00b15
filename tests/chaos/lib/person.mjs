import { setTimeout as pause } from 'node:timers/promises';

import { Client, Fault } from './client.mjs';
import { Listener } from './listener.mjs';

const pauseMax = 30;
const emojis = ['👍', '🎉', '❤️'];
const depositMost = 1_000;
const moreThanAnybodyHas = 1_000_000_000_000;
const recentCount = 50;

/** What a person does next, and how often of all. */
const talking = { send: 55, read: 13, edit: 9, react: 11, remove: 5, look: 7 };
const banking = { deposit: 60, withdraw: 25, withdrawTooMuch: 5, decide: 10 };

/** One user of the fleet: talks and moves money, one request after the other each, until told to stop. */
export class Person {
  #site;
  #record;
  #random;
  #fleet;
  #client;
  #stopping = false;
  #numbers = 0;
  #balance = 0;
  #doing = Promise.resolve();

  constructor(fleet, user, token, random) {
    this.#fleet = fleet;
    this.#site = fleet.site;
    this.#record = fleet.record;
    this.#random = random;
    this.#client = new Client(this.#site, this.#record, token);
    this.id = user.id;
    this.token = token;
    this.name = user.name;
  }

  /** The conversations of which this person knows: {id, type, otherId}. */
  conversations = [];

  get client() {
    return this.#client;
  }

  /** Connects; from here on requests are made only while the answers' broadcasts are heard. */
  listen(further) {
    const own = [`private-user.${this.id}`, `private-users.${this.id}`, `private-financial.${this.id}`];
    const who = { name: this.name, token: this.token, channels: [...own, ...further] };
    this.listener = new Listener(this.#site, this.#record, who);
    this.#client.listener = this.listener;
  }

  /** A further device of this person, which hears nothing. */
  device() {
    return { client: new Client(this.#site, this.#record, this.token), record: this.#record };
  }

  begin() {
    const lanes = [this.#repeatedly(talking, this.#random), this.#repeatedly(banking, this.#random.fork())];
    this.#doing = Promise.all(lanes);
  }

  /** Resolves when the requests that were begun are answered. */
  async finish() {
    this.#stopping = true;
    await this.#doing;
  }

  async end() {
    await this.listener?.end();
    this.#client.end();
  }

  async #repeatedly(weights, random) {
    try {
      while (!this.#stopping && !this.#fleet.isBroken) {
        await this[random.weighted(weights)](random);
        await pause(random.between(0, pauseMax));
      }
    } catch (error) {
      if (!(error instanceof Fault)) this.#record.fault(`${this.name}: ${error.stack}`);
    }
  }

  #name(kind) {
    this.#numbers += 1;
    return `${kind}-${this.id}-${this.#numbers}`;
  }

  /** Now and then two requests at once, as an impatient client makes them: both must have the same result. */
  async #perhapsTwice(random, ask, check) {
    const answers = await Promise.all(random.fraction() < 0.05 ? [ask(), ask()] : [ask()]);
    return answers.map(check).at(-1);
  }

  async send(random) {
    const tempId = this.#name('m');
    const body = `${tempId} of ${this.name}: ${'lorem ipsum '.repeat(random.between(0, 12))}☕`;
    const { path, fields } = this.#destination(random, body);
    const request = { body: { ...fields, temp_id: tempId }, doubtful: `${this.id} ${tempId}` };
    const ask = () => this.#client.ask('POST', path, request);
    const kept = await this.#perhapsTwice(random, ask, (answer) => this.#record.sent(answer, body));
    // One message in ten is made to be deleted. Nobody else touches it.
    const doomed = random.fraction() < 0.1;
    this.#fleet.note(kept, doomed);
    if (!this.conversations.some(({ id }) => id === kept.conversationId))
      this.conversations.push({ id: kept.conversationId, type: 'direct' });
  }

  #destination(random, body) {
    const kind = random.weighted({ known: 75, general: 12, private: 13 });
    if (kind === 'general') return { path: '/api/chat/messages', fields: { message: body } };
    if (kind === 'private') {
      const other = random.pick(this.#fleet.people.filter((person) => person !== this));
      return { path: '/api/chat/messages/private', fields: { recipient_id: other.id, message: body } };
    }
    return { path: `/api/chat/conversations/${random.pick(this.conversations).id}/messages`, fields: { body } };
  }

  async read(random) {
    const conversation = random.pick(this.conversations);
    const message = random.pick(this.#fleet.recentIn(conversation.id));
    const path = `/api/chat/conversations/${conversation.id}/read`;
    const ways = {
      all: () => this.#client.ask('POST', path, { body: {} }),
      upTo: () => this.#client.ask('POST', path, { body: { up_to: message.id } }),
      ids: () => this.#client.ask('POST', path, { body: { message_ids: [message.id] } }),
      one: () => this.#client.ask('POST', `/api/chat/messages/${message.id}/read`),
    };
    const way = message === undefined ? 'all' : random.pick(Object.keys(ways));
    const { body } = await ways[way]();
    if (way !== 'all' && body.last_read_id < message.id)
      this.#record.fault(`${this.name} read up to ${message.id} and was told ${body.last_read_id}`);
    this.#record.read(this.id, conversation.id, body.last_read_id);
  }

  async edit(random) {
    const message = random.pick(this.#fleet.ownRecent(this.id, false));
    if (message === undefined) return;
    const body = `${this.#name('e')} instead of ${message.tempId}`;
    message.bodies.push(body);
    const answer = await this.#client.ask('PATCH', `/api/chat/messages/${message.id}`, { body: { body } });
    if (answer.body.body !== body || answer.body.id !== message.id)
      this.#record.fault(`message ${message.id} was edited and answered with something else`);
  }

  async remove(random) {
    const message = random.pick(this.#fleet.ownRecent(this.id, true));
    if (message === undefined) return;
    this.#fleet.forget(message);
    await this.#client.ask('DELETE', `/api/chat/messages/${message.id}`);
    message.deleted = true;
  }

  async react(random) {
    const message = random.pick(this.#fleet.recentIn(random.pick(this.conversations).id));
    if (message === undefined) return;
    const emoji = random.pick(emojis);
    const path = `/api/chat/messages/${message.id}/reactions/${encodeURIComponent(emoji)}`;
    const adds = random.fraction() < 0.7;
    await this.#client.ask(adds ? 'PUT' : 'DELETE', path);
    message.reactions[adds ? 'add' : 'delete'](`${emoji} ${this.id}`);
  }

  /** What was answered is there for the next request. */
  async look(random) {
    const known = this.#fleet.recentIn(random.pick(this.conversations).id);
    if (known.length < 2) return;
    const [first, ...others] = known.slice(-10);
    const path = `/api/chat/conversations/${first.conversationId}/messages?after=${first.id}&limit=100`;
    const { body: page } = await this.#client.ask('GET', path);
    const ids = page.data.map(({ id }) => id);
    for (const { id } of others)
      if (id > first.id && !ids.includes(id)) this.#record.fault(`message ${id} is not in the page after ${first.id}`);
    if (ids.some((id, index) => index > 0 && id <= ids[index - 1]))
      this.#record.fault(`the page after ${first.id} is not in order`);
  }

  deposit(random) {
    const amount = random.between(1, depositMost);
    this.#balance += amount;
    return this.#move(random, '/api/financial/deposits', amount);
  }

  async withdraw(random) {
    if (this.#balance === 0) return;
    const amount = random.between(1, Math.min(this.#balance, depositMost));
    this.#balance -= amount;
    await this.#move(random, '/api/financial/withdrawals', amount);
  }

  async #move(random, path, amount) {
    const request = { body: { amount }, headers: { 'Idempotency-Key': this.#name('k') } };
    const ask = () => this.#client.ask('POST', path, { ...request, expected: [201] });
    const transactionId = new Set();
    await this.#perhapsTwice(random, ask, ({ body }) => {
      this.#record.moved(this.id, body);
      transactionId.add(body.transaction.id);
      if (body.transaction.amount !== amount) this.#record.fault(`transaction ${body.transaction.id}: another amount`);
    });
    if (transactionId.size !== 1) this.#record.fault(`one Idempotency-Key made the transactions ${[...transactionId]}`);
  }

  async withdrawTooMuch() {
    const headers = { 'Idempotency-Key': this.#name('k') };
    await this.#client.ask('POST', '/api/financial/withdrawals', {
      body: { amount: moreThanAnybodyHas },
      headers,
      expected: [422],
    });
  }

  /** The first person is the owner of the home company and decides what others have asked for. */
  async decide(random) {
    if (this !== this.#fleet.people[0]) return;
    const pending = [...this.#record.movements.values()].filter(
      ({ userId, type, status }) => userId !== this.id && type === 'withdrawal' && status === 'pending',
    );
    const movement = random.pick(pending.slice(-recentCount));
    if (movement === undefined) return;
    const word = random.pick(['process', 'reject']);
    const headers = { 'Idempotency-Key': this.#name('k') };
    const path = `/api/financial/withdrawals/${movement.id}/${word}`;
    const { body } = await this.#client.ask('POST', path, { headers });
    this.#record.moved(movement.userId, body);
  }
}
