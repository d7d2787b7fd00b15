// Accounts and tokens (chat spec, sections 2, 4 and 5: "Accounts", "Companies and registration").
import assert from 'node:assert/strict';

import { Client, password, restSuite } from './lib/world.mjs';

const register = '/api/auth/register';
const login = '/api/auth/login';

restSuite('registering', {}, (test) => {
  test('answers with a token that works and the user', async (world) => {
    const email = world.email('Ali');
    const body = { name: '  Ali B.\u3000', email, password, password_confirmation: password, device_name: 'Phone' };
    const { token, user } = await world.nobody.post(register, body);
    const ali = new Client(world, { token });
    assert.deepEqual(await ali.get('/api/user'), { ...user, last_seen_at: (await ali.get('/api/user')).last_seen_at });
    assert.deepEqual([user.name, user.email, user.avatar_url, user.is_operator], ['Ali B.', email, null, false]);
    const [row] = await ali.all('/api/auth/tokens');
    assert.deepEqual([row.device_name, row.current, row.expires_at], ['Phone', true, null]);
    assert.equal(token.split('|')[0], String(row.id));
  });

  test('takes forms as well as JSON', async (world) => {
    const email = world.email();
    const raw = new URLSearchParams({ name: 'Zoë & Co', email, password }).toString();
    const { token } = await world.nobody.post(register, undefined, 201, {
      raw,
      type: 'application/x-www-form-urlencoded; charset=utf-8',
    });
    assert.equal((await new Client(world, { token }).get('/api/user')).name, 'Zoë & Co');
  });

  test('is refused for an address that is taken, in whatever case', async (world) => {
    const ann = await world.person('Ann');
    const email = ann.email.toUpperCase();
    await world.nobody.refused('POST', register, { name: 'X', email, password }, 'email');
  });

  for (const [title, change, ...fields] of [
    ['without a name', { name: undefined }, 'name'],
    ['with a name of white space', { name: ' \u3000\t' }, 'name'],
    ['with a name of 201 characters', { name: '𝒙'.repeat(201) }, 'name'],
    ['with a control character in the name', { name: 'A\u0007B' }, 'name'],
    ['with a new line in the name', { name: 'A\nB' }, 'name'],
    ['without an address', { email: undefined }, 'email'],
    ['with an address without @', { email: 'ann.example.com' }, 'email'],
    ['with two @', { email: 'ann@b@example.com' }, 'email'],
    ['with white space in the address', { email: 'an n@example.com' }, 'email'],
    ['with an address of 255 bytes', { email: `${'a'.repeat(243)}@example.com` }, 'email'],
    ['with a password of 7 characters', { password: '🔑234567' }, 'password'],
    ['with a password of 1025 bytes', { password: 'x'.repeat(1025) }, 'password'],
    ['with another confirmation', { password_confirmation: `${password}.` }, 'password'],
    ['with a device name of 201 characters', { device_name: 'x'.repeat(201) }, 'device_name'],
  ]) {
    test(`is refused ${title}`, async (world) => {
      const email = world.email();
      await world.nobody.refused('POST', register, { name: 'Ann', email, password, ...change }, ...fields);
      await world.nobody.refused('POST', login, { email, password }, 'email');
    });
  }

  test('complains of all fields at once, first that of the first', async (world) => {
    const answer = await world.nobody.request('POST', register, { body: {} });
    assert.equal(answer.status, 422);
    assert.deepEqual(Object.keys(answer.body.errors), ['name', 'email', 'password']);
    assert.match(answer.body.message, /^The name field is required\. \(and 2 more errors\)$/);
  });

  test('takes names, addresses and passwords at their limits', async (world) => {
    const email = `${'a'.repeat(60)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`;
    const body = {
      name: '𝒙'.repeat(200),
      email: email.slice(-254),
      password: '🔑2345678',
      device_name: 'é'.repeat(200),
    };
    await world.nobody.post(register, body);
    await world.nobody.post(login, body, 200, { lenient: true });
    await world.nobody.post(register, { ...body, email: world.email(), password: 'x'.repeat(1024) });
  });

  test('of one address by many at once makes one account', async (world) => {
    const email = world.email();
    const tries = Array.from({ length: 6 }, () =>
      world.nobody.request('POST', register, { body: { name: 'Twin', email, password } }),
    );
    const statuses = (await Promise.all(tries)).map((answer) => answer.status);
    assert.deepEqual(statuses.sort(), [201, 422, 422, 422, 422, 422]);
  });
});

