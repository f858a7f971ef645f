import { createSecretLink } from '../base/secret-link.ts';
import type { Ctx } from '../context.ts';
import type { CalendarFeed } from './queries.ts';

/** A link that nobody has yet: its token, and what is kept of it. */
export function createFeed(ctx: Pick<Ctx, 'now' | 'secrets'>, personId: string) {
  const { token, kept } = createSecretLink(ctx.secrets, 'calendar-feed');
  return { token, feed: { personId, ...kept, createdAt: ctx.now } satisfies CalendarFeed };
}
