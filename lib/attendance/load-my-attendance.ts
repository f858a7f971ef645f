import { requireStudent } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { selectHasOpenWindow, selectOwnMeetings } from './queries.ts';
import type { OwnMeeting } from './queries.ts';

export interface MyAttendanceView {
  course: { id: string; title: string; timeZone: string };
  /** Student View's invented student: counts nowhere. */
  isTestUser: boolean;
  /** Whether a code can be typed in now. */
  isCheckInOpen: boolean;
  /** Running or still to come, soonest first; what is called off too, so that nobody comes in vain. */
  coming: OwnMeeting[];
  /** Latest first. */
  past: OwnMeeting[];
}

export type { OwnMeeting } from './queries.ts';

/**
 * A student's own meetings and what stands there for them. Nobody else's data is read.
 *
 * @throws AppError `not-signed-in`, `no-access` (also for those who run the course: they are not listed)
 */
export async function loadMyAttendance(ctx: Ctx, courseId: string): Promise<MyAttendanceView> {
  const { course, membershipId, isTestUser } = await requireStudent(ctx, courseId);
  const [own, isCheckInOpen] = await Promise.all([
    selectOwnMeetings(ctx.db, { courseId, membershipId }),
    selectHasOpenWindow(ctx.db, membershipId, ctx.now),
  ]);
  return {
    course: { id: course.id, title: course.title, timeZone: course.timeZone },
    isTestUser,
    isCheckInOpen,
    coming: own.filter((meeting) => meeting.endsAt > ctx.now),
    past: own.filter((meeting) => meeting.endsAt <= ctx.now).reverse(),
  };
}
