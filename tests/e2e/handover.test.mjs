// A server and its successor on the same port.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, describe, it } from 'node:test';

import Pusher from 'pusher-js';

import { within } from '../lib/deadline.mjs';
import { app, Server } from '../lib/server.mjs';
import { signedTarget } from '../lib/signing.mjs';
import { Crowd } from './lib/crowd.mjs';
import { once, subscribed } from './lib/suite.mjs';

const patience = 60_000;
const silenceMax = 2_000; // milliseconds
// What is published while a connection closes may be on its way to it.
const closing = 250; // milliseconds
// Between publishes: each is parsed 2,000 times in this process, which must not be what is measured.
const pace = 100; // milliseconds
const settings = { 'chat.enabled': false };

/** Publishes 1, 2, 3 … to a channel, each when the one before has been answered, and keeps book. */
class Counter {
  #ended = false;

  constructor(port, channel, agent) {
    this.published = []; // {number, from, to}: when it was sent and answered
    this.refused = [];
    this.done = this.#run(port, channel, agent);
  }

  async #run(port, channel, agent) {
    for (let number = 1; !this.#ended; number += 1) {
      const from = performance.now();
      const body = JSON.stringify({ name: 'number', channel, data: String(number) });
      const status = await post(port, body, agent).catch((error) => error.message);
      const entry = { number, from, to: performance.now() };
      if (status === 200) this.published.push(entry);
      else this.refused.push({ ...entry, status });
      await new Promise((next) => setTimeout(next, pace));
    }
  }

  /** Resolves when a further `count` have been published. */
  async further(count) {
    const wanted = this.published.length + count;
    while (this.published.length < wanted) await new Promise((next) => setTimeout(next, pace));
  }

  async end() {
    this.#ended = true;
    await this.done;
  }
}

function post(port, body, agent) {
  const path = `/apps/${app.id}/events`;
  const target = signedTarget({ method: 'POST', path, body });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  return new Promise((answer, failed) => {
    const request = http.request(
      { host: '127.0.0.1', port, agent, method: 'POST', path: target, headers },
      (response) => {
        response.resume();
        response.on('end', () => answer(response.statusCode));
      },
    );
    request.on('error', failed);
    request.end(body);
  });
}

/** The numbers that a visit had to hear: published while it was subscribed. */
const due = (visit, published) => published.filter(({ from, to }) => visit.from < from && to + closing < visit.to);

function checkNothingLost(crowd, published) {
  for (const member of crowd.members) {
    for (const visit of member.visits) {
      const heard = new Set(visit.heard);
      assert.equal(heard.size, visit.heard.length, 'something came twice');
      const missing = due(visit, published).filter(({ number }) => !heard.has(number));
      assert.deepEqual(missing, [], 'published while it was subscribed, and not heard');
    }
  }
}

describe('a successor on the same port', () => {
  const servers = [];
  const start = async (options) => {
    const server = await Server.start(options);
    servers.push(server);
    return server;
  };
  after(() => Promise.all(servers.map((server) => server.kill())));

  it('takes 2,000 connections over, each silent for 2 s at most, and no event is lost', async () => {
    const elder = await start({ settings });
    const { port } = elder;
    const crowd = new Crowd(`ws://127.0.0.1:${port}/app/${app.key}?protocol=7`, 'news', 2_000);
    const fresh = new Counter(port, 'news', new http.Agent()); // connects for each, so that both servers get some
    try {
      await within(
        crowd.all((member) => member.subscribed),
        '2,000 subscriptions',
        patience,
      );
      await within(fresh.further(10), 'publishes before', patience);
      const successor = await start({ settings, port, words: ['--replace'] });
      await within(
        crowd.all((member) => member.visits.length === 2 && member.subscribed),
        'all at the successor',
        patience,
      );
      await within(elder.ended, 'end of the elder', patience);
      await within(fresh.further(10), 'publishes after', patience);
      await fresh.end();
      const last = fresh.published.at(-1).number;
      await within(
        crowd.all((member) => member.visits.at(-1).heard.includes(last)),
        'the last event everywhere',
        patience,
      );
      assert.equal((await successor.logged('elder_gone')).event, 'elder_gone');
    } finally {
      crowd.leave();
      await fresh.end();
    }
    for (const member of crowd.members) assert.deepEqual(member.closeCodes.slice(0, 1), [4200]);
    const silences = crowd.members.map((member) => member.longestSilence);
    assert.ok(Math.max(...silences) <= silenceMax, `one was silent for ${Math.max(...silences)} ms`);
    checkNothingLost(crowd, fresh.published);
    assert.deepEqual(fresh.refused, [], 'publishes that were not answered with 200');
  });

  it('has the pusher-js clients of its elder at once, and the next successor finds it', async () => {
    const first = await start({ settings });
    const { port } = first;
    const client = new Pusher(app.key, {
      cluster: '',
      wsHost: '127.0.0.1',
      wsPort: port,
      forceTLS: false,
      enabledTransports: ['ws'],
    });
    try {
      const channel = client.subscribe('news');
      await subscribed(channel);
      for (let round = 0; round < 2; round += 1) {
        const again = once(channel, 'pusher:subscription_succeeded', patience);
        await start({ settings, port, words: ['--replace'] });
        await again;
        const heard = once(channel, 'greeting', patience);
        assert.equal(await post(port, JSON.stringify({ name: 'greeting', channel: 'news', data: '{}' })), 200);
        await heard;
      }
      await within(first.ended, 'end of the first', patience);
    } finally {
      client.disconnect();
    }
  });

  it('starts like any other where there is nobody to replace', async () => {
    const server = await start({ settings, words: ['--replace'] });
    assert.equal((await server.logged('nothing_to_replace')).port, 0);
  });

  it('is refused the port without --replace', async () => {
    const elder = await start({ settings });
    await assert.rejects(Server.start({ settings, port: elder.port }), /Address already in use/);
  });
});
