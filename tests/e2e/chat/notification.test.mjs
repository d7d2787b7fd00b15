// The contract `notification`: queued notifications and read receipts of one-to-one chats, heard with Laravel Echo.
import assert from 'node:assert/strict';

import { eventually } from '../../lib/deadline.mjs';
import { subscribed } from '../lib/suite.mjs';
import { Feed } from './lib/feed.mjs';
import { uuid } from './lib/objects.mjs';
import { chatSuite } from './lib/scene.mjs';

const messageSent = 'App\\Notifications\\MessageSent';
const messageRead = 'App\\Notifications\\MessageRead';

/** What the page's Echo.private(...).notification(...) is called with, by the type of the notification. */
async function hearNotifications(device, name = `users.${device.id}`) {
  const feed = new Feed(`${name} of ${device.user.name}`);
  const channel = (device.echo ?? device.useEcho()).private(name);
  channel.notification((data) => feed.push(data.type, data));
  channel.listen('.marker', (data) => feed.push('marker', data));
  await subscribed(channel.subscription);
  return feed;
}

const sentData = (id, sender, receiver, message) => ({
  user_id: sender.id,
  conversation_id: message.conversation_id,
  message_id: message.id,
  receiver_id: receiver.id,
  id,
  type: messageSent,
});

async function notificationsOf(device) {
  const rows = [];
  for (let cursor = ''; cursor !== null;) {
    const query = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await device.ask(200, 'GET', `/api/notifications?limit=100${query}`);
    rows.push(...page.data);
    cursor = page.next_cursor;
  }
  return rows;
}

