import { eventually, password } from './world.mjs';

/** What nobody outside may ever see in an answer. */
export const secret = 'xyzzysecret';

/** A company in which there is one of everything: all of it is Ann's, Bob takes part, Cid is a colleague who does not. */
export async function makeExamples(world) {
  const { company, people } = await world.colleagues('Ann', 'Bob', 'Cid');
  const [ann, bob, cid] = people;
  const key = { headers: { 'Idempotency-Key': 'example' } };
  const group = await ann.group(`Group ${secret}`, [bob]);
  const direct = await ann.direct(bob);
  const attachment = (await ann.upload(`text ${secret}`, { name: `${secret}.txt` })).body;
  const said = await ann.say(group, `body ${secret}`, { attachment_ids: [attachment.id] });
  await bob.say(direct, `direct ${secret}`);
  const notification = await eventually(
    async () => (await ann.get('/api/notifications')).data[0] ?? Promise.reject(new Error('none')),
  );
  const campaign = await ann.post('/api/campaigns', { name: `Campaign ${secret}`, budget: 7, user_ids: [bob.id] });
  await ann.post('/api/financial/deposits', { amount: 1000 }, 201, key);
  const withdrawal = (await ann.post('/api/financial/withdrawals', { amount: 300 }, 201, key)).transaction;
  await ann.put(`/api/users/${cid.id}/block`, undefined, 204);
  const device = await world.device(ann);
  return { world, company, ann, bob, cid, group, direct, said, attachment, notification, campaign, withdrawal, device };
}

const own = { stranger: 'own' };

/**
 * A good request of each operation of the API as Ann would send it: {target, body, ...}. `stranger` is what somebody of
 * another company is answered (404 unless told), `own` where the route tells each of their own things only; `colleague`
 * the same of one who is in the company and takes part in nothing.
 */
