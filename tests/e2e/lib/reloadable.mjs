import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually } from '../../lib/deadline.mjs';
import { app, Server } from '../../lib/server.mjs';
import { Socket } from './socket.mjs';

/** A server whose settings are in a `parley.toml` that changes while it runs. */
export class Reloadable {
  /** Starts it with `document` as its file; `settings` are in its environment, which wins. */
  static async start(document, settings = {}) {
    const reloadable = new Reloadable(await mkdtemp(join(tmpdir(), 'parley-test-')));
    try {
      await reloadable.configure(document);
      const { directory } = reloadable;
      reloadable.server = await Server.start({ directory, settings });
      return reloadable;
    } catch (error) {
      await rm(reloadable.directory, { recursive: true, force: true });
      throw error;
    }
  }

  constructor(directory) {
    this.directory = directory;
  }

  get file() {
    return join(this.directory, 'parley.toml');
  }

  configure(document) {
    return writeFile(this.file, document);
  }

  /** Has the server read its settings again; resolves with what it logged of that. */
  async reload() {
    const before = this.server.log.length;
    process.kill(this.server.pid, 'SIGHUP');
    const lines = () =>
      this.server.log
        .slice(before)
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line));
    const over = (entries) => entries.some(({ event }) => event === 'reloaded' || event === 'reload_refused');
    return eventually(lines, over, 'end of the reload');
  }

  /** Has it take `document` over, of which no part needs a restart. */
  async takeOver(document) {
    await this.configure(document);
    const events = (await this.reload()).map(({ event }) => event);
    assert.ok(events.includes('reloaded'), events.join());
    assert.ok(!events.includes('setting_needs_restart'), events.join());
  }

  /** A request; resolves with {status, headers, text, body}. */
  async ask(path, { method = 'GET', token, body, headers = {} } = {}) {
    const sent = { ...headers };
    if (token !== undefined) sent.Authorization = `Bearer ${token}`;
    if (body !== undefined) sent['Content-Type'] = 'application/json';
    const options = { method, headers: sent, body: body === undefined ? undefined : JSON.stringify(body) };
    const answer = await fetch(`http://${this.server.origin}${path}`, options);
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false;
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  /** A client that has opened its connection; `options` are those of `ws`. */
  open({ prefix = '', key = app.key, ...options } = {}) {
    return Socket.open(`ws://${this.server.origin}${prefix}/app/${key}?protocol=7`, options);
  }

  /** One that has been greeted. */
  async connect(options) {
    const socket = await this.open(options);
    await socket.greeting();
    return socket;
  }

  async stop() {
    await this.server?.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
