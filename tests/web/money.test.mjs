// Money: the balance and its ledger, deposits, withdrawals, and their decision.
import assert from 'node:assert/strict';

import { answered } from './lib/complaints.mjs';
import { hears } from './lib/live.mjs';
import { lookOutFor, notices } from './lib/sightings.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, button, dialog, isShown } from './lib/ui.mjs';

const balance = (page) => page.getByRole('region', { name: 'Balance' });
const ledger = (page) => page.getByRole('region', { name: 'Deposits and withdrawals' }).getByRole('listitem');

let keys = 0;

const key = () => {
  keys += 1;
  return { 'Idempotency-Key': `test-${process.pid}-${keys}` };
};

const deposit = (person, amount) => person.post('/api/financial/deposits', { amount }, key());
const withdraw = (person, amount) => person.post('/api/financial/withdrawals', { amount }, key());

/** Waits until a page hears of the money of `person`, and looks out for what it says of it then. */
async function listensFor(page, person, text) {
  await hears(page, `private-financial.${person.id}`);
  return lookOutFor(page, notices, text);
}

/** Deposits or withdraws through the dialog. */
async function move(page, kind, amount, shown) {
  await button(page, kind).click();
  const form = dialog(page, `${kind} money`);
  await form.getByLabel('Amount').fill(amount);
  await button(form, 'Continue').click();
  await button(form, `${kind} ${shown}`).click();
}

webSuite('money', (test) => {
  test('is deposited after a question, and the ledger shows it with the balance after it', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/money');
    await isShown(page.getByText('Nothing has been deposited or withdrawn yet.'));
    await move(page, 'Deposit', '150.25', '$150.25');
    await isShown(balance(page).getByText('$150.25'));
    await isShown(ledger(page).filter({ hasText: 'Completed' }).getByText('Balance after it: $150.25'));
    assert.equal((await ann.get('/api/financial/account')).balance, 15_025);
  });

  test('is held when a withdrawal is asked for', async (scene) => {
    const [ann] = await scene.people('Ann');
    await deposit(ann, 20_000);
    const page = await scene.open(ann, '/money');
    await move(page, 'Withdraw', '50', '$50.00');
    await isShown(balance(page).getByText('$150.00'));
    await isShown(balance(page).getByText('$50.00'));
    await isShown(ledger(page).filter({ hasText: 'Pending' }));
  });

  test('is never moved twice, though the answer is lost and one tries again', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/money');
    scene.complaints.expect(/net::ERR_FAILED/);
    let lost = 0;
    await page.route('**/api/financial/deposits', async (route) => {
      if (lost > 0) return route.continue();
      lost += 1;
      await route.fetch();
      return route.abort('failed');
    });
    await move(page, 'Deposit', '10', '$10.00');
    const form = dialog(page, 'Deposit money');
    await isShown(form.getByText(/Trying again is safe/));
    await button(form, 'Try again').click();
    await areShown(dialog(page, 'Deposit money'), 0);
    await areShown(ledger(page), 1);
    assert.equal((await ann.get('/api/financial/account')).balance, 1_000);
  });

  test('that is not there cannot be withdrawn', async (scene) => {
    const [ann] = await scene.people('Ann');
    await deposit(ann, 1_000);
    const page = await scene.open(ann, '/money');
    await button(page, 'Withdraw').click();
    const form = dialog(page, 'Withdraw money');
    await form.getByLabel('Amount').fill('10.01');
    await button(form, 'Continue').click();
    await isShown(form.getByText('At most $10.00.'));
    await areShown(button(form, 'Withdraw $10.01'), 0);
  });

  test('comes and goes live, on all devices', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/money');
    await isShown(balance(page).getByText('$0.00').first());
    await deposit(ann, 7_700);
    await isShown(balance(page).getByText('$77.00'));
    await areShown(ledger(page), 1);
  });

  test('is paid out by those who may decide, and the one who asked hears of it', async (scene) => {
    const [ann] = await scene.people('Ann');
    await deposit(ann, 9_000);
    await withdraw(ann, 4_000);
    const page = await scene.open(ann, '/money');
    await isShown(ledger(page).filter({ hasText: 'Pending' }));
    const desk = await scene.open(scene.owner, '/money');
    await desk.getByRole('link', { name: 'Decide withdrawals' }).click();
    const heard = await listensFor(page, ann, 'Your withdrawal of $40.00 has been paid out.');
    await button(desk, `Pay out $40.00 to ${ann.name}`).click();
    await button(dialog(desk, 'Pay out a withdrawal'), 'Pay out').click();
    await isShown(desk.getByText(`$40.00 paid out to ${ann.name}.`));
    await heard();
    await isShown(ledger(page).filter({ hasText: 'Paid out' }));
    await desk.getByRole('link', { name: 'Paid out' }).click();
    await isShown(desk.getByRole('listitem').filter({ hasText: ann.name }));
  });

  test('is given back when it is rejected', async (scene) => {
    const [ann] = await scene.people('Ann');
    await deposit(ann, 3_000);
    await withdraw(ann, 3_000);
    const page = await scene.open(ann, '/money');
    const desk = await scene.open(scene.owner, '/money/withdrawals');
    const heard = await listensFor(page, ann, 'Your withdrawal of $30.00 was rejected; the money is back.');
    await button(desk, `Reject $30.00 of ${ann.name}`).click();
    await button(dialog(desk, 'Reject a withdrawal'), 'Reject').click();
    await heard();
    await isShown(balance(page).getByText('$30.00'));
  });

  test('that somebody else has decided meanwhile is told so', async (scene) => {
    const [ann] = await scene.people('Ann');
    await deposit(ann, 2_000);
    const asked = await withdraw(ann, 1_100);
    const desk = await scene.open(scene.owner, '/money/withdrawals');
    await button(desk, `Pay out $11.00 to ${ann.name}`).click();
    await scene.owner.post(`/api/financial/withdrawals/${(asked.transaction ?? asked).id}/reject`, {}, key());
    scene.complaints.expect(answered(409));
    await button(dialog(desk, 'Pay out a withdrawal'), 'Pay out').click();
    await isShown(desk.getByText('Somebody else has decided this withdrawal already.'));
    await areShown(button(desk, `Pay out $11.00 to ${ann.name}`), 0);
  });

  test('is not decided by those who may not', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/money');
    await isShown(balance(page));
    await areShown(page.getByRole('link', { name: 'Decide withdrawals' }), 0);
    await page.goto(`${scene.url}/money/withdrawals`);
    await isShown(page.getByText('Withdrawals are decided by the operators and the owners of the home company.'));
  });

  test("that one has asked for oneself is somebody else's to decide", async (scene) => {
    const { owner } = scene;
    await deposit(owner, 1_000);
    await withdraw(owner, 500);
    const desk = await scene.open(owner, '/money/withdrawals');
    const row = desk.getByRole('listitem').filter({ hasText: owner.name });
    await isShown(row.getByText('Your own: somebody else has to decide it.'));
    await areShown(row.getByRole('button'), 0);
  });
});
