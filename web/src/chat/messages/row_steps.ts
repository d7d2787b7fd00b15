/** Rows to give to the virtual list; `shift`: they differ from the ones before only at the start. */
export interface RowStep<Row> {
  rows: readonly Row[];
  shift: boolean;
}

/**
 * The steps from one list of rows to another. The virtual list keeps its place when rows come or go at the start only if
 * that is all that happens, and notices nothing unless the number of rows changes, so that a step does one thing.
 * Empty when the two have nothing in common: the list begins anew then.
 */
export function rowSteps<Row extends { key: string }>(from: readonly Row[], to: readonly Row[]): RowStep<Row>[] {
  if (from.length === 0 || to.length === 0) return [{ rows: to, shift: false }];
  const added = to.findIndex(({ key }) => key === from[0]!.key);
  if (added === 0) return [{ rows: to, shift: false }];
  if (added > 0) {
    const withoutAdded = to.slice(added);
    return [
      ...(sameLength(withoutAdded, from) ? [] : [{ rows: withoutAdded, shift: false }]),
      { rows: to, shift: true },
    ];
  }
  const removed = from.findIndex(({ key }) => key === to[0]!.key);
  if (removed < 0) return [];
  const kept = from.slice(removed);
  return [{ rows: kept, shift: true }, ...(sameLength(kept, to) ? [] : [{ rows: to, shift: false }])];
}

const sameLength = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length;
