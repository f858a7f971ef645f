import { and, asc, eq, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { isOpenWindow } from '../db/open-window.ts';
import { checkInWindows, meetings } from '../db/schema.ts';

export type Meeting = typeof meetings.$inferSelect;

/** Position in the course by start, from 1: "Saturday 4". */
export interface NumberedMeeting extends Meeting {
  number: number;
}

export interface ListedMeeting extends NumberedMeeting {
  /** Records by status. */
  counts: Partial<Record<'present' | 'late' | 'partial' | 'absent' | 'excused', number>>;
  openUntil: Date | null;
}

/** All meetings of a course with what is counted of them, by start. */
export async function selectListedMeetings(db: Db, courseId: string, now: Date): Promise<ListedMeeting[]> {
  const rows = await db
    .select({
      meeting: meetings,
      number: sql<number>`(row_number() over (order by ${meetings.startsAt}, ${meetings.id}))::int`,
      counts: sql<ListedMeeting['counts']>`coalesce((
        select jsonb_object_agg(taken.status, taken.n) from (
          select r.status, count(*)::int as n from attendance_records r
          join memberships m on m.id = r.membership_id
          where r.meeting_id = ${meetings.id} and not m.is_test_user group by r.status
        ) taken), '{}'::jsonb)`,
      openUntil: checkInWindows.closesAt,
    })
    .from(meetings)
    .leftJoin(checkInWindows, isOpenWindow(now))
    .where(eq(meetings.courseId, courseId))
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
  return rows.map(({ meeting, number, counts, openUntil }) => ({ ...meeting, number, counts, openUntil }));
}

export async function selectMeeting(
  db: Db,
  courseId: string,
  meetingId: string,
): Promise<NumberedMeeting | undefined> {
  const [row] = await db
    .select({
      meeting: meetings,
      number: meetingNumber,
    })
    .from(meetings)
    .where(and(eq(meetings.id, meetingId), eq(meetings.courseId, courseId)));
  return row === undefined ? undefined : { ...row.meeting, number: row.number };
}

export async function insertMeeting(db: Db, meeting: typeof meetings.$inferInsert): Promise<void> {
  await db.insert(meetings).values(meeting);
}

/** @returns the meeting as it is now, or undefined when its revision is no longer the given one */
export async function updateMeetingRow(
  db: Db,
  key: { courseId: string; meetingId: string; revision: number },
  change: Partial<typeof meetings.$inferInsert>,
): Promise<Meeting | undefined> {
  const [row] = await db
    .update(meetings)
    .set({ ...change, revision: key.revision + 1 })
    .where(
      and(
        eq(meetings.id, key.meetingId),
        eq(meetings.courseId, key.courseId),
        eq(meetings.revision, key.revision),
      ),
    )
    .returning();
  return row;
}
