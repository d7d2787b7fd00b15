// What protects people: the page's policy, text that stays text, and sessions that end.
import assert from 'node:assert/strict';

import { message, numbered, write } from './lib/chat.mjs';
import { isLive } from './lib/live.mjs';
import { webSuite } from './lib/suite.mjs';
import { isShown } from './lib/ui.mjs';

const refusals = [/Content Security Policy/, /Trusted/i];

webSuite('security', (test) => {
  test('keeps scripts out that are not its own', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(page.getByRole('feed'));
    scene.complaints.expect(refusals);
    const violated = await page.evaluate(async () => {
      const heard = new Promise((done) => {
        document.addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective), { once: true });
      });
      const script = document.createElement('script');
      script.append('globalThis.parleyWasHere = true');
      document.body.append(script);
      return heard;
    });
    assert.match(violated, /script|trusted-types/);
    assert.equal(await page.evaluate(() => globalThis.parleyWasHere), undefined);
  });

  test('lets no text become markup, whoever tries', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(page.getByRole('feed'));
    scene.complaints.expect(refusals);
    const outcome = await page.evaluate(() => {
      try {
        document.createElement('div').innerHTML = '<img src=x onerror=alert(1)>';
        return 'taken';
      } catch (error) {
        return error.name;
      }
    });
    assert.equal(outcome, 'TypeError');
  });

  test('shows markup and script addresses in messages as text', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const hostile = [
      '<script>alert(1)</script>',
      '<img src=x onerror="alert(2)">',
      'javascript:alert(3) and data:text/html,<b>x</b>',
      '[click](javascript:alert(4))',
      '</textarea></p><iframe src="https://example.com"></iframe>',
    ];
    await ann.sayAll(talk, hostile);
    const page = await scene.open(ben, `/chat/${talk.id}`);
    for (const text of hostile) await isShown(message(page, text).first());
    const feed = page.getByRole('feed');
    for (const tag of ['script', 'iframe', 'img', 'b']) assert.equal(await feed.locator(tag).count(), 0, tag);
    const addresses = await feed.getByRole('link').evaluateAll((links) => links.map((link) => link.href));
    assert.deepEqual(
      addresses.filter((address) => !/^(https?|mailto):/.test(address)),
      [],
    );
  });

  test('keeps characters that turn the direction of writing within their message', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, ['\u202Etxt.exe turned', 'untouched']);
    const page = await scene.open(ben, `/chat/${talk.id}`);
    const turned = message(page, 'turned');
    await isShown(turned);
    assert.equal(
      await turned
        .locator('[dir=auto]')
        .last()
        .evaluate((element) => getComputedStyle(element).unicodeBidi),
      'isolate',
    );
    const [time, text] = await Promise.all([
      turned.locator('time').boundingBox(),
      turned.locator('.text').boundingBox(),
    ]);
    assert.ok(time.x + time.width > text.x, 'the time keeps its place');
    await isShown(message(page, 'untouched'));
  });

  test('shows hostile names as text wherever they stand', async (scene) => {
    const [ann, ben] = await scene.people('Ann', 'Ben');
    const name = '<b onclick=alert(1)>Bold</b>';
    await ben.patch('/api/user', { name });
    const group = await ann.group('<i>Group</i>', ben);
    await ben.say(group, 'hello');
    const page = await scene.open(ann, `/chat/${group.id}`);
    await isShown(message(page, 'hello'));
    await isShown(page.getByText(name).first());
    assert.equal(await page.locator('b[onclick], i:has-text("Group")').count(), 0);
  });

  test('never writes a token into an address', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.sayAll(talk, numbered(30));
    const { id } = await ann.upload('a.txt', 'a', 'text/plain');
    await ann.say(talk, 'file', { attachment_ids: [id] });
    const profile = await scene.profile(ben);
    const addresses = [];
    profile.on('request', (request) => addresses.push(request.url()));
    const page = await profile.newPage();
    page.on('websocket', (socket) => addresses.push(socket.url()));
    await page.goto(`${scene.url}/chat/${talk.id}`);
    await isShown(message(page, 'a.txt'));
    await isLive(page, ben);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download a.txt' }).click();
    await download;
    await write(page, 'thanks');
    await isShown(message(page, 'thanks'));
    for (const path of ['/notifications', '/campaigns', '/money', '/settings/devices'])
      await page.goto(scene.url + path);
    const secret = ben.session.token.split('|')[1];
    assert.ok(addresses.length > 20);
    assert.ok(
      addresses.some((address) => address.startsWith('ws:')),
      'the live connection',
    );
    assert.deepEqual(
      addresses
        .filter((address) => address.includes(secret) || /token|bearer/i.test(address))
        .filter((address) => !address.endsWith('/api/auth/tokens')),
      [],
    );
  });

  test('asks nobody but its own server for anything', async (scene) => {
    const { ann, talk } = await scene.pair();
    const profile = await scene.profile(ann);
    const hosts = new Set();
    profile.on('request', (request) => hosts.add(new URL(request.url()).host));
    const page = await profile.newPage();
    for (const path of [`/chat/${talk.id}`, '/notifications', '/campaigns', '/money', '/settings']) {
      await page.goto(scene.url + path);
      await isShown(page.getByRole('navigation', { name: 'Main menu' }));
    }
    assert.deepEqual(
      [...hosts].filter((host) => host !== '' && host !== scene.server.origin),
      [],
    );
  });

  test('cannot be put into the frame of another page', async (scene) => {
    const { ann, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(page.getByRole('feed'));
    scene.complaints.expect(refusals, /frame/i, /ERR_BLOCKED_BY_/);
    const other = await (await scene.profile(null)).newPage();
    await other.goto('about:blank');
    await other.setContent(`<iframe src="${scene.url}/chat" width="300" height="200"></iframe>`);
    const frame = other.frames().find((inner) => inner !== other.mainFrame());
    assert.equal(await frame.getByRole('navigation').count(), 0);
    const answer = await fetch(`${scene.url}/chat`);
    assert.match(answer.headers.get('content-security-policy'), /frame-ancestors 'none'/);
    assert.equal(answer.headers.get('x-frame-options'), 'DENY');
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  });

  test('leaves nothing of one person to the next on the same device', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ann.say(talk, 'only for Ben');
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(message(page, 'only for Ben'));
    await page.getByRole('textbox', { name: /^Message/ }).fill('a secret draft');
    await page.getByRole('button', { name: `Account of ${ann.name}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await isShown(page.getByRole('heading', { name: 'Sign in' }));
    const kept = await page.evaluate(() => JSON.stringify(localStorage));
    for (const secret of ['secret draft', 'only for Ben', ann.email, ann.session.token])
      assert.ok(!kept.includes(secret), `${secret} in ${kept}`);
    assert.equal((await ann.ask('GET', '/api/user')).status, 401);
    assert.equal((await ben.ask('GET', '/api/user')).status, 200);
  });
});
