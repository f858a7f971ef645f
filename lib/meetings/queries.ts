import { and, asc, desc, eq, gt, inArray, isNull, ne, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { spanExpectsAt } from '../db/enrolled.ts';
import { flaggedEvidence } from '../db/flagged-evidence.ts';
import { isTakenMeeting } from '../db/taken-meeting.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { isOpenWindow, windowEnd } from '../db/open-window.ts';
import { auditEvents, checkInWindows, meetings, meetingSeries, sections } from '../db/schema.ts';
import type { Direction } from '../db/schema.ts';
import type { Status } from '../base/statuses.ts';

export type Meeting = typeof meetings.$inferSelect;

/** Position in the course by start, from 1: "Saturday 4". */
export interface NumberedMeeting extends Meeting {
  number: number;
}

export interface ListedMeeting extends NumberedMeeting {
  /** Records by status. */
  counts: Partial<Record<Status, number>>;
  /** Somebody has a record that is more than an excuse. */
  isTaken: boolean;
  /** Students who were, or are, expected at it: by their days of enrolment and the sections it is for. */
  expected: number;
  /** Members whose check-in shows something for a person to look at (`flaggedEvidence`). */
  flagged: number;
  /** The check-in or check-out that takes codes now; the one that opened last, where both do. */
  open: { direction: Direction; until: Date } | null;
}

/** All meetings of a course with what is counted of them, by start. */
export async function selectListedMeetings(db: Db, courseId: string, now: Date): Promise<ListedMeeting[]> {
  const open = db
    .select({ direction: checkInWindows.direction, until: windowEnd.as('until') })
    .from(checkInWindows)
    .where(isOpenWindow(now))
    .orderBy(desc(checkInWindows.opensAt))
    .limit(1)
    .as('open_window');
  // Asked once, and not by looking up the member of each record.
  const testUsers = sql`array(select tester.id from memberships tester
    where tester.course_id = ${courseId} and tester.is_test_user)`;
  const [rows, expected] = await Promise.all([
    db
      .select({
        meeting: meetings,
        number: sql<number>`(row_number() over (order by ${meetings.startsAt}, ${meetings.id}))::int`,
        counts: sql<ListedMeeting['counts']>`coalesce((
          select jsonb_object_agg(taken.status, taken.n) from (
            select r.status, count(*)::int as n from attendance_records r
            where r.meeting_id = ${meetings.id} and r.membership_id <> all(${testUsers}) group by r.status
          ) taken), '{}'::jsonb)`,
        isTaken: isTakenMeeting,
        flagged: sql<number>`(select count(distinct flagged.membership_id)::int
          from (${flaggedEvidence(sql`${meetings.id}`)}) flagged
          where flagged.membership_id <> all(${testUsers}))`,
        open: { direction: open.direction, until: open.until },
      })
      .from(meetings)
      .leftJoinLateral(open, sql`true`)
      .where(eq(meetings.courseId, courseId))
      .orderBy(asc(meetings.startsAt), asc(meetings.id)),
    selectExpected(db, courseId),
  ]);
  return rows.map(({ meeting, ...counted }) => ({
    ...meeting,
    ...counted,
    expected: expected.get(meeting.id) ?? 0,
  }));
}

/**
 * How many students each meeting of a course expects. Who was enrolled in the same sections at the same times is
 * counted together, so that the work grows with the changes of a roster and not with its length.
 */
async function selectExpected(db: Db, courseId: string): Promise<Map<string, number>> {
  const answer = await db.execute<{ id: string; expected: number }>(sql`
    with profiles as materialized (
      -- Member by member, by index: a join may read the spans of all courses.
      select starts, ends, in_sections, count(*) as members
      from memberships m cross join lateral (
        select array_agg(ms.starts_at order by ms.starts_at, ms.ends_at, ms.section_id) as starts,
          array_agg(ms.ends_at order by ms.starts_at, ms.ends_at, ms.section_id) as ends,
          array_agg(ms.section_id order by ms.starts_at, ms.ends_at, ms.section_id) as in_sections
        from membership_spans ms where ms.membership_id = m.id
      ) spans
      where m.course_id = ${courseId} and m.role = 'student' and not m.is_test_user
      group by starts, ends, in_sections
    )
    select meetings.id, (select coalesce(sum(p.members), 0)::int from profiles p where exists (
      select 1 from unnest(p.starts, p.ends, p.in_sections) as span(starts_at, ends_at, section_id)
      where ${spanExpectsAt({ span: 'span', meeting: 'meetings' })})) as expected
    from meetings where meetings.course_id = ${courseId}`);
  return new Map(answer.rows.map(({ id, expected }) => [id, expected]));
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

/** The course's last meeting that was not called off: the next one most likely looks like it. */
export async function selectLastMeeting(db: Db, courseId: string): Promise<Meeting | undefined> {
  const [row] = await db
    .select()
    .from(meetings)
    .where(and(eq(meetings.courseId, courseId), eq(meetings.state, 'planned')))
    .orderBy(desc(meetings.startsAt), desc(meetings.id))
    .limit(1);
  return row;
}

/** How many other meetings stand in a meeting's series, and how many of them come after it. */
export async function selectSeriesSize(
  db: Db,
  meeting: Pick<Meeting, 'id' | 'startsAt'> & { seriesId: string },
): Promise<{ others: number; following: number }> {
  const [row] = await db
    .select({
      others: sql<number>`count(*)::int`,
      following: sql<number>`(count(*) filter (where ${gt(meetings.startsAt, meeting.startsAt)}))::int`,
    })
    .from(meetings)
    .where(and(eq(meetings.seriesId, meeting.seriesId), ne(meetings.id, meeting.id)));
  return row ?? { others: 0, following: 0 };
}

/** Locks a meeting and, where it belongs to one, its whole series, in one order for everybody. */
export async function lockMeetingWithSeries(
  db: Db,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<Meeting[]> {
  return db
    .select()
    .from(meetings)
    .where(
      and(
        eq(meetings.courseId, courseId),
        sql`(${meetings.id} = ${meetingId} or ${meetings.seriesId} = (
          select one.series_id from meetings one where one.id = ${meetingId} and one.course_id = ${courseId}))`,
      ),
    )
    .orderBy(asc(meetings.id))
    .for('no key update');
}

/** Locks the given meetings of a course, in one order for everybody. */
export async function lockMeetings(db: Db, courseId: string, ids: readonly string[]): Promise<Meeting[]> {
  return db
    .select()
    .from(meetings)
    .where(and(eq(meetings.courseId, courseId), inArray(meetings.id, [...ids])))
    .orderBy(asc(meetings.id))
    .for('update');
}

export async function insertMeetings(db: Db, rows: readonly (typeof meetings.$inferInsert)[]): Promise<void> {
  await db.insert(meetings).values([...rows]);
}

/** @returns the ids of those that were put back; one whose place is taken again stays away */
export async function insertMeetingsAgain(
  db: Db,
  rows: readonly (typeof meetings.$inferInsert)[],
): Promise<string[]> {
  const put = await db
    .insert(meetings)
    .values([...rows])
    .onConflictDoNothing()
    .returning({ id: meetings.id });
  return put.map(({ id }) => id);
}

export async function insertSeries(db: Db, series: typeof meetingSeries.$inferInsert): Promise<void> {
  await db.insert(meetingSeries).values(series);
}

export type MeetingUpdate = Pick<
  Meeting,
  | 'id'
  | 'title'
  | 'localStart'
  | 'localEnd'
  | 'startsAt'
  | 'endsAt'
  | 'breakMinutes'
  | 'breaks'
  | 'kind'
  | 'room'
  | 'onlineUrl'
  | 'onlinePlatform'
  | 'description'
  | 'isMandatory'
  | 'sectionIds'
>;

/**
 * Changes meetings that are locked, in one statement however many they are; each gets a new revision. Check-ins that are
 * bound to a meeting's time move as its start does, check-outs as its end.
 */
export async function updateMeetingRows(db: Db, changes: readonly MeetingUpdate[]): Promise<void> {
  await db.execute(sql`
    with moved as (
      update check_in_windows w set opens_at = w.opens_at + m.moved, closes_at = w.closes_at + m.moved
      from (
        select m.id, d.direction,
          case d.direction when 'in' then x."startsAt" - m.starts_at else x."endsAt" - m.ends_at end as moved
        from meetings m
        join jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as x(
          "id" uuid, "startsAt" timestamptz, "endsAt" timestamptz) on m.id = x."id"
        cross join (values ('in'), ('out')) as d(direction)
      ) m
      where w.meeting_id = m.id and w.direction = m.direction and w.follows_meeting and w.closed_at is null
    )
    update meetings set title = x."title", local_start = x."localStart", local_end = x."localEnd",
      starts_at = x."startsAt", ends_at = x."endsAt", break_minutes = x."breakMinutes", breaks = x."breaks",
      kind = x."kind", room = x."room", online_url = x."onlineUrl", online_platform = x."onlinePlatform",
      description = x."description", is_mandatory = x."isMandatory",
      section_ids = array(select jsonb_array_elements_text(x."sectionIds")::uuid), revision = revision + 1
    from jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) as x(
      "id" uuid, "title" text, "localStart" text, "localEnd" text, "startsAt" timestamptz, "endsAt" timestamptz,
      "breakMinutes" int, "breaks" jsonb, "kind" text, "room" text, "onlineUrl" text, "onlinePlatform" text,
      "description" text, "isMandatory" boolean, "sectionIds" jsonb)
    where meetings.id = x."id"`);
}

export async function updateMeetingsState(
  db: Db,
  ids: readonly string[],
  state: Meeting['state'],
): Promise<void> {
  await db
    .update(meetings)
    .set({ state, revision: sql`${meetings.revision} + 1` })
    .where(inArray(meetings.id, [...ids]));
}

/** Ends what check-ins of these meetings are not closed yet. */
export async function closeWindowsOf(
  db: Db,
  meetingIds: readonly string[],
  now: Date,
): Promise<{ id: string; meetingId: string; direction: Direction; closedAt: Date | null }[]> {
  return db
    .update(checkInWindows)
    .set({ closedAt: sql`least(${checkInWindows.closesAt}, ${now.toISOString()}::timestamptz)` })
    .where(and(inArray(checkInWindows.meetingId, [...meetingIds]), isNull(checkInWindows.closedAt)))
    .returning({
      id: checkInWindows.id,
      meetingId: checkInWindows.meetingId,
      direction: checkInWindows.direction,
      closedAt: checkInWindows.closedAt,
    });
}

/** Of these meetings, those that somebody has a record of. */
export async function selectMeetingsWithRecords(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .select({ id: meetings.id })
    .from(meetings)
    .where(
      and(
        inArray(meetings.id, [...ids]),
        sql`exists (select 1 from attendance_records r where r.meeting_id = meetings.id)`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** Of these meetings, those that hold what may not be lost: records, check-ins, excuses, and what stands for a missed one. */
export async function selectMeetingsInUse(db: Db, ids: readonly string[]): Promise<string[]> {
  const rows = await db
    .select({ id: meetings.id })
    .from(meetings)
    .where(
      and(
        inArray(meetings.id, [...ids]),
        sql`(exists (select 1 from attendance_records r where r.meeting_id = meetings.id)
          or exists (select 1 from check_ins c where c.meeting_id = meetings.id)
          or exists (select 1 from excuse_meetings e where e.meeting_id = meetings.id)
          or exists (select 1 from memberships m join attendance_records r on r.membership_id = m.id
            where m.course_id = meetings.course_id and r.replaces_meeting_id = meetings.id))`,
      ),
    );
  return rows.map(({ id }) => id);
}

/** Deletes meetings that are locked and not in use, with the check-ins that were opened for nobody. */
export async function deleteMeetingRows(db: Db, ids: readonly string[]): Promise<void> {
  await db.delete(checkInWindows).where(inArray(checkInWindows.meetingId, [...ids]));
  await db.delete(meetings).where(inArray(meetings.id, [...ids]));
}

/** What the audit kept of meetings when they were deleted, the last deletion of each. */
export async function selectDeletedMeetings(
  db: Db,
  courseId: string,
  ids: readonly string[],
): Promise<unknown[]> {
  const rows = await db
    .selectDistinctOn([auditEvents.subjectId], { before: auditEvents.before })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.courseId, courseId),
        eq(auditEvents.action, 'meeting.deleted'),
        inArray(auditEvents.subjectId, [...ids]),
      ),
    )
    .orderBy(auditEvents.subjectId, desc(auditEvents.at));
  return rows.map(({ before }) => before);
}

export interface SectionChoice {
  id: string;
  name: string;
}

/** The course's sections, for a meeting that is for some of them. */
export async function selectSections(db: Db, courseId: string): Promise<SectionChoice[]> {
  return db
    .select({ id: sections.id, name: sections.name })
    .from(sections)
    .where(eq(sections.courseId, courseId))
    .orderBy(asc(sections.name), asc(sections.id));
}
