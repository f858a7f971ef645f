import type pg from 'pg';

/** Postgres' clock, read without a query: the difference to this process' steady clock, measured now and then. */
export interface DatabaseClock {
  now(): Date;
  measure(): Promise<void>;
}

/** Under load one answer may be late; of several one hardly ever is. */
const asksEachTime = 3;

/** Nothing but setting the machine's clock, or waking from sleep, parts it so far from the steady one. */
const jumpMs = 1_000;

/** How far two clocks part by themselves, in milliseconds a millisecond: ten times what is usual. */
const drift = 0.001;

/**
 * Measures the difference at half the round trip, which it may be wrong by. What was measured better a while ago stays,
 * so that in the middle of a burst the time does not jump; and while the database is away, so that a scan keeps an honest
 * time. It counts from there by the process' steady clock, so that setting the machine's clock changes nothing. Of two
 * that cannot both be right (the machine has slept, another database answers) the newer one counts.
 */
export function createDatabaseClock(pool: Pick<pg.Pool, 'query'>): DatabaseClock {
  // This machine's clock, until the database has told its own.
  let known = { offsetMs: performance.timeOrigin, wrongByMs: Infinity, at: 0 };

  const ask = async () => {
    const began = performance.now();
    const answer = await pool.query<{ ms: string }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::bigint::text as ms',
    );
    const at = performance.now();
    const wrongByMs = (at - began) / 2;
    return { offsetMs: Number(answer.rows[0]?.ms) - (at - wrongByMs), wrongByMs, at };
  };

  const measure = async () => {
    for (let asked = 0; asked < asksEachTime; asked += 1) {
      const found = await ask();
      const knownWrongByMs = known.wrongByMs + (found.at - known.at) * drift;
      const isRefuted = Math.abs(found.offsetMs - known.offsetMs) > found.wrongByMs + knownWrongByMs;
      if (found.wrongByMs <= knownWrongByMs || isRefuted) known = found;
    }
  };

  const machineMs = () => Date.now() - performance.now();
  let machineWasMs = machineMs();

  return {
    now() {
      const machineIsMs = machineMs();
      if (Math.abs(machineIsMs - machineWasMs) > jumpMs) {
        machineWasMs = machineIsMs;
        // Set, or asleep meanwhile: Postgres knows. While it is away, the next measurement tells.
        measure().catch(() => undefined);
      }
      return new Date(Math.round(performance.now() + known.offsetMs));
    },
    measure,
  };
}
