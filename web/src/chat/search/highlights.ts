/** A piece of a text, found or between what was found. */
export interface Part {
  text: string;
  marked: boolean;
}

/**
 * `text` in pieces, those in `ranges` marked. A range is `[start, length]` in code points, as the server counts; ranges
 * that overlap or reach past the end mark what there is.
 */
export function partsOf(text: string, ranges: readonly (readonly number[])[]): Part[] {
  const points = [...text];
  const parts: Part[] = [];
  const add = (from: number, to: number, marked: boolean) => {
    if (to > from) parts.push({ text: points.slice(from, to).join(''), marked });
  };
  let done = 0;
  for (const [start = 0, length = 0] of [...ranges].sort(([a = 0], [b = 0]) => a - b)) {
    const from = Math.min(Math.max(start, done), points.length);
    const to = Math.min(start + length, points.length);
    if (to <= from) continue;
    add(done, from, false);
    add(from, to, true);
    done = to;
  }
  add(done, points.length, false);
  return parts;
}
