import type { Env } from '../base/env.ts';
import type { FileStore } from './file-store.ts';
import { createFolderStore } from './folder-store.ts';
import { createS3Store } from './s3-store.ts';

type Settings = Pick<
  Env,
  | 'SK_DATA_DIR'
  | 'S3_BUCKET'
  | 'S3_REGION'
  | 'S3_ENDPOINT'
  | 'S3_FORCE_PATH_STYLE'
  | 'S3_SERVER_SIDE_ENCRYPTION'
  | 'S3_PREFIX'
>;

/** The store that the settings name: a bucket, or else a folder below SK_DATA_DIR. */
export function openFileStore(settings: Settings): FileStore {
  if (settings.S3_BUCKET === undefined) return createFolderStore(`${settings.SK_DATA_DIR}/files`);
  return createS3Store({
    bucket: settings.S3_BUCKET,
    region: settings.S3_REGION,
    endpoint: settings.S3_ENDPOINT,
    forcePathStyle: settings.S3_FORCE_PATH_STYLE,
    encryption:
      settings.S3_SERVER_SIDE_ENCRYPTION === 'none' ? undefined : settings.S3_SERVER_SIDE_ENCRYPTION,
    prefix: settings.S3_PREFIX,
  });
}

/** Where uploads lie while they are looked at; on the same disk, because /tmp is memory in places. */
export function uploadFolderOf(settings: Pick<Env, 'SK_DATA_DIR'>): string {
  return `${settings.SK_DATA_DIR}/uploads`;
}
