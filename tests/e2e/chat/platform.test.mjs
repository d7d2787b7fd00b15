// The contract `platform`: general chat, presence, notifications, campaigns and money, as pages hear them with Laravel
// Echo.
import assert from 'node:assert/strict';

import { eventually, within } from '../../lib/deadline.mjs';
import { app } from '../../lib/server.mjs';
import { once, subscribed } from '../lib/suite.mjs';
import { assertMoment, messageObject, uuid } from './lib/objects.mjs';
import { chatSuite } from './lib/scene.mjs';

/** The message object without any e-mail address. */
function publicObject(stored, facts) {
  const { email: _, ...sender } = messageObject(stored, facts).sender;
  return { ...messageObject(stored, facts), sender };
}

/** What `bind` is called back with. */
const called = (bind, what) => within(new Promise((done) => bind(done)), what);

const withKey = (key) => ({ 'Idempotency-Key': key });

const facts = ({ id, company_id: companyId, name, status, budget, currency, updated_at: updatedAt }) => ({
  id,
  company_id: companyId,
  name,
  status,
  budget,
  currency,
  updated_at: updatedAt,
});

const person = ({ id, user: { name } }) => ({ id, name });

async function homeRoom(device) {
  const { data } = await device.ask(200, 'GET', '/api/companies');
  return { id: data[0].general_conversation_id, company_id: 1 };
}

