import { and, eq, sql } from 'drizzle-orm';
import { newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { listName } from '../db/list-name.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { isOpenWindow } from '../db/open-window.ts';
import { attendanceRecords, checkInWindows, meetings, recordSpans } from '../db/schema.ts';
import type { Status } from '../base/statuses.ts';
import type { RecordView } from '../live/notices.ts';

export interface MeetingToTake {
  id: string;
  courseId: string;
  title: string | null;
  number: number;
  localStart: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  room: string | null;
  breakMinutes: number;
  state: 'planned' | 'cancelled';
  revision: number;
}

const meetingColumns = {
  id: meetings.id,
  courseId: meetings.courseId,
  title: meetings.title,
  number: meetingNumber,
  localStart: meetings.localStart,
  startsAt: meetings.startsAt,
  endsAt: meetings.endsAt,
  timeZone: meetings.timeZone,
  room: meetings.room,
  breakMinutes: meetings.breakMinutes,
  state: meetings.state,
  revision: meetings.revision,
};

export interface OpenWindow {
  id: string;
  openedAt: Date;
  closesAt: Date;
}

export async function selectMeetingToTake(
  db: Db,
  key: { courseId: string; meetingId: string },
  now: Date,
): Promise<{ meeting: MeetingToTake; window: OpenWindow | null } | undefined> {
  const [row] = await db
    .select({
      meeting: meetingColumns,
      window: {
        id: checkInWindows.id,
        openedAt: checkInWindows.openedAt,
        closesAt: checkInWindows.closesAt,
      },
    })
    .from(meetings)
    .leftJoin(checkInWindows, isOpenWindow(now))
    .where(and(eq(meetings.id, key.meetingId), eq(meetings.courseId, key.courseId)));
  return row;
}

/** A record as the screens show it, as SQL; `r` is the record. Null where there is none. */
const recordView = sql<RecordView | null>`case when r.id is null then null else jsonb_build_object(
  'status', r.status,
  'provenMinutes', r.proven_minutes,
  'from', (select to_char(min(s.from_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from record_spans s where s.record_id = r.id),
  'to', (select to_char(max(s.to_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from record_spans s where s.record_id = r.id),
  'note', r.note,
  'source', r.source,
  'revision', r.revision,
  'flags', coalesce((select jsonb_agg(distinct flag) from check_ins c, unnest(c.flags) flag
    where c.meeting_id = r.meeting_id and c.membership_id = r.membership_id), '[]'::jsonb)
) end`;

export interface RegisterMember {
  membershipId: string;
  name: string;
  sections: string[];
  record: RecordView | null;
  /** Enrolled at the meeting's time; others stand in the list because they have a record. */
  isExpected: boolean;
}

/** Students who were enrolled at the meeting, and whoever has a record of it; test users apart. One statement. */
export async function selectRegisterMembers(
  db: Db,
  meeting: Pick<MeetingToTake, 'id' | 'courseId' | 'startsAt' | 'endsAt'>,
  membershipId?: string,
): Promise<RegisterMember[]> {
  const answer = await db.execute<{
    membership_id: string;
    name: string;
    sections: string[];
    record: RecordView | null;
    is_expected: boolean;
  }>(sql`
    select m.id as membership_id, ${listName} as name, coalesce(span.sections, '{}') as sections,
      ${recordView} as record, span.membership_id is not null as is_expected
    from memberships m
    join people on people.id = m.person_id
    left join lateral (
      select ms.membership_id, array_agg(distinct s.name order by s.name) filter (where s.name is not null) as sections
      from membership_spans ms left join sections s on s.id = ms.section_id
      where ms.membership_id = m.id
        and (ms.starts_at is null or ms.starts_at < ${meeting.endsAt.toISOString()}::timestamptz)
        and (ms.ends_at is null or ms.ends_at > ${meeting.startsAt.toISOString()}::timestamptz)
      group by ms.membership_id
    ) span on true
    left join attendance_records r on r.membership_id = m.id and r.meeting_id = ${meeting.id}
    where m.course_id = ${meeting.courseId} and not m.is_test_user
      and ((m.role = 'student' and span.membership_id is not null) or r.id is not null)
      ${membershipId === undefined ? sql`` : sql`and m.id = ${membershipId}`}`);
  return answer.rows.map((row) => ({
    membershipId: row.membership_id,
    name: row.name,
    sections: row.sections,
    record: row.record,
    isExpected: row.is_expected,
  }));
}

/** Locks the meeting's times for this transaction, so that a record fits the meeting it is made for. */
export async function lockMeetingToTake(
  db: Db,
  key: { courseId: string; meetingId: string },
): Promise<Pick<MeetingToTake, 'id' | 'courseId' | 'startsAt' | 'endsAt' | 'breakMinutes'> | undefined> {
  const [row] = await db
    .select({
      id: meetings.id,
      courseId: meetings.courseId,
      startsAt: meetings.startsAt,
      endsAt: meetings.endsAt,
      breakMinutes: meetings.breakMinutes,
    })
    .from(meetings)
    .where(and(eq(meetings.id, key.meetingId), eq(meetings.courseId, key.courseId)))
    .for('share');
  return row;
}

/**
 * The earliest arrival that a member's evidence shows, or null. Its columns are named in full: in a select of one
 * table Drizzle leaves the table out, and inside the subquery the names would mean the check-in itself.
 */
const arrivedAt = sql<string | null>`(select min(c.scanned_at) from check_ins c
  where c.meeting_id = attendance_records.meeting_id and c.membership_id = attendance_records.membership_id
  and c.outcome <> 'wrong-code')`;

const instantOrNull = (text: string | null) => (text === null ? null : new Date(text));

export type RecordRow = typeof attendanceRecords.$inferSelect;

/** A member's record, locked until the transaction ends, with the arrival that the evidence shows. */
export async function selectRecordForUpdate(
  db: Db,
  key: { meetingId: string; membershipId: string },
): Promise<{ record: RecordRow; arrivedAt: Date | null } | undefined> {
  const [row] = await db
    .select({ record: attendanceRecords, arrivedAt })
    .from(attendanceRecords)
    .where(
      and(
        eq(attendanceRecords.meetingId, key.meetingId),
        eq(attendanceRecords.membershipId, key.membershipId),
      ),
    )
    .for('update');
  return row === undefined ? undefined : { record: row.record, arrivedAt: instantOrNull(row.arrivedAt) };
}

export interface RecordToWrite {
  id: string;
  meetingId: string;
  membershipId: string;
  status: Status;
  provenMinutes: number;
  source: 'check-in' | 'teacher';
  note: string | null;
  revision: number;
  updatedAt: Date;
}

/** @returns false when somebody else made the member's first record in the same moment */
export async function insertRecord(db: Db, record: RecordToWrite): Promise<boolean> {
  const rows = await db
    .insert(attendanceRecords)
    .values(record)
    .onConflictDoNothing()
    .returning({ id: attendanceRecords.id });
  return rows.length === 1;
}

export async function updateRecord(
  db: Db,
  id: string,
  change: Partial<Omit<RecordToWrite, 'id'>>,
): Promise<void> {
  await db.update(attendanceRecords).set(change).where(eq(attendanceRecords.id, id));
}

export async function deleteRecord(db: Db, id: string): Promise<void> {
  await db.delete(attendanceRecords).where(eq(attendanceRecords.id, id));
}

/**
 * Puts the presence of a record in place of what stood there. The first span bears the record's id, as the one
 * that a check-in opens does: a later check-in finds it and makes no second one.
 */
export async function replaceSpans(
  db: Db,
  recordId: string,
  spans: readonly { from: Date; to: Date | null }[],
): Promise<void> {
  await db.delete(recordSpans).where(eq(recordSpans.recordId, recordId));
  if (spans.length === 0) return;
  await db.insert(recordSpans).values(
    spans.map((span, index) => ({
      id: index === 0 ? recordId : newId(),
      recordId,
      fromAt: span.from,
      toAt: span.to,
    })),
  );
}

/** The records that rest on check-ins, with the arrival behind each. */
export async function selectCheckInRecords(
  db: Db,
  meetingId: string,
): Promise<{ record: RecordRow; arrivedAt: Date | null }[]> {
  const rows = await db
    .select({ record: attendanceRecords, arrivedAt })
    .from(attendanceRecords)
    .where(and(eq(attendanceRecords.meetingId, meetingId), eq(attendanceRecords.source, 'check-in')))
    .for('update');
  return rows.map((row) => ({ record: row.record, arrivedAt: instantOrNull(row.arrivedAt) }));
}

export interface OwnMeeting extends MeetingToTake {
  record: RecordView | null;
}

/** A student's meetings: those held while they were enrolled, those to come, and whatever they have a record of. */
export async function selectOwnMeetings(
  db: Db,
  key: { courseId: string; membershipId: string },
): Promise<OwnMeeting[]> {
  const rows = await db
    .select({ ...meetingColumns, record: recordView })
    .from(meetings)
    .leftJoin(
      sql`attendance_records r`,
      sql`r.meeting_id = ${meetings.id} and r.membership_id = ${key.membershipId}`,
    )
    .where(
      and(
        eq(meetings.courseId, key.courseId),
        sql`(r.id is not null or exists (select 1 from membership_spans ms where ms.membership_id = ${key.membershipId}
          and (ms.starts_at is null or ms.starts_at < ${meetings.endsAt})
          and (ms.ends_at is null or ms.ends_at > ${meetings.startsAt})))`,
      ),
    )
    .orderBy(meetings.startsAt, meetings.id);
  return rows;
}

/** Whether a check-in is open in the course now. */
export async function selectHasOpenWindow(db: Db, courseId: string, now: Date): Promise<boolean> {
  const [row] = await db
    .select({ id: meetings.id })
    .from(meetings)
    .innerJoin(checkInWindows, isOpenWindow(now))
    .where(eq(meetings.courseId, courseId))
    .limit(1);
  return row !== undefined;
}
