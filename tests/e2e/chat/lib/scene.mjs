import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

import { Scene, suite } from '../../lib/suite.mjs';
import { Device } from './device.mjs';

const password = 'correct horse';

let people = 0;
let markers = 0;
const owners = new Map(); // by the directory of their server

/** A scene with people who have registered. */
export class ChatScene extends Scene {
  /** Registers somebody whose name begins so; resolves with their first device. */
  async register(name) {
    await this.owner();
    return this.#register(name);
  }

  async #register(name) {
    people += 1;
    const account = { name: `${name} ${people}`, email: `${name.toLowerCase()}.${people}@example.com`, password };
    const stranger = new Device(this, account, '');
    const { token, user } = await stranger.ask(201, 'POST', '/api/auth/register', { ...account, device_name: 'First' });
    return new Device(this, { ...account, id: user.id }, token);
  }

  /** The owner of the home company: whoever was the first to register. */
  async owner() {
    const { directory } = this.server.options;
    if (!owners.has(directory)) owners.set(directory, await this.#register('Owner'));
    const { user, token } = owners.get(directory);
    return new Device(this, user, token);
  }

  async registerAll(...names) {
    const devices = [];
    for (const name of names) devices.push(await this.register(name));
    return devices;
  }

  direct(device, other) {
    return device.ask(201, 'POST', '/api/chat/conversations', { type: 'direct', user_id: other.id });
  }

  group(device, title, ...others) {
    const userIds = others.map(({ id }) => id);
    return device.ask(201, 'POST', '/api/chat/conversations', { type: 'group', title, user_ids: userIds });
  }

  /** A company of `owner` with these members. */
  async company(owner, name, ...members) {
    const company = await owner.ask(201, 'POST', '/api/companies', { name });
    for (const { id } of members) {
      await owner.ask(201, 'POST', `/api/companies/${company.id}/members`, { user_id: id, role: 'member' });
    }
    return company;
  }

  /** Checks that `feeds`, all of `channel`, have nothing unread: a marker is the next thing that they hear. */
  async quiet(channel, ...feeds) {
    markers += 1;
    const marker = `number ${markers}`;
    await this.publish(channel, 'marker', JSON.stringify(marker));
    for (const feed of feeds) {
      await feed.until((unread) => unread.some(([event]) => event === 'marker'), 'marker');
      assert.deepEqual(feed.unread, [['marker', marker]], `heard on ${feed.name}`);
      await feed.next('marker');
    }
  }
}

/** Tests of the chat that share a server; its database outlives a restart. */
export function chatSuite(title, options, define) {
  const directory = mkdtempSync(join(tmpdir(), 'parley-test-'));
  after(() => rm(directory, { recursive: true, force: true }));
  suite(title, { ...options, directory }, define, ChatScene);
}
