import { becomes } from './ui.mjs';

/** By page: the channels that its newest live connection has been let into. */
const heard = new WeakMap();

/** Notes which channels a page hears, from now on. */
export function noteChannels(page) {
  page.on('websocket', (socket) => {
    const channels = new Set();
    heard.set(page, channels);
    socket.on('framereceived', ({ payload }) => {
      const { event, channel } = JSON.parse(payload);
      if (event === 'pusher_internal:subscription_succeeded') channels.add(channel);
    });
  });
}

/** Waits until `page` hears a channel: what is told there from now on reaches it, also what is never told again. */
export const hears = (page, channel) =>
  becomes(() => heard.get(page)?.has(channel) ?? false, true, `channel ${channel} in a page`);

/** Waits until `page` hears what concerns `person`, who has it open. */
export const isLive = (page, person) => hears(page, `private-user.${person.id}`);
