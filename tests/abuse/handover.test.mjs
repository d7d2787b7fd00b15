// Two thousand clients of a server that hands over to its successor. Their silence is measured, so that nothing else may
// keep the processors busy.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, describe, it } from 'node:test';

import { Crowd } from '../e2e/lib/crowd.mjs';
import { eventually, within } from '../lib/deadline.mjs';
import { post } from '../lib/publish.mjs';
import { app, Servers } from '../lib/server.mjs';

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
  further(count, what) {
    const wanted = this.published.length + count;
    return eventually(
      () => this.published.length,
      (now) => now >= wanted,
      what,
      patience,
    );
  }

  async end() {
    this.#ended = true;
    await this.done;
  }
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
  const servers = new Servers();
  after(() => servers.killAll());

  it('takes 2,000 connections over, each silent for 2 s at most, and no event is lost', async () => {
    const elder = await servers.start({ settings });
    const { port } = elder;
    const crowd = new Crowd(`ws://127.0.0.1:${port}/app/${app.key}?protocol=7`, 'news', 2_000);
    const fresh = new Counter(port, 'news', new http.Agent()); // connects for each, so that both servers get some
    try {
      await within(
        crowd.all((member) => member.subscribed),
        '2,000 subscriptions',
        patience,
      );
      await fresh.further(10, 'publishes before');
      const successor = await servers.start({ settings, port, words: ['--replace'] });
      await within(
        crowd.all((member) => member.visits.length === 2 && member.subscribed),
        'all at the successor',
        patience,
      );
      await within(elder.ended, 'end of the elder', patience);
      await fresh.further(10, 'publishes after');
      await fresh.end();
      const last = fresh.published.at(-1).number;
      await within(
        crowd.all((member) => member.visits.at(-1).heard.includes(last)),
        'the last event everywhere',
        patience,
      );
      await successor.logged('elder_gone');
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
});
