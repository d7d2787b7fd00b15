// Who is typing, and who no longer.
import { composer, conversationRow, message, write } from './lib/chat.mjs';
import { beginStillness, checkStillness } from './lib/layout.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, isShown } from './lib/ui.mjs';

webSuite('typing', (test) => {
  test('is shown to the other, in the conversation and in the list, and moves nothing', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [here, there] = [await scene.open(ann, `/chat/${talk.id}`), await scene.open(ben, `/chat/${talk.id}`)];
    for (const page of [here, there]) await isShown(composer(page));
    await isShown(conversationRow(there, ann.name));
    await beginStillness(there);
    await composer(here).pressSequentially('a');
    await isShown(there.getByText(`${ann.name} is typing…`));
    await isShown(conversationRow(there, ann.name).getByText('typing…', { exact: true }));
    await checkStillness(there);
  });

  test('ends when the message arrives', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [here, there] = [await scene.open(ann, `/chat/${talk.id}`), await scene.open(ben, `/chat/${talk.id}`)];
    for (const page of [here, there]) await isShown(composer(page));
    await composer(here).pressSequentially('hello');
    await isShown(there.getByText(`${ann.name} is typing…`));
    await composer(here).press('Enter');
    await isShown(message(there, 'hello'));
    await areShown(there.getByText(`${ann.name} is typing…`), 0);
    await write(here, 'again');
    await isShown(message(there, 'again'));
  });

  test('ends when one takes all of it back', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const [here, there] = [await scene.open(ann, `/chat/${talk.id}`), await scene.open(ben, `/chat/${talk.id}`)];
    for (const page of [here, there]) await isShown(composer(page));
    await composer(here).pressSequentially('x');
    await isShown(there.getByText(`${ann.name} is typing…`));
    await composer(here).press('Backspace');
    await areShown(there.getByText(`${ann.name} is typing…`), 0);
  });

  test('is forgotten when nobody says that it has ended', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await scene.open(ben, `/chat/${talk.id}`);
    await isShown(composer(page));
    await isShown(page.getByRole('navigation', { name: 'Conversations' }));
    await page.clock.install();
    await ann.post('/api/chat/typing', { conversation_id: talk.id });
    await isShown(page.getByText(`${ann.name} is typing…`));
    await page.clock.fastForward(7_000);
    await areShown(page.getByText(`${ann.name} is typing…`), 0);
  });

  test('names two, and counts more', async (scene) => {
    const [ann, ben, cleo, dora] = await scene.people('Ann', 'Ben', 'Cleo', 'Dora');
    const group = await ann.group('Busy', ben, cleo, dora);
    const page = await scene.open(ann, `/chat/${group.id}`);
    await isShown(composer(page));
    await page.clock.install();
    await ben.post('/api/chat/typing', { conversation_id: group.id });
    await cleo.post('/api/chat/typing', { conversation_id: group.id });
    await isShown(page.getByText(`${ben.name} and ${cleo.name} are typing…`));
    await dora.post('/api/chat/typing', { conversation_id: group.id });
    await isShown(page.getByText('3 people are typing…'));
  });
});
