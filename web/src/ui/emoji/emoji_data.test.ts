import { describe, expect, it } from 'vitest';

import { findEmoji, groupEmoji, groupNumbers, loadEmoji } from './emoji_data';

const tones = ['1', '2', '3', '4', '5'].map((unicode) => ({ unicode }));
const rows = [
  { unicode: '👋', label: 'waving hand', group: 1, tags: ['hello'], skins: tones },
  { unicode: '🤝', label: 'handshake', group: 1, tags: ['deal'], skins: [...tones, ...tones] },
  { unicode: '🏽', label: 'medium skin tone', group: 2 },
  { unicode: '🇦', label: 'regional indicator A' },
  { unicode: '😀', label: 'grinning face', group: 0, tags: ['happy hand'] },
];

describe('groupEmoji', () => {
  it('leaves components out', () => {
    const all = [...groupEmoji(rows).values()].flat().map(({ unicode }) => unicode);
    expect(all.sort()).toEqual(['👋', '😀', '🤝'].sort());
  });

  it('offers tones where there are five', () => {
    expect(
      groupEmoji(rows)
        .get(1)!
        .map((emoji) => emoji.tones.length),
    ).toEqual([5, 0]);
  });
});

describe('findEmoji', () => {
  const find = (query: string) => findEmoji(groupEmoji(rows), query).map(({ unicode }) => unicode);

  it('finds by beginnings of words of name and tags', () => {
    expect(find('hel')).toEqual(['👋']);
    expect(find('ello')).toEqual([]);
    expect(find('  ')).toEqual([]);
  });

  it('wants all words, in any case of letters', () => {
    expect(find('HAND Wav')).toEqual(['👋']);
    expect(find('hand deal')).toEqual(['🤝']);
  });

  it('puts first what is called so', () => {
    expect(find('hand')[0]).toBe('🤝');
  });
});

describe('loadEmoji', () => {
  it('has emoji in every group, none twice', async () => {
    const groups = await loadEmoji();
    for (const number of groupNumbers) expect(groups.get(number)!.length).toBeGreaterThan(50);
    const all = [...groups.values()].flat().map(({ unicode }) => unicode);
    expect(new Set(all).size).toBe(all.length);
  });
});
