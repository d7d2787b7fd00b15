import { campaigns } from './campaigns';
import { money } from './money';
import { settings } from './settings';

/** English of the screens that come later than the chat, so that the chat is there sooner. */
export const later = { ...campaigns, ...money, ...settings };
