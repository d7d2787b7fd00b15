import { expect, it } from 'vitest';

import { treatmentOf } from './routing';

const origin = 'https://parley.example';
const files = new Set(['/assets/index-abcd1234.js', '/parley.svg']);
const treat = (path: string, mode = 'cors', method = 'GET') =>
  treatmentOf({ method, mode, url: new URL(path, origin).href }, origin, files);

it.each(['/', '/chat', '/chat/7/1024', '/sign-in?next=/money', '/settings/devices', '/application'])(
  'answers going to %s with the page',
  (path) => expect(treat(path, 'navigate')).toBe('page'),
);

it.each(['/assets/index-abcd1234.js', '/assets/not-kept-yet-abcd1234.js', '/parley.svg'])(
  'answers %s with the kept file',
  (path) => {
    expect(treat(path)).toBe('file');
  },
);

it.each([
  '/api/user',
  '/api/chat/attachments/7',
  '/broadcasting/auth',
  '/app/app-key?protocol=7',
  '/apps/app-id/events',
  '/web/config.json',
  '/licences.txt',
  'https://elsewhere.example/parley.svg',
])('leaves %s to the network', (path) => expect(treat(path)).toBe('network'));

it.each(['/api', '/api/chat/search', '/licences.txt', '/sw.js', '/web/config.json', 'https://elsewhere.example/'])(
  'leaves going to %s to the network',
  (path) => expect(treat(path, 'navigate')).toBe('network'),
);

it('leaves what is not read to the network', () => {
  expect(treat('/chat', 'navigate', 'POST')).toBe('network');
  expect(treat('/parley.svg', 'cors', 'HEAD')).toBe('network');
});
