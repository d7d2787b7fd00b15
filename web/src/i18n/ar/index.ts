import { app } from './app';
import { campaigns } from './campaigns';
import { composer } from './composer';
import { conversations } from './conversations';
import { errors } from './errors';
import { messages } from './messages';
import { money } from './money';
import { notifications } from './notifications';
import { people } from './people';
import { search } from './search';
import { settings } from './settings';
import { shell } from './shell';
import { sign_in } from './sign_in';

/** العربية */
export const ar = {
  ...app,
  ...campaigns,
  ...composer,
  ...conversations,
  ...errors,
  ...messages,
  ...money,
  ...notifications,
  ...people,
  ...search,
  ...settings,
  ...shell,
  ...sign_in,
};
