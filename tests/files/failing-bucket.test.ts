import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '#lib/base/errors.ts';
import { newFileKey } from '#lib/files/file-store.ts';
import type { FileStore } from '#lib/files/file-store.ts';
import { createS3Store } from '#lib/files/s3-store.ts';
import type { Bucket } from '#lib/files/s3-store.ts';
import { startFaultyFront } from '../support/faulty-front.ts';
import type { FaultyFront } from '../support/faulty-front.ts';
import { freePort } from '../support/free-port.ts';
import { startS3Server } from '../support/s3-server.ts';
import { contentOf, keysIn, putAside } from '../support/stored-files.ts';

let here: string;
let bucket: Bucket;
let closeServer: () => Promise<void>;
let front: FaultyFront;
let store: FileStore;

const fileOf = (content: Buffer) => putAside(here, content);
const unavailable = expect.objectContaining({ code: 'files-unavailable' }) as unknown;

describe('a bucket that fails', () => {
  const patience = { connectMs: 500, answerMs: 300, requestMs: 5_000, attempts: 3 };

  const hasty = { connectMs: 500, answerMs: 250, requestMs: 500, attempts: 1 };

  beforeAll(async () => {
    here = await mkdtemp(join(tmpdir(), 'failing-bucket-'));
    ({ bucket, close: closeServer } = await startS3Server(join(here, 'bucket')));
    front = await startFaultyFront(bucket.endpoint ?? '');
    store = createS3Store({ ...bucket, endpoint: front.endpoint, encryption: 'AES256' }, patience);
  });
  afterEach(() => {
    front.end();
  });
  afterAll(async () => {
    await front.close();
    await closeServer();
    await rm(here, { recursive: true, force: true });
  });

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
    await store.put(key, await fileOf(content));
    const opened = await createS3Store({ ...bucket, endpoint: front.endpoint }, hasty).open(key);
    await delay(2 * hasty.requestMs);
    expect(Buffer.from(await new Response(opened?.body).arrayBuffer()).equals(content)).toBe(true);
    await store.delete(key);
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
