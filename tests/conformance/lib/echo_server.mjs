import { after, before } from 'node:test';

import { Program } from '../../lib/program.mjs';

/** The port of the line that says so, as text. */
const listeningPort = (line) => /^listening on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1];

/**
 * The echo server, which has the WebSocket rooms of the server and no protocol on top, during all tests of a file.
 * `port` of the result is there when they run. Its largest message has 16 MiB.
 */
export function useEcho({ deflate = false } = {}) {
  const words = ['--port', '0', ...(deflate ? ['--deflate'] : [])];
  let program;
  before(async () => {
    program = await Program.start('websocket-echo', words, listeningPort);
  });
  after(() => program?.stop());
  return {
    get port() {
      return program.port;
    },
  };
}
