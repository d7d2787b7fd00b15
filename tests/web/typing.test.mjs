// Who is typing, and who no longer.
import { composer, message, write } from './lib/chat.mjs';
import { beginStillness, checkStillness } from './lib/layout.mjs';
import { isLive } from './lib/live.mjs';
import { lookOutFor, typists } from './lib/sightings.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, isShown } from './lib/ui.mjs';

/** Opens a conversation; who types is never told again, so that the page has to hear it. */
async function opened(scene, person, talk) {
  const page = await scene.open(person, `/chat/${talk.id}`);
  await isShown(composer(page));
  await isLive(page, person);
  return page;
}

/** Two people who have their conversation open, and how the second waits until the first is seen typing. */
async function facing(scene) {
  const { ann, ben, talk } = await scene.pair();
  const [here, there] = [await opened(scene, ann, talk), await opened(scene, ben, talk)];
  return { ann, here, there, seen: await lookOutFor(there, typists, `${ann.name} is typing…`) };
}

/** Stops the clock of a page, so that what is told for some seconds stays until the clock is moved. */
async function stopClock(page) {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
}

webSuite('typing', (test) => {
  test('is shown to the other, in the conversation and in the list, and moves nothing', async (scene) => {
    const { here, there, seen } = await facing(scene);
    const seenInList = await lookOutFor(there, `[data-conversation] ${typists}`, 'typing…');
    await beginStillness(there);
    await composer(here).pressSequentially('a');
    await seen();
    await seenInList();
    await checkStillness(there);
  });

  test('ends when the message arrives', async (scene) => {
    const { ann, here, there, seen } = await facing(scene);
    await composer(here).pressSequentially('hello');
    await seen();
    await composer(here).press('Enter');
    await isShown(message(there, 'hello'));
    await areShown(there.getByText(`${ann.name} is typing…`), 0);
    await write(here, 'again');
    await isShown(message(there, 'again'));
  });

  test('ends when one takes all of it back', async (scene) => {
    const { ann, here, there, seen } = await facing(scene);
    await composer(here).pressSequentially('x');
    await seen();
    await composer(here).press('Backspace');
    await areShown(there.getByText(`${ann.name} is typing…`), 0);
  });

  test('is forgotten when nobody says that it has ended', async (scene) => {
    const { ann, ben, talk } = await scene.pair();
    const page = await opened(scene, ben, talk);
    await stopClock(page);
    await ann.post('/api/chat/typing', { conversation_id: talk.id });
    await isShown(page.getByText(`${ann.name} is typing…`));
    await page.clock.runFor(7_000);
    await areShown(page.getByText(`${ann.name} is typing…`), 0);
  });

  test('names two, and counts more', async (scene) => {
    const [ann, ben, cleo, dora] = await scene.people('Ann', 'Ben', 'Cleo', 'Dora');
    const group = await ann.group('Busy', ben, cleo, dora);
    const page = await opened(scene, ann, group);
    await stopClock(page);
    await ben.post('/api/chat/typing', { conversation_id: group.id });
    await cleo.post('/api/chat/typing', { conversation_id: group.id });
    await isShown(page.getByText(`${ben.name} and ${cleo.name} are typing…`));
    await dora.post('/api/chat/typing', { conversation_id: group.id });
    await isShown(page.getByText('3 people are typing…'));
  });
});
