import type pg from 'pg';

/** Postgres' clock, read without a query: the difference to this machine's clock, measured now and then. */
export interface DatabaseClock {
  now(): Date;
  measure(): Promise<void>;
}

/**
 * Measures the difference at half the round trip. While the database is away the last difference counts,
 * so that a scan keeps an honest time.
 */
export function createDatabaseClock(pool: Pick<pg.Pool, 'query'>): DatabaseClock {
  let offsetMs = 0;
  return {
    now: () => new Date(Date.now() + offsetMs),
    async measure() {
      const before = Date.now();
      const answer = await pool.query<{ ms: string }>(
        'select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms',
      );
      const middle = (before + Date.now()) / 2;
      const ms = answer.rows[0]?.ms;
      if (ms !== undefined) offsetMs = Math.round(Number(ms) - middle);
    },
  };
}
