import type { Ctx } from '../context.ts';
import { createFeed } from './feed-link.ts';
import { replaceFeed } from './queries.ts';
import { requireSubscriber } from './require-subscriber.ts';

/**
 * Another link for the viewer's own calendar; the old one stops at once.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function renewCalendarLink(
  ctx: Ctx,
  { courseId }: { courseId: string },
): Promise<{ token: string }> {
  const { token, feed } = createFeed(ctx, await requireSubscriber(ctx, courseId));
  await replaceFeed(ctx.db, feed);
  return { token };
}
