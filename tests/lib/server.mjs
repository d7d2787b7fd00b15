import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

import { Program, run } from './program.mjs';

/** The app of a server that was given no other. */
export const app = { id: 'app-id', key: 'app-key', secret: 'app-secret' };

/** The process environment without settings of any server, and with `settings`: {'limits.max_connections': 2}. */
function environment(settings) {
  const taken = /^(PARLEY|REVERB|PUSHER|SOKETI|SOCKUDO)_/;
  const own = Object.entries(process.env).filter(([name]) => !taken.test(name));
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

/** Address of the database of a directory: a file in it, or one of that name in the server PARLEY_TEST_POSTGRESQL. */
async function databaseFor(directory) {
  const server = process.env.PARLEY_TEST_POSTGRESQL;
  if (server === undefined) return `sqlite:${join(directory, 'parley.db')}`;
  const name = basename(directory);
  const words = [`${server}/postgres`, '-c', `CREATE DATABASE "${name}"`];
  await promisify(execFile)('psql', words).catch((error) => {
    if (!error.stderr?.includes('already exists')) throw error; // a server that is started again
  });
  return `${server}/${name}`;
}

/** Where a server keeps what lasts. */
async function placesIn(directory) {
  return { 'database.url': await databaseFor(directory), 'chat.attachments': join(directory, 'files') };
}

/** A running `parley serve` on 127.0.0.1, in an empty directory. */
export class Server {
  /**
   * Resolves when it listens. `port` 0 lets the system choose; `words` go on the command line. `directory` is one that
   * is used and kept, so that another server finds the database of this one. `openFiles` limits its descriptors.
   */
  static async start(options = {}) {
    const { settings = {}, words: further = [], port = 0 } = options;
    const workers = process.env.PARLEY_TEST_WORKERS ?? '2';
    const words = ['--host', '127.0.0.1', '--port', String(port), '--log-format', 'json', '--workers', workers];
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'parley-test-')));
    // Many run at once, so that only the system knows a free port for the metrics, too.
    const given = { 'metrics.port': 0, ...(await placesIn(directory)), ...settings };
    const spawned = { cwd: directory, env: environment(given) };
    const { openFiles } = options;
    try {
      const program = await Program.start('parley', ['serve', ...words, ...further], listeningPort, {
        ...spawned,
        openFiles,
      });
      return new Server(program, spawned, options);
    } catch (error) {
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  #program;
  #spawned;

  constructor(program, spawned, options) {
    this.#program = program;
    this.#spawned = spawned;
    this.options = options;
  }

  get port() {
    return this.#program.port;
  }

  get pid() {
    return this.#program.pid;
  }

  /** Resolves when it has ended, with how: {code, signal}. */
  get ended() {
    return this.#program.ended;
  }

  get origin() {
    return `127.0.0.1:${this.port}`;
  }

  get log() {
    return this.#program.log;
  }

  /** Where it runs, so that its relative paths begin there. */
  get directory() {
    return this.#spawned.cwd;
  }

  /** Runs another command on its directory and with its settings; resolves with what that wrote. */
  command(...words) {
    return run('parley', words, this.#spawned);
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
      if (this.options.directory === undefined) await rm(this.#spawned.cwd, { recursive: true, force: true });
    }
  }
}

/** The servers of a suite that starts several, all of which end with it. */
export class Servers {
  #started = [];

  /** As `Server.start`. */
  async start(options) {
    const server = await Server.start(options);
    this.#started.push(server);
    return server;
  }

  killAll() {
    return Promise.all(this.#started.map((server) => server.kill()));
  }
}
