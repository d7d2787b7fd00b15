import { once } from 'node:events';
import net from 'node:net';

/** A line between browsers and the server, which can be cut: what is open breaks, and nothing new gets through. */
export class Line {
  static async to(port) {
    const line = new Line(port);
    await line.mend();
    return line;
  }

  #target;
  #listener = null;
  #sockets = new Set();
  #port = 0;

  constructor(target) {
    this.#target = target;
  }

  /** Where browsers find it. */
  get origin() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Lets everything through from now on, on the same port as before. */
  async mend() {
    this.#listener = net.createServer((near) => this.#join(near)).listen(this.#port, '127.0.0.1');
    await once(this.#listener, 'listening');
    this.#port = this.#listener.address().port;
  }

  async cut() {
    const closed = once(this.#listener, 'close');
    this.#listener.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(near) {
    const far = net.connect(this.#target, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(socket);
      // One end has gone, and the other goes with it.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
}
