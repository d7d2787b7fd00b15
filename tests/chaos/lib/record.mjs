/** What the names of the events of a new message carry: the message object itself, or in an envelope. */
const messageIn = {
  MessageSentEvent: (data) => data.data.message,
  'message.sent': (data) => data,
  MessageSent: (data) => data,
  PrivateMessageSent: (data) => data,
};

/**
 * What clients were told: the answers to their requests and the events that they heard. All of it must still be true in
 * the end (checks.mjs).
 */
export class Record {
  /** Breaches of a rule that were seen on the way, as sentences. */
  faults = [];

  /** Answered messages by id: {id, conversationId, senderId, receiverId, tempId, bodies, storedAt, deleted, …}. */
  messages = new Map();

  /** By `USER CONVERSATION`: the id up to which that user has read. */
  cursors = new Map();

  /** Answered movements of money by id: {id, userId, type, amount, status, storedAt}. */
  movements = new Map();

  /** Ids of messages, and of deposits, that somebody has heard of. */
  heardMessages = new Set();
  heardDeposits = new Set();

  /** By listener: the ids of the messages heard on the listener's own channel. */
  heardBy = new Map();

  /** Ids of messages of which somebody has heard a notification. */
  heardNotifications = new Set();

  /** `SENDER TEMP_ID` of what a request may have stored that was answered with 503: its broadcast may come late. */
  doubtful = new Set();

  counts = { answered: 0, unanswered: 0, unavailable: 0, foundAgain: 0, heard: 0, repeats: 0, replayed: 0, breaks: 0 };

  #created = new Set();
  #senderLast = new Map();

  fault(sentence) {
    this.faults.push(sentence);
  }

  /** A message that was sent, as each of the answers to the sender's requests says. */
  sent({ status, body: message }, body) {
    const key = `${message.sender_id} ${message.temp_id}`;
    if (status === 201 && this.#created.has(key)) this.fault(`temp_id ${key} was answered twice with 201`);
    if (status === 201) this.#created.add(key);
    if (status === 200) this.counts.foundAgain += 1;
    if (message.body !== body) this.fault(`message ${message.id} was answered with another body than was sent`);
    const known = this.messages.get(message.id);
    if (known) {
      if (known.tempId !== message.temp_id) this.fault(`message ${message.id} is the answer to two temp_ids`);
      return known;
    }
    const last = this.#senderLast.get(message.sender_id) ?? 0;
    if (message.id <= last) this.fault(`message ${message.id} was sent after ${last}, by the same user`);
    this.#senderLast.set(message.sender_id, message.id);
    const kept = {
      id: message.id,
      conversationId: message.conversation_id,
      senderId: message.sender_id,
      receiverId: message.receiver_id,
      tempId: message.temp_id,
      bodies: [body],
      storedAt: Date.parse(message.created_at),
      deleted: false,
      reactions: new Set(),
    };
    this.messages.set(kept.id, kept);
    this.read(kept.senderId, kept.conversationId, kept.id);
    return kept;
  }

  read(userId, conversationId, messageId) {
    const key = `${userId} ${conversationId}`;
    this.cursors.set(key, Math.max(this.cursors.get(key) ?? 0, messageId));
  }

  /** A movement of money as an answer has it. */
  moved(userId, { transaction }) {
    const { id, type, amount, status, created_at: createdAt } = transaction;
    const known = this.movements.get(id);
    if (known && (known.userId !== userId || known.type !== type || known.amount !== amount))
      this.fault(`transaction ${id} is the answer to two different requests`);
    this.movements.set(id, { id, userId, type, amount, status, storedAt: Date.parse(createdAt) });
  }

  /** Begins the hearing of one connection of `listener`: returns what is to be called with its events. */
  connection(listener, site) {
    const { life } = site;
    const heardOnce = new Set();
    const last = new Map();
    return ({ event, channel, data }) => {
      if (event === 'DepositCompleted') this.heardDeposits.add(data.transaction.id);
      if (event === 'NotificationCreated') this.heardNotifications.add(data.notification.data.message_id);
      if (!(event in messageIn)) return;
      const message = messageIn[event](data);
      this.counts.heard += 1;
      this.heardMessages.add(message.id);
      if (event === 'MessageSentEvent') this.#heardBy(listener).add(message.id);
      const one = `${event} ${channel} ${message.id}`;
      if (heardOnce.has(one)) {
        this.counts.repeats += 1;
        return;
      }
      heardOnce.add(one);
      this.#checkOrder(message, `${event} ${channel} ${message.conversation_id}`, last, life);
    };
  }

  /** What an earlier life kept back is sent among what is new: each of the two must be in order. */
  #checkOrder(message, stream, last, life) {
    if (this.doubtful.has(`${message.sender_id} ${message.temp_id}`)) return;
    const isReplay = Date.parse(message.created_at) < life.spawnedAt;
    if (isReplay) this.counts.replayed += 1;
    const key = `${isReplay} ${stream}`;
    const before = last.get(key) ?? 0;
    if (message.id < before) this.fault(`${stream}: heard ${message.id} after ${before}`);
    last.set(key, message.id);
  }

  #heardBy(listener) {
    if (!this.heardBy.has(listener)) this.heardBy.set(listener, new Set());
    return this.heardBy.get(listener);
  }
}
