// What all routes have in common: CORS, methods, conditional requests, limits (chat spec, section 4).
import assert from 'node:assert/strict';

import { restSuite } from './lib/world.mjs';

const origin = 'https://chat.example.com';
const ask = (who, method, target, headers = {}, more = {}) =>
  who.request(method, target, { headers, undescribed: true, ...more });

restSuite('CORS with an allowed origin', { 'chat.allowed_origins': origin }, (test) => {
  test('lets its pages ask, with all headers of the API, in every route', async (world) => {
    for (const { method, path } of world.description.operations) {
      const target = path.replace(/{\w+}/g, '1');
      const answer = await ask(world.nobody, 'OPTIONS', target, {
        Origin: origin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': 'authorization,content-type',
      });
      const { headers } = answer;
      assert.deepEqual([answer.status, headers['access-control-allow-origin']], [204, origin], path);
      assert.ok(headers['access-control-allow-methods'].split(', ').includes(method), `${method} ${path}`);
      const names = headers['access-control-allow-headers'].toLowerCase().split(', ');
      for (const name of ['authorization', 'content-type', 'x-socket-id', 'idempotency-key', 'if-none-match'])
        assert.ok(names.includes(name), name);
      assert.match(headers.vary, /Origin/);
      assert.equal(headers['access-control-allow-credentials'], undefined);
    }
  });

  test('marks every answer, refusals too', async (world) => {
    const ann = await world.person();
    for (const [who, method, target, status, more] of [
      [ann, 'GET', '/api/user', 200],
      [ann, 'POST', '/api/companies', 422, { body: {} }],
      [ann, 'POST', '/api/companies', 400, { raw: '{' }],
      [ann, 'POST', '/api/companies', 415, { raw: 'x', type: 'text/plain' }],
      [ann, 'GET', '/api/chat/conversations/999', 404],
      [world.nobody, 'GET', '/api/user', 401],
      [world.nobody, 'GET', '/api/openapi.json', 200],
      [world.nobody, 'POST', '/api/auth/login', 422, { body: {} }],
    ]) {
      const answer = await ask(who, method, target, { Origin: origin }, more);
      assert.deepEqual(
        [answer.status, answer.headers['access-control-allow-origin']],
        [status, origin],
        `${method} ${target}`,
      );
      assert.match(answer.headers['access-control-expose-headers'], /ETag.*Retry-After/);
    }
  });

  test('says nothing to other origins', async (world) => {
    for (const other of [
      `${origin}.evil.example`,
      'http://chat.example.com',
      `${origin}:8443`,
      'null',
      '*',
      origin.toUpperCase(),
    ])
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ask(world.nobody, method, '/api/user', { Origin: other });
        assert.equal(headers['access-control-allow-origin'], undefined, `${method} ${other}`);
      }
    const { headers } = await ask(world.nobody, 'GET', '/api/user');
    assert.equal(headers['access-control-allow-origin'], undefined);
  });

  test('marks what is nowhere and cannot be done, too', async (world) => {
    for (const [method, target, status] of [
      ['GET', '/api/nothing', 404],
      ['POST', '/api/user', 405],
    ]) {
      const answer = await ask(world.nobody, method, target, { Origin: origin });
      assert.deepEqual([answer.status, answer.headers['access-control-allow-origin']], [status, origin], target);
    }
  });
});

restSuite('CORS without allowed origins', {}, (test) => {
  test('lets no page ask', async (world) => {
    for (const method of ['GET', 'OPTIONS']) {
      const { headers } = await ask(world.nobody, method, '/api/openapi.json', { Origin: origin });
      assert.equal(headers['access-control-allow-origin'], undefined);
    }
  });
});

