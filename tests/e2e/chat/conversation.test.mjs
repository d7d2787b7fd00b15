// The contract `conversation`: chats between colleagues, as a Flutter application hears them through
// pusher_channels_flutter: pusher-js with an authorisation endpoint and a bearer token.
import assert from 'node:assert/strict';

import { once, subscribed } from '../lib/suite.mjs';
import { expectAll } from './lib/feed.mjs';
import { assertMoment, messageObject } from './lib/objects.mjs';
import { chatSuite } from './lib/scene.mjs';

const image = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const channelOf = ({ company_id: companyId, id }) => `private-chat.${companyId}.conversation.${id}`;

/** Ann and Bo, two devices each, that all listen to their direct conversation. */
async function openChat(scene) {
  const [ann, bo] = await scene.registerAll('Ann', 'Bo');
  const conversation = await scene.direct(ann, bo);
  const devices = [ann, await ann.another('Tablet'), bo, await bo.another('Tablet')];
  const channel = channelOf(conversation);
  const feeds = await Promise.all(devices.map((device) => device.listen(channel)));
  return { ann, bo, devices, feeds, conversation, channel };
}

chatSuite('the contract `conversation`', {}, (test) => {
  test('sends a message to all devices of both but the one that sent it', async (scene) => {
    const { ann, bo, feeds, conversation, channel } = await openChat(scene);
    const [annPhone, annTablet, boPhone, boTablet] = feeds;
    const stored = await ann.send(conversation, ' Hello!\n', { temp_id: 'c1-77' });
    const first = messageObject(stored, { conversation, sender: ann, receiver: bo, body: 'Hello!', temp_id: 'c1-77' });
    assert.deepEqual(stored, first);
    await expectAll([annTablet, boPhone, boTablet], 'message.sent', first);
    await scene.quiet(channel, ...feeds);

    const reply = await bo.send(conversation, 'Hi 🦊', { reply_to: first.id });
    const second = messageObject(reply, {
      conversation,
      sender: bo,
      receiver: ann,
      body: 'Hi 🦊',
      reply_to: first.id,
    });
    assert.deepEqual(reply, second);
    const read = {
      conversation_id: conversation.id,
      reader_id: bo.id,
      message_ids: [first.id],
      last_read_id: reply.id,
    };
    await expectAll([annPhone, annTablet, boTablet], 'message.read', read);
    await expectAll([annPhone, annTablet, boTablet], 'message.sent', second);
    await scene.quiet(channel, ...feeds);
  });

  test('sends it to the sender, too, when the request names no socket', async (scene) => {
    const { ann, bo, feeds, conversation } = await openChat(scene);
    ann.connection = undefined;
    const stored = await ann.send(conversation, 'To all');
    const message = messageObject(stored, { conversation, sender: ann, receiver: bo, body: 'To all' });
    await expectAll(feeds, 'message.sent', message);
  });

  test('sends a repeated temp_id once, and answers it with the first message', async (scene) => {
    const { ann, feeds, conversation, channel } = await openChat(scene);
    const path = `/api/chat/conversations/${conversation.id}/messages`;
    const first = await ann.ask(201, 'POST', path, { message: 'Once', tempId: 7 });
    assert.equal(first.temp_id, '7');
    const again = await ann.ask(200, 'POST', path, { content: 'Something else', temp_id: '7' });
    assert.deepEqual(again, first);
    const attempts = await Promise.all(
      Array.from({ length: 5 }, () => ann.request('POST', path, { body: 'Many at once', temp_id: 'm' })),
    );
    assert.deepEqual(attempts.map(({ status }) => status).sort(), [200, 200, 200, 200, 201]);
    assert.equal(new Set(attempts.map(({ body }) => body.id)).size, 1);
    await expectAll(feeds.slice(1), 'message.sent', first);
    await expectAll(feeds.slice(1), 'message.sent', attempts[0].body);
    await scene.quiet(channel, ...feeds);
  });

  test('has everybody see simultaneous messages in the order of their ids', async (scene) => {
    const { ann, bo, devices, feeds, conversation } = await openChat(scene);
    scene.agent.maxSockets = 8;
    for (const device of devices) device.connection = undefined;
    const sending = [];
    for (let n = 0; n < 25; n += 1) sending.push(ann.send(conversation, `Ann ${n}`), bo.send(conversation, `Bo ${n}`));
    const stored = (await Promise.all(sending)).sort((a, b) => a.id - b.id);
    for (const feed of feeds) {
      const heard = [];
      while (heard.length < stored.length) heard.push(await feed.next('message.sent'));
      assert.deepEqual(heard, stored);
    }
    const page = await ann.ask(200, 'GET', `/api/chat/conversations/${conversation.id}/messages?limit=100`);
    assert.deepEqual(
      page.data.map(({ id }) => id),
      stored.map(({ id }) => id),
    );
  });

  test('tells of edits and deletions, which leave the place of the message', async (scene) => {
    const { ann, bo, feeds, conversation, channel } = await openChat(scene);
    const sent = await ann.send(conversation, 'Helo');
    await expectAll(feeds.slice(1), 'message.sent', sent);
    await bo.ask(403, 'PATCH', `/api/chat/messages/${sent.id}`, { body: 'Not mine' });
    await bo.ask(403, 'DELETE', `/api/chat/messages/${sent.id}`);

    const edited = await ann.ask(200, 'PATCH', `/api/chat/messages/${sent.id}`, { body: 'Hello' });
    assertMoment(edited.edited_at);
    const facts = { conversation, sender: ann, receiver: bo, body: 'Hello', edited_at: edited.edited_at };
    const expected = { ...messageObject(edited, facts), id: sent.id, created_at: sent.created_at };
    assert.deepEqual(edited, expected);
    await expectAll(feeds.slice(1), 'message.updated', expected);

    await ann.ask(204, 'DELETE', `/api/chat/messages/${sent.id}`);
    await expectAll(feeds.slice(1), 'message.deleted', { id: sent.id, conversation_id: conversation.id });
    await scene.quiet(channel, ...feeds);
    const page = await bo.ask(200, 'GET', `/api/chat/conversations/${conversation.id}/messages`);
    assert.equal(page.data.length, 1);
    assertMoment(page.data[0].deleted_at);
    assert.deepEqual([page.data[0].id, page.data[0].body], [sent.id, '']);
  });

  test('tells of reactions once each', async (scene) => {
    const { ann, bo, feeds, conversation, channel } = await openChat(scene);
    const sent = await ann.send(conversation, 'React');
    await expectAll(feeds.slice(1), 'message.sent', sent);
    const path = `/api/chat/messages/${sent.id}/reactions/${encodeURIComponent('👍')}`;
    const others = feeds.filter((_, n) => n !== 2);
    for (const [method, added] of [
      ['PUT', true],
      ['DELETE', false],
    ]) {
      for (let repeat = 0; repeat < 2; repeat += 1) await bo.ask(204, method, path);
      await expectAll(others, 'message.reaction', { message_id: sent.id, user_id: bo.id, emoji: '👍', added });
    }
    await scene.quiet(channel, ...feeds);
    await bo.ask(204, 'PUT', path);
    await ann.ask(204, 'PUT', path);
    const page = await bo.ask(200, 'GET', `/api/chat/conversations/${conversation.id}/messages`);
    const [{ reactions }] = page.data;
    assert.deepEqual(
      reactions.map((reaction) => ({ ...reaction, user_ids: [...reaction.user_ids].sort((a, b) => a - b) })),
      [{ emoji: '👍', count: 2, user_ids: [ann.id, bo.id] }],
    );
  });

  test('tells of reading, which never moves backwards', async (scene) => {
    const { ann, bo, feeds, conversation, channel } = await openChat(scene);
    const ids = [];
    for (const body of ['one', 'two', 'three']) ids.push((await ann.send(conversation, body)).id);
    for (const feed of feeds.slice(1)) for (const id of ids) assert.equal((await feed.next('message.sent')).id, id);
    const path = `/api/chat/conversations/${conversation.id}/read`;
    const others = feeds.filter((_, n) => n !== 2);
    const read = (messageIds, last) => ({
      conversation_id: conversation.id,
      reader_id: bo.id,
      message_ids: messageIds,
      last_read_id: last,
    });
    const before = await bo.ask(200, 'GET', `/api/chat/conversations/${conversation.id}`);
    assert.equal(before.unread_count, 3);

    await bo.ask(200, 'POST', path, { message_ids: [ids[1]] });
    await expectAll(others, 'message.read', read([ids[0], ids[1]], ids[1]));
    await bo.ask(200, 'POST', path, { up_to: ids[0] });
    await bo.ask(200, 'POST', path);
    await expectAll(others, 'message.read', read([ids[2]], ids[2]));
    await bo.ask(200, 'POST', path);
    await scene.quiet(channel, ...feeds);

    const now = await bo.ask(200, 'GET', `/api/chat/conversations/${conversation.id}`);
    assert.equal(now.unread_count, 0);
    const page = await ann.ask(200, 'GET', `/api/chat/conversations/${conversation.id}/messages`);
    for (const message of page.data) assertMoment(message.read_at);
  });

  test('tells of typing at most once a second, and of its end', async (scene) => {
    const { ann, feeds, conversation, channel } = await openChat(scene);
    const typing = (on) => ({ conversation_id: conversation.id, user: ann.person, typing: on });
    const start = () => ann.request('POST', '/api/chat/typing', { conversation_id: conversation.id });
    const [first, refused] = await Promise.all([start(), start()]);
    assert.equal(first.status, 204, first.text);
    await expectAll(feeds.slice(1), 'user.typing', typing(true));
    assert.equal(refused.status, 429, refused.text);
    assert.match(refused.headers['retry-after'], /^[1-9]\d*$/);
    await ann.ask(204, 'POST', '/api/chat/typing', { conversation_id: conversation.id, typing: false });
    await expectAll(feeds.slice(1), 'user.typing', typing(false));
    await scene.quiet(channel, ...feeds);
  });

  test('ends typing when the message comes, and lets it begin again', async (scene) => {
    const { ann, feeds, conversation, channel } = await openChat(scene);
    const start = () => ann.ask(204, 'POST', '/api/chat/typing', { conversation_id: conversation.id });
    const typing = (on) => ({ conversation_id: conversation.id, user: ann.person, typing: on });
    await start();
    const sent = await ann.send(conversation, 'Done');
    await start();
    for (const feed of feeds.slice(1)) {
      for (const on of [true, false, true]) await feed.expect('user.typing', typing(on));
      await feed.expect('message.sent', sent);
    }
    await scene.quiet(channel, ...feeds);
  });

  test('sends attachments with their messages', async (scene) => {
    const { ann, bo, feeds, conversation } = await openChat(scene);
    const form = new FormData();
    form.append('file', new Blob([image]), 'dot.png');
    const upload = await fetch(`http://${scene.server.origin}/api/chat/attachments`, {
      method: 'POST',
      headers: { Authorization: ann.headers.Authorization },
      body: form,
    });
    assert.equal(upload.status, 201);
    const { id } = await upload.json();
    const sent = await ann.send(conversation, '', { attachment_ids: [id] });
    const url = `/api/chat/attachments/${id}`;
    const attachment = { id, name: 'dot.png', media_type: 'image/png', size: image.length, width: 1, height: 1 };
    const attachments = [{ ...attachment, url, thumbnail_url: `${url}/thumbnail` }];
    const message = messageObject(sent, { conversation, sender: ann, receiver: bo, body: '', attachments });
    assert.deepEqual(sent, message);
    await expectAll(feeds.slice(1), 'message.sent', message);
    const file = await bo.request('GET', `${url}/thumbnail`);
    assert.equal(file.status, 200);
    assert.match(file.headers['content-type'], /^image\//);
  });

  test('gives the members of a conversation on its presence channel', async (scene) => {
    const { ann, bo, conversation } = await openChat(scene);
    const name = `presence-${channelOf(conversation).slice('private-'.length)}`;
    const info = (device) => ({ id: device.id, name: device.user.name });
    const alone = ann.pusher.subscribe(name);
    const { me } = await subscribed(alone);
    assert.deepEqual(me, { id: String(ann.id), info: info(ann) });
    const joined = once(alone, 'pusher:member_added');
    const members = await subscribed(bo.pusher.subscribe(name));
    assert.deepEqual(members.members, { [ann.id]: info(ann), [bo.id]: info(bo) });
    assert.deepEqual((await joined)[0], { id: String(bo.id), info: info(bo) });
    const left = once(alone, 'pusher:member_removed');
    bo.pusher.unsubscribe(name);
    assert.deepEqual((await left)[0], { id: String(bo.id), info: info(bo) });
  });

  test('serves groups and the general room of a company alike', async (scene) => {
    const [ann, bo, cy] = await scene.registerAll('Ann', 'Bo', 'Cy');
    const company = await scene.company(ann, 'Acme', bo, cy);
    const group = await ann.ask(201, 'POST', '/api/chat/conversations', {
      type: 'group',
      title: 'Planning',
      user_ids: [bo.id, cy.id],
      company_id: company.id,
    });
    assert.equal(group.company_id, company.id);
    for (const conversation of [group, { id: company.general_conversation_id, company_id: company.id }]) {
      const channel = channelOf(conversation);
      const feeds = await Promise.all([ann, bo, cy].map((device) => device.listen(channel)));
      const sent = await cy.send(conversation, 'To many');
      const message = messageObject(sent, { conversation, sender: cy, body: 'To many' });
      await expectAll(feeds.slice(0, 2), 'message.sent', message);
      await scene.quiet(channel, ...feeds);
    }
  });

  test('refuses its channels to everybody else, with the reason', async (scene) => {
    const { ann, bo, conversation, channel } = await openChat(scene);
    const cy = await scene.register('Cy');
    const elsewhere = await scene.company(ann, 'Elsewhere');
    const { id, company_id: companyId } = conversation;
    const socketId = ann.pusher.connection.socket_id;
    for (const [title, device, name] of [
      ['a colleague who takes no part', cy, channel],
      ['who takes no part, of the members', cy, channel.replace('private-', 'presence-')],
      ['another company of hers', ann, `private-chat.${elsewhere.id}.conversation.${id}`],
      ['no such company', ann, `private-chat.999999.conversation.${id}`],
      ['no such conversation', ann, `private-chat.${companyId}.conversation.999999`],
      ['a number written in another way', ann, `private-chat.${companyId}.conversation.0${id}`],
      ['a number too large', ann, `private-chat.${companyId}.conversation.99999999999999999999`],
      ['no number', ann, `private-chat.${companyId}.conversation.x`],
      ['something behind it', bo, `${channel}.1`],
      ['another word', bo, `private-chat.${companyId}.conversations.${id}`],
      ['a public name', bo, channel.replace('private-', '')],
      ['an encrypted name', bo, channel.replace('private-', 'private-encrypted-')],
      ['a cache name', bo, channel.replace('private-', 'private-cache-')],
    ]) {
      const answer = await device.authorise(name, socketId);
      assert.equal(answer.status, 403, `${title}: ${answer.text}`);
      assert.deepEqual(Object.keys(answer.body).sort(), ['code', 'message'], title);
      assert.ok(answer.body.message.length > 10, title);
    }
    const error = await cy.refused(channel);
    assert.deepEqual({ type: error.type, status: error.status }, { type: 'AuthError', status: 403 });
  });

  test('refuses requests for authorisation that are none', async (scene) => {
    const ann = await scene.register('Ann');
    for (const [title, body, field] of [
      ['no socket_id', { channel_name: 'private-user.1' }, 'socket_id'],
      ['no channel_name', { socket_id: '1.2' }, 'channel_name'],
      ['a malformed socket_id', { socket_id: '1.2:private-user.1', channel_name: 'private-user.1' }, 'socket_id'],
      ['a socket_id that is a word', { socket_id: 'x', channel_name: 'private-user.1' }, 'socket_id'],
      ['an empty channel_name', { socket_id: '1.2', channel_name: '' }, 'channel_name'],
    ]) {
      const answer = await ann.request('POST', '/broadcasting/auth', body);
      assert.equal(answer.status, 422, `${title}: ${answer.text}`);
      assert.deepEqual(Object.keys(answer.body.errors), [field], title);
    }
    ann.token = '1|nothing';
    await ann.ask(401, 'POST', '/broadcasting/auth', { socket_id: '1.2', channel_name: `private-user.${ann.id}` });
  });

  test('lets a client that was away catch up, missing nothing', async (scene) => {
    const { ann, bo, feeds, conversation } = await openChat(scene);
    const path = `/api/chat/conversations/${conversation.id}/messages`;
    const seen = await ann.send(conversation, 'seen');
    await feeds[2].expect('message.sent', seen);
    await bo.disconnect();
    const missed = [];
    for (let n = 0; n < 5; n += 1) missed.push(await ann.send(conversation, `missed ${n}`));
    const first = await bo.ask(200, 'GET', `${path}?after=${seen.id}&limit=3`);
    assert.deepEqual(first.data, missed.slice(0, 3));
    assert.deepEqual([first.has_more_before, first.has_more_after], [true, true]);
    const second = await bo.ask(200, 'GET', `${path}?limit=3&cursor=${encodeURIComponent(first.next_cursor)}`);
    assert.deepEqual(second.data, missed.slice(3));
    assert.deepEqual([second.has_more_after, second.next_cursor], [false, null]);
  });
});
