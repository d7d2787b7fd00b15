// RFC 6455, section 5.4.
import { test } from 'node:test';

import { useEcho } from './lib/echo_server.mjs';
import { fragments, frame, opcode } from './lib/frames.mjs';
import { Peer } from './lib/peer.mjs';

const echo = useEcho();

const part = (code, payload) => frame(code, payload, { fin: false });
const waysToSend = {
  'in one packet': (peer, frames) => peer.send(Buffer.concat(frames)),
  'frame by frame': (peer, frames) => peer.send(...frames),
  'byte by byte': (peer, frames) => peer.dribble(...frames),
};

const accepted = {
  'two fragments': { frames: fragments(opcode.text, ['frag', 'ment']), echoed: ['fragment'] },
  'three fragments of which two are empty': { frames: fragments(opcode.text, ['', 'middle', '']), echoed: ['middle'] },
  'three empty fragments': { frames: fragments(opcode.text, ['', '', '']), echoed: [''] },
  'a hundred fragments': {
    frames: fragments(opcode.text, Array.from({ length: 100 }, () => 'x')),
    echoed: ['x'.repeat(100)],
  },
  'fragments of 126 and 200 bytes': {
    frames: fragments(opcode.text, ['a'.repeat(126), 'b'.repeat(200)]),
    echoed: ['a'.repeat(126) + 'b'.repeat(200)],
  },
  'two messages of fragments, and whole ones around them': {
    frames: [
      frame(opcode.text, 'before'),
      ...fragments(opcode.text, ['one ', 'two']),
      frame(opcode.text, 'between'),
      ...fragments(opcode.text, ['three ', 'four']),
      frame(opcode.text, 'after'),
    ],
    echoed: ['before', 'one two', 'between', 'three four', 'after'],
  },
};

const refused = {
  'a continuation of nothing': [frame(opcode.continuation, 'x')],
  'a continuation of nothing, without FIN': [part(opcode.continuation, 'x')],
  'a continuation of nothing, then a message': [frame(opcode.continuation, ''), frame(opcode.text, 'x')],
  'a continuation after a whole message of fragments': [
    ...fragments(opcode.binary, ['']),
    frame(opcode.continuation, 'x'),
  ],
  'a text frame within a message': [part(opcode.text, 'x'), frame(opcode.text, 'y')],
  'a text frame without FIN within a message': [part(opcode.text, 'x'), part(opcode.text, 'y')],
  'a binary frame within a text message': [part(opcode.text, 'x'), frame(opcode.binary, 'y')],
  'a text frame within a binary message': [part(opcode.binary, 'x'), frame(opcode.text, 'y')],
  'a text frame after two fragments and a ping': [
    part(opcode.text, 'x'),
    part(opcode.continuation, 'y'),
    frame(opcode.pong, ''),
    frame(opcode.text, 'z'),
  ],
};

for (const [way, send] of Object.entries(waysToSend)) {
  for (const [name, { frames, echoed }] of Object.entries(accepted)) {
    test(`${name}, ${way}, are put together`, async () => {
      const peer = await Peer.open(echo.port);
      await send(peer, frames);
      for (const text of echoed) await peer.expect(opcode.text, text);
      await peer.close();
    });
  }

  for (const [name, frames] of Object.entries(refused)) {
    test(`${name}, ${way}, is refused with 1002`, async () => {
      const peer = await Peer.open(echo.port);
      // What follows the wrong frame may meet a connection that is closed already.
      await send(peer, frames).catch(() => {});
      if (name.startsWith('a continuation after')) await peer.expect(opcode.binary, '');
      await peer.expectClose(1002);
    });
  }
}
