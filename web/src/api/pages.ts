import type { Api } from './client';
import type { Page } from './types';

/** All rows of a list that is known to be short. */
export async function listAll<Row>(api: Api, path: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Row> = await api.get<Page<Row>>(path, { limit: 100, cursor: cursor ?? undefined });
    rows.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return rows;
}
