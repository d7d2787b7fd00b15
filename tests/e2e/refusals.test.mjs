// Every refusal explains itself: to the client, in the log, and to parley why.
import assert from 'node:assert/strict';

import Echo from 'laravel-echo';
import Pusher from 'pusher-js';
import WebSocket from 'ws';

import { app } from '../lib/server.mjs';
import { channelAuth, userAuth } from '../lib/signing.mjs';
import { assertNothingSecret, connecting, RefusedScene, withClockOff } from './lib/refusals.mjs';
import { once, subscribed, suite as suiteOf } from './lib/suite.mjs';

const suite = (title, options, define) => suiteOf(title, options, define, RefusedScene);
const ann = { user_id: '11', user_info: { name: 'Ann' } };
const event = { name: 'e', channel: 'news', data: 'd' };

/** `auth` and `channel_data` as the server SDK with these options makes them. */
const signer =
  (scene, options, member) =>
  (...request) =>
    scene.backend(options).authorizeChannel(...request, member);

/** What client code hears of each reason, by kind and code; nothing where it hears nothing of it. */
const clients = {
  connection: {
    unknown_key: (scene) => scene.heard(connecting(scene, 'nope')),
    key_is_secret: (scene) => scene.heard(connecting(scene, app.secret)),
    path_malformed: (scene) => scene.heard(connecting(scene, `${app.key}/more`)),
    upgrade_missing: async (scene) => {
      const answer = await scene.request({ target: `/app/${app.key}?protocol=7` });
      assert.equal(answer.status, 426);
    },
  },
  subscription: {
    wrong_signature: (scene) => scene.subscription(scene.name('private-'), signer(scene, { secret: 'another' })),
    wrong_key: (scene) => scene.subscription(scene.name('private-'), signer(scene, { key: 'another-key' })),
    key_is_secret: (scene) => scene.subscription(scene.name('private-'), signer(scene, { key: app.secret })),
    secret_is_key: (scene) => scene.subscription(scene.name('private-'), signer(scene, { secret: app.key })),
    secret_is_empty: (scene) =>
      scene.subscription(scene.name('private-'), (socketId, channel) => ({
        auth: channelAuth(socketId, channel, undefined, { key: app.key, secret: '' }),
      })),
    secret_has_extra_characters: (scene) =>
      scene.subscription(scene.name('private-'), signer(scene, { secret: `${app.secret}\n` })),
    wrong_socket_id: async (scene) => {
      const earlier = scene.pusher();
      await once(earlier.connection, 'connected');
      const { socket_id: kept } = earlier.connection;
      return scene.subscription(scene.name('private-'), (_, channel) => scene.sdk.authorizeChannel(kept, channel));
    },
    wrong_channel: (scene) =>
      scene.subscription(scene.name('private-'), (socketId, channel) =>
        scene.sdk.authorizeChannel(socketId, channel.slice('private-'.length)),
      ),
    changed_channel_data: (scene) =>
      scene.subscription(scene.name('presence-'), (...request) => {
        const signed = scene.sdk.authorizeChannel(...request, ann);
        return { ...signed, channel_data: JSON.stringify(JSON.parse(signed.channel_data), null, 1) };
      }),
    channel_data_not_signed: (scene) =>
      scene.subscription(scene.name('presence-'), (...request) => ({
        ...scene.sdk.authorizeChannel(...request),
        channel_data: JSON.stringify(ann),
      })),
    auth_missing: (scene) => scene.subscription(scene.name('private-'), () => ({ auth: '' })),
    auth_malformed: (scene) => scene.subscription(scene.name('private-'), () => ({ auth: 'yes' })),
    signature_format: (scene) =>
      scene.subscription(scene.name('private-'), (...request) => {
        const [key, signature] = scene.sdk.authorizeChannel(...request).auth.split(':');
        return { auth: `${key}:${Buffer.from(signature, 'hex').toString('base64')}` };
      }),
    // pusher-js does not even ask then.
    channel_data_missing: async (scene) => {
      const socket = await scene.connect();
      const channel = scene.name('presence-');
      socket.askFor(channel);
      return (await socket.expectRefusal(channel, { type: 'AuthError', status: 401, code: null }))[1];
    },
    channel_data_invalid: (scene) =>
      scene.subscription(scene.name('presence-'), signer(scene, {}, { user_info: { name: 'Nobody' } })),
    presence_data_too_large: (scene) =>
      scene.subscription(scene.name('presence-'), signer(scene, {}, { user_id: '1', user_info: 'x'.repeat(300) })),
    presence_full: async (scene) => {
      const channel = scene.name('presence-');
      await subscribed(scene.pusher({ user: ann }).subscribe(channel));
      return scene.subscription(channel, signer(scene, {}, { user_id: '7' }));
    },
    channel_limit: async (scene) => {
      const client = scene.pusher();
      await Promise.all([1, 2].map(() => subscribed(client.subscribe(scene.name()))));
      return scene.heard(client, () => client.subscribe(scene.name()));
    },
    channel_name_invalid: (scene) => scene.subscription('no spaces', () => ({})),
    channel_name_too_long: (scene) => scene.subscription('x'.repeat(201), () => ({})),
  },
  sign_in: {
    wrong_signature: (scene) =>
      scene.signIn((socketId) => scene.backend({ secret: 'another' }).authenticateUser(socketId, { id: '1' })),
    changed_user_data: (scene) =>
      scene.signIn((socketId) => {
        const signed = scene.sdk.authenticateUser(socketId, { id: '1', user_info: {} });
        return { ...signed, user_data: signed.user_data.replaceAll(':', ': ').replaceAll(',', ', ') };
      }),
    user_data_invalid: (scene) =>
      scene.signIn((socketId) => ({ auth: userAuth(socketId, '{"name":"Ann"}'), user_data: '{"name":"Ann"}' })),
  },
  client_event: {
    client_event_not_subscribed: async (scene) => {
      const client = scene.pusher();
      await once(client.connection, 'connected');
      return scene.heard(client, () => client.send_event('client-x', {}, scene.name('private-')));
    },
    client_event_channel: async (scene) => {
      const client = scene.pusher();
      const channel = scene.name();
      await subscribed(client.subscribe(channel));
      return scene.heard(client, () => client.send_event('client-x', {}, channel));
    },
    payload_too_large: async (scene) => {
      const client = scene.pusher();
      const channel = client.subscribe(scene.name('private-'));
      await subscribed(channel);
      return scene.heard(client, () => channel.trigger('client-x', 'x'.repeat(1001)));
    },
    client_event_rate: async (scene) => {
      const client = scene.pusher();
      const channel = client.subscribe(scene.name('private-'));
      await subscribed(channel);
      return scene.heard(client, () => [1, 2, 3, 4].forEach(() => channel.trigger('client-x', {})));
    },
  },
  message: {
    unknown_event: async (scene) => {
      const client = scene.pusher();
      await once(client.connection, 'connected');
      return scene.heard(client, () => client.send_event('typing', {}));
    },
  },
};

