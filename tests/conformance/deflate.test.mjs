// RFC 7692: permessage-deflate, always without context takeover in either direction.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';

import { useEcho } from './lib/echo_server.mjs';
import { fragments, frame, opcode, rsv1 } from './lib/frames.mjs';
import { Peer } from './lib/peer.mjs';

const echo = useEcho({ deflate: true });
const largest = 16 * 1024 * 1024;
const tail = Buffer.from([0x00, 0x00, 0xff, 0xff]);

const deflate = (payload, options = {}) =>
  deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH, ...options }).subarray(0, -tail.length);
const inflate = (payload, options = {}) =>
  inflateRawSync(Buffer.concat([payload, tail]), { finishFlush: constants.Z_SYNC_FLUSH, ...options });

const open = (offer = 'permessage-deflate') =>
  Peer.open(echo.port, { headers: { 'Sec-WebSocket-Extensions': offer } });
const compressedFrame = (code, payload) => frame(code, deflate(payload), { rsv: rsv1 });

/** The next message must be this one, compressed or not. */
async function expectMessage(peer, code, payload, { compressed, windowBits = 15 }) {
  const read = await peer.receive();
  assert.equal(read.opcode, code);
  assert.equal(read.fin, true);
  assert.equal(read.compressed, compressed, 'RSV1');
  const message = read.compressed ? inflate(read.payload, { windowBits }) : read.payload;
  assert.ok(message.equals(Buffer.from(payload)), 'payload');
}

const takeover = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
const offers = [
  ['permessage-deflate', takeover],
  ['permessage-deflate; client_max_window_bits', takeover],
  ['permessage-deflate; client_max_window_bits=9', takeover],
  ['permessage-deflate; client_max_window_bits="15"', takeover],
  ['permessage-deflate; server_no_context_takeover', takeover],
  ['permessage-deflate; client_no_context_takeover', takeover],
  ['permessage-deflate; server_max_window_bits=15', takeover],
  ['permessage-deflate; server_max_window_bits=9', `${takeover}; server_max_window_bits=9`],
  ['permessage-deflate; server_max_window_bits=12; client_max_window_bits', `${takeover}; server_max_window_bits=12`],
  ['x-unknown, permessage-deflate', takeover],
  ['permessage-deflate; unknown, permessage-deflate', takeover],
  ['permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=10', `${takeover}; server_max_window_bits=10`],
  [['permessage-deflate; unknown=1', 'permessage-deflate'], takeover],
  ['permessage-deflate; unknown', undefined],
  ['permessage-deflate; server_no_context_takeover=1', undefined],
  ['permessage-deflate; server_no_context_takeover; server_no_context_takeover', undefined],
  ['permessage-deflate; client_max_window_bits; client_max_window_bits=10', undefined],
  ['permessage-deflate; server_max_window_bits', undefined],
  ['permessage-deflate; server_max_window_bits=7', undefined],
  ['permessage-deflate; server_max_window_bits=16', undefined],
  ['permessage-deflate; server_max_window_bits=010', undefined],
  ['permessage-deflate; client_max_window_bits=6', undefined],
  ['permessage-deflate; client_max_window_bits=abc', undefined],
  ['x-webkit-deflate-frame', undefined],
];

for (const [offer, answer] of offers) {
  test(`the offer "${offer}" is ${answer ? 'accepted' : 'declined'}`, async () => {
    const peer = await open(offer);
    assert.equal(peer.answer.headers['sec-websocket-extensions'], answer);
    const text = 'x'.repeat(200);
    await peer.send(answer ? compressedFrame(opcode.text, text) : frame(opcode.text, text));
    await expectMessage(peer, opcode.text, text, { compressed: answer !== undefined });
    await peer.close();
  });
}

for (const size of [64, 65, 125, 126, 1_000, 4_096, 16_384, 32_768, 32_769, 65_536, 1_000_000]) {
  test(`a compressed text of ${size} bytes is echoed compressed`, async () => {
    const peer = await open();
    const text = '{"event":"message"}'.repeat(size).slice(0, size);
    await peer.send(compressedFrame(opcode.text, text));
    await expectMessage(peer, opcode.text, text, { compressed: true });
    await peer.close();
  });
}

for (const size of [0, 1, 10, 63]) {
  test(`a compressed message of ${size} bytes, below the threshold, is echoed plain`, async () => {
    const peer = await open();
    await peer.send(compressedFrame(opcode.binary, Buffer.alloc(size, 7)));
    await expectMessage(peer, opcode.binary, Buffer.alloc(size, 7), { compressed: false });
    await peer.close();
  });
}

test('an uncompressed message is fine where deflate was negotiated', async () => {
  const peer = await open();
  await peer.send(frame(opcode.text, 'plain'), compressedFrame(opcode.text, 'compressed'), frame(opcode.text, 'plain'));
  for (const text of ['plain', 'compressed', 'plain']) await expectMessage(peer, opcode.text, text, { compressed: false });
  await peer.close();
});

test('a message that does not get smaller is sent plain', async () => {
  const peer = await open();
  const noise = randomBytes(10_000);
  await peer.send(compressedFrame(opcode.binary, noise));
  await expectMessage(peer, opcode.binary, noise, { compressed: false });
  await peer.close();
});

test('many compressed messages do not depend on one another', async () => {
  const peer = await open();
  const texts = Array.from({ length: 100 }, (_, i) => `{"number":${i},"text":"${'same '.repeat(40)}"}`);
  await peer.send(Buffer.concat(texts.map((text) => compressedFrame(opcode.text, text))));
  for (const text of texts) await expectMessage(peer, opcode.text, text, { compressed: true });
  await peer.close();
});

