import S3rver from '@20minutes/s3rver';
import type { Bucket } from '#lib/files/s3-store.ts';

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
      ...{ forcePathStyle: true, encryption: undefined, prefix: 'tool/' },
    },
    close: () => server.close(),
  };
}