/** What the back end is told of each reason, by kind and code. */
const backends = {
  publish: {
    wrong_signature: (scene) => scene.told(scene.backend({ secret: 'another' }).trigger('news', 'e', 'd')),
    wrong_key: (scene) => scene.told(scene.backend({ key: 'another-key' }).trigger('news', 'e', 'd')),
    key_is_secret: (scene) => scene.told(scene.backend({ key: app.secret }).trigger('news', 'e', 'd')),
    secret_has_extra_characters: (scene) =>
      scene.told(scene.backend({ secret: `"${app.secret}"` }).trigger('news', 'e', 'd')),
    unknown_app: (scene) => scene.told(scene.backend({ appId: 'another-app' }).trigger('news', 'e', 'd')),
    clock_off: (scene) => scene.told(withClockOff(-3600, () => scene.sdk.trigger('news', 'e', 'd'))),
    body_md5_wrong: async (scene) => {
      const port = await scene.proxy(() => ({ body: Buffer.from(JSON.stringify(event)) }));
      return scene.told(scene.backend({ port }).trigger('news', 'e', 'd'));
    },
    path_prefix_added: async (scene) => {
      const port = await scene.proxy(({ url }) => ({ url: `/realtime${url}` }));
      return scene.told(scene.backend({ port }).trigger('news', 'e', 'd'));
    },
    duplicate_parameter: async (scene) => {
      const port = await scene.proxy(({ url }) => ({ url: `${url}&auth_version=1.0` }));
      return scene.told(scene.backend({ port }).trigger('news', 'e', 'd'));
    },
    payload_too_large: (scene) => scene.told(scene.sdk.trigger('news', 'e', 'x'.repeat(1001))),
    event_channels_too_many: (scene) => scene.told(scene.sdk.trigger(['a', 'b', 'c'], 'e', 'd')),
    event_name_reserved: (scene) => scene.told(scene.sdk.trigger('news', 'pusher:e', 'd')),
    batch_too_large: (scene) => scene.told(scene.sdk.triggerBatch([event, event, event])),
    rate_limit: (scene) => scene.told(scene.sdk.triggerBatch([event, { ...event, channel: 'more' }])),
  },
  request: {
    method_changed: async (scene) => {
      const port = await scene.proxy(({ method }) => ({ method: method === 'GET' ? 'POST' : method }));
      const path = '/users/1/terminate_connections';
      return scene.told(scene.backend({ port }).get({ path }));
    },
    parameters_signed_differently: (scene) =>
      scene.told(scene.sdk.get({ path: '/channels', params: { Filter_by_prefix: 'x' } })),
    unknown_endpoint: (scene) => scene.told(scene.sdk.get({ path: '/nothing' })),
    method_not_allowed: (scene) => scene.told(scene.sdk.post({ path: '/channels', body: {} })),
    user_count_needs_presence: (scene) =>
      scene.told(scene.sdk.get({ path: '/channels', params: { info: 'user_count' } })),
    not_a_presence_channel: (scene) => scene.told(scene.sdk.get({ path: '/channels/news/users' })),
    info_unknown: (scene) => scene.told(scene.sdk.get({ path: '/channels', params: { info: 'colour' } })),
  },
};

