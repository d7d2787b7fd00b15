/** What the tables must say when the server has ended as an operator ends it, of a `record` with so many messages. */
const questions = [
  ['the outbox is empty', 'SELECT kind, count(*) FROM outbox GROUP BY kind'],
  [
    'every job for a message is done',
    "SELECT kind, attempts, last_error FROM jobs WHERE failed_at IS NOT NULL OR kind LIKE '%notif%'",
  ],
  [
    'a temp_id has one message',
    'SELECT sender_id, temp_id, count(*) FROM messages GROUP BY sender_id, temp_id HAVING count(*) > 1',
  ],
  [
    'positions count the messages of a conversation',
    'SELECT c.id, c.message_count, count(m.id), max(m.position) FROM conversations c ' +
      'JOIN messages m ON m.conversation_id = c.id GROUP BY c.id, c.message_count ' +
      'HAVING count(m.id) <> c.message_count OR max(m.position) <> c.message_count ' +
      'OR count(DISTINCT m.position) <> c.message_count',
  ],
  [
    'a balance is the sum of the ledger',
    'SELECT a.user_id, a.balance, sum(l.amount) FROM accounts a LEFT JOIN ledger_entries l ON l.user_id = a.user_id ' +
      'GROUP BY a.user_id, a.balance HAVING a.balance <> COALESCE(sum(l.amount), 0)',
  ],
];

/** A sentence for each breach. `database.query` answers with rows of texts. */
export async function checkTables(database, record) {
  const breaches = [];
  for (const [rule, query] of questions)
    for (const row of await database.query(query)) breaches.push(`${rule}, and yet: ${row.join(' ')}`);
  const [[count]] = await database.query('SELECT count(*) FROM messages');
  if (Number(count) !== record.messages.size) breaches.push(`${count} messages, not ${record.messages.size}`);
  return breaches;
}
