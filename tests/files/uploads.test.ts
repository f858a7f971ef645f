import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readExactly } from '#lib/files/read-exactly.ts';
import { receiveUpload } from '#lib/files/receive-upload.ts';
import { removeLeftovers } from '#lib/files/remove-leftovers.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'uploads-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const limit = 1000;

/** A body that comes in pieces of so many bytes. */
function bodyOf(...pieces: number[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const bytes of pieces) controller.enqueue(new Uint8Array(bytes).fill(7));
      controller.close();
    },
  });
}

function receive(body: ReadableStream<Uint8Array> | null, declaredBytes?: number, silenceMs?: number) {
  return receiveUpload(body, {
    maxBytes: limit,
    declaredBytes,
    folder,
    ...(silenceMs === undefined ? {} : { silenceMs }),
  });
}

describe('an upload', () => {
  test.each([
    ['one byte', bodyOf(1), 1],
    ['exactly the limit', bodyOf(400, 600), limit],
    ['exactly the limit, not announced', bodyOf(400, 600), undefined],
    ['pieces without content', bodyOf(0, 10, 0), 10],
  ])('of %s lies on the disk, for this account alone, until it is discarded', async (_, body, declared) => {
    const received = await receive(body, declared);
    if (received.kind !== 'received') throw new Error(received.kind);
    const { path, bytes, discard } = received;
    expect(await readFile(path)).toEqual(Buffer.alloc(bytes, 7));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await discard();
    await discard();
    expect(await readdir(folder)).toEqual([]);
  });

  test.each([
    ['one byte more than the limit', bodyOf(400, 601), 1001, 'too-large'],
    ['one byte more, not announced', bodyOf(400, 601), undefined, 'too-large'],
    ['more than was announced, beyond the limit', bodyOf(400, 601), 400, 'too-large'],
    ['more than was announced', bodyOf(400, 10), 400, 'broken'],
    ['less than was announced', bodyOf(400), 401, 'broken'],
    ['nothing, where something was announced', bodyOf(), 10, 'broken'],
    ['nothing', bodyOf(), 0, 'empty'],
    ['nothing, not announced', bodyOf(), undefined, 'empty'],
    ['no body at all', null, undefined, 'empty'],
  ])('of %s is none, and nothing is left', async (_, body, declared, kind) => {
    expect(await receive(body, declared)).toEqual({ kind });
    expect(await readdir(folder)).toEqual([]);
  });

  test('is told to end as soon as it is too large', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(300));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect(await receive(endless)).toEqual({ kind: 'too-large' });
    expect(cancelled).toBe(true);
  });

  test('that is announced as too large is not read', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulled += 1;
          controller.enqueue(new Uint8Array(10));
        },
      },
      { highWaterMark: 0 },
    );
    expect(await receive(body, limit + 1)).toEqual({ kind: 'too-large' });
    expect(pulled).toBe(0);
  });

  test('whose connection breaks off is broken, and nothing is left', async () => {
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(10));
        controller.error(new Error('aborted'));
      },
    });
    expect(await receive(body, 20)).toEqual({ kind: 'broken' });
    expect(await readdir(folder)).toEqual([]);
  });

  test('that falls silent is broken, and nothing is left', async () => {
    let cancelled = false;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(10));
      },
      cancel() {
        cancelled = true;
      },
    });
    expect(await receive(body, 20, 20)).toEqual({ kind: 'broken' });
    expect(cancelled).toBe(true);
    expect(await readdir(folder)).toEqual([]);
  });

  test('that the disk does not take is not the sender’s fault', async () => {
    await writeFile(join(folder, 'a-file'), '');
    await expect(
      receiveUpload(bodyOf(5), { maxBytes: limit, declaredBytes: 5, folder: join(folder, 'a-file') }),
    ).rejects.toMatchObject({ code: 'files-unavailable' });
  });

  test('bears another name each time', async () => {
    await Promise.all(Array.from({ length: 20 }, () => receive(bodyOf(5))));
    expect(new Set(await readdir(folder)).size).toBe(20);
  });
});

test('what a process that died has left behind goes after an hour; what is new stays', async () => {
  for (const name of ['old', 'new']) await writeFile(join(folder, name), 'x');
  const before = new Date(Date.now() - 61 * 60_000);
  await utimes(join(folder, 'old'), before, before);
  await removeLeftovers(folder);
  expect(await readdir(folder)).toEqual(['new']);
  await removeLeftovers(join(folder, 'not-there-yet'));
});

describe('who has promised a length', () => {
  const read = (pieces: string[], bytes: number) =>
    new Response(readExactly(Readable.from(pieces.map((piece) => Buffer.from(piece))), bytes)).text();

  test('gives it', async () => {
    expect(await read(['ab', 'c'], 3)).toBe('abc');
    expect(await read([], 0)).toBe('');
  });

  test.each([
    ['shorter', 4],
    ['longer', 2],
  ])('fails where the source is %s', async (_, bytes) => {
    await expect(read(['ab', 'c'], bytes)).rejects.toThrow();
  });

  test('fails where the source breaks before anybody reads', async () => {
    const source = new Readable({ read: () => {} });
    const body = readExactly(source, 3);
    source.destroy(new Error('reset'));
    await new Promise((done) => source.once('close', done));
    await expect(new Response(body).text()).rejects.toThrow();
  });

  test('fails where the source falls silent, and lets it go', async () => {
    const source = new Readable({ read: () => {} });
    source.push(Buffer.from('a'));
    await expect(new Response(readExactly(source, 3, 20)).text()).rejects.toThrow('stopped coming');
    expect(source.destroyed).toBe(true);
  });

  test('lets the source go when the reader leaves', async () => {
    const source = new Readable({ read: () => {} });
    source.push(Buffer.from('a'));
    const reader = readExactly(source, 3).getReader();
    await reader.read();
    await reader.cancel();
    expect(source.destroyed).toBe(true);
  });
});