chatSuite('the contract `notification`', {}, (test) => {
  test('tells the receiver of a message, on both names of the channel and all devices', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const tablet = await bo.another();
    const feeds = [
      await hearNotifications(bo),
      await hearNotifications(bo, `App.Models.User.${bo.id}`),
      await hearNotifications(tablet),
    ];
    const own = await hearNotifications(ann);
    const sent = await ann.send(conversation, 'Hello');
    const first = await feeds[0].next(messageSent);
    assert.match(first.id, uuid);
    assert.deepEqual(first, sentData(first.id, ann, bo, sent));
    for (const feed of feeds.slice(1)) await feed.expect(messageSent, first);
    const [stored] = await notificationsOf(bo);
    const { id, type, ...data } = first;
    assert.deepEqual([stored.id, stored.type, stored.data, stored.read_at], [id, type, data, null]);

    const reply = await bo.send(conversation, 'Hi');
    await own.next(messageRead);
    assert.deepEqual(await own.next(messageSent), sentData((await notificationsOf(ann))[0].id, bo, ann, reply));
    await scene.quiet(`private-users.${ann.id}`, own);
    await scene.quiet(`private-users.${bo.id}`, feeds[0], feeds[2]);
    await scene.quiet(`private-App.Models.User.${bo.id}`, feeds[1]);
  });

  test('changes the sender’s check marks when the receiver has read, both ways', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const [annHears, boHears] = [await hearNotifications(ann), await hearNotifications(bo)];
    for (const [sender, reader, senderHears, readerHears] of [
      [ann, bo, annHears, boHears],
      [bo, ann, boHears, annHears],
    ]) {
      await sender.send(conversation, 'Seen?');
      await readerHears.next(messageSent);
      await reader.ask(200, 'POST', `/api/chat/conversations/${conversation.id}/read`);
      const read = await senderHears.next(messageRead);
      assert.match(read.id, uuid);
      assert.deepEqual(read, { conversation_id: conversation.id, id: read.id, type: messageRead });
      await reader.ask(200, 'POST', `/api/chat/conversations/${conversation.id}/read`);
    }
    const again = await ann.send(conversation, 'And now?');
    await boHears.next(messageSent);
    await bo.ask(200, 'POST', `/api/chat/messages/${again.id}/read`);
    await annHears.next(messageRead);
    await scene.quiet(`private-users.${ann.id}`, annHears);
    await scene.quiet(`private-users.${bo.id}`, boHears);
    for (const device of [ann, bo])
      for (const { type } of await notificationsOf(device)) assert.equal(type, messageSent);
  });

  test('gives each reading an id of its own', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const feed = await hearNotifications(ann);
    const ids = new Set();
    for (let n = 0; n < 5; n += 1) {
      await ann.send(conversation, `message ${n}`);
      await bo.ask(200, 'POST', `/api/chat/conversations/${conversation.id}/read`);
      ids.add((await feed.next(messageRead)).id);
    }
    assert.equal(ids.size, 5);
  });

  test('leaves in peace who has muted the conversation or blocked the sender', async (scene) => {
    const [ann, bo, cy] = await scene.registerAll('Ann', 'Bo', 'Cy');
    const [muted, loud] = [await scene.direct(ann, bo), await scene.direct(cy, bo)];
    const feed = await hearNotifications(bo);
    await bo.ask(200, 'PATCH', `/api/chat/conversations/${muted.id}`, { muted: true });
    await ann.send(muted, 'Psst');
    const first = await cy.send(loud, 'Hello');
    assert.equal((await feed.next(messageSent)).message_id, first.id);
    await bo.ask(204, 'PUT', `/api/users/${cy.id}/block`);
    await cy.ask(403, 'POST', `/api/chat/conversations/${loud.id}/messages`, { body: 'Still there?' });
    await bo.ask(200, 'PATCH', `/api/chat/conversations/${muted.id}`, { muted: false });
    const last = await ann.send(muted, 'Aloud');
    assert.equal((await feed.next(messageSent)).message_id, last.id);
    assert.deepEqual(
      (await notificationsOf(bo)).map(({ data }) => data.message_id),
      [last.id, first.id],
    );
  });

  test('tells those whom a group’s message mentions', async (scene) => {
    const [ann, bo, cy] = await scene.registerAll('Ann', 'Bo', 'Cy');
    const group = await scene.group(ann, 'Planning', bo, cy);
    const [boHears, cyHears] = [await hearNotifications(bo), await hearNotifications(cy)];
    await ann.send(group, 'To nobody in particular');
    const sent = await ann.send(group, `What does @${cy.user.name} say?`);
    const heard = await cyHears.next(messageSent);
    assert.deepEqual([heard.message_id, heard.user_id], [sent.id, ann.id]);
    const direct = await scene.direct(ann, bo);
    const last = await ann.send(direct, 'And you?');
    assert.equal((await boHears.next(messageSent)).message_id, last.id);
    await scene.quiet(`private-users.${bo.id}`, boHears);
    await scene.quiet(`private-users.${cy.id}`, cyHears);
  });

  test('refuses the channels of others', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    for (const name of [
      `users.${bo.id}`,
      `App.Models.User.${bo.id}`,
      `App.Models.Users.${ann.id}`,
      `Users.${ann.id}`,
    ]) {
      assert.equal((await ann.refused(`private-${name}`)).status, 403, name);
    }
  });

  test('keeps notifications for whoever is away', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const sent = await ann.send(conversation, 'While you were away');
    const stored = await eventually(
      () => notificationsOf(bo),
      (rows) => rows.length > 0,
      'notification',
    );
    assert.deepEqual(
      stored.map(({ data }) => data.message_id),
      [sent.id],
    );
    const { count } = await bo.ask(200, 'POST', '/api/notifications/read-all');
    assert.equal(count, 1);
    assert.notEqual((await notificationsOf(bo))[0].read_at, null);
  });
});

// The jobs of a worker that is gone are taken again after this many seconds.
chatSuite('the queue of notifications', { settings: { 'jobs.retry_after': 1 } }, (test) => {
  test('makes each notification once although the server crashes over it', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const path = `/api/chat/conversations/${conversation.id}/messages`;
    scene.agent.maxSockets = 8;
    const answered = new Set();
    const failed = () => undefined; // not answered: nothing is promised of it
    const sending = Array.from({ length: 40 }, (_, n) =>
      ann.request('POST', path, { body: `message ${n}` }).then(({ body }) => answered.add(body.id), failed),
    );
    await Promise.race(sending);
    await scene.restart('kill', () => Promise.all(sending));
    const feed = await hearNotifications(bo);
    const messages = await ann.ask(200, 'GET', `${path}?limit=100`);
    const ids = messages.data.map(({ id }) => id);
    for (const id of answered) assert.ok(ids.includes(id), `message ${id} was answered and is lost`);

    const stored = await eventually(
      () => notificationsOf(bo),
      (rows) => rows.length >= ids.length,
      'notifications',
    );
    const told = stored.map(({ data }) => data.message_id).sort((a, b) => a - b);
    assert.deepEqual(told, ids);
    for (const [, data] of feed.unread) assert.ok(stored.some(({ id }) => id === data.id));
    assert.match(await scene.server.command('queue', 'failed'), /No job has failed/);
  });
});
