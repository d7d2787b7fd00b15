import type { Reaction } from '@/api/types';

/** `reactions` with that of `userId` added or taken away; the same array when nothing changes. */
export function withReaction(reactions: Reaction[], userId: number, emoji: string, added: boolean): Reaction[] {
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  if ((known?.user_ids.includes(userId) ?? false) === added) return reactions;
  if (!known) return [...reactions, { emoji, count: 1, user_ids: [userId] }];
  const userIds = added ? [...known.user_ids, userId] : known.user_ids.filter((id) => id !== userId);
  const changed = { emoji, count: known.count + (added ? 1 : -1), user_ids: userIds };
  return reactions.flatMap((reaction) => (reaction !== known ? [reaction] : changed.count > 0 ? [changed] : []));
}
