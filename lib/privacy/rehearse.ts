import type { Ctx } from '../context.ts';
import type { Log } from '../base/log.ts';
import { transaction } from '../db/transaction.ts';

/** Carries the outcome of a rehearsal past the transaction that is rolled back by it. */
class Rehearsed<T> extends Error {
  readonly outcome: T;

  constructor(outcome: T) {
    super('rehearsed');
    this.outcome = outcome;
  }
}

/** What a rehearsal would write to the log has not happened; the heads of the audit's chains above all. */
const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};

/** Does the work, and takes all of it back: what it tells is what it would have done. */
export async function rehearse<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  try {
    return await transaction<Ctx, never>({ ...ctx, log: quiet }, async (tx) => {
      throw new Rehearsed(await work(tx));
    });
  } catch (error) {
    if (error instanceof Rehearsed) return error.outcome as T;
    throw error;
  }
}
