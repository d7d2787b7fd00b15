import { describe, expect, it } from 'vitest';

import type { Page } from '@/api/types';

import { LiveList, mergeRows } from './live_list';

interface Row {
  id: number;
  version: number;
}

const rule = {
  order: 'newest_first' as const,
  newerOf: (known: Row, incoming: Row) => (incoming.version >= known.version ? incoming : known),
};
const row = (id: number, version = 1): Row => ({ id, version });
const page = (ids: number[], next: string | null = null): Page<Row> => ({
  data: ids.map((id) => row(id)),
  next_cursor: next,
});

/** A list whose server answers when the test says so; `asked` are the cursors. */
function listWithServer() {
  const asked: (string | undefined)[] = [];
  const waiting: { resolve: (answer: Page<Row>) => void; reject: (error: Error) => void }[] = [];
  const list = new LiveList<Row>({
    ...rule,
    load: ({ cursor }) => {
      asked.push(cursor);
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
  });
  const request = async () => {
    while (waiting.length === 0) await Promise.resolve();
    return waiting.shift()!;
  };
  return { list, asked, request };
}

const idsOf = (list: LiveList<Row>) => list.rows.value.map(({ id }) => id);

async function loaded(ids: number[], next: string | null = null) {
  const server = listWithServer();
  const done = server.list.refresh();
  (await server.request()).resolve(page(ids, next));
  await done;
  return server;
}

describe('mergeRows', () => {
  it('has each row once, in order, in its newest state', () => {
    expect(mergeRows([row(3), row(1, 2)], [row(2), row(1), row(3, 2)], rule)).toEqual([row(3, 2), row(2), row(1, 2)]);
  });

  it('has the oldest first where it is asked to', () => {
    expect(mergeRows([row(3)], [row(1)], { ...rule, order: 'oldest_first' })).toEqual([row(1), row(3)]);
  });
});

describe('LiveList', () => {
  it('goes on where the last page ended, without doubles', async () => {
    const { list, asked, request } = await loaded([9, 8], 'next');
    const done = list.loadMore();
    (await request()).resolve(page([8, 7]));
    await done;
    expect(asked).toEqual([undefined, 'next']);
    expect(idsOf(list)).toEqual([9, 8, 7]);
    expect(list.hasMore.value).toBe(false);
  });

  it('keeps what came while it was being loaded', async () => {
    const { list, request } = await loaded([2, 1]);
    const done = list.refresh();
    const answer = await request();
    list.put(row(3, 5));
    list.remove(1);
    answer.resolve(page([2, 1]));
    await done;
    expect(list.rows.value).toEqual([row(3, 5), row(2)]);
  });

  it('leaves a row behind the loaded ones to its page', async () => {
    const { list } = await loaded([9, 8], 'next');
    list.put(row(5));
    list.put(row(8, 2));
    expect(list.rows.value).toEqual([row(9), row(8, 2)]);
  });

  it('looks anew at all that it knows', async () => {
    const { list, asked, request } = await loaded([9, 8, 7], 'next');
    const done = list.refresh();
    (await request()).resolve(page([10, 9], 'second'));
    (await request()).resolve(page([8, 7], 'third'));
    await done;
    expect(asked).toEqual([undefined, undefined, 'second']);
    expect(idsOf(list)).toEqual([10, 9, 8, 7]);
    expect(list.hasMore.value).toBe(true);
  });

  it('asks once for refreshes that wait', async () => {
    const { list, asked, request } = await loaded([1]);
    const running = list.refresh();
    const answer = await request();
    const waiting = [list.refresh(), list.refresh()];
    answer.resolve(page([1]));
    await running;
    (await request()).resolve(page([2, 1]));
    await Promise.all(waiting);
    expect(asked).toHaveLength(3);
    expect(idsOf(list)).toEqual([2, 1]);
  });

  it('keeps its rows when an answer fails, and tells', async () => {
    const { list, request } = await loaded([1]);
    const done = list.refresh();
    (await request()).reject(new Error('away'));
    await done;
    expect(idsOf(list)).toEqual([1]);
    expect(list.failure.value).toEqual(new Error('away'));
  });

  it('takes nothing that was asked for before it was cleared', async () => {
    const { list, request } = listWithServer();
    const done = list.refresh();
    const answer = await request();
    list.clear();
    answer.resolve(page([1]));
    await done;
    expect(idsOf(list)).toEqual([]);
    expect(list.isLoaded.value).toBe(false);
  });
});
