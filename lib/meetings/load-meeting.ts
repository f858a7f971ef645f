import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectMeeting } from './queries.ts';
import type { NumberedMeeting } from './queries.ts';

/**
 * One meeting, for those who run the course.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function loadMeeting(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<{ course: { id: string; title: string; timeZone: string }; meeting: NumberedMeeting }> {
  const { course } = await requireStaff(ctx, courseId);
  const meeting = isId(meetingId) ? await selectMeeting(ctx.db, courseId, meetingId) : undefined;
  if (meeting === undefined) throw new AppError('not-found');
  return { course: { id: course.id, title: course.title, timeZone: course.timeZone }, meeting };
}
