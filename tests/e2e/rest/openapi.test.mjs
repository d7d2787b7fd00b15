// The description of the API (`/api/openapi.json`). Every other test here checks its answers against it.
import assert from 'node:assert/strict';

import { Validator } from '@seriousme/openapi-schema-validator';

import { exampleRequests, makeExamples } from './lib/examples.mjs';
import { restSuite } from './lib/world.mjs';

restSuite('the description', {}, (test) => {
  test('is valid OpenAPI 3.1 and needs no token', async (world) => {
    const answer = await world.nobody.request('GET', '/api/openapi.json', { undescribed: true });
    assert.deepEqual([answer.status, answer.headers['content-type']], [200, 'application/json']);
    const { valid, errors } = await new Validator().validate(structuredClone(answer.body));
    assert.ok(valid, JSON.stringify(errors, null, 2));
    assert.match(answer.body.openapi, /^3\.1\.\d+$/);
  });

  test('has examples that fit to their schemas', async (world) => {
    const { description } = world;
    let count = 0;
    for (const { method, path, operation } of description.operations) {
      const contents = [['requestBody'], ...Object.keys(operation.responses).map((status) => ['responses', status])];
      for (const steps of contents) {
        const raw = steps.reduce((node, name) => node?.[name], operation);
        if (raw === undefined) continue;
        const { node, place } = description.resolve(raw, ['paths', path, method.toLowerCase(), ...steps]);
        for (const [type, { example, examples = {}, schema }] of Object.entries(node.content ?? {})) {
          const values = Object.values(examples).map(({ value }) => value);
          if (example !== undefined) values.push(example);
          for (const value of values) {
            assert.ok(schema, `${method} ${path}`);
            const complaints = description.complaints([...place, 'content', type, 'schema'], value);
            assert.equal(complaints, '', `${method} ${path} ${steps.join(' ')}`);
            count += 1;
          }
        }
      }
    }
    assert.ok(count > 20);
  });

  test('names every parameter of its paths, and says of each operation who may ask', async (world) => {
    const { description } = world;
    const names = [];
    for (const { method, path, operation } of description.operations) {
      const parameters = (operation.parameters ?? []).map((each) => description.resolve(each, []).node);
      const inPath = parameters.filter((each) => each.in === 'path').map(({ name }) => name);
      assert.deepEqual(
        inPath.sort(),
        [...path.matchAll(/{(\w+)}/g)].map((match) => match[1]).sort(),
        `${method} ${path}`,
      );
      const open = operation.security?.length === 0;
      assert.equal('401' in operation.responses, !open, `${method} ${path}`);
      for (const status of ['429', '503']) assert.ok(status in operation.responses, `${method} ${path} ${status}`);
      if (operation.requestBody)
        for (const status of ['400', '413', '415'])
          assert.ok(status in operation.responses, `${method} ${path} ${status}`);
      names.push(operation.operationId ?? `${method} ${path}`);
    }
    assert.equal(new Set(names).size, names.length);
  });

  test('lists only routes that there are', async (world) => {
    const examples = await makeExamples(world);
    const requests = exampleRequests(examples);
    for (const { method, path } of world.description.operations) {
      const { target = path } = requests[`${method} ${path}`];
      const answer = await world.nobody.request(method, target, { undescribed: true });
      assert.notEqual(answer.status, 405, `${method} ${path}`);
      if (answer.status === 404) assert.fail(`${method} ${path}: ${answer.text}`);
    }
  });

  test('misses no method of its paths', async (world) => {
    for (const path of Object.keys(world.description.document.paths)) {
      const target = path.replace(/{\w+}/g, '1');
      const answer = await world.nobody.request('BREW', target, { undescribed: true });
      if (answer.status !== 405) continue;
      const allowed = answer.headers.allow.split(', ').filter((method) => !['HEAD', 'OPTIONS'].includes(method));
      const described = new Set(
        world.description.operations
          .filter((each) => world.description.find(each.method, target)?.path === each.path)
          .map(({ method }) => method),
      );
      for (const method of allowed)
        assert.ok(
          described.has(method) && world.description.find(method, target),
          `${method} ${path} is not described`,
        );
    }
  });
});
