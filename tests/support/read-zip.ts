/**
 * The files of a ZIP that was stored without compression, by their names, as text.
 *
 * @throws Error where it has no end, as what was broken off
 */
export async function readZip(zip: ReadableStream<Uint8Array> | Buffer): Promise<Map<string, string>> {
  const bytes = Buffer.isBuffer(zip) ? zip : Buffer.from(await new Response(zip as BodyInit).arrayBuffer());
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end === -1) throw new Error('this ZIP has no end');
  const files = new Map<string, string>();
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [size, nameLength, extraLength] = [
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
    ];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const entry = bytes.readUInt32LE(at + 42);
    const from = entry + 30 + bytes.readUInt16LE(entry + 26) + bytes.readUInt16LE(entry + 28);
    files.set(name, bytes.toString('utf8', from, from + size));
    at += 46 + nameLength + extraLength;
  }
  return files;
}
