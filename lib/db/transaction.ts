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
  const run = (on: Db) => on.transaction((db) => work({ ...ctx, db }));
  const pool = poolOf(ctx.db);
  if (pool === undefined) return run(ctx.db);
  // Drizzle by itself would never give back a connection that broke at "begin", and would give back as good one that
  // has fallen silent: after a few of them the pool would be empty for ever.
  const client = await pool.connect();
  let isLost = false;
  try {
    return await run(drizzle(client));
  } catch (error) {
    isLost = isDatabaseUnavailable(error);
    throw error;
  } finally {
    client.release(isLost);
  }
}

/** The pool behind a database; undefined within a transaction. */
function poolOf(db: Db): pg.Pool | undefined {
  return '$client' in db && db.$client instanceof pg.Pool ? db.$client : undefined;
}
