// Whatever is wrong with a request: a clear refusal in Laravel's shape, nothing stored, no error in the log.
import assert from 'node:assert/strict';

import { exampleRequests, makeExamples, snapshot } from './lib/examples.mjs';
import { restSuite } from './lib/world.mjs';

const nested = (depth, open, close) => open.repeat(depth) + close.repeat(depth);

/** Values of every type, as they are written in JSON. */
const values = [
  'null',
  'true',
  '7',
  '0',
  '-1',
  '1.5',
  '1e400',
  '-1e400',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '123456789012345678901234567890',
  '"abc"',
  '""',
  '" "',
  '"\\u0000"',
  '[]',
  '[[]]',
  '[null]',
  '["a"]',
  '[1.5]',
  '[-1]',
  '[true]',
  '{}',
  '{"a":1}',
  '"9223372036854775808"',
  '"-1"',
  '"1.5"',
  '"1e3"',
  '"\\u202e"',
];

/** What cannot be read at all, in the place of any value. */
const unreadable = [
  nested(33, '[', ']'),
  nested(33, '{"a":', '}').replace(/:}/, ':1}'),
  '"\\x"',
  '"\\u12"',
  '"a',
  "'a'",
  'NaN',
  'Infinity',
  '01',
  '+1',
  '.5',
  '1.',
  '0x1',
  'True',
  '"\u0007"',
  '"a\nb"',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  '1 2',
  '/**/1',
];

/** Fields that say the same as others, which then go first. */
const aliases = { message: ['body'], content: ['body', 'message'], tempId: ['temp_id'] };
/** Under which name a complaint may come, too. */
const complaintNames = {
  message: 'body',
  content: 'body',
  tempId: 'temp_id',
  user_id: 'user_ids',
  user_ids: 'user_id',
};

/** JSON text of `body` in which the field `name` has the value that is written as `text`. */
function withField(body, name, text) {
  const rest = Object.entries(body).filter(([key]) => key !== name && !(aliases[name] ?? []).includes(key));
  const marker = '@@value@@';
  return JSON.stringify(Object.fromEntries([...rest, [name, marker]])).replace(`"${marker}"`, () => text);
}

/** The fields of the object schema at `place`, of its alternatives those of the one that `body` fits to: [name, schema]. */
function fieldsOf(description, place, body) {
  const { node, place: found } = description.resolve(
    place.reduce((parent, name) => parent[name], description.document),
    place,
  );
  const alternatives = (node.oneOf ?? []).map((_, i) => [...found, 'oneOf', i]);
  const fitting = alternatives.filter((each) => description.complaints(each, body) === '');
  return [...Object.entries(node.properties ?? {}), ...fitting.flatMap((each) => fieldsOf(description, each, body))];
}

/** Whether the server may take this value although the schema does not have it. */
function isLeniency(text, schema, required) {
  if (text === 'null') return !required;
  if (schema.type === 'boolean') return ['0', '1', '"0"', '"1"', '"true"', '"false"'].includes(text);
  return false;
}

/** Everything with a JSON body: [operation, {method, path, target, place, bodies, headers}]. */
function bodied(examples) {
  const { description } = examples.world;
  return Object.entries(exampleRequests(examples)).flatMap(
    ([operation, { target, body, bodies = [], headers, open }]) => {
      const [method, path] = operation.split(' ');
      const place = description.document.paths[path] && description.requestPlace(method, path);
      if (!place) return [];
      return [[operation, { method, path, target: target ?? path, place, bodies: [body, ...bodies], headers, open }]];
    },
  );
}

function wrongBodies(description, { place, bodies }) {
  const made = [];
  for (const body of bodies)
    for (const [name, fieldSchema] of fieldsOf(description, place, body)) {
      const field = description.resolve(fieldSchema, []).node;
      const longer = field.maxLength === undefined ? [] : [JSON.stringify('x'.repeat(field.maxLength + 1))];
      for (const text of [...values, ...longer]) {
        const whole = withField(body, name, text);
        const complaints = description.complaints(place, JSON.parse(whole));
        const required =
          complaints !== '' &&
          description.complaints(place, (({ [name]: _, ...rest }) => rest)(JSON.parse(whole))) !== '';
        if (complaints !== '' && !isLeniency(text, field, required)) made.push({ name, text, whole });
      }
    }
  return made;
}

