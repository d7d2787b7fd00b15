// What a server must understand (RFC 9110 and 9112): every way to send a request, one after the other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../../lib/server.mjs';
import { RawConnection } from '../lib/raw_connection.mjs';
import { chunk, get, signedPublish, withLength } from '../lib/requests.mjs';

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

/** A test with a connection of its own. */
function wire(name, run) {
  test(name, async () => {
    const connection = await RawConnection.connect(server.port);
    try {
      await run(connection);
    } finally {
      connection.drop();
    }
  });
}

async function isAlive(connection) {
  await connection.send(get('/live'));
  assert.equal((await connection.response()).status, 200);
}

wire('answers a GET with length and date', async (connection) => {
  await connection.send(get('/live'));
  const { status, headers, body } = await connection.response();
  assert.equal(status, 200);
  assert.equal(body, 'OK');
  assert.equal(headers['content-length'], '2');
  assert.ok(Math.abs(Date.parse(headers.date) - Date.now()) < 5_000, headers.date);
  assert.match(headers.date, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
});

wire('keeps the connection', async (connection) => {
  for (let i = 0; i < 5; i += 1) await isAlive(connection);
});

wire('answers pipelined requests in their order', async (connection) => {
  await connection.send(get('/live') + get('/nothing') + get('/live') + get('/nothing'));
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await connection.response()).status);
  assert.deepEqual(statuses, [200, 404, 200, 404]);
});

wire('answers a thousand pipelined requests', async (connection) => {
  await connection.send(get('/live').repeat(1_000));
  for (let i = 0; i < 1_000; i += 1) assert.equal((await connection.response()).body, 'OK');
  await isAlive(connection);
});

wire('answers all when the client reads late', async (connection) => {
  const requests = 20_000;
  const sent = connection.send(get(`/nothing/${'n'.repeat(100)}`).repeat(requests));
  for (let i = 0; i < requests; i += 1) assert.equal((await connection.response()).status, 404);
  await sent;
});

wire('understands a request byte by byte', async (connection) => {
  await connection.dribble(withLength(signedPublish()));
  assert.deepEqual(await connection.response().then(({ status, body }) => [status, body]), [200, '{}']);
});

wire('understands a chunked request byte by byte', async (connection) => {
  const { head, body } = signedPublish();
  await connection.dribble(`${head}Transfer-Encoding: chunked\r\n\r\n${chunk(body)}0\r\n\r\n`);
  assert.equal((await connection.response()).status, 200);
});

wire('understands chunks with extensions and trailers', async (connection) => {
  const { head, body } = signedPublish();
  const chunks = `${chunk(body.slice(0, 1), ';a="b;c"')}${chunk(body.slice(1), ' ;x')}000\r\nTrailer: x\r\nB:\r\n\r\n`;
  await connection.send(`${head}Transfer-Encoding: Chunked\r\n\r\n${chunks}${get('/live')}`);
  assert.equal((await connection.response()).status, 200);
  assert.equal((await connection.response()).body, 'OK');
});

wire('understands a body that follows its head late, and a large one', async (connection) => {
  const { head, body } = signedPublish('x'.repeat(90_000));
  await connection.send(`${head}Content-Length: ${body.length}\r\n\r\n`);
  await connection.send(body);
  assert.equal((await connection.response()).status, 200);
});

wire('reads a body where it has no meaning', async (connection) => {
  await connection.send(`GET /live HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nGET /${get('/live')}`);
  assert.equal((await connection.response()).body, 'OK');
  assert.equal((await connection.response()).body, 'OK');
});

wire('sends 100 Continue when a body is awaited', async (connection) => {
  const { head, body } = signedPublish();
  await connection.send(`${head}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`);
  assert.equal((await connection.response()).status, 100);
  await connection.send(body);
  assert.equal((await connection.response()).status, 200);
});

wire('sends no 100 Continue when the body is there', async (connection) => {
  await connection.send(withLength(signedPublish(), 'Expect: 100-continue\r\n'));
  assert.equal((await connection.response()).status, 200);
});

