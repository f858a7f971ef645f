import type pg from 'pg';

/** Postgres' clock, read without a query: the difference to this machine's clock, measured now and then. */
export interface DatabaseClock {
  now(): Date;
  measure(): Promise<void>;
}

/** Under load one answer may be late; of several one hardly ever is. */
const asksEachTime = 3;

/** How far a machine's clock goes wrong by itself, in milliseconds a millisecond: ten times what is usual. */
const drift = 0.001;

/**
 * Measures the difference at half the round trip, which it may be wrong by. What was measured better a while ago stays,
 * so that in the middle of a burst the time does not jump; and while the database is away, so that a scan keeps an honest
 * time.
 */
export function createDatabaseClock(pool: Pick<pg.Pool, 'query'>): DatabaseClock {
  let known = { offsetMs: 0, wrongByMs: Infinity, at: 0 };

  const ask = async () => {
    const began = performance.now();
    const answer = await pool.query<{ ms: string }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms',
    );
    const wrongByMs = (performance.now() - began) / 2;
    const at = Date.now();
    return { offsetMs: Math.round(Number(answer.rows[0]?.ms) - (at - wrongByMs)), wrongByMs, at };
  };

  return {
    now: () => new Date(Date.now() + known.offsetMs),
    async measure() {
      for (let asked = 0; asked < asksEachTime; asked += 1) {
        const found = await ask();
        if (found.wrongByMs <= known.wrongByMs + Math.abs(found.at - known.at) * drift) known = found;
      }
    },
  };
}