const ofSignatures = new Set([
  ...['wrong_signature', 'wrong_socket_id', 'wrong_channel', 'changed_channel_data', 'channel_data_not_signed'],
  ...['changed_user_data', 'secret_is_key', 'secret_is_empty', 'secret_has_extra_characters', 'method_changed'],
  ...['parameters_signed_differently', 'signature_format'],
]);
const ofKeys = new Set(['auth_missing', 'auth_malformed', 'wrong_key', 'key_is_secret']);

/** Whether the string that the server signed is told with this reason. */
const compares = (kind, code) => ofSignatures.has(code) || (kind === 'subscription' && ofKeys.has(code));

const limits = {
  'limits.max_presence_member_size': 200,
  'limits.max_presence_members_per_channel': 1,
  'limits.max_channels_per_connection': 2,
  'limits.max_client_events_per_second': 2,
  'limits.max_event_payload': 1000,
  'limits.max_event_channels_at_once': 2,
  'limits.max_event_batch_size': 2,
  'limits.max_backend_events_per_second': 1,
};

/** Checks what the client was told: in development with the code and the compared string, else without. */
function checkText(text, entry, development) {
  assert.equal(text.includes(`[${entry.code}]`), development, text);
  const shown = entry.compared.replaceAll('\n', '\\n');
  assert.equal(text.includes('Compared: '), development && entry.compared !== '', text);
  if (development) assert.ok(text.includes(shown), `${shown} in ${text}`);
}

for (const development of [true, false]) {
  const settings = { ...limits, development };
  suite(`a refusal ${development ? 'in development' : 'to strangers'}`, { settings }, (test) => {
    const texts = [];
    const check = async (scene, kind, code, text) => {
      const entry = await scene.entry(code, kind);
      assert.equal(entry.compared !== '', compares(kind, code), entry.compared);
      for (const member of ['sentence', 'cure', 'peer']) assert.notEqual(entry[member], '', member);
      const logged = await scene.server.logged('refused', (line) => line.code === code && line.kind === kind);
      assert.equal(logged.sentence, entry.sentence);
      texts.push(text ?? '');
      if (text !== undefined) checkText(text, entry, development);
    };

    for (const [kind, causes] of Object.entries(clients)) {
      for (const [code, provoke] of Object.entries(causes)) {
        test(`of a ${kind} for ${code} explains itself`, async (scene) => {
          await check(scene, kind, code, await provoke(scene));
        });
      }
    }
    for (const [kind, causes] of Object.entries(backends)) {
      for (const [code, provoke] of Object.entries(causes)) {
        test(`of a ${kind} for ${code} explains itself`, async (scene) => {
          const { text, reason } = await provoke(scene);
          assert.equal(reason, code);
          await check(scene, kind, code, text);
        });
      }
    }

    test('reaches Laravel Echo', async (scene) => {
      const echo = new Echo({ broadcaster: 'pusher', client: scene.signedBy(signer(scene, { secret: 'another' })) });
      const name = scene.name();
      const [error] = await new Promise((done) => {
        echo.private(name).error((...values) => done(values));
      });
      assert.deepEqual({ type: error.type, status: error.status }, { type: 'AuthError', status: 401 });
      checkText(error.error, await scene.entry('wrong_signature'), development);
    });

    test('never tells a secret or a right signature', async (scene) => {
      const { text, refusals } = await scene.why();
      assertNothingSecret(refusals, [app.secret], [text, scene.server.log, ...texts]);
      assert.ok(refusals.length >= 40, String(refusals.length));
    });
  });
}

