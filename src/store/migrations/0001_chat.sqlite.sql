-- Moments are milliseconds since 1970. `changed` is the number of a row's last change in the one order of changes, by
-- which a client that was away catches up.

CREATE TABLE change_sequence (value INTEGER NOT NULL) STRICT;
INSERT INTO change_sequence (value) VALUES (0);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,  -- the address in lower case
    password_hash TEXT NOT NULL,
    avatar_url TEXT,
    operator_since INTEGER,
    last_seen_at INTEGER,
    unread_notifications INTEGER NOT NULL DEFAULT 0,  -- how many of the user's have no read_at
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES users (id),
    secret_hash TEXT NOT NULL,  -- SHA-256 in hex
    device_name TEXT NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX tokens_by_user ON tokens (user_id, id);

CREATE TABLE companies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE company_members (
    company_id INTEGER NOT NULL REFERENCES companies (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX company_members_by_user ON company_members (user_id, company_id);

-- Addresses that are members as soon as somebody registers with them.
CREATE TABLE invitations (
    company_id INTEGER NOT NULL REFERENCES companies (id),
    email_key TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (company_id, email_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_by_email ON invitations (email_key);

CREATE TABLE blocks (
    blocker_id INTEGER NOT NULL REFERENCES users (id),
    blocked_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (blocker_id, blocked_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER NOT NULL REFERENCES companies (id),
    type TEXT NOT NULL CHECK (type IN ('general', 'direct', 'group')),
    title TEXT,
    creator_id INTEGER REFERENCES users (id),
    lower_user_id INTEGER REFERENCES users (id),   -- the two parties of a direct conversation,
    higher_user_id INTEGER REFERENCES users (id),  -- by the size of their ids
    message_count INTEGER NOT NULL DEFAULT 0,      -- also the position of the last message
    last_message_id INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    UNIQUE (company_id, lower_user_id, higher_user_id)
) STRICT;
CREATE UNIQUE INDEX conversations_general ON conversations (company_id) WHERE type = 'general';

CREATE TABLE participants (
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    last_read_id INTEGER NOT NULL DEFAULT 0,        -- of a message of the conversation, or 0
    last_read_position INTEGER NOT NULL DEFAULT 0,  -- and that message's position
    muted_at INTEGER,
    joined INTEGER NOT NULL,                        -- the change with which they came
    created_at INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX participants_by_user ON participants (user_id, conversation_id);
CREATE INDEX participants_by_cursor ON participants (conversation_id, last_read_id);

-- Who is no longer a participant of what.
CREATE TABLE departures (
    user_id INTEGER NOT NULL REFERENCES users (id),
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    changed INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    position INTEGER NOT NULL,  -- 1, 2, 3… within the conversation
    sender_id INTEGER NOT NULL REFERENCES users (id),
    body TEXT NOT NULL,
    temp_id TEXT,
    reply_to INTEGER REFERENCES messages (id),
    edited_at INTEGER,
    deleted_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_by_temp_id ON messages (sender_id, temp_id) WHERE temp_id IS NOT NULL;
CREATE INDEX messages_by_conversation ON messages (conversation_id, id);
CREATE INDEX messages_by_change ON messages (conversation_id, changed);
CREATE INDEX messages_deleted ON messages (conversation_id, id) WHERE deleted_at IS NOT NULL;

-- The full-text index, without a copy of the text: kept in step with messages by the store.
CREATE VIRTUAL TABLE message_index USING fts5 (
    body, content = '', prefix = '3 4', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE reactions (
    message_id INTEGER NOT NULL REFERENCES messages (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    emoji TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (message_id, user_id, emoji)
) STRICT, WITHOUT ROWID;

-- From when on everybody has read a conversation's messages up to one: a message was read by all at the moment of the
-- first mark that is not before it.
CREATE TABLE read_marks (
    conversation_id INTEGER NOT NULL REFERENCES conversations (id),
    up_to_id INTEGER NOT NULL,
    read_at INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, up_to_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX read_marks_by_change ON read_marks (conversation_id, changed);

CREATE TABLE attachments (
    id TEXT PRIMARY KEY,  -- random, so that it cannot be guessed
    uploader_id INTEGER NOT NULL REFERENCES users (id),
    message_id INTEGER REFERENCES messages (id),
    position INTEGER NOT NULL DEFAULT 0,  -- among the message's attachments
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    content_hash TEXT NOT NULL,  -- SHA-256 in hex; where the file lies
    width INTEGER,
    height INTEGER,
    thumbnail_hash TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_by_message ON attachments (message_id, position) WHERE message_id IS NOT NULL;
CREATE INDEX attachments_unused ON attachments (created_at) WHERE message_id IS NULL;
CREATE INDEX attachments_unused_by_uploader ON attachments (uploader_id, created_at) WHERE message_id IS NULL;
CREATE INDEX attachments_by_content ON attachments (content_hash);
CREATE INDEX attachments_by_thumbnail ON attachments (thumbnail_hash) WHERE thumbnail_hash IS NOT NULL;

CREATE TABLE notifications (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,  -- a UUID
    user_id INTEGER NOT NULL REFERENCES users (id),
    type TEXT NOT NULL,
    data TEXT NOT NULL,  -- JSON
    read_at INTEGER,
    created_at INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX notifications_by_user ON notifications (user_id, number);
CREATE INDEX notifications_by_change ON notifications (user_id, changed);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;

CREATE TABLE campaigns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    company_id INTEGER NOT NULL REFERENCES companies (id),
    owner_id INTEGER NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'inactive')),
    budget INTEGER NOT NULL,  -- in minor units of the currency
    currency TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX campaigns_by_company ON campaigns (company_id, id);

CREATE TABLE campaign_members (
    campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    PRIMARY KEY (campaign_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_members_by_user ON campaign_members (user_id, campaign_id);

CREATE TABLE accounts (
    user_id INTEGER PRIMARY KEY REFERENCES users (id),
    balance INTEGER NOT NULL CHECK (balance >= 0),  -- what can be spent, in minor units: the sum of the ledger
    held INTEGER NOT NULL CHECK (held >= 0),        -- the sum of the pending withdrawals
    currency TEXT NOT NULL
) STRICT;

CREATE TABLE money_transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES accounts (user_id),
    type TEXT NOT NULL CHECK (type IN ('deposit', 'withdrawal')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    status TEXT NOT NULL CHECK (status IN ('completed', 'pending', 'processed', 'rejected')),
    balance_after INTEGER NOT NULL,
    decided_by INTEGER REFERENCES users (id),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX money_transactions_by_user ON money_transactions (user_id, id);

-- Append-only: what came to a balance (positive) and what left it (negative).
CREATE TABLE ledger_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id INTEGER NOT NULL REFERENCES accounts (user_id),
    transaction_id INTEGER NOT NULL REFERENCES money_transactions (id),
    amount INTEGER NOT NULL CHECK (amount <> 0),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ledger_entries_by_user ON ledger_entries (user_id, id);
CREATE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
CREATE TRIGGER ledger_entries_remain BEFORE DELETE ON ledger_entries BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;

CREATE TABLE idempotency_keys (
    user_id INTEGER NOT NULL REFERENCES users (id),
    route TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Events that are stored but not yet known to be broadcast.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,  -- JSON
    except_socket TEXT,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    data TEXT NOT NULL,  -- JSON
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,  -- when it may be taken; of a taken one: when its lease ends
    taken_at INTEGER,
    created_at INTEGER NOT NULL,
    failed_at INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX jobs_due ON jobs (kind, due_at, id) WHERE failed_at IS NULL;
CREATE INDEX jobs_failed ON jobs (id) WHERE failed_at IS NOT NULL;
