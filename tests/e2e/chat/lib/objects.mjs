import assert from 'node:assert/strict';

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Checks that a text is a time in UTC, ISO 8601 with milliseconds. */
export function assertMoment(text) {
  assert.match(String(text), moment);
}

/** What `ConversationUpdatedEvent` and `ConversationLeftEvent` of the contract `user` carry. */
export const updatedEnvelope = ({ id }, ...changed) => ({
  type: 'conversation',
  data: { conversation_id: id, changed },
});
export const leftEnvelope = ({ id }) => ({ type: 'left', data: { conversation_id: id } });

/**
 * The message object of the chat spec, section 3: `stored` gives its id and times, which nobody can foresee; everything
 * else is what was sent by `sender` in `conversation`, with `changes`.
 */
export function messageObject(stored, { conversation, sender, receiver = null, body, ...changes }) {
  assert.ok(Number.isInteger(stored.id), JSON.stringify(stored));
  assertMoment(stored.created_at);
  assertMoment(stored.updated_at);
  return {
    id: stored.id,
    conversation_id: conversation.id,
    company_id: conversation.company_id,
    sender_id: sender.id,
    receiver_id: receiver === null ? null : receiver.id,
    body,
    content: body,
    message: body,
    temp_id: null,
    reply_to: null,
    sender: { ...sender.person, avatar_url: null },
    attachments: [],
    reactions: [],
    read_at: null,
    edited_at: null,
    deleted_at: null,
    created_at: stored.created_at,
    updated_at: stored.updated_at,
    ...changes,
  };
}
