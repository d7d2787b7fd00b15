import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { within } from './deadline.mjs';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const sanitizerReport = /ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:/;
const patience = 30_000;

/** Path of a file that the build has made. */
export const pathOf = (name) => join(resolve(repository, process.env.PARLEY_BUILD_DIR ?? 'build/release'), name);

/** Runs a program of the build to its end, which must be a good one; resolves with what it wrote on standard output. */
export async function run(name, words, options = {}) {
  const child = spawn(pathOf(name), words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = [[], []];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => errors.push(chunk));
  const ended = new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => done({ code, signal }));
  });
  try {
    const end = await within(ended, `end of ${name} ${words.join(' ')}`, patience);
    assert.deepEqual(end, { code: 0, signal: null }, `${name} ${words.join(' ')}: ${Buffer.concat(errors)}`);
    return Buffer.concat(output).toString();
  } finally {
    child.kill('SIGKILL');
  }
}

/** A program of the build that listens on a port of 127.0.0.1. It does not outlive this process. */
export class Program {
  /**
   * Resolves when it has written a line in which `findPort` finds its port. `openFiles` is the limit of its open files;
   * the other `options` are those of `spawn`.
   */
  static async start(name, words, findPort, { openFiles, ...options } = {}) {
    const path = pathOf(name);
    const limited = ['bash', '-c', `ulimit -n ${openFiles} && exec "$0" "$@"`];
    const [file, ...all] = [...(openFiles === undefined ? [] : limited), path, ...words];
    const program = new Program(spawn(file, all, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
    try {
      program.port = await program.findLine(findPort, `port of ${path}`);
    } catch (error) {
      await program.kill();
      throw new Error(`${path} did not start: ${error.message}\n${program.log}`);
    }
    return program;
  }

  #child;
  #lines = [];
  #watchers = new Set();
  #ended;
  #killAtExit = () => this.#child.kill('SIGKILL');

  constructor(child) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        for (const watch of this.#watchers) watch(line);
      });
    }
    process.once('exit', this.#killAtExit);
    this.#ended = new Promise((done) => {
      child.on('error', (error) => done({ error }));
      child.on('close', (code, signal) => done({ code, signal }));
    }).finally(() => process.removeListener('exit', this.#killAtExit));
  }

  get pid() {
    return this.#child.pid;
  }

  /** Resolves when it has ended, with how: {code, signal}. */
  get ended() {
    return this.#ended;
  }

  /** All that it has written. */
  get log() {
    return this.#lines.join('\n');
  }

  /** What `find` makes of the first line, past or to come, of which it makes something. */
  async findLine(find, what) {
    for (const line of this.#lines) {
      const found = find(line);
      if (found !== undefined) return found;
    }
    let watch;
    const written = new Promise((done, failed) => {
      watch = (line) => {
        const found = find(line);
        if (found !== undefined) done(found);
      };
      this.#ended.then(({ error, code }) => failed(error ?? new Error(`no ${what}: it ended with ${code}`)));
    });
    this.#watchers.add(watch);
    return within(written, what, patience).finally(() => this.#watchers.delete(watch));
  }

  /** Ends it as an operator does, and checks that it ended well. */
  async stop() {
    this.#child.kill('SIGTERM');
    try {
      const { code, signal } = await within(this.#ended, 'end of the program after SIGTERM', patience);
      assert.deepEqual({ code, signal }, { code: 0, signal: null }, `it ended badly\n${this.log}`);
      assert.doesNotMatch(this.log, sanitizerReport);
    } finally {
      this.#child.kill('SIGKILL');
    }
  }

  /** Ends it as a crash does. */
  async kill() {
    this.#child.kill('SIGKILL');
    await within(this.#ended, 'end of the program after SIGKILL');
  }
}
