import { randomBytes } from 'node:crypto';
import S3rver from '@20minutes/s3rver';
import type { Bucket } from '#lib/files/s3-store.ts';

/**
 * A bucket for a test. With TEST_S3_BUCKET, a real one: at TEST_S3_ENDPOINT (none: Amazon's own), in TEST_S3_REGION, by
 * paths where TEST_S3_FORCE_PATH_STYLE=true, encrypted as TEST_S3_ENCRYPTION says (AES256, aws:kms), with the
 * credentials of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The tests keep to a prefix of their own there, and delete
 * what they put. Else that of a small server in a folder of this machine.
 */
export async function openTestBucket(directory: string): Promise<{ bucket: Bucket; close(): Promise<void> }> {
  const given = process.env;
  if (given.TEST_S3_BUCKET === undefined) return startS3Server(directory);
  return {
    bucket: {
      ...{ bucket: given.TEST_S3_BUCKET, region: given.TEST_S3_REGION ?? 'us-east-1', prefix: ownPrefix() },
      endpoint: given.TEST_S3_ENDPOINT,
      forcePathStyle: given.TEST_S3_FORCE_PATH_STYLE === 'true',
      encryption: given.TEST_S3_ENCRYPTION as Bucket['encryption'],
    },
    close: () => Promise.resolve(),
  };
}

/** A server that speaks S3, with one bucket, in a folder. Sets the credentials that the SDK looks for. */
export async function startS3Server(directory: string): Promise<{ bucket: Bucket; close(): Promise<void> }> {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' });
  const server = new S3rver({
    ...{ port: 0, address: '127.0.0.1', silent: true, directory },
    // It reckons wrong where a slash stands in a query.
    allowMismatchedSignatures: true,
    configureBuckets: [{ name: 'documents', configs: [] }],
  });
  const { port } = await server.run();
  return {
    bucket: {
      ...{ bucket: 'documents', region: 'us-east-1', endpoint: `http://127.0.0.1:${String(port)}` },
      ...{ forcePathStyle: true, encryption: undefined, prefix: ownPrefix() },
    },
    close: () => server.close(),
  };
}

function ownPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}/`;
}
