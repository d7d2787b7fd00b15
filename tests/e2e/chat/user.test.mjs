// The contract `user`: all of a user's chat events on one private channel, through a hand-written Pusher layer.
import assert from 'node:assert/strict';

import { eventually } from '../../lib/deadline.mjs';
import { expectAll } from './lib/feed.mjs';
import { assertMoment, leftEnvelope, messageObject, updatedEnvelope } from './lib/objects.mjs';
import { RawListener } from './lib/raw_listener.mjs';
import { chatSuite } from './lib/scene.mjs';

const channelOf = (device) => `private-user.${device.id}`;
const ofMessages = /^(Message(Sent|Updated|Deleted|Reaction)|MessagesRead|UserIsTyping)Event$/;
const ofConversations = /^(MessageSent|Conversation(Updated|Left))Event$/;

/** A device that hears its user's channel; `feed` is what it hears of this contract, by names that fit to `heard`. */
async function listen(device, heard = ofMessages) {
  const listener = await RawListener.connect(device);
  const feed = await listener.listen(channelOf(device));
  const { push } = Object.getPrototypeOf(feed);
  feed.push = (event, data) => (heard.test(event) || event === 'marker' ? push.call(feed, event, data) : undefined);
  return { device, listener, feed };
}

/** Ann and Bo with two devices each, and their conversation. */
async function openChat(scene) {
  const [ann, bo] = await scene.registerAll('Ann', 'Bo');
  const conversation = await scene.direct(ann, bo);
  const devices = [ann, await ann.another(), bo, await bo.another()];
  const feeds = [];
  for (const device of devices) feeds.push((await listen(device)).feed);
  const quiet = async () => {
    await scene.quiet(channelOf(ann), ...feeds.slice(0, 2));
    await scene.quiet(channelOf(bo), ...feeds.slice(2));
  };
  return { ann, bo, conversation, feeds, quiet };
}

/** Reads that `reader` has read `messages`, and with them all up to `last`. */
async function expectRead(feed, { conversation, reader, messages, last }) {
  const { type, data } = await feed.next('MessagesReadEvent');
  const { read_at: readAt, ...rest } = data;
  const messageIds = messages.map(({ id }) => id);
  assert.deepEqual(
    [type, rest],
    [
      'read',
      { conversation_id: conversation.id, reader_id: reader.id, message_ids: messageIds, last_read_id: last.id },
    ],
  );
  assertMoment(readAt);
}

/** Feeds that hear what happens to conversations, and nothing any more of what has happened before. */
async function followConversations(scene, conversation, ...devices) {
  const feeds = [];
  for (const device of devices) feeds.push((await listen(device, ofConversations)).feed);
  // Events come in the order of what caused them: after this one, which all of them hear, nothing from before it.
  const [{ connection }] = devices;
  devices[0].connection = undefined;
  await devices[0].send(conversation, 'Now');
  devices[0].connection = connection;
  for (const feed of feeds) {
    await feed.next('MessageSentEvent');
    feed.unread.length = 0;
  }
  return feeds;
}

