import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Db } from './client.ts';

/** `behind`: a migration that this program needs has not run. */
export type DatabaseState = 'ok' | 'behind' | 'unavailable';

/**
 * Whether the database answers, and whether it holds what this program needs. One that is further than the program is
 * good: while a release takes over, the old processes go on.
 *
 * @param folder the program's migrations
 */
export async function checkDatabase(db: Db, folder = resolve('drizzle')): Promise<DatabaseState> {
  const newest = await newestMigration(folder);
  try {
    const { rows } = await db.execute<{ done: boolean }>(
      sql`select exists (select from drizzle.__drizzle_migrations where created_at >= ${newest}) as done`,
    );
    return rows[0]?.done === true ? 'ok' : 'behind';
  } catch {
    return 'unavailable';
  }
}

/** As Drizzle counts them: by the milliseconds at which they were generated. */
async function newestMigration(folder: string): Promise<number> {
  const { entries } = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')) as {
    entries: { when: number }[];
  };
  return Math.max(...entries.map(({ when }) => when));
}