wire('sends no 100 Continue to HTTP/1.0', async (connection) => {
  await connection.send('POST /live HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
  await connection.send('{}');
  assert.equal((await connection.response()).status, 405);
});

wire('answers HEAD like GET without the body', async (connection) => {
  await connection.send(`HEAD /live HTTP/1.1\r\nHost: h\r\n\r\n${get('/live')}`);
  const head = await connection.response('HEAD');
  assert.equal(head.status, 200);
  assert.equal(head.headers['content-length'], '2');
  assert.equal((await connection.response()).body, 'OK');
});

wire('answers OPTIONS with the methods', async (connection) => {
  await connection.send('OPTIONS /live HTTP/1.1\r\nHost: h\r\n\r\n');
  const { status, headers } = await connection.response();
  assert.equal(status, 204);
  assert.match(headers.allow, /\bGET\b/);
  assert.equal(headers['content-length'], undefined);
  await isAlive(connection);
});

wire('answers OPTIONS *', async (connection) => {
  await connection.send('OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n');
  assert.equal((await connection.response()).status, 204);
});

wire('answers an unknown path with 404 and goes on', async (connection) => {
  await connection.send(get('/no/such/path'));
  const { status, headers, body } = await connection.response();
  assert.equal(status, 404);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(JSON.parse(body).code, 404);
  await isAlive(connection);
});

wire('answers another method with 405 and Allow', async (connection) => {
  await connection.send('DELETE /live HTTP/1.1\r\nHost: h\r\n\r\n');
  const { status, headers } = await connection.response();
  assert.equal(status, 405);
  assert.match(headers.allow, /\bGET\b/);
  await isAlive(connection);
});

wire('treats methods as case-sensitive', async (connection) => {
  await connection.send('get /live HTTP/1.1\r\nHost: h\r\n\r\n');
  assert.equal((await connection.response()).status, 405);
});

wire('takes an absolute URL as target', async (connection) => {
  await connection.send('GET http://elsewhere:80/live HTTP/1.1\r\nHost: h\r\n\r\n');
  assert.equal((await connection.response()).body, 'OK');
});

wire('ignores empty lines before a request', async (connection) => {
  await connection.send(`\r\n${get('/live')}\r\n${get('/live')}`);
  assert.equal((await connection.response()).status, 200);
  assert.equal((await connection.response()).status, 200);
});

wire('ignores the letter case of field names and space around values', async (connection) => {
  await connection.send('GET /live HTTP/1.1\r\nhOST:\t h \r\ncONNECTION:  Close\t\r\n\r\n');
  assert.equal((await connection.response()).headers.connection, 'close');
  assert.equal(await connection.rest(), '');
});

wire('closes when asked, and looks at nothing behind', async (connection) => {
  await connection.send(get('/live', 'Connection: close\r\n') + get('/live'));
  const { status, headers } = await connection.response();
  assert.equal(status, 200);
  assert.equal(headers.connection, 'close');
  assert.equal(await connection.rest(), '');
});

wire('closes HTTP/1.0 connections', async (connection) => {
  await connection.send('GET /live HTTP/1.0\r\n\r\n');
  assert.equal((await connection.response()).headers.connection, 'close');
  assert.equal(await connection.rest(), '');
});

wire('keeps HTTP/1.0 connections when asked', async (connection) => {
  for (let i = 0; i < 2; i += 1) {
    await connection.send('GET /live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n');
    assert.equal((await connection.response()).headers.connection, 'keep-alive');
  }
});

wire('answers a client that has ended its output', async (connection) => {
  await connection.send(get('/live') + get('/live'));
  connection.endOutput();
  assert.equal((await connection.response()).body, 'OK');
  assert.equal((await connection.response()).body, 'OK');
  assert.equal(await connection.rest(), '');
});

wire('closes without a word when half a request is all that comes', async (connection) => {
  await connection.send('GET /live HTTP/1.1\r\n');
  connection.endOutput();
  assert.equal(await connection.rest(), '');
});

wire('answers 426 to a WebSocket address without a handshake', async (connection) => {
  await connection.send(get('/app/app-key?protocol=7'));
  const { status, headers } = await connection.response();
  assert.equal(status, 426);
  assert.match(headers.upgrade ?? '', /websocket/i);
  await isAlive(connection);
});

wire('ignores an upgrade to a protocol that it does not speak', async (connection) => {
  await connection.send(get('/live', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: \r\n'));
  assert.equal((await connection.response()).body, 'OK');
  await isAlive(connection);
});

wire('does not upgrade HTTP/1.0', async (connection) => {
  const fields = `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa('0123456789abcdef')}\r\n`;
  await connection.send(`GET /app/app-key HTTP/1.0\r\nConnection: upgrade\r\n${fields}\r\n`);
  assert.equal((await connection.response()).status, 400);
});
