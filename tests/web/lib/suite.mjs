import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { chromium } from 'playwright-core';

import { chromiumOptions } from '../../lib/chromium.mjs';
import { Server } from '../../lib/server.mjs';
import { Complaints } from './complaints.mjs';
import { recordShifts } from './layout.mjs';
import { Line } from './line.mjs';
import { noteChannels } from './live.mjs';
import { Person } from './person.mjs';

/** How long anything may take that a test waits for, in milliseconds. */
export const patience = 30_000;

const unthrottled = {
  'limits.max_registrations_per_minute': 100_000,
  'limits.max_logins_per_minute': 100_000,
  'limits.max_chat_requests_per_second': 1_000_000,
  'limits.max_messages_per_second': 1_000_000,
  'limits.max_message_burst': 1_000_000,
  'chat.join_home_company': false,
};

/** Where it is noon when the tests begin, so that none begins today and ends tomorrow. */
function zoneAtNoon() {
  const ahead = 12 - new Date().getUTCHours();
  // The sign of these names is that of POSIX: Etc/GMT-5 is five hours ahead of UTC.
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

const usual = {
  locale: 'en-US',
  timezoneId: process.env.PARLEY_WEB_TIME_ZONE ?? zoneAtNoon(),
  viewport: { width: 1280, height: 800 },
  serviceWorkers: 'block',
};

/** What one test has: the server, a browser, people of its own. All contexts are closed when the test is over. */
export class WebScene {
  #host;
  #closers = [];
  #pages = [];

  constructor(host) {
    this.#host = host;
    this.complaints = new Complaints();
  }

  get server() {
    return this.#host.server;
  }

  get url() {
    return `http://${this.server.origin}`;
  }

  /** The owner of the home company. */
  get owner() {
    return this.#host.owner;
  }

  /** New people, all in one new company, whose owner is the first. */
  async people(...names) {
    const people = await Promise.all(names.map((name) => Person.register(this.server, name)));
    const [owner, ...others] = people;
    const company = await owner.post('/api/companies', { name: `Firm ${owner.id}` });
    for (const { email } of others) await owner.post(`/api/companies/${company.id}/members`, { email, role: 'member' });
    for (const person of people) person.company = company;
    return people;
  }

  /** Two colleagues and their direct conversation. */
  async pair(first = 'Ann', second = 'Ben') {
    const [ann, ben] = await this.people(first, second);
    return { ann, ben, talk: await ann.direct(ben) };
  }

  /** A line to the server that can be cut. */
  async line() {
    const line = await Line.to(this.server.port);
    this.atEnd(() => line.cut());
    return line;
  }

  /**
   * A browser profile of its own. `person`: signed in as this one; `preferences`: of the app, on this device; `line`: the
   * way to the server.
   */
  async profile(person, { preferences, line, ...options } = {}) {
    const kept = {
      ...(person && { 'parley.session': person.session }),
      ...(preferences && { 'parley.preferences': preferences }),
    };
    const localStorage = Object.entries(kept).map(([name, value]) => ({ name, value: JSON.stringify(value) }));
    const storageState = { cookies: [], origins: [{ origin: line?.origin ?? this.url, localStorage }] };
    const context = await this.#host.browser.newContext({ ...usual, storageState, ...options });
    context.setDefaultTimeout(patience);
    await context.addInitScript(recordShifts);
    context.on('page', (page) => {
      this.#pages.push(page);
      noteChannels(page);
    });
    this.complaints.watch(context);
    this.atEnd(() => context.close());
    return context;
  }

  /** A page of the app in a profile of its own, see `profile`. */
  async open(person, path = '/chat', options = {}) {
    const page = await (await this.profile(person, options)).newPage();
    await page.goto((options.line?.origin ?? this.url) + path);
    return page;
  }

  /** Where the server keeps its database. */
  get directory() {
    return this.#host.directory;
  }

  /** Ends the server as a crash does or as an operator does; `start` has it again, on the same port. */
  async stopServer(end = 'stop') {
    const { options, port } = this.server;
    await this.server[end]();
    return {
      start: async () => {
        this.#host.server = await Server.start({ ...options, port });
      },
    };
  }

  atEnd(close) {
    this.#closers.push(close);
  }

  /** Pictures of what is on the screen, for whoever wants to know why a test failed (PARLEY_WEB_PICTURES). */
  async picture(name) {
    const folder = process.env.PARLEY_WEB_PICTURES;
    if (folder === undefined) return;
    for (const [index, page] of this.#pages.entries()) {
      const path = join(folder, `${name.replaceAll(/\W+/g, '_').slice(0, 80)}_${index}.png`);
      await page.screenshot({ path }).catch(() => undefined); // a page that is closed has no picture
    }
  }

  async end() {
    for (const close of this.#closers.reverse()) await close();
  }
}

async function begin(host, options) {
  host.directory = await mkdtemp(join(tmpdir(), 'parley-web-'));
  const database = { 'database.url': `sqlite:${join(host.directory, 'parley.db')}` };
  const settings = { ...unthrottled, ...database, ...options.settings };
  const { words, nobody } = options;
  host.server = await Server.start({ words, settings, directory: host.directory });
  if (!nobody) host.owner = await Person.register(host.server, 'Owner');
  host.browser = await chromium.launch(chromiumOptions);
}

async function finish(host) {
  await host.browser?.close();
  await host.server?.stop();
  await rm(host.directory, { recursive: true, force: true });
}

async function run(host, name, body) {
  const scene = new WebScene(host);
  try {
    await body(scene);
    scene.complaints.check();
  } catch (error) {
    await scene.picture(name);
    throw error;
  } finally {
    await scene.end();
  }
}

/**
 * Tests that share a server and a browser: `define` gets a function that adds one, whose body gets a WebScene. `words` and
 * `settings` are those of the server; `nobody`: it begins without any account.
 */
export function webSuite(title, define, options = {}) {
  describe(title, () => {
    const host = {};
    before(() => begin(host, options));
    after(() => finish(host));
    define((name, body) => it(name, () => run(host, name, body)));
  });
}
