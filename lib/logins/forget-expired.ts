import type { Ctx } from '../context.ts';
import { deleteExpired } from './queries.ts';

/** Clears away used nonces and tickets whose own time is over. */
export function forgetExpired(ctx: Pick<Ctx, 'db' | 'now'>): Promise<void> {
  return deleteExpired(ctx.db, ctx.now);
}
