import { createReadStream } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type * as S3 from '@aws-sdk/client-s3';
import { AppError } from '../base/errors.ts';
import { checkByUse } from './check-by-use.ts';
import { requireFileKey } from './file-store.ts';
import type { FileStore } from './file-store.ts';
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

/** What one request may take, answer included (not the body of what is opened), and all its attempts together. */
export interface BucketPatience {
  connectMs: number;
  /** Without a byte in either direction. */
  silenceMs: number;
  requestMs: number;
  attempts: number;
}

/** Shorter in all than what a balancer waits (30 s on Heroku), so that people get our sentence and not its page. */
const usualPatience: BucketPatience = { connectMs: 3_000, silenceMs: 10_000, requestMs: 20_000, attempts: 3 };

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
        requestHandler: { connectionTimeout: patience.connectMs, socketTimeout: patience.silenceMs },
      }),
    })));

  const objectOf = (key: string) => {
    requireFileKey(key);
    return { Bucket: place.bucket, Key: place.prefix + key };
  };
  const encryption = place.encryption === undefined ? {} : { ServerSideEncryption: place.encryption };

  async function request<T>(
    doing: string,
    send: (sdk: typeof S3, client: S3.S3Client, abortSignal: AbortSignal) => Promise<T>,
    signal = AbortSignal.timeout(patience.requestMs),
  ): Promise<T> {
    try {
      const { sdk, client } = await connect();
      return await send(sdk, client, signal);
    } catch (error) {
      throw new AppError('files-unavailable', { doing, ...factsOf(error) }, { cause: error });
    }
  }

  const store: FileStore = {
    async put(key, file) {
      const signal = AbortSignal.timeout(patience.requestMs);
      // The SDK does not repeat a request whose body is a stream, because it cannot begin it anew.
      for (let attempt = 1; ; attempt += 1) {
        const body = createReadStream(file.path);
        try {
          await request(
            'put',
            (sdk, client, abortSignal) =>
              client.send(
                new sdk.PutObjectCommand({
                  ...objectOf(key),
                  ...encryption,
                  Body: body,
                  ContentLength: file.bytes,
                  ContentType: file.mediaType,
                }),
                { abortSignal },
              ),
            signal,
          );
          return;
        } catch (error) {
          if (attempt >= patience.attempts || signal.aborted || !isPassing(error)) throw error;
          await delay(100 * attempt ** 2);
        } finally {
          body.destroy();
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
          return { body: readExactly(body, bytes, patience.silenceMs), bytes };
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
      let after: string | undefined;
      do {
        const page = await request('list', (sdk, client, abortSignal) =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket: place.bucket,
              Prefix: place.prefix,
              ...(after === undefined ? {} : { ContinuationToken: after }),
            }),
            { abortSignal },
          ),
        );
        for (const { Key: key, LastModified: modifiedAt } of page.Contents ?? []) {
          if (key === undefined || modifiedAt === undefined) continue;
          yield { key: key.slice(place.prefix.length), modifiedAt };
        }
        after = page.IsTruncated === true ? page.NextContinuationToken : undefined;
      } while (after !== undefined);
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

/** A failure that may be over in a moment: no answer, or one that says "later". */
function isPassing(error: unknown): boolean {
  const { status } = error instanceof AppError ? error.facts : {};
  return status === undefined || status === 429 || status === 500 || status === 502 || status === 503;
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
