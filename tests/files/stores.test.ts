import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newFileKey } from '#lib/files/file-store.ts';
import type { FileStore } from '#lib/files/file-store.ts';
import { createFolderStore } from '#lib/files/folder-store.ts';
import { createS3Store } from '#lib/files/s3-store.ts';
import type { Bucket } from '#lib/files/s3-store.ts';
import { openTestBucket } from '../support/s3-server.ts';
import { contentOf, keysIn, putAside } from '../support/stored-files.ts';

let here: string;
let bucket: Bucket;
let closeServer: () => Promise<void>;
let folderStore: FileStore;
let s3Store: FileStore;

beforeAll(async () => {
  here = await mkdtemp(join(tmpdir(), 'stores-'));
  ({ bucket, close: closeServer } = await openTestBucket(join(here, 'bucket')));
  folderStore = createFolderStore(join(here, 'folder'));
  s3Store = createS3Store(bucket);
});
afterAll(async () => {
  await closeServer();
  await rm(here, { recursive: true, force: true });
});

const chosen = { folder: () => folderStore, bucket: () => s3Store };

const fileOf = (content: Buffer) => putAside(here, content);
const unavailable = expect.objectContaining({ code: 'files-unavailable' }) as unknown;

describe.each(['folder', 'bucket'] as const)('a %s', (kind) => {
  const store = () => chosen[kind]();
  const put: string[] = [];
  const keep = async (content: Buffer, key = newFileKey()) => {
    put.push(key);
    await store().put(key, await fileOf(content));
    return key;
  };
  afterEach(async () => {
    for (const key of put.splice(0)) await store().delete(key);
  });

  test.each([1, 70_000, 5 * 1024 * 1024])('gives back %d bytes as they were put', async (bytes) => {
    const content = randomBytes(bytes);
    expect((await contentOf(store(), await keep(content)))?.equals(content)).toBe(true);
  });

  test('what lay there before is replaced', async () => {
    const key = await keep(Buffer.from('first'));
    await keep(Buffer.from('the second'), key);
    expect((await contentOf(store(), key))?.toString()).toBe('the second');
  });

  test('nothing lies where nothing was put', async () => {
    expect(await store().open(newFileKey())).toBeUndefined();
  });

  test('what is deleted is gone; once more changes nothing', async () => {
    const key = await keep(Buffer.from('content'));
    await store().delete(key);
    await store().delete(key);
    expect(await store().open(key)).toBeUndefined();
  });

  test('lists what lies there, with the time', async () => {
    const before = Date.now();
    const keys = [await keep(Buffer.from('a')), await keep(Buffer.from('b'), `deeper/${newFileKey()}`)];
    const listed: { key: string; modifiedAt: Date }[] = [];
    for await (const file of store().list()) listed.push(file);
    expect(listed.map(({ key }) => key).sort()).toEqual(keys.sort());
    // Stores keep whole seconds.
    for (const { modifiedAt } of listed) expect(Math.abs(modifiedAt.getTime() - before)).toBeLessThan(60_000);
  });

  test('keeps many at once apart', async () => {
    const contents = Array.from({ length: 20 }, () => randomBytes(100_000));
    const keys = await Promise.all(contents.map((content) => keep(content)));
    const found = await Promise.all(keys.map((key) => contentOf(store(), key)));
    expect(found.map((content, index) => content?.equals(contents[index] ?? Buffer.of()))).toEqual(
      contents.map(() => true),
    );
  });

  test('a reader who leaves in the middle keeps nobody from reading it', async () => {
    const content = randomBytes(2_000_000);
    const key = await keep(content);
    const left = await store().open(key);
    const reader = left?.body.getReader();
    await reader?.read();
    await reader?.cancel();
    expect((await contentOf(store(), key))?.equals(content)).toBe(true);
  });

  test.each([
    '../secrets',
    'a/../../b',
    '/etc/passwd',
    'a//b',
    '',
    'A',
    'a.b',
    'a\\b',
    `a${'b'.repeat(200)}`,
  ])('no key: %j', async (key) => {
    await expect(store().open(key)).rejects.toThrow();
    await expect(keep(Buffer.from('content'), key).finally(() => put.pop())).rejects.toThrow();
    await expect(store().delete(key)).rejects.toThrow();
    expect(await keysIn(store())).toEqual([]);
  });

  test('a file that is not there to be put leaves nothing', async () => {
    const key = newFileKey();
    const missing = { path: join(here, 'missing'), bytes: 5, mediaType: 'application/pdf' };
    await expect(store().put(key, missing)).rejects.toEqual(unavailable);
    expect(await keysIn(store())).toEqual([]);
  });

  test.each([4, 6])('a file of five bytes is not kept as one of %d', async (bytes) => {
    const key = newFileKey();
    await expect(store().put(key, { ...(await fileOf(Buffer.from('short'))), bytes })).rejects.toEqual(
      unavailable,
    );
    expect(await keysIn(store())).toEqual([]);
  });

  test('is checked by use, and nothing is left of it', async () => {
    expect(await store().check()).toBeUndefined();
    expect(await keysIn(store())).toEqual([]);
  });
});

describe('the folder', () => {
  test('says what is wrong with it', async () => {
    await writeFile(join(here, 'a-file'), '');
    const trouble = await createFolderStore(join(here, 'a-file')).check();
    expect(trouble).toMatch(/^Documents cannot be kept in .*a-file \(E\w+\): .* SK_DATA_DIR\.$/);
  });

  test('does not keep what is shorter than was said', async () => {
    const key = newFileKey();
    await expect(folderStore.put(key, { ...(await fileOf(Buffer.from('short'))), bytes: 6 })).rejects.toEqual(
      unavailable,
    );
    expect(await keysIn(folderStore)).toEqual([]);
    expect(await readdir(join(here, 'folder', '.parts'))).toEqual([]);
  });

  test('what a process that died was writing is no file, and goes an hour later', async () => {
    const parts = join(here, 'folder', '.parts');
    await mkdir(parts, { recursive: true });
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    for (const name of ['old', 'new']) await writeFile(join(parts, name), 'half');
    await utimes(join(parts, 'old'), hoursAgo, hoursAgo);
    expect(await keysIn(folderStore)).toEqual([]);
    expect(await readdir(parts)).toEqual(['new']);
    await rm(join(parts, 'new'));
  });
});

describe('the bucket', () => {
  test("stays among its own: others' objects are not listed", async () => {
    const neighbour = createS3Store({ ...bucket, prefix: `neighbour-of-${bucket.prefix}` });
    const key = newFileKey();
    await neighbour.put(key, await fileOf(Buffer.from('theirs')));
    expect(await keysIn(s3Store)).toEqual([]);
    expect(await s3Store.open(key)).toBeUndefined();
    expect(await keysIn(neighbour)).toEqual([key]);
    await neighbour.delete(key);
  });

  test('is listed to its end, however many pages that takes', async () => {
    const keys = Array.from({ length: 1005 }, (_, index) => `page-${String(index).padStart(4, '0')}`);
    const file = await fileOf(Buffer.from('x'));
    const each = async (work: (key: string) => Promise<void>) => {
      const rest = [...keys];
      const one = async () => {
        for (let key = rest.pop(); key !== undefined; key = rest.pop()) await work(key);
      };
      await Promise.all(Array.from({ length: 20 }, one));
    };
    await each((key) => s3Store.put(key, file));
    expect(await keysIn(s3Store)).toEqual(keys);
    await each((key) => s3Store.delete(key));
  }, 120_000);
});
