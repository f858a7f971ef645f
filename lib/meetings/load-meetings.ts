import { requireStaff } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { countStudents } from '../members/count-students.ts';
import { selectListedMeetings } from './queries.ts';
import type { ListedMeeting } from './queries.ts';
import { findMeetingOfMoment } from './rules.ts';

export interface MeetingsView {
  course: { id: string; title: string; timeZone: string };
  /** Students who are enrolled now. */
  students: number;
  /** What a teacher who opens the tool now most likely means. */
  ofMoment: ListedMeeting | undefined;
  /** Soonest first; the meeting of the moment is not among them. */
  coming: ListedMeeting[];
  /** Latest first. */
  past: ListedMeeting[];
}

/**
 * The course's home for those who run it, in three queries however many meetings there are.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadMeetings(ctx: Ctx, courseId: string): Promise<MeetingsView> {
  const { course } = await requireStaff(ctx, courseId);
  const [meetings, students] = await Promise.all([
    selectListedMeetings(ctx.db, courseId, ctx.now),
    countStudents(ctx, courseId),
  ]);
  const open = meetings.find((meeting) => meeting.openUntil !== null);
  const ofMoment = open ?? findMeetingOfMoment(meetings, ctx.now);
  const others = meetings.filter((meeting) => meeting !== ofMoment);
  return {
    course: { id: course.id, title: course.title, timeZone: course.timeZone },
    students,
    ofMoment,
    coming: others.filter((meeting) => meeting.endsAt > ctx.now),
    past: others.filter((meeting) => meeting.endsAt <= ctx.now).reverse(),
  };
}
