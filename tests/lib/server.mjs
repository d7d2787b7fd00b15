import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Program } from './program.mjs';

/** The app of a server that was given no other. */
export const app = { id: 'app-id', key: 'app-key', secret: 'app-secret' };

/** The process environment without settings of ours, and with `settings`: {'limits.max_connections': 2}. */
function environment(settings) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('PARLEY_'));
  const given = Object.entries(settings).map(([name, value]) => [
    `PARLEY_${name.toUpperCase().replaceAll('.', '_')}`,
    String(value),
  ]);
  return Object.fromEntries([...own, ...given]);
}

/** A line of the server's log as an object; undefined for what is no log line. */
function parseLine(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function listeningPort(line) {
  const entry = parseLine(line);
  return entry?.event === 'listening' ? entry.port : undefined;
}

/** A running `parley serve` on 127.0.0.1, in an empty directory. */
export class Server {
  /** Resolves when it listens. `port` 0 lets the system choose; `words` go on the command line. */
  static async start(options = {}) {
    const { settings = {}, words: further = [], port = 0 } = options;
    const workers = process.env.PARLEY_TEST_WORKERS ?? '2';
    const words = ['--host', '127.0.0.1', '--port', String(port), '--log-format', 'json', '--workers', workers];
    const directory = await mkdtemp(join(tmpdir(), 'parley-test-'));
    try {
      const spawned = { cwd: directory, env: environment(settings) };
      const program = await Program.start('parley', ['serve', ...words, ...further], listeningPort, spawned);
      return new Server(program, directory, options);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  #program;
  #directory;

  constructor(program, directory, options) {
    this.#program = program;
    this.#directory = directory;
    this.options = options;
  }

  get port() {
    return this.#program.port;
  }

  get origin() {
    return `127.0.0.1:${this.port}`;
  }

  get log() {
    return this.#program.log;
  }

  /** The first line of the log, past or to come, whose event is `event` and for which `fits`: {line, ...fields}. */
  logged(event, fits = () => true) {
    const find = (line) => {
      const entry = parseLine(line);
      return entry?.event === event && fits(entry) ? { line, ...entry } : undefined;
    };
    return this.#program.findLine(find, `line "${event}" in the log`);
  }

  /** Ends it as an operator does, and checks that it ended well. */
  stop() {
    return this.#end('stop');
  }

  /** Ends it as a crash does. */
  kill() {
    return this.#end('kill');
  }

  async #end(how) {
    try {
      await this.#program[how]();
    } finally {
      await rm(this.#directory, { recursive: true, force: true });
    }
  }
}