chatSuite('the contract `platform`', {}, (test) => {
  test('sends the home company’s general chat to everybody, without e-mail addresses', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await homeRoom(ann);
    const own = await ann.hear(ann.useEcho().channel('chat'), '.MessageSent', '.UserTyping');
    const other = await bo.hear(bo.useEcho().channel('chat'), '.MessageSent', '.UserTyping');
    await Promise.all([204, 429].map((status) => ann.ask(status, 'POST', '/api/chat/typing')));
    const typing = (on) => ({ conversation_id: conversation.id, user: person(ann), typing: on });
    await other.expect('.UserTyping', typing(true));
    const sent = await ann.ask(201, 'POST', '/api/chat/messages', { message: 'Hello all', temp_id: 'x1' });
    assert.equal(sent.sender.email, ann.user.email);
    const message = publicObject(sent, { conversation, sender: ann, body: 'Hello all', temp_id: 'x1' });
    await other.expect('.MessageSent', message);
    await other.expect('.UserTyping', typing(false));
    await scene.quiet('chat', own, other);
  });

  test('sends nothing else on the public channel', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const company = await scene.company(ann, 'Acme', bo);
    const conversation = await scene.direct(ann, bo);
    const feed = await bo.hear(bo.useEcho().channel('chat'), '.MessageSent', '.UserTyping', '.MessageRead');
    await ann.ask(201, 'POST', '/api/chat/messages', { message: 'Among us', company_id: company.id });
    await ann.ask(204, 'POST', '/api/chat/typing', { company_id: company.id });
    await ann.send(conversation, 'Between us');
    const sent = await ann.ask(201, 'POST', '/api/chat/messages', { message: 'To all' });
    assert.equal((await feed.next('.MessageSent')).id, sent.id);
    await scene.quiet('chat', feed);
  });

  test('sends reading and notifications on the user’s own channel', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const conversation = await scene.direct(ann, bo);
    const tablet = await bo.another();
    const names = ['.MessageRead', '.NotificationCreated', '.NotificationRead'];
    const [annHears, boHears, tabletHears] = await Promise.all(
      [ann, bo, tablet].map((device) => device.hear(device.useEcho().private(`user.${device.id}`), ...names)),
    );
    const sent = await ann.send(conversation, 'Hello');
    const created = await boHears.next('.NotificationCreated');
    assert.match(created.notification.id, uuid);
    assertMoment(created.notification.created_at);
    assert.deepEqual(created, {
      notification: {
        id: created.notification.id,
        type: 'App\\Notifications\\MessageSent',
        data: { user_id: ann.id, conversation_id: conversation.id, message_id: sent.id, receiver_id: bo.id },
        read_at: null,
        created_at: created.notification.created_at,
      },
      unread_count: 1,
    });
    await tabletHears.expect('.NotificationCreated', created);
    const list = await bo.ask(200, 'GET', '/api/notifications');
    assert.deepEqual(list, { data: [created.notification], next_cursor: null, unread_count: 1 });

    await bo.ask(200, 'POST', `/api/notifications/${created.notification.id}/read`);
    await tabletHears.expect('.NotificationRead', { ids: [created.notification.id], unread_count: 0 });

    await bo.ask(200, 'POST', `/api/chat/conversations/${conversation.id}/read`);
    const read = await annHears.next('.MessageRead');
    assertMoment(read.read_at);
    assert.deepEqual(read, {
      conversation_id: conversation.id,
      reader_id: bo.id,
      message_ids: [sent.id],
      last_read_id: sent.id,
      read_at: read.read_at,
    });
    await tabletHears.expect('.MessageRead', read);
    await scene.quiet(`private-user.${ann.id}`, annHears);
    await scene.quiet(`private-user.${bo.id}`, boHears, tabletHears);
  });

  test('sends what happens to a campaign to its owner, its members and admins', async (scene) => {
    const [ann, bo, cy, dee] = await scene.registerAll('Ann', 'Bo', 'Cy', 'Dee');
    const company = await scene.company(ann, 'Acme', bo, cy, dee);
    const request = { name: 'Spring', budget: 500, company_id: company.id, user_ids: [cy.id] };
    const campaign = await bo.ask(201, 'POST', '/api/campaigns', request);
    assert.equal(campaign.status, 'draft');
    const names = ['.CampaignUpdated', '.BudgetChanged', '.CampaignActivated', '.CampaignDeactivated'];
    const feeds = [];
    for (const device of [ann, bo, cy]) {
      const channel = device.useEcho().private(`campaign.${campaign.id}`);
      feeds.push(await device.hear(channel, ...names));
    }
    const [annHears, , cyHears] = feeds;
    const path = `/api/campaigns/${campaign.id}`;
    for (const [method, target, body, changed, further] of [
      ['PATCH', path, { name: 'Summer' }, ['name'], undefined],
      ['PUT', `${path}/budget`, { budget: 700 }, ['budget'], '.BudgetChanged'],
      ['POST', `${path}/activate`, undefined, ['status'], '.CampaignActivated'],
      ['POST', `${path}/deactivate`, undefined, ['status'], '.CampaignDeactivated'],
    ]) {
      const now = facts(await bo.ask(200, method, target, body));
      for (const feed of [annHears, cyHears]) {
        await feed.expect('.CampaignUpdated', { campaign: now, changed });
        const budget = { campaign_id: campaign.id, old_budget: 500, budget: 700 };
        if (further) await feed.expect(further, further === '.BudgetChanged' ? budget : { campaign: now });
      }
    }
    await bo.ask(409, 'POST', `${path}/deactivate`);
    await scene.quiet(`private-campaign.${campaign.id}`, ...feeds);

    const error = await called((done) => dee.useEcho().private(`campaign.${campaign.id}`).error(done), 'refusal');
    assert.equal(error.status, 403);
    const here = await called((done) => cy.echo.join(`campaign.${campaign.id}`).here(done), 'here');
    assert.deepEqual(here, [person(cy)]);
    const absent = await called((done) => dee.echo.join(`campaign.${campaign.id}`).error(done), 'refusal');
    assert.equal(absent.status, 403);
  });

  test('sends movements of money to the one whose money it is', async (scene) => {
    const owner = await scene.owner();
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const names = ['.DepositCompleted', '.WithdrawalProcessed', '.WithdrawalRejected', '.BalanceUpdated'];
    const feed = await ann.hear(ann.useEcho().private(`financial.${ann.id}`), ...names);
    const error = await called((done) => bo.useEcho().private(`financial.${ann.id}`).error(done), 'refusal');
    assert.equal(error.status, 403);
    const tablet = await ann.another();
    const move = (status, device, path, body, key) =>
      device.ask(status, 'POST', `/api/financial/${path}`, body, withKey(key));
    const expectMoved = async (name, answer, status, type, amount, balance, held) => {
      const { transaction, account } = answer;
      assertMoment(transaction.created_at);
      assert.deepEqual(transaction, {
        id: transaction.id,
        type,
        amount,
        status,
        balance_after: transaction.balance_after,
        created_at: transaction.created_at,
      });
      assert.deepEqual(account, { balance, held, currency: account.currency });
      if (name) await feed.expect(name, { transaction, balance });
      await feed.expect('.BalanceUpdated', account);
    };
    const deposit = await move(201, tablet, 'deposits', { amount: 1000 }, 'd1');
    await expectMoved('.DepositCompleted', deposit, 'completed', 'deposit', 1000, 1000, 0);
    assert.deepEqual(await move(201, tablet, 'deposits', { amount: 1000 }, 'd1'), deposit);
    await move(409, tablet, 'deposits', { amount: 1001 }, 'd1');
    const asked = await move(201, tablet, 'withdrawals', { amount: 300 }, 'w1');
    await expectMoved(undefined, asked, 'pending', 'withdrawal', 300, 700, 300);
    const decide = `withdrawals/${asked.transaction.id}`;
    await move(403, tablet, `${decide}/process`, undefined, 'p0');
    const processed = await move(200, owner, `${decide}/process`, undefined, 'p1');
    await expectMoved('.WithdrawalProcessed', processed, 'processed', 'withdrawal', 300, 700, 0);
    await move(409, owner, `${decide}/reject`, undefined, 'p2');
    const again = await move(201, tablet, 'withdrawals', { amount: 200 }, 'w2');
    await expectMoved(undefined, again, 'pending', 'withdrawal', 200, 500, 200);
    const rejected = await move(200, owner, `withdrawals/${again.transaction.id}/reject`, undefined, 'r1');
    await expectMoved('.WithdrawalRejected', rejected, 'rejected', 'withdrawal', 200, 700, 0);
    await scene.quiet(`private-financial.${ann.id}`, feed);
  });

  test('lets operators of the server decide about withdrawals', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const ask = (status, device, path, body, key) =>
      device.ask(status, 'POST', `/api/financial/${path}`, body, withKey(key));
    await ask(201, ann, 'deposits', { amount: 10 }, 'a');
    const { transaction } = await ask(201, ann, 'withdrawals', { amount: 10 }, 'b');
    await ask(404, bo, `withdrawals/${transaction.id}/process`, undefined, 'c');
    await scene.server.command('user', 'operator', bo.user.email);
    await ask(200, bo, `withdrawals/${transaction.id}/process`, undefined, 'd');
  });

  test('shows who is in the company’s room, how many, and who comes and goes', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const company = await scene.company(ann, 'Acme', bo);
    const name = `chat.${company.id}`;
    const room = ann.useEcho().join(name);
    const feed = await ann.hear(room, '.UserJoined', '.UserLeft');
    await feed.expect('.UserJoined', { user: person(ann), online_count: 1 });

    const joining = called((done) => room.joining(done), 'joining');
    const boRoom = bo.useEcho().join(name);
    const here = await called((done) => boRoom.here(done), 'here');
    assert.deepEqual(
      here.sort((a, b) => a.id - b.id),
      [person(ann), person(bo)],
    );
    assert.deepEqual(await joining, person(bo));
    await feed.expect('.UserJoined', { user: person(bo), online_count: 2 });

    const tablet = await bo.another();
    await called((done) => tablet.useEcho().join(name).here(done), 'here');
    bo.echo.leave(name);
    const online = await ann.ask(200, 'GET', '/api/chat/users/online');
    assert.deepEqual(
      online.data.map(({ id }) => id).filter((id) => [ann.id, bo.id].includes(id)),
      [ann.id, bo.id],
    );
    const leaving = called((done) => room.leaving(done), 'leaving');
    await tablet.disconnect();
    assert.deepEqual(await leaving, person(bo));
    await feed.expect('.UserLeft', { user: person(bo), online_count: 1 });
    await scene.quiet(`presence-${name}`, feed);
    const now = await ann.ask(200, 'GET', '/api/chat/users/online');
    assert.ok(!now.data.some(({ id }) => id === bo.id));
    const asMember = async () => {
      const { data } = await ann.ask(200, 'GET', `/api/companies/${company.id}/members`);
      return data.find(({ id }) => id === bo.id);
    };
    const gone = await eventually(asMember, ({ last_seen_at: seen }) => seen !== null, 'last_seen_at');
    assertMoment(gone.last_seen_at);
    assert.equal(gone.online, false);
  });

  test('shows who has signed in as online', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const tablet = await bo.another();
    const isOnline = async () => {
      const { data } = await ann.ask(200, 'GET', '/api/chat/users/online');
      return data.some(({ id }) => id === bo.id);
    };
    const signIn = async (device) => {
      const pusher = device.usePusher();
      pusher.signin();
      await within(pusher.user.signinDonePromise, 'sign-in');
      assert.deepEqual(pusher.user.user_data, { id: String(bo.id), user_info: person(bo) });
    };
    assert.equal(await isOnline(), false);
    await signIn(bo);
    assert.equal(await isOnline(), true);
    await signIn(tablet);
    await bo.disconnect();
    assert.equal(await isOnline(), true);
    await tablet.disconnect();
    await eventually(isOnline, (online) => !online, 'departure');
    const company = await scene.company(ann, 'Acme', bo);
    const asMember = async () => {
      const { data } = await ann.ask(200, 'GET', `/api/companies/${company.id}/members`);
      return data.find(({ id }) => id === bo.id);
    };
    const gone = await eventually(asMember, ({ last_seen_at: seen }) => seen !== null, 'last_seen_at');
    assert.equal(gone.online, false);
  });

  test('counts right when many come and go at once', async (scene) => {
    const people = await scene.registerAll('Ann', 'Bo', 'Cy');
    const [watcher, late] = await scene.registerAll('Dee', 'Ed');
    const company = await scene.company(watcher, 'Acme', late, ...people);
    const name = `presence-chat.${company.id}`;
    const devices = [...people, ...(await Promise.all(people.map((device) => device.another())))];
    const feed = await watcher.listen(name);
    await feed.next('UserJoined');
    await Promise.all(
      devices.map(async (device) => {
        device.usePusher();
        for (let round = 0; round < 15; round += 1) {
          await device.listen(name);
          device.pusher.unsubscribe(name);
        }
        await device.disconnect();
      }),
    );
    const members = async () => (await scene.api({ path: `/apps/${app.id}/channels/${name}/users` })).body.users;
    await eventually(members, (users) => users.length === 1, 'empty room');
    // Whoever comes now is told of behind all of them.
    await late.listen(name);
    await feed.until((unread) => unread.some(([, { user }]) => user.id === late.user.id), 'the last to come');
    const present = new Set();
    for (const [event, { user, online_count: count }] of feed.unread) {
      assert.equal(present.has(user.id), event === 'UserLeft', `${event} of ${user.id}`);
      if (event === 'UserLeft') present.delete(user.id);
      else present.add(user.id);
      assert.equal(count, present.size + 1);
    }
    assert.deepEqual([...present], [late.user.id]);
    assert.ok(feed.unread.length >= 7);
  });

  test('refuses rooms of other companies', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const company = await scene.company(ann, 'Acme');
    const owner = await scene.owner();
    await owner.ask(204, 'DELETE', `/api/companies/1/members/${bo.id}`);
    for (const name of [`chat.${company.id}`, 'chat', 'chat.1', 'chat.999999', 'chat.x']) {
      const error = await called((done) => (bo.echo ?? bo.useEcho()).join(name).error(done), `refusal of ${name}`);
      assert.equal(error.status, 403);
    }
  });

  test('carries whispers between those in a room', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const company = await scene.company(ann, 'Acme', bo);
    const [annRoom, boRoom] = [ann, bo].map((device) => device.useEcho().join(`chat.${company.id}`));
    await Promise.all([annRoom, boRoom].map((room) => subscribed(room.subscription)));
    const heard = called((done) => boRoom.listenForWhisper('typing', done), 'whisper');
    annRoom.whisper('typing', { name: ann.user.name });
    assert.deepEqual(await heard, { name: ann.user.name });
  });

  test('leaves nobody online after a crash, until they come back', async (scene) => {
    const [ann, bo] = await scene.registerAll('Ann', 'Bo');
    const company = await scene.company(ann, 'Acme', bo);
    const name = `chat.${company.id}`;
    const room = ann.useEcho().join(name);
    await subscribed(room.subscription);
    await subscribed(bo.useEcho().join(name).subscription);
    const onlineIds = async () => (await ann.ask(200, 'GET', '/api/chat/users/online')).data.map(({ id }) => id);
    for (const { id } of [ann, bo]) assert.ok((await onlineIds()).includes(id));

    let before;
    await scene.restart('kill', async () => {
      bo.echo.disconnect();
      before = once(room.subscription, 'pusher:subscription_succeeded', 60_000);
    });
    assert.ok(!(await onlineIds()).includes(bo.id));
    const [members] = await before;
    assert.deepEqual([members.count, members.members], [1, { [ann.id]: person(ann) }]);
    assert.ok((await onlineIds()).includes(ann.id));
  });
});

