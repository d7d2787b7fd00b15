// Cases that hold for every WebSocket server of ours, whatever is behind it.
import { closePayload, frame, opcode } from './frames.mjs';

/** Close codes that a peer may send (RFC 6455, section 7.4). */
export const legalCloseCodes = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];

/** Close codes that must not be sent. */
export const illegalCloseCodes = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];

/** Payloads of close frames that are refused, and with what. */
export const badClosePayloads = {
  'one byte': { payload: Buffer.from([0x03]), code: 1002 },
  'a reason that is no UTF-8': { payload: closePayload(1000, Buffer.from([0x61, 0xff])), code: 1007 },
  'a reason that ends within a character': { payload: closePayload(1000, Buffer.from([0xe2, 0x82])), code: 1007 },
  'a reason with a surrogate': { payload: closePayload(1000, Buffer.from([0xed, 0xa0, 0x80])), code: 1007 },
  'a reason of 124 bytes': { payload: closePayload(1000, 'x'.repeat(124)), code: 1002 },
};

/** Frames that end any connection with 1002. */
export const brokenFrames = {
  'a frame without a mask': frame(opcode.text, 'x', { masked: false }),
  'a reserved opcode': frame(3, 'x'),
  'a reserved bit': frame(opcode.text, 'x', { rsv: 0x20 }),
  'a continuation of nothing': frame(opcode.continuation, 'x'),
  'a ping of 126 bytes': frame(opcode.ping, 'x'.repeat(126)),
};

/** Handshakes that are refused: what differs from a good one, and the status of the answer. */
export const refusedHandshakes = {
  'POST': { request: { method: 'POST', headers: { 'Content-Length': '0' } }, statuses: [400, 405] },
  'HTTP/1.0': { request: { version: 'HTTP/1.0' }, statuses: [400, 426] },
  'no Upgrade': { request: { headers: { Upgrade: undefined } }, statuses: [426] },
  'an upgrade to something else': { request: { headers: { Upgrade: 'h2c' } }, statuses: [426] },
  'no Connection': { request: { headers: { Connection: undefined } }, statuses: [426] },
  'a Connection without upgrade': { request: { headers: { Connection: 'keep-alive' } }, statuses: [426] },
  'no key': { request: { headers: { 'Sec-WebSocket-Key': undefined } }, statuses: [400] },
  'an empty key': { request: { headers: { 'Sec-WebSocket-Key': '' } }, statuses: [400] },
  'a key of 15 bytes': { request: { headers: { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25j' } }, statuses: [400] },
  'a key of 17 bytes': { request: { headers: { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZWE=' } }, statuses: [400] },
  'a key that is no base64': {
    request: { headers: { 'Sec-WebSocket-Key': '!!!!!!!!!!!!!!!!!!!!!!==' } },
    statuses: [400],
  },
  'two keys': {
    request: { headers: { 'Sec-WebSocket-Key': ['dGhlIHNhbXBsZSBub25jZQ==', 'x3JJHMbDL1EzLkh9GBhXDw=='] } },
    statuses: [400],
  },
  'no version': { request: { headers: { 'Sec-WebSocket-Version': undefined } }, statuses: [426] },
  'version 8': { request: { headers: { 'Sec-WebSocket-Version': '8' } }, statuses: [426] },
  'version 14': { request: { headers: { 'Sec-WebSocket-Version': '14' } }, statuses: [426] },
  'no Host': { request: { headers: { Host: undefined } }, statuses: [400] },
};

/** Good handshakes that look unusual. */
export const acceptedHandshakes = {
  'field names in lower case': {
    headers: {
      Upgrade: undefined,
      upgrade: 'websocket',
      Connection: undefined,
      connection: 'Upgrade',
      'Sec-WebSocket-Key': undefined,
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  },
  'values in another case': { headers: { Upgrade: 'WebSocket', Connection: 'UPGRADE' } },
  'a Connection with several tokens': { headers: { Connection: 'keep-alive, Upgrade' } },
  'two Connection fields': { headers: { Connection: ['keep-alive', 'Upgrade'] } },
  'an Upgrade with several protocols': { headers: { Upgrade: 'h2c, websocket' } },
  'an extension that nobody knows': { headers: { 'Sec-WebSocket-Extensions': 'x-unknown; a=1' } },
  'cookies and an origin': { headers: { Cookie: 'a=b', Origin: 'https://example.com' } },
};
