import http from 'node:http';

import { app } from './server.mjs';
import { signedTarget } from './signing.mjs';

/** Publishes `body`, an event, over `agent` to the server on `port`; resolves with the status of the answer. */
export function post(port, body, agent) {
  const path = `/apps/${app.id}/events`;
  const target = signedTarget({ method: 'POST', path, body });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  return new Promise((answer, failed) => {
    const request = http.request(
      { host: '127.0.0.1', port, agent, method: 'POST', path: target, headers },
      (response) => {
        response.resume();
        response.on('end', () => answer(response.statusCode));
      },
    );
    request.on('error', failed);
    request.end(body);
  });
}
