import { effectScope } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { signals } from '@/live/signals';

const answers: ((blob: Blob) => void)[] = [];
const server = vi.hoisted(() => ({ blob: vi.fn() }));
vi.mock('@/api', () => ({ api: server }));

const { useFile } = await import('./files');

/** The addresses that show something. */
const alive = new Set<string>();
let made = 0;

/** A component that shows the file at `path`. */
function show(path: string) {
  const scope = effectScope();
  return { file: scope.run(() => useFile(() => path))!, unmount: () => scope.stop() };
}

async function answer(): Promise<void> {
  answers.shift()!(new Blob(['bytes']));
  for (let turn = 0; turn < 10; ++turn) await Promise.resolve();
}

beforeEach(() => {
  server.blob.mockImplementation(() => new Promise<Blob>((resolve) => answers.push(resolve)));
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:${++made}`;
    alive.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void alive.delete(url));
});

afterEach(() => {
  signals.sessionEnded.tell();
  answers.length = 0;
  vi.clearAllMocks();
});

describe('useFile', () => {
  it('shows at once what was shown a moment ago', async () => {
    const first = show('/a');
    await answer();
    expect(first.file.url.value).not.toBeNull();
    first.unmount();
    const second = show('/a');
    expect(second.file.url.value).toBe(first.file.url.value);
    expect(alive).toContain(second.file.url.value);
    second.unmount();
  });

  it('keeps nothing of a session that ends while a file is shown', async () => {
    const before = show('/a');
    await answer();
    expect(before.file.url.value).not.toBeNull();
    // Components are unmounted after the session has ended.
    signals.sessionEnded.tell();
    before.unmount();
    expect(alive.size).toBe(0);
    const after = show('/a');
    expect(after.file.url.value).toBeNull();
    await answer();
    expect(after.file.url.value).not.toBeNull();
    expect(alive).toContain(after.file.url.value);
    after.unmount();
  });

  it('keeps nothing of a session that ends while a file is on its way', async () => {
    const before = show('/a');
    signals.sessionEnded.tell();
    before.unmount();
    await answer();
    expect(alive.size).toBe(0);
    const after = show('/a');
    expect(after.file.url.value).toBeNull();
    after.unmount();
  });

  it('asks again for what has failed when the connection is back', async () => {
    server.blob.mockRejectedValueOnce(new Error('no connection'));
    const shown = show('/a');
    for (let turn = 0; turn < 10; ++turn) await Promise.resolve();
    expect(shown.file.failure.value).not.toBeNull();
    signals.caughtUp.tell({ first: false });
    await answer();
    expect(shown.file.failure.value).toBeNull();
    expect(shown.file.url.value).not.toBeNull();
    shown.unmount();
  });

  it('keeps nothing that nobody shows any more when it comes', async () => {
    const shown = show('/a');
    shown.unmount();
    await answer();
    expect(alive.size).toBe(0);
  });
});
