import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { insertUsedNonce, selectIsNonceUsed } from './queries.ts';

/**
 * Uses a nonce up. Of two processes at the same moment exactly one hears true.
 *
 * @param keepMs how long its reuse must be noticed
 */
export function useNonce(ctx: Pick<Ctx, 'db' | 'now'>, nonce: string, keepMs: number): Promise<boolean> {
  return insertUsedNonce(ctx.db, nonce, addMs(ctx.now, keepMs));
}

/** Whether a nonce was used before; it stays unused. */
export function isNonceUsed(ctx: Pick<Ctx, 'db'>, nonce: string): Promise<boolean> {
  return selectIsNonceUsed(ctx.db, nonce);
}
