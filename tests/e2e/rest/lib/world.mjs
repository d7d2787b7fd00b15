import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe } from 'node:test';

import { within } from '../../../lib/deadline.mjs';
import { suite } from '../../lib/suite.mjs';
import { Database } from './database.mjs';
import { Description } from './description.mjs';

export const password = 'correct horse battery';

const open = {
  'limits.max_registrations_per_minute': 100_000,
  'limits.max_logins_per_minute': 100_000,
  'limits.max_chat_requests_per_second': 1_000_000,
  'limits.max_messages_per_second': 1_000_000,
  'limits.max_message_burst': 1_000_000,
  'chat.join_home_company': false,
};

let addresses = 0;

const build = resolve(
  fileURLToPath(new URL('../../../..', import.meta.url)),
  process.env.PARLEY_BUILD_DIR ?? 'build/release',
);

/** Runs `parley` on the server's database; what it prints. */
function command(databaseUrl, words, input = '') {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
  const environment = { ...Object.fromEntries(own), PARLEY_DATABASE_URL: databaseUrl };
  return new Promise((done, failed) => {
    const child = execFile(
      join(build, 'parley'),
      words,
      { env: environment, cwd: tmpdir() },
      (error, output, complaints) => {
        if (error) failed(new Error(`parley ${words.join(' ')}: ${error.message}\n${complaints}`));
        else done(output.trim());
      },
    );
    child.stdin.end(input);
  });
}

/** One HTTP request on a connection of `agent`; `body` of the answer is parsed when it is JSON. */
function exchange(agent, port, { method, target, headers, bytes }) {
  const answered = new Promise((answer, failed) => {
    const options = { host: '127.0.0.1', port, agent, method, path: target, headers };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => {
        const all = Buffer.concat(chunks);
        answer({ status: response.statusCode, headers: response.headers, bytes: all, text: all.toString() });
      });
    });
    request.on('error', failed);
    request.end(bytes);
  });
  return within(answered, `answer to ${method} ${target}`, 30_000);
}

/** Somebody who asks: with a token or, as nobody, without. Every answer is checked against the description. */
export class Client {
  constructor(world, { token, user, email } = {}) {
    this.world = world;
    this.token = token;
    this.user = user;
    this.id = user?.id;
    this.email = email;
  }

  /**
   * `body` is sent as JSON; `raw` as it is, with `type`. `undescribed` leaves out the check against the description,
   * `lenient` only that of a body that was taken.
   */
  async request(method, target, options = {}) {
    const { body, raw, type = 'application/json', headers = {}, undescribed = false, lenient = false } = options;
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const bytes = text === undefined ? undefined : Buffer.from(text);
    const sent = {
      ...(this.token === undefined ? {} : { Authorization: `Bearer ${this.token}` }),
      ...(bytes === undefined ? {} : { 'Content-Type': type, 'Content-Length': bytes.length }),
      ...headers,
    };
    for (const [name, value] of Object.entries(sent)) if (value === undefined) delete sent[name];
    const answer = await exchange(this.world.agent, this.world.port, { method, target, headers: sent, bytes });
    if (answer.headers['content-type'] === 'application/json' && method !== 'HEAD')
      answer.body = JSON.parse(answer.text);
    assert.ok(answer.status < 500 || answer.status === 503, `${method} ${target}: ${answer.status} ${answer.text}`);
    if (!undescribed) {
      this.world.description.checkAnswer(method, target, answer);
      if (body !== undefined && !lenient && answer.status < 300)
        this.world.description.checkTaken(method, target, body);
    }
    return answer;
  }

