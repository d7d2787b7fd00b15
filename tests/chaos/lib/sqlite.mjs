import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { rowsOf } from './postgresql.mjs';

const run = promisify(execFile);

/** A database file in an empty folder. */
export class Sqlite {
  static async create() {
    return new Sqlite(await mkdtemp(join(tmpdir(), 'parley-chaos-')));
  }

  #folder;

  constructor(folder) {
    this.#folder = folder;
  }

  get #file() {
    return join(this.#folder, 'parley.db');
  }

  get url() {
    return `sqlite:${this.#file}`;
  }

  /** The rows of `query`, their fields as texts. The server must have ended. */
  async query(query) {
    const { stdout } = await run('sqlite3', ['-batch', this.#file, query], { maxBuffer: 2 ** 26 });
    return rowsOf(stdout);
  }

  async end() {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
