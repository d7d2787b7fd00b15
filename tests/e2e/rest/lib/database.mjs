import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `postgresql://USER@HOST:PORT` of a server where databases may be made; without one the tests use SQLite. */
const postgresql = process.env.PARLEY_TEST_POSTGRESQL;

let count = 0;

/** An empty database and a directory for files, both gone after `remove`. */
export class Database {
  static async make() {
    const directory = await mkdtemp(join(tmpdir(), 'parley-rest-'));
    if (postgresql === undefined) return new Database(directory, `sqlite:${join(directory, 'parley.db')}`);
    count += 1;
    const name = `parley_rest_${process.pid}_${count}`;
    await run('createdb', [`--maintenance-db=${postgresql}/postgres`, name]);
    return new Database(directory, `${postgresql}/${name}`, name);
  }

  constructor(directory, url, name) {
    this.directory = directory;
    this.url = url;
    this.name = name;
  }

  /** Settings of a server that is to use it. */
  get settings() {
    return { 'database.url': this.url, 'chat.attachments': join(this.directory, 'attachments') };
  }

  async remove() {
    await rm(this.directory, { recursive: true, force: true });
    if (this.name !== undefined) await run('dropdb', ['--force', `--maintenance-db=${postgresql}/postgres`, this.name]);
  }
}
