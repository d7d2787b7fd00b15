// RFC 6455, sections 5.6 and 8.1; RFC 3629.
import { test } from 'node:test';

import { useEcho } from './lib/echo_server.mjs';
import { fragments, frame, opcode } from './lib/frames.mjs';
import { Peer } from './lib/peer.mjs';

const echo = useEcho();

const valid = {
  'Greek': Buffer.from('κόσμε').toString('hex'),
  'four-byte characters': Buffer.from('a😀b🚀').toString('hex'),
  'a combining sequence': Buffer.from('e\u0301').toString('hex'),
  'U+0000': '00',
  'U+007F, the last of one byte': '7f',
  'U+0080, the first of two bytes': 'c280',
  'U+07FF, the last of two bytes': 'dfbf',
  'U+0800, the first of three bytes': 'e0a080',
  'U+D7FF, before the surrogates': 'ed9fbf',
  'U+E000, behind the surrogates': 'ee8080',
  'U+FFFD': 'efbfbd',
  'U+FFFF, a noncharacter': 'efbfbf',
  'U+FEFF, a byte order mark': 'efbbbf',
  'U+10000, the first of four bytes': 'f0908080',
  'U+1FFFE, a noncharacter': 'f09fbfbe',
  'U+10FFFF, the last of all': 'f48fbfbf',
};

const invalid = {
  'a continuation byte alone': '80',
  'the last continuation byte alone': 'bf',
  'two continuation bytes': '8080',
  'FE': 'fe',
  'FF': 'ff',
  'a lead byte before a letter': 'c328',
  'three bytes with a wrong second': 'e228a1',
  'three bytes with a wrong third': 'e28228',
  'four bytes with a wrong second': 'f0288cbc',
  'four bytes with a wrong third': 'f09028bc',
  'four bytes with a wrong fourth': 'f0909028',
  'an overlong slash of two bytes': 'c0af',
  'an overlong slash of three bytes': 'e080af',
  'an overlong slash of four bytes': 'f08080af',
  'the largest overlong of two bytes': 'c1bf',
  'the largest overlong of three bytes': 'e09fbf',
  'the largest overlong of four bytes': 'f08fbfbf',
  'an overlong U+0000': 'c080',
  'the first surrogate': 'eda080',
  'the last surrogate': 'edbfbf',
  'a surrogate pair': 'eda080edb080',
  'U+110000': 'f4908080',
  'a lead byte beyond U+10FFFF': 'f5808080',
  'five bytes': 'f888808080',
  'six bytes': 'fc8480808080',
};

const cut = { 'two bytes': 'c3', 'three bytes': 'e282', 'four bytes after two': 'f09f', 'four bytes after three': 'f09f98' };

const bytesOf = (hex) => Buffer.from(hex, 'hex');
const surrounded = (hex) => Buffer.concat([Buffer.from('before '), bytesOf(hex), Buffer.from(' behind')]);
const eachByte = (bytes) => Array.from(bytes, (byte) => Buffer.from([byte]));

for (const [name, hex] of Object.entries(valid)) {
  test(`valid text is echoed: ${name}`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.text, bytesOf(hex)), frame(opcode.text, surrounded(hex)));
    await peer.expect(opcode.text, bytesOf(hex));
    await peer.expect(opcode.text, surrounded(hex));
    await peer.close();
  });

  test(`valid text is echoed when every byte is a fragment: ${name}`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(...fragments(opcode.text, eachByte(surrounded(hex))));
    await peer.expect(opcode.text, surrounded(hex));
    await peer.close();
  });
}

for (const [name, hex] of Object.entries(invalid)) {
  test(`invalid text is refused with 1007: ${name}`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.text, surrounded(hex)));
    await peer.expectClose(1007);
  });

  test(`invalid text is refused when every byte is a fragment: ${name}`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(Buffer.concat(fragments(opcode.text, eachByte(surrounded(hex)))));
    await peer.expectClose(1007);
  });

  test(`invalid text is refused before its frame is complete: ${name}`, async () => {
    const peer = await Peer.open(echo.port);
    const whole = frame(opcode.text, Buffer.concat([surrounded(hex), Buffer.alloc(100, 0x2e)]));
    await peer.send(whole.subarray(0, whole.length - 100));
    await peer.expectClose(1007);
  });
}

for (const [name, hex] of Object.entries(cut)) {
  test(`text that ends within a character is refused: ${name}`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.text, bytesOf(hex)));
    await peer.expectClose(1007);
  });

  test(`text that ends within a character is refused after its last fragment: ${name}`, async () => {
    const peer = await Peer.open(echo.port);
    await peer.send(frame(opcode.text, bytesOf(hex), { fin: false }), frame(opcode.ping, 'well so far'));
    await peer.expect(opcode.pong, 'well so far');
    await peer.send(frame(opcode.continuation, ''));
    await peer.expectClose(1007);
  });
}

test('invalid text is refused in its fragment, before the message is complete', async () => {
  const peer = await Peer.open(echo.port);
  await peer.send(frame(opcode.text, 'good so far', { fin: false }), frame(opcode.continuation, bytesOf('ff'), { fin: false }));
  await peer.expectClose(1007);
});

test('a character split over a ping is put together', async () => {
  const peer = await Peer.open(echo.port);
  const [first, second] = fragments(opcode.text, [bytesOf('e2'), bytesOf('82ac')]);
  await peer.send(first, frame(opcode.ping, bytesOf('ff')), second);
  await peer.expect(opcode.pong, bytesOf('ff'));
  await peer.expect(opcode.text, '€');
  await peer.close();
});

test('binary messages may hold anything', async () => {
  const peer = await Peer.open(echo.port);
  const all = Buffer.concat(Object.values(invalid).map(bytesOf));
  await peer.send(frame(opcode.binary, all));
  await peer.expect(opcode.binary, all);
  await peer.close();
});
