// A server that is killed again and again while people use it: nothing that was answered is lost.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { findUnheard } from './lib/checks.mjs';
import { Fleet } from './lib/fleet.mjs';
import { comeToRest, expectNone, option, runChecks, seededRandom, settings } from './lib/run.mjs';
import { Site } from './lib/site.mjs';
import { Sqlite } from './lib/sqlite.mjs';
import { checkTables } from './lib/tables.mjs';

const kills = option('KILLS', 200);
const people = option('PEOPLE', 16);
const replayDelay = option('REPLAY_DELAY', 300);
const killWithin = 300;
const restTime = 20_000;

/** Whether what an earlier life kept back was sent in this one while somebody could not hear it. */
function isDeafened({ listeningAt, hearingAt, endedAt }) {
  const replayAt = listeningAt + replayDelay;
  return endedAt > replayAt && hearingAt > replayAt;
}

/**
 * Kills the server at random moments: most of them before it sends what the last crash kept back, every fourth one
 * after that has begun.
 */
async function killRepeatedly(site, fleet, random) {
  for (let kill = 0; kill < kills && !fleet.isBroken; kill += 1) {
    const least = kill % 4 === 3 ? replayDelay : 0;
    await pause(least + random.between(0, killWithin));
    await site.crash();
    await site.restart();
  }
}

/**
 * What nobody has heard, as sentences. What was kept back while a listener took longer to come back than the server
 * waits is no breach, for want of ears; on a machine that is fit for the test this hardly happens.
 */
function breachesOfHearing(site, record) {
  const deafened = site.lives.filter(isDeafened);
  const lastDeafened = deafened.at(-1)?.listeningAt ?? 0;
  const unheard = findUnheard(record);
  const plain = unheard.filter(({ storedAt }) => storedAt > lastDeafened);
  const breaches = plain.map(({ what }) => `${what} was never heard`);
  if (unheard.length > breaches.length && deafened.length * 10 > kills)
    breaches.push(`${unheard.length} unheard, but the listeners were late in ${deafened.length} lives: try again`);
  return { breaches, deafened: deafened.length };
}

test(`${kills} times kill -9`, { timeout: 1_800_000 }, async (run) => {
  const random = seededRandom(run);
  const database = await Sqlite.create();
  run.after(() => database.end());
  const site = await Site.start({
    ...settings,
    'database.url': database.url,
    'chat.outbox_replay_delay': replayDelay,
  });
  run.after(() => site.isUp && site.crash());
  const fleet = await Fleet.gather(site, random.fork(), people);
  run.after(() => fleet.end());

  fleet.begin();
  await killRepeatedly(site, fleet, random);
  await fleet.whenHearing();
  await pause(2 * replayDelay);
  await fleet.finish();
  const view = await comeToRest(fleet, restTime);

  const { record } = fleet;
  const { breaches, deafened } = breachesOfHearing(site, record);
  const sizes = { messages: record.messages.size, movements: record.movements.size };
  run.diagnostic(JSON.stringify({ ...record.counts, ...sizes, deafened }));
  runChecks(fleet, view);
  expectNone(breaches, 'stored and not broadcast');
  assert.ok(record.counts.unanswered > kills / 2, 'the server was hardly ever killed while it had something to do');
  assert.ok(record.counts.replayed > 0, 'nothing was kept back by a crash');

  await site.stop();
  expectNone(await checkTables(database, record), 'the tables');
  assert.deepEqual(await database.query('PRAGMA integrity_check'), [['ok']]);
});
