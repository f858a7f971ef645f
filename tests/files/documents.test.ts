import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { inspectDocument } from '#lib/files/inspect-document.ts';
import type { DocumentRefusal, InspectedDocument } from '#lib/files/inspect-document.ts';
import { pdfDocument } from '../support/pdf-document.ts';
import { phoneHeic, secretOfPicture, withCameraData } from '../support/phone-pictures.ts';
import { beginWithPictures, jpegOf, lookAt, png, quartersPng } from '../support/pictures.ts';

const MB = 1024 * 1024;
let folder: string;

beforeAll(beginWithPictures);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'documents-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));

/** As an upload lies there; its name says nothing. */
async function inspect(content: Buffer): Promise<InspectedDocument> {
  const path = join(folder, 'upload');
  await writeFile(path, content);
  const found = await inspectDocument({ path, bytes: content.length });
  expect(await readdir(folder)).toEqual(['upload']);
  return found;
}

/** What is kept of it. */
async function kept(content: Buffer): Promise<Buffer> {
  const found = await inspect(content);
  if (found.kind !== 'fine') throw new Error(`It was refused: ${found.why}`);
  const made = await readFile(found.path);
  expect(made.length).toBe(found.bytes);
  return made;
}

const upright = ['red', 'green', 'blue', 'white'];

describe('a picture becomes a JPEG of its pixels alone', () => {
  test.each<[string, () => Buffer]>([
    ['JPEG', () => withCameraData(jpegOf(quartersPng(400, 300)))],
    ['progressive JPEG', () => withCameraData(jpegOf(quartersPng(400, 300), { isProgressive: true }))],
    ['PNG', () => quartersPng(400, 300)],
  ])('%s', async (_, picture) => {
    const made = await kept(picture());
    expect(lookAt(made)).toEqual({ width: 400, height: 300, quarters: upright, kept: [] });
    expect(made.includes(secretOfPicture)).toBe(false);
    expect(made.includes('Exif')).toBe(false);
  });

  test('HEIC of a phone, turned as it is shown, with the place in it', async () => {
    const picture = phoneHeic({ width: 500, height: 480, quarters: 1 });
    expect(picture.includes(secretOfPicture)).toBe(true);
    const made = await kept(picture);
    expect(lookAt(made)).toEqual({
      ...{ width: 480, height: 500, kept: [] },
      quarters: ['green', 'white', 'red', 'blue'],
    });
    expect(made.includes(secretOfPicture)).toBe(false);
    expect(made.includes('Exif')).toBe(false);
  });

  test.each([
    [1, 400, 300, upright],
    [3, 400, 300, ['white', 'blue', 'green', 'red']],
    [6, 300, 400, ['blue', 'red', 'white', 'green']],
    [8, 300, 400, ['green', 'white', 'red', 'blue']],
  ])('a camera held as %d is put upright', async (orientation, width, height, quarters) => {
    const made = await kept(withCameraData(jpegOf(quartersPng(400, 300)), orientation));
    expect(lookAt(made)).toEqual({ width, height, quarters, kept: [] });
  });

  test('what is seen through is white', async () => {
    const made = await kept(png(40, 40, { pixels: Buffer.alloc(40 * 40 * 4), channels: 4 }));
    expect(lookAt(made).quarters).toEqual(['white', 'white', 'white', 'white']);
  });

  test('at most 3000 pixels a side', async () => {
    expect(lookAt(await kept(quartersPng(6000, 400)))).toMatchObject({ width: 3000, height: 200 });
  });

  test('what is hidden behind a picture is gone', async () => {
    const made = await kept(Buffer.concat([jpegOf(quartersPng(40, 40)), Buffer.from('PK\x03\x04 archive')]));
    expect(made.includes('archive')).toBe(false);
  });

  test.each<[string, () => Buffer]>([
    ['HEIC, 12 million', () => phoneHeic({ width: 4032, height: 3024 })],
    ['HEIC, 24 million, upright', () => phoneHeic({ width: 5712, height: 4284, quarters: 1 })],
    ['JPEG, 48 million', () => jpegOf(png(8064, 6048, { pixels: Buffer.alloc(8064 * 6048 * 3) }))],
  ])(
    'as phones take them: %s pixels',
    async (_, picture) => {
      const { width, height } = lookAt(await kept(picture()));
      expect(Math.max(width, height)).toBe(3000);
    },
    60_000,
  );
});

