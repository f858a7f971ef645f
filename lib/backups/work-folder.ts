import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Env } from '../base/env.ts';
import { minuteMs } from '../base/minute.ts';
import { removeLeftovers } from '../files/remove-leftovers.ts';

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
  // Whoever was killed has left a whole database behind, which no retention would ever find.
  await removeLeftovers(parent, abandonedAfterMs);
  const folder = await mkdtemp(join(parent, 'run-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
