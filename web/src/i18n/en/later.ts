import { campaigns } from './campaigns';
import { money } from './money';
import { notifications } from './notifications';
import { settings } from './settings';
import { sign_in } from './sign_in';

/** English of the screens that come later than the chat, so that the chat is there sooner. */
export const later = { ...campaigns, ...money, ...notifications, ...settings, ...sign_in };
