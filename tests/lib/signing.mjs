import { createHash, createHmac } from 'node:crypto';

import { app } from './server.mjs';

const hmac = (secret, text) => createHmac('sha256', secret).update(text).digest('hex');

/** `auth` of a subscription, as the application's back end makes it (channels protocol, "Authorization"). */
export function channelAuth(socketId, channel, channelData, { key, secret } = app) {
  const text = channelData === undefined ? `${socketId}:${channel}` : `${socketId}:${channel}:${channelData}`;
  return `${key}:${hmac(secret, text)}`;
}

/** `auth` of a sign-in, as the application's back end makes it (channels protocol, "User authentication"). */
export function userAuth(socketId, userData, { key, secret } = app) {
  return `${key}:${hmac(secret, `${socketId}::user::${userData}`)}`;
}

/** What a query means to the signature: names in lower case, both sides decoded, sorted by name. */
function canonical(query) {
  const decode = (text) => decodeURIComponent(text.replaceAll('+', ' '));
  return query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) =>
      piece
        .match(/^([^=]*)=?(.*)$/s)
        .slice(1)
        .map(decode),
    )
    .map(([name, value]) => [name.toLowerCase(), value])
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/**
 * The target of a signed request (channels HTTP API, "Authentication"). `query` is sent as it is written; `parameters` replaces
 * single ones of the signature's own, undefined leaves one out; `signedPath` is signed instead of `path`.
 */
export function signedTarget({
  method,
  path,
  query = '',
  body = '',
  parameters = {},
  signedPath = path,
  secret = app.secret,
}) {
  const own = {
    auth_key: app.key,
    auth_timestamp: Math.floor(Date.now() / 1000),
    auth_version: '1.0',
    ...(body === '' ? {} : { body_md5: createHash('md5').update(body).digest('hex') }),
    ...parameters,
  };
  const { auth_signature: givenSignature, ...signed } = own;
  const pieces = Object.entries(signed)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`);
  const sent = [...pieces, query].filter((piece) => piece !== '').join('&');
  if ('auth_signature' in parameters && givenSignature === undefined) return `${path}?${sent}`;
  const signature = givenSignature ?? hmac(secret, `${method}\n${signedPath}\n${canonical(sent)}`);
  return `${path}?${sent}&auth_signature=${signature}`;
}
