import { deflateSync } from 'node:zlib';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const checksums = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as PNG has it (ISO 3309); Node's own is younger than the Node that the tests need. */
function checksum(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = checksums[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(data.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(checksum(named), named.length + 4);
  return framed;
}

/** The bytes of a PNG picture of this size, in stripes of a colour [red, green, blue]. */
export function picture(width, height, colour) {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3;
      for (const [channel, value] of colour.entries())
        rows[at + channel] = (value + (x >> 4) * 12 + (y >> 4) * 7) & 0xff;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // eight bits a channel, red, green and blue
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

/** A file as Playwright gives it to a page. */
export const file = (name, mimeType, bytes) => ({ name, mimeType, buffer: Buffer.from(bytes) });

/** Lets files fall onto an element, or pastes them into it. */
export async function bring(locator, how, files) {
  const given = files.map(({ name, mimeType, buffer }) => ({ name, mimeType, bytes: [...buffer] }));
  await locator.evaluate(
    (element, { kind, parts }) => {
      const transfer = new DataTransfer();
      for (const { name, mimeType, bytes } of parts)
        transfer.items.add(new File([new Uint8Array(bytes)], name, { type: mimeType }));
      const common = { bubbles: true, cancelable: true };
      if (kind === 'paste') {
        element.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: transfer }));
        return;
      }
      for (const type of kind === 'drop' ? ['dragenter', 'dragover', 'drop'] : [kind])
        element.dispatchEvent(new DragEvent(type, { ...common, dataTransfer: transfer }));
    },
    { kind: how, parts: given },
  );
}
