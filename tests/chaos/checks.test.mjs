// The checks of the chaos tests find what they are there to find.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checks, findUnheard } from './lib/checks.mjs';
import { Record } from './lib/record.mjs';

const start = Date.parse('2026-01-20T10:30:00.000Z');
const moment = (milliseconds) => new Date(start + milliseconds).toISOString();

/** A message as the server shows it. */
function message(id, fields = {}) {
  return {
    id,
    conversation_id: 7,
    sender_id: 1,
    receiver_id: 2,
    temp_id: `t${id}`,
    body: `body ${id}`,
    reactions: [],
    read_at: null,
    edited_at: null,
    deleted_at: null,
    created_at: moment(id),
    ...fields,
  };
}

/** Users 1 and 2, of whom 1 has written three messages to 2 and moved money: all is as it should be. */
function soundWorld() {
  const record = new Record();
  const hear = record.connection('User2', { life: { spawnedAt: start } });
  const messages = [message(11, { read_at: moment(50) }), message(12), message(13)];
  for (const one of messages) {
    record.sent({ status: 201, body: one }, one.body);
    hear({ event: 'message.sent', channel: 'private-chat.1.2', data: one });
  }
  record.read(2, 7, 11);
  record.messages.get(12).reactions.add('👍 2');
  messages[1].reactions = [{ emoji: '👍', count: 1, user_ids: [2] }];
  const deposit = { id: 21, type: 'deposit', amount: 500, status: 'completed' };
  const withdrawal = { id: 22, type: 'withdrawal', amount: 200, status: 'pending' };
  record.moved(1, { transaction: deposit });
  record.moved(1, { transaction: withdrawal });
  hear({ event: 'DepositCompleted', channel: 'private-financial.1', data: { transaction: deposit } });
  const row = { id: 7, type: 'direct', last_message_id: 13 };
  const rows = [
    { ...row, userId: 1, other: { id: 2 }, last_read_id: 13, unread_count: 0 },
    { ...row, userId: 2, other: { id: 1 }, last_read_id: 11, unread_count: 2 },
  ];
  const dataOf = ({ id }) => ({ message_id: id, receiver_id: 2 });
  const list = messages.map((one) => ({ id: `uuid ${one.id}`, read_at: null, data: dataOf(one) }));
  const view = {
    conversations: new Map([[7, { id: 7, type: 'direct', messages }]]),
    rows,
    notifications: [{ userId: 2, list, unread: 3 }],
    accounts: [{ userId: 1, balance: 300, held: 200, transactions: [{ ...deposit }, { ...withdrawal }] }],
  };
  const copies = structuredClone(messages);
  const follower = {
    person: { id: 2, name: 'User2' },
    messages: new Map(copies.map((copy) => [copy.id, copy])),
    conversations: new Map([[7, { ...rows[1] }]]),
  };
  return { record, view, followers: [follower], hear, messages };
}

const breachesOf = (world) =>
  Object.fromEntries(
    Object.entries(checks)
      .map(([name, check]) => [name, [...check(world)]])
      .filter(([, breaches]) => breaches.length > 0),
  );

