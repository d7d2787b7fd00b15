/** Runs in a page: notes under `name` when something that fits has come and is seen, however soon it goes again. */
function noteSighting({ name, selector, text }) {
  const seen = (globalThis.parleySightings ??= new Set());
  const fits = (element) => element.textContent.includes(text) && element.checkVisibility({ visibilityProperty: true });
  const look = () => {
    if (![...document.querySelectorAll(selector)].some(fits)) return;
    seen.add(name);
    observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  look();
}

let sightings = 0;

/**
 * Begins to look out for what is shown for a short time only: an element that fits `selector` and in whose text `text`
 * stands. To be called before what causes it; the returned function waits until it has been seen, also if it has gone
 * again. Goes on in the page that is opened next.
 */
export async function lookOutFor(page, selector, text) {
  sightings += 1;
  const wanted = { name: `sighting ${sightings}`, selector, text };
  await page.addInitScript(noteSighting, wanted);
  await page.evaluate(noteSighting, wanted);
  return () => page.waitForFunction((name) => globalThis.parleySightings.has(name), wanted.name);
}

/** What says something at the edge of the screen: a toast or the banner of the connection. */
export const notices = '[role=status], [role=alert]';

/** The message that one has gone to. */
export const highlighted = '.highlighted';

/** Who is typing, under a conversation and in the list. */
export const typists = '.typing';
