import { shallowRef } from 'vue';

import type { FindLinks } from './text_parts';

const finder = shallowRef<FindLinks | null>(null);
let isAsked = false;

/** What finds the links of texts; null until it has been loaded, which begins with the first text that may have one. */
export function linkFinder(): FindLinks | null {
  if (!isAsked) {
    isAsked = true;
    import('linkifyjs').then(
      ({ tokenize }) => (finder.value = tokenize),
      // Offline: texts stay texts until one asks again.
      () => (isAsked = false),
    );
  }
  return finder.value;
}