restSuite('signing in', {}, (test) => {
  test('makes a token of its own for each device', async (world) => {
    const ann = await world.person();
    const phone = await world.device(ann, 'Phone');
    assert.notEqual(phone.token, ann.token);
    const rows = await ann.all('/api/auth/tokens', 1);
    assert.deepEqual(
      rows.map(({ device_name: name, current }) => [name, current]),
      [
        ['Phone', false],
        ['Unknown device', true],
      ],
    );
  });

  test('does not care for the case of the address', async (world) => {
    const ann = await world.person();
    await world.nobody.post(login, { email: ann.email.toUpperCase(), password }, 200);
  });

  test('says the same to a wrong password and to an unknown address', async (world) => {
    const ann = await world.person();
    const wrong = await world.nobody.refused('POST', login, { email: ann.email, password: 'wrong' }, 'email');
    const unknown = await world.nobody.refused('POST', login, { email: world.email(), password }, 'email');
    assert.deepEqual(wrong, unknown);
  });

  test('ends with logout, for this token alone', async (world) => {
    const ann = await world.person();
    const phone = await world.device(ann);
    await phone.post('/api/auth/logout', undefined, 204);
    await phone.get('/api/user', 401);
    await phone.post('/api/auth/logout', undefined, 401);
    await ann.get('/api/user');
  });

  test('is revoked one by one, and not by others', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    const phone = await world.device(ann);
    const id = phone.token.split('|')[0];
    await bob.delete(`/api/auth/tokens/${id}`, 404);
    await phone.get('/api/user');
    await ann.delete(`/api/auth/tokens/${id}`);
    await phone.get('/api/user', 401);
    await ann.delete(`/api/auth/tokens/${id}`, 404);
  });

  test('needs a token that is whole', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    const [id, secret] = ann.token.split('|');
    const other = bob.token.split('|')[0];
    const last = secret.at(-1) === 'A' ? 'B' : 'A';
    for (const token of [
      secret,
      `${id}|`,
      `|${secret}`,
      `${other}|${secret}`,
      `${id}|${secret.slice(0, -1)}`,
      `${id}|${secret.slice(0, -1)}${last}`,
      `${id}|${secret}A`,
      `0${id}|${secret}.`,
      `-${id}|${secret}`,
      `9223372036854775808|${secret}`,
      `${id}|${'x'.repeat(4000)}`,
      '|',
    ]) {
      const answer = await new Client(world, { token }).request('GET', '/api/user');
      assert.equal(answer.status, 401, token);
      assert.equal(answer.headers['www-authenticate'], 'Bearer');
    }
    for (const header of [`Basic ${ann.token}`, ann.token, 'Bearer', 'Bearer ', '']) {
      const answer = await world.nobody.request('GET', '/api/user', { headers: { Authorization: header } });
      assert.equal(answer.status, 401, header);
    }
    const lower = await world.nobody.request('GET', '/api/user', { headers: { Authorization: `bearer ${ann.token}` } });
    assert.equal(lower.status, 200);
  });
});

restSuite('changing an account', {}, (test) => {
  test('leaves alone what is absent', async (world) => {
    const ann = await world.person();
    const before = await ann.get('/api/user');
    const user = await ann.patch('/api/user', { avatar_url: 'https://example.com/a.png' });
    assert.deepEqual(
      { ...user, last_seen_at: null },
      { ...before, last_seen_at: null, avatar_url: 'https://example.com/a.png' },
    );
    assert.equal((await ann.patch('/api/user', { avatar_url: null })).avatar_url, null);
    assert.equal((await ann.patch('/api/user', { name: 'Anna' })).name, 'Anna');
    assert.deepEqual(await ann.patch('/api/user', {}), await ann.get('/api/user'));
  });

  for (const url of [
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com/a',
    '//example.com/a',
    'https://',
    `https://example.com/${'a'.repeat(2048)}`,
    'https://example.com/a b',
    'https://example.com/\u0007',
  ]) {
    test(`refuses the picture ${JSON.stringify(url.slice(0, 30))}`, async (world) => {
      const ann = await world.person();
      await ann.refused('PATCH', '/api/user', { avatar_url: url }, 'avatar_url');
    });
  }

  test('needs the password for another address or password', async (world) => {
    const ann = await world.person();
    const email = world.email('new');
    await ann.refused('PATCH', '/api/user', { email }, 'current_password');
    await ann.refused('PATCH', '/api/user', { email, current_password: 'wrong' }, 'current_password');
    await ann.refused('PATCH', '/api/user', { password: 'another one' }, 'current_password');
    assert.equal((await ann.get('/api/user')).email, ann.email);
    assert.equal((await ann.patch('/api/user', { email, current_password: password })).email, email);
    await world.nobody.post(login, { email, password }, 200);
    await world.nobody.refused('POST', login, { email: ann.email, password }, 'email');
  });

  test('refuses the address of somebody else', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    await ann.refused('PATCH', '/api/user', { email: bob.email.toUpperCase(), current_password: password }, 'email');
  });

  test('with a new password revokes all other tokens', async (world) => {
    const ann = await world.person();
    const phone = await world.device(ann);
    await ann.patch('/api/user', { password: 'battery staple', current_password: password });
    await ann.get('/api/user');
    await phone.get('/api/user', 401);
    await world.nobody.refused('POST', login, { email: ann.email, password }, 'email');
    await world.nobody.post(login, { email: ann.email, password: 'battery staple' }, 200);
  });
});

