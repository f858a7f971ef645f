import { isStaff } from '../access/rules.ts';
import { AppError } from '../base/errors.ts';
import { tokenHash } from '../base/seal.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { selectFeedCourses, selectFeedMeetings, selectFeedOwner } from './queries.ts';
import type { FeedMeeting } from './queries.ts';

const yearMs = 366 * 24 * 60 * minuteMs;

export interface CalendarFeedView {
  /** What the person's platform said of their language. */
  locale: string | null;
  meetings: (FeedMeeting & { courseTitle: string })[];
}

/**
 * The meetings of whoever's link this is, for a calendar program: nobody is signed in, the token alone decides. A year
 * back and all that comes, in three statements.
 *
 * @throws AppError `not-found`: no such link, an old one, or one of somebody who is enrolled nowhere
 */
export async function loadCalendarFeed(
  ctx: Pick<Ctx, 'db' | 'now'>,
  token: string,
): Promise<CalendarFeedView> {
  const owner = await selectFeedOwner(ctx.db, tokenHash(token));
  if (owner === undefined) throw new AppError('not-found');
  const courses = await selectFeedCourses(ctx.db, owner.personId, ctx.now);
  const places = courses
    .filter(({ role }) => isStaff(role) || role === 'student')
    .map(({ role, membershipId, courseId }) => ({ membershipId, courseId, seesAll: isStaff(role) }));
  if (places.length === 0) throw new AppError('not-found');
  const titles = new Map(courses.map(({ courseId, title }) => [courseId, title]));
  const meetings = await selectFeedMeetings(ctx.db, places, addMs(ctx.now, -yearMs));
  return {
    locale: owner.locale,
    meetings: meetings.map((meeting) => ({ ...meeting, courseTitle: titles.get(meeting.courseId) ?? '' })),
  };
}