/** What goes wrong, and the check that must see it. */
const damages = {
  'a message is lost': ['checkMessages', ({ messages }) => messages.splice(1, 1)],
  'a message is stored twice': ['checkMessages', ({ messages }) => messages.push(message(14, { temp_id: 't13' }))],
  'a body is another': ['checkMessages', ({ messages }) => Object.assign(messages[0], { body: 'no' })],
  'an edit is lost': ['checkMessages', ({ record }) => record.messages.get(11).bodies.push('edited')],
  'a deletion is lost': ['checkMessages', ({ record }) => Object.assign(record.messages.get(11), { deleted: true })],
  'a reaction is lost': ['checkMessages', ({ record }) => record.messages.get(11).reactions.add('👍 2')],
  'a reaction came back': ['checkMessages', ({ record }) => record.messages.get(12).reactions.clear()],
  'messages are out of order': ['checkMessages', ({ messages }) => messages.reverse()],
  'a message changed its sender': ['checkMessages', ({ messages }) => Object.assign(messages[0], { sender_id: 2 })],
  'unread messages are miscounted': ['checkReading', ({ view }) => Object.assign(view.rows[1], { unread_count: 3 })],
  'a cursor went back': ['checkReading', ({ record }) => record.read(2, 7, 12)],
  'a read_at is missing': ['checkReading', ({ messages }) => Object.assign(messages[0], { read_at: null })],
  'a read_at came early': ['checkReading', ({ messages }) => Object.assign(messages[2], { read_at: moment(60) })],
  'the last message is another': ['checkReading', ({ view }) => Object.assign(view.rows[0], { last_message_id: 12 })],
  'a pair has two conversations': [
    'checkConversations',
    ({ view }) => {
      view.conversations.set(8, { id: 8, type: 'direct', messages: [] });
      view.rows.push({ ...view.rows[0], id: 8, last_read_id: 0, last_message_id: 0 });
    },
  ],
  'a job was lost': ['checkNotifications', ({ view }) => view.notifications[0].list.pop()],
  'a job was done twice': [
    'checkNotifications',
    ({ view }) => view.notifications[0].list.push({ ...view.notifications[0].list[0], id: 'another' }),
  ],
  'unread notifications are miscounted': [
    'checkNotifications',
    ({ view }) => Object.assign(view.notifications[0], { unread: 4 }),
  ],
  'a notification went astray': [
    'checkNotifications',
    ({ view }) => Object.assign(view.notifications[0].list[0].data, { receiver_id: 3 }),
  ],
  'a movement is lost': ['checkMoney', ({ view }) => view.accounts[0].transactions.pop()],
  'a movement was made twice': [
    'checkMoney',
    ({ view }) => view.accounts[0].transactions.push({ ...view.accounts[0].transactions[0], id: 23 }),
  ],
  'a decision is lost': ['checkMoney', ({ record }) => Object.assign(record.movements.get(22), { status: 'rejected' })],
  'a balance is another': ['checkMoney', ({ view }) => Object.assign(view.accounts[0], { balance: 301 })],
  'too little is held': ['checkMoney', ({ view }) => Object.assign(view.accounts[0], { held: 0 })],
  'a follower missed a message': ['checkFollowers', ({ followers }) => followers[0].messages.delete(12)],
  'a follower missed a change': [
    'checkFollowers',
    ({ followers }) => Object.assign(followers[0].messages.get(12), { reactions: [] }),
  ],
  'a follower missed a reading': [
    'checkFollowers',
    ({ followers }) => Object.assign(followers[0].conversations.get(7), { unread_count: 3 }),
  ],
  'a follower missed a conversation': ['checkFollowers', ({ followers }) => followers[0].conversations.delete(7)],
};

describe('the checks', () => {
  it('find nothing where all is well', () => {
    const world = soundWorld();
    assert.deepEqual(breachesOf(world), {});
    assert.deepEqual(findUnheard(world.record), []);
    assert.deepEqual(world.record.faults, []);
  });

  for (const [what, [check, damage]] of Object.entries(damages))
    it(`see that ${what}`, () => {
      const world = soundWorld();
      damage(world);
      assert.ok(check in breachesOf(world), `${check} saw nothing; found ${JSON.stringify(breachesOf(world))}`);
    });
});

const faults = {
  'a temp_id is answered twice with 201': ({ record }) => record.sent({ status: 201, body: message(11) }, 'body 11'),
  'one message answers two temp_ids': ({ record }) =>
    record.sent({ status: 200, body: message(11, { temp_id: 't99' }) }, 'body 11'),
  'the answer has another body': ({ record }) => record.sent({ status: 201, body: message(14) }, 'what was sent'),
  "a sender's ids go back": ({ record }) => record.sent({ status: 201, body: message(10) }, 'body 10'),
  'one transaction answers two requests': ({ record }) =>
    record.moved(1, { transaction: { id: 21, type: 'deposit', amount: 501, status: 'completed' } }),
  'messages are heard out of order': ({ hear }) => {
    for (const id of [15, 14]) hear({ event: 'message.sent', channel: 'private-chat.1.2', data: message(id) });
  },
  'what was kept back is heard out of order': ({ hear }) => {
    for (const id of [15, 14])
      hear({ event: 'message.sent', channel: 'c', data: message(id, { created_at: moment(-id) }) });
  },
};

describe('the record', () => {
  for (const [what, damage] of Object.entries(faults))
    it(`notes that ${what}`, () => {
      const world = soundWorld();
      damage(world);
      assert.equal(world.record.faults.length, 1, world.record.faults.join('\n'));
    });

  it('takes an older message that an earlier life kept back for what it is', () => {
    const { record, hear } = soundWorld();
    const kept = message(9, { created_at: moment(-5) });
    hear({ event: 'message.sent', channel: 'private-chat.1.2', data: kept });
    assert.deepEqual(record.faults, []);
    assert.equal(record.counts.replayed, 1);
  });

  it('knows what nobody has heard', () => {
    const { record } = soundWorld();
    record.sent({ status: 201, body: message(14) }, 'body 14');
    record.moved(1, { transaction: { id: 23, type: 'deposit', amount: 1, status: 'completed' } });
    assert.deepEqual(
      findUnheard(record).map(({ what }) => what),
      ['message 14', 'deposit 23'],
    );
  });
});
