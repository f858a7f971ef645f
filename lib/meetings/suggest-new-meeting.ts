import { requireMarker } from '../access/require-place.ts';
import { localOfInstant } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { selectListedMeetings } from './queries.ts';
import { suggestMeeting } from './rules.ts';
import type { SuggestedMeeting } from './rules.ts';

/**
 * What the form for a new meeting begins with.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function suggestNewMeeting(
  ctx: Ctx,
  courseId: string,
): Promise<{ timeZone: string; suggestion: SuggestedMeeting }> {
  const { course } = await requireMarker(ctx, courseId);
  const meetings = await selectListedMeetings(ctx.db, courseId, ctx.now);
  const today = localOfInstant(ctx.now, course.timeZone).slice(0, 10);
  return { timeZone: course.timeZone, suggestion: suggestMeeting(meetings, today) };
}