restSuite('tokens', { 'limits.max_tokens_per_user': 3 }, (test) => {
  test('beyond the limit make the one that was used the longest ago go', async (world) => {
    const ann = await world.person();
    const devices = [];
    for (const name of ['a', 'b', 'c']) devices.push(await world.device(ann, name));
    const statuses = await Promise.all(
      [ann, ...devices].map(async (each) => (await each.request('GET', '/api/user')).status),
    );
    assert.deepEqual(statuses, [401, 200, 200, 200]);
  });
});

restSuite('throttled', { 'limits.max_logins_per_minute': 3 }, (test) => {
  test('login is refused past the limit, also with the right password, and says for how long', async (world) => {
    const [ann, bob] = await world.people('Ann', 'Bob');
    for (let i = 0; i < 3; i += 1)
      await world.nobody.refused('POST', login, { email: ann.email, password: 'wrong' }, 'email');
    const answer = await world.nobody.request('POST', login, { body: { email: ann.email.toUpperCase(), password } });
    assert.equal(answer.status, 429);
    const seconds = Number(answer.headers['retry-after']);
    assert.ok(seconds >= 1 && seconds <= 60, `Retry-After: ${seconds}`);
    await world.nobody.post(login, { email: bob.email, password }, 200);
    await ann.get('/api/user');
  });

  test('a login that succeeds forgives the ones before', async (world) => {
    const ann = await world.person();
    for (let i = 0; i < 3; i += 1) {
      await world.nobody.refused('POST', login, { email: ann.email, password: 'wrong' }, 'email');
      await world.nobody.post(login, { email: ann.email, password }, 200);
    }
  });

  test('guessing the password with a token is, too', async (world) => {
    const ann = await world.person();
    const body = { email: world.email(), current_password: 'wrong' };
    for (let i = 0; i < 3; i += 1) await ann.refused('PATCH', '/api/user', body, 'current_password');
    await ann.patch('/api/user', body, 429);
  });
});

restSuite('registrations', { 'limits.max_registrations_per_minute': 2 }, (test) => {
  test('are refused past the limit; those that were not well-formed do not count', async (world) => {
    for (let i = 0; i < 3; i += 1) await world.nobody.refused('POST', register, { name: 'x', password }, 'email');
    await world.people('Ann', 'Bob');
    const body = { name: 'Late', email: world.email(), password };
    const answer = await world.nobody.request('POST', register, { body });
    assert.equal(answer.status, 429);
    assert.ok(Number(answer.headers['retry-after']) <= 60);
  });
});

restSuite('registration by invitation', { 'chat.registration': 'invite' }, (test) => {
  test('is open to those whom a company has invited', async (world) => {
    const email = world.email('guest');
    await world.nobody.post(register, { name: 'Guest', email, password }, 403);
    const company = await world.company(world.first);
    const members = `/api/companies/${company.id}/members`;
    const invitation = await world.first.post(members, { email, role: 'member' }, 202);
    assert.deepEqual(invitation, { email, role: 'member', invited: true });
    const guest = await world.person('Guest', email.toUpperCase());
    const rows = await guest.get(members);
    assert.deepEqual(rows.data.map(({ id, role }) => [id, role]).at(-1), [guest.id, 'member']);
    await world.nobody.post(register, { name: 'Other', email: world.email(), password }, 403);
  });
});

restSuite('the home company', { 'chat.join_home_company': true }, (test) => {
  test('belongs to the first, and everybody else is a member of it', async (world) => {
    const ann = await world.person();
    const { data: companies } = await ann.get('/api/companies');
    assert.deepEqual(
      companies.map(({ id, role }) => [id, role]),
      [[1, 'member']],
    );
    const { data: members } = await ann.get('/api/companies/1/members');
    assert.deepEqual(members.find(({ id }) => id === world.first.id).role, 'owner');
    const said = await ann.post('/api/chat/messages', { message: 'Hello, all!' });
    assert.equal(said.company_id, 1);
    assert.equal(said.conversation_id, companies[0].general_conversation_id);
  });
});
