import { app } from './app';
import { composer } from './composer';
import { conversations } from './conversations';
import { errors } from './errors';
import { messages } from './messages';
import { people } from './people';
import { search } from './search';
import { shell } from './shell';

/**
 * English, and with `later` the list of what every language has to say. A key is TOPIC.WHAT; each topic has a file.
 */
export const en = {
  ...app,
  ...composer,
  ...conversations,
  ...errors,
  ...messages,
  ...people,
  ...search,
  ...shell,
};
