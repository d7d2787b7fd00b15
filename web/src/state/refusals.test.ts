import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ApiError } from '@/api/errors';
import { useLanguage } from '@/i18n';

import { fieldTexts, refusalText } from './refusals';

vi.stubGlobal('navigator', { languages: ['en'] });
vi.stubGlobal('document', { documentElement: {} });
vi.mock('@/api', () => ({}));

const refusal = (status: number, code: string, message = '', fields: Record<string, string[]> = {}) =>
  new ApiError(status, code, message, fields, null);

beforeEach(() => useLanguage('en'));
afterEach(() => useLanguage('en'));

describe('refusalText', () => {
  it.each([
    [409, 'other_left', 'The other one …', 'The other person does not take part in this conversation any more.'],
    [403, 'forbidden', 'Only operators …', 'You are not allowed to do this.'],
    [403, 'forbidden', 'The other party has blocked you.', 'You cannot write to this person.'],
    [403, 'forbidden', 'You cannot send messages to this user.', 'You cannot write to this person.'],
    [503, 'overloaded', 'Too many …', 'The server cannot do this at the moment. Try again later.'],
    [502, 'http_502', 'The server answered 502.', 'The server cannot do this at the moment. Try again later.'],
    [418, 'http_418', 'The server answered 418.', 'Something went wrong.'],
    [409, 'of_a_later_version', 'Words of the server.', 'Words of the server.'],
  ])('of %i %s (%s) is %j', (status, code, message, text) =>
    expect(refusalText(refusal(status, code, message))).toBe(text),
  );

  it('tells all that is wrong with the fields', () => {
    const fields = { name: ['The name field is required.'], email: ['The email has already been taken.'] };
    expect(refusalText(refusal(422, 'validation_failed', 'The name … (and 1 more error)', fields))).toBe(
      'Please fill this in. This e-mail address belongs to another account.',
    );
  });

  it('speaks the language in use', async () => {
    await useLanguage('ar');
    expect(refusalText(refusal(409, 'message_deleted', 'The message was deleted.'))).toBe('حُذفت هذه الرسالة.');
  });
});

describe('fieldTexts', () => {
  it.each([
    ['The password field must be at least 8 characters.', 'At least 8 characters.'],
    ['The title field must not be greater than 120 characters.', 'At most 120 characters.'],
    ['The email field must be a valid email address.', 'This is not a complete e-mail address.'],
    ['The selected user ids are invalid: only members of the company.', 'What was chosen is not available any more.'],
    ['The budget field must be at least 0.', 'The budget field must be at least 0.'],
  ])('says %j as %j', (sentence, text) => expect(fieldTexts({ field: [sentence] })).toEqual({ field: [text] }));
});