  /** The body of an answer that must have the status `status`. */
  async #must(status, method, target, options) {
    const answer = await this.request(method, target, options);
    const wanted = Array.isArray(status) ? status : [status];
    assert.ok(
      wanted.includes(answer.status),
      `${method} ${target}: ${answer.status} in place of ${wanted}\n${answer.text}`,
    );
    return answer.body;
  }

  get(target, status = 200) {
    return this.#must(status, 'GET', target);
  }

  post(target, body, status = 201, options = {}) {
    return this.#must(status, 'POST', target, { body, ...options });
  }

  patch(target, body, status = 200) {
    return this.#must(status, 'PATCH', target, { body });
  }

  put(target, body, status = 200) {
    return this.#must(status, 'PUT', target, { body });
  }

  delete(target, status = 204) {
    return this.#must(status, 'DELETE', target);
  }

  /** The whole of a list, page by page; each page has `limit` rows. */
  async all(target, limit = 100) {
    const rows = [];
    for (let cursor = ''; cursor !== null;) {
      const glue = target.includes('?') ? '&' : '?';
      const place = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.get(`${target}${glue}limit=${limit}${place}`);
      assert.ok(page.data.length <= limit, `${target}: ${page.data.length} rows in a page of ${limit}`);
      assert.ok(page.data.length > 0 || page.next_cursor === null, `${target}: an empty page that goes on`);
      rows.push(...page.data);
      cursor = page.next_cursor;
    }
    return rows;
  }

  /** Refused with 422 on exactly these fields; the complaints by field. */
  async refused(method, target, body, ...fields) {
    const { errors } = await this.#must(422, method, target, { body });
    assert.deepEqual(Object.keys(errors ?? {}), fields, JSON.stringify(body)?.slice(0, 300));
    return errors;
  }

  /** Sends to a conversation. */
  say(conversation, body, more = {}) {
    return this.post(`/api/chat/conversations/${conversation.id}/messages`, { body, ...more });
  }

  /** The direct conversation with somebody. */
  direct(other, more = {}) {
    return this.post('/api/chat/conversations', { type: 'direct', user_id: other.id, ...more }, [200, 201]);
  }

  group(title, others, more = {}) {
    const userIds = others.map((other) => other.id);
    return this.post('/api/chat/conversations', { type: 'group', title, user_ids: userIds, ...more });
  }

  /** Uploads a file by a form; the answer. */
  upload(bytes, { name = 'file.bin', type = 'application/octet-stream', field = 'file', ...options } = {}) {
    const boundary = '----parley-test-boundary';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n`;
    const raw = Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    return this.request('POST', '/api/chat/attachments', {
      raw,
      type: `multipart/form-data; boundary=${boundary}`,
      ...options,
    });
  }
}

/** What one test has: the server's description, people and companies of its own. */
class World {
  static async of(scene, shared) {
    const world = new World(scene, shared.database.url);
    if (shared.server !== scene.server) {
      const answer = await exchange(world.agent, world.port, {
        method: 'GET',
        target: '/api/openapi.json',
        headers: {},
      });
      assert.equal(answer.status, 200);
      Object.assign(shared, { server: scene.server, description: new Description(JSON.parse(answer.text)) });
      world.description = shared.description;
      // The first account ever owns the home company.
      shared.first = await world.commandPerson('First');
    }
    world.description = shared.description;
    world.first = new Client(world, shared.first);
    return world;
  }

  constructor(scene, databaseUrl) {
    this.scene = scene;
    this.databaseUrl = databaseUrl;
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
    scene.atEnd(() => this.agent.destroy());
    this.nobody = new Client(this);
  }

  get port() {
    return this.scene.server.port;
  }

  /** An e-mail address that nobody else has. */
  email(name = 'user') {
    addresses += 1;
    return `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}${addresses}@example.com`;
  }

  /** Runs `parley` on the server's database; what it prints. */
  command(words, input) {
    return command(this.databaseUrl, words, input);
  }

  /** A new account made by command, whoever may register. */
  async commandPerson(name = 'Ann') {
    const email = this.email(name);
    await this.command(['user', 'create', name, email], `${password}\n`);
    const token = await this.command(['user', 'token', email]);
    const user = await new Client(this, { token }).get('/api/user');
    return new Client(this, { token, user, email });
  }

  /** A new account. */
  async person(name = 'Ann', email = this.email(name)) {
    const { token, user } = await this.nobody.post('/api/auth/register', { name, email, password });
    return new Client(this, { token, user, email });
  }

  /** New accounts; their ids grow. */
  async people(...names) {
    const people = [];
    for (const name of names) people.push(await this.person(name));
    return people;
  }

  /** A new company of `owner` and members. */
  async company(owner, ...members) {
    const company = await owner.post('/api/companies', { name: 'Acme' });
    for (const member of members)
      await owner.post(`/api/companies/${company.id}/members`, { email: member.email, role: 'member' });
    return { ...company, general: { id: company.general_conversation_id } };
  }

  /** New people, all in one new company, whose owner is the first: {company, people}. */
  async colleagues(...names) {
    const people = await this.people(...names);
    return { company: await this.company(...people), people };
  }

  /** Somebody's token for a second device. */
  async device(person, name = 'Second') {
    const body = { email: person.email, password, device_name: name };
    const { token } = await this.nobody.post('/api/auth/login', body, 200);
    return new Client(this, { token, user: person.user, email: person.email });
  }
}

/** Checks that the server, over its whole life, complained of nothing. */
function checkLog(server) {
  const complaints = server.log.split('\n').filter((line) => /"level":"(error|critical)"/.test(line));
  assert.deepEqual(complaints, []);
}

/**
 * Tests of the REST interface that share a server: `define` gets a function that adds one, whose body gets a World.
 * Users are in no company but those that a test makes, and throttles are out of the way, unless `settings` say else.
 */
export function restSuite(title, settings, define) {
  const shared = {};
  const options = { settings: {} };
  describe(title, () => {
    before(async () => {
      shared.database = await Database.make();
      options.settings = { ...open, ...shared.database.settings, ...settings };
    });
    after(() => shared.database?.remove());
    suite('over HTTP', options, (test) =>
      define((name, body) =>
        test(name, async (scene) => {
          await body(await World.of(scene, shared), scene);
          checkLog(scene.server);
        }),
      ),
    );
  });
}

/** The answers' ids. */
export const ids = (rows) => rows.map((row) => row.id);

/** What `look` returns as soon as it does not fail; for what the server does on its own (jobs). */
export async function eventually(look, milliseconds = 15_000) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
