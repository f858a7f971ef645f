import { randomToken } from '../base/ids.ts';
import { seal, tokenHash, unseal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import type { CalendarFeed } from './queries.ts';

/** A link that nobody has yet: its token, and what is kept of it. */
export function createFeed(ctx: Pick<Ctx, 'now' | 'secrets'>, personId: string) {
  const token = randomToken();
  return {
    token,
    feed: {
      personId,
      tokenHash: tokenHash(token),
      sealedToken: seal(ctx.secrets, 'calendar-feed', token),
      createdAt: ctx.now,
    } satisfies CalendarFeed,
  };
}

/** The token of a link, or undefined where no secret opens it any more. */
export function tokenOfFeed(ctx: Pick<Ctx, 'secrets'>, feed: CalendarFeed): string | undefined {
  const token = unseal(ctx.secrets, 'calendar-feed', feed.sealedToken);
  return typeof token === 'string' ? token : undefined;
}
