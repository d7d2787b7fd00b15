// Requests that are slow, endless, cut off or two things at once.
import assert from 'node:assert/strict';

import { get, signedPublish, withLength } from '../conformance/lib/requests.mjs';
import { frame } from '../e2e/lib/socket.mjs';
import { eventually } from '../lib/deadline.mjs';
import { app } from '../lib/server.mjs';
import { signedTarget } from '../lib/signing.mjs';
import { attacks, many } from './lib/attack.mjs';

const megabyte = 1024 * 1024;

/** Sends a byte on each of the connections again and again, until `work` is done. */
async function dribble(connections, work) {
  const timer = setInterval(() => connections.forEach((connection) => connection.send('a').catch(() => {})), 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
}

/** Each of the connections is told `status` and then that it is over. */
async function refused(connections, status) {
  for (const connection of connections) {
    assert.equal((await connection.response()).status, status);
    await connection.rest();
  }
}

attacks('slow requests', {}, (attack) => {
  for (const [name, beginning] of [
    ['heads', 'GET /live HTTP/1.1\r\nHost: h\r\nA: '],
    ['request lines', 'GET /'],
    ['bodies', `POST /apps/${app.id}/events HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n`],
    ['chunks', `POST /apps/${app.id}/events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7fffff\r\n`],
    ['chunk sizes', `POST /apps/${app.id}/events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;`],
    ['log-ins', 'POST /api/auth/login HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n'],
  ]) {
    attack(`${name}, byte by byte on 200 connections`, async (scene, before) => {
      const slow = await many(200, () => scene.dial());
      await Promise.all(slow.map((connection) => connection.send(beginning)));
      await dribble(slow, async () => {
        await scene.servesGuests();
        await refused(slow, 408);
        await scene.endsByItself(before);
      });
    });
  }

  attack('uploads of strangers, which take no place from those of users, on 300 connections', async (scene) => {
    const person = { name: 'Ann', email: `${scene.name()}@example.com`, password: 'long enough', device_name: 'test' };
    const headers = { 'Content-Type': 'application/json' };
    const registration = { method: 'POST', target: '/api/auth/register', headers, body: JSON.stringify(person) };
    const { token } = (await scene.request(registration)).body;
    const upload = async () => {
      const body = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n--b--\r\n';
      const fields = { Authorization: `Bearer ${token}`, 'Content-Type': 'multipart/form-data; boundary=b' };
      return scene.request({ method: 'POST', target: '/api/chat/attachments', headers: fields, body });
    };

    const slow = await many(300, () => scene.dial());
    const head = 'POST /api/chat/attachments HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer 1|nobody\r\n';
    const form = 'Content-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n';
    await Promise.all(slow.map((connection) => connection.send(head + form)));
    await dribble(slow, async () => {
      await scene.servesGuests();
      await eventually(upload, ({ status }) => status === 201, 'upload of a user');
    });
  });

  attack('large bodies of which the end never comes, on 50 connections', async (scene, before) => {
    const slow = await many(50, () => scene.dial());
    const head = `POST /apps/${app.id}/events HTTP/1.1\r\nHost: h\r\nContent-Length: ${8 * megabyte}\r\n\r\n`;
    await Promise.all(slow.map((connection) => connection.send(head, 'x'.repeat(megabyte))));
    await scene.servesGuests();
    await refused(slow, 408);
    await scene.endsByItself(before);
  });

  attack('1,000 connections on which nothing is said', async (scene, before) => {
    const silent = await many(1_000, () => scene.dial());
    await scene.servesGuests();
    for (const connection of silent) assert.equal(await connection.rest(), '');
    await scene.endsByItself(before);
  });
});

attacks('oversized requests', {}, (attack) => {
  for (const [name, bytes, status] of [
    ['a head of 4 MB', `GET /live HTTP/1.1\r\nHost: h\r\nA: ${'a'.repeat(4 * megabyte)}`, 431],
    ['a request line of 4 MB', `GET /${'a'.repeat(4 * megabyte)}`, 414],
    ['a method of 4 MB', 'A'.repeat(4 * megabyte), 400],
    ['100,000 small fields', `GET /live HTTP/1.1\r\nHost: h\r\n${'A: b\r\n'.repeat(100_000)}`, 431],
    [
      'a list of a million addresses',
      `GET /live HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: ${'1.1.1.1,'.repeat(1e6)}`,
      431,
    ],
    ['100,000 empty lines', '\r\n'.repeat(100_000), 400],
  ]) {
    attack(`${name}, on 20 connections`, async (scene) => {
      const connections = await many(20, () => scene.dial());
      for (const connection of connections) connection.send(bytes).catch(() => {});
      await scene.servesGuests();
      await refused(connections, status);
    });
  }

  attack('10,000 chunks of one byte, with extensions, on 20 connections', async (scene) => {
    const chunks = '1;aaaaaaaaaaaaaaaa=bbbbbbbbbbbbbbbb\r\nx\r\n'.repeat(10_000);
    const { head } = signedPublish();
    const connections = await many(20, () => scene.dial());
    for (const connection of connections) {
      connection.send(`${head}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`).catch(() => {});
    }
    await scene.servesGuests();
    for (const connection of connections) assert.equal((await connection.response()).status, 431);
  });
});

attacks('cut-off requests', {}, (attack) => {
  for (const [name, end] of [
    ['ends', (connection) => connection.endOutput()],
    ['is reset', (connection) => connection.vanish()],
  ]) {
    attack(`a publish that ${name} at each of its bytes is not published`, async (scene) => {
      const channel = scene.name();
      const socket = await scene.open();
      await socket.greeting();
      await socket.subscribe(channel);
      const body = JSON.stringify({ name: 'cut', channel, data: 'x' });
      const target = signedTarget({ method: 'POST', path: `/apps/${app.id}/events`, body });
      const whole = withLength({ head: `POST ${target} HTTP/1.1\r\nHost: h\r\n`, body });
      await many(whole.length - 1, async (index) => {
        const connection = await scene.dial();
        await connection.send(whole.slice(0, index + 1));
        end(connection);
      });
      await scene.nothingElse(channel, socket);
      await socket.close();
    });
  }
});

attacks('pipelined requests', {}, (attack) => {
  attack('1,000 on each of 20 connections, all answered', async (scene) => {
    const connections = await many(20, () => scene.dial());
    for (const connection of connections) connection.send(get('/live').repeat(1_000)).catch(() => {});
    await scene.servesGuests();
    for (const connection of connections) {
      for (let i = 0; i < 1_000; i += 1) assert.equal((await connection.response()).body, 'OK');
    }
  });

  attack('endless ones on 20 connections whose clients read no answer', async (scene, before) => {
    const deaf = await many(20, () => scene.dialDeaf());
    for (const connection of deaf) connection.send(get(`/nothing/${'n'.repeat(4_000)}`).repeat(2_000));
    await scene.servesGuests();
    await scene.endsByItself(before);
  });
});

const smuggling = {
  'a length and a coding': 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'a coding and a length': 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
  'two lengths': 'Content-Length: 0\r\nContent-Length: 5\r\n\r\n',
  'a list of lengths': 'Content-Length: 0, 0\r\n\r\n',
  'a negative length': 'Content-Length: -1\r\n\r\n',
  'a length beyond 64 bits': 'Content-Length: 18446744073709551616\r\n\r\n',
  'a length in hexadecimal': 'Content-Length: 0x0\r\n\r\n',
  'chunked twice': 'Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n',
  'chunked in two fields': 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'an unknown coding': 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
  'a coding behind a control character': 'Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n',
  'a folded coding': 'Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n',
  'a space before the colon': 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n',
  'a NUL in a field': 'A: \0\r\nContent-Length: 0\r\n\r\n',
  'a bare LF behind a field': 'A: b\nContent-Length: 0\r\n\r\n',
  'a bare CR in a field': 'A: b\rContent-Length: 5\r\n\r\n',
  'a bare LF in a chunk extension': 'Transfer-Encoding: chunked\r\n\r\n0;\n\r\n\r\n',
  'a chunk size with a sign': 'Transfer-Encoding: chunked\r\n\r\n-0\r\n\r\n',
  'a chunk size beyond 64 bits': 'Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n\r\n',
  'a chunk without its line end': 'Transfer-Encoding: chunked\r\n\r\n1\r\nx0\r\n\r\n',
};

attacks('smuggled requests', {}, (attack) => {
  for (const [name, disguise] of Object.entries(smuggling)) {
    attack(`a publish behind ${name} is not carried out`, async (scene) => {
      const channel = scene.name();
      const socket = await scene.open();
      await socket.greeting();
      await socket.subscribe(channel);
      const body = JSON.stringify({ name: 'smuggled', channel, data: 'x' });
      const target = signedTarget({ method: 'POST', path: `/apps/${app.id}/events`, body });
      const hidden = withLength({ head: `POST ${target} HTTP/1.1\r\nHost: h\r\n`, body });
      for (const connection of await many(10, () => scene.dial())) {
        await connection.send(`POST /live HTTP/1.1\r\nHost: h\r\n${disguise}${hidden}`);
        const { status } = await connection.response();
        assert.ok([400, 413, 501].includes(status), `status ${status}`);
        assert.equal(await connection.rest(), '');
      }
      await scene.nothingElse(channel, socket);
      // The same publish in the open is carried out: it was the disguise that kept it from that.
      const open = await scene.dial();
      await open.send(hidden);
      assert.equal((await open.response()).status, 200);
      await socket.expect(frame('smuggled', 'x', channel));
      await socket.close();
    });
  }
});
