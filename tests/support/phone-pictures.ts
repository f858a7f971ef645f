// Pictures as phones take them: with the place, turned by a note beside the pixels, and as HEIC in many tiles.
import { readFileSync } from 'node:fs';

/** What must be found nowhere in a picture that was made anew. */
export const secretOfPicture = 'Camera of Anna Beispiel';

/** An Exif block (TIFF, big-endian): an orientation, a text, and the place 50° 56' 28" N, 6° 57' 29" E. */
function exifBlock(orientation = 1): Buffer {
  const text = Buffer.from(`${secretOfPicture}\0`);
  const entry = (tag: number, type: number, count: number, value: number | string) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16BE(tag, 0);
    bytes.writeUInt16BE(type, 2);
    bytes.writeUInt32BE(count, 4);
    if (typeof value === 'string') bytes.write(value, 8);
    else if (type === 3) bytes.writeUInt16BE(value, 8);
    else bytes.writeUInt32BE(value, 8);
    return bytes;
  };
  const directory = (...entries: Buffer[]) =>
    Buffer.concat([Buffer.from([0, entries.length]), ...entries, Buffer.alloc(4)]);
  const degrees = (...values: number[]) => {
    const bytes = Buffer.alloc(24);
    values.forEach((value, index) => {
      bytes.writeUInt32BE(value, 8 * index);
      bytes.writeUInt32BE(1, 8 * index + 4);
    });
    return bytes;
  };
  const gpsAt = 8 + 2 + 3 * 12 + 4;
  const dataAt = gpsAt + 2 + 4 * 12 + 4;
  return Buffer.concat([
    Buffer.from('MM\0*\0\0\0\x08', 'latin1'),
    directory(
      entry(0x010e, 2, text.length, dataAt + 48),
      entry(0x0112, 3, 1, orientation),
      entry(0x8825, 4, 1, gpsAt),
    ),
    directory(entry(1, 2, 2, 'N'), entry(2, 5, 3, dataAt), entry(3, 2, 2, 'E'), entry(4, 5, 3, dataAt + 24)),
    degrees(50, 56, 28),
    degrees(6, 57, 29),
    text,
  ]);
}

/** A JPEG with everything beside its pixels that a camera and an editor write: Exif, XMP, IPTC, a comment. */
export function withCameraData(jpeg: Uint8Array, orientation = 1): Buffer {
  const segment = (marker: number, ...content: (string | Buffer)[]) => {
    const body = Buffer.concat(content.map((part) => Buffer.from(part as string, 'latin1')));
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  return Buffer.concat([
    jpeg.subarray(0, 2),
    segment(0xe1, 'Exif\0\0', exifBlock(orientation)),
    segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0', `<x:xmpmeta>${secretOfPicture}</x:xmpmeta>`),
    segment(0xed, 'Photoshop 3.0\0', secretOfPicture),
    segment(0xfe, secretOfPicture),
    jpeg.subarray(2),
  ]);
}

const tile = readFileSync(new URL('../fixtures/tile.heic', import.meta.url));
const tileSide = 512;

/**
 * A HEIC of so many pixels, as phones write them: a grid of tiles (each the fixture's), Exif, and turned by so many
 * quarters against the clock when it is shown.
 */
export function phoneHeic({
  width,
  height,
  quarters = 0,
}: {
  width: number;
  height: number;
  quarters?: number;
}) {
  const columns = Math.ceil(width / tileSide);
  const rows = Math.ceil(height / tileSide);
  const tiles = columns * rows;
  const gridId = tiles + 1;
  const exifId = tiles + 2;

  const picture = contentOf(tile, ['mdat']);
  const grid = Buffer.concat([Buffer.from([0, 1, rows - 1, columns - 1]), u32(width), u32(height)]);
  const exif = Buffer.concat([u32(0), exifBlock()]);

  const item = (id: number, type: string, flags = 1) =>
    fullBox('infe', 2, flags, u16(id), u16(0), Buffer.from(`${type}\0`));
  const ids = Array.from({ length: tiles }, (_, index) => index + 1);
  const items = [...ids.map((id) => item(id, 'hvc1')), item(gridId, 'grid', 0), item(exifId, 'Exif')];
  const properties = box(
    'ipco',
    box('hvcC', contentOf(tile, ['meta', 'iprp', 'ipco', 'hvcC'])),
    fullBox('ispe', 0, 0, u32(tileSide), u32(tileSide)),
    fullBox('ispe', 0, 0, u32(width), u32(height)),
    box('irot', Buffer.from([quarters])),
  );
  const uses = [
    ...ids.map((id) => Buffer.concat([u16(id), Buffer.from([2, 0x81, 0x02])])),
    Buffer.concat([u16(gridId), Buffer.from([2, 0x03, 0x84])]),
  ];
  const type = box('ftyp', Buffer.from('heic\0\0\0\0mif1heic'));
  const meta = (dataAt: number) => {
    const place = (id: number, at: number, bytes: number) =>
      Buffer.concat([u16(id), u16(0), u16(1), u32(at), u32(bytes)]);
    const places = [
      // Every tile shows the same.
      ...ids.map((id) => place(id, dataAt, picture.length)),
      place(gridId, dataAt + picture.length, grid.length),
      place(exifId, dataAt + picture.length + grid.length, exif.length),
    ];
    return fullBox(
      'meta',
      0,
      0,
      fullBox('hdlr', 0, 0, u32(0), Buffer.from('pict'), Buffer.alloc(13)),
      fullBox('pitm', 0, 0, u16(gridId)),
      fullBox('iloc', 0, 0, Buffer.from([0x44, 0]), u16(places.length), ...places),
      fullBox('iinf', 0, 0, u16(items.length), ...items),
      fullBox(
        'iref',
        0,
        0,
        box('dimg', u16(gridId), u16(tiles), ...ids.map(u16)),
        box('cdsc', u16(exifId), u16(1), u16(gridId)),
      ),
      box('iprp', properties, fullBox('ipma', 0, 0, u32(uses.length), ...uses)),
    );
  };
  return Buffer.concat([type, meta(type.length + meta(0).length + 8), box('mdat', picture, grid, exif)]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function box(type: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type), body]);
}

function fullBox(type: string, version: number, flags: number, ...content: Buffer[]): Buffer {
  return box(type, u32(version * 0x1000000 + flags), ...content);
}

function contentOf(container: Buffer, path: string[]): Buffer {
  let within = container;
  for (const wanted of path) {
    let at = 0;
    while (within.toString('latin1', at + 4, at + 8) !== wanted) at += within.readUInt32BE(at);
    within = within.subarray(at + (wanted === 'meta' ? 12 : 8), at + within.readUInt32BE(at));
  }
  return within;
}
