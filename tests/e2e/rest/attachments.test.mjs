// Files (chat spec, section 5: "Attachments").
import assert from 'node:assert/strict';
import net from 'node:net';

import { within } from '../../lib/deadline.mjs';
import { jpeg, photograph, png } from './lib/files.mjs';
import { restSuite } from './lib/world.mjs';

const uploads = '/api/chat/attachments';
const kilobyte = Buffer.from(Array.from({ length: 1000 }, (_, i) => 1 + (i % 250)));

async function uploaded(who, bytes, options) {
  const answer = await who.upload(bytes, options);
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

const fetchFile = (who, file, headers = {}, method = 'GET') => who.request(method, file.url, { headers });

/** Sends a form's text as it is. */
const form = (who, raw, type = 'multipart/form-data; boundary=b') => who.request('POST', uploads, { raw, type });
const part = (head, body = 'abc') => `--b\r\n${head}\r\n\r\n${body}\r\n`;
const filePart = part('Content-Disposition: form-data; name="file"; filename="a.txt"');

restSuite('an upload', {}, (test) => {
  test('is stored byte for byte and told of', async (world) => {
    const ann = await world.person();
    const every = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256));
    const file = await uploaded(ann, every, { name: 'data.bin', type: 'image/png' });
    assert.deepEqual(file, {
      id: file.id,
      name: 'data.bin',
      media_type: 'application/octet-stream',
      size: 70_000,
      width: null,
      height: null,
      url: `${uploads}/${file.id}`,
      thumbnail_url: null,
    });
    assert.match(file.id, /^[0-9a-zA-Z_-]{16,}$/);
    const got = await fetchFile(ann, file);
    assert.ok(got.bytes.equals(every));
    assert.equal(got.headers['content-length'], '70000');
    await ann.get(`${file.url}/thumbnail`, 404);
  });

  test('twice of the same bytes makes two that stand alone', async (world) => {
    const {
      company,
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const [one, two] = [await uploaded(ann, kilobyte), await uploaded(bob, kilobyte)];
    assert.notEqual(one.id, two.id);
    const said = await ann.say(company.general, '', { attachment_ids: [one.id] });
    await ann.delete(`/api/chat/messages/${said.id}`);
    assert.equal((await fetchFile(ann, one)).status, 404);
    assert.ok((await fetchFile(bob, two)).bytes.equals(kilobyte));
  });

  for (const [title, bytes, lie, mediaType, name] of [
    ['HTML as a picture', '<!DOCTYPE html><script>alert(1)</script>', 'image/png', 'text/html', 'a.png'],
    [
      'SVG as a picture',
      '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
      'image/png',
      'image/svg+xml',
      'a.png',
    ],
    ['text as a film', 'only text', 'video/mp4', 'text/plain', 'a.mp4'],
    [
      'a program as a JPEG',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]),
      'image/jpeg',
      'application/octet-stream',
      'a.jpg',
    ],
    ['PDF as text', '%PDF-1.7\n', 'text/plain', 'application/pdf', 'a.txt'],
  ]) {
    test(`is no ${title}: its type is told by its bytes, and it is never shown inline`, async (world) => {
      const ann = await world.person();
      const file = await uploaded(ann, Buffer.from(bytes), { name, type: lie });
      assert.equal(file.media_type, mediaType);
      const { headers } = await fetchFile(ann, file);
      assert.match(headers['content-disposition'], /^attachment/);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.match(headers['content-security-policy'], /sandbox/);
      assert.doesNotMatch(headers['content-type'], /html|svg|xml/);
    });
  }

  for (const [sent, kept] of [
    ['../../etc/passwd', 'passwd'],
    ['C:\\\\x\\\\y.txt', 'y.txt'],
    ['/', 'file'],
    ['..', /^(file|\.\.)$/],
    ['', 'file'],
    ['a\tb.txt', /^a ?b\.txt$/],
    ['\u202egpj.exe', 'gpj.exe'],
    ['👩‍👧 e\u0301.png', '👩‍👧 e\u0301.png'],
    [`${'x'.repeat(300)}.pdf`, /^x{200,251}\.pdf$/],
    ['%2e%2e%2fpasswd', /passwd$/],
  ]) {
    test(`called ${JSON.stringify(sent.slice(0, 20))} has a name that is only a name`, async (world) => {
      const ann = await world.person();
      const answer = await ann.upload(kilobyte, { name: sent });
      if (answer.status === 422) return;
      assert.equal(answer.status, 201, answer.text);
      if (kept instanceof RegExp) assert.match(answer.body.name, kept);
      else assert.equal(answer.body.name, kept);
      const { headers } = await fetchFile(ann, answer.body);
      assert.doesNotMatch(headers['content-disposition'], /[\r\n/\\]/);
    });
  }

  test('needs one file in the field "file", in a form that can be read', async (world) => {
    const ann = await world.person();
    const end = '--b--\r\n';
    for (const [status, raw, type] of [
      [201, `${filePart}${end}`],
      [201, `preamble\r\n${filePart}${end}epilogue`],
      [422, end],
      [422, `${part('Content-Disposition: form-data; name="other"; filename="a"')}${end}`],
      [422, `${part('Content-Disposition: form-data; name="file"')}${end}`],
      [422, `${filePart}${filePart}${end}`],
      [422, `${part('Content-Disposition: form-data; name="file"; filename="a"', '')}${end}`],
      [400, filePart],
      [400, `${part('X-Nothing: 1')}${end}`],
      [400, 'no form at all'],
      [400, `${filePart}${end}`, 'multipart/form-data'],
      [400, `${filePart}${end}`, 'multipart/form-data; boundary='],
      [415, 'file=abc', 'application/x-www-form-urlencoded'],
      [415, '{"file":"abc"}', 'application/json'],
    ]) {
      const answer = await form(ann, raw, type);
      assert.ok(
        answer.status === status || (status !== 201 && [400, 415, 422].includes(answer.status)),
        `${answer.status} in place of ${status}: ${raw.slice(0, 90)} ${answer.text}`,
      );
    }
    await form(world.nobody, `${filePart}${end}`).then(({ status }) => assert.equal(status, 401));
    await ann.get('/api/user');
  });

  test('that breaks off leaves nothing, and the next one works', async (world) => {
    const ann = await world.person();
    for (let i = 0; i < 5; i += 1) {
      const socket = net.connect(world.port, '127.0.0.1');
      socket.on('error', () => {});
      await within(new Promise((done) => socket.once('connect', done)), 'connection');
      const head = `POST ${uploads} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${ann.token}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n`;
      await new Promise((done) => socket.write(`${head}${filePart.slice(0, -5)}${'x'.repeat(i * 5000)}`, done));
      socket.destroy();
    }
    await uploaded(ann, kilobyte);
  });
});

