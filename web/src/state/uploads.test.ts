import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError, NetworkError } from '@/api/errors';
import type { Attachment } from '@/api/types';
import { signals } from '@/live/signals';

import { Upload, type SendFile } from './uploads';

vi.mock('@/api', () => ({ api: {} }));

const file = new Blob(['x']);
const attachment = (id: string) => ({ id }) as Attachment;

/** A server that answers each upload when the test says so. */
function makeServer() {
  const asked: { answer: (id: string) => void; fail: (error: unknown) => void; progress: (part: number) => void }[] =
    [];
  const send: SendFile = (_file, _name, progress, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
      asked.push({ answer: (id) => resolve(attachment(id)), fail: reject, progress });
    });
  return { asked, send };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Upload', () => {
  it('is one for all who ask, and keeps its result', async () => {
    const { asked, send } = makeServer();
    const upload = new Upload(file, 'a', send);
    const both = Promise.all([upload.start(), upload.start()]);
    await settle();
    expect(asked).toHaveLength(1);
    asked[0]!.answer('id');
    expect(await both).toEqual(['id', 'id']);
    expect(await upload.start()).toBe('id');
    expect(upload.progress.value).toBe(1);
  });

  it('starts anew after it had no answer', async () => {
    const { asked, send } = makeServer();
    const upload = new Upload(file, 'a', send);
    const first = expect(upload.start()).rejects.toBeInstanceOf(NetworkError);
    await settle();
    asked[0]!.progress(0.5);
    expect(upload.progress.value).toBe(0.5);
    asked[0]!.fail(new NetworkError());
    await first;
    expect(upload.progress.value).toBe(0);
    expect(upload.refusal.value).toBeNull();
    const second = upload.start();
    await settle();
    asked[1]!.answer('id');
    expect(await second).toBe('id');
  });

  it('tells why the server does not want the file', async () => {
    const { asked, send } = makeServer();
    const upload = new Upload(file, 'a', send);
    const error = new ApiError(413, 'too_large', 'Too large.', {}, null);
    const started = expect(upload.start()).rejects.toBe(error);
    await settle();
    asked[0]!.fail(error);
    await started;
    expect(upload.refusal.value).toBe(error);
  });

  it('is taken for broken when nothing leaves for a minute', async () => {
    const { asked, send } = makeServer();
    const started = expect(new Upload(file, 'a', send).start()).rejects.toBeInstanceOf(NetworkError);
    await vi.advanceTimersByTimeAsync(59_000);
    asked[0]!.progress(0.1);
    await vi.advanceTimersByTimeAsync(60_000);
    await started;
  });

  it('waits for its turn behind two others, and gives it up when cancelled', async () => {
    const { asked, send } = makeServer();
    const uploads = ['a', 'b', 'c', 'd'].map((name) => new Upload(file, name, send));
    const [, , third, fourth] = uploads.map((upload) => upload.start());
    const ended = expect(third).rejects.toThrow('ended');
    await settle();
    expect(asked).toHaveLength(2);
    uploads[2]!.cancel();
    asked[0]!.answer('1');
    await ended;
    await settle();
    expect(asked).toHaveLength(3);
    asked[1]!.answer('2');
    asked[2]!.answer('4');
    expect(await fourth).toBe('4');
  });

  it('ends with the session, also while it waits for its turn', async () => {
    const { asked, send } = makeServer();
    const started = ['a', 'b', 'c'].map((name) =>
      expect(new Upload(file, name, send).start()).rejects.toMatchObject({ name: 'AbortError' }),
    );
    await settle();
    signals.sessionEnded.tell();
    await Promise.all(started);
    expect(asked).toHaveLength(2);
  });
});
