import assert from 'node:assert/strict';

import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const json = 'application/json';

/** A step of a JSON pointer (RFC 6901, section 3). */
const step = (text) => encodeURIComponent(String(text).replaceAll('~', '~0').replaceAll('/', '~1'));

/** The API's description, as the server gives it, and whether what is sent and answered fits to it. */
export class Description {
  #ajv = new Ajv({ strict: false, allErrors: true });
  #validators = new Map();

  constructor(document) {
    this.document = document;
    addFormats(this.#ajv);
    this.#ajv.addSchema(document, 'description');
  }

  /** Every operation: {method, path, operation}, methods in capitals. */
  get operations() {
    return Object.entries(this.document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
    );
  }

  /** What `node` refers to, and where that is in the document. */
  resolve(node, place) {
    if (node?.$ref === undefined) return { node, place };
    const steps = node.$ref.replace(/^#\//, '').split('/');
    const names = steps.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    const target = names.reduce((parent, name) => parent[name], this.document);
    return this.resolve(target, names);
  }

  /** The operation that a request to `target` means; literal segments go before parameters. */
  find(method, target) {
    const segments = target.split('?')[0].split('/');
    const fits = (path) => {
      const pattern = path.split('/');
      return (
        pattern.length === segments.length && pattern.every((each, i) => /^{.*}$/.test(each) || each === segments[i])
      );
    };
    const parameters = (path) => path.split('{').length;
    const path = Object.keys(this.document.paths)
      .filter(fits)
      .sort((left, right) => parameters(left) - parameters(right))
      .find((each) => this.document.paths[each][method.toLowerCase()] !== undefined);
    return path === undefined ? undefined : { path, operation: this.document.paths[path][method.toLowerCase()] };
  }

  #validator(place) {
    const reference = `description#/${place.map(step).join('/')}`;
    if (!this.#validators.has(reference)) this.#validators.set(reference, this.#ajv.compile({ $ref: reference }));
    return this.#validators.get(reference);
  }

  /** What is wrong with `value` as the schema at `place` sees it; empty if nothing is. */
  complaints(place, value) {
    const valid = this.#validator(place);
    if (valid(value)) return '';
    return valid.errors
      .map((error) => `${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`)
      .join('\n');
  }

  /** The place of the schema of an operation's JSON body; undefined for one without. */
  requestPlace(method, path) {
    const content = this.document.paths[path][method.toLowerCase()].requestBody?.content;
    if (content?.[json] === undefined) return undefined;
    return ['paths', path, method.toLowerCase(), 'requestBody', 'content', json, 'schema'];
  }

  /** Checks that the answer is one that the description promises: its status, its type and its body. */
  checkAnswer(method, target, answer) {
    const found = this.find(method === 'HEAD' ? 'GET' : method, target);
    const what = `${method} ${target}: ${answer.status} ${answer.text.slice(0, 500)}`;
    assert.ok(found, `not described: ${what}`);
    const listed = found.operation.responses[answer.status];
    assert.ok(listed, `the status is not described: ${what}`);
    const key = (method === 'HEAD' ? 'GET' : method).toLowerCase();
    const { node, place } = this.resolve(listed, ['paths', found.path, key, 'responses', String(answer.status)]);
    for (const name of Object.keys(node.headers ?? {}))
      if (name === 'Retry-After') assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/, what);
    if (method === 'HEAD') return;
    this.#checkContent(node, place, answer, what);
  }

  #checkContent(node, place, answer, what) {
    if (node.content === undefined) {
      assert.equal(answer.bytes.length, 0, `a body where none is described: ${what}`);
      return;
    }
    const type = answer.headers['content-type']?.split(';')[0];
    const kinds = Object.keys(node.content);
    assert.ok(kinds.includes(type) || kinds.includes('*/*'), `content type ${type} is not among ${kinds}: ${what}`);
    if (type !== json || node.content[json] === undefined) return;
    const complaints = this.complaints([...place, 'content', json, 'schema'], answer.body);
    assert.equal(complaints, '', `the body does not fit its schema: ${what}`);
  }

  /** Checks that a JSON body that the server took is one that the description allows. */
  checkTaken(method, target, body) {
    const found = this.find(method, target);
    const place = found && this.requestPlace(method, found.path);
    assert.ok(place, `${method} ${target} took a body that is not described`);
    assert.equal(this.complaints(place, body), '', `${method} ${target} took ${JSON.stringify(body).slice(0, 500)}`);
  }
}