restSuite('a field of the wrong kind', {}, (test) => {
  test('is refused by name, in every route, and nothing is stored', async (world) => {
    const examples = await makeExamples(world);
    const { ann } = examples;
    const before = await snapshot(ann);
    const wrong = [];
    let count = 0;
    for (const [operation, route] of bodied(examples)) {
      const who = route.open ? world.nobody : ann;
      for (const { name, text, whole } of wrongBodies(world.description, route)) {
        const answer = await who.request(route.method, route.target, { raw: whole, headers: route.headers });
        count += 1;
        const names = Object.keys(answer.body?.errors ?? {});
        const called = [name, complaintNames[name]].filter(Boolean);
        const fits =
          answer.status === 422 &&
          names.some((each) => called.some((other) => each === other || each.startsWith(`${other}.`)));
        if (!fits && !(answer.status === 404 && /^\d+$/.test(text)))
          wrong.push(`${operation} ${name}=${text.slice(0, 40)}: ${answer.status} ${answer.text.slice(0, 200)}`);
      }
    }
    assert.ok(count > 500, `only ${count} were tried`);
    assert.deepEqual(wrong, []);
    assert.deepEqual(await snapshot(ann), before);
  });

  test('that cannot be read is 400', async (world) => {
    const examples = await makeExamples(world);
    const { ann } = examples;
    const before = await snapshot(ann);
    const wrong = [];
    for (const [operation, route] of bodied(examples)) {
      const who = route.open ? world.nobody : ann;
      const name = Object.keys(route.bodies[0])[0];
      for (const text of unreadable)
        for (const field of [name, 'unknown']) {
          const raw = withField(route.bodies[0], field, text);
          const { status, text: said } = await who.request(route.method, route.target, { raw, headers: route.headers });
          if (status !== 400) wrong.push(`${operation} ${field}=${text.slice(0, 40)}: ${status} ${said.slice(0, 200)}`);
        }
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(await snapshot(ann), before);
  });
});

restSuite('a body', {}, (test) => {
  const mebibyte = 1_048_576;
  const padded = (body, size) => {
    const start = JSON.stringify({ ...body, pad: '' });
    return start.replace('"pad":""', `"pad":"${'x'.repeat(size - Buffer.byteLength(start))}"`);
  };

  test('that is no JSON object, of no known type or too large is refused in every route', async (world) => {
    const examples = await makeExamples(world);
    const { ann } = examples;
    const before = await snapshot(ann);
    const wrong = [];
    for (const [operation, route] of bodied(examples)) {
      const who = route.open ? world.nobody : ann;
      const good = JSON.stringify(route.bodies[0]);
      const bytes = Buffer.from(good.replace(/^{/, '{"unknown":"X",'));
      bytes[bytes.indexOf('X')] = 0xff;
      for (const [status, raw, type] of [
        [400, '[]'],
        [400, 'null'],
        [400, '"x"'],
        [400, '7'],
        [400, `[${good}]`],
        [400, ' '],
        [400, '{'],
        [400, good.slice(0, -1)],
        [400, `${good}${good}`],
        [400, `${good},`],
        [400, bytes],
        [400, `\ufeff\ufeff${good}`],
        [400, `${good}\0`],
        [400, Buffer.from(good, 'utf16le')],
        [400, 'a=%ff', 'application/x-www-form-urlencoded'],
        [415, good, 'text/plain'],
        [415, good, 'application/jsonx'],
        [415, good, 'text/json'],
        [415, good, ''],
        [415, good, undefined],
        [415, good, 'application/xml'],
        [415, good, 'multipart/form-data; boundary=x'],
        [413, padded(route.bodies[0], mebibyte + 1)],
      ]) {
        const headers = {
          ...route.headers,
          ...(type === undefined && status === 415 ? { 'Content-Type': undefined } : {}),
        };
        const answer = await who.request(route.method, route.target, {
          raw,
          type: type ?? 'application/json',
          headers,
        });
        if (answer.status !== status)
          wrong.push(
            `${operation} ${type ?? ''} ${String(raw).slice(0, 40)}: ${answer.status} in place of ${status} ${answer.text.slice(0, 200)}`,
          );
      }
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(await snapshot(ann), before);
  });

  test('of one MiB and depth 32 is taken, with a charset and white space around', async (world) => {
    const { ann, group } = await makeExamples(world);
    const path = `/api/chat/conversations/${group.id}/messages`;
    const send = async (raw, type) => (await ann.request('POST', path, { raw, type })).status;
    assert.equal(await send(padded({ body: 'x' }, mebibyte)), 201);
    assert.equal(await send(`{"body":"x","deep":${nested(31, '[', ']').replace('[]', '[1]')}}`), 201);
    assert.equal(await send(`{"body":"x","deep":${nested(32, '[', ']').replace('[]', '[1]')}}`), 400);
    assert.equal(await send('{"body":"x"}', 'Application/JSON; charset=utf-8'), 201);
    assert.equal(await send(' \r\n\t{ "body" : "x" } \n'), 201);
    assert.equal(await send('{"body":"\\ud83d\\ude00\\u0041"}'), 201);
    const [last] = (await ann.get(`${path}?limit=1`)).data;
    assert.equal(last.body, '😀A');
  });

  test('with half of a surrogate pair has the replacement character in its place', async (world) => {
    const { ann, group } = await makeExamples(world);
    const path = `/api/chat/conversations/${group.id}/messages`;
    const said = await ann.post(path, undefined, 201, {
      raw: '{"body":"a\\ud800b \\udc00\\ud83d\\ude00","temp_id":"\\ud83d"}',
    });
    assert.deepEqual([said.body, said.temp_id], ['a\ufffdb \ufffd😀', '\ufffd']);
    assert.deepEqual((await ann.get(`${path}?limit=1`)).data, [said]);
  });

  test('with a field twice means one of them, and no more', async (world) => {
    const { ann, group } = await makeExamples(world);
    const raw = '{"body":"first","body":"second"}';
    const answer = await ann.request('POST', `/api/chat/conversations/${group.id}/messages`, { raw });
    assert.ok(answer.status === 400 || ['first', 'second'].includes(answer.body.body), answer.text);
  });

  test('as a form is checked as well', async (world) => {
    const { ann, group } = await makeExamples(world);
    const path = `/api/chat/conversations/${group.id}/messages`;
    const type = 'application/x-www-form-urlencoded';
    for (const [raw, status] of [
      ['body=a%00b', 422],
      ['body=%ED%A0%80', 400],
      ['body=%C0%80', 400],
      ['body=%E2%82', 400],
      ['body=%zz', 400],
      ['body=', 422],
      ['body=x&reply_to=9223372036854775808', 422],
      ['body=x&reply_to=1e3', 422],
      ['body=%F0%9F%98%80', 201],
      ['body=a+b%2Bc', 201],
    ])
      assert.equal((await ann.request('POST', path, { raw, type })).status, status, raw);
    const { data } = await ann.get(`${path}?limit=2`);
    assert.deepEqual(
      data.map(({ body }) => body),
      ['😀', 'a b+c'],
    );
  });
});

restSuite('a path or query', {}, (test) => {
  const badIds = [
    '0',
    '-1',
    '-0',
    '00',
    '1.5',
    '1e400',
    '9223372036854775808',
    '18446744073709551617',
    'abc',
    '%00',
    '%ff',
    '%2F',
    '%252F',
    '..%2F..%2Fuser',
    'null',
    '%F0%9F%98%80',
    'a'.repeat(2000),
  ];

  test('with an id that is none is 404 in every route', async (world) => {
    const examples = await makeExamples(world);
    const { ann } = examples;
    const before = await snapshot(ann);
    const wrong = [];
    for (const [operation, { body, headers, target }] of Object.entries(exampleRequests(examples))) {
      const [method, path] = operation.split(' ');
      if (!/{(id|userId)}/.test(path) || !world.description.document.paths[path]) continue;
      for (const id of badIds) {
        const last = path.includes('{userId}') ? target.replace(/[^/]+$/, id) : undefined;
        const first = path.replace('{id}', id).replace('{userId}', '1').replace('{emoji}', '%F0%9F%91%8D');
        for (const each of [first, last].filter(Boolean)) {
          const answer = await ann.request(method, each, { body, headers, undescribed: true });
          if (answer.status !== 404)
            wrong.push(`${method} ${each.slice(0, 100)}: ${answer.status} ${answer.text.slice(0, 100)}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert.deepEqual(await snapshot(ann), before);
  });

  test('with a parameter that is wrong is 422, or 400 when it cannot be read, in every list', async (world) => {
    const examples = await makeExamples(world);
    const wrong = [];
    const requests = exampleRequests(examples);
    for (const { method, path, operation } of world.description.operations) {
      const { target = path } = requests[`${method} ${path}`];
      for (const raw of operation.parameters ?? []) {
        const { node } = world.description.resolve(raw, []);
        if (node.in !== 'query') continue;
        const schema = world.description.resolve(node.schema, []).node;
        const integers = ['x', '1.5', '1e400', '9223372036854775808', '-1', '%00', '0x1', '%201'];
        const bad =
          schema.type === 'integer'
            ? integers
            : node.name === 'cursor'
              ? ['x', '0', '%00', '{}', 'AAAA', 'x'.repeat(5000)]
              : ['%00'];
        const [bare, query = ''] = target.split('?');
        const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith(`${node.name}=`));
        for (const value of [...bad, '%ff', '%C0%80']) {
          const whole = `${bare}?${[...kept, `${node.name}=${value}`].join('&')}`;
          const answer = await examples.ann.request(method, whole, {});
          const expected = value === '%ff' || value === '%C0%80' ? 400 : 422;
          if (answer.status !== expected)
            wrong.push(`${method} ${whole.slice(0, 100)}: ${answer.status} ${answer.text.slice(0, 100)}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });
});
