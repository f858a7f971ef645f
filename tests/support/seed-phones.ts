import { newId, randomToken } from '#lib/base/ids.ts';
import { tokenHash } from '#lib/base/seal.ts';
import type { Db } from '#lib/db/client.ts';
import { devices } from '#lib/db/schema.ts';
import type { SeededMember } from './seed-course.ts';

const daysMs = 24 * 3_600_000;

/** A remembered phone for each, in one statement. @returns their keys, in the same order */
export async function seedPhones(
  db: Db,
  platformId: string,
  members: readonly SeededMember[],
): Promise<string[]> {
  const keys = members.map(() => randomToken());
  await db.insert(devices).values(
    members.map(({ personId }, index) => ({
      id: newId(),
      keyHash: tokenHash(keys[index] ?? ''),
      platformId,
      personId,
      expiresAt: new Date(Date.now() + 180 * daysMs),
    })),
  );
  return keys;
}
