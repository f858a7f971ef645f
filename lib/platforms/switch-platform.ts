import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { updatePlatformDisabled } from './queries.ts';

/**
 * Switches a registration off (its launches are refused) or on again. Nothing is deleted.
 *
 * @throws AppError `platform-unknown`
 */
export async function switchPlatform(
  ctx: Pick<Ctx, 'db' | 'now'>,
  input: { issuer: string; clientId: string; enabled: boolean },
): Promise<void> {
  const changed = await updatePlatformDisabled(ctx.db, input, input.enabled ? null : ctx.now);
  if (changed === 0) throw new AppError('platform-unknown');
}
