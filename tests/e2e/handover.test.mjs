// A server and its successor on the same port.
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import Pusher from 'pusher-js';

import { within } from '../lib/deadline.mjs';
import { post } from '../lib/publish.mjs';
import { app, Server, Servers } from '../lib/server.mjs';
import { once, subscribed } from './lib/suite.mjs';

const patience = 60_000;
const settings = { 'chat.enabled': false };

describe('a successor on the same port', () => {
  const servers = new Servers();
  after(() => servers.killAll());

  it('has the pusher-js clients of its elder at once, and the next successor finds it', async () => {
    const first = await servers.start({ settings });
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
        await servers.start({ settings, port, words: ['--replace'] });
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
    const server = await servers.start({ settings, words: ['--replace'] });
    assert.equal((await server.logged('nothing_to_replace')).port, 0);
  });

  it('is refused the port without --replace', async () => {
    const elder = await servers.start({ settings });
    await assert.rejects(Server.start({ settings, port: elder.port }), /Address already in use/);
  });
});
