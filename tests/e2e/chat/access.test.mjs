// What ends when a token is revoked or somebody takes part no longer, and what begins again.
import assert from 'node:assert/strict';

import { eventually, within } from '../../lib/deadline.mjs';
import { app } from '../../lib/server.mjs';
import { leftEnvelope, messageObject, updatedEnvelope } from './lib/objects.mjs';
import { RawListener } from './lib/raw_listener.mjs';
import { chatSuite } from './lib/scene.mjs';

const channelOf = ({ company_id: companyId, id }) => `private-chat.${companyId}.conversation.${id}`;

/** Reads that the server has taken a subscription away. */
async function expectTaken(ending, channel) {
  const frame = await within(ending, `end of ${channel}`);
  assert.equal(frame.event, 'pusher:subscription_error', JSON.stringify(frame));
  assert.equal(frame.channel, channel);
  const data = JSON.parse(frame.data);
  assert.deepEqual(Object.keys(data), ['type', 'error', 'status']);
  assert.deepEqual([data.type, data.status], ['AuthError', 403]);
  assert.ok(data.error.length > 10);
}

/** Has `change` take `channels` from a listener, and checks that the old signatures are of no use any more. */
async function take(listener, channels, change) {
  const proofs = new Map();
  for (const channel of channels) {
    const proof = await listener.authorise(channel);
    await listener.subscribe(channel, proof);
    proofs.set(channel, proof);
  }
  const endings = channels.map((channel) => listener.ending(channel));
  await change();
  for (const [n, channel] of channels.entries()) {
    await expectTaken(endings[n], channel);
    await expectTaken(listener.ask(channel, proofs.get(channel)), channel);
    const answer = await listener.device.authorise(channel, listener.socket.socketId);
    assert.equal(answer.status, 403, answer.text);
  }
  assert.equal(listener.socket.transport.readyState, 1, 'the connection itself stays');
  return proofs;
}

const stillOpen = (listener) => listener.socket.transport.readyState === 1;

