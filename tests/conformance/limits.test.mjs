// The largest message: 16 MiB at the echo server. Refused with 1009 as soon as its size is known.
import { test } from 'node:test';

import { useEcho } from './lib/echo_server.mjs';
import { fragments, frame, opcode } from './lib/frames.mjs';
import { Peer } from './lib/peer.mjs';

const echo = useEcho();
const largest = 16 * 1024 * 1024;

test('the largest message in one frame is echoed', async () => {
  const peer = await Peer.open(echo.port);
  const payload = Buffer.alloc(largest, 'x');
  await peer.send(frame(opcode.binary, payload));
  await peer.expect(opcode.binary, payload);
  await peer.close();
});

for (const size of [1_024, 65_536, 1_048_576]) {
  test(`the largest message in fragments of ${size} bytes is echoed`, async () => {
    const peer = await Peer.open(echo.port);
    const piece = 'y'.repeat(size);
    await peer.send(Buffer.concat(fragments(opcode.text, Array(largest / size).fill(piece))));
    await peer.expect(opcode.text, piece.repeat(largest / size));
    await peer.close();
  });
}

test('one byte more in one frame is refused by its header', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.binary, '', { announced: largest + 1, lengthBytes: 8 }).subarray(0, 10));
  await peer.expectClose(1009);
});

test('one byte more over two fragments is refused', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.binary, Buffer.alloc(largest), { fin: false }), frame(opcode.continuation, 'x'));
  await peer.expectClose(1009);
});

test('one byte more is refused although control frames come between', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.text, 'x'.repeat(largest), { fin: false }), frame(opcode.ping, 'p'));
  await peer.expect(opcode.pong, 'p');
  await peer.send(frame(opcode.continuation, 'x', { fin: false }));
  await peer.expectClose(1009);
});

for (const [name, announced] of [['2^32', 1n << 32n], ['2^62', 1n << 62n], ['2^63 - 1', (1n << 63n) - 1n]]) {
  test(`an announced length of ${name} is refused with 1009`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.text, 'short', { announced, lengthBytes: 8 }));
    await peer.expectClose(1009);
  });
}

test('after the largest message a small one is echoed', async () => {
  const peer = await Peer.open(echo.port);
  const payload = Buffer.alloc(largest);
  await peer.send(frame(opcode.binary, payload), frame(opcode.text, 'small'));
  await peer.expect(opcode.binary, payload);
  await peer.expect(opcode.text, 'small');
  await peer.close();
});

test('an endless chain of empty fragments is no message, and pings are answered', async () => {
  const peer = await Peer.open(echo.port);
  const empty = frame(opcode.continuation, '', { fin: false });
  await peer.send(frame(opcode.text, '', { fin: false }), Buffer.concat(Array(50_000).fill(empty)), frame(opcode.ping, 'p'));
  await peer.expect(opcode.pong, 'p');
  await peer.send(frame(opcode.continuation, 'end'));
  await peer.expect(opcode.text, 'end');
  await peer.close();
});