chatSuite(
  'the contract `platform` with a namespace',
  { settings: { 'chat.event_namespace': 'App\\Events' } },
  (test) => {
    test('has its events heard by names without a dot', async (scene) => {
      const [ann, bo] = await scene.registerAll('Ann', 'Bo');
      const conversation = await homeRoom(ann);
      const feed = await bo.hear(bo.useEcho().channel('chat'), 'MessageSent', 'UserTyping');
      await ann.ask(204, 'POST', '/api/chat/typing', { conversation_id: conversation.id });
      await feed.expect('UserTyping', { conversation_id: conversation.id, user: person(ann), typing: true });
      const sent = await ann.ask(201, 'POST', '/api/chat/messages', { message: 'Hello' });
      await feed.expect('MessageSent', publicObject(sent, { conversation, sender: ann, body: 'Hello' }));

      const direct = await scene.direct(ann, bo);
      const own = await bo.hear(bo.echo.private(`user.${bo.id}`), 'NotificationCreated', '.MessageSentEvent');
      const between = await bo.hear(bo.echo.private(`chat.${ann.id}.${bo.id}`), '.message.sent', '.PrivateMessageSent');
      const message = await ann.send(direct, 'Between us');
      await own.expect('.MessageSentEvent', { type: 'message', data: { message, tempId: null } });
      await between.expect('.message.sent', message);
      await between.expect('.PrivateMessageSent', message);
      assert.equal((await own.next('NotificationCreated')).notification.data.message_id, message.id);

      const room = bo.echo.join('chat');
      const comings = await bo.hear(room, 'UserJoined');
      const { user, online_count: count } = await comings.next('UserJoined');
      assert.deepEqual([user, count], [person(bo), 1]);
    });
  },
);

const small = { 'limits.max_presence_members_per_channel': 1, 'chat.presence_members_max': 3 };

chatSuite('presence channels of the chat', { settings: small }, (test) => {
  test('have a limit of their own', async (scene) => {
    const people = await scene.registerAll('Ann', 'Bo', 'Cy', 'Dee');
    const company = await scene.company(people[0], 'Acme', ...people.slice(1));
    for (const device of people.slice(0, 3)) await device.listen(`presence-chat.${company.id}`);
    const error = await people[3].refused(`presence-chat.${company.id}`);
    assert.deepEqual([error.type, error.status], ['LimitReached', 4100]);
    const campaign = await people[0].ask(201, 'POST', '/api/campaigns', { name: 'Spring', user_ids: [people[1].id] });
    await people[0].listen(`presence-campaign.${campaign.id}`);
  });
});
