import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { closePayload, frame, opcode, parseServerFrame } from './frames.mjs';
import { RawConnection } from './raw_connection.mjs';

const key = 'dGhlIHNhbXBsZSBub25jZQ==';

/** The fields of a good handshake; a test overrides or, with undefined, leaves out what it wants. */
export const goodHeaders = {
  Host: '127.0.0.1',
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': key,
  'Sec-WebSocket-Version': '13',
};

/** The bytes of a handshake request; `headers` may hold lists for fields that are sent more than once. */
export function handshakeRequest({ method = 'GET', path = '/', version = 'HTTP/1.1', headers = {} } = {}) {
  const fields = Object.entries({ ...goodHeaders, ...headers }).flatMap(([name, value]) =>
    [value].flat().filter((one) => one !== undefined).map((one) => `${name}: ${one}\r\n`),
  );
  return `${method} ${path} ${version}\r\n${fields.join('')}\r\n`;
}

/** `Sec-WebSocket-Accept` for the key of `goodHeaders`. */
export const expectedAccept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** A raw connection that reads WebSocket frames. */
export class Peer extends RawConnection {
  /** Connects and upgrades. `answer` of the result is the server's answer. */
  static async open(port, request = {}) {
    const peer = await Peer.connect(port);
    await peer.send(handshakeRequest(request));
    peer.answer = await peer.head();
    assert.equal(peer.answer.status, 101, 'the server must upgrade');
    return peer;
  }

  /** The next frame. */
  async receive(what = 'frame') {
    const { read, size } = await this.until(what, parseServerFrame);
    await this.take(size);
    return read;
  }

  /** The next frame must be this one. */
  async expect(code, payload, { compressed = false } = {}) {
    const read = await this.receive(`frame with opcode ${code}`);
    assert.equal(read.opcode, code, `opcode; the payload is ${JSON.stringify(read.payload.toString('latin1'))}`);
    assert.equal(read.fin, true, 'FIN');
    assert.equal(read.compressed, compressed, 'RSV1');
    const expected = Buffer.from(payload);
    assert.equal(read.payload.length, expected.length, 'payload length');
    assert.ok(read.payload.equals(expected), 'payload');
  }

  /**
   * The server must close with `code` (undefined: without one), and then end the connection. When it is the first to
   * close, without a mistake of ours, it waits for our close frame: `answered`.
   */
  async expectClose(code, { answered = false } = {}) {
    const read = await this.receive(`close frame with ${code}`);
    assert.equal(read.opcode, opcode.close, `opcode; the payload is ${JSON.stringify(read.payload.toString('latin1'))}`);
    assert.equal(read.payload.length < 2 ? undefined : read.payload.readUInt16BE(), code, read.payload.toString());
    assert.ok(read.payload.length !== 1 && read.payload.length <= 125);
    if (answered) await this.send(frame(opcode.close, read.payload));
    await this.expectEnd();
  }

  /** Nothing more must come but the end. */
  async expectEnd() {
    assert.equal(await this.rest(), '', 'nothing may follow the close frame');
  }

  /** Closes from this side, which proves that the connection was well until here. */
  async close() {
    await this.send(frame(opcode.close, closePayload(1000)));
    await this.expectClose(1000);
  }
}
