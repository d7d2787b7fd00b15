import { beforeEach, describe, expect, it } from 'vitest';

import { signals } from '@/live/signals';

import { isOnline, onlineCount } from './online';

const tell = (companyId: number, kind: 'here' | 'joined' | 'left', ...userIds: number[]) =>
  signals.online.tell({ companyId, kind, userIds });

describe('online', () => {
  beforeEach(() => signals.sessionEnded.tell());

  it('knows who joined and left', () => {
    tell(1, 'here', 7, 8);
    tell(1, 'joined', 9);
    tell(1, 'left', 7);
    expect([isOnline(7), isOnline(8), isOnline(9), onlineCount(1)]).toEqual([false, true, true, 2]);
  });

  it('holds a person for online while one company has them', () => {
    tell(1, 'here', 7);
    tell(2, 'here', 7);
    tell(1, 'left', 7);
    expect(isOnline(7)).toBe(true);
    tell(2, 'here');
    expect(isOnline(7)).toBe(false);
  });

  it('takes a repeated join or leave for one', () => {
    tell(1, 'joined', 7);
    tell(1, 'joined', 7);
    tell(1, 'left', 7);
    tell(1, 'left', 7);
    expect([isOnline(7), onlineCount(1)]).toEqual([false, 0]);
  });
});
