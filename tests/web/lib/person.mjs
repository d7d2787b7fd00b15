import assert from 'node:assert/strict';

import { within } from '../../lib/deadline.mjs';

/** Everybody's password. */
export const password = 'correct horse battery';

let people = 0;

/** A surname for a number: of letters, so that no time or count runs into it, and of one length, so that none is in another. */
const surname = (number) => [...String(number).padStart(4, '0')].map((digit) => 'bcdfghjklm'[digit]).join('');

/** Somebody with an account, who acts through the REST API. */
export class Person {
  /** A new account on `server`; nobody else has its name or its e-mail address. */
  static async register(server, name = 'Ann') {
    people += 1;
    const account = {
      name: `${name} ${surname(people)}`,
      email: `${name.toLowerCase()}.${people}@example.com`,
      password,
    };
    const nobody = new Person(server, null);
    return new Person(server, await nobody.post('/api/auth/register', { ...account, device_name: 'Test' }));
  }

  constructor(server, session) {
    this.server = server;
    /** What the app keeps of a session: {token, user}. */
    this.session = session;
    this.company = null;
  }

  get id() {
    return this.session.user.id;
  }

  get name() {
    return this.session.user.name;
  }

  get email() {
    return this.session.user.email;
  }

  /** The same person on another device. */
  async onAnotherDevice(deviceName = 'Other') {
    const body = { email: this.email, password, device_name: deviceName };
    const session = await new Person(this.server, null).post('/api/auth/login', body);
    return Object.assign(new Person(this.server, session), { company: this.company });
  }

  /** One request; `body` is sent as JSON unless it is a form. */
  async ask(method, path, body, headers = {}) {
    const isForm = body instanceof FormData;
    const json = body !== undefined && !isForm;
    const asked = fetch(`http://${this.server.origin}${path}`, {
      method,
      headers: {
        ...(this.session && { Authorization: `Bearer ${this.session.token}` }),
        ...(json && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: json ? JSON.stringify(body) : body }),
    });
    return within(asked, `answer to ${method} ${path}`);
  }

  /** The body of an answer that must be a good one. */
  async #must(...request) {
    const answer = await this.ask(...request);
    const text = await answer.text();
    assert.ok(answer.ok, `${request.slice(0, 2).join(' ')}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  get = (path) => this.#must('GET', path);
  post = (path, body, headers) => this.#must('POST', path, body, headers);
  put = (path, body) => this.#must('PUT', path, body);
  patch = (path, body) => this.#must('PATCH', path, body);
  delete = (path) => this.#must('DELETE', path);

  /** The direct conversation with somebody. */
  direct(other) {
    return this.post('/api/chat/conversations', { type: 'direct', user_id: other.id, company_id: this.company.id });
  }

  group(title, ...others) {
    const userIds = others.map(({ id }) => id);
    return this.post('/api/chat/conversations', {
      type: 'group',
      title,
      user_ids: userIds,
      company_id: this.company.id,
    });
  }

  say(conversation, body, more = {}) {
    return this.post(`/api/chat/conversations/${conversation.id}/messages`, { body, ...more });
  }

  /** Says several things, one after the other. */
  async sayAll(conversation, bodies) {
    const said = [];
    for (const body of bodies) said.push(await this.say(conversation, body));
    return said;
  }

  /** The newest messages, as the server has stored them. */
  async messages(conversation) {
    return (await this.get(`/api/chat/conversations/${conversation.id}/messages?limit=100`)).data;
  }

  read(conversation) {
    return this.post(`/api/chat/conversations/${conversation.id}/read`, {});
  }

  async upload(name, bytes, type) {
    const form = new FormData();
    form.append('file', new Blob([bytes], { type }), name);
    return this.post('/api/chat/attachments', form);
  }
}