chatSuite('the contract `user`', {}, (test) => {
  test('sends a message in its envelope to all devices of both but the sending one', async (scene) => {
    const { ann, bo, conversation, feeds, quiet } = await openChat(scene);
    const sent = await ann.send(conversation, 'Hello!', { tempId: 'c1-77' });
    const facts = { conversation, sender: ann, receiver: bo, body: 'Hello!', temp_id: 'c1-77' };
    const message = messageObject(sent, facts);
    await expectAll(feeds.slice(1), 'MessageSentEvent', { type: 'message', data: { message, tempId: 'c1-77' } });
    await quiet();

    const reply = await bo.send(conversation, 'Hi');
    const answer = messageObject(reply, { conversation, sender: bo, receiver: ann, body: 'Hi' });
    const others = feeds.filter((_, n) => n !== 2);
    await expectAll(others, 'MessageSentEvent', { type: 'message', data: { message: answer, tempId: null } });
    const reading = { conversation, reader: bo, messages: [sent], last: reply };
    for (const feed of others) await expectRead(feed, reading);
    await quiet();
  });

  test('gives a temporary id that is a number as text', async (scene) => {
    const { ann, conversation, feeds } = await openChat(scene);
    const sent = await ann.send(conversation, 'Hello!', { tempId: 1768905000000 });
    assert.equal(sent.temp_id, '1768905000000');
    assert.equal((await feeds[1].next('MessageSentEvent')).data.tempId, '1768905000000');
  });

  test('sends edits and deletions', async (scene) => {
    const { ann, conversation, feeds, quiet } = await openChat(scene);
    const sent = await ann.send(conversation, 'Helo');
    for (const feed of feeds.slice(1)) await feed.next('MessageSentEvent');
    const message = await ann.ask(200, 'PATCH', `/api/chat/messages/${sent.id}`, { body: 'Hello' });
    await expectAll(feeds.slice(1), 'MessageUpdatedEvent', { type: 'updated', data: { message } });
    await ann.ask(204, 'DELETE', `/api/chat/messages/${sent.id}`);
    const deleted = { id: sent.id, conversation_id: conversation.id };
    await expectAll(feeds.slice(1), 'MessageDeletedEvent', { type: 'deleted', data: deleted });
    await quiet();
  });

  test('sends that somebody types, with when it ends', async (scene) => {
    const { ann, conversation, feeds, quiet } = await openChat(scene);
    const tell = (rest) => ann.request('POST', '/api/chat/typing', { conversation_id: conversation.id, ...rest });
    const typing = (on) => ({
      type: 'typing',
      data: { conversation_id: conversation.id, user: ann.person, typing: on },
    });
    const starts = await Promise.all([tell({}), tell({})]);
    assert.deepEqual(
      starts.map(({ status }) => status),
      [204, 429],
    );
    await expectAll(feeds.slice(1), 'UserIsTypingEvent', typing(true));
    assert.equal((await tell({ typing: false })).status, 204);
    await expectAll(feeds.slice(1), 'UserIsTypingEvent', typing(false));
    await quiet();
  });

  test('sends that messages were read, to the other devices of the reader, too', async (scene) => {
    const { ann, bo, conversation, feeds, quiet } = await openChat(scene);
    const sent = [await ann.send(conversation, 'one'), await ann.send(conversation, 'two')];
    for (const feed of feeds.slice(1)) for (const _ of sent) await feed.next('MessageSentEvent');
    await bo.ask(200, 'POST', `/api/chat/conversations/${conversation.id}/read`);
    for (const feed of feeds.filter((_, n) => n !== 2)) {
      await expectRead(feed, { conversation, reader: bo, messages: sent, last: sent[1] });
    }
    await quiet();
  });

  test('sends reactions, and that they were taken back', async (scene) => {
    const { ann, bo, conversation, feeds, quiet } = await openChat(scene);
    const sent = await ann.send(conversation, 'Hello!');
    for (const feed of feeds.slice(1)) await feed.next('MessageSentEvent');
    const path = `/api/chat/messages/${sent.id}/reactions/${encodeURIComponent('👍')}`;
    for (const [method, added] of [
      ['PUT', true],
      ['DELETE', false],
    ]) {
      const { status } = await bo.request(method, path);
      assert.ok(status < 300, `${method} ${status}`);
      const data = { conversation_id: conversation.id, message_id: sent.id, user_id: bo.id, emoji: '👍', added };
      const others = feeds.filter((_, n) => n !== 2);
      await expectAll(others, 'MessageReactionEvent', { type: 'reaction', data });
    }
    await quiet();
  });

  test('sends what becomes of conversations to those who see it', async (scene) => {
    const [ann, bo, cy] = await scene.registerAll('Ann', 'Bo', 'Cy');
    const everybody = await scene.group(ann, 'Everybody', bo, cy);
    const feeds = await followConversations(scene, everybody, ann, bo, await bo.another(), cy);
    const [ofAnn, ofBo, ofBosOther, ofCy] = feeds;
    const group = await scene.group(ann, 'Planning', bo);
    await expectAll([ofBo, ofBosOther], 'ConversationUpdatedEvent', updatedEnvelope(group, 'created'));
    const path = `/api/chat/conversations/${group.id}`;
    await ann.ask(200, 'PATCH', path, { title: 'Plans' });
    await expectAll([ofBo, ofBosOther], 'ConversationUpdatedEvent', updatedEnvelope(group, 'title'));
    await ann.ask(200, 'POST', `${path}/participants`, { user_id: cy.id });
    await expectAll([ofBo, ofBosOther, ofCy], 'ConversationUpdatedEvent', updatedEnvelope(group, 'participants'));
    await bo.ask(200, 'PATCH', path, { muted: true });
    await ofBosOther.expect('ConversationUpdatedEvent', updatedEnvelope(group, 'muted'));
    await ann.ask(204, 'DELETE', `${path}/participants/${bo.id}`);
    await expectAll([ofBo, ofBosOther], 'ConversationLeftEvent', leftEnvelope(group));
    await ofCy.expect('ConversationUpdatedEvent', updatedEnvelope(group, 'participants'));
    await scene.quiet(channelOf(ann), ofAnn);
    await scene.quiet(channelOf(bo), ofBo, ofBosOther);
    await scene.quiet(channelOf(cy), ofCy);
  });

  test('tells of a general room only those who come and go', async (scene) => {
    const [ann, bo, cy] = await scene.registerAll('Ann', 'Bo', 'Cy');
    const company = await scene.company(ann, 'Acme', bo);
    const general = { id: company.general_conversation_id };
    const plans = { type: 'group', title: 'All', user_ids: [bo.id], company_id: company.id };
    const group = await ann.ask(201, 'POST', '/api/chat/conversations', plans);
    const [ofAnn, ofBo] = await followConversations(scene, group, ann, bo);
    const { feed: ofCy } = await listen(cy, ofConversations);
    await ann.ask(201, 'POST', `/api/companies/${company.id}/members`, { user_id: cy.id, role: 'member' });
    await ofCy.until((unread) => unread.some(([, { data }]) => data.conversation_id === general.id), 'the room');
    assert.deepEqual(ofCy.unread.pop(), ['ConversationUpdatedEvent', updatedEnvelope(general, 'participants')]);
    ofCy.unread.length = 0;
    await ann.ask(204, 'DELETE', `/api/companies/${company.id}/members/${cy.id}`);
    await ofCy.expect('ConversationLeftEvent', leftEnvelope(general));
    await scene.quiet(channelOf(bo), ofBo);
    await scene.quiet(channelOf(ann), ofAnn);
    await scene.quiet(channelOf(cy), ofCy);
  });

  test('names at most the 100 newest messages that were read', async (scene) => {
    const { ann, bo, conversation, feeds } = await openChat(scene);
    const ids = [];
    while (ids.length < 101) {
      const answer = await ann.request('POST', `/api/chat/conversations/${conversation.id}/messages`, { body: 'x' });
      if (answer.status === 201) ids.push(answer.body.id);
      else assert.equal(answer.status, 429, answer.text);
    }
    await bo.ask(200, 'POST', `/api/chat/conversations/${conversation.id}/read`);
    const read = await feeds[0].next('MessagesReadEvent');
    assert.deepEqual(read.data.message_ids, ids.slice(1));
  });

  test('sends what happens in groups and general rooms to all who take part', async (scene) => {
    const [ann, bo, cy, dee] = await scene.registerAll('Ann', 'Bo', 'Cy', 'Dee');
    const company = await scene.company(ann, 'Acme', bo, cy);
    const request = { type: 'group', title: 'Planning', user_ids: [bo.id], company_id: company.id };
    const group = await ann.ask(201, 'POST', '/api/chat/conversations', request);
    const listeners = await Promise.all([ann, bo, cy, dee].map((device) => listen(device)));
    const feeds = listeners.map(({ feed }) => feed);
    const general = { id: company.general_conversation_id, company_id: company.id };
    for (const [conversation, hearing] of [
      [group, [feeds[1]]],
      [general, [feeds[1], feeds[2]]],
    ]) {
      const sent = await ann.send(conversation, 'To many');
      const message = messageObject(sent, { conversation, sender: ann, body: 'To many' });
      await expectAll(hearing, 'MessageSentEvent', { type: 'message', data: { message, tempId: null } });
    }
    for (const [n, device] of [ann, bo, cy, dee].entries()) await scene.quiet(channelOf(device), feeds[n]);
  });

  test('sends the longest messages, whatever they are made of', async (scene) => {
    const { ann, bo, conversation, feeds } = await openChat(scene);
    ann.connection = undefined;
    for (const [title, character] of [
      ['letters', 'x'],
      ['four bytes each', '🦊'],
      ['escaped twice', '"'],
      ['backslashes', '\\'],
    ]) {
      const body = character.repeat(10_000);
      const sent = await ann.send(conversation, body);
      const message = messageObject(sent, { conversation, sender: ann, receiver: bo, body });
      for (const feed of feeds) {
        const heard = await feed.next('MessageSentEvent');
        assert.ok(JSON.stringify(heard.data.message) === JSON.stringify(message), title);
      }
    }
  });

  test('does not mind a socket id that is none', async (scene) => {
    const { ann, conversation, feeds } = await openChat(scene);
    for (const socketId of ['', 'undefined', '1.2', '1.2.3', '-1.5', 'x'.repeat(300)]) {
      ann.connection = { socketId: () => socketId };
      const sent = await ann.send(conversation, `from ${socketId.slice(0, 9)}`);
      for (const feed of feeds) assert.equal((await feed.next('MessageSentEvent')).data.message.id, sent.id);
    }
  });

  test('refuses the channel of another user, and ways to write it', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const { listener } = await listen(ann);
    const { socketId } = listener.socket;
    for (const channel of [
      channelOf(bo),
      'private-user.0',
      `private-user.0${ann.id}`,
      `private-user.-${ann.id}`,
      `private-user.${ann.id}.`,
      `private-user.${ann.id}.1`,
      'private-user.',
      'private-user',
      `presence-user.${ann.id}`,
      `user.${ann.id}`,
      `private-User.${ann.id}`,
      `private-encrypted-user.${ann.id}`,
    ]) {
      const request = { socket_id: socketId, channel_name: channel };
      const answer = await ann.request('POST', '/broadcasting/auth', request);
      assert.equal(answer.status, 403, `${channel}: ${answer.text}`);
      assert.ok(answer.body.message.length > 10, channel);
    }
  });

  test('accepts a signature for its own connection and channel alone', async (scene) => {
    const [ann] = await scene.registerAll('Ann');
    const first = await RawListener.connect(ann);
    const proof = await first.authorise(channelOf(ann));
    assert.deepEqual(Object.keys(proof), ['auth']);
    const second = await RawListener.connect(await ann.another());
    const answer = await second.ask(channelOf(ann), proof);
    assert.equal(answer.event, 'pusher:subscription_error');
    assert.equal(JSON.parse(answer.data).status, 401);
    await first.subscribe(channelOf(ann), proof);
  });

  test('restores the subscription of a client that comes back, which then catches up', async (scene) => {
    const { ann, bo, conversation } = await openChat(scene);
    const { listener, feed } = await listen(await bo.another());
    const seen = await ann.send(conversation, 'seen');
    await feed.next('MessageSentEvent');
    await listener.socket.destroy();
    const missed = await ann.send(conversation, 'missed');
    const back = await listen(listener.device);
    const path = `/api/chat/conversations/${conversation.id}/messages?after=${seen.id}`;
    assert.deepEqual((await back.device.ask(200, 'GET', path)).data, [missed]);
    const next = await ann.send(conversation, 'next');
    assert.deepEqual((await back.feed.next('MessageSentEvent')).data.message, next);
  });
});

