import type { Entry } from '../translate';

export const sign_in = {
  'sign_in.title': 'Sign in',
  'sign_in.submit': 'Sign in',
  'sign_in.name': 'Name',
  'sign_in.email': 'E-mail address',
  'sign_in.password': 'Password',
  'sign_in.password_hint': 'At least {length} characters.',
  'sign_in.no_account': 'No account yet?',
  'sign_in.register': 'Create an account',
  'sign_in.register_title': 'Create an account',
  'sign_in.register_submit': 'Create account',
  'sign_in.have_account': 'Do you have an account already?',
  'sign_in.registration_off': 'Nobody can create an account here. Ask the people who run this server for one.',
  'sign_in.registration_invite': 'Use the e-mail address that you were invited with.',
  'sign_in.demo_title': 'This is a demo',
  'sign_in.demo_text': 'Try it as one of these people. Open a private window to be another one at the same time.',
  'sign_in.continue_as': 'Continue as {name}',
  'sign_in.ended': 'Your session on this device has ended. Sign in again to go on.',
  'sign_in.not_revoked':
    'You are signed out on this device. The server could not be told: remove this device from the list of your devices when you are online again.',
} satisfies Record<string, Entry>;
