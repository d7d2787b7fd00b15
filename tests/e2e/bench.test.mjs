// What parley bench finds on a server that makes mistakes. That it finds none on a good one is in tests/cli/bench_test.py.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';

import { WebSocketServer } from 'ws';

import { pathOf } from '../lib/program.mjs';

/** A server of the Pusher protocol that checks nothing and does `mistake` with what is published. */
class FaultyServer {
  #sockets = new Set();
  #http = http.createServer((request, response) => this.#answer(request, response));
  published = 0;
  pongs = 0;

  constructor(mistake, headers = {}) {
    this.mistake = mistake;
    this.headers = headers;
    new WebSocketServer({ server: this.#http }).on('connection', (socket) => this.#greet(socket));
  }

  async listen() {
    await new Promise((done) => this.#http.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${this.#http.address().port}`;
  }

  close() {
    for (const socket of this.#sockets) socket.terminate();
    this.#http.closeAllConnections();
    this.#http.close();
  }

  #greet(socket) {
    const send = (event, data) => socket.send(JSON.stringify({ event, data }));
    this.#sockets.add(socket);
    send('pusher:connection_established', '{"socket_id":"9999999999.1","activity_timeout":30}');
    socket.on('pong', () => (this.pongs += 1));
    socket.on('message', (bytes) => {
      const { event } = JSON.parse(bytes);
      if (event === 'pusher:pong') this.pongs += 1;
      if (event !== 'pusher:subscribe') return;
      send('pusher_internal:subscription_succeeded', '{}');
      send('pusher:ping', {});
      socket.ping();
    });
  }

  async #answer(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { name, channel, data } = JSON.parse(Buffer.concat(chunks));
    const deliver = (text) => {
      for (const socket of this.#sockets) socket.send(text);
    };
    const status = this.mistake(this.published, JSON.stringify({ event: name, channel, data }), deliver) ?? 200;
    this.published += 1;
    const body = status === 200 ? '{}' : '{"error":"no room"}';
    response.writeHead(status, { 'Content-Length': body.length, ...this.headers }).end(body);
  }
}

/** Status, figures and errors of a run against `server` with four subscribers. */
function measure(server, ...words) {
  const short = ['--duration', '0.5', '--warm-up', '0.1', '--patience', '5', '--json'];
  const all = ['bench', 'fanout', '--connections', '4', '--rate', '200', ...short, '--url', server.url, ...words];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_')));
  return new Promise((done) => {
    execFile(pathOf('parley'), all, { env }, (error, output, errors) => {
      done({ status: error?.code ?? 0, figures: output === '' ? undefined : JSON.parse(output), errors });
    });
  });
}

/** How many of the numbers below `count` end in `digit`. */
const endingIn = (digit, count) => Math.floor((count - 1 - digit) / 10) + 1;

function suite(name, mistake, check, { headers = {}, words = [] } = {}) {
  describe(name, () => {
    const server = new FaultyServer(mistake, headers);
    before(() => server.listen());
    after(() => server.close());
    it('is seen', async () => check(server, await measure(server, ...words)));
  });
}

const clean = { lost: 0, doubled: 0, reordered: 0, stray: 0, refused: 0, unanswered: 0, closed: 0 };

function assertCounts(figures, counts) {
  const seen = Object.fromEntries(Object.keys(clean).map((name) => [name, figures[name]]));
  assert.deepEqual(seen, { ...clean, ...counts });
}

suite(
  'a server without a mistake',
  (number, text, deliver) => deliver(text),
  (server, { status, figures }) => {
    assert.equal(status, 0);
    assertCounts(figures, {});
    assert.equal(figures.received, 4 * server.published);
    assert.equal(server.pongs, 8, 'a ping of the protocol and one of the WebSocket for each');
  },
);

suite(
  'a server that loses messages',
  (number, text, deliver) => {
    if (number % 10 !== 3) deliver(text);
  },
  (server, { status, figures }) => {
    assert.equal(status, 1);
    assertCounts(figures, { lost: 4 * endingIn(3, server.published) });
  },
);

suite(
  'a server that sends messages twice',
  (number, text, deliver) => {
    deliver(text);
    if (number % 10 === 5) deliver(text);
  },
  (server, { status, figures }) => {
    assert.equal(status, 1);
    assertCounts(figures, { doubled: 4 * endingIn(5, server.published) });
  },
);

let kept;
suite(
  'a server that changes the order',
  (number, text, deliver) => {
    if (number % 10 === 7) {
      kept = text;
      return;
    }
    deliver(text);
    if (number % 10 === 8) deliver(kept);
  },
  (server, { status, figures }) => {
    assert.equal(status, 1);
    const changed = endingIn(8, server.published);
    const last = endingIn(7, server.published) - changed; // kept to the end: lost
    assertCounts(figures, { reordered: 4 * changed, lost: 4 * last });
  },
  { words: ['--publishers', '1'] }, // the order of what different ones publish is not defined
);

suite(
  'a server that delivers to the wrong channel',
  (number, text, deliver) => {
    deliver(text);
    if (number === 0) deliver(text.replace(/(~pb[0-9a-f]{8})000000/, '$1000001'));
  },
  (server, { status, figures }) => {
    assert.equal(status, 1);
    assertCounts(figures, { stray: 4 });
  },
);

suite(
  'a server that refuses some messages',
  (number, text, deliver) => {
    if (number % 10 === 2) return 429;
    deliver(text);
    return 200;
  },
  (server, { status, figures }) => {
    assert.equal(status, 1);
    assertCounts(figures, { refused: endingIn(2, server.published) });
    assert.equal(figures.first_refusal, 'the server answered 429: {"error":"no room"}');
  },
);

suite(
  'a server that ends every HTTP connection',
  (number, text, deliver) => deliver(text),
  (server, { status, figures, errors }) => {
    assert.equal(status, 0, errors);
    assertCounts(figures, {});
    assert.equal(figures.received, 4 * server.published);
  },
  { headers: { Connection: 'close' } },
);
