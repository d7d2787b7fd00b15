import { expect, it } from 'vitest';

import { nextPath } from './next_path';

const isPage = (path: string): boolean => path.startsWith('/chat') || path.startsWith('/settings');

it.each(['/chat', '/chat/7/1024', '/settings/devices?from=mail#top'])('goes to %s', (path) => {
  expect(nextPath(path, isPage)).toBe(path);
});

it.each([
  ['nothing', undefined],
  ['a list', ['/chat/7', '/chat/8']],
  ['an address', 'https://elsewhere.example/chat'],
  ['another host', '//elsewhere.example/chat'],
  ['another host for browsers', '/\\elsewhere.example/chat'],
  ['a hidden line end', '/\n/elsewhere.example/chat'],
  ['a script', 'javascript:alert(1)'],
  ['a relative path', 'chat/7'],
  ['a page that there is not', '/nowhere'],
])('goes to the chat for %s', (_what, wanted) => {
  expect(nextPath(wanted, isPage)).toBe('/chat');
});

it('asks of no other site whether it is a page', () => {
  expect(nextPath('//elsewhere.example', () => true)).toBe('/chat');
  expect(nextPath('/\\elsewhere.example', () => true)).toBe('/chat');
  expect(nextPath('/chat\\..\\x', () => true)).toBe('/chat');
});
