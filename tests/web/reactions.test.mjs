// Reactions, and the choice of emoji.
import { act, composer, message, openActions, write } from './lib/chat.mjs';
import { answered } from './lib/complaints.mjs';
import { webSuite } from './lib/suite.mjs';
import { areShown, becomes, button, dialog, isShown } from './lib/ui.mjs';

const reactions = (row) => row.getByRole('button', { name: /\p{Extended_Pictographic}.*\d/u });

async function scenery(scene) {
  const { ann, ben, talk } = await scene.pair();
  const said = await ann.say(talk, 'good news');
  const [here, there] = [await scene.open(ann, `/chat/${talk.id}`), await scene.open(ben, `/chat/${talk.id}`)];
  for (const page of [here, there]) await isShown(message(page, 'good news'));
  return { ann, ben, talk, said, here, there };
}

const teapot = (picker) =>
  picker
    .getByRole('gridcell', { name: /teapot/i })
    .or(picker.getByRole('button', { name: /teapot/i }))
    .first();

webSuite('reactions', (test) => {
  test('reach everybody, say whose they are, and are taken back by a press', async (scene) => {
    const { ben, here, there } = await scenery(scene);
    await act(there, message(there, 'good news'), 'React with 🎉');
    for (const page of [here, there]) await isShown(reactions(message(page, 'good news')));
    await isShown(here.getByRole('button', { name: new RegExp(`🎉\\s*1\\s*${ben.name}`) }));
    await reactions(message(here, 'good news')).click();
    await isShown(there.getByRole('button', { name: /🎉\s*2/ }));
    const pressed = () => reactions(message(here, 'good news')).getAttribute('aria-pressed');
    await becomes(pressed, 'true', 'the pressed button');
    await reactions(message(here, 'good news')).click();
    await isShown(there.getByRole('button', { name: /🎉\s*1/ }));
    await reactions(message(there, 'good news')).click();
    for (const page of [here, there]) await areShown(reactions(message(page, 'good news')), 0);
  });

  test('are chosen from all emoji, by search and by keyboard', async (scene) => {
    const { here, there } = await scenery(scene);
    const menu = await openActions(there, message(there, 'good news'));
    await menu.getByRole('menuitem', { name: 'More emoji' }).click();
    const picker = dialog(there, 'Emoji');
    await picker.getByRole('searchbox', { name: 'Search emoji' }).fill('rocket');
    await isShown(picker.getByText(/emoji found/));
    await there.keyboard.press('Enter');
    await isShown(here.getByRole('button', { name: /🚀\s*1/ }));
  });

  test('that the server refuses are taken back, and that is said', async (scene) => {
    const { there } = await scenery(scene);
    scene.complaints.expect(answered(429));
    await there.route('**/reactions/**', (route) =>
      route.fulfill({ status: 429, json: { message: 'Too many reactions.', code: 'too_many_requests' } }),
    );
    await act(there, message(there, 'good news'), 'React with 👍');
    await isShown(there.getByText('That was too often. Wait a moment, then try again.'));
    await areShown(reactions(message(there, 'good news')), 0);
  });

  test('and messages share the emoji one used last', async (scene) => {
    const { here } = await scenery(scene);
    await composer(here).fill('tea ');
    await button(here, 'Insert an emoji').click();
    const picker = dialog(here, 'Emoji');
    await picker.getByRole('searchbox', { name: 'Search emoji' }).fill('teapot');
    await isShown(picker.getByText(/emoji found/));
    await isShown(teapot(picker));
    await here.keyboard.press('ArrowDown');
    await here.keyboard.press('Enter');
    await becomes(() => composer(here).inputValue(), 'tea 🫖', 'the emoji in the text');
    await button(here, 'Insert an emoji').click();
    await picker.getByRole('tab', { name: 'Recently used' }).click();
    await isShown(teapot(picker));
    await here.keyboard.press('Escape');
    await write(here, '🫖');
    await isShown(message(here, '🫖').last());
  });
});
