// Groups and who is in them; muting, blocking.
import { composer, conversationRow, mark, message, write } from './lib/chat.mjs';
import { answered } from './lib/complaints.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, dialog, isGone, isShown } from './lib/ui.mjs';

const details = (page, title) => dialog(page, title);

async function openDetails(page, title) {
  await button(page, 'Conversation menu').click();
  await page.getByRole('menuitem', { name: 'Details' }).click();
  await isShown(details(page, title));
  return details(page, title);
}

async function group(scene) {
  const [ann, ben, cleo, dora] = await scene.people('Ann', 'Ben', 'Cleo', 'Dora');
  const conversation = await ann.group('Choir', ben, cleo);
  await ben.say(conversation, 'la la la');
  return { ann, ben, cleo, dora, conversation };
}

webSuite('people', (test) => {
  test('rename a group, and everybody sees its new name', async (scene) => {
    const { ann, ben, conversation } = await group(scene);
    const [page, there] = [await scene.open(ann, `/chat/${conversation.id}`), await scene.open(ben)];
    const panel = await openDetails(page, 'Choir');
    await panel.getByLabel('Name of the group').fill('Chamber choir');
    await button(panel, 'Rename').click();
    await isShown(conversationRow(there, 'Chamber choir'));
    await isShown(details(page, 'Chamber choir'));
  });

  test('add others to a group, who see it at once with what was said', async (scene) => {
    const { ann, dora, conversation } = await group(scene);
    const [page, there] = [await scene.open(ann, `/chat/${conversation.id}`), await scene.open(dora)];
    await isShown(there.getByRole('navigation', { name: 'Conversations' }));
    await button(await openDetails(page, 'Choir'), 'Add people').click();
    const choice = dialog(page, 'Add people');
    await choice.getByRole('checkbox', { name: dora.name }).check();
    await button(choice, 'Add 1 person').click();
    await conversationRow(there, 'Choir').click();
    await isShown(message(there, 'la la la'));
  });

  test('take others out of a group, who see it no longer', async (scene) => {
    const { ann, cleo, conversation } = await group(scene);
    const [page, there] = [
      await scene.open(ann, `/chat/${conversation.id}`),
      await scene.open(cleo, `/chat/${conversation.id}`),
    ];
    await isShown(message(there, 'la la la'));
    await button(await openDetails(page, 'Choir'), `Remove ${cleo.name}`).click();
    await button(dialog(page, 'Remove from the group'), 'Remove').click();
    await areShown(conversationRow(there, 'Choir'), 0);
    await isGone(composer(there));
    await areShown(button(page, `Remove ${cleo.name}`), 0);
  });

  test('leave a group after a question', async (scene) => {
    const { ben, conversation } = await group(scene);
    const page = await scene.open(ben, `/chat/${conversation.id}`);
    await button(await openDetails(page, 'Choir'), 'Leave the group').click();
    await button(dialog(page, 'Leave the group'), 'Leave the group').click();
    await areShown(conversationRow(page, 'Choir'), 0);
    const answer = async () => (await ben.ask('GET', `/api/chat/conversations/${conversation.id}`)).status;
    await becomes(answer, 404, 'the refusal');
  });

  test('mute a conversation, on all their devices: it is no longer counted', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [page, other] = [await scene.open(ann, `/chat/${talk.id}`), await scene.open(ann)];
    await button(page, 'Conversation menu').click();
    await page.getByRole('menuitem', { name: 'Mute' }).click();
    await isShown(conversationRow(other, ben.name).getByRole('img', { name: 'Muted' }));
    await page.close();
    await ben.say(talk, 'are you there?');
    await isShown(conversationRow(other, 'are you there?').getByText('1 unread message'));
    await becomes(() => other.title(), 'Parley', 'the title of the page');
  });

  test('block somebody, who is told when they write, and unblock them in the settings', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [page, there] = [await scene.open(ann, `/chat/${talk.id}`), await scene.open(ben, `/chat/${talk.id}`)];
    await isShown(composer(there));
    await button(await openDetails(page, ben.name), `Block ${ben.name}`).click();
    await button(dialog(page, `Block ${ben.name}`), `Block ${ben.name}`).click();
    await isShown(button(details(page, ben.name), `Unblock ${ben.name}`));
    scene.complaints.expect(answered(403));
    await write(there, 'hello?');
    await isShown(mark(message(there, 'hello?'), 'Not sent'));
    await page.goto(`${scene.url}/settings/blocked`);
    await button(page, `Unblock ${ben.name}`).click();
    await isShown(page.getByText(`${ben.name} can write to you again.`));
    await button(message(there, 'hello?'), 'Try again').click();
    await isShown(mark(message(there, 'hello?'), 'Sent'));
  });

  test('see who takes part, with their roles and who is online', async (scene) => {
    const { ann, ben, cleo, conversation } = await group(scene);
    await scene.open(cleo);
    const page = await scene.open(ben, `/chat/${conversation.id}`);
    const panel = await openDetails(page, 'Choir');
    await isShown(panel.getByRole('listitem').filter({ hasText: ann.name }).getByText('Creator'));
    await isShown(panel.getByRole('listitem').filter({ hasText: cleo.name }).getByRole('img', { name: 'Online' }));
    await isShown(panel.getByText(`${ben.name} (you)`));
    await areShown(button(panel, `Remove ${cleo.name}`), 0);
  });

  test('see all members of their company in its general room', async (scene) => {
    const { ann, cleo } = await group(scene);
    const page = await scene.open(cleo, `/chat/${ann.company.general_conversation_id}`);
    const panel = await openDetails(page, ann.company.name);
    await areShown(panel.getByRole('listitem'), 4);
    await isShown(panel.getByRole('listitem').filter({ hasText: ann.name }).getByText('Owner'));
  });

  test('who join the company meanwhile can be talked to', async (scene) => {
    const { ann } = await group(scene);
    const page = await scene.open(ann);
    await isShown(conversationRow(page, 'Choir'));
    const [eve] = await scene.people('Eve');
    await ann.post(`/api/companies/${ann.company.id}/members`, { email: eve.email, role: 'member' });
    eve.company = ann.company;
    const talk = await eve.direct(ann);
    await eve.say(talk, 'I am new here');
    await isShown(conversationRow(page, 'I am new here'));
  });
});
