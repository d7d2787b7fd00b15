// RFC 6455, sections 5.5.1 and 7.
import { test } from 'node:test';

import { badClosePayloads, brokenFrames, illegalCloseCodes, legalCloseCodes } from './lib/cases.mjs';
import { useEcho } from './lib/echo_server.mjs';
import { closePayload, frame, opcode } from './lib/frames.mjs';
import { Peer } from './lib/peer.mjs';

const echo = useEcho();

for (const code of legalCloseCodes) {
  test(`a close with ${code} is answered with the same`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.close, closePayload(code)));
    await peer.expectClose(code);
  });
}

for (const code of illegalCloseCodes) {
  test(`a close with ${code} is refused with 1002`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.close, closePayload(code, 'reason')));
    await peer.expectClose(1002);
  });
}

for (const [name, { payload, code }] of Object.entries(badClosePayloads)) {
  test(`a close with ${name} is refused with ${code}`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.close, payload));
    await peer.expectClose(code);
  });
}

test('a close without a payload is answered without one', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.close));
  await peer.expectClose(undefined);
});

for (const [name, reason] of [['a short reason', 'bye'], ['a reason of 123 bytes', 'x'.repeat(123)], ['a reason in UTF-8', 'κόσμε']]) {
  test(`a close with ${name} is answered`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.close, closePayload(1000, reason)));
    await peer.expectClose(1000);
  });
}

test('a close without FIN is refused', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.close, closePayload(1000), { fin: false }));
  await peer.expectClose(1002);
});

test('a close that comes byte by byte is answered', async () => {
  const peer = await Peer.open(echo.port);
  await peer.dribble(frame(opcode.close, closePayload(3000, 'slow')));
  await peer.expectClose(3000);
});

for (const [name, late] of [
  ['a second close', frame(opcode.close, closePayload(1001))],
  ['a text', frame(opcode.text, 'late')],
  ['a ping', frame(opcode.ping, 'late')],
  ['a broken frame', brokenFrames['a reserved opcode']],
]) {
  test(`${name} behind a close is not looked at, in the same packet`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(Buffer.concat([frame(opcode.close, closePayload(1000)), late]));
    await peer.expectClose(1000);
  });

  test(`${name} behind a close is not looked at, in another packet`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.close, closePayload(1000)), late);
    await peer.expectClose(1000);
  });
}

test('a close within an unfinished message is answered', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.text, 'unfinished', { fin: false }), frame(opcode.close, closePayload(1001)));
  await peer.expectClose(1001);
});

test('messages before a close are echoed before it is answered', async () => {
  const peer = await Peer.open(echo.port);
  const large = 'x'.repeat(1_000_000);
  await peer.send(Buffer.concat([frame(opcode.text, large), frame(opcode.text, 'last'), frame(opcode.close, closePayload(1000))]));
  await peer.expect(opcode.text, large);
  await peer.expect(opcode.text, 'last');
  await peer.expectClose(1000);
});

test('a broken frame behind a large message: the message arrives, then the close', async () => {
  const peer = await Peer.open(echo.port);
  const large = 'x'.repeat(1_000_000);
  await peer.send(Buffer.concat([frame(opcode.text, large), brokenFrames['a reserved bit'], Buffer.alloc(100_000)]));
  await peer.expect(opcode.text, large);
  await peer.expectClose(1002);
});

test('a peer that ends its side without a close frame gets its echoes, then the end', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.text, 'last words'));
  peer.endOutput();
  await peer.expect(opcode.text, 'last words');
  await peer.expectEnd();
});

for (const [name, bytes] of [
  ['between messages', Buffer.alloc(0)],
  ['within a header', frame(opcode.text, 'x'.repeat(300)).subarray(0, 3)],
  ['within a payload', frame(opcode.text, 'x'.repeat(300)).subarray(0, 200)],
  ['within a message', frame(opcode.text, 'x', { fin: false })],
]) {
  test(`a peer that vanishes ${name} does no harm to others`, async () => {
    const [other, peer] = [await Peer.open(echo.port), await Peer.open(echo.port)];
    await peer.send(bytes, frame(opcode.ping, '').subarray(0, 1));
    peer.vanish();
    await other.send(frame(opcode.text, 'well'));
    await other.expect(opcode.text, 'well');
    await other.close();
  });
}
