import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import pg from 'pg';
import * as schema from './schema.ts';

/** The database, or a transaction in it: both run the same queries. */
export type Db = PgDatabase<NodePgQueryResultHKT, typeof schema>;

export interface OpenDatabase {
  db: Db;
  pool: pg.Pool;
  url: string;
  close(): Promise<void>;
}

/** A pool of connections. `onIdleError` hears of connections that broke while nobody used them. */
export function openDatabase(
  url: string,
  options: { poolMax: number; onIdleError: (error: Error) => void },
): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolMax,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 2_000,
    application_name: 'sk-attendance',
  });
  // Without a listener a connection lost while idle would end the process.
  pool.on('error', options.onIdleError);
  return { db: drizzle(pool, { schema }), pool, url, close: () => pool.end() };
}
