// A stored message is broadcast at least once, also when the server dies between storing and broadcasting.
import assert from 'node:assert/strict';

import { eventually } from '../../lib/deadline.mjs';
import { RawListener } from './lib/raw_listener.mjs';
import { chatSuite } from './lib/scene.mjs';

const delay = 3_000; // time enough for the clients to come back
const settings = {
  'chat.outbox_replay_delay': delay,
  'limits.max_messages_per_second': -1,
  'limits.max_chat_requests_per_second': -1,
};

/** Sends messages, many at once, until the server is gone; resolves with the ids of those that were answered. */
async function sendUntilTheEnd(devices, conversation) {
  const answered = [];
  const path = `/api/chat/conversations/${conversation.id}/messages`;
  const sendOn = async (device, n) => {
    try {
      for (let count = 0; ; count += 1) {
        const answer = await device.request('POST', path, { body: `${n}.${count}`, temp_id: `${n}.${count}` });
        assert.equal(answer.status, 201, answer.text);
        answered.push(answer.body.id);
      }
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
    }
  };
  await Promise.all(devices.map(sendOn));
  return answered;
}

async function storedIn(device, conversation) {
  const rows = [];
  for (let more = true; more;) {
    const after = rows.at(-1)?.id ?? 0;
    const path = `/api/chat/conversations/${conversation.id}/messages?limit=100&after=${after}`;
    const page = await device.ask(200, 'GET', path);
    rows.push(...page.data);
    more = page.has_more_after;
  }
  return rows;
}

const messages = (feed) => feed.unread.filter(([event]) => event === 'MessageSentEvent').map(([, { data }]) => data);
const idsOf = (list) => list.map(({ message }) => message.id);

/** Resolves when the server has been up for so long that what was left over has been sent. */
async function replayed(server) {
  const started = Date.parse((await server.logged('listening')).time);
  const age = async () => Date.now() - started;
  await eventually(age, (milliseconds) => milliseconds > delay + 500, 'end of the delay');
}

/** Has the server crash while Ann sends to Bo, checks what Bo hears and resolves with what they heard after the crash. */
async function crashWhileSending(scene) {
  const [ann, bo] = await scene.registerAll('Ann', 'Bo');
  const conversation = await scene.direct(ann, bo);
  const listen = async (device) => (await RawListener.connect(device)).listen(`private-user.${device.id}`);
  const [before, ownBefore] = [await listen(bo), await listen(ann)];
  const senders = Array.from({ length: 16 }, () => ann);
  scene.agent.maxSockets = senders.length;
  const sending = sendUntilTheEnd(senders, conversation);
  await before.until(() => messages(before).length >= 100, '100 messages');
  let answered;
  await scene.restart('kill', async () => {
    answered = await sending;
  });
  const [after, ownAfter] = [await listen(bo), await listen(ann)];
  assert.deepEqual(messages(after), [], 'sent before the delay was over');
  const stored = (await storedIn(ann, conversation)).map(({ id }) => id);
  for (const id of answered) assert.ok(stored.includes(id), `message ${id} was answered and is lost`);
  await replayed(scene.server);
  const last = await ann.send(conversation, 'last');
  await after.until(() => idsOf(messages(after)).includes(last.id), 'message of now');

  const again = messages(after).filter(({ message }) => message.id !== last.id);
  const heard = new Set(idsOf([...messages(before), ...again]));
  for (const id of stored) assert.ok(heard.has(id), `message ${id} was stored and never sent`);
  const known = new Map(messages(before).map((data) => [data.message.id, data]));
  for (const data of again) assert.deepEqual(data, known.get(data.message.id) ?? data, 'a repeat is the same');
  const ascending = [...new Set(idsOf(again))].sort((a, b) => a - b);
  assert.deepEqual(idsOf(again), ascending, 'once, and in the order of the messages');

  // The connection that they came from is left out while there is one.
  assert.deepEqual(messages(ownBefore), []);
  assert.deepEqual(idsOf(messages(ownAfter)), idsOf(again));
  return again;
}

chatSuite('the outbox', { settings }, (test) => {
  test('sends after a crash what was stored and not sent, for clients to drop what they have', async (scene) => {
    // A server that had the time to tick off all that it sent has left nothing over.
    for (let round = 0; round < 5; round += 1) {
      if ((await crashWhileSending(scene)).length > 0) return;
    }
    assert.fail('no crash has left anything over');
  });

  test('is empty after an orderly end', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    for (let n = 0; n < 50; n += 1) await ann.send(conversation, `message ${n}`);
    await scene.restart('stop');
    const listener = await RawListener.connect(bo);
    const feed = await listener.listen(`private-user.${bo.id}`);
    await replayed(scene.server);
    const last = await ann.send(conversation, 'last');
    assert.equal((await feed.next('MessageSentEvent')).data.message.id, last.id);
  });
});