describe('a PDF is kept as it is', () => {
  test.each<[string, Buffer]>([
    ['plain', pdfDocument()],
    ['with compressed objects', fixture('pdf-compressed.pdf')],
    ['of five megabytes', pdfDocument(5 * MB)],
  ])('%s', async (_, document) => {
    expect(await inspect(document)).toMatchObject({ kind: 'fine', mediaType: 'application/pdf' });
    expect((await readFile(join(folder, 'upload'))).equals(document)).toBe(true);
  });
});

const heading = (text: string) => Buffer.from(text, 'latin1');

describe('refused', () => {
  test.each<[string, () => Buffer, DocumentRefusal]>([
    ['nothing', () => Buffer.of(), 'empty'],
    ['one byte', () => Buffer.of(0xff), 'wrong-type'],
    ['bytes by chance', () => randomBytes(1000), 'wrong-type'],
    ['a page of the web', () => heading('<!doctype html><script>alert(1)</script>'), 'wrong-type'],
    ['a drawing', () => heading('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'), 'wrong-type'],
    ['an archive, or an office document', () => heading('PK\x03\x04\x14\0\x06\0'), 'wrong-type'],
    ['a program', () => heading('MZ\x90\0\x03'), 'wrong-type'],
    ['GIF', () => heading('GIF89a\x01\0\x01\0'), 'wrong-type'],
    ['WebP', () => heading('RIFF\x24\0\0\0WEBPVP8 '), 'wrong-type'],
    ['AVIF', () => heading('\0\0\0\x18ftypavif\0\0\0\0avifmif1'), 'wrong-type'],
    ['a film', () => heading('\0\0\0\x18ftypisom\0\0\0\0isommp41'), 'wrong-type'],
    ['commands for a drawing program', () => heading('push graphic-context\nviewbox 0 0 9 9'), 'wrong-type'],
    ['a page before a PDF', () => Buffer.concat([heading('<html>'), pdfDocument()]), 'wrong-type'],
    [
      'a picture before a PDF',
      () => Buffer.concat([heading('\xff\xd8\xff\xd9'), pdfDocument()]),
      'unreadable',
    ],
    ['a PDF before an archive', () => Buffer.concat([pdfDocument(), heading('PK\x05\x06')]), 'wrong-type'],
    ['a PDF with a script, compressed', () => fixture('pdf-compressed-js.pdf'), 'pdf-active'],
    ['a PDF under lock', () => fixture('pdf-encrypted.pdf'), 'pdf-locked'],
    ['a JPEG cut off', () => cutOff(jpegOf(quartersPng(800, 600))), 'unreadable'],
    ['a PNG cut off', () => cutOff(quartersPng(800, 600)), 'unreadable'],
    ['a HEIC cut off', () => cutOff(phoneHeic({ width: 500, height: 480 })), 'unreadable'],
    ['a JPEG of a header alone', () => jpegOf(quartersPng(800, 600)).subarray(0, 30), 'unreadable'],
    ['a JPEG without a picture', () => heading('\xff\xd8\xff\xda\0\x02'), 'unreadable'],
    ['a PNG of no size', () => png(0, 10, { data: Buffer.of() }), 'unreadable'],
    ['a HEIC without sizes', () => heading('\0\0\0\x14ftypheic\0\0\0\0heic'), 'unreadable'],
    ['10,000 × 10,000 pixels', () => png(10_000, 10_000, { data: Buffer.of() }), 'too-many-pixels'],
    ['10,000 × 10,000 pixels, JPEG', () => jpegOfSize(10_000, 10_000), 'too-many-pixels'],
    ['10,000 × 10,000 pixels, HEIC', () => phoneHeic({ width: 10_000, height: 10_000 }), 'too-many-pixels'],
    [
      'the largest that a header can say',
      () => png(2 ** 31 - 1, 2 ** 31 - 1, { data: Buffer.of() }),
      'too-many-pixels',
    ],
    ['a long strip', () => png(12_001, 1, { data: Buffer.of() }), 'too-many-pixels'],
    [
      'a HEIC of 48 million, whose decoder takes too much',
      () => phoneHeic({ width: 8064, height: 6048 }),
      'too-many-pixels',
    ],
    [
      'a bomb of tiny size',
      () => png(50_000, 50_000, { data: deflateSync(Buffer.alloc(20 * MB)) }),
      'too-many-pixels',
    ],
  ])('%s', async (_, content, why) => {
    expect(await inspect(content())).toEqual({ kind: 'refused', why });
  });

  test('a PNG whose data is a thousand times what its size says becomes a small picture', async () => {
    const bomb = png(10, 10, { data: deflateSync(Buffer.alloc(200 * MB)) });
    expect(bomb.length).toBeLessThan(MB);
    expect(lookAt(await kept(bomb))).toMatchObject({ width: 10, height: 10 });
  });

  test('at most forty wait; the next is asked to come again, and then it is served', async () => {
    const path = join(folder, 'many');
    await writeFile(path, '%PDF-1.7');
    const ask = () => inspectDocument({ path, bytes: 8 });
    const asked = await Promise.allSettled(Array.from({ length: 41 }, ask));
    const [refusal, ...others] = asked.filter(({ status }) => status === 'rejected');
    expect(refusal).toMatchObject({ reason: { code: 'unavailable' } });
    expect(others).toEqual([]);
    expect(await ask()).toEqual({ kind: 'refused', why: 'unreadable' });
  }, 60_000);

  test('what takes too long is given up, leaves nothing, and keeps nobody waiting', async () => {
    const path = join(folder, 'upload');
    await writeFile(path, quartersPng(400, 300));
    await expect(inspectDocument({ path, bytes: 1 }, { longestMs: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect(await readdir(folder)).toEqual(['upload']);
    expect(await inspectDocument({ path, bytes: 1 })).toMatchObject({ kind: 'fine' });
  });
});

describe('memory', () => {
  const padded = (content: Buffer) => Buffer.concat([content, Buffer.alloc(5 * MB - content.length)]);
  /** What follows the last box of a HEIC is a box, too. */
  const paddedHeic = (content: Buffer) => {
    const free = Buffer.alloc(5 * MB - content.length);
    free.writeUInt32BE(free.length);
    free.write('free', 4);
    return Buffer.concat([content, free]);
  };
  const black = (width: number, height: number) =>
    png(width, height, { pixels: Buffer.alloc(width * height * 3) });

  test.each<[string, () => Buffer[]]>([
    [
      'twenty uploads of the largest size, all at once',
      () => [
        ...Array<Buffer>(4).fill(paddedHeic(phoneHeic({ width: 4032, height: 3024, quarters: 1 }))),
        ...Array<Buffer>(4).fill(padded(black(4000, 4000))),
        ...Array<Buffer>(4).fill(padded(jpegOf(black(8064, 6048)))),
        ...Array<Buffer>(4).fill(padded(jpegOf(quartersPng(2000, 1500), { isProgressive: true }))),
        ...Array<Buffer>(4).fill(pdfDocument(5 * MB)),
      ],
    ],
    [
      'the picture that needs most of those that are taken',
      () => [paddedHeic(phoneHeic({ width: 5712, height: 4284, quarters: 1 }))],
    ],
  ])(
    '%s: less than 300 MB, thread and decoder included',
    async (_, contents) => {
      const files = await Promise.all(
        contents().map(async (content, index) => {
          const path = join(folder, `sent-${String(index)}`);
          await writeFile(path, content);
          expect((await stat(path)).size).toBe(5 * MB);
          return path;
        }),
      );
      const { stdout } = await promisify(execFile)(process.execPath, [
        'tests/support/upload-crowd.ts',
        folder,
        ...files,
      ]);
      const { outcomes, addedBytes } = JSON.parse(stdout) as { outcomes: string[]; addedBytes: number };
      expect(outcomes.filter((outcome) => !/^(image\/jpeg|application\/pdf)$/.test(outcome))).toEqual([]);
      expect(outcomes).toHaveLength(files.length);
      expect(addedBytes).toBeLessThan(300 * MB);
      expect(await readdir(join(folder, 'uploads'))).toEqual([]);
    },
    300_000,
  );
});

function cutOff(content: Buffer): Buffer {
  return content.subarray(0, Math.floor(content.length * 0.7));
}

/** A JPEG that says that it has this size. */
function jpegOfSize(width: number, height: number): Buffer {
  const jpeg = jpegOf(quartersPng(16, 16));
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  jpeg.writeUInt16BE(height, frame + 5);
  jpeg.writeUInt16BE(width, frame + 7);
  return jpeg;
}
