import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Between two messages of a long history, in milliseconds: some of them stand together, and days go by. */
const pause = 40_000;

/** A history of `count` messages, 'number 1' and so on, as the server would have stored them one by one. */
const statements = ({ conversation, senders, count, end }) => `
  BEGIN IMMEDIATE;
  UPDATE change_sequence SET value = value + 1;
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
  INSERT INTO messages (conversation_id, position, sender_id, body, created_at, updated_at, changed)
  SELECT ${conversation.id}, n, CASE n / 3 % 2 WHEN 0 THEN ${senders[0].id} ELSE ${senders[1].id} END,
      'number ' || n || CASE n % 7 WHEN 0 THEN ' ' || substr(hex(zeroblob(40)) || hex(zeroblob(200)), 1, n % 400) ELSE '' END,
      ${end} - (${count} - n) * ${pause}, ${end} - (${count} - n) * ${pause}, (SELECT value FROM change_sequence)
  FROM numbers;
  UPDATE conversations SET message_count = ${count}, updated_at = ${end}, changed = (SELECT value FROM change_sequence),
      last_message_id = (SELECT max(id) FROM messages WHERE conversation_id = ${conversation.id})
  WHERE id = ${conversation.id};
  UPDATE participants SET last_read_position = ${count}, changed = (SELECT value FROM change_sequence),
      last_read_id = (SELECT max(id) FROM messages WHERE conversation_id = ${conversation.id})
  WHERE conversation_id = ${conversation.id};
  SELECT min(id), max(id) FROM messages WHERE conversation_id = ${conversation.id};
  COMMIT;`;

/**
 * Fills an empty conversation of two people with `count` messages, which they have read. The server must not run
 * meanwhile. Resolves with the ids of the first and the last.
 */
export async function fillHistory(directory, conversation, senders, count) {
  const text = statements({ conversation, senders, count, end: Date.now() - pause });
  const { stdout } = await promisify(execFile)('sqlite3', ['-batch', join(directory, 'parley.db'), text]);
  const [first, last] = stdout.trim().split('|').map(Number);
  return { first, last };
}
