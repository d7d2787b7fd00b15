import { execFile, spawn } from 'node:child_process';
import { appendFile, chown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);
const tools = '/usr/lib/postgresql/15/bin';
const postgres = 'postgres';

/** It refuses to run as root. */
function asOwner(words) {
  if (process.getuid() !== 0) return words;
  return ['setpriv', `--reuid=${postgres}`, `--regid=${postgres}`, '--clear-groups', '--', ...words];
}

/** The words that have a shell run `script` with the tools on its path and `folder` as `$0`. */
function shell(script, folder) {
  return asOwner(['sh', '-c', `PATH=${tools}:$PATH; cd /; ${script}`, folder]);
}

async function runScript(script, folder) {
  const [name, ...words] = shell(script, folder);
  await run(name, words);
}

/**
 * A PostgreSQL cluster of its own, in an empty folder, reached by a socket in it. A guardian stops it and removes the
 * folder when this process ends, however it ends.
 */
export class Postgresql {
  static async start() {
    const folder = await mkdtemp(join(tmpdir(), 'parley-chaos-'));
    if (process.getuid() === 0) {
      const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, postgres])));
      await chown(folder, Number(uid.stdout), Number(gid.stdout));
    }
    const [name, ...words] = shell('read -r _; pg_ctl stop -w -s -m immediate -D "$0/data"; rm -rf "$0"', folder);
    const guardian = spawn(name, words, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    const database = new Postgresql(folder, guardian);
    await runScript('initdb --auth=trust --username=parley --encoding=UTF8 --locale=C.UTF-8 -D "$0/data"', folder);
    const settings = `listen_addresses = ''\nunix_socket_directories = '${folder}'\nshared_buffers = 32MB\n`;
    await appendFile(join(folder, 'data', 'postgresql.conf'), settings);
    await database.begin();
    await runScript('createdb -h "$0" -U parley parley', folder);
    return database;
  }

  #folder;
  #guardian;

  constructor(folder, guardian) {
    this.#folder = folder;
    this.#guardian = guardian;
  }

  get url() {
    return `postgresql://parley@/parley?host=${this.#folder}`;
  }

  async begin() {
    await runScript('pg_ctl start -w -s -D "$0/data" -l "$0/log"', this.#folder);
  }

  /** `mode`: immediate, as a crash, or fast, as an operator does it. */
  async stop(mode) {
    await runScript(`pg_ctl stop -w -s -m ${mode} -D "$0/data"`, this.#folder);
  }

  /** The rows of `query`, their fields as texts. */
  async query(query) {
    const { stdout } = await run(join(tools, 'psql'), ['-X', '-A', '-t', '-F', '|', '-c', query, this.url]);
    return rowsOf(stdout);
  }

  /** Stops it and removes its files. */
  async end() {
    const ended = once(this.#guardian, 'close');
    this.#guardian.stdin.end();
    await ended;
  }
}

export function rowsOf(text) {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('|'));
}
