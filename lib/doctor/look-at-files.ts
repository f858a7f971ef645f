import type { Env } from '../base/env.ts';
import { openFileStore } from '../files/open-file-store.ts';
import { failed, ok } from './rules.ts';
import type { Finding } from './rules.ts';

/** Puts, reads, lists and deletes a small object, as is done with documents. */
export async function lookAtFiles(settings: Env): Promise<Finding[]> {
  const trouble = await openFileStore(settings).check();
  const { S3_BUCKET: bucket, S3_SERVER_SIDE_ENCRYPTION: encryption, SK_DATA_DIR: folder } = settings;
  if (trouble !== undefined) {
    return [failed('files', trouble, 'Meanwhile attendance works, and documents are refused.')];
  }
  return [
    ok(
      'files',
      bucket === undefined
        ? `Documents can be kept in ${folder}/files.`
        : `Documents can be kept in the bucket ${bucket} (${encryption === 'none' ? 'no encryption asked for' : encryption}).`,
    ),
  ];
}
