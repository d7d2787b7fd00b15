// The contract `direct`: chats between two parties, by pusher-js on either of the pair's two channels, and by polling
// where sockets do not get through.
import assert from 'node:assert/strict';

import { expectAll } from './lib/feed.mjs';
import { messageObject } from './lib/objects.mjs';
import { chatSuite } from './lib/scene.mjs';

/** Two people whose ids sort in another order as text than as numbers, as 9 and 10 do. */
async function registerPair(scene) {
  let last = await scene.register('Early');
  for (;;) {
    const next = await scene.register('Later');
    if (String(last.id) > String(next.id)) return [last, next];
    last = next;
  }
}

const namesOf = (ann, bo) => [`private-chat.${ann.id}.${bo.id}`, `private-chat.${bo.id}.${ann.id}`];

/** Two people who have a chat; each listens to both names. */
async function openChat(scene, pair) {
  const [ann, bo] = pair ?? (await scene.registerAll('Ann', 'Bo'));
  const conversation = await scene.direct(ann, bo);
  const names = namesOf(ann, bo);
  const listen = (device) => Promise.all(names.map((name) => device.listen(name)));
  const [annFeeds, boFeeds] = [await listen(ann), await listen(bo)];
  return { ann, bo, conversation, names, annFeeds, boFeeds };
}

