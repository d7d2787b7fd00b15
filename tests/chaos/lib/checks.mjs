/**
 * What must hold when a fleet has come to rest. Each check compares `record` (what clients were told) with `view` (what
 * the REST API shows) and yields a sentence for each breach.
 */

/** What was answered is stored once, and nothing else is: in order, with the body of the last answer. */
export function* checkMessages({ record, view }) {
  const stored = new Map();
  for (const { id, messages } of view.conversations.values()) {
    let last = 0;
    for (const message of messages) {
      if (message.id <= last) yield `conversation ${id}: message ${message.id} stands after ${last}`;
      last = message.id;
      if (stored.has(message.id)) yield `message ${message.id} is in two conversations`;
      stored.set(message.id, message);
    }
  }
  for (const message of stored.values())
    if (!record.messages.has(message.id)) yield `message ${message.id} (${message.temp_id}) was never answered`;
  for (const expected of record.messages.values()) {
    const message = stored.get(expected.id);
    if (message === undefined) yield `message ${expected.id} (${expected.tempId}) was answered and is lost`;
    else yield* compareMessage(expected, message);
  }
}

function* compareMessage(expected, message) {
  const what = `message ${message.id}`;
  const body = expected.deleted ? '' : expected.bodies.at(-1);
  if (message.body !== body) yield `${what} has the body "${message.body}", not "${body}"`;
  if (message.temp_id !== expected.tempId) yield `${what} has the temp_id ${message.temp_id}, not ${expected.tempId}`;
  if (message.sender_id !== expected.senderId) yield `${what} has another sender than was answered`;
  if (message.conversation_id !== expected.conversationId) yield `${what} is in another conversation`;
  if ((message.deleted_at !== null) !== expected.deleted) yield `${what} is deleted, or is not, against the answers`;
  if (!expected.deleted && (message.edited_at !== null) !== expected.bodies.length > 1)
    yield `${what} is edited, or is not, against the answers`;
  const reactions = reactionsOf(message).join(', ');
  const wanted = [...expected.reactions].sort().join(', ');
  if (reactions !== wanted) yield `${what} has the reactions ${reactions}, not ${wanted}`;
  if (message.reactions.some(({ count, user_ids: ids }) => count !== ids.length)) yield `${what} miscounts reactions`;
}

const reactionsOf = (message) =>
  message.reactions.flatMap(({ emoji, user_ids: ids }) => ids.map((id) => `${emoji} ${id}`)).sort();

/** Cursors are where the answers said, unread messages are as many as a recount finds, and `read_at` agrees. */
export function* checkReading({ record, view }) {
  for (const row of view.rows) {
    const { messages } = view.conversations.get(row.id);
    const what = `conversation ${row.id} of user ${row.userId}`;
    const cursor = record.cursors.get(`${row.userId} ${row.id}`) ?? 0;
    if (row.last_read_id !== cursor) yield `${what} is read up to ${row.last_read_id}, not ${cursor}`;
    const unread = messages.filter(({ id, deleted_at: deleted }) => id > row.last_read_id && deleted === null).length;
    if (row.unread_count !== unread) yield `${what} has ${row.unread_count} unread messages, not ${unread}`;
    const last = messages.at(-1)?.id ?? 0;
    if (row.last_message_id !== last) yield `${what} ends with ${row.last_message_id}, not ${last}`;
  }
  for (const { id, messages } of view.conversations.values()) {
    const rows = view.rows.filter((row) => row.id === id);
    for (const message of messages) {
      const others = rows.filter(({ userId }) => userId !== message.sender_id);
      const isRead = others.length > 0 && others.every((row) => row.last_read_id >= message.id);
      if ((message.read_at !== null) !== isRead) yield `message ${message.id} ${isRead ? 'lacks' : 'has'} a read_at`;
    }
  }
}

/** Two people have one direct conversation. */
export function* checkConversations({ view }) {
  const pairs = new Map();
  for (const row of view.rows.filter(({ type }) => type === 'direct')) {
    const pair = [row.userId, row.other.id].sort((left, right) => left - right).join(' and ');
    const first = pairs.get(pair) ?? row.id;
    pairs.set(pair, first);
    if (first !== row.id) yield `users ${pair} have the direct conversations ${first} and ${row.id}`;
  }
}

