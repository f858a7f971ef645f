import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import { AppError } from '../base/errors.ts';
import { checkByUse } from './check-by-use.ts';
import { requireFileKey } from './file-store.ts';
import type { FileStore, FileToStore } from './file-store.ts';
import { readExactly } from './read-exactly.ts';

export interface Bucket {
  bucket: string;
  region: string;
  /** Undefined: Amazon's own. */
  endpoint: string | undefined;
  forcePathStyle: boolean;
  /** Undefined: nothing is asked for. */
  encryption: 'AES256' | 'aws:kms' | undefined;
  /** What every key begins with. */
  prefix: string;
}

export interface BucketPatience {
  connectMs: number;
  /** Until an answer begins, and between the pieces of a file that is read. */
  answerMs: number;
  /** All attempts together; of what is opened, until its answer begins. */
  requestMs: number;
  attempts: number;
}

/** Shorter in all than what a balancer waits (30 s on Heroku), so that people get our sentence and not its page. */
const usualPatience: BucketPatience = { connectMs: 3_000, answerMs: 8_000, requestMs: 20_000, attempts: 3 };

const silent = () => {};

/** Keeps files in a bucket that speaks S3, Amazon's or another's. Credentials come by the SDK's own variables. */
export function createS3Store(place: Bucket, patience = usualPatience): FileStore {
  // Loaded when it is first needed: it costs every process a few dozen megabytes.
  let connected: Promise<{ sdk: typeof S3; client: S3.S3Client }> | undefined;
  const connect = () =>
    (connected ??= import('@aws-sdk/client-s3').then((sdk) => ({
      sdk,
      client: new sdk.S3Client({
        region: place.region,
        ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint }),
        forcePathStyle: place.forcePathStyle,
        maxAttempts: patience.attempts,
        // The newer checksums are Amazon's alone; other stores refuse them or keep their framing as content.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        // It would write to the console; what fails is told by us, and once.
        logger: { debug: silent, info: silent, warn: silent, error: silent },
        requestHandler: {
          connectionTimeout: patience.connectMs,
          requestTimeout: patience.answerMs,
          throwOnRequestTimeout: true,
        },
      }),
    })));

  const objectOf = (key: string) => {
    requireFileKey(key);
    return { Bucket: place.bucket, Key: place.prefix + key };
  };
  const encryption = place.encryption === undefined ? {} : { ServerSideEncryption: place.encryption };

  async function request<T>(
    doing: string,
    work: (sdk: typeof S3, client: S3.S3Client, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, patience.requestMs);
    try {
      const { sdk, client } = await connect();
      return await work(sdk, client, limit.signal);
    } catch (error) {
      throw new AppError('files-unavailable', { doing, ...factsOf(error) }, { cause: error });
    } finally {
      // The signal would end a body that is still being read, too.
      clearTimeout(timer);
    }
  }

  async function send(
    sdk: typeof S3,
    client: S3.S3Client,
    key: string,
    file: FileToStore,
    signal: AbortSignal,
  ): Promise<void> {
    const handle = await open(file.path);
    const body = handle.createReadStream();
    const broken = new AbortController();
    // Nobody else hears of a disk that fails before the first byte is asked for, or after the last try.
    body.on('error', (error) => {
      broken.abort(error);
    });
    try {
      if ((await handle.stat()).size !== file.bytes) throw new Error('The file is not as long as was said.');
      await client.send(
        new sdk.PutObjectCommand({
          ...objectOf(key),
          ...encryption,
          Body: body,
          ContentLength: file.bytes,
          ContentType: file.mediaType,
        }),
        {
          abortSignal: AbortSignal.any([signal, broken.signal]),
          // The answer comes when all was taken, which may need longer than an answer alone.
          requestTimeout: patience.requestMs,
        },
      );
    } finally {
      body.destroy();
    }
  }

  const store: FileStore = {
    async put(key, file) {
      const signal = AbortSignal.timeout(patience.requestMs);
      // The SDK does not repeat a request whose body is a stream, because it cannot begin it anew.
      for (let attempt = 1; ; attempt += 1) {
        try {
          await request('put', (sdk, client) => send(sdk, client, key, file, signal));
          return;
        } catch (error) {
          if (attempt >= patience.attempts || signal.aborted || !isPassing(error)) throw error;
          await delay(100 * attempt ** 2);
        }
      }
    },

    open: (key) =>
      request('open', async (sdk, client, abortSignal) => {
        try {
          const { Body: body, ContentLength: bytes } = await client.send(
            new sdk.GetObjectCommand(objectOf(key)),
            { abortSignal },
          );
          if (!(body instanceof Readable) || bytes === undefined) throw new Error('The answer has no body.');
          return { body: readExactly(body, bytes, patience.answerMs), bytes };
        } catch (error) {
          if (error instanceof sdk.NoSuchKey) return undefined;
          throw error;
        }
      }),

    delete: (key) =>
      request('delete', async (sdk, client, abortSignal) => {
        await client.send(new sdk.DeleteObjectCommand(objectOf(key)), { abortSignal });
      }),

    async *list() {
      // The older form, which every store offers: a page begins after the last key of the one before.
      let last: string | undefined;
      do {
        const { Contents: found = [], IsTruncated: isTruncated } = await request(
          'list',
          (sdk, client, abortSignal) =>
            client.send(
              new sdk.ListObjectsCommand({ Bucket: place.bucket, Prefix: place.prefix, Marker: last }),
              { abortSignal },
            ),
        );
        for (const { Key: key, LastModified: modifiedAt } of found) {
          if (key === undefined || modifiedAt === undefined) continue;
          yield { key: key.slice(place.prefix.length), modifiedAt };
        }
        last = isTruncated === true ? found.at(-1)?.Key : undefined;
      } while (last !== undefined);
    },

    check: () => checkByUse(store, (error) => tellTrouble(place, error)),
  };
  return store;
}

