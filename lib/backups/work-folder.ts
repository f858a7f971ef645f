import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Env } from '../base/env.ts';

/**
 * Gives a folder of one's own, for as long as the work takes; on the disk of the tool's data, because /tmp is memory in
 * places, and for this account's eyes alone.
 */
export async function inWorkFolder<T>(
  { SK_DATA_DIR }: Pick<Env, 'SK_DATA_DIR'>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const parent = resolve(SK_DATA_DIR, 'backup-work');
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, 'run-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