/** Each direct message has made one notification; one that was deleted soon may have made none. */
export function* checkNotifications({ record, view }) {
  const counts = new Map();
  for (const { userId, list, unread } of view.notifications) {
    for (const { data } of list) {
      if (data.receiver_id !== userId) yield `a notification for user ${data.receiver_id} went to ${userId}`;
      counts.set(data.message_id, (counts.get(data.message_id) ?? 0) + 1);
    }
    const counted = list.filter(({ read_at: readAt }) => readAt === null).length;
    if (unread !== counted) yield `user ${userId} is told of ${unread} unread notifications, and has ${counted}`;
    const ids = new Set(list.map(({ id }) => id));
    if (ids.size !== list.length) yield `user ${userId} has a notification twice`;
  }
  for (const message of record.messages.values()) {
    const count = counts.get(message.id) ?? 0;
    const most = message.receiverId === null ? 0 : 1;
    if (count > most || (count < most && !message.deleted))
      yield `message ${message.id} (${message.tempId}) made ${count} notifications`;
  }
}

/** Each movement was made once, and the balance is what they add up to. */
export function* checkMoney({ record, view }) {
  for (const account of view.accounts) {
    const what = `the account of user ${account.userId}`;
    const expected = [...record.movements.values()].filter(({ userId }) => userId === account.userId);
    const stored = new Map(account.transactions.map((transaction) => [transaction.id, transaction]));
    if (stored.size !== expected.length || stored.size !== account.transactions.length)
      yield `${what} has ${account.transactions.length} movements, not ${expected.length}`;
    for (const movement of expected) {
      const found = stored.get(movement.id);
      if (found?.type !== movement.type || found.amount !== movement.amount || found.status !== movement.status)
        yield `${what}: the movement ${movement.id} is not as it was answered`;
    }
    const sum = (...statuses) =>
      expected.filter(({ status }) => statuses.includes(status)).reduce((total, { amount }) => total + amount, 0);
    const balance = sum('completed') - sum('pending', 'processed');
    if (account.balance !== balance) yield `${what} has a balance of ${account.balance}, not ${balance}`;
    if (account.held !== sum('pending')) yield `${what} holds ${account.held}, not ${sum('pending')}`;
  }
}

/** A device that catches up by `sync` alone has all that the pages show. */
export function* checkFollowers({ view, followers }) {
  for (const { person, messages, conversations } of followers) {
    for (const row of view.rows.filter(({ userId }) => userId === person.id)) {
      const copied = conversations.get(row.id);
      if (copied === undefined) yield `${person.name} never learned of conversation ${row.id}`;
      else if (copied.unread_count !== row.unread_count || copied.last_read_id !== row.last_read_id)
        yield `${person.name} has conversation ${row.id} with ${copied.unread_count} unread, not ${row.unread_count}`;
      for (const message of view.conversations.get(row.id).messages) {
        const copy = messages.get(message.id);
        if (copy === undefined) yield `${person.name} never learned of message ${message.id}`;
        else if (essence(copy) !== essence(message)) yield `${person.name} has an old message ${message.id}`;
      }
    }
  }
}

const essence = (message) =>
  [message.body, message.edited_at, message.deleted_at, ...reactionsOf(message)].join('\n');

/** What was answered and nobody has heard of. A message that was deleted in time need not be heard. */
export function findUnheard(record) {
  const messages = [...record.messages.values()].filter(({ id, deleted }) => !deleted && !record.heardMessages.has(id));
  const deposits = [...record.movements.values()].filter(
    ({ id, type }) => type === 'deposit' && !record.heardDeposits.has(id),
  );
  return [
    ...messages.map(({ id, storedAt }) => ({ what: `message ${id}`, storedAt })),
    ...deposits.map(({ id, storedAt }) => ({ what: `deposit ${id}`, storedAt })),
  ];
}

export const checks = {
  checkMessages,
  checkReading,
  checkConversations,
  checkNotifications,
  checkMoney,
  checkFollowers,
};
