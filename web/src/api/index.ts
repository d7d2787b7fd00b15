import { endSession, token } from './session';

import { Api } from './client';

let findSocketId: () => string | undefined = () => undefined;

/** Tells the API how to find the id of the live connection. */
export function provideSocketId(find: () => string | undefined): void {
  findSocketId = find;
}

/** The API in the name of whoever is signed in. */
export const api = new Api({ token, socketId: () => findSocketId(), tokenRefused: endSession });

export { ApiError, NetworkError, isAbort, isTemporary } from './errors';