restSuite(
  'an upload of at most 1000 bytes',
  { 'limits.max_attachment_size': 1000, 'limits.max_unused_attachments': 3 },
  (test) => {
    test('is taken at the limit and refused past it', async (world) => {
      const ann = await world.person();
      const file = await uploaded(ann, kilobyte);
      assert.equal(file.size, 1000);
      for (const size of [1001, 66_000, 500_000])
        assert.equal((await ann.upload(Buffer.alloc(size, 'x'))).status, 413, String(size));
      assert.ok((await fetchFile(ann, file)).bytes.equals(kilobyte));
    });

    test('that no message has yet is one of few', async (world) => {
      const {
        company,
        people: [ann],
      } = await world.colleagues('Ann');
      const files = [];
      for (let i = 0; i < 3; i += 1) files.push(await uploaded(ann, Buffer.from(`file ${i}`)));
      assert.equal((await ann.upload(kilobyte)).status, 409);
      await ann.say(company.general, '', { attachment_ids: [files[0].id] });
      await uploaded(ann, kilobyte);
    });
  },
);

restSuite('a download', {}, (test) => {
  test('of a part is 206, of what is not there 416', async (world) => {
    const ann = await world.person();
    const file = await uploaded(ann, kilobyte);
    const whole = await fetchFile(ann, file);
    assert.equal(whole.headers['accept-ranges'], 'bytes');
    for (const [range, from, to] of [
      ['0-0', 0, 0],
      ['0-99', 0, 99],
      ['990-', 990, 999],
      ['-10', 990, 999],
      ['0-', 0, 999],
      ['500-99999', 500, 999],
      ['-5000', 0, 999],
    ]) {
      const part = await fetchFile(ann, file, { Range: `bytes=${range}` });
      assert.deepEqual([part.status, part.headers['content-range']], [206, `bytes ${from}-${to}/1000`], range);
      assert.ok(part.bytes.equals(kilobyte.subarray(from, to + 1)), range);
    }
    for (const range of ['1000-', '5000-6000', '-0']) {
      const answer = await fetchFile(ann, file, { Range: `bytes=${range}` });
      assert.deepEqual([answer.status, answer.headers['content-range']], [416, 'bytes */1000'], range);
    }
    for (const range of ['bytes=5-1', 'bytes=x', 'lines=0-1', 'bytes=', 'bytes=99999999999999999999-', 'bytes=0-0,5-5'])
      assert.ok([200, 206, 416].includes((await fetchFile(ann, file, { Range: range })).status), range);
    const { etag } = whole.headers;
    assert.equal((await fetchFile(ann, file, { Range: 'bytes=0-0', 'If-Range': etag })).status, 206);
    assert.equal((await fetchFile(ann, file, { Range: 'bytes=0-0', 'If-Range': '"other"' })).status, 200);
  });

  test('is 304 for what one has, and HEAD tells the same without the bytes', async (world) => {
    const ann = await world.person();
    const file = await uploaded(ann, kilobyte);
    const get = await fetchFile(ann, file);
    const head = await fetchFile(ann, file, {}, 'HEAD');
    assert.deepEqual([head.status, head.bytes.length], [200, 0]);
    for (const name of ['content-length', 'content-type', 'etag', 'cache-control', 'content-disposition'])
      assert.equal(head.headers[name], get.headers[name], name);
    const known = await fetchFile(ann, file, { 'If-None-Match': get.headers.etag });
    assert.deepEqual([known.status, known.bytes.length], [304, 0]);
    assert.match(get.headers['cache-control'], /private/);
  });

  test('is for its uploader until it is sent, and then for those who take part', async (world) => {
    const {
      people: [ann, bob, cid],
    } = await world.colleagues('Ann', 'Bob', 'Cid');
    const stranger = await world.person('Stranger');
    const file = await uploaded(ann, kilobyte);
    const seen = async () =>
      Promise.all([ann, bob, cid, stranger].map(async (who) => (await fetchFile(who, file)).status));
    assert.deepEqual(await seen(), [200, 404, 404, 404]);
    const direct = await ann.direct(bob);
    await bob.refused(
      'POST',
      `/api/chat/conversations/${direct.id}/messages`,
      { body: 'mine', attachment_ids: [file.id] },
      'attachment_ids',
    );
    const said = await ann.say(direct, '', { attachment_ids: [file.id] });
    assert.deepEqual([said.body, said.attachments], ['', [file]]);
    assert.deepEqual(await seen(), [200, 200, 404, 404]);
    await ann.refused(
      'POST',
      `/api/chat/conversations/${direct.id}/messages`,
      { body: 'again', attachment_ids: [file.id] },
      'attachment_ids',
    );
    const hits = await bob.get('/api/chat/search?q=nothing&has=attachment');
    assert.deepEqual(hits.data, []);
    await ann.delete(`/api/chat/messages/${said.id}`);
    assert.deepEqual(await seen(), [404, 404, 404, 404]);
    await fetchFile(world.nobody, file).then(({ status }) => assert.equal(status, 401));
  });

  test('of ids that are none is 404', async (world) => {
    const ann = await world.person();
    for (const id of [
      'x',
      '0',
      '%00',
      '..%2F..%2Fparley.db',
      '%2e%2e',
      '00000000-0000-4000-8000-000000000000',
      'a'.repeat(500),
      '%ff',
    ])
      for (const end of ['', '/thumbnail'])
        assert.equal((await ann.request('GET', `${uploads}/${id}${end}`, { undescribed: true })).status, 404, id);
  });

  test('ends for those who go', async (world) => {
    const {
      people: [ann, bob],
    } = await world.colleagues('Ann', 'Bob');
    const group = await ann.group('Plan', [bob]);
    const file = await uploaded(ann, kilobyte);
    await ann.say(group, 'look', { attachment_ids: [file.id] });
    assert.equal((await fetchFile(bob, file)).status, 200);
    await bob.delete(`/api/chat/conversations/${group.id}/participants/${bob.id}`);
    assert.equal((await fetchFile(bob, file)).status, 404);
  });
});

