// The server itself keeps the rules of the standard, too. Its largest message has 262,144 bytes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../lib/server.mjs';
import {
  acceptedHandshakes,
  badClosePayloads,
  brokenFrames,
  illegalCloseCodes,
  legalCloseCodes,
  refusedHandshakes,
} from './lib/cases.mjs';
import { closePayload, fragments, frame, opcode } from './lib/frames.mjs';
import { expectedAccept, handshakeRequest, Peer } from './lib/peer.mjs';

const path = '/app/app-key?protocol=7';
const largest = 262_144;
const ping = '{"event":"pusher:ping","data":{}}';
const pong = '{"event":"pusher:pong","data":"{}"}';

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

async function expectGreeting(peer) {
  const { opcode: code, payload } = await peer.receive('greeting');
  assert.equal(code, opcode.text);
  assert.equal(JSON.parse(payload).event, 'pusher:connection_established');
}

async function open(request = {}) {
  const peer = await Peer.open(server.port, { path, ...request });
  await expectGreeting(peer);
  return peer;
}

for (const [name, request] of Object.entries(acceptedHandshakes)) {
  test(`accepts a handshake: ${name}`, async () => {
    const peer = await open(request);
    assert.equal(peer.answer.headers['sec-websocket-accept'], expectedAccept);
    await peer.close();
  });
}

for (const [name, { request, statuses }] of Object.entries(refusedHandshakes)) {
  test(`refuses a handshake with ${statuses.join(' or ')}: ${name}`, async () => {
    const peer = await Peer.connect(server.port);
    await peer.send(handshakeRequest({ path, ...request }));
    const { status, headers } = await peer.head();
    assert.ok(statuses.includes(status), `status ${status}`);
    if (status === 426) assert.equal(headers['sec-websocket-version'], '13');
    peer.vanish();
  });
}

test('echoes the first subprotocol', async () => {
  const peer = await open({ headers: { 'Sec-WebSocket-Protocol': 'pusher-channels-protocol-7, other' } });
  assert.equal(peer.answer.headers['sec-websocket-protocol'], 'pusher-channels-protocol-7');
  await peer.close();
});

test('negotiates no extension unless it is set to', async () => {
  const peer = await open({ headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } });
  assert.equal(peer.answer.headers['sec-websocket-extensions'], undefined);
  await peer.close();
});

test('greets before it answers what came in the packet of the handshake', async () => {
  const peer = await Peer.connect(server.port);
  await peer.send(Buffer.concat([Buffer.from(handshakeRequest({ path })), frame(opcode.text, ping)]));
  assert.equal((await peer.head()).status, 101);
  await expectGreeting(peer);
  await peer.expect(opcode.text, pong);
  await peer.close();
});

for (const code of legalCloseCodes) {
  test(`answers a close with ${code} with the same`, async () => {
    const peer = await open();
    await peer.send(frame(opcode.close, closePayload(code, 'reason')));
    await peer.expectClose(code);
  });
}

for (const code of illegalCloseCodes) {
  test(`refuses a close with ${code}`, async () => {
    const peer = await open();
    await peer.send(frame(opcode.close, closePayload(code)));
    await peer.expectClose(1002);
  });
}

for (const [name, { payload, code }] of Object.entries(badClosePayloads)) {
  test(`refuses a close with ${name} with ${code}`, async () => {
    const peer = await open();
    await peer.send(frame(opcode.close, payload));
    await peer.expectClose(code);
  });
}

test('answers a close without a payload without one', async () => {
  const peer = await open();
  await peer.send(frame(opcode.close));
  await peer.expectClose(undefined);
});

for (const [name, bytes] of Object.entries(brokenFrames)) {
  test(`refuses ${name} with 1002`, async () => {
    const peer = await open();
    await peer.send(bytes);
    await peer.expectClose(1002);
  });
}

test('refuses text that is no UTF-8 with 1007', async () => {
  const peer = await open();
  await peer.send(frame(opcode.text, Buffer.from('7b22ff', 'hex')));
  await peer.expectClose(1007);
});

for (const payload of ['', ping]) {
  test(`refuses a binary message of ${payload.length} bytes with 1003`, async () => {
    const peer = await open();
    await peer.send(frame(opcode.binary, payload));
    await peer.expectClose(1003, { answered: true });
  });
}

for (const payload of ['', Buffer.alloc(125, 0xfe)]) {
  test(`answers a ping of ${payload.length} bytes`, async () => {
    const peer = await open();
    await peer.send(frame(opcode.ping, payload), frame(opcode.pong, 'unsolicited'));
    await peer.expect(opcode.pong, payload);
    await peer.close();
  });
}

test('puts fragments together around a ping, byte by byte', async () => {
  const peer = await open();
  const [first, second, third] = fragments(opcode.text, [ping.slice(0, 5), '', ping.slice(5)]);
  await peer.dribble(first, frame(opcode.ping, 'between'), second, third);
  await peer.expect(opcode.pong, 'between');
  await peer.expect(opcode.text, pong);
  await peer.close();
});

test('reads the largest message in one frame', async () => {
  const peer = await open();
  await peer.send(frame(opcode.text, ping.padEnd(largest)));
  await peer.expect(opcode.text, pong);
  await peer.close();
});

test('reads the largest message in fragments', async () => {
  const peer = await open();
  const text = ping.padEnd(largest);
  const pieces = Array.from({ length: 64 }, (_, i) => text.slice((i * largest) / 64, ((i + 1) * largest) / 64));
  await peer.send(Buffer.concat(fragments(opcode.text, pieces)));
  await peer.expect(opcode.text, pong);
  await peer.close();
});

test('refuses one byte more in one frame by its header', async () => {
  const peer = await open();
  await peer.send(frame(opcode.text, '', { announced: largest + 1, lengthBytes: 8 }).subarray(0, 10));
  await peer.expectClose(1009);
});

test('refuses one byte more in a frame that comes whole', async () => {
  const peer = await open();
  await peer.send(frame(opcode.text, ping.padEnd(largest + 1)));
  await peer.expectClose(1009);
});

test('refuses one byte more over fragments', async () => {
  const peer = await open();
  await peer.send(Buffer.concat(fragments(opcode.text, [ping.padEnd(largest), ' '])));
  await peer.expectClose(1009);
});