chatSuite('the contract `direct`', {}, (test) => {
  test('sends to both names of a pair, whichever way it is sorted', async (scene) => {
    const pair = await registerPair(scene);
    const { ann, bo, conversation, names, annFeeds, boFeeds } = await openChat(scene, pair);
    const [lower, higher] = [ann.id, bo.id];
    assert.ok(lower < higher && String(lower) > String(higher));
    for (const [sender, receiver, heard, own] of [
      [ann, bo, boFeeds, annFeeds],
      [bo, ann, annFeeds, boFeeds],
    ]) {
      const sent = await sender.send(conversation, 'Both');
      const message = messageObject(sent, { conversation, sender, receiver, body: 'Both' });
      for (const event of ['message.sent', 'PrivateMessageSent']) await expectAll(heard, event, message);
      for (const feed of heard) {
        for (const [event] of feed.unread) assert.equal(event, 'message.read');
        while (feed.unread.length > 0) await feed.next('message.read');
      }
      for (const [n, name] of names.entries()) await scene.quiet(name, heard[n], own[n]);
    }
  });

  test('makes the conversation with the first private message', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const feeds = await Promise.all(namesOf(ann, bo).map((name) => bo.listen(name)));
    const send = (body) => ann.ask(201, 'POST', '/api/chat/messages/private', { recipient_id: bo.id, message: body });
    const [first, second] = [await send('First'), await send('Second')];
    assert.equal(first.conversation_id, second.conversation_id);
    const found = await ann.ask(200, 'POST', '/api/chat/conversations', { type: 'direct', user_id: bo.id });
    assert.equal(found.id, first.conversation_id);
    for (const [sent, body] of [
      [first, 'First'],
      [second, 'Second'],
    ]) {
      const message = messageObject(sent, { conversation: found, sender: ann, receiver: bo, body });
      for (const event of ['message.sent', 'PrivateMessageSent']) await expectAll(feeds, event, message);
    }
  });

  test('sends what else happens to a message, as `conversation` does', async (scene) => {
    const { ann, bo, conversation, names, annFeeds, boFeeds } = await openChat(scene);
    const sent = await ann.send(conversation, 'Helo');
    for (const event of ['message.sent', 'PrivateMessageSent']) await expectAll(boFeeds, event, sent);
    const edited = await ann.ask(200, 'PATCH', `/api/chat/messages/${sent.id}`, { body: 'Hello' });
    await expectAll(boFeeds, 'message.updated', edited);
    await ann.ask(204, 'PUT', `/api/chat/messages/${sent.id}/reactions/${encodeURIComponent('🎉')}`);
    const reaction = { message_id: sent.id, user_id: ann.id, emoji: '🎉', added: true };
    await expectAll(boFeeds, 'message.reaction', reaction);
    await ann.ask(204, 'POST', '/api/chat/typing', { conversation_id: conversation.id });
    const typing = { conversation_id: conversation.id, user: ann.person, typing: true };
    await expectAll(boFeeds, 'user.typing', typing);
    await bo.ask(200, 'POST', `/api/chat/messages/${sent.id}/read`);
    const read = { conversation_id: conversation.id, reader_id: bo.id, message_ids: [sent.id], last_read_id: sent.id };
    await expectAll(annFeeds, 'message.read', read);
    await ann.ask(204, 'DELETE', `/api/chat/messages/${sent.id}`);
    await expectAll(boFeeds, 'message.deleted', { id: sent.id, conversation_id: conversation.id });
    for (const [n, name] of names.entries()) await scene.quiet(name, annFeeds[n], boFeeds[n]);
  });

  test('carries the conversations that the two have in all companies', async (scene) => {
    const { ann, bo, conversation, boFeeds } = await openChat(scene);
    const company = await scene.company(ann, 'Second', bo);
    const request = { type: 'direct', user_id: bo.id, company_id: company.id };
    const other = await ann.ask(201, 'POST', '/api/chat/conversations', request);
    assert.notEqual(other.id, conversation.id);
    const sent = await ann.send(other, 'Elsewhere');
    const message = messageObject(sent, { conversation: other, sender: ann, receiver: bo, body: 'Elsewhere' });
    await expectAll(boFeeds, 'message.sent', message);
  });

  test('sends nothing of groups', async (scene) => {
    const { ann, bo, names, boFeeds } = await openChat(scene);
    const group = await scene.group(ann, 'Two of us', bo);
    const channel = `private-chat.${group.company_id}.conversation.${group.id}`;
    const heard = await bo.listen(channel);
    const sent = await ann.send(group, 'In the group');
    await heard.expect('message.sent', sent);
    for (const [n, name] of names.entries()) await scene.quiet(name, boFeeds[n]);
  });

  test('refuses its channels to everybody else, with the reason', async (scene) => {
    const { ann, bo, names } = await openChat(scene);
    const cy = await scene.register('Cy');
    const socketId = ann.pusher.connection.socket_id;
    for (const [title, device, name] of [
      ['a third', cy, names[0]],
      ['a third, the other way', cy, names[1]],
      ['oneself', ann, `private-chat.${ann.id}.${ann.id}`],
      ['nobody', ann, `private-chat.${ann.id}.999999`],
      ['a number written in another way', ann, `private-chat.${ann.id}.0${bo.id}`],
      ['a sign', ann, `private-chat.${ann.id}.+${bo.id}`],
      ['one id', ann, `private-chat.${ann.id}`],
      ['a presence channel', ann, names[0].replace('private-', 'presence-')],
    ]) {
      const answer = await device.authorise(name, socketId);
      assert.equal(answer.status, 403, `${title}: ${answer.text}`);
      assert.ok(answer.body.message.length > 10, title);
    }
    const error = await cy.refused(names[0]);
    assert.deepEqual({ type: error.type, status: error.status }, { type: 'AuthError', status: 403 });
  });

  test('refuses two who share no company', async (scene) => {
    const { ann, bo, names } = await openChat(scene);
    const owner = await scene.owner();
    const socketId = ann.pusher.connection.socket_id;
    assert.equal((await ann.authorise(names[0], socketId)).status, 200);
    await owner.ask(204, 'DELETE', `/api/companies/1/members/${bo.id}`);
    for (const name of names) {
      const answer = await ann.authorise(name, socketId);
      assert.equal(answer.status, 403, answer.text);
    }
    await owner.ask(201, 'POST', '/api/companies/1/members', { email: bo.user.email, role: 'member' });
    assert.equal((await ann.authorise(names[0], socketId)).status, 200);
  });

  test('answers polls with nothing new shortly, by an empty list or by 304', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const path = `/api/chat/conversations/${conversation.id}/messages`;
    const first = await ann.send(conversation, 'First');
    const poll = (after, headers) => bo.request('GET', `${path}?after=${after}`, undefined, headers);

    const full = await poll(0);
    assert.equal(full.status, 200);
    assert.deepEqual(full.body, { data: [first], next_cursor: null, has_more_before: false, has_more_after: false });
    const unchanged = await poll(0, { 'If-None-Match': full.headers.etag });
    assert.deepEqual([unchanged.status, unchanged.text], [304, '']);
    assert.equal(unchanged.headers.etag, full.headers.etag);

    const empty = await poll(first.id);
    assert.deepEqual(empty.body, { data: [], next_cursor: null, has_more_before: true, has_more_after: false });
    const nothing = await poll(first.id, { 'If-None-Match': empty.headers.etag });
    assert.deepEqual([nothing.status, nothing.text], [304, '']);

    const second = await ann.send(conversation, 'Second');
    const news = await poll(first.id, { 'If-None-Match': empty.headers.etag });
    assert.deepEqual([news.status, news.body.data], [200, [second]]);
    await ann.ask(200, 'PATCH', `/api/chat/messages/${second.id}`, { body: 'Changed' });
    const changed = await poll(first.id, { 'If-None-Match': news.headers.etag });
    assert.deepEqual([changed.status, changed.body.data[0].body], [200, 'Changed']);
  });

  test('has pollers and listeners end with the same messages', async (scene) => {
    const { ann, bo, conversation, boFeeds } = await openChat(scene);
    const path = `/api/chat/conversations/${conversation.id}/messages`;
    const poller = await bo.another('Polling');
    const polled = [];
    const heard = [];
    for (let n = 0; n < 30; n += 1) {
      await ann.send(conversation, `message ${n}`);
      heard.push(await boFeeds[0].next('message.sent'));
      if (n % 4 === 0) {
        const after = polled.at(-1)?.id ?? 0;
        polled.push(...(await poller.ask(200, 'GET', `${path}?after=${after}`)).data);
      }
    }
    polled.push(...(await poller.ask(200, 'GET', `${path}?after=${polled.at(-1).id}`)).data);
    assert.deepEqual(polled, heard);
    assert.deepEqual(
      polled.map(({ body }) => body),
      Array.from({ length: 30 }, (_, n) => `message ${n}`),
    );
  });
});
