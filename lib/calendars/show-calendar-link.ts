import { tokenOfLink } from '../base/secret-link.ts';
import type { Ctx } from '../context.ts';
import { createFeed } from './feed-link.ts';
import { insertFeed, replaceFeed, selectFeed } from './queries.ts';
import { requireSubscriber } from './require-subscriber.ts';

/**
 * The token of the viewer's own calendar, made when it is asked for the first time. One that no secret opens any more
 * is replaced.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function showCalendarLink(
  ctx: Ctx,
  { courseId }: { courseId: string },
): Promise<{ token: string }> {
  const personId = await requireSubscriber(ctx, courseId);
  const made = createFeed(ctx, personId);
  await insertFeed(ctx.db, made.feed);
  const kept = await selectFeed(ctx.db, personId);
  const token = kept === undefined ? undefined : tokenOfLink(ctx.secrets, 'calendar-feed', kept);
  if (token !== undefined) return { token };
  await replaceFeed(ctx.db, made.feed);
  return { token: made.token };
}
