import { tokenOfLink } from '../base/secret-link.ts';
import type { Ctx } from '../context.ts';
import { createCode } from './personal-code.ts';
import { insertCode, replaceCode, selectCode } from './queries.ts';
import { requireOwner } from './require-owner.ts';

/**
 * The token of the viewer's own code, made when it is asked for the first time; the same in all their courses. One that
 * no secret opens any more is replaced.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function showMyCode(ctx: Ctx, { courseId }: { courseId: string }): Promise<{ token: string }> {
  const personId = await requireOwner(ctx, courseId);
  const made = createCode(ctx, personId);
  await insertCode(ctx.db, made.code);
  const kept = await selectCode(ctx.db, personId);
  const token = kept === undefined ? undefined : tokenOfLink(ctx.secrets, 'personal-code', kept);
  if (token !== undefined) return { token };
  await replaceCode(ctx.db, made.code);
  return { token: made.token };
}
