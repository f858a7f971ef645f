import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { deleteUnusedInvite } from './queries.ts';

/**
 * Makes a registration link good for nothing.
 *
 * @returns false when there is no such link, or it was used
 */
export async function withdrawInvite(ctx: Pick<Ctx, 'db'>, id: string): Promise<boolean> {
  return isId(id) && (await deleteUnusedInvite(ctx.db, id));
}
