import { sql } from 'drizzle-orm';
import type { Db } from './client.ts';

/** What only one process does at a time. Any numbers that no other program uses for advisory locks in this database. */
export const soleLocks = {
  migration: 7_305_511_862,
  backup: 7_305_511_863,
  'import-v2': 7_305_511_864,
} as const;

/**
 * Held until the transaction ends, however long that is: a role may bring a limit for idle ones that is made for requests.
 *
 * @returns false: somebody else has it
 */
export async function takeSoleLock(db: Db, what: keyof typeof soleLocks): Promise<boolean> {
  await db.execute(sql`set local idle_in_transaction_session_timeout = 0`);
  const { rows } = await db.execute<{ taken: boolean }>(
    sql`select pg_try_advisory_xact_lock(${soleLocks[what]}) as taken`,
  );
  return rows[0]?.taken === true;
}
