import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '#lib/base/errors.ts';
import { newFileKey } from '#lib/files/file-store.ts';
import type { FileStore, FileToStore } from '#lib/files/file-store.ts';
import { createFolderStore } from '#lib/files/folder-store.ts';
import { createS3Store } from '#lib/files/s3-store.ts';
import type { Bucket } from '#lib/files/s3-store.ts';
import { startFaultyFront } from '../support/faulty-front.ts';
import type { FaultyFront } from '../support/faulty-front.ts';
import { freePort } from '../support/free-port.ts';
import { startS3Server } from '../support/s3-server.ts';

let here: string;
let bucket: Bucket;
let closeServer: () => Promise<void>;
let folderStore: FileStore;
let s3Store: FileStore;

beforeAll(async () => {
  here = await mkdtemp(join(tmpdir(), 'stores-'));
  ({ bucket, close: closeServer } = await startS3Server(join(here, 'bucket')));
  folderStore = createFolderStore(join(here, 'folder'));
  s3Store = createS3Store(bucket);
});
afterAll(async () => {
  await closeServer();
  await rm(here, { recursive: true, force: true });
});

const chosen = { folder: () => folderStore, bucket: () => s3Store };

async function fileOf(content: Buffer): Promise<FileToStore> {
  const path = join(here, newFileKey());
  await writeFile(path, content);
  return { path, bytes: content.length, mediaType: 'application/pdf' };
}

async function contentOf(store: FileStore, key: string): Promise<Buffer | undefined> {
  const opened = await store.open(key);
  if (opened === undefined) return undefined;
  const content = Buffer.from(await new Response(opened.body).arrayBuffer());
  expect(content.length).toBe(opened.bytes);
  return content;
}

async function keysIn(store: FileStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys.sort();
}

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

