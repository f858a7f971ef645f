import { requireStaff } from '../access/require-place.ts';
import { mayMark } from '../access/rules.ts';
import type { Ctx } from '../context.ts';
import { selectListedMeetings } from './queries.ts';
import type { ListedMeeting } from './queries.ts';
import { findMeetingOfMoment, isUntaken } from './rules.ts';

export interface MeetingsView {
  course: { id: string; title: string; timeZone: string };
  /** What a teacher who opens the tool now most likely means. */
  ofMoment: ListedMeeting | undefined;
  /** Soonest first; the meeting of the moment is not among them. */
  coming: ListedMeeting[];
  /** Latest first. */
  past: ListedMeeting[];
  /** Held, and nobody was marked: outside of every rate until somebody does. Latest first. */
  untaken: ListedMeeting[];
  mayChange: boolean;
  /** Whether a meeting that is over may still wait for its check-out. */
  checkOutRequired: boolean;
}

/**
 * The course's home for those who run it, in three queries however many meetings there are.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadMeetings(ctx: Ctx, courseId: string): Promise<MeetingsView> {
  const { course, role } = await requireStaff(ctx, courseId);
  const meetings = await selectListedMeetings(ctx.db, courseId, ctx.now);
  const open = meetings.find((meeting) => meeting.open !== null);
  const ofMoment = open ?? findMeetingOfMoment(meetings, ctx.now);
  const others = meetings.filter((meeting) => meeting !== ofMoment);
  const past = others.filter((meeting) => meeting.endsAt <= ctx.now).reverse();
  return {
    course: { id: course.id, title: course.title, timeZone: course.timeZone },
    ofMoment,
    coming: others.filter((meeting) => meeting.endsAt > ctx.now),
    past,
    untaken: past.filter((meeting) => isUntaken(meeting, ctx.now)),
    mayChange: mayMark(role, course.policy),
    checkOutRequired: course.policy.checkOutRequired,
  };
}
