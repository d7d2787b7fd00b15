/**
 * Where to go after signing in: the path that was wanted before, if it is one of this app that `isPage` knows; else the
 * chat. Anybody may have written the address, so that no other site is ever a place to go to.
 */
export function nextPath(wanted: unknown, isPage: (path: string) => boolean): string {
  if (typeof wanted !== 'string') return '/chat';
  // A second slash, or a backslash that browsers take for one, would begin the name of another host.
  const isOwn = /^\/(?![/\\])/.test(wanted) && !/[\\\u0000-\u001f]/.test(wanted);
  return isOwn && isPage(wanted) ? wanted : '/chat';
}
