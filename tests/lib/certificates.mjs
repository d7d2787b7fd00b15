import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';

const run = promisify(execFile);
const newKey = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];

/** An authority of our own that certifies servers on 127.0.0.1, in a directory that is gone after `remove`. */
export class Authority {
  static async make() {
    const authority = new Authority(await mkdtemp(join(tmpdir(), 'parley-ca-')));
    const { file, certificate, key } = authority.#names('authority');
    await run('openssl', [...newKey, '-subj', '/CN=Parley test authority', '-keyout', key, '-out', certificate]);
    authority.certificate = await readFile(file('authority.pem'), 'utf8');
    return authority;
  }

  constructor(directory) {
    this.directory = directory;
  }

  #names(name) {
    const file = (each) => join(this.directory, each);
    return { file, certificate: file(`${name}.pem`), key: file(`${name}.key`) };
  }

  /**
   * Makes a certificate for `name` and a key, as `server.pem` and `server.key`, in the place of those that were there;
   * resolves with the settings of a server that is to use them.
   */
  async certify(name) {
    const authority = this.#names('authority');
    const fresh = this.#names('fresh');
    const live = this.#names('server');
    const words = ['-CA', authority.certificate, '-CAkey', authority.key, '-subj', `/CN=${name}`];
    const extensions = ['subjectAltName=IP:127.0.0.1', 'basicConstraints=critical,CA:FALSE'];
    for (const extension of extensions) words.push('-addext', extension);
    await run('openssl', [...newKey, ...words, '-keyout', fresh.key, '-out', fresh.certificate]);
    await rename(fresh.certificate, live.certificate);
    await rename(fresh.key, live.key);
    return { 'tls.certificate': live.certificate, 'tls.key': live.key };
  }

  /** Has every TLS client of this process trust it: pusher-js has no option for that. */
  trustEverywhere() {
    const { createSecureContext } = tls;
    tls.createSecureContext = (options) => {
      const context = createSecureContext(options);
      context.context.addCACert(this.certificate);
      return context;
    };
  }

  remove() {
    return rm(this.directory, { recursive: true, force: true });
  }
}