/** What the SDK tells of a failure; its messages may hold keys and are not for the log. */
function factsOf(error: unknown): { reason: string; status?: number } {
  if (!(error instanceof Error)) return { reason: typeof error };
  const { code, $metadata: answer } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const reason = typeof code === 'string' ? code : error.name;
  return answer?.httpStatusCode === undefined ? { reason } : { reason, status: answer.httpStatusCode };
}

/** A failure that may be over in a moment: a lost connection, or an answer that says "later". */
function isPassing(error: unknown): boolean {
  const { status, reason } = error instanceof AppError ? error.facts : {};
  if (status === undefined) return unreachable.test(String(reason));
  return status === 429 || status === 500 || status === 502 || status === 503;
}

const unreachable = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|ETIMEDOUT|TimeoutError|AbortError)/;
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO|ERR_SSL/;
const otherRegion =
  /^(PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException|TemporaryRedirect)$/;
const badCredentials =
  /^(CredentialsProviderError|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|InvalidClientTokenId)/;

/** Which setting is wrong when a bucket does not do what it should, as one sentence for the operator. */
function tellTrouble({ bucket, region, endpoint, encryption }: Bucket, error: unknown): string {
  const { reason, status } = factsOf(error);
  const where = endpoint === undefined ? "Amazon's S3" : new URL(endpoint).host;
  const happened = `${reason}${status === undefined ? '' : `, ${String(status)}`}`;
  const trouble = untrusted.test(reason)
    ? `${where} could not be spoken to securely (${happened}): check S3_ENDPOINT and its certificate.`
    : unreachable.test(reason)
      ? `${where} does not answer (${happened}): check S3_ENDPOINT and the network.`
      : reason === 'NoSuchBucket'
        ? `there is no bucket "${bucket}" at ${where}: create it, or correct S3_BUCKET.`
        : otherRegion.test(reason) || status === 301 || status === 307
          ? `the bucket "${bucket}" lies in another region than ${region} (${happened}): correct S3_REGION.`
          : badCredentials.test(reason)
            ? `${where} does not know these credentials (${happened}): check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.`
            : status === 403
              ? `these credentials may not put, get, delete and list in "${bucket}" at ${where} (${happened}): give them these rights.`
              : status === 501 || /Encryption|KMS/i.test(reason)
                ? `${where} does not offer encryption by ${String(encryption)} (${happened}): set S3_SERVER_SIDE_ENCRYPTION=none, or switch encryption on there.`
                : status === 507
                  ? `${where} has no room left (${happened}).`
                  : `${where} did not do what was asked (${happened}).`;
  return `Documents cannot be kept: ${trouble}`;
}
