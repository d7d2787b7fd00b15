// RFC 6455, section 4.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { acceptedHandshakes, refusedHandshakes } from './lib/cases.mjs';
import { useEcho } from './lib/echo_server.mjs';
import { frame, opcode } from './lib/frames.mjs';
import { expectedAccept, handshakeRequest, Peer } from './lib/peer.mjs';

const echo = useEcho();

test('the answer has what the standard demands and nothing that was not offered', async () => {
  const peer = await Peer.open(echo.port);
  assert.equal(peer.answer.headers.upgrade.toLowerCase(), 'websocket');
  assert.equal(peer.answer.headers.connection.toLowerCase(), 'upgrade');
  assert.equal(peer.answer.headers['sec-websocket-accept'], expectedAccept);
  assert.equal(peer.answer.headers['sec-websocket-protocol'], undefined);
  assert.equal(peer.answer.headers['sec-websocket-extensions'], undefined);
  await peer.close();
});

for (const [name, request] of Object.entries(acceptedHandshakes)) {
  test(`accepted: ${name}`, async () => {
    const peer = await Peer.open(echo.port, request);
    assert.equal(peer.answer.headers['sec-websocket-accept'], expectedAccept);
    await peer.close();
  });
}

for (const [name, { request, statuses }] of Object.entries(refusedHandshakes)) {
  test(`refused with ${statuses.join(' or ')}: ${name}`, async () => {
    const peer = await Peer.connect(echo.port);
    await peer.send(handshakeRequest(request));
    const { status, headers } = await peer.head();
    assert.ok(statuses.includes(status), `status ${status}`);
    if (status === 426) assert.equal(headers['sec-websocket-version'], '13');
    if (status === 426) assert.equal(headers.upgrade, 'websocket');
    peer.vanish();
  });
}

for (const [name, value, chosen] of [
  ['one', 'chat', 'chat'],
  ['the first of several', 'pusher-channels-protocol-7, chat', 'pusher-channels-protocol-7'],
  ['the first of several fields', ['one', 'two'], 'one'],
]) {
  test(`the subprotocol that is echoed: ${name}`, async () => {
    const peer = await Peer.open(echo.port, { headers: { 'Sec-WebSocket-Protocol': value } });
    assert.equal(peer.answer.headers['sec-websocket-protocol'], chosen);
    await peer.close();
  });
}

test('deflate is not negotiated by a server that does not want it', async () => {
  const peer = await Peer.open(echo.port, { headers: { 'Sec-WebSocket-Extensions': 'permessage-deflate' } });
  assert.equal(peer.answer.headers['sec-websocket-extensions'], undefined);
  await peer.close();
});

test('a message in the packet of the handshake is echoed', async () => {
  const peer = await Peer.connect(echo.port);
  await peer.send(Buffer.concat([Buffer.from(handshakeRequest()), frame(opcode.text, 'early')]));
  assert.equal((await peer.head()).status, 101);
  await peer.expect(opcode.text, 'early');
  await peer.close();
});

test('a handshake that comes byte by byte, half a frame behind it, is answered', async () => {
  const peer = await Peer.connect(echo.port);
  const message = frame(opcode.text, 'early');
  await peer.dribble(Buffer.from(handshakeRequest()), message.subarray(0, 3));
  assert.equal((await peer.head()).status, 101);
  await peer.send(message.subarray(3));
  await peer.expect(opcode.text, 'early');
  await peer.close();
});

test('a good handshake is answered on a connection that was refused before', async () => {
  const peer = await Peer.connect(echo.port);
  await peer.send(handshakeRequest({ headers: { 'Sec-WebSocket-Version': '8' } }));
  assert.equal((await peer.response()).status, 426);
  await peer.send(handshakeRequest());
  assert.equal((await peer.head()).status, 101);
  await peer.close();
});
