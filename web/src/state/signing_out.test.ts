import { beforeEach, expect, it, vi } from 'vitest';

const { kept, post, endSession, hasUnsent, discardUnsent, forgetKnownLists } = vi.hoisted(() => {
  const entries: Record<string, unknown> = {};
  const removeItem = (key: string) => void Reflect.deleteProperty(entries, key);
  Object.defineProperty(entries, 'removeItem', { value: removeItem, enumerable: false });
  Object.assign(globalThis, { localStorage: entries });
  const doings = { post: vi.fn(), endSession: vi.fn(), hasUnsent: vi.fn(), discardUnsent: vi.fn() };
  return { kept: entries, ...doings, forgetKnownLists: vi.fn() };
});

vi.mock('@/api', async () => ({ ...(await import('@/api/errors')), api: { post } }));
vi.mock('@/api/session', () => ({ endSession }));
vi.mock('./outbox', () => ({ hasUnsent, discardUnsent }));
vi.mock('./known_lists', () => ({ forgetKnownLists }));

const { ApiError, NetworkError } = await import('@/api/errors');
const { askToSignOut, isAskingToSignOut, isSigningOut, signOut, signOutNote } = await import('./signing_out');
const { signals } = await import('@/live/signals');

beforeEach(() => {
  vi.resetAllMocks();
  isAskingToSignOut.value = false;
  signOutNote.value = null;
  Object.assign(kept, { 'parley.drafts.1': 'x', 'parley.preferences': '{}', 'parley.config': '{}', another: 'x' });
});

it('revokes the token while it is still known, then forgets it', async () => {
  const order: string[] = [];
  post.mockImplementation((path: string) => Promise.resolve(void order.push(path)));
  endSession.mockImplementation(() => void order.push(`end, ${isSigningOut.value}`));
  discardUnsent.mockImplementation(async () => void order.push('discard'));
  forgetKnownLists.mockImplementation(async () => void order.push('forget'));
  await askToSignOut();
  expect(order).toEqual(['discard', '/api/auth/logout', 'forget', 'end, true']);
  expect([signOutNote.value, isSigningOut.value]).toEqual([null, false]);
});

it('forgets what was kept for the person, and nothing else', async () => {
  await signOut();
  expect(Object.keys(kept).sort()).toEqual(['another', 'parley.config', 'parley.preferences']);
});

const refusal = (status: number) => new ApiError(status, `http_${status}`, '', {}, null);

it.each([
  ['without an answer', new NetworkError()],
  ['when the server is busy', refusal(503)],
])('forgets the token also %s, and says that it was not revoked', async (_when, error) => {
  post.mockRejectedValue(error);
  await signOut();
  expect(endSession).toHaveBeenCalledTimes(1);
  expect(signOutNote.value).toBe('sign_in.not_revoked');
});

it('does not wait for a server that takes its time', async () => {
  vi.useFakeTimers();
  post.mockReturnValue(new Promise(() => {}));
  const done = signOut();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(endSession).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await done;
  vi.useRealTimers();
  expect(endSession).toHaveBeenCalledTimes(1);
  expect(signOutNote.value).toBe('sign_in.not_revoked');
});

it('has nothing to say of a token that was revoked already', async () => {
  post.mockRejectedValue(refusal(401));
  await signOut();
  expect(endSession).toHaveBeenCalledTimes(1);
  expect(signOutNote.value).toBeNull();
});

it('asks first when something has not been sent', async () => {
  hasUnsent.mockResolvedValue(true);
  await askToSignOut();
  expect(isAskingToSignOut.value).toBe(true);
  expect([post, endSession, discardUnsent].map((done) => done.mock.calls.length)).toEqual([0, 0, 0]);
  await signOut();
  expect(isAskingToSignOut.value).toBe(false);
  expect(endSession).toHaveBeenCalledTimes(1);
});

it('signs out once however often it is asked to', async () => {
  let answer = () => {};
  post.mockReturnValue(new Promise<void>((resolve) => (answer = resolve)));
  const both = [signOut(), signOut()];
  answer();
  await Promise.all(both);
  expect([post, endSession].map((done) => done.mock.calls.length)).toEqual([1, 1]);
});

it('does not leave the question to the next one who signs in', () => {
  isAskingToSignOut.value = true;
  signals.sessionEnded.tell();
  expect(isAskingToSignOut.value).toBe(false);
});
