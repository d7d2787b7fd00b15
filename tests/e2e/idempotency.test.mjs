// Publishing that may be repeated (header X-Idempotency-Key, member idempotency_key).
import assert from 'node:assert/strict';

import { app } from '../lib/server.mjs';
import { suite } from './lib/suite.mjs';
import { frame } from './lib/socket.mjs';

async function subscriber(scene, channel) {
  const socket = await scene.connect();
  await socket.subscribe(channel);
  return socket;
}

function post(scene, body, key, path = `/apps/${app.id}/events`) {
  const headers = key === undefined ? {} : { 'X-Idempotency-Key': key };
  return scene.api({ method: 'POST', path, headers, body: JSON.stringify(body) });
}

suite('a publish with an idempotency key', {}, (test) => {
  test('is delivered once, whichever loop and form a repetition comes in', async (scene) => {
    const channel = scene.name();
    const socket = await subscriber(scene, channel);
    const event = { name: 'e', channel, data: 'd', info: 'subscription_count' };
    const first = await post(scene, event, 'once');
    assert.deepEqual(first.body, { channels: { [channel]: { subscription_count: 1 } } });
    await subscriber(scene, channel);
    for (let i = 0; i < 8; i += 1) {
      scene.agent.destroy(); // another connection, and so perhaps another loop
      const again =
        i % 2 === 0 ? await post(scene, event, 'once') : await post(scene, { ...event, idempotency_key: 'once' });
      assert.deepEqual([again.status, again.text], [200, first.text]);
    }
    await socket.expect(frame('e', 'd', channel));
    await scene.nothingElse(channel, socket);
  });

  test('is delivered once though it is sent many times at once', async (scene) => {
    const channel = scene.name();
    const socket = await subscriber(scene, channel);
    scene.agent.maxSockets = 8;
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => post(scene, { name: 'e', channel, data: 'd' }, 'many')),
    );
    for (const { status, headers } of answers) {
      assert.ok(status === 200 || (status === 503 && headers['retry-after'] === '1'), String(status));
    }
    await socket.expect(frame('e', 'd', channel));
    await scene.nothingElse(channel, socket);
  });

  test('refuses another request under its key', async (scene) => {
    const channel = scene.name();
    await post(scene, { name: 'e', channel, data: 'd' }, 'taken');
    const { status, body } = await post(scene, { name: 'e', channel, data: 'other' }, 'taken');
    assert.equal(status, 400);
    assert.match(body.error, /'taken'.*publish_idempotency_key_age/);
  });

  test('may be one event of a batch', async (scene) => {
    const channel = scene.name();
    const socket = await subscriber(scene, channel);
    const path = `/apps/${app.id}/batch_events`;
    const event = (data, key) => ({ name: 'e', channel, data, idempotency_key: key });
    assert.equal((await post(scene, { batch: [event('1', 'b1'), event('2', 'b2')] }, undefined, path)).text, '{}');
    assert.equal((await post(scene, { batch: [event('3', 'b3'), event('1', 'b1')] }, undefined, path)).text, '{}');
    for (const data of ['1', '2', '3']) await socket.expect(frame('e', data, channel));
    await scene.nothingElse(channel, socket);
  });
});
