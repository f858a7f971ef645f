import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { localOfInstant } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { selectLastMeeting, selectMeeting, selectSections } from './queries.ts';
import type { SectionChoice } from './queries.ts';
import { copyOf, suggestMeeting } from './rules.ts';
import type { MeetingWords } from './rules.ts';

/**
 * What the form for a new meeting begins with: as the course's last one was, or a copy of a given one.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found` (the meeting to copy)
 */
export async function suggestNewMeeting(
  ctx: Ctx,
  { courseId, copyOf: copied }: { courseId: string; copyOf?: string | undefined },
): Promise<{ timeZone: string; sections: SectionChoice[]; suggestion: MeetingWords }> {
  const { course } = await requireMarker(ctx, courseId);
  const [sections, suggestion] = await Promise.all([
    selectSections(ctx.db, courseId),
    copied === undefined
      ? suggestLikeLast(ctx, courseId, course.timeZone)
      : suggestCopy(ctx, courseId, copied),
  ]);
  return { timeZone: course.timeZone, sections, suggestion };
}

async function suggestLikeLast(ctx: Ctx, courseId: string, timeZone: string): Promise<MeetingWords> {
  const today = localOfInstant(ctx.now, timeZone).slice(0, 10);
  return suggestMeeting(await selectLastMeeting(ctx.db, courseId), today);
}

async function suggestCopy(ctx: Ctx, courseId: string, meetingId: string): Promise<MeetingWords> {
  const meeting = isId(meetingId) ? await selectMeeting(ctx.db, courseId, meetingId) : undefined;
  if (meeting === undefined) throw new AppError('not-found');
  return copyOf(meeting);
}