const closed = {
  'limits.max_connections': 1,
  'app.allowed_origins': 'example.com',
  'app.accept_client_events_from': 'none',
  path_prefix: '/ws',
};

suite('a server that lets few in', { settings: closed }, (test) => {
  test('says which origin it does not allow', async (scene) => {
    const { createWebSocket } = Pusher.Runtime;
    Pusher.Runtime.createWebSocket = (url) => new WebSocket(url, { origin: 'https://evil.test' });
    scene.atEnd(() => Object.assign(Pusher.Runtime, { createWebSocket }));
    assert.match(await scene.heard(connecting(scene, app.key, { wsPath: '/ws' })), /evil\.test/);
    const entry = await scene.entry('origin_not_allowed');
    assert.deepEqual([entry.kind, entry.status, entry.app_id], ['connection', 4009, app.id]);
  });

  test('says that the app has enough connections', async (scene) => {
    const first = connecting(scene, app.key, { wsPath: '/ws' });
    await once(first.connection, 'connected');
    assert.match(await scene.heard(connecting(scene, app.key, { wsPath: '/ws' })), /max_connections/);
    const entry = await scene.entry('app_connection_limit');
    assert.deepEqual([entry.kind, entry.status, entry.app_id], ['connection', 4100, app.id]);
  });

  test('says where its paths begin, although the client hears nothing of it', async (scene) => {
    connecting(scene, app.key);
    assert.match((await scene.entry('path_prefix_removed')).sentence, /\/ws/);
    connecting(scene, app.key, { wsPath: '/other' });
    assert.match((await scene.entry('path_prefix_added')).sentence, /\/other/);
  });

  test('says that client events are off', async (scene) => {
    const client = connecting(scene, app.key, {
      wsPath: '/ws',
      channelAuthorization: {
        customHandler: ({ socketId, channelName }, answer) =>
          answer(null, scene.sdk.authorizeChannel(socketId, channelName)),
      },
    });
    const channel = client.subscribe('private-quiet');
    await subscribed(channel);
    await scene.heard(client, () => channel.trigger('client-x', {}));
    assert.equal((await scene.entry('client_events_off')).channel, 'private-quiet');
  });

  test('says that an app is disabled, and tells apps apart', async (scene) => {
    await scene.server.command('app', 'create', '--id', 'off', '--key', 'off-key');
    await scene.server.logged('app_opened', (line) => line.app_id === 'off');
    await scene.server.command('app', 'disable', 'off');
    await scene.server.logged('app_disabled', (line) => line.app_id === 'off');
    await scene.heard(connecting(scene, 'off-key', { wsPath: '/ws' }));
    const port = await scene.proxy(({ url }) => ({ url: `/ws${url}` }));
    const { reason } = await scene.told(scene.backend({ appId: 'off', key: 'off-key', port }).trigger('a', 'e', 'd'));
    assert.equal(reason, 'app_disabled');
    const { refusals } = await scene.why('--app', 'off');
    assert.deepEqual(
      refusals.map(({ kind, code, status }) => [kind, code, status]),
      [
        ['connection', 'app_disabled', 4003],
        ['publish', 'app_disabled', 403],
      ],
    );
  });

  test('shows them to people', async (scene) => {
    const { port } = await scene.server.logged('metrics_listening');
    const shown = await scene.server.command('why', '-n', '2', '--url', `http://127.0.0.1:${port}`);
    assert.equal(shown.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}\w+ {2}\w+ \(\d+\)$/gm).length, 2, shown);
    assert.match(shown, /^ {4}hint {6}[A-Z].*\.$/m);
  });
});

suite(
  'a server that waits for proofs',
  {
    settings: { 'app.require_authorized_connections': true, 'limits.user_authentication_timeout': 1 },
  },
  (test) => {
    test('says whom it did not wait for', async (scene) => {
      const client = scene.pusher();
      assert.match(await scene.heard(client), /user_authentication_timeout/);
      const entry = await scene.entry('not_authorised_in_time');
      assert.deepEqual([entry.kind, entry.status], ['connection', 4009]);
    });
  },
);
