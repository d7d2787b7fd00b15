import { describe, expect, it } from 'vitest';

import { Turns } from './turns';

describe('Turns', () => {
  it('lets only so many begin, the others in their order as those end', async () => {
    const turns = new Turns(2);
    const begun: string[] = [];
    const begin = async (name: string) => {
      const end = await turns.take();
      begun.push(name);
      return end;
    };
    const [first, second] = await Promise.all([begin('a'), begin('b')]);
    const third = begin('c');
    const fourth = begin('d');
    await Promise.resolve();
    expect(begun).toEqual(['a', 'b']);
    second!();
    (await third)();
    (await fourth)();
    expect(begun).toEqual(['a', 'b', 'c', 'd']);
    first!();
    await begin('e');
    expect(begun).toHaveLength(5);
  });
});
