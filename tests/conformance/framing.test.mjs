// RFC 6455, section 5: lengths, masks, reserved bits and opcodes; frames and reads that do not coincide.
import { test } from 'node:test';

import { useEcho } from './lib/echo_server.mjs';
import { frame, opcode, rsv1, rsv2, rsv3 } from './lib/frames.mjs';
import { Peer } from './lib/peer.mjs';

const echo = useEcho();

const sizes = [0, 1, 7, 125, 126, 127, 128, 1_000, 65_534, 65_535, 65_536, 65_537, 131_072, 1_000_000];

for (const [kind, code] of [['text', opcode.text], ['binary', opcode.binary]]) {
  for (const size of sizes) {
    test(`a ${kind} message of ${size} bytes is echoed`, async () => {
      const peer = await Peer.open(echo.port);
      const payload = kind === 'text' ? '*'.repeat(size) : Buffer.alloc(size, 0xfe);
      await peer.send(frame(code, payload));
      await peer.expect(code, payload);
      await peer.close();
    });
  }

  for (const size of [0, 125, 126, 300]) {
    test(`a ${kind} message of ${size} bytes that comes byte by byte is echoed`, async () => {
      const peer = await Peer.open(echo.port);
      await peer.dribble(frame(code, 'd'.repeat(size)));
      await peer.expect(code, 'd'.repeat(size));
      await peer.close();
    });
  }
}

test('a large message that comes in pieces of 997 bytes is echoed', async () => {
  const peer = await Peer.open(echo.port);
  const payload = 'p'.repeat(200_000);
  const bytes = frame(opcode.text, payload);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += 997) pieces.push(bytes.subarray(at, at + 997));
  await peer.send(...pieces);
  await peer.expect(opcode.text, payload);
  await peer.close();
});

test('several messages in one packet are echoed in order', async () => {
  const peer = await Peer.open(echo.port);
  const texts = Array.from({ length: 100 }, (_, i) => `message ${i}`);
  await peer.send(Buffer.concat(texts.map((text) => frame(opcode.text, text))));
  for (const text of texts) await peer.expect(opcode.text, text);
  await peer.close();
});

test('one and a half messages in one packet wait for the other half', async () => {
  const peer = await Peer.open(echo.port);
  const second = frame(opcode.text, 'second');
  await peer.send(Buffer.concat([frame(opcode.text, 'first'), second.subarray(0, 8)]));
  await peer.expect(opcode.text, 'first');
  await peer.send(second.subarray(8));
  await peer.expect(opcode.text, 'second');
  await peer.close();
});

test('text may hold U+0000 and every other control character', async () => {
  const peer = await Peer.open(echo.port);
  const text = Buffer.from(Array.from({ length: 128 }, (_, i) => i));
  await peer.send(frame(opcode.text, text));
  await peer.expect(opcode.text, text);
  await peer.close();
});

test('a mask of zeros is a mask', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x6f, 0x6b]));
  await peer.expect(opcode.text, 'ok');
  await peer.close();
});

const refused = {
  'a text frame without a mask': frame(opcode.text, 'hello', { masked: false }),
  'an empty text frame without a mask': frame(opcode.text, '', { masked: false }),
  'a ping without a mask': frame(opcode.ping, '', { masked: false }),
  'a close frame without a mask': frame(opcode.close, '', { masked: false }),
  '125 bytes with a length of two bytes': frame(opcode.text, 'x'.repeat(125), { lengthBytes: 2 }),
  'no bytes with a length of two bytes': frame(opcode.text, '', { lengthBytes: 2 }),
  '125 bytes with a length of eight bytes': frame(opcode.text, 'x'.repeat(125), { lengthBytes: 8 }),
  '65,535 bytes with a length of eight bytes': frame(opcode.text, 'x'.repeat(65_535), { lengthBytes: 8 }),
  'a length of 2^63': frame(opcode.binary, '', { lengthBytes: 8, announced: 1n << 63n }),
  'a length of 2^64 - 1': frame(opcode.binary, '', { lengthBytes: 8, announced: (1n << 64n) - 1n }),
  'a text frame with RSV1': frame(opcode.text, 'hello', { rsv: rsv1 }),
  'a text frame with RSV2': frame(opcode.text, 'hello', { rsv: rsv2 }),
  'a text frame with RSV3': frame(opcode.text, 'hello', { rsv: rsv3 }),
  'a text frame with RSV1 and RSV2': frame(opcode.text, 'hello', { rsv: rsv1 | rsv2 }),
  'a binary frame with RSV1 and RSV3': frame(opcode.binary, 'hello', { rsv: rsv1 | rsv3 }),
  'a ping with RSV2 and RSV3': frame(opcode.ping, 'hello', { rsv: rsv2 | rsv3 }),
  'a close frame with all reserved bits': frame(opcode.close, '', { rsv: rsv1 | rsv2 | rsv3 }),
};
for (const code of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
  refused[`opcode ${code}`] = frame(code, '');
  refused[`opcode ${code} with a payload`] = frame(code, 'reserved');
}

for (const [name, bytes] of Object.entries(refused)) {
  test(`${name} is refused with 1002, after what came before it`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(Buffer.concat([frame(opcode.text, 'before'), bytes, frame(opcode.text, 'after')]));
    await peer.expect(opcode.text, 'before');
    await peer.expectClose(1002);
  });
}

test('a reserved opcode is refused at its first byte', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(Buffer.from([0x83]));
  await peer.expectClose(1002);
});

test('a missing mask is refused at the second byte', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(Buffer.from([0x81, 0x7e]));
  await peer.expectClose(1002);
});
