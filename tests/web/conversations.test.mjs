// The list of conversations, and how one begins.
import { composer, conversationRow, conversationRows, message, write } from './lib/chat.mjs';
import { answered } from './lib/complaints.mjs';
import { beginStillness, checkStillness } from './lib/layout.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, dialog, isShown } from './lib/ui.mjs';

const titles = (page) => page.locator('[data-conversation] .title').allInnerTexts();
const clock = /^\d{1,2}:\d\d/;
const general = (page) => conversationRow(page, 'Firm');

webSuite('conversations', (test) => {
  test('show the last message, when it was sent, and how many are unread', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.sayAll(talk, ['first', 'second', 'the last one']);
    const page = await scene.open(ann);
    const row = conversationRow(page, ben.name);
    await isShown(row.getByText('the last one'));
    await isShown(row.getByText('3 unread messages'));
    await isShown(row.locator('time', { hasText: clock }));
    await becomes(() => page.title(), '(3) Parley', 'the title of the page');
  });

  test('follow what happens: the newest comes first, and its count grows', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const [first, second] = [await ann.direct(ben), await ann.direct(cleo)];
    await ben.say(first, 'from Ben');
    await cleo.say(second, 'from Cleo');
    const page = await scene.open(ann);
    await isShown(conversationRow(page, ben.name).getByText('1 unread message'));
    await becomes(async () => (await titles(page)).slice(0, 2), [cleo.name, ben.name], 'the order');
    await ben.say(first, 'Ben again');
    await becomes(async () => (await titles(page)).slice(0, 2), [ben.name, cleo.name], 'the new order');
    await isShown(conversationRow(page, ben.name).getByText('2 unread messages'));
    await isShown(conversationRow(page, ben.name).getByText('Ben again'));
  });

  test('are read when they are opened and seen', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.sayAll(talk, ['one', 'two']);
    const page = await scene.open(ann);
    await conversationRow(page, ben.name).click();
    await isShown(message(page, 'two'));
    await areShown(page.getByText(/unread message/), 0);
    await becomes(() => page.title(), `${ben.name} · Parley`, 'the title of the page');
    await becomes(async () => (await ann.get(`/api/chat/conversations/${talk.id}`)).unread_count, 0, 'reading');
  });

  test('say who is online, and who is no longer', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ann, `/chat/${talk.id}`);
    const dot = conversationRow(page, ben.name).getByRole('img', { name: 'Online' });
    await isShown(conversationRow(page, ben.name));
    await areShown(dot, 0);
    const there = await scene.open(ben);
    await isShown(dot);
    await isShown(page.getByRole('button', { name: new RegExp(`${ben.name} Online$`) }));
    await there.close();
    await areShown(dot, 0);
    await isShown(page.getByText(/^Last seen \d+:\d\d/));
  });

  test('name who spoke in groups, and oneself', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const group = await ann.group('Picnic', ben, cleo);
    await ben.say(group, 'I bring cake');
    const page = await scene.open(ann);
    await isShown(conversationRow(page, 'Picnic').getByText('Ben: I bring cake'));
    await ann.say(group, 'and I the tea');
    await isShown(conversationRow(page, 'Picnic').getByText('You: and I the tea'));
  });

  test('have a general room, in which everybody of the company is', async (scene) => {
    const [ann, ben] = await scene.people('Ann', 'Ben');
    const [here, there] = [await scene.open(ann), await scene.open(ben)];
    for (const page of [here, there]) await general(page).click();
    await isShown(composer(there));
    await write(here, 'hello everybody');
    await isShown(message(there, 'hello everybody'));
  });

  test('begin with one person', async (scene) => {
    const [ann, ben] = await scene.people('Ann', 'Ben', 'Cleo');
    const [page, there] = [await scene.open(ann), await scene.open(ben)];
    await button(page, 'New conversation').first().click();
    const choice = dialog(page, 'New conversation');
    await choice.getByRole('searchbox').fill('ben');
    await choice.getByRole('checkbox', { name: ben.name }).check();
    await button(choice, 'Start chat').click();
    await isShown(page.getByRole('textbox', { name: `Message to ${ben.name}` }));
    await write(page, 'nice to meet you');
    await isShown(conversationRow(there, 'nice to meet you'));
  });

  test('begin with several as a group, which all of them see', async (scene) => {
    const [ann, ben, cleo] = await scene.people('Ann', 'Ben', 'Cleo');
    const [page, there] = [await scene.open(ann), await scene.open(cleo)];
    await isShown(conversationRows(there).first());
    await button(page, 'New conversation').first().click();
    const choice = dialog(page, 'New conversation');
    for (const { name } of [ben, cleo]) await choice.getByRole('checkbox', { name }).check();
    await choice.getByLabel('Name of the group').fill('Three of us');
    await button(choice, 'Create group').click();
    await isShown(page.getByRole('textbox', { name: 'Message to Three of us' }));
    await isShown(conversationRow(there, 'Three of us'));
  });

  test('load more while one scrolls', async (scene) => {
    const [ann, ben] = await scene.people('Ann', 'Ben');
    await Promise.all(Array.from({ length: 60 }, (_, index) => ann.group(`Group ${index}`, ben)));
    const page = await scene.open(ann);
    await isShown(conversationRows(page).first());
    const scrolled = async () => {
      await page.locator('.list .scroller').evaluate((list) => list.scrollTo(0, list.scrollHeight));
      return conversationRows(page).count();
    };
    await becomes(scrolled, 61, 'all of them');
  });

  test('that one does not take part in are told apart from those that load', async (scene) => {
    const [ann] = await scene.people('Ann');
    const { talk } = await scene.pair('Other', 'Stranger');
    scene.complaints.expect(answered(404));
    const page = await scene.open(ann, `/chat/${talk.id}`);
    await isShown(page.getByText('There is no such conversation, or you do not take part in it.'));
    await button(page, 'All conversations').click();
    await isShown(page.getByText('Choose a conversation, or begin a new one.'));
  });

  test('of several companies can be told apart and chosen', async (scene) => {
    const [ann, ben] = await scene.people('Ann', 'Ben');
    const second = await ann.post('/api/companies', { name: 'Second company' });
    await ann.group('In the first', ben);
    const page = await scene.open(ann);
    await isShown(conversationRow(page, 'In the first'));
    await page.getByRole('combobox', { name: 'Company' }).selectOption(second.name);
    await areShown(conversationRows(page), 1);
    await isShown(conversationRow(page, 'Second company'));
  });

  test('do not shift while the page loads', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    await ben.sayAll(talk, ['some', 'words']);
    const page = await scene.open(ann);
    await isShown(conversationRow(page, 'words'));
    await checkStillness(page);
    await beginStillness(page);
    await ben.say(talk, 'and more');
    await isShown(conversationRow(page, 'and more'));
    await checkStillness(page);
  });
});
