import { describe, expect, it } from 'vitest';

import type { Page } from '@/api/types';

import { PagedList } from './paged_list';

const pages: Record<string, Page<number>> = {
  first: { data: [1, 2], next_cursor: 'empty' },
  empty: { data: [], next_cursor: 'last' },
  last: { data: [3], next_cursor: null },
};
const numbers = () => new PagedList<number>(async (cursor) => pages[cursor ?? 'first']!);

describe('PagedList', () => {
  it('adds page after page and passes over empty ones', async () => {
    const list = numbers();
    await list.begin();
    expect([list.rows.value, list.hasMore.value]).toEqual([[1, 2], true]);
    await list.more();
    expect([list.rows.value, list.hasMore.value]).toEqual([[1, 2, 3], false]);
    await list.more();
    expect(list.rows.value).toEqual([1, 2, 3]);
  });

  it('drops the answer of a beginning that another one has overtaken', async () => {
    const answers: ((page: Page<string>) => void)[] = [];
    const list = new PagedList<string>(() => new Promise((resolve) => answers.push(resolve)));
    const early = list.begin();
    const late = list.begin();
    answers[1]!({ data: ['late'], next_cursor: null });
    await late;
    answers[0]!({ data: ['early'], next_cursor: null });
    await early;
    expect([list.rows.value, list.isLoading.value]).toEqual([['late'], false]);
  });

  it('keeps what it has when a page fails, and goes on with a retry', async () => {
    let refused = true;
    const list = new PagedList<number>(async (cursor) => {
      if (cursor && refused) throw new Error('refused');
      return pages[cursor ?? 'first']!;
    });
    await list.begin();
    await list.more();
    expect([list.rows.value, String(list.failure.value)]).toEqual([[1, 2], 'Error: refused']);
    refused = false;
    await list.retry();
    expect([list.rows.value, list.failure.value]).toEqual([[1, 2, 3], null]);
  });

  it('keeps what has changed of its rows while a page was on its way', async () => {
    const answers: ((page: { data: number[]; next_cursor: string | null }) => void)[] = [];
    const list = new PagedList<number>(() => new Promise((resolve) => answers.push(resolve)));
    const beginning = list.begin();
    answers[0]!({ data: [3, 2], next_cursor: 'older' });
    await beginning;
    const more = list.more();
    list.rows.value = [4, ...list.rows.value];
    answers[1]!({ data: [1], next_cursor: null });
    await more;
    expect(list.rows.value).toEqual([4, 3, 2, 1]);
  });

  it('is empty after clear, whatever arrives later', async () => {
    let answer: (page: Page<number>) => void = () => undefined;
    const list = new PagedList<number>(() => new Promise((resolve) => (answer = resolve)));
    const begun = list.begin();
    list.clear();
    answer({ data: [1], next_cursor: null });
    await begun;
    expect([list.rows.value, list.isLoaded.value, list.isLoading.value]).toEqual([[], false, false]);
  });
});
