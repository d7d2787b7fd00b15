/** The field for a new message. */
export const composer = (page) => page.getByRole('textbox', { name: /^Message/ });

/** The messages that are drawn. */
export const messages = (page) => page.getByRole('feed', { name: 'Messages' }).getByRole('article');

/** Where a message says something: its text, what stands in its place, or the name of a file; not its time or sender. */
const spoken = '.content .text, .content .placeholder, .file .name';

/** Fits `text` where it stands as whole words: 'number 2' is not in 'number 24'. */
const wholeWords = (text) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'u');

/** Those of `rows` that have `text` in an element that fits `selector`, never half in one and half in the next. */
const holding = (rows, selector, text) =>
  rows.filter({ has: rows.page().locator(selector, { hasText: wholeWords(text) }) });

/** Those of `rows`, which are messages, that say `text`. */
export const saying = (rows, text) => holding(rows, spoken, text);

/** The message that says `text`, among other words or alone. */
export const message = (page, text) => saying(messages(page), text);

/** The message that says exactly this, or something that `text` fits. */
export const said = (page, text) =>
  messages(page).filter({
    has: typeof text === 'string' ? page.getByText(text, { exact: true }) : page.locator('.text', { hasText: text }),
  });

/** The check mark of a message: 'Waiting to be sent', 'Sent', 'Read' or 'Not sent'. */
export const mark = (row, name) =>
  row.getByRole('img', { name: name === 'Read' ? /^Read/ : name, exact: name !== 'Read' });

/** The rows of all conversations in the list. */
export const conversationRows = (page) => page.getByRole('navigation', { name: 'Conversations' }).getByRole('link');

/** The row of the conversation with this title, or whose last message says this. */
export const conversationRow = (page, text) => holding(conversationRows(page), '.title, .preview', text);

/** The check mark of a message that the server has, read or not. */
export const storedMark = (row) => row.getByRole('img', { name: /^(Sent|Read)/ });

/** Writes a message and sends it. */
export async function write(page, text) {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** Opens the menu of a message. */
export async function openActions(page, row) {
  await row.hover();
  await row.getByRole('button', { name: 'Actions for this message' }).click();
  return page.getByRole('menu', { name: 'Actions for this message' });
}

/** Chooses from the menu of a message. */
export async function act(page, row, name) {
  await (await openActions(page, row)).getByRole('menuitem', { name, exact: true }).click();
}

/** What the messages that are drawn say, in the order of the screen. */
export const texts = (page, pattern) =>
  messages(page)
    .locator('.text')
    .allInnerTexts()
    .then((all) => all.filter((text) => pattern.test(text)));

/** `count` short messages: 'earlier 1', 'earlier 2', … */
export const numbered = (count, word = 'earlier') =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`);

/** Where the top of something is on the screen, in pixels. */
export const topOf = async (locator) => (await locator.boundingBox()).y;
