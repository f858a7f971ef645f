import { drizzle } from 'drizzle-orm/node-postgres';
import type { NodePgQueryResultHKT } from 'drizzle-orm/node-postgres';
import type { PgDatabase } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { lineTo } from './address.ts';
import type { DatabaseAddress } from './address.ts';
import { patientConnect } from './patient-connect.ts';

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
  /** A connection that nobody has used for so long is closed. */
  idleMs?: number;
  /** What waiting for a connection may take. */
  connectWithinMs?: number;
  /**
   * What a statement may take, in milliseconds; then the server ends it, and it fails as `unavailable`. Told as the
   * connection is made, which a pooler refuses: there the role brings it (ALTER ROLE … SET statement_timeout).
   */
  statementWithinMs?: number;
  /**
   * As `statementWithinMs`, but counted here: then the connection is given up too. A database that has fallen silent
   * would keep a request for ever otherwise. By default there is no end.
   */
  answerWithinMs?: number;
}

/** A pool of connections. One that is not to be had within two seconds (or as told) is `unavailable`. */
export function openDatabase(address: DatabaseAddress, options: DatabaseOptions): OpenDatabase {
  const pool = new PatientPool({
    ...lineTo(address),
    max: options.poolMax,
    idleTimeoutMillis: options.idleMs ?? 30_000,
    connectionTimeoutMillis: options.connectWithinMs ?? 2_000,
    statement_timeout: options.statementWithinMs,
    query_timeout: options.answerWithinMs,
    application_name: 'sk-attendance',
    // Networks forget connections that nothing goes through.
    keepAlive: true,
  });
  // Without a listener a connection lost while idle would end the process.
  pool.on('error', options.onIdleError);
  // So would one that is lost between two statements of a transaction; the next of them fails and tells it.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const url = typeof address === 'string' ? address : address.url;
  return { db: drizzle(pool), pool, url, close: () => pool.end() };
}

/** Finds its connections by `patientConnect`. */
class PatientPool extends pg.Pool {
  override connect(): Promise<pg.PoolClient>;
  override connect(
    told: (
      error: Error | undefined,
      client: pg.PoolClient | undefined,
      done: (release?: Error | boolean) => void,
    ) => void,
  ): void;
  override connect(
    told?: (
      error: Error | undefined,
      client: pg.PoolClient | undefined,
      done: (release?: Error | boolean) => void,
    ) => void,
  ): Promise<pg.PoolClient> | undefined {
    const found = this.#find();
    if (told === undefined) return found;
    found.then(
      (client) => {
        told(undefined, client, (release) => {
          client.release(release);
        });
      },
      (error: unknown) => {
        told(error instanceof Error ? error : new Error(String(error)), undefined, () => undefined);
      },
    );
    return undefined;
  }

  #find(): Promise<pg.PoolClient> {
    return patientConnect(() => super.connect(), this.options.connectionTimeoutMillis ?? 0);
  }
}
