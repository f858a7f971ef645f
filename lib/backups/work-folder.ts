import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Env } from '../base/env.ts';
import { minuteMs } from '../base/minute.ts';

/** Longer than any backup or restore takes. */
const abandonedAfterMs = 24 * 60 * minuteMs;

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
  await clearAbandoned(parent);
  const folder = await mkdtemp(join(parent, 'run-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whoever was killed has left a whole database behind, which no retention would ever find. */
async function clearAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    // Another run may be clearing up after itself at this moment.
    const changedAt = (await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - changedAt > abandonedAfterMs) await rm(folder, { recursive: true, force: true });
  }
}
