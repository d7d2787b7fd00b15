// RFC 6455, section 5.5: pings and pongs.
import { test } from 'node:test';

import { useEcho } from './lib/echo_server.mjs';
import { fragments, frame, opcode } from './lib/frames.mjs';
import { Peer } from './lib/peer.mjs';

const echo = useEcho();

const payloads = {
  'no payload': '',
  'a text': 'Hello, world!',
  'bytes that are no UTF-8': Buffer.from([0x00, 0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0x00, 0xff]),
  '125 bytes': Buffer.alloc(125, 0xfe),
};

for (const [name, payload] of Object.entries(payloads)) {
  test(`a ping with ${name} is answered by a pong with the same`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.ping, payload));
    await peer.expect(opcode.pong, payload);
    await peer.close();
  });

  test(`a ping with ${name} that comes byte by byte is answered`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.dribble(frame(opcode.ping, payload));
    await peer.expect(opcode.pong, payload);
    await peer.close();
  });

  test(`an unsolicited pong with ${name} is ignored`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.pong, payload), frame(opcode.text, 'still here'));
    await peer.expect(opcode.text, 'still here');
    await peer.close();
  });
}

for (const [name, code] of [['ping', opcode.ping], ['pong', opcode.pong]]) {
  test(`a ${name} with 126 bytes is refused`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(code, 'x'.repeat(126)));
    await peer.expectClose(1002);
  });

  test(`a ${name} with 65,536 bytes is refused by its second byte`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(code, 'x'.repeat(65_536)).subarray(0, 2));
    await peer.expectClose(1002);
  });

  test(`a ${name} without FIN is refused`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(code, 'x', { fin: false }), frame(opcode.continuation, 'y'));
    await peer.expectClose(1002);
  });
}

test('an unsolicited pong and a ping: only the ping is answered', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.pong, 'unsolicited'), frame(opcode.ping, 'ping'));
  await peer.expect(opcode.pong, 'ping');
  await peer.close();
});

for (const count of [10, 1_000]) {
  test(`${count} pings in one packet are all answered in order`, async () => {
    const peer = await Peer.open(echo.port);
    const texts = Array.from({ length: count }, (_, i) => `ping ${i}`);
    await peer.send(Buffer.concat(texts.map((text) => frame(opcode.ping, text))));
    for (const text of texts) await peer.expect(opcode.pong, text);
    await peer.close();
  });
}

test('ten pings that come byte by byte are all answered in order', async () => {
  const peer = await Peer.open(echo.port);
  const texts = Array.from({ length: 10 }, (_, i) => `ping ${i}`);
  await peer.dribble(...texts.map((text) => frame(opcode.ping, text)));
  for (const text of texts) await peer.expect(opcode.pong, text);
  await peer.close();
});

test('a ping between fragments is answered before the message', async () => {
  const peer = await Peer.open(echo.port);
  const [first, second] = fragments(opcode.text, ['frag', 'ment']);
  await peer.send(first, frame(opcode.ping, 'between'));
  await peer.expect(opcode.pong, 'between');
  await peer.send(second);
  await peer.expect(opcode.text, 'fragment');
  await peer.close();
});

test('pings between all of ten fragments, in one packet', async () => {
  const peer = await Peer.open(echo.port);
  const pieces = Array.from({ length: 10 }, (_, i) => `${i}`);
  const frames = fragments(opcode.binary, pieces).flatMap((one, i) => [one, frame(opcode.ping, `ping ${i}`)]);
  await peer.send(Buffer.concat(frames));
  for (let i = 0; i < 9; ++i) await peer.expect(opcode.pong, `ping ${i}`);
  await peer.expect(opcode.binary, pieces.join(''));
  await peer.expect(opcode.pong, 'ping 9');
  await peer.close();
});

test('a ping and pongs between fragments that come byte by byte', async () => {
  const peer = await Peer.open(echo.port);
  const [first, second] = fragments(opcode.text, ['frag', 'ment']);
  await peer.dribble(first, frame(opcode.pong, 'x'), frame(opcode.ping, 'between'), frame(opcode.pong, ''), second);
  await peer.expect(opcode.pong, 'between');
  await peer.expect(opcode.text, 'fragment');
  await peer.close();
});