export function exampleRequests(examples) {
  const { world, company, ann, bob, cid, group, said, attachment, notification, campaign, withdrawal, device } =
    examples;
  const conversation = `/api/chat/conversations/${group.id}`;
  const message = `/api/chat/messages/${said.id}`;
  const companyPath = `/api/companies/${company.id}/members`;
  const campaignPath = `/api/campaigns/${campaign.id}`;
  const withdrawalPath = `/api/financial/withdrawals/${withdrawal.id}`;
  const key = { 'Idempotency-Key': 'fresh' };
  const among = { colleague: 'own' };
  const form = {
    raw: '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc\r\n--b--\r\n',
    type: 'multipart/form-data; boundary=b',
  };
  return {
    'POST /api/auth/register': { open: true, body: { name: 'New', email: world.email('new'), password } },
    'POST /api/auth/login': { open: true, body: { email: ann.email, password } },
    'POST /api/auth/logout': { ...own },
    'GET /api/auth/tokens': { ...own },
    'DELETE /api/auth/tokens/{id}': { target: `/api/auth/tokens/${device.token.split('|')[0]}` },
    'GET /api/user': { ...own },
    'PATCH /api/user': { ...own, ...among, body: { name: 'Ann', current_password: password } },
    'GET /api/users': { target: `/api/users?search=${ann.email}`, ...own, ...among },
    'PUT /api/users/{id}/block': { target: `/api/users/${ann.id}/block`, ...among },
    'DELETE /api/users/{id}/block': { target: `/api/users/${ann.id}/block`, stranger: [204, 404], ...among },
    'GET /api/blocks': { ...own },
    'GET /api/companies': { ...own, ...among },
    'POST /api/companies': { ...own, body: { name: 'Other' } },
    'GET /api/companies/{id}/members': { target: companyPath, ...among },
    'POST /api/companies/{id}/members': {
      target: companyPath,
      body: { email: cid.email, role: 'admin' },
      colleague: 403,
    },
    'DELETE /api/companies/{id}/members/{userId}': { target: `${companyPath}/${bob.id}`, colleague: 403 },
    'POST /broadcasting/auth': {
      body: { socket_id: '1234.5678', channel_name: `private-chat.${company.id}.conversation.${group.id}` },
      stranger: 403,
      colleague: 403,
    },
    'POST /broadcasting/user-auth': { ...own, body: { socket_id: '1234.5678' } },
    'GET /api/chat/conversations': { ...own },
    'POST /api/chat/conversations': {
      body: { type: 'direct', user_id: ann.id, company_id: company.id },
      colleague: 403,
      bodies: [
        { type: 'group', title: 'New', user_ids: [bob.id], company_id: company.id },
        { type: 'direct', user_id: bob.id },
      ],
    },
    'GET /api/chat/conversations/{id}': { target: conversation },
    'PATCH /api/chat/conversations/{id}': { target: conversation, body: { title: 'Mine' } },
    'POST /api/chat/conversations/{id}/participants': {
      target: `${conversation}/participants`,
      body: { user_id: cid.id },
      bodies: [{ user_ids: [cid.id] }],
    },
    'DELETE /api/chat/conversations/{id}/participants/{userId}': { target: `${conversation}/participants/${bob.id}` },
    'GET /api/chat/conversations/{id}/messages': { target: `${conversation}/messages` },
    'POST /api/chat/conversations/{id}/messages': { target: `${conversation}/messages`, body: { body: 'intruder' } },
    'POST /api/chat/conversations/{id}/read': { target: `${conversation}/read`, body: { up_to: said.id } },
    'POST /api/chat/messages': { body: { message: 'intruder', company_id: company.id }, ...among },
    'POST /api/chat/messages/private': {
      body: { recipient_id: ann.id, message: 'intruder', company_id: company.id },
      colleague: 403,
      bodies: [{ recipient_id: bob.id, message: 'x' }],
    },
    'PATCH /api/chat/messages/{id}': { target: message, body: { body: 'intruder' } },
    'DELETE /api/chat/messages/{id}': { target: message },
    'POST /api/chat/messages/{id}/read': { target: `${message}/read` },
    'GET /api/chat/messages/{id}/receipts': { target: `${message}/receipts` },
    'PUT /api/chat/messages/{id}/reactions/{emoji}': { target: `${message}/reactions/%F0%9F%91%8D` },
    'DELETE /api/chat/messages/{id}/reactions/{emoji}': { target: `${message}/reactions/%F0%9F%91%8D` },
    'POST /api/chat/typing': { body: { conversation_id: group.id, typing: false } },
    'GET /api/chat/users/online': { ...own },
    'GET /api/chat/search': { target: `/api/chat/search?q=${secret}`, ...own },
    'GET /api/chat/sync': { ...own },
    'POST /api/chat/attachments': { ...own, ...form },
    'GET /api/chat/attachments/{id}': { target: `/api/chat/attachments/${attachment.id}` },
    'GET /api/chat/attachments/{id}/thumbnail': { target: `/api/chat/attachments/${attachment.id}/thumbnail` },
    'GET /api/notifications': { ...own },
    'POST /api/notifications/{id}/read': { target: `/api/notifications/${notification.id}/read` },
    'POST /api/notifications/read-all': { ...own },
    'GET /api/campaigns': { ...own },
    'POST /api/campaigns': { body: { name: 'Intruder', company_id: company.id }, ...among },
    'GET /api/campaigns/{id}': { target: campaignPath },
    'PATCH /api/campaigns/{id}': { target: campaignPath, body: { name: 'Mine' } },
    'POST /api/campaigns/{id}/activate': { target: `${campaignPath}/activate` },
    'POST /api/campaigns/{id}/deactivate': { target: `${campaignPath}/deactivate` },
    'PUT /api/campaigns/{id}/budget': { target: `${campaignPath}/budget`, body: { budget: 1 } },
    'POST /api/campaigns/{id}/members': {
      target: `${campaignPath}/members`,
      body: { user_ids: [cid.id] },
      bodies: [{ user_id: cid.id }],
    },
    'DELETE /api/campaigns/{id}/members/{userId}': { target: `${campaignPath}/members/${bob.id}` },
    'GET /api/financial/account': { ...own },
    'GET /api/financial/transactions': { ...own },
    'POST /api/financial/deposits': {
      headers: key,
      body: { amount: 5, user_id: ann.id },
      stranger: 403,
      colleague: 403,
      bodies: [{ amount: 5 }],
    },
    'GET /api/financial/withdrawals': { stranger: 403, colleague: 403 },
    'POST /api/financial/withdrawals': { headers: key, body: { amount: 5 }, stranger: 422, colleague: 422 },
    'POST /api/financial/withdrawals/{id}/process': { target: `${withdrawalPath}/process`, headers: key },
    'POST /api/financial/withdrawals/{id}/reject': { target: `${withdrawalPath}/reject`, headers: key },
  };
}

const passing = new Set(['last_used_at', 'last_seen_at', 'online']);

/** All that somebody sees, without what changes by looking. */
export async function snapshot(who) {
  const conversations = await who.all('/api/chat/conversations');
  const messages = await Promise.all(
    conversations.map(({ id }) => who.get(`/api/chat/conversations/${id}/messages?limit=100`)),
  );
  const lists = [
    '/api/users',
    '/api/blocks',
    '/api/companies',
    '/api/notifications',
    '/api/campaigns',
    '/api/financial/transactions',
  ];
  const rows = await Promise.all(lists.map((path) => who.all(path)));
  const companies = await Promise.all(rows[2].map(({ id }) => who.all(`/api/companies/${id}/members`)));
  const campaigns = await Promise.all(rows[4].map(({ id }) => who.get(`/api/campaigns/${id}`)));
  const single = await Promise.all([who.get('/api/user'), who.get('/api/financial/account')]);
  const all = { conversations, messages, rows, companies, campaigns, single };
  return JSON.parse(JSON.stringify(all, (name, value) => (passing.has(name) ? null : value)));
}
