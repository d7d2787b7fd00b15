import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { ask, Unanswered } from './http.mjs';

const triesMax = 2_000;
const unavailablePause = 50;

/** A request was answered with what no rule allows. It is in the record. */
export class Fault extends Error {}

/** A user's device: repeats every request until it is answered. */
export class Client {
  #site;
  #record;
  #agent = new http.Agent({ keepAlive: true });

  /** `listener`, once it is set, must be hearing before anything is asked. */
  constructor(site, record, token) {
    this.#site = site;
    this.#record = record;
    this.token = token;
  }

  listener;

  /** The answer, of one of the `expected` statuses. `doubtful` names what a try that is answered with 503 may store. */
  async ask(method, path, { body, headers, expected = [200, 201, 204], doubtful } = {}) {
    for (let tries = 0; tries < triesMax; tries += 1) {
      await this.#site.whenUp();
      await this.listener?.whenHearing();
      const answer = await this.#try({ method, path, body, headers });
      if (answer !== undefined && expected.includes(answer.status)) {
        this.#record.counts.answered += 1;
        return answer;
      }
      if (answer === undefined) continue;
      if (doubtful !== undefined) this.#record.doubtful.add(doubtful);
      this.#checkUnavailable(answer, `${method} ${path}`);
      await pause(unavailablePause);
    }
    return this.#fail(`${method} ${path} was not answered in ${triesMax} tries`);
  }

  end() {
    this.#agent.destroy();
  }

  async #try(request) {
    const { life } = this.#site;
    try {
      return await ask({ ...request, port: this.#site.port, agent: this.#agent, token: this.token });
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.#record.counts.unanswered += 1;
      if (this.#site.isUp && this.#site.life === life) await this.#expectCrash(life, error);
      return undefined;
    }
  }

  /** A connection may break a little before we know that the server is gone, never without that. */
  async #expectCrash(life, error) {
    const patience = 2_000;
    for (let waited = 0; waited < patience; waited += 20) {
      if (!this.#site.isUp || this.#site.life !== life) return;
      await pause(20);
    }
    this.#fail(`no answer from a server that was up: ${error.message}`);
  }

  #checkUnavailable({ status, headers, body }, asked) {
    if (status !== 503) this.#fail(`${asked} was answered with ${status} ${JSON.stringify(body)}`);
    if (!(Number(headers['retry-after']) > 0)) this.#fail(`${asked}: 503 without Retry-After`);
    this.#record.counts.unavailable += 1;
  }

  #fail(sentence) {
    this.#record.fault(sentence);
    throw new Fault(sentence);
  }
}
