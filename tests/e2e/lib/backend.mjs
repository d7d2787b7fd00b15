import { once } from 'node:events';
import http from 'node:http';

/**
 * An application's back end as Laravel's is: POST /broadcasting/auth signs what the user of the header X-User asks
 * for, except for channels beginning private-forbidden.
 */
export class Backend {
  static async start(scene) {
    const backend = new Backend(scene.sdk);
    backend.#server.listen(0, '127.0.0.1');
    await once(backend.#server, 'listening');
    backend.authEndpoint = `http://127.0.0.1:${backend.#server.address().port}/broadcasting/auth`;
    scene.atEnd(() => backend.#server.close());
    return backend;
  }

  #server;

  /** The forms that clients sent. */
  forms = [];

  constructor(sdk) {
    this.#server = http.createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const form = Object.fromEntries(new URLSearchParams(text));
      this.forms.push(form);
      const { socket_id: socketId, channel_name: channel } = form;
      const allowed =
        request.method === 'POST' && request.url === '/broadcasting/auth' && !channel.startsWith('private-forbidden');
      const user = Number(request.headers['x-user']);
      const member = { user_id: user, user_info: { name: `User ${user}` } };
      const answer =
        allowed && sdk.authorizeChannel(socketId, channel, channel.startsWith('presence-') ? member : undefined);
      response.writeHead(allowed ? 200 : 403, { 'Content-Type': 'application/json', Connection: 'close' });
      response.end(JSON.stringify(answer || { message: 'Forbidden' }));
    });
  }
}
