import type { Ctx } from '../context.ts';
import { createCode } from './personal-code.ts';
import { replaceCode } from './queries.ts';
import { requireOwner } from './require-owner.ts';

/**
 * Another code for the viewer; the old one stops at once, wherever it is printed.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function renewMyCode(ctx: Ctx, { courseId }: { courseId: string }): Promise<{ token: string }> {
  const { token, code } = createCode(ctx, await requireOwner(ctx, courseId));
  await replaceCode(ctx.db, code);
  return { token };
}
