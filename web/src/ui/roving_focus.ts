/**
 * Moves the focus among the elements of `container` that match `selector` for the arrow keys, Home and End: a list of
 * many is then one stop of the Tab key. Returns whether the key was one of them.
 */
export function moveFocus(event: KeyboardEvent, container: HTMLElement | null, selector: string): boolean {
  if (!container || event.ctrlKey || event.metaKey || event.altKey) return false;
  const all = [...container.querySelectorAll<HTMLElement>(selector)];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const last = all.length - 1;
  const target = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), Home: 0, End: last }[event.key];
  if (target === undefined || last < 0) return false;
  event.preventDefault();
  all[target]!.focus();
  return true;
}
