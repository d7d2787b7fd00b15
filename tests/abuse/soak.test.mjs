// The soak of tests/load for a short time.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { soak } from '../load/soak.mjs';

const mib = 1024 * 1024;

for (const chat of [false, true]) {
  test(`memory stays flat over 5,000 cycles ${chat ? 'with' : 'without'} the chat`, async () => {
    const { samples, growth } = await soak({ cycles: 5_000, chat });
    const table = samples.map(({ cycles, resident }) => `${cycles}: ${(resident / mib).toFixed(2)} MB`).join('\n');
    assert.ok(growth < mib, `it grew by ${(growth / mib).toFixed(2)} MB\n${table}`);
  });
}
