import http from 'node:http';
import { randomBytes } from 'node:crypto';

import { app } from '../../lib/server.mjs';

const text = 0x1;
const close = 0x8;
const ping = 0x9;
const pong = 0xa;

/** A client's frame of less than 64 KiB. */
function frame(opcode, payload) {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(bytes.length < 126 ? 2 : 4);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (bytes.length < 126 ? bytes.length : 126);
  if (bytes.length >= 126) head.writeUInt16BE(bytes.length, 2);
  const key = randomBytes(4);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] ^= key[index % 4];
  return Buffer.concat([head, key, bytes]);
}

/** The server's unfragmented frame at the front of `bytes`; undefined while it is incomplete. */
function readFrame(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < start) return undefined;
  const length =
    short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < start + length) return undefined;
  return { opcode: bytes[0] & 0x0f, payload: bytes.subarray(start, start + length), size: start + length };
}

/** One WebSocket connection that speaks the channels protocol. `ended` resolves, with a reason, when it is over. */
export class Socket {
  /** Resolves when the server has given it an id; `hear` gets all further events: {event, channel, data}. */
  static async open(port, hear) {
    const path = `/app/${app.key}?protocol=7`;
    const headers = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      'Sec-WebSocket-Version': '13',
    };
    const request = http.get({ host: '127.0.0.1', port, path, headers, agent: false });
    const [stream, head] = await new Promise((upgraded, failed) => {
      request.once('upgrade', (_, ...rest) => upgraded(rest)).once('error', failed);
      request.once('response', ({ statusCode }) => failed(new Error(`no upgrade but ${statusCode}`)));
    });
    const socket = new Socket(stream, hear);
    const established = socket.#next('pusher:connection_established', undefined);
    socket.#read(head);
    socket.id = (await established).socket_id;
    return socket;
  }

  #stream;
  #hear;
  #bytes = Buffer.alloc(0);
  #waiting = new Map();
  #end;

  constructor(stream, hear) {
    this.#stream = stream;
    this.#hear = hear;
    stream.setNoDelay(true);
    this.ended = new Promise((end) => {
      this.#end = (reason) => {
        end(reason);
        for (const { failed } of this.#waiting.values()) failed(new Error(`the connection ended: ${reason}`));
        this.#waiting.clear();
      };
    });
    stream.on('data', (chunk) => this.#read(chunk));
    stream.once('error', (error) => this.#end(error.message)).once('close', () => this.#end('closed'));
  }

  /** Resolves when the server has confirmed the subscription that `proof`, of the route for it, allows. */
  async subscribe(channel, proof) {
    const confirmed = this.#next('pusher_internal:subscription_succeeded', channel);
    this.#send(text, JSON.stringify({ event: 'pusher:subscribe', data: { channel, ...proof } }));
    await confirmed;
  }

  drop() {
    this.#stream.destroy();
  }

  #next(event, channel) {
    const awaited = new Promise((done, failed) => {
      this.#waiting.set(`${event} ${channel}`, { done, failed });
    });
    awaited.catch(() => {});
    return awaited;
  }

  #send(opcode, payload) {
    if (this.#stream.writable) this.#stream.write(frame(opcode, payload));
  }

  #read(chunk) {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    for (let read = readFrame(this.#bytes); read !== undefined; read = readFrame(this.#bytes)) {
      this.#bytes = this.#bytes.subarray(read.size);
      this.#take(read);
    }
  }

  #take({ opcode, payload }) {
    if (opcode === ping) return this.#send(pong, payload);
    if (opcode === close) {
      this.#end(`closed by the server: ${payload.length < 2 ? 'no code' : payload.readUInt16BE()}`);
      return this.drop();
    }
    if (opcode !== text) return undefined;
    const { event, channel, data } = JSON.parse(payload.toString());
    const message = { event, channel, data: typeof data === 'string' && data !== '' ? JSON.parse(data) : data };
    if (event === 'pusher:ping') return this.#send(text, '{"event":"pusher:pong","data":{}}');
    if (event === 'pusher:error' || event === 'pusher:subscription_error') return this.#end(payload.toString());
    const waiting = this.#waiting.get(`${event} ${channel}`);
    this.#waiting.delete(`${event} ${channel}`);
    return waiting === undefined ? this.#hear(message) : waiting.done(message.data);
  }
}
