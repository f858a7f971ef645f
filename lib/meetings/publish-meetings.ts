import type { Ctx } from '../context.ts';
import { noticePayload } from '../live/notices.ts';
import { notifyAll } from '../live/queries.ts';

/** Tells everybody who looks at one of these meetings to load it again, in one statement. */
export async function publishMeetings(ctx: Pick<Ctx, 'db'>, meetingIds: readonly string[]): Promise<void> {
  if (meetingIds.length === 0) return;
  await notifyAll(
    ctx.db,
    meetingIds.map((meetingId) => noticePayload({ kind: 'reload', meetingId })),
  );
}
