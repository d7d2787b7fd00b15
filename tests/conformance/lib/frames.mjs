import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

/** RFC 6455, section 5.2. */
export const opcode = { continuation: 0x0, text: 0x1, binary: 0x2, close: 0x8, ping: 0x9, pong: 0xa };

/** Bits of the first byte between FIN and the opcode. */
export const rsv1 = 0x40;
export const rsv2 = 0x20;
export const rsv3 = 0x10;

/** The bytes of the length, behind the second byte's seven bits: as few as will do unless `lengthBytes` says 2 or 8. */
function encodeLength(length, lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8) {
  if (lengthBytes === 0) return { short: Number(length), extended: Buffer.alloc(0) };
  const extended = Buffer.alloc(lengthBytes);
  if (lengthBytes === 2) extended.writeUInt16BE(Number(length));
  if (lengthBytes === 8) extended.writeBigUInt64BE(BigInt(length));
  return { short: lengthBytes === 2 ? 126 : 127, extended };
}

/**
 * A client's frame. Everything about it can be made wrong: reserved bits, a longer length form, no mask, another
 * `announced` length than the payload has (a number or a BigInt).
 */
export function frame(code, payload = '', { fin = true, rsv = 0, lengthBytes, masked = true, announced } = {}) {
  const bytes = Buffer.from(payload);
  const { short, extended } = encodeLength(announced ?? bytes.length, lengthBytes);
  const first = (fin ? 0x80 : 0) | rsv | code;
  if (!masked) return Buffer.concat([Buffer.from([first, short]), extended, bytes]);
  const key = randomBytes(4);
  for (let i = 0; i < bytes.length; ++i) bytes[i] ^= key[i % 4];
  return Buffer.concat([Buffer.from([first, 0x80 | short]), extended, key, bytes]);
}

/** The frames of one message whose payloads are `pieces`. */
export function fragments(code, pieces, { rsv = 0 } = {}) {
  return pieces.map((piece, i) =>
    frame(i === 0 ? code : opcode.continuation, piece, { fin: i === pieces.length - 1, rsv: i === 0 ? rsv : 0 }),
  );
}

/** The payload of a close frame. */
export function closePayload(code, reason = '') {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return Buffer.concat([bytes, Buffer.from(reason)]);
}

/** Where the payload begins and ends of the server's frame at the front of `bytes`; undefined while incomplete. */
function measure(bytes) {
  if (bytes.length < 2) return undefined;
  const short = bytes[1] & 0x7f;
  const start = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < start) return undefined;
  let length = short;
  if (short === 126) length = bytes.readUInt16BE(2);
  if (short === 127) length = Number(bytes.readBigUInt64BE(2));
  if (short === 126) assert.ok(length >= 126, 'the server must use the shortest length');
  if (short === 127) assert.ok(length >= 65_536, 'the server must use the shortest length');
  return { start, end: start + length };
}

/** The server's frame at the front of `bytes` and its size; undefined while it is incomplete. */
export function parseServerFrame(bytes) {
  const extent = measure(bytes);
  if (!extent || bytes.length < extent.end) return undefined;
  assert.equal(bytes[1] & 0x80, 0, 'the server must not mask');
  assert.equal(bytes[0] & (rsv2 | rsv3), 0, 'the server must leave RSV2 and RSV3 alone');
  const read = {
    fin: (bytes[0] & 0x80) !== 0,
    compressed: (bytes[0] & rsv1) !== 0,
    opcode: bytes[0] & 0x0f,
    payload: bytes.subarray(extent.start, extent.end),
  };
  return { read, size: extent.end };
}