restSuite('attachments of a message', {}, (test) => {
  test('are at most ten, each once, in their order', async (world) => {
    const {
      company,
      people: [ann],
    } = await world.colleagues('Ann');
    const path = `/api/chat/conversations/${company.general.id}/messages`;
    const files = [];
    for (let i = 0; i < 11; i += 1)
      files.push((await uploaded(ann, Buffer.from(`file ${i}`), { name: `${i}.txt` })).id);
    await ann.post(path, { body: 'x', attachment_ids: files }, 422);
    await ann.post(path, { body: 'x', attachment_ids: ['nope'] }, 422);
    await ann.refused('POST', path, { attachment_ids: [] }, 'body');
    const said = await ann.post(path, { attachment_ids: files.slice(0, 10).reverse() });
    assert.deepEqual(
      said.attachments.map(({ name }) => name),
      ['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'].map((i) => `${i}.txt`),
    );
    const twice = await ann.request('POST', path, { body: { attachment_ids: [files[10], files[10]] } });
    assert.ok(twice.status === 422 || twice.body.attachments.length === 1, twice.text);
  });

  test('of messages sent at once belong to one of them', async (world) => {
    const {
      company,
      people: [ann],
    } = await world.colleagues('Ann');
    const file = await uploaded(ann, kilobyte);
    const path = `/api/chat/conversations/${company.general.id}/messages`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ann.request('POST', path, { body: { attachment_ids: [file.id] } })),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(422)]);
  });
});

