-- When a participant of a group read which messages: those beyond `after_id`, up to `up_to_id`. A cursor that passed no
-- unread message left no row. Of direct conversations read_marks say the same.
CREATE TABLE receipts (
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    after_id INTEGER NOT NULL,
    up_to_id INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id, up_to_id)
) STRICT, WITHOUT ROWID;

-- What was there when a participant came, up to this message, is nothing that they have read. Of those who came before this
-- was kept the moments tell.
ALTER TABLE participants ADD COLUMN joined_after_id INTEGER NOT NULL DEFAULT 0;
UPDATE participants SET joined_after_id = COALESCE(
    (SELECT m.id - 1 FROM messages m WHERE m.conversation_id = participants.conversation_id
     AND m.created_at >= participants.created_at ORDER BY m.id LIMIT 1),
    (SELECT c.last_message_id FROM conversations c WHERE c.id = participants.conversation_id))
WHERE conversation_id IN (SELECT id FROM conversations WHERE type <> 'general');

-- For those who decide withdrawals.
CREATE INDEX withdrawals_by_status ON money_transactions (status, id) WHERE type = 'withdrawal';
