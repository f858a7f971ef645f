import { env } from '../base/env.ts';
import type { KeepingMeans } from '../excuses/keep-document.ts';
import { uploadFolderOf } from '../files/open-file-store.ts';
import { currentProcess } from './process.ts';

/** Where this process keeps documents, and how large one may be. */
export function documentMeans(): KeepingMeans {
  const settings = env();
  return {
    files: currentProcess().files,
    uploadFolder: uploadFolderOf(settings),
    maxBytes: settings.MAX_FILE_SIZE,
  };
}
