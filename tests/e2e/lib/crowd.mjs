// Many stock clients: they do what pusher-js does at the end of a connection, and keep book of what they hear.
import WebSocket from 'ws';

const laterMilliseconds = 1_000;

/** How long pusher-js waits after a close with this code; undefined: it does not come back. */
function pauseAfter(code) {
  if (code >= 4200 && code < 4300) return 0;
  if (code >= 4000 && code < 4100) return undefined;
  return laterMilliseconds;
}

/** One client of a public channel. Moments are milliseconds of `performance.now()`. */
class Member {
  #url;
  #channel;
  #wake;
  #transport;
  #ended = false;

  constructor(url, channel, wake) {
    this.#url = url;
    this.#channel = channel;
    this.#wake = wake;
    this.visits = []; // one for each time it was subscribed: {from, to, heard: [number]}
    this.closeCodes = [];
    this.#connect();
  }

  #connect() {
    const transport = new WebSocket(this.#url, [], { perMessageDeflate: false });
    let visit;
    transport.on('message', (bytes) => {
      const message = JSON.parse(bytes.toString());
      if (message.event === 'pusher:connection_established') {
        transport.send(JSON.stringify({ event: 'pusher:subscribe', data: { channel: this.#channel } }));
      } else if (message.event === 'pusher_internal:subscription_succeeded') {
        visit = { from: performance.now(), to: Infinity, heard: [] };
        this.visits.push(visit);
      } else if (message.event === 'number') {
        visit.heard.push(Number(message.data));
      } else if (message.event === 'pusher:error' && visit !== undefined) {
        visit.to = performance.now();
      }
      this.#wake();
    });
    transport.on('error', () => {});
    transport.on('close', (code) => {
      if (visit !== undefined) visit.to = Math.min(visit.to, performance.now());
      this.closeCodes.push(code);
      this.#wake();
      const pause = pauseAfter(code);
      if (!this.#ended && pause !== undefined) setTimeout(() => this.#ended || this.#connect(), pause);
    });
    this.#transport = transport;
  }

  get subscribed() {
    return this.visits.length > 0 && this.visits.at(-1).to === Infinity;
  }

  /** The longest time between two subscriptions. */
  get longestSilence() {
    const gaps = this.visits.slice(1).map((visit, i) => visit.from - this.visits[i].to);
    return Math.max(0, ...gaps);
  }

  leave() {
    this.#ended = true;
    this.#transport.terminate();
  }
}

export class Crowd {
  #watchers = new Set();

  constructor(url, channel, count) {
    const wake = () => this.#watchers.forEach((watch) => watch());
    this.members = Array.from({ length: count }, () => new Member(url, channel, wake));
  }

  /** Resolves when `holds` is true of every member. */
  all(holds) {
    return new Promise((done) => {
      let next = 0; // those before it have been seen to hold once; looked at again at the end
      const watch = () => {
        while (next < this.members.length && holds(this.members[next])) next += 1;
        if (next < this.members.length) return;
        next = this.members.findIndex((member) => !holds(member));
        if (next >= 0) return;
        this.#watchers.delete(watch);
        done();
      };
      this.#watchers.add(watch);
      watch();
    });
  }

  leave() {
    for (const member of this.members) member.leave();
  }
}
