/** All that the REST API shows to the `people` of a fleet, read after everything has come to rest. */
export async function readAll(people) {
  const view = { conversations: new Map(), rows: [], notifications: [], accounts: [] };
  for (const person of people) {
    for (const row of await readList(person.client, '/api/chat/conversations')) {
      view.rows.push({ userId: person.id, ...row });
      if (!view.conversations.has(row.id)) {
        const messages = await readMessages(person.client, row.id);
        view.conversations.set(row.id, { id: row.id, type: row.type, messages });
      }
    }
    view.notifications.push(await readNotifications(person));
    const { body: account } = await person.client.ask('GET', '/api/financial/account');
    const transactions = await readList(person.client, '/api/financial/transactions');
    view.accounts.push({ userId: person.id, ...account, transactions });
  }
  return view;
}

async function readPages(client, path, use) {
  let cursor = '';
  do {
    const { body } = await client.ask('GET', `${path}?limit=100${cursor}`);
    use(body);
    cursor = body.next_cursor === null ? '' : `&cursor=${encodeURIComponent(body.next_cursor)}`;
  } while (cursor !== '');
}

async function readList(client, path) {
  const list = [];
  await readPages(client, path, ({ data }) => list.push(...data));
  return list;
}

/** From the newest page back to the first; each page is in ascending order. */
async function readMessages(client, conversationId) {
  const pages = [];
  await readPages(client, `/api/chat/conversations/${conversationId}/messages`, ({ data }) => pages.unshift(data));
  return pages.flat();
}

async function readNotifications(person) {
  const list = [];
  let unread;
  await readPages(person.client, '/api/notifications', ({ data, unread_count }) => {
    list.push(...data);
    unread = unread_count;
  });
  return { userId: person.id, list, unread };
}