restSuite('a picture', {}, (test) => {
  test('has a size and a thumbnail', async (world) => {
    const ann = await world.person();
    const file = await uploaded(ann, png(1200, 600), { name: 'a.png' });
    assert.deepEqual([file.media_type, file.width, file.height], ['image/png', 1200, 600]);
    assert.equal(file.thumbnail_url, `${file.url}/thumbnail`);
    const thumbnail = await ann.request('GET', file.thumbnail_url);
    assert.deepEqual([thumbnail.status, thumbnail.bytes.subarray(8, 12).toString()], [200, 'WEBP']);
    assert.ok(thumbnail.bytes.length < 20_000);
    assert.match((await fetchFile(ann, file)).headers['content-disposition'], /^inline/);
    assert.equal((await ann.request('HEAD', file.thumbnail_url)).status, 200);
  });

  test('loses what it tells of place and camera, not which way is up', async (world) => {
    const ann = await world.person();
    const [upright, turned] = [
      await uploaded(ann, jpeg),
      await uploaded(ann, photograph(6, 'GPS-SECRET'), { name: 'a.jpg' }),
    ];
    assert.deepEqual([upright.width, upright.height], [40, 20]);
    assert.deepEqual([turned.width, turned.height, turned.media_type], [20, 40, 'image/jpeg']);
    for (const url of [turned.url, turned.thumbnail_url]) {
      const { bytes } = await ann.request('GET', url);
      assert.ok(!bytes.includes('GPS-SECRET'), url);
    }
    const commented = await uploaded(ann, png(3, 3, { comment: 'GPS-SECRET' }));
    assert.ok(!(await fetchFile(ann, commented)).bytes.includes('GPS-SECRET'));
  });

  test('that is a bomb, a lie or broken is refused, and the server goes on', async (world) => {
    const ann = await world.person();
    for (const [title, bytes] of [
      ['declares 60000 by 60000', png(60_000, 60_000, { rows: 1 })],
      ['declares 2^31-1 by 1', png(2 ** 31 - 1, 1, { rows: 0 })],
      ['declares 0 by 0', png(0, 0)],
      ['is 8000 by 8000 of nothing', png(8000, 8000)],
      ['is cut off', png(100, 100).subarray(0, 40)],
      ['is a signature alone', png(1, 1).subarray(0, 8)],
      ['is a JPEG cut off', jpeg.subarray(0, 100)],
      ['is a GIF of nothing', Buffer.from('GIF89a\xff\xff\xff\xff', 'latin1')],
    ]) {
      const { status, body } = await ann.upload(bytes, { name: 'a.png' });
      assert.deepEqual([status, Object.keys(body.errors ?? {})], [422, ['file']], title);
    }
    await uploaded(ann, png(4, 4));
  });

  test('uploaded many times at once is there each time', async (world) => {
    const ann = await world.person();
    const files = await Promise.all(Array.from({ length: 6 }, (_, i) => uploaded(ann, png(10 + i, 10))));
    assert.deepEqual(
      files.map(({ width }) => width),
      [10, 11, 12, 13, 14, 15],
    );
  });
});
