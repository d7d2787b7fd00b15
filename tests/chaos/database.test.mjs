// A PostgreSQL that is restarted again and again while people use the server: requests wait or are told to come back.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { findUnheard } from './lib/checks.mjs';
import { Fleet } from './lib/fleet.mjs';
import { Postgresql } from './lib/postgresql.mjs';
import { comeToRest, expectNone, option, runChecks, seededRandom, settings } from './lib/run.mjs';
import { Site } from './lib/site.mjs';
import { checkTables } from './lib/tables.mjs';

const restarts = option('RESTARTS', 10);
const people = option('PEOPLE', 16);
const patience = 1_000;
const wellTime = 2_500; // between two restarts
// Every few seconds the server looks for what was stored without its knowing, and sends what it saw the last time.
const restTime = 30_000;

/** Stops and starts the database, by turns as a crash and an operator do, some for longer than requests wait. */
async function restartRepeatedly(database, fleet, random) {
  for (let restart = 0; restart < restarts && !fleet.isBroken; restart += 1) {
    await pause(random.between(0, wellTime));
    await database.stop(restart % 2 === 0 ? 'immediate' : 'fast');
    if (restart % 3 === 2) await pause(2 * patience);
    await database.begin();
  }
}

/** Everybody was connected all the time: everybody has heard everything of their conversations. */
function* missedByParticipants({ record, people: everybody }, view) {
  for (const row of view.rows) {
    const { name } = everybody.find(({ id }) => id === row.userId);
    const heard = record.heardBy.get(name);
    for (const { id } of view.conversations.get(row.id).messages)
      if (!record.messages.get(id)?.deleted && !heard.has(id)) yield `${name} never heard message ${id}`;
  }
  for (const { id, receiverId, deleted } of record.messages.values())
    if (receiverId !== null && !deleted && !record.heardNotifications.has(id))
      yield `user ${receiverId} never heard of the notification of message ${id}`;
}

test(`${restarts} restarts of PostgreSQL`, { timeout: 1_800_000 }, async (run) => {
  const random = seededRandom(run);
  const database = await Postgresql.start();
  run.after(() => database.end());
  const site = await Site.start({ ...settings, 'database.url': database.url, 'database.patience': patience });
  run.after(() => site.isUp && site.crash());
  const fleet = await Fleet.gather(site, random.fork(), people);
  run.after(() => fleet.end());

  fleet.begin();
  await restartRepeatedly(database, fleet, random);
  await pause(wellTime);
  await fleet.finish();
  const view = await comeToRest(fleet, restTime);

  const { record } = fleet;
  const sizes = { messages: record.messages.size, movements: record.movements.size };
  run.diagnostic(JSON.stringify({ ...record.counts, ...sizes }));
  runChecks(fleet, view);
  expectNone(
    findUnheard(record).map(({ what }) => `${what} was never heard`),
    'stored and not broadcast',
  );
  expectNone([...missedByParticipants(fleet, view)], 'not heard by a participant');
  assert.equal(record.counts.breaks, 0, 'no WebSocket connection may break');
  assert.equal(record.counts.unanswered, 0, 'every request must be answered');
  assert.ok(record.counts.unavailable > 0, 'the database was hardly ever away');

  await site.stop();
  expectNone(await checkTables(database, record), 'the tables');
});
