import assert from 'node:assert/strict';

import { checks, findUnheard } from './checks.mjs';
import { Random } from './random.mjs';
import { readAll } from './view.mjs';

const shown = 12;

/** A whole number from the environment. */
export function option(name, otherwise) {
  const given = process.env[`PARLEY_CHAOS_${name}`] ?? '';
  if (given === '') return otherwise;
  assert.match(given, /^\d+$/, `PARLEY_CHAOS_${name} must be a whole number`);
  return Number(given);
}

/** What the run does is the same for the same seed, but for what the clock decides. */
export function seededRandom(test) {
  const seed = option('SEED', Date.now() % 1_000_000_000);
  test.diagnostic(`PARLEY_CHAOS_SEED=${seed}`);
  return new Random(seed);
}

/** Settings with which a fleet may ask as much as it can, and lost work is taken up again at once. */
export const settings = {
  'limits.max_messages_per_second': -1,
  'limits.max_chat_requests_per_second': -1,
  'limits.max_registrations_per_minute': -1,
  'jobs.retry_after': 1,
  'jobs.tries': 100,
};

/** Fails with the first of `breaches`, if there are any. */
export function expectNone(breaches, what) {
  const more = breaches.length > shown ? `\nand ${breaches.length - shown} more` : '';
  assert.equal(breaches.length, 0, `${what}:\n${breaches.slice(0, shown).join('\n')}${more}`);
}

/** How many notifications there still must be: those of direct messages that were not deleted. */
function countMissingNotifications(record, view) {
  const made = new Set(view.notifications.flatMap(({ list }) => list.map(({ data }) => data.message_id)));
  const wanted = [...record.messages.values()].filter(({ receiverId, deleted }) => receiverId !== null && !deleted);
  return wanted.filter(({ id }) => !made.has(id)).length;
}

/** Waits until all was heard and every notification is there, at most twice `patience`: what all then looks like. */
export async function comeToRest(fleet, patience) {
  await fleet.settles(() => findUnheard(fleet.record).length === 0, patience);
  let view = await readAll(fleet.people);
  for (const end = Date.now() + patience; Date.now() < end && countMissingNotifications(fleet.record, view) > 0; )
    view = await readAll(fleet.people);
  return view;
}

/** Every check over what the API shows. */
export function runChecks(fleet, view) {
  const world = { record: fleet.record, view, followers: fleet.followers };
  const breaches = Object.entries(checks).flatMap(([name, check]) => [...check(world)].map((one) => `${name}: ${one}`));
  expectNone(fleet.record.faults, 'what clients were told breaks the rules');
  expectNone(breaches, 'what was answered does not hold');
}
