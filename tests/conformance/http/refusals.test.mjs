// What a server must not understand: malformed requests, and those that another server on the way may cut elsewhere
// (request smuggling). Each is answered with a reason and the connection is closed, so that what follows is never
// taken for a request.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Server } from '../../lib/server.mjs';
import { RawConnection } from '../lib/raw_connection.mjs';
import { get } from '../lib/requests.mjs';

const request = (fields, rest = '') => `POST /live HTTP/1.1\r\nHost: h\r\n${fields}\r\n${rest}`;
const chunked = (rest) => request('Transfer-Encoding: chunked\r\n', rest);
const line = (requestLine) => `${requestLine}\r\nHost: h\r\n\r\n`;

const refused = [
  ['no version', 400, line('GET /live')],
  ['two spaces in the request line', 400, line('GET  /live HTTP/1.1')],
  ['a tab in the request line', 400, line('GET\t/live\tHTTP/1.1')],
  ['a method that is no token', 400, line('GE(T /live HTTP/1.1')],
  ['a relative target', 400, line('GET live HTTP/1.1')],
  ['an authority as target', 400, line('CONNECT h:80 HTTP/1.1')],
  ['a control character in the target', 400, line('GET /li\x01ve HTTP/1.1')],
  ['a NUL in the target', 400, line('GET /live\0 HTTP/1.1')],
  ['* of a GET', 400, line('GET * HTTP/1.1')],
  ['HTTP/2 without negotiation', 505, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['HTTP/1.2', 505, line('GET /live HTTP/1.2')],
  ['a version in lower case', 400, line('GET /live http/1.1')],
  ['a TLS handshake', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['many empty lines', 400, '\r\n'.repeat(20)],
  ['bare LF line ends', 400, 'GET /live HTTP/1.1\nHost: h\n\n'],
  ['a bare LF behind one field', 400, request('A: b\nContent-Length: 5\r\n')],
  ['a bare CR in a field', 400, request('A: b\rContent-Length: 5\r\n')],
  ['a NUL in a field', 400, request('A: b\0c\r\n')],
  ['a folded field', 400, request('A: b\r\n c\r\n')],
  ['a space before the colon', 400, request('Content-Length : 5\r\n', 'GET /')],
  ['an empty field name', 400, request(': b\r\n')],
  ['a field without a colon', 400, request('Content-Length 5\r\n')],
  ['no Host', 400, 'GET /live HTTP/1.1\r\n\r\n'],
  ['two Hosts', 400, request('Host: i\r\n')],
  ['a Host that is none', 400, 'GET /live HTTP/1.1\r\nHost: a/b\r\n\r\n'],
  ['a length and a coding', 400, request('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
  ['two lengths', 400, request('Content-Length: 4\r\nContent-Length: 5\r\n', 'abcde')],
  ['a list of lengths', 400, request('Content-Length: 4, 5\r\n', 'abcde')],
  ['a signed length', 400, request('Content-Length: +4\r\n', 'abcd')],
  ['a negative length', 400, request('Content-Length: -1\r\n')],
  ['a hexadecimal length', 400, request('Content-Length: 0x4\r\n', 'abcd')],
  ['an empty length', 400, request('Content-Length:\r\n')],
  ['a coding before chunked', 501, request('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n')],
  ['a coding behind chunked', 501, request('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n')],
  ['a disguised coding', 501, request('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')],
  ['a coding behind a vertical tab', 400, request('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n')],
  ['chunked twice', 400, request('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n')],
  ['chunked in HTTP/1.0', 400, 'POST /live HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['a chunk without a size', 400, chunked('\r\nabc')],
  ['a chunk size with a prefix', 400, chunked('0x3\r\nabc\r\n0\r\n\r\n')],
  ['a chunk size with a sign', 400, chunked('+3\r\nabc\r\n0\r\n\r\n')],
  ['a chunk longer than its size', 400, chunked('3\r\nabcd\r\n0\r\n\r\n')],
  ['a bare LF behind a chunk size', 400, chunked('3\nabc\r\n0\r\n\r\n')],
  ['a bare LF in a chunk extension', 400, chunked('3;a\nb\r\nabc\r\n0\r\n\r\n')],
  ['a bare LF at the end of the body', 400, chunked('0\r\n\n')],
  ['a chunk size beyond 64 bits', 413, chunked('fffffffffffffffff\r\n')],
  ['a chunk larger than the limit', 413, chunked('800001\r\n')],
  ['an announced body larger than the limit', 413, request('Content-Length: 8388609\r\n')],
  ['a length beyond 64 bits', 413, request('Content-Length: 18446744073709551617\r\n')],
  ['an expectation of too large a body', 413, request('Expect: 100-continue\r\nContent-Length: 8388609\r\n')],
  ['endless chunk extensions', 431, chunked(`3;${'a'.repeat(16_385)}`)],
  ['endless trailers', 431, chunked(`0\r\n${'A: b\r\n'.repeat(5_000)}`)],
  ['a target above its limit', 414, line(`GET /${'a'.repeat(8_192)} HTTP/1.1`)],
  ['a request line without an end', 414, `GET /${'a'.repeat(17_000)}`],
  ['a head above its limit', 431, request(`A: ${'a'.repeat(16_384)}\r\n`)],
  ['a head without an end', 431, `GET /live HTTP/1.1\r\n${'A: b\r\n'.repeat(3_000)}`],
  ['more than a hundred fields', 431, request('A: b\r\n'.repeat(100))],
  ['an unknown expectation', 417, request('Expect: 200-ok\r\n')],
];

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.stop());

for (const [name, status, bytes] of refused) {
  test(`refuses ${name} with ${status}`, async () => {
    const connection = await RawConnection.connect(server.port);
    try {
      await connection.send(bytes + get('/live'));
      const response = await connection.response();
      assert.equal(response.status, status);
      assert.equal(response.headers.connection, 'close');
      assert.equal(response.headers['content-type'], 'application/json');
      const { error, code } = JSON.parse(response.body);
      assert.equal(code, status);
      assert.ok(error.endsWith('.'), error);
      if ([413, 414].includes(status) || name.includes('limit')) assert.match(error, /limits\.max_/);
      assert.equal(await connection.rest(), '', 'what follows is not answered');
    } finally {
      connection.drop();
    }
  });
}

test('accepts target, head and number of fields at their limits', async () => {
  const connection = await RawConnection.connect(server.port);
  const target = `/live?${'a'.repeat(8_192 - '/live?'.length)}`;
  await connection.send(get(target));
  assert.equal((await connection.response()).status, 200);
  const overhead = get('/live', 'A: \r\n').length;
  await connection.send(get('/live', `A: ${'a'.repeat(16_384 - overhead)}\r\n`));
  assert.equal((await connection.response()).status, 200);
  await connection.send(get('/live', 'A: b\r\n'.repeat(99)));
  assert.equal((await connection.response()).status, 200);
  connection.drop();
});

test('lets a client read the refusal although it sends on', async () => {
  const connection = await RawConnection.connect(server.port);
  const sending = connection.send(request('Content-Length: 16000000\r\n', 'b'.repeat(16_000_000)));
  assert.equal((await connection.response()).status, 413);
  assert.equal(await connection.rest(), '');
  connection.drop();
  await sending;
});