const fewChannels = { 'limits.max_event_channels_at_once': 2, 'limits.max_event_payload': 1_000 };

chatSuite('the contract `user` under the limits of back ends', { settings: fewChannels }, (test) => {
  test('sends to all of a larger group, and longer messages', async (scene) => {
    const people = await scene.registerAll('Ann', 'Bo', 'Cy', 'Dee', 'Eve');
    const group = await scene.group(people[0], 'Planning', ...people.slice(1));
    const listeners = await Promise.all(people.map((device) => listen(device)));
    people[0].connection = undefined;
    const sent = await people[0].send(group, 'x'.repeat(2_000));
    for (const { feed } of listeners) assert.deepEqual((await feed.next('MessageSentEvent')).data.message, sent);
  });
});

chatSuite('the contract `user` alone', { settings: { 'chat.contracts': 'user' } }, (test) => {
  test('sends nothing of the others', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const listener = await RawListener.connect(bo);
    const own = await listener.listen(channelOf(bo));
    const others = [
      `private-chat.${conversation.company_id}.conversation.${conversation.id}`,
      `private-chat.${ann.id}.${bo.id}`,
      `private-users.${bo.id}`,
    ];
    const feeds = [];
    for (const channel of others) feeds.push(await listener.listen(channel));
    await ann.send(conversation, 'Hello');
    await own.next('MessageSentEvent');
    await eventually(
      async () => (await bo.ask(200, 'GET', '/api/notifications')).data,
      (rows) => rows.length === 1,
      'notification',
    );
    await bo.ask(200, 'POST', `/api/chat/conversations/${conversation.id}/read`);
    await ann.send(conversation, 'Again');
    await own.next('MessageSentEvent');
    await scene.quiet(channelOf(bo), own);
    for (const [n, channel] of others.entries()) await scene.quiet(channel, feeds[n]);
  });
});
