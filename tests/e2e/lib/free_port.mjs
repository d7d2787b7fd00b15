import { createServer } from 'node:net';

import { within } from '../../lib/deadline.mjs';

const attemptsMax = 3;

/** A port of 127.0.0.1 on which nobody listens. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await within(new Promise((listening) => server.once('listening', listening)), 'free port');
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/**
 * What `start` resolves to for a port on which nobody listens. When it fails because somebody else has taken the port
 * meanwhile, it is called again with another one.
 */
export async function withFreePort(start) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === attemptsMax || !/in use/i.test(error.message)) throw error;
    }
  }
}
