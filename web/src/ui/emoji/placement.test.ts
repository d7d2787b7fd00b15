import { describe, expect, it } from 'vitest';

import { placeBeside } from './placement';

const size = { width: 300, height: 400 };
const screen = { width: 1000, height: 800 };
const anchor = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 40 });

describe('placeBeside', () => {
  it('stands above its anchor, centred', () => {
    expect(placeBeside(anchor(480, 700), size, screen)).toEqual({ left: 350, top: 292 });
  });

  it('stands below where there is no room above', () => {
    expect(placeBeside(anchor(480, 100), size, screen).top).toBe(148);
  });

  it('is seen whole at the edges', () => {
    expect(placeBeside(anchor(0, 400), size, screen)).toEqual({ left: 8, top: 392 });
    expect(placeBeside(anchor(990, 700), size, screen).left).toBe(692);
  });
});
