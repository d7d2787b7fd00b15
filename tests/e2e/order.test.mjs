// The order of what arrives.
import assert from 'node:assert/strict';

import { Scene, suite } from './lib/suite.mjs';

/** The data of everything up to the event `last`, which is left out. */
async function readUntil(socket, last) {
  const data = [];
  for (let message = await socket.next(60_000); message.event !== last; message = await socket.next(60_000))
    data.push(message.data);
  return data;
}

const numbers = (from, to) => Array.from({ length: to - from }, (_, index) => String(from + index));

suite('the order of events', {}, (test) => {
  test('of one publisher is kept over 5,000 messages', async (scene) => {
    const channel = scene.name();
    const sockets = await scene.connectAll(4);
    for (const socket of sockets) await socket.subscribe(channel);
    for (const number of numbers(0, 5000)) await scene.publish(channel, 'n', number);
    await scene.publish(channel, 'last', '');
    for (const socket of sockets) assert.deepEqual(await readUntil(socket, 'last'), numbers(0, 5000));
  });

  test('of a batch is kept over 5,000 messages', async (scene) => {
    const channel = scene.name();
    const sockets = await scene.connectAll(4);
    for (const socket of sockets) await socket.subscribe(channel);
    for (let first = 0; first < 5000; first += 10) {
      await scene.sdk.triggerBatch(numbers(first, first + 10).map((data) => ({ channel, name: 'n', data })));
    }
    await scene.publish(channel, 'last', '');
    for (const socket of sockets) assert.deepEqual(await readUntil(socket, 'last'), numbers(0, 5000));
  });

  test("of several publishers is each publisher's own, and the same for all subscribers", async (scene) => {
    const channel = scene.name();
    const sockets = await scene.connectAll(6);
    for (const socket of sockets) await socket.subscribe(channel);
    // A scene of its own for each publisher: its agent has one connection.
    const publishers = Array.from({ length: 4 }, () => new Scene(scene));
    publishers.forEach((publisher) => scene.atEnd(() => publisher.end()));
    await Promise.all(
      publishers.map(async (publisher, index) => {
        for (const number of numbers(0, 300)) await publisher.publish(channel, 'n', `${index}:${number}`);
      }),
    );
    await scene.publish(channel, 'last', '');
    const [first, ...others] = await Promise.all(sockets.map((socket) => readUntil(socket, 'last')));
    for (const other of others) assert.deepEqual(other, first);
    for (const index of publishers.keys()) {
      const own = first.filter((data) => data.startsWith(`${index}:`));
      assert.deepEqual(
        own,
        numbers(0, 300).map((number) => `${index}:${number}`),
      );
    }
  });

  test("of client events is each sender's own, on every worker", async (scene) => {
    const channel = scene.name('private-');
    const [watcher, ...senders] = await scene.connectAll(5);
    for (const socket of [watcher, ...senders]) await socket.subscribe(channel);
    for (const number of numbers(0, 40)) {
      for (const [index, sender] of senders.entries())
        sender.send({ event: 'client-n', data: `${index}:${number}`, channel });
    }
    for (const sender of senders) {
      sender.send({ event: 'pusher:ping' });
      while ((await sender.next()).event !== 'pusher:pong');
    }
    await scene.publish(channel, 'last', '');
    const heard = await readUntil(watcher, 'last');
    for (const index of senders.keys()) {
      const own = heard.filter((data) => data.startsWith(`${index}:`));
      assert.deepEqual(
        own,
        numbers(0, 40).map((number) => `${index}:${number}`),
      );
    }
  });

  test('has no gap after a subscription: from its success on every event arrives', async (scene) => {
    const channel = scene.name();
    const publisher = new Scene(scene);
    scene.atEnd(() => publisher.end());
    let published = 0;
    let going = true;
    const publishing = (async () => {
      for (; going; published += 1) await publisher.publish(channel, 'n', String(published));
      await publisher.publish(channel, 'last', '');
    })();
    const latecomers = [];
    for (let index = 0; index < 12; index += 1) {
      const socket = await scene.connect();
      const before = published;
      await socket.subscribe(channel);
      latecomers.push({ socket, before });
    }
    going = false;
    await publishing;
    for (const { socket, before } of latecomers) {
      const heard = await readUntil(socket, 'last');
      const first = heard.length === 0 ? published : Number(heard[0]);
      assert.deepEqual(heard, numbers(first, published));
      assert.ok(first >= before, `${first} was published before the subscription, at ${before}`);
    }
  });
});