chatSuite('access that ends', {}, (test) => {
  test('with a revoked token closes its connections with 4009, and only these', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const tablet = await ann.another('Tablet');
    const tokens = await ann.ask(200, 'GET', '/api/auth/tokens');
    const revoked = tokens.data.find(({ current }) => !current);
    assert.equal(revoked.device_name, 'Tablet');

    const ends = [];
    const stays = [];
    for (const [device, list] of [
      [tablet, ends],
      [tablet, ends],
      [ann, stays],
      [bo, stays],
    ]) {
      const listener = await RawListener.connect(device);
      const feed = await listener.listen(`private-user.${device.id}`);
      list.push({ listener, feed });
    }
    const signedIn = await RawListener.connect(tablet);
    const { socketId } = signedIn.socket;
    const proof = await tablet.ask(200, 'POST', '/broadcasting/user-auth', { socket_id: socketId });
    signedIn.socket.send({ event: 'pusher:signin', data: proof });
    ends.push({ listener: signedIn });
    const stranger = await scene.connect();

    await ann.ask(204, 'DELETE', `/api/auth/tokens/${revoked.id}`);
    for (const { listener } of ends) {
      const { code, reason } = await within(listener.socket.end, 'end of the connection');
      assert.equal(code, 4009);
      assert.ok(reason.length > 10);
    }
    await tablet.ask(401, 'GET', '/api/user');
    await stranger.expectAlive();
    const conversation = await scene.direct(ann, bo);
    bo.connection = undefined;
    ann.connection = undefined;
    await bo.send(conversation, 'Still there?');
    for (const { listener, feed } of stays) {
      await feed.next('MessageSentEvent');
      assert.ok(stillOpen(listener));
    }
  });

  test('with the log-out closes the connections of this device', async (scene) => {
    const ann = await scene.register('Ann');
    const tablet = await ann.another('Tablet');
    const [own, other] = [await RawListener.connect(ann), await RawListener.connect(tablet)];
    const channel = `private-user.${ann.id}`;
    await own.listen(channel);
    await other.listen(channel);
    await ann.ask(204, 'POST', '/api/auth/logout');
    assert.equal((await within(own.socket.end, 'end of the connection')).code, 4009);
    await tablet.ask(200, 'GET', '/api/user');
    assert.ok(stillOpen(other));
  });

  test('takes the conversation from whom others have removed, and gives it back with them', async (scene) => {
    const [ann, bo, cy] = await scene.registerAll('Ann', 'Bo', 'Cy');
    const group = await scene.group(ann, 'Planning', bo, cy);
    const channel = channelOf(group);
    const [annHears, cyHears] = [await ann.listen(channel), await cy.listen(channel)];
    const listener = await RawListener.connect(bo);
    const own = await listener.listen(`private-user.${bo.id}`);
    const presence = channel.replace('private-', 'presence-');
    const participants = `/api/chat/conversations/${group.id}/participants`;
    await take(listener, [channel, presence], () => ann.ask(204, 'DELETE', `${participants}/${bo.id}`));
    await own.expect('ConversationLeftEvent', leftEnvelope(group));

    const sent = await ann.send(group, 'Among us');
    await cyHears.expect('message.sent', messageObject(sent, { conversation: group, sender: ann, body: 'Among us' }));
    await scene.quiet(`private-user.${bo.id}`, own);
    await bo.ask(404, 'GET', `/api/chat/conversations/${group.id}`);

    await ann.ask(200, 'POST', participants, { user_id: bo.id });
    const feed = await listener.listen(channel);
    assert.deepEqual(feed.unread, [], 'what was sent while they took no part');
    const again = await cy.send(group, 'Welcome back');
    await feed.expect('message.sent', again);
    await annHears.expect('message.sent', again);
    assert.equal((await own.next('MessageSentEvent')).data.message.id, again.id);
  });

  test('takes the conversation from whoever leaves it, on all devices', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const group = await scene.group(ann, 'Planning', bo);
    const listeners = [await RawListener.connect(bo), await RawListener.connect(await bo.another())];
    const channel = channelOf(group);
    await listeners[1].listen(channel);
    const other = listeners[1].ending(channel);
    const leave = () => bo.ask(204, 'DELETE', `/api/chat/conversations/${group.id}/participants/${bo.id}`);
    await take(listeners[0], [channel], leave);
    await expectTaken(other, channel);
  });

  test('leaves the sign-in of whom a company removes to their token', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const company = await scene.company(ann, 'Acme', bo);
    const tablet = await bo.another('Tablet');
    const listener = await RawListener.connect(tablet);
    const { socketId } = listener.socket;
    const proof = await tablet.ask(200, 'POST', '/broadcasting/user-auth', { socket_id: socketId });
    listener.socket.send({ event: 'pusher:signin', data: proof });
    await take(listener, [`presence-chat.${company.id}`], () =>
      ann.ask(204, 'DELETE', `/api/companies/${company.id}/members/${bo.id}`),
    );
    assert.ok(stillOpen(listener));
    const { data } = await bo.ask(200, 'GET', '/api/auth/tokens');
    const { id } = data.find(({ device_name: name }) => name === 'Tablet');
    await bo.ask(204, 'DELETE', `/api/auth/tokens/${id}`);
    assert.equal((await within(listener.socket.end, 'end of the connection')).code, 4009);
  });

  test('takes all of a company from whom it removes', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const company = await scene.company(ann, 'Acme', bo);
    const direct = await ann.ask(201, 'POST', '/api/chat/conversations', {
      type: 'direct',
      user_id: bo.id,
      company_id: company.id,
    });
    const campaign = await ann.ask(201, 'POST', '/api/campaigns', {
      name: 'Spring',
      company_id: company.id,
      user_ids: [bo.id],
    });
    const listener = await RawListener.connect(bo);
    const own = await listener.listen(`private-user.${bo.id}`);
    const kept = [`private-chat.${ann.id}.${bo.id}`, 'presence-chat', 'presence-chat.1'];
    for (const channel of kept) await listener.listen(channel);
    const general = { id: company.general_conversation_id, company_id: company.id };
    const lost = [
      channelOf(direct),
      channelOf(general),
      channelOf(general).replace('private-', 'presence-'),
      `presence-chat.${company.id}`,
      `private-campaign.${campaign.id}`,
      `presence-campaign.${campaign.id}`,
    ];
    const path = `/api/companies/${company.id}/members`;
    await take(listener, lost, () => ann.ask(204, 'DELETE', `${path}/${bo.id}`));
    for (const each of [general, direct]) await own.expect('ConversationLeftEvent', leftEnvelope(each));
    await bo.ask(404, 'GET', `/api/chat/conversations/${direct.id}`);
    await ann.ask(201, 'POST', '/api/chat/messages', { message: 'Among us', company_id: company.id });
    await ann.request('POST', `/api/chat/conversations/${direct.id}/messages`, { body: 'Are you there?' });
    await ann.request('POST', '/api/chat/typing', { conversation_id: direct.id });
    const between = await scene.direct(ann, bo);
    await own.expect('ConversationUpdatedEvent', updatedEnvelope(between, 'created'));
    await ann.send(between, 'At home');
    const heard = await own.next('MessageSentEvent');
    assert.equal(heard.data.message.conversation_id, between.id);
    const { notification } = await own.next('NotificationCreated');
    assert.equal(notification.data.conversation_id, between.id);
    await scene.quiet(`private-user.${bo.id}`, own);
    const { body } = await scene.api({ path: `/apps/${app.id}/channels` });
    for (const channel of kept) assert.ok(channel in body.channels, channel);
    for (const channel of lost) assert.ok(!(channel in body.channels), channel);

    await ann.ask(201, 'POST', path, { user_id: bo.id, role: 'member' });
    for (const channel of lost.slice(0, 4)) await listener.listen(channel);
    const answer = await bo.authorise(`private-campaign.${campaign.id}`, listener.socket.socketId);
    assert.equal(answer.status, 403, 'who comes back is no member of the campaigns');
  });

  test('takes the direct channel from two who share no company any more', async (scene) => {
    const owner = await scene.owner();
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const channels = [`private-chat.${ann.id}.${bo.id}`, `private-chat.${bo.id}.${ann.id}`];
    const [annListens, boListens] = [await RawListener.connect(ann), await RawListener.connect(bo)];
    await annListens.listen(channels[0]);
    const others = annListens.ending(channels[0]);
    await take(boListens, [...channels, 'presence-chat'], () =>
      owner.ask(204, 'DELETE', `/api/companies/1/members/${bo.id}`),
    );
    await expectTaken(others, channels[0]);
  });

  test('takes a campaign from whom it removes', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const campaign = await ann.ask(201, 'POST', '/api/campaigns', { name: 'Spring', user_ids: [bo.id] });
    const channels = [`private-campaign.${campaign.id}`, `presence-campaign.${campaign.id}`];
    const listener = await RawListener.connect(bo);
    await take(listener, channels, () => ann.ask(204, 'DELETE', `/api/campaigns/${campaign.id}/members/${bo.id}`));
    await ann.ask(200, 'POST', `/api/campaigns/${campaign.id}/members`, { user_id: bo.id });
    const feed = await listener.listen(channels[0]);
    await ann.ask(200, 'PUT', `/api/campaigns/${campaign.id}/budget`, { budget: 5 });
    await feed.next('BudgetChanged');
  });

  test('holds against a signature that is made at the same time', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const group = await scene.group(ann, 'Planning', bo);
    const channel = channelOf(group);
    const participants = `/api/chat/conversations/${group.id}/participants`;
    scene.agent.maxSockets = 8;
    for (let round = 0; round < 25; round += 1) {
      const listener = await RawListener.connect(bo);
      const joining = bo.authorise(channel, listener.socket.socketId).then(({ status, body }) => {
        if (status === 200) listener.ask(channel, body);
      });
      await Promise.all([joining, ann.ask(204, 'DELETE', `${participants}/${bo.id}`)]);
      const occupied = async () => (await scene.api({ path: `/apps/${app.id}/channels/${channel}` })).body.occupied;
      const after = await listener.device.authorise(channel, listener.socket.socketId);
      assert.equal(after.status, 403);
      // The connection has handled the subscription when it answers this.
      const answered = new Promise((done) =>
        listener.socket.transport.on('message', (bytes) => {
          if (JSON.parse(bytes.toString()).event === 'pusher:pong') done();
        }),
      );
      listener.socket.send({ event: 'pusher:ping', data: {} });
      await within(answered, 'pong');
      await eventually(occupied, (is) => !is, `empty channel in round ${round}`);
      await listener.socket.close();
      await ann.ask(200, 'POST', participants, { user_id: bo.id });
    }
  });

  test('is not given to more than 100 connections of one user', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const sockets = await scene.connectAll(101);
    const channel = `private-user.${ann.id}`;
    for (const { socketId } of sockets.slice(0, 100)) {
      const answer = await ann.authorise(channel, socketId);
      assert.equal(answer.status, 200, answer.text);
    }
    const last = sockets[100].socketId;
    const refused = await ann.authorise(channel, last);
    assert.equal(refused.status, 429, refused.text);
    assert.match(refused.headers['retry-after'], /^[1-9]\d*$/);
    assert.match(refused.body.message, /limits\.max_sockets_per_user/);
    assert.equal((await ann.authorise(`private-users.${ann.id}`, sockets[0].socketId)).status, 200);
    assert.equal((await bo.authorise(`private-user.${bo.id}`, last)).status, 200);
    await sockets[5].close();
    const authorise = () => ann.authorise(channel, last);
    await eventually(authorise, ({ status }) => status === 200, 'room for another connection');
  });
});
