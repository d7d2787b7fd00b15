// What the log says of refusals, for operators.
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { suite } from './lib/suite.mjs';

// The signature is to be what refuses so long a channel_data.
suite('the log', { settings: { 'limits.max_presence_member_size': 262_144 } }, (test) => {
  test('has a short line for a refused subscription, however much came with it', async (scene) => {
    const channel = scene.name('presence-');
    const socket = await scene.connect();
    socket.askFor(channel, { auth: `${app.key}:${'0'.repeat(64)}`, channelData: 'x'.repeat(200_000) });
    await socket.expectRefusal(channel, { type: 'AuthError', status: 401, code: 4009 });
    const { line } = await scene.server.logged('refused', (entry) => entry.channel === channel);
    assert.ok(Buffer.byteLength(line) < 2000, `${Buffer.byteLength(line)} bytes`);
  });

  test('has one line for each refused request of the API', async (scene) => {
    for (const [name, sentence] of [
      ['auth_key', /auth_key/],
      ['auth_version', /auth_version/],
    ]) {
      const path = `/apps/${app.id}/channels/${scene.name()}`;
      assert.equal((await scene.api({ path, parameters: { [name]: undefined } })).status, 401);
      const { line, status, ...entry } = await scene.server.logged(
        'refused',
        ({ request }) => request === `GET ${path}`,
      );
      assert.equal(status, 401);
      assert.match(entry.sentence, sentence);
      assert.ok(!line.includes(app.secret), line);
    }
    const lines = scene.server.log.split('\n').filter((line) => line.includes('"kind":"request"'));
    assert.equal(lines.length, 2);
  });
});
