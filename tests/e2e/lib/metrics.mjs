import assert from 'node:assert/strict';
import http from 'node:http';

import { within } from '../../lib/deadline.mjs';

const names = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const sampleLine = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const number = /^(?:[+-]?Inf|NaN|-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)$/;

/** One answer of the second port; `headers` replace those that are sent anyway. */
export async function ask(port, path, headers = {}) {
  const answered = new Promise((answer, failed) => {
    const request = http.request({ host: '127.0.0.1', port, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => answer({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on('error', failed);
    request.end();
  });
  return within(answered, `answer to GET ${path}`);
}

function parseLabels(text) {
  const labels = {};
  for (label.lastIndex = 0; label.lastIndex < text.length;) {
    const match = label.exec(text);
    assert.ok(match, `labels: ${text}`);
    assert.ok(!(match[1] in labels), `a label twice: ${text}`);
    labels[match[1]] = match[2];
  }
  return labels;
}

/** To which family a series belongs, which has that type. */
function familyOf(name, families) {
  const base = name.replace(/_(bucket|sum|count)$/, '');
  return families.get(base)?.type === 'histogram' ? base : name;
}

function checkHistogram(name, series) {
  const rows = new Map();
  for (const { series: of, labels, value } of series) {
    const { le, ...rest } = labels;
    const row = rows.get(JSON.stringify(rest)) ?? { buckets: [] };
    if (of === `${name}_bucket`) row.buckets.push([le === '+Inf' ? Infinity : Number(le), value]);
    else row[of.slice(name.length + 1)] = value;
    rows.set(JSON.stringify(rest), row);
  }
  for (const { buckets, sum, count } of rows.values()) {
    assert.ok(buckets.length > 1 && buckets.at(-1)[0] === Infinity, `${name} has no last bucket`);
    for (let i = 1; i < buckets.length; i += 1) {
      assert.ok(buckets[i][0] > buckets[i - 1][0], `the bounds of ${name} do not rise`);
      assert.ok(buckets[i][1] >= buckets[i - 1][1], `${name} is not cumulative`);
    }
    assert.equal(buckets.at(-1)[1], count, name);
    assert.ok(sum >= 0, name);
  }
}

/**
 * Checks a page in Prometheus's text format 0.0.4 as promtool does, and returns its families: a map from name to
 * {type, help, series: [{series, labels, value}]}.
 */
export function parseMetrics(text) {
  assert.ok(text.endsWith('\n'), 'the last line does not end');
  const families = new Map();
  const seen = new Set();
  let current;
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line);
    if (comment !== null) {
      const [, what, name, rest] = comment;
      assert.match(name, names);
      if (what === 'HELP') {
        assert.ok(!families.has(name), `${name} comes twice`);
        families.set(name, { help: rest, series: [] });
        current = name;
      } else {
        assert.equal(name, current, 'the type does not follow the help');
        assert.match(rest, /^(counter|gauge|histogram)$/);
        families.get(name).type = rest;
      }
      continue;
    }
    const match = sampleLine.exec(line);
    assert.ok(match, `no sample: ${line}`);
    const [, series, labels = '', value] = match;
    assert.match(value, number, line);
    assert.equal(familyOf(series, families), current, `out of its family: ${line}`);
    assert.ok(!seen.has(`${series}{${labels}}`), `twice: ${line}`);
    seen.add(`${series}{${labels}}`);
    families.get(current).series.push({ series, labels: parseLabels(labels), value: Number(value) });
  }
  for (const [name, { type, series }] of families) {
    assert.ok(series.length > 0, `${name} has no value`);
    if (type === 'counter') for (const { value } of series) assert.ok(value >= 0, name);
    if (type === 'histogram') checkHistogram(name, series);
  }
  return families;
}

/** The metrics of a server, checked. */
export class Metrics {
  static async of(server) {
    const { port } = await server.logged('metrics_listening');
    const answer = await ask(port, '/metrics');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
    return new Metrics(parseMetrics(answer.text));
  }

  constructor(families, prefix = 'soketi_') {
    this.families = families;
    this.prefix = prefix;
  }

  /** The sum of the series called `name` whose labels are among others `labels`. */
  sum(name, labels = {}) {
    const full = this.prefix + name;
    const family = this.families.get(familyOf(full, this.families));
    const fits = (each) =>
      each.series === full && Object.entries(labels).every(([key, text]) => each.labels[key] === text);
    return (family?.series ?? []).filter(fits).reduce((sum, { value }) => sum + value, 0);
  }
}