describe('a bucket that fails', () => {
  let front: FaultyFront;
  let store: FileStore;
  const patience = { connectMs: 500, answerMs: 300, requestMs: 5_000, attempts: 3 };

  const hasty = { connectMs: 500, answerMs: 250, requestMs: 500, attempts: 1 };

  beforeAll(async () => {
    front = await startFaultyFront(bucket.endpoint ?? 'https://s3.amazonaws.com');
    store = createS3Store({ ...bucket, endpoint: front.endpoint, encryption: 'AES256' }, patience);
  });
  afterEach(() => {
    front.end();
  });
  afterAll(() => front.close());

  const uses: [string, (key: string) => Promise<unknown>][] = [
    ['put', async (key) => store.put(key, await fileOf(randomBytes(3_000_000)))],
    ['open', (key) => store.open(key)],
    ['delete', (key) => store.delete(key)],
    ['list', () => keysIn(store)],
  ];

  describe.each([
    ['is silent', { kind: 'silent' } as const],
    ['is full (507)', { kind: 'refuses', status: 507, code: 'InsufficientStorage' } as const],
    ['refuses (403)', { kind: 'refuses', status: 403, code: 'AccessDenied' } as const],
    ['is broken (500)', { kind: 'refuses', status: 500, code: 'InternalError' } as const],
    ['asks to slow down (503)', { kind: 'refuses', status: 503, code: 'SlowDown' } as const],
  ])('and %s', (_, fault) => {
    test.each(uses)('%s: files-unavailable, and no key in what is logged', async (doing, use) => {
      const key = newFileKey();
      front.begin(fault);
      const error = await use(key).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toEqual(unavailable);
      const { facts } = error as AppError;
      expect(facts).toMatchObject(fault.kind === 'refuses' ? { doing, status: fault.status } : { doing });
      expect(JSON.stringify(facts)).not.toContain(key);
    });
  });

  test('is away: each use fails', async () => {
    const gone = createS3Store(
      { ...bucket, endpoint: `http://127.0.0.1:${String(await freePort())}` },
      patience,
    );
    await expect(gone.open(newFileKey())).rejects.toEqual(unavailable);
    await expect(gone.put(newFileKey(), await fileOf(Buffer.from('x')))).rejects.toEqual(unavailable);
    await expect(gone.delete(newFileKey())).rejects.toEqual(unavailable);
    await expect(keysIn(gone)).rejects.toEqual(unavailable);
  });

  test.each([
    { kind: 'breaks-while-taking' } as const,
    { kind: 'refuses', status: 500, code: 'InternalError' } as const,
  ])('once ($kind): a second try puts the file, whole', async (fault) => {
    const content = randomBytes(3_000_000);
    const key = newFileKey();
    front.begin(fault, 1);
    await store.put(key, await fileOf(content));
    expect((await contentOf(store, key))?.equals(content)).toBe(true);
    await store.delete(key);
  });

  test('while it takes a file: nothing lies there', async () => {
    const key = newFileKey();
    front.begin({ kind: 'breaks-while-taking' });
    await expect(store.put(key, await fileOf(randomBytes(3_000_000)))).rejects.toEqual(unavailable);
    front.end();
    expect(await store.open(key)).toBeUndefined();
  });

  test('while it gives a file: whoever reads is told, and never takes the part for the whole', async () => {
    const key = newFileKey();
    await store.put(key, await fileOf(randomBytes(3_000_000)));
    front.begin({ kind: 'breaks-while-giving' });
    const opened = await store.open(key);
    expect(opened?.bytes).toBe(3_000_000);
    await expect(new Response(opened?.body).arrayBuffer()).rejects.toThrow();
    front.end();
    await store.delete(key);
  });

  test('a reader may take longer than the bucket', async () => {
    const content = randomBytes(3_000_000);
    const key = newFileKey();
    await s3Store.put(key, await fileOf(content));
    const opened = await createS3Store({ ...bucket, endpoint: front.endpoint }, hasty).open(key);
    await delay(2 * hasty.requestMs);
    expect(Buffer.from(await new Response(opened?.body).arrayBuffer()).equals(content)).toBe(true);
    await s3Store.delete(key);
  });

  test('asks for encryption with every file', async () => {
    front.seen.length = 0;
    const key = newFileKey();
    await store.put(key, await fileOf(Buffer.from('x')));
    expect(front.seen.at(-1)).toMatchObject({ 'x-amz-server-side-encryption': 'AES256' });
    await store.delete(key);
  });

  test.each<[string, number, string, RegExp]>([
    ['no such bucket', 404, 'NoSuchBucket', /there is no bucket "[^"]+" at .*: .* S3_BUCKET/],
    ['an unknown access key', 403, 'InvalidAccessKeyId', /AWS_ACCESS_KEY_ID/],
    ['a wrong secret', 403, 'SignatureDoesNotMatch', /AWS_SECRET_ACCESS_KEY/],
    ['too few rights', 403, 'AccessDenied', /may not put, get, delete and list/],
    ['another region', 301, 'PermanentRedirect', /lies in another region than .* S3_REGION/],
    ['another region', 400, 'AuthorizationHeaderMalformed', /S3_REGION/],
    ['no encryption', 501, 'NotImplemented', /S3_SERVER_SIDE_ENCRYPTION=none/],
    ['no room', 507, 'InsufficientStorage', /no room/],
    ['a fault of its own', 500, 'InternalError', /did not do what was asked \(InternalError, 500\)/],
  ])('%s (%d %s): one sentence says what to do', async (_, status, code, sentence) => {
    front.begin({ kind: 'refuses', status, code });
    expect(await store.check()).toMatch(sentence);
  });

  test.each<[string, () => Promise<Partial<Bucket>>, RegExp]>([
    [
      'an endpoint where nobody listens',
      async () => ({ endpoint: `http://127.0.0.1:${String(await freePort())}` }),
      /does not answer \(ECONNREFUSED\): check S3_ENDPOINT/,
    ],
    [
      'an endpoint that is no name',
      () => Promise.resolve({ endpoint: 'http://bucket.invalid' }),
      /does not answer \((ENOTFOUND|EAI_AGAIN)\)/,
    ],
    [
      'an endpoint without TLS, asked for by https',
      () => Promise.resolve({ endpoint: front.endpoint.replace('http:', 'https:') }),
      /could not be spoken to securely/,
    ],
    [
      'a bucket that is not there',
      () => Promise.resolve({ bucket: 'not-there-a5f3c1' }),
      /there is no bucket/,
    ],
  ])('%s: one sentence says what to do', async (_, different, sentence) => {
    const wrong = createS3Store({ ...bucket, ...(await different()) }, patience);
    expect(await wrong.check()).toMatch(sentence);
  });

  test('silence: one sentence says what to do', async () => {
    front.begin({ kind: 'silent' });
    expect(await store.check()).toMatch(/does not answer \(\w+\): check S3_ENDPOINT/);
  });
});
