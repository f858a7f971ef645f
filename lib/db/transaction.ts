import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import type { Ctx } from '../context.ts';
import type { Db } from './client.ts';
import { isDatabaseUnavailable } from './database-unavailable.ts';

/** Runs a piece of a use case in one transaction: all of it is kept, or nothing. */
export async function transaction<C extends Pick<Ctx, 'db'>, T>(
  ctx: C,
  work: (ctx: C) => Promise<T>,
): Promise<T> {
  const pool = poolOf(ctx.db);
  if (pool === undefined) return ctx.db.transaction((db) => work({ ...ctx, db }));
  // Drizzle by itself would never give back a connection that broke at "begin", and would give back as good one that
  // has fallen silent: after a few of them the pool would be empty for ever.
  const client = await pool.connect();
  let isGivenBack = false;
  const giveBack = (isLost: boolean) => {
    if (!isGivenBack) client.release(isLost);
    isGivenBack = true;
  };
  let failure: unknown;
  try {
    return await drizzle(client).transaction(async (db) => {
      try {
        return await work({ ...ctx, db });
      } catch (error) {
        failure = error;
        // Now: Drizzle sends "rollback" next, and on a silent line that would wait for its whole time once more.
        if (isDatabaseUnavailable(error)) giveBack(true);
        throw error;
      }
    });
  } catch (error) {
    giveBack(isDatabaseUnavailable(error));
    // What broke, rather than that it could not be taken back.
    throw failure ?? error;
  } finally {
    giveBack(false);
  }
}

/** The pool behind a database; undefined within a transaction. */
function poolOf(db: Db): pg.Pool | undefined {
  return '$client' in db && db.$client instanceof pg.Pool ? db.$client : undefined;
}
