import { app } from '../../lib/server.mjs';
import { signedTarget } from '../../lib/signing.mjs';

export function get(path, fields = '') {
  return `GET ${path} HTTP/1.1\r\nHost: h\r\n${fields}\r\n`;
}

/** A publish request that the default app accepts: head up to the framing, and body. */
export function signedPublish(data = 'x') {
  const body = JSON.stringify({ name: 'e', channel: 'c', data });
  const target = signedTarget({ method: 'POST', path: `/apps/${app.id}/events`, body });
  return { head: `POST ${target} HTTP/1.1\r\nHost: h\r\n`, body };
}

export function withLength({ head, body }, fields = '') {
  return `${head}${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
}

export function chunk(text, extension = '') {
  return `${text.length.toString(16)}${extension}\r\n${text}\r\n`;
}
