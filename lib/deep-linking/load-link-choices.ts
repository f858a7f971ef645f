import { requirePlace } from '../access/require-place.ts';
import { buildsCourse, isStaff } from '../access/rules.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { loadMeetings } from '../meetings/load-meetings.ts';
import type { MeetingsView } from '../meetings/load-meetings.ts';

/** More than a person reads; who wants another one links to the course. */
const mostOfEach = 30;

export interface LinkChoices {
  /** Soonest first. */
  coming: MeetingsView['coming'];
  /** Latest first. */
  past: MeetingsView['past'];
  hasMore: boolean;
  /** A designer builds the course without seeing its meetings. */
  mayLinkMeetings: boolean;
}

/**
 * What a link in this course may lead to: its attendance, and for those who run it each meeting.
 *
 * @throws AppError `not-signed-in`, `no-access` for all who do not build the course
 */
export async function loadLinkChoices(ctx: Ctx, courseId: string): Promise<LinkChoices> {
  const { role } = await requirePlace(ctx, courseId);
  if (!buildsCourse(role)) throw new AppError('no-access');
  if (!isStaff(role)) return { coming: [], past: [], hasMore: false, mayLinkMeetings: false };
  const { ofMoment, coming, past } = await loadMeetings(ctx, courseId);
  const ahead = ofMoment === undefined ? coming : [ofMoment, ...coming];
  return {
    coming: ahead.slice(0, mostOfEach),
    past: past.slice(0, mostOfEach),
    hasMore: ahead.length > mostOfEach || past.length > mostOfEach,
    mayLinkMeetings: true,
  };
}
