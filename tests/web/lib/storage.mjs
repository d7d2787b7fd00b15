import { becomes } from './ui.mjs';

/** Runs in a page: whether something that its databases keep says `text`. */
async function keeps(text) {
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const says = async (database) => {
    for (const name of database.objectStoreNames) {
      const rows = await done(database.transaction(name).objectStore(name).getAll());
      if (JSON.stringify(rows).includes(text)) return true;
    }
    return false;
  };
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    const found = await says(database).finally(() => database.close());
    if (found) return true;
  }
  return false;
}

/** Waits until what says `text` is kept on the device, so that a reload does not lose it. */
export const isKept = (page, text) => becomes(() => page.evaluate(keeps, text), true, `"${text}" on the device`);