for (const windowBits of [9, 10, 14]) {
  test(`with server_max_window_bits=${windowBits} a window of that size can inflate`, async () => {
    const peer = await open(`permessage-deflate; server_max_window_bits=${windowBits}`);
    const fits = 'abcdefgh'.repeat(2 ** windowBits / 8);
    await peer.send(compressedFrame(opcode.text, fits), compressedFrame(opcode.text, `${fits}!`));
    await expectMessage(peer, opcode.text, fits, { compressed: true, windowBits });
    await expectMessage(peer, opcode.text, `${fits}!`, { compressed: false });
    await peer.close();
  });
}

for (const [name, options] of [
  ['stored blocks', { level: 0 }],
  ['the smallest window', { windowBits: 9 }],
  ['fixed codes', { strategy: constants.Z_FIXED }],
  ['run lengths', { strategy: constants.Z_RLE }],
]) {
  test(`a message compressed with ${name} is inflated`, async () => {
    const peer = await open();
    const text = 'The quick brown fox jumps over the lazy dog. '.repeat(100);
    await peer.send(frame(opcode.text, deflate(text, options), { rsv: rsv1 }));
    await expectMessage(peer, opcode.text, text, { compressed: true });
    await peer.close();
  });
}

test('a message with a final block is inflated (RFC 7692, section 7.2.3.4)', async () => {
  const peer = await open();
  await peer.send(frame(opcode.text, Buffer.from('f348cdc9c9070000', 'hex'), { rsv: rsv1 }));
  await expectMessage(peer, opcode.text, 'Hello', { compressed: false });
  await peer.close();
});

for (const count of [2, 3, 50]) {
  test(`a compressed message in ${count} fragments, with pings between, is echoed`, async () => {
    const peer = await open();
    const text = JSON.stringify(Array.from({ length: 500 }, (_, i) => i));
    const compressed = deflate(text);
    const size = Math.ceil(compressed.length / count);
    const pieces = Array.from({ length: count }, (_, i) => compressed.subarray(i * size, (i + 1) * size));
    const frames = fragments(opcode.text, pieces, { rsv: rsv1 });
    await peer.send(Buffer.concat(frames.flatMap((one, i) => (i === 0 ? [one] : [frame(opcode.ping, `${i}`), one]))));
    for (let i = 1; i < count; ++i) await peer.expect(opcode.pong, `${i}`);
    await expectMessage(peer, opcode.text, text, { compressed: true });
    await peer.close();
  });
}

test('a compressed message that comes byte by byte is echoed', async () => {
  const peer = await open();
  await peer.dribble(compressedFrame(opcode.text, 'd'.repeat(500)));
  await expectMessage(peer, opcode.text, 'd'.repeat(500), { compressed: true });
  await peer.close();
});

const refused = {
  'RSV1 on a continuation': [1002, [frame(opcode.text, 'x', { fin: false }), frame(opcode.continuation, 'y', { rsv: rsv1 })]],
  'RSV1 on a ping': [1002, [frame(opcode.ping, 'x', { rsv: rsv1 })]],
  'RSV1 on a pong': [1002, [frame(opcode.pong, '', { rsv: rsv1 })]],
  'RSV1 on a close': [1002, [frame(opcode.close, '', { rsv: rsv1 })]],
  'RSV2 on a compressed message': [1002, [frame(opcode.text, deflate('x'), { rsv: rsv1 | 0x20 })]],
  'data that is no deflate': [1007, [frame(opcode.text, Buffer.from('ffffffff', 'hex'), { rsv: rsv1 })]],
  'a stored block with a wrong check': [1007, [frame(opcode.text, Buffer.from('000500fafe48656c6c6f', 'hex'), { rsv: rsv1 })]],
  'data that ends within a block': [1007, [frame(opcode.text, deflate('Hello, Hello, Hello').subarray(0, 5), { rsv: rsv1 })]],
  'a compressed message without any data': [1007, [frame(opcode.text, '', { rsv: rsv1 })]],
  'text that is no UTF-8 once inflated': [1007, [compressedFrame(opcode.text, Buffer.from('61ff', 'hex'))]],
  'text that ends within a character once inflated': [1007, [compressedFrame(opcode.text, Buffer.from('61e282', 'hex'))]],
  'a bomb': [1009, [compressedFrame(opcode.text, Buffer.alloc(largest + 1))]],
  'a bomb in fragments': [1009, fragments(opcode.binary, [deflate(Buffer.alloc(4 * largest)), ''], { rsv: rsv1 })],
};

for (const [name, [code, frames]] of Object.entries(refused)) {
  test(`${name} is refused with ${code}`, async () => {
    const peer = await open();
    await peer.send(...frames);
    await peer.expectClose(code);
  });
}

test('the largest message is inflated', async () => {
  const peer = await open();
  const payload = Buffer.alloc(largest, 'z');
  await peer.send(compressedFrame(opcode.binary, payload));
  await expectMessage(peer, opcode.binary, payload, { compressed: true });
  await peer.close();
});

test('one connection may deflate while another does not', async () => {
  const text = 'x'.repeat(300);
  const [deflating, plain] = [await open(), await Peer.open(echo.port)];
  for (const peer of [deflating, plain]) await peer.send(frame(opcode.text, text));
  await expectMessage(deflating, opcode.text, text, { compressed: true });
  await expectMessage(plain, opcode.text, text, { compressed: false });
  await deflating.close();
  await plain.close();
});
