// How long a server waits for a client that is slow, silent or hostile. One second is the shortest setting.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { after, before, test } from 'node:test';

import { Server } from '../../lib/server.mjs';
import { RawConnection } from '../lib/raw_connection.mjs';
import { get } from '../lib/requests.mjs';

let server;
before(async () => {
  server = await Server.start({
    settings: { 'limits.request_timeout': 1, 'limits.keep_alive_timeout': 1 },
  });
});
after(() => server?.stop());

async function refusedSlow(connection) {
  const { status, headers, body } = await connection.response();
  assert.equal(status, 408);
  assert.equal(headers.connection, 'close');
  assert.match(JSON.parse(body).error, /limits\.request_timeout/);
  assert.equal(await connection.rest(), '');
}

test('answers half a head with 408', async () => {
  const connection = await RawConnection.connect(server.port);
  await connection.send('GET /live HTTP/1.1\r\nHost:');
  await refusedSlow(connection);
});

test('answers half a body with 408', async () => {
  const connection = await RawConnection.connect(server.port);
  await connection.send('POST /live HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab');
  await refusedSlow(connection);
});

test('answers a body that never comes after 100 Continue with 408', async () => {
  const connection = await RawConnection.connect(server.port);
  await connection.send('POST /live HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n');
  assert.equal((await connection.response()).status, 100);
  await refusedSlow(connection);
});

test('gives no more time to a client that dribbles', async () => {
  const connection = await RawConnection.connect(server.port);
  await connection.send('GET /live HTTP/1.1\r\nHost: h\r\nA: ');
  const timer = setInterval(() => connection.send('a'), 100);
  try {
    await refusedSlow(connection);
  } finally {
    clearInterval(timer);
    connection.drop();
  }
});

test('tells how long a connection is kept, so that no client uses it at its very end', async () => {
  const connection = await RawConnection.connect(server.port);
  await connection.send(get('/live'));
  const { headers } = await connection.response();
  assert.deepEqual([headers.connection, headers['keep-alive']], ['keep-alive', 'timeout=1']);
  const agent = new Agent({ keepAlive: true });
  for (let i = 0; i < 2; i += 1) {
    const [answer] = await once(request({ port: server.port, path: '/live', agent }).end(), 'response');
    await once(answer.resume(), 'close');
    assert.deepEqual(Object.keys(agent.freeSockets), []);
  }
  agent.destroy();
});

test('closes a connection that says nothing, silently', async () => {
  const connection = await RawConnection.connect(server.port);
  assert.equal(await connection.rest(), '');
});

test('closes an idle connection silently', async () => {
  const connection = await RawConnection.connect(server.port);
  await connection.send(get('/live'));
  assert.equal((await connection.response()).status, 200);
  assert.equal(await connection.rest(), '');
});
