import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';

import { eventually } from '../../lib/deadline.mjs';

/** An application's back end that listens to webhooks. */
export class Receiver {
  /** `tls`: options of node:https, for a receiver that speaks it. */
  static async start(tls) {
    const receiver = new Receiver(tls);
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    receiver.port = receiver.#server.address().port;
    return receiver;
  }

  #server;

  /** By path: what answers a request, a status or a promise of one. Of others, each gets 200. */
  answers = new Map();

  /** All requests in the order of their arrival: {path, method, headers, rawHeaders, text, status}. */
  requests = [];

  constructor(tls) {
    const listener = async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const { url: path, method, headers, rawHeaders } = request;
      const entry = { path, method, headers, rawHeaders, text };
      this.requests.push(entry);
      entry.status = await (this.answers.get(path)?.(entry) ?? 200);
      response.writeHead(entry.status);
      response.end('Thank you');
    };
    this.#server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  }

  /** Requests to a path, with their bodies as `body`. */
  to(path) {
    return this.requests
      .filter((request) => request.path === path)
      .map((request) => ({ ...request, body: JSON.parse(request.text) }));
  }

  /** What was told at a path of a channel, over all accepted requests. */
  told(path, channel) {
    return this.to(path)
      .filter(({ status }) => status === 200)
      .flatMap(({ body }) => body.events)
      .filter((event) => event.channel === channel);
  }

  /** Resolves with all that was told of a channel when there are `count` events. */
  async hears(path, channel, count, milliseconds) {
    const told = await eventually(
      () => this.told(path, channel),
      (events) => events.length >= count,
      `${count} events of ${channel} at ${path}`,
      milliseconds,
    );
    assert.equal(told.length, count, JSON.stringify(told));
    return told;
  }

  /** Resolves when there are `count` requests to a path. */
  async reached(path, count, milliseconds) {
    await eventually(
      () => this.to(path),
      (requests) => requests.length >= count,
      `request number ${count} to ${path}`,
      milliseconds,
    );
    return this.to(path);
  }

  /** Has requests to a path wait for an answer until the function that is returned is called. */
  hold(path) {
    let release;
    const released = new Promise((done) => {
      release = () => done(200);
    });
    this.answers.set(path, () => released);
    return release;
  }

  close() {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