restSuite('methods', {}, (test) => {
  test('that a path does not have are 405 with those that it has', async (world) => {
    for (const path of Object.keys(world.description.document.paths)) {
      const target = path.replace(/{\w+}/g, '1');
      const answer = await ask(world.nobody, 'BREW', target);
      assert.equal(answer.status, 405, path);
      const methods = Object.keys(world.description.document.paths[path]).map((method) => method.toUpperCase());
      for (const method of methods)
        assert.ok(answer.headers.allow.split(', ').includes(method), `${path}: ${answer.headers.allow}`);
    }
  });

  test('and paths that are none are refused in the shape of all errors', async (world) => {
    for (const [method, target, status] of [
      ['BREW', '/api/user', 405],
      ['POST', '/api/user', 405],
      ['GET', '/api/nothing', 404],
      ['GET', '/api/chat/conversations/', 404],
    ]) {
      const answer = await ask(world.nobody, method, target);
      assert.equal(answer.status, status, target);
      assert.deepEqual([typeof answer.body.message, typeof answer.body.code], ['string', 'string'], answer.text);
    }
  });

  test('HEAD answers as GET does, without the body', async (world) => {
    const {
      company,
      people: [ann],
    } = await world.colleagues('Ann');
    for (const target of [
      '/api/user',
      '/api/chat/conversations',
      `/api/chat/conversations/${company.general.id}/messages`,
      '/api/campaigns',
      '/api/chat/conversations/999999',
    ]) {
      const [get, head] = [await ask(ann, 'GET', target), await ask(ann, 'HEAD', target)];
      assert.deepEqual([head.status, head.bytes.length], [get.status, 0], target);
      assert.equal(head.headers['content-length'], get.headers['content-length'], target);
      assert.equal(head.headers['content-type'], get.headers['content-type'], target);
    }
  });
});

restSuite('conditional requests', {}, (test) => {
  const lists = [
    '/api/user',
    '/api/users',
    '/api/companies',
    '/api/chat/conversations',
    '/api/notifications',
    '/api/campaigns',
    '/api/auth/tokens',
    '/api/blocks',
    '/api/chat/users/online',
    '/api/financial/account',
    '/api/financial/transactions',
    '/api/chat/search?q=word',
  ];

  test('give an entity tag with the first answer, and 304 for it', async (world) => {
    const {
      company,
      people: [ann],
    } = await world.colleagues('Ann');
    await ann.say(company.general, 'a word');
    for (const target of [...lists, `/api/chat/conversations/${company.general.id}/messages?after=0`]) {
      const first = await ask(ann, 'GET', target);
      assert.match(first.headers.etag ?? '', /^(W\/)?"[^"]+"$/, target);
      const again = await ann.request('GET', target, { headers: { 'If-None-Match': first.headers.etag } });
      assert.deepEqual([again.status, again.bytes.length, again.headers.etag], [304, 0, first.headers.etag], target);
    }
  });

  test('are never 304 for refusals, and not for another user', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const target = '/api/user';
    const tag = (await ask(ann, 'GET', target, { 'If-None-Match': '"x"' })).headers.etag;
    assert.equal((await ask(bob, 'GET', target, { 'If-None-Match': tag })).status, 200);
    assert.equal((await ask(world.nobody, 'GET', target, { 'If-None-Match': '*' })).status, 401);
    assert.equal((await ask(ann, 'GET', '/api/chat/conversations/999999', { 'If-None-Match': '*' })).status, 404);
    const post = await ann.request('POST', '/api/chat/messages', {
      body: { message: 'x', company_id: company.id },
      headers: { 'If-None-Match': '*' },
    });
    assert.equal(post.status, 201);
  });
});

restSuite('requests a second', { 'limits.max_chat_requests_per_second': 5 }, (test) => {
  test('are limited per user, with Retry-After; another user is not concerned', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    const answers = await Promise.all(Array.from({ length: 60 }, () => ann.request('GET', '/api/user')));
    const late = answers.filter(({ status }) => status === 429);
    assert.ok(late.length >= 30, `${late.length} were refused`);
    for (const { headers, body } of late)
      assert.deepEqual([headers['retry-after'], typeof body.message], ['1', 'string']);
    await bob.get('/api/user');
  });
});

restSuite('the head of a request', {}, (test) => {
  test('with odd headers is taken or refused, and nothing breaks', async (world) => {
    const {
      people: [ann],
    } = await world.colleagues('Ann');
    for (const [name, value, status] of [
      ['X-Socket-ID', '1.1', 201],
      ['X-Socket-ID', 'nonsense', 201],
      ['X-Socket-ID', '', 201],
      ['X-Socket-ID', '9'.repeat(3000), 201],
      ['Accept', 'text/html', 201],
      ['Accept-Encoding', 'br;q=x', 201],
      ['Authorization', 'Bearer \u00ff', 401],
    ]) {
      const answer = await ann.request('POST', '/api/chat/messages', {
        body: { message: 'x' },
        headers: { [name]: value },
      });
      assert.equal(answer.status, status, `${name}: ${value.slice(0, 20)}`);
    }
    const long = await ask(ann, 'GET', `/api/users?search=${'x'.repeat(9000)}`);
    assert.ok([414, 422, 431].includes(long.status), String(long.status));
    await ann.get('/api/user');
  });
});
