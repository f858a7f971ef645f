import { recordSubject } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectExcuseIds, selectMeetingIds, selectPlaceIds } from './queries.ts';

export interface SubjectsOfMember {
  /** This place in the course, and those of rows that were merged into it: the log calls them as they were called. */
  placeIds: string[];
  /** The course's meetings. */
  meetingIds: string[];
  /** Their places, their attendance at each meeting, and their excuses. */
  subjectIds: string[];
}

/** What a course's log calls a member, and all that is theirs. Called by use cases that have checked access. */
export async function subjectsOfMember(
  ctx: Pick<Ctx, 'db'>,
  courseId: string,
  membershipId: string,
): Promise<SubjectsOfMember> {
  const placeIds = await selectPlaceIds(ctx.db, courseId, membershipId);
  const meetingIds = await selectMeetingIds(ctx.db, courseId);
  const records = placeIds.flatMap((place) => meetingIds.map((meeting) => recordSubject(meeting, place)));
  const excuseIds = await selectExcuseIds(ctx.db, courseId, membershipId);
  return { placeIds, meetingIds, subjectIds: [...placeIds, ...records, ...excuseIds] };
}
