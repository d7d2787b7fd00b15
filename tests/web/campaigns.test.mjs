// Campaigns: made, changed and watched by several people at once.
import assert from 'node:assert/strict';

import { hears } from './lib/live.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, button, dialog, isShown } from './lib/ui.mjs';

const list = (page) => page.getByRole('navigation', { name: 'Campaigns' }).getByRole('link');
const members = (page) => page.getByRole('region', { name: 'Members' }).getByRole('listitem');
const present = (page) => page.getByRole('region', { name: 'Here now' }).getByRole('listitem');

async function campaign(scene) {
  const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
  const made = await ann.post('/api/campaigns', {
    name: 'Harvest',
    budget: 123_456,
    user_ids: [ben.id],
    company_id: ann.company.id,
  });
  return { ann, ben, cleo, made };
}

webSuite('campaigns', (test) => {
  test('are made with a name, a budget as people write it, and members', async (scene) => {
    const [ann, ben] = await scene.people('Ann', 'Ben');
    const page = await scene.open(ann, '/campaigns');
    await button(page, 'New campaign').click();
    const form = dialog(page, 'New campaign');
    await form.getByRole('textbox', { name: 'Name' }).fill('Winter sale');
    await form.getByLabel('Budget').fill('1,234.50');
    await isShown(form.getByText(/1,234\.50/));
    await form.getByRole('checkbox', { name: ben.name }).check();
    await button(form, 'Create').click();
    await isShown(page.getByRole('heading', { name: 'Winter sale' }));
    await isShown(page.getByRole('definition').filter({ hasText: 'Draft' }));
    await isShown(members(page).filter({ hasText: ben.name }));
    const [stored] = (await ann.get('/api/campaigns')).data;
    assert.deepEqual([stored.name, stored.budget], ['Winter sale', 123_450]);
  });

  test('refuse amounts that are none, and say why', async (scene) => {
    const [ann] = await scene.people('Ann');
    const page = await scene.open(ann, '/campaigns');
    await button(page, 'New campaign').click();
    const form = dialog(page, 'New campaign');
    await form.getByRole('textbox', { name: 'Name' }).fill('Impossible');
    for (const [text, complaint] of [
      ['a lot', /Write an amount like/],
      ['1.005', /The smallest unit is/],
      ['99999999999999', /At most/],
    ]) {
      await form.getByLabel('Budget').fill(text);
      await button(form, 'Create').click();
      await isShown(form.getByText(complaint));
    }
    assert.deepEqual((await ann.get('/api/campaigns')).data, []);
  });

  test('show others their status, budget, name and members as these change', async (scene) => {
    const { ann, ben, cleo, made } = await campaign(scene);
    const [page, there] = [
      await scene.open(ann, `/campaigns/${made.id}`),
      await scene.open(ben, `/campaigns/${made.id}`),
    ];
    await isShown(there.getByText('$1,234.56').last());
    await hears(there, `private-campaign.${made.id}`);
    await button(page, 'Activate').click();
    await button(dialog(page, 'Activate'), 'Activate').click();
    await isShown(there.getByText('The campaign is active now.'));
    await button(page, 'Change the budget').click();
    await dialog(page, 'Change the budget').getByLabel('Budget').fill('2000');
    await button(dialog(page, 'Change the budget'), 'Save').click();
    await isShown(there.getByText('$2,000.00').last());
    await button(page, 'Rename').click();
    await dialog(page, 'Rename the campaign').getByLabel('Name').fill('Rich harvest');
    await button(dialog(page, 'Rename the campaign'), 'Save').click();
    await isShown(there.getByRole('heading', { name: 'Rich harvest' }));
    await button(page, 'Add members').click();
    await dialog(page, 'Add members').getByRole('checkbox', { name: cleo.name }).check();
    await button(dialog(page, 'Add members'), 'Add 1 person').click();
    await isShown(members(there).filter({ hasText: cleo.name }));
    await button(page, 'Deactivate').click();
    await button(dialog(page, 'Deactivate'), 'Deactivate').click();
    await isShown(there.getByText('The campaign is inactive now.'));
  });

  test('say who looks at them now', async (scene) => {
    const { ann, ben, made } = await campaign(scene);
    const page = await scene.open(ann, `/campaigns/${made.id}`);
    await isShown(present(page).filter({ hasText: `${ann.name} (you)` }));
    const there = await scene.open(ben, `/campaigns/${made.id}`);
    await isShown(present(page).filter({ hasText: ben.name }));
    await there.close();
    await areShown(present(page), 1);
  });

  test('do not offer what one may not do', async (scene) => {
    const { ben, made } = await campaign(scene);
    const page = await scene.open(ben, `/campaigns/${made.id}`);
    await isShown(page.getByRole('heading', { name: 'Harvest' }));
    for (const name of ['Activate', 'Change the budget', 'Rename', 'Add members'])
      await areShown(button(page, name), 0);
    await isShown(button(page, 'Leave the campaign'));
  });

  test('end for those who are taken out', async (scene) => {
    const { ann, ben, made } = await campaign(scene);
    const [page, there] = [
      await scene.open(ann, `/campaigns/${made.id}`),
      await scene.open(ben, `/campaigns/${made.id}`),
    ];
    await isShown(there.getByRole('heading', { name: 'Harvest' }));
    scene.complaints.expect(/status of 40[34]/, /subscription_error|AuthError|403/);
    await button(page, `Remove ${ben.name}`).click();
    await button(dialog(page, 'Remove a member'), 'Remove').click();
    await areShown(members(page), 1);
    await isShown(there.getByText('There is no such campaign, or you may not see it any more.'));
  });

  test('are filtered by their status', async (scene) => {
    const { ann, made } = await campaign(scene);
    await ann.post('/api/campaigns', { name: 'Second', budget: 0, company_id: ann.company.id });
    await ann.post(`/api/campaigns/${made.id}/activate`, {});
    const page = await scene.open(ann, '/campaigns');
    await areShown(list(page), 2);
    await page.getByRole('combobox', { name: 'Status' }).selectOption('Active');
    await areShown(list(page), 1);
    await isShown(list(page).filter({ hasText: 'Harvest' }));
  });
});
