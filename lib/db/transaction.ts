import type { Ctx } from '../context.ts';

/** Runs a piece of a use case in one transaction: all of it is kept, or nothing. */
export function transaction<C extends Pick<Ctx, 'db'>, T>(ctx: C, work: (ctx: C) => Promise<T>): Promise<T> {
  return ctx.db.transaction((db) => work({ ...ctx, db }));
}
