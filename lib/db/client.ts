import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import pg from 'pg';

/** The database, or a transaction in it: both run the same queries. */
export type Db = PgDatabase<NodePgQueryResultHKT>;

export interface OpenDatabase {
  db: Db;
  pool: pg.Pool;
  url: string;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  poolMax: number;
  /** Hears of connections that broke while nobody used them. */
  onIdleError: (error: Error) => void;
  /**
   * What a statement may take, in milliseconds; then it fails as `unavailable`, and its connection is given up. A
   * database that has fallen silent would keep a request for ever otherwise. Counted here and not by the server: a
   * pooler refuses settings that come with the connection. By default there is no end.
   */
  answerWithinMs?: number;
}

/** A pool of connections. One that is not to be had within two seconds is `unavailable`. */
export function openDatabase(url: string, options: DatabaseOptions): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolMax,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 2_000,
    query_timeout: options.answerWithinMs,
    application_name: 'sk-attendance',
  });
  // Without a listener a connection lost while idle would end the process.
  pool.on('error', options.onIdleError);
  // So would one that is lost between two statements of a transaction; the next of them fails and tells it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { db: drizzle(pool), pool, url, close: () => pool.end() };
}
