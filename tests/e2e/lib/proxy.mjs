import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { eventually, within } from '../../lib/deadline.mjs';
import { withFreePort } from './free_port.mjs';

const page = fileURLToPath(new URL('../../../docs/proxies.md', import.meta.url));

/** The examples in `language` of docs/proxies.md, in their order. */
export async function examples(language) {
  const text = await readFile(page, 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)]
    .filter((block) => block[1] === language)
    .map((block) => block[2]);
}

/** `text` with each of `pairs` replaced, all of which must be in it: the documentation may not drift from the test. */
export function adapted(text, pairs) {
  return Object.entries(pairs).reduce((current, [from, to]) => {
    assert.equal(current.split(from).length, 2, `'${from}' once in the example:\n${text}`);
    return current.replace(from, () => to);
  }, text);
}

const accepts = (port) =>
  new Promise((answer) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
    socket.once('connect', () => socket.destroy());
  });

/** A key and a certificate for 127.0.0.1, made in `directory`. */
export async function makeCertificate(directory) {
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', certificate],
  ]);
  return { key, certificate };
}

/** A proxy in front of a server, on a port of 127.0.0.1, with files of its own. It does not outlive this process. */
export class Proxy {
  /**
   * Starts nginx with what `configure({ port, directory })` resolves to as the inside of `http {}`, and resolves when it
   * listens.
   */
  static nginx(configure) {
    return Proxy.#start('nginx', configure, (directory, configuration) => {
      const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const temporary = folders.map((name) => `${name}_temp_path ${join(directory, name)};`).join('\n');
      const user = process.getuid() === 0 ? 'user root;' : '';
      return {
        file: 'nginx.conf',
        text: `${user}
          daemon off;
          worker_processes 1;
          pid ${join(directory, 'nginx.pid')};
          events { worker_connections 1024; }
          http { access_log off; ${temporary} ${configuration} }`,
        words: ['-p', directory, '-e', 'stderr', '-c', join(directory, 'nginx.conf')],
      };
    });
  }

  /** The same with Caddy and a Caddyfile's sites. */
  static caddy(configure) {
    return Proxy.#start('caddy', configure, (directory, configuration) => ({
      file: 'Caddyfile',
      text: `{
          admin off
          auto_https off
          storage file_system ${directory}
        }
        ${configuration}`,
      words: ['run', '--adapter', 'caddyfile', '--config', join(directory, 'Caddyfile')],
    }));
  }

  static #start(command, configure, complete) {
    return withFreePort((port) => Proxy.#startOn(port, command, configure, complete));
  }

  static async #startOn(port, command, configure, complete) {
    const directory = await mkdtemp(join(tmpdir(), 'parley-proxy-'));
    const { file, text, words } = complete(directory, await configure({ port, directory }));
    await writeFile(join(directory, file), text);
    const proxy = new Proxy(port, directory, command, words);
    try {
      await Promise.race([eventually(() => accepts(port), Boolean, `${command} on its port`), proxy.#failure()]);
      // nginx tries for a while, during which it is the other server that accepts.
      assert.doesNotMatch(proxy.#output, /in use/i, 'whose port it is');
    } catch (error) {
      await proxy.stop();
      throw new Error(`${command} did not start: ${error.message}\n${proxy.#output}`, { cause: error });
    }
    return proxy;
  }

  #child;
  #ended;
  #directory;
  #output = '';
  #killAtExit = () => this.#child.kill('SIGKILL');

  constructor(port, directory, command, words) {
    this.port = port;
    this.#directory = directory;
    this.#child = spawn(command, words, {
      env: { ...process.env, HOME: directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (chunk) => {
        this.#output += chunk;
      });
    }
    process.once('exit', this.#killAtExit);
    this.#ended = new Promise((done) => {
      this.#child.once('error', done).once('close', done);
    }).finally(() => process.removeListener('exit', this.#killAtExit));
  }

  async #failure() {
    throw new Error(`it ended with ${await this.#ended}`);
  }

  async stop() {
    this.#child.kill('SIGTERM');
    try {
      await within(this.#ended, 'end of the proxy');
    } finally {
      this.#child.kill('SIGKILL');
      await rm(this.#directory, { recursive: true, force: true });
    }
  }
}
