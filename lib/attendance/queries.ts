import { and, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { newId, recordSubject } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { listName } from '../db/list-name.ts';
import { pastRevision, tellsOfPast } from '../db/past-revision.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { spanExpectsAt } from '../db/enrolled.ts';
import { flaggedEvidence } from '../db/flagged-evidence.ts';
import { idArray } from '../db/id-array.ts';
import { isOpenWindow, windowEnd } from '../db/open-window.ts';
import { isTakenMeeting } from '../db/taken-meeting.ts';
import {
  attendanceRecords,
  checkIns,
  checkInWindows,
  excuseMeetings,
  excuses,
  meetings,
  memberships,
  recordSpans,
} from '../db/schema.ts';
import type { MeetingKind, RecordSource, TimedBreak } from '../db/schema.ts';
import type { Status } from '../base/statuses.ts';
import type { RecordView, WindowView } from '../live/notices.ts';
import type { EnrolmentSpan, MeetingToCount, PresenceSpan, RecordToCount, Sight } from './rules.ts';

export interface MeetingToTake {
  id: string;
  courseId: string;
  title: string | null;
  number: number;
  localStart: string;
  localEnd: string;
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
  room: string | null;
  breakMinutes: number;
  breaks: TimedBreak[];
  kind: MeetingKind;
  onlineUrl: string | null;
  onlinePlatform: string | null;
  description: string | null;
  isMandatory: boolean;
  sectionIds: string[];
  closedAt: Date | null;
  state: 'planned' | 'cancelled';
  revision: number;
}

const meetingColumns = {
  id: meetings.id,
  courseId: meetings.courseId,
  title: meetings.title,
  number: meetingNumber,
  localStart: meetings.localStart,
  localEnd: meetings.localEnd,
  startsAt: meetings.startsAt,
  endsAt: meetings.endsAt,
  timeZone: meetings.timeZone,
  room: meetings.room,
  breakMinutes: meetings.breakMinutes,
  breaks: meetings.breaks,
  kind: meetings.kind,
  onlineUrl: meetings.onlineUrl,
  onlinePlatform: meetings.onlinePlatform,
  description: meetings.description,
  isMandatory: meetings.isMandatory,
  sectionIds: meetings.sectionIds,
  closedAt: meetings.closedAt,
  state: meetings.state,
  revision: meetings.revision,
};

export async function selectMeetingToTake(
  db: Db,
  key: { courseId: string; meetingId: string },
  now: Date,
): Promise<{ meeting: MeetingToTake; windows: WindowView[] } | undefined> {
  const [row] = await db
    .select({
      meeting: meetingColumns,
      windows: sql<WindowView[]>`coalesce((select jsonb_agg(jsonb_build_object(
          'id', check_in_windows.id, 'direction', direction, 'stepSeconds', step_seconds,
          'openedAt', ${isoText(sql`opened_at`)}, 'opensAt', ${isoText(sql`opens_at`)},
          'closesAt', ${isoText(windowEnd)}) order by direction)
        from check_in_windows where meeting_id = meetings.id and check_in_windows.closed_at is null
        and ${windowEnd} > ${now.toISOString()}), '[]'::jsonb)`,
    })
    .from(meetings)
    .where(and(eq(meetings.id, key.meetingId), eq(meetings.courseId, key.courseId)));
  return row;
}

/** An instant as ISO 8601, as `Date.toISOString` writes it. */
const isoText = (column: SQL) => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A record as the screens show it, as SQL; `r` is the record, `flags` a list as JSON. Null where there is none. */
const recordView = (
  flags: SQL,
) => sql<RecordView | null>`case when r.id is null then null else jsonb_build_object(
  'status', r.status,
  'provenMinutes', r.proven_minutes,
  'isOpen', r.is_open,
  'spans', coalesce((select jsonb_agg(jsonb_build_object('from', ${isoText(sql`s.from_at`)}, 'to', ${isoText(sql`s.to_at`)})
    order by s.from_at) from record_spans s where s.record_id = r.id), '[]'::jsonb),
  'note', r.note,
  'source', r.source,
  'replacesMeetingId', r.replaces_meeting_id,
  'revision', r.revision,
  'flags', ${flags}
) end`;

export interface RegisterMember {
  membershipId: string;
  name: string;
  sections: string[];
  record: RecordView | null;
  /** Enrolled at the meeting's time; others stand in the list because they have a record. */
  isExpected: boolean;
}

/**
 * Joins each member's person by index, member by member: a join that is left to the planner may read everybody of all
 * courses.
 */
const personOf = (member: SQL) =>
  sql`cross join lateral (select * from people where people.id = ${member}.person_id offset 0) people`;

/**
 * Students who were due at the meeting, and whoever has a record of it; test users apart. One statement.
 *
 * @param membershipIds these alone
 */
export async function selectRegisterMembers(
  db: Db,
  meeting: Pick<MeetingToTake, 'id' | 'courseId'>,
  membershipIds?: readonly string[],
): Promise<RegisterMember[]> {
  const answer = await db.execute<{
    membership_id: string;
    name: string;
    sections: string[];
    record: RecordView | null;
    is_expected: boolean;
  }>(sql`
    with flagged as materialized (
      select membership_id, jsonb_agg(distinct flag) as flags
      from (${flaggedEvidence(sql`${meeting.id}::uuid`)}) evidence, unnest(evidence.reasons) flag
      group by membership_id
    )
    select m.id as membership_id, ${listName} as name, coalesce(span.sections, '{}') as sections,
      ${recordView(sql`coalesce(flagged.flags, '[]'::jsonb)`)} as record, coalesce(m.role = 'student' and span.is_expected, false) as is_expected
    from meetings mt
    join memberships m on m.course_id = mt.course_id
    ${personOf(sql`m`)}
    left join lateral (
      select bool_or(${spanExpectsAt({ span: 'ms', meeting: 'mt' })}) as is_expected,
        array_agg(distinct s.name order by s.name) filter (where s.name is not null) as sections
      from membership_spans ms left join sections s on s.id = ms.section_id
      where ms.membership_id = m.id
        and (ms.starts_at is null or ms.starts_at < mt.ends_at)
        and (ms.ends_at is null or ms.ends_at > mt.starts_at)
    ) span on true
    left join attendance_records r on r.membership_id = m.id and r.meeting_id = mt.id
    left join flagged on flagged.membership_id = m.id
    where mt.id = ${meeting.id} and mt.course_id = ${meeting.courseId} and not m.is_test_user
      and ((m.role = 'student' and span.is_expected) or r.id is not null)
      ${membershipIds === undefined ? sql`` : sql`and m.id = any(${idArray(membershipIds)})`}`);
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
  strength: 'share' | 'update' = 'share',
): Promise<LockedMeeting | undefined> {
  const [row] = await db
    .select(lockedColumns)
    .from(meetings)
    .where(and(eq(meetings.id, key.meetingId), eq(meetings.courseId, key.courseId)))
    .for(strength);
  return row;
}

/**
 * Locks meetings of a course: no record is judged in them until the transaction ends. Evidence that only names its
 * meeting (a wrong code) does not wait, so that it cannot hold the course while it does.
 *
 * @param ids these alone; without those that are no meetings of the course
 */
export async function lockMeetingsOfCourse(
  db: Db,
  courseId: string,
  ids?: readonly string[],
): Promise<LockedMeeting[]> {
  return db
    .select(lockedColumns)
    .from(meetings)
    .where(
      and(
        eq(meetings.courseId, courseId),
        ids === undefined ? undefined : sql`${meetings.id} = any(${idArray(ids)})`,
      ),
    )
    .orderBy(meetings.id)
    .for('no key update');
}

const lockedColumns = {
  id: meetings.id,
  courseId: meetings.courseId,
  startsAt: meetings.startsAt,
  endsAt: meetings.endsAt,
  breakMinutes: meetings.breakMinutes,
  breaks: meetings.breaks,
  state: meetings.state,
  closedAt: meetings.closedAt,
};

export type LockedMeeting = Pick<MeetingToTake, keyof typeof lockedColumns>;

export type RecordRow = typeof attendanceRecords.$inferSelect;

/** Records of a meeting, locked in one order until the transaction ends. */
export async function lockRecords(
  db: Db,
  meetingId: string,
  membershipIds: readonly string[],
): Promise<RecordRow[]> {
  return db
    .select()
    .from(attendanceRecords)
    .where(
      and(
        eq(attendanceRecords.meetingId, meetingId),
        sql`${attendanceRecords.membershipId} = any(${idArray(membershipIds)})`,
      ),
    )
    .orderBy(attendanceRecords.membershipId)
    .for('update');
}

/**
 * The last revisions of records that were taken back, by `recordSubject`. A new record goes on from there, so that who
 * saw the old one is not taken for somebody who saw the new one.
 */
export async function selectPastRevisions(
  db: Db,
  gone: readonly { meetingId: string; membershipId: string }[],
): Promise<Map<string, number>> {
  if (gone.length === 0) return new Map();
  const subjects = gone.map(({ meetingId, membershipId }) => recordSubject(meetingId, membershipId));
  const answer = await db.execute<{ subject_id: string; revision: number }>(sql`
    select subject_id, ${pastRevision} as revision from audit_events
    where subject_id = any(${idArray(subjects)}) and ${tellsOfPast} group by subject_id`);
  return new Map(answer.rows.map(({ subject_id: subject, revision }) => [subject, revision]));
}

/** Evidence that counts: an attempt that was refused, or that somebody has set aside, is no sight of anybody. */
const isSight = sql`${checkIns.outcome} not in ('wrong-code', 'ticket-used')
  and not exists (select 1 from check_in_reviews review
    where review.check_in_id = ${checkIns.id} and review.decision = 'set-aside')`;

/** Places in registers: of meetings and members, there is one of either. */
interface RecordPlaces {
  meetingIds: readonly string[];
  membershipIds: readonly string[];
}

/**
 * What evidence shows at these places, by `recordSubject`, in the order of the scans: without attempts that were refused,
 * and without what somebody has set aside.
 */
export async function selectSights(
  db: Db,
  { meetingIds, membershipIds }: RecordPlaces,
): Promise<Map<string, Sight[]>> {
  if (meetingIds.length === 0 || membershipIds.length === 0) return new Map();
  const rows = await db
    .select({
      meetingId: checkIns.meetingId,
      membershipId: checkIns.membershipId,
      at: checkIns.scannedAt,
      direction: checkIns.direction,
    })
    .from(checkIns)
    .where(
      and(
        sql`${checkIns.meetingId} = any(${idArray(meetingIds)})`,
        sql`${checkIns.membershipId} = any(${idArray(membershipIds)})`,
        isSight,
      ),
    )
    .orderBy(checkIns.scannedAt);
  return Map.groupBy(rows, ({ meetingId, membershipId }) => recordSubject(meetingId ?? '', membershipId));
}

/**
 * At which of these places an accepted excuse stands, as `recordSubject`.
 *
 * @param exceptFor an excuse that is not asked for
 */
export async function selectExcused(
  db: Db,
  { meetingIds, membershipIds }: RecordPlaces,
  exceptFor?: string,
): Promise<Set<string>> {
  if (meetingIds.length === 0 || membershipIds.length === 0) return new Set();
  const rows = await db
    .select({ meetingId: excuseMeetings.meetingId, membershipId: excuses.membershipId })
    .from(excuseMeetings)
    .innerJoin(excuses, eq(excuses.id, excuseMeetings.excuseId))
    .where(
      and(
        sql`${excuseMeetings.meetingId} = any(${idArray(meetingIds)})`,
        sql`${excuses.membershipId} = any(${idArray(membershipIds)})`,
        eq(excuseMeetings.decision, 'accepted'),
        exceptFor === undefined ? undefined : ne(excuses.id, exceptFor),
      ),
    );
  return new Set(rows.map(({ meetingId, membershipId }) => recordSubject(meetingId, membershipId)));
}

export interface RecordAtMeeting {
  meetingId: string;
  id: string;
  record: RecordView;
}

/** A member's records of these meetings, locked in the order of the meetings until the transaction ends. */
export async function lockRecordsOfMember(
  db: Db,
  membershipId: string,
  meetingIds: readonly string[],
): Promise<RecordAtMeeting[]> {
  const answer = await db.execute<{ meeting_id: string; id: string; record: RecordView }>(sql`
    select r.meeting_id, r.id, ${recordView(sql`'[]'::jsonb`)} as record from attendance_records r
    where r.membership_id = ${membershipId} and r.meeting_id = any(${idArray(meetingIds)})
    order by r.meeting_id for update of r`);
  return answer.rows.map(({ meeting_id: meetingId, ...row }) => ({ meetingId, ...row }));
}

export interface RecordToWrite {
  id: string;
  meetingId: string;
  membershipId: string;
  status: Status;
  provenMinutes: number;
  isOpen: boolean;
  source: RecordSource;
  note: string | null;
  replacesMeetingId: string | null;
  /** What it becomes; one less is what stands there, 0: nothing. */
  revision: number;
}

/**
 * Writes records in one statement, each where its revision is still the one before.
 *
 * @returns the ids of those that were written; the others were changed by somebody else in the same moment
 */
export async function writeRecords(
  db: Db,
  records: readonly RecordToWrite[],
  updatedAt: Date,
): Promise<Set<string>> {
  if (records.length === 0) return new Set();
  const answer = await db.execute<{ id: string }>(sql`
    insert into attendance_records as kept (id, meeting_id, membership_id, status, proven_minutes, is_open, source,
      note, replaces_meeting_id, revision, updated_at)
    select id, "meetingId", "membershipId", status, "provenMinutes", "isOpen", source, note, "replacesMeetingId",
      revision, ${updatedAt.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as given (id uuid, "meetingId" uuid,
      "membershipId" uuid, status text, "provenMinutes" int, "isOpen" boolean, source text, note text,
      "replacesMeetingId" uuid, revision int)
    order by "membershipId"
    on conflict on constraint attendance_records_meeting_member do update set
      status = excluded.status, proven_minutes = excluded.proven_minutes, is_open = excluded.is_open,
      source = excluded.source, note = excluded.note, replaces_meeting_id = excluded.replaces_meeting_id,
      revision = excluded.revision, updated_at = excluded.updated_at
    where kept.id = excluded.id and kept.revision = excluded.revision - 1
    returning id`);
  return new Set(answer.rows.map((row) => row.id));
}

export async function deleteRecords(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.delete(attendanceRecords).where(sql`${attendanceRecords.id} = any(${idArray(ids)})`);
}

/**
 * Puts the presence of records in place of what stood there. The first span bears the record's id, as the one that a
 * check-in opens does: a later check-in finds it and makes no second one.
 */
export async function replaceSpans(
  db: Db,
  records: readonly { id: string; spans: readonly PresenceSpan[] }[],
): Promise<void> {
  if (records.length === 0) return;
  await db
    .delete(recordSpans)
    .where(sql`${recordSpans.recordId} = any(${idArray(records.map(({ id }) => id))})`);
  const rows = records.flatMap(({ id, spans }) =>
    spans.map(({ from, to }, index) => ({
      id: index === 0 ? id : newId(),
      record_id: id,
      from_at: from,
      to_at: to,
    })),
  );
  if (rows.length === 0) return;
  await db.execute(sql`
    insert into record_spans (id, record_id, from_at, to_at)
    select id, record_id, from_at, to_at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as given (id uuid, record_id uuid, from_at timestamptz, to_at timestamptz)`);
}

export interface RecordToRejudge extends Pick<
  RecordRow,
  'id' | 'meetingId' | 'status' | 'provenMinutes' | 'isOpen' | 'source'
> {
  membershipId: string;
  spans: PresenceSpan[];
}

/** The records of meetings with their presence, locked in one order until the transaction ends. */
export async function lockRecordsToRejudge(
  db: Db,
  meetingIds: readonly string[],
): Promise<RecordToRejudge[]> {
  return selectRejudged(
    db,
    sql`where r.meeting_id = any(${idArray(meetingIds)}) order by r.meeting_id, r.membership_id for update of r`,
  );
}

/** The records of a course with their presence. */
export async function selectRecordsToRejudge(db: Db, courseId: string): Promise<RecordToRejudge[]> {
  return selectRejudged(
    db,
    sql`join meetings on meetings.id = r.meeting_id where meetings.course_id = ${courseId}`,
  );
}

async function selectRejudged(db: Db, which: SQL): Promise<RecordToRejudge[]> {
  const answer = await db.execute<{
    [Key in keyof RecordToRejudge]: Key extends 'spans'
      ? { from: string; to: string | null }[]
      : RecordToRejudge[Key];
  }>(sql`
    select r.id, r.meeting_id as "meetingId", r.membership_id as "membershipId", r.status,
      r.proven_minutes as "provenMinutes", r.is_open as "isOpen", r.source,
      coalesce((select jsonb_agg(jsonb_build_object('from', s.from_at, 'to', s.to_at) order by s.from_at)
        from record_spans s where s.record_id = r.id), '[]'::jsonb) as spans
    from attendance_records r ${which}`);
  return answer.rows.map((row) => ({
    ...row,
    spans: row.spans.map(({ from, to }) => ({ from: new Date(from), to: to === null ? null : new Date(to) })),
  }));
}

export interface ReplaceableMeeting extends Pick<
  MeetingToTake,
  'id' | 'title' | 'number' | 'localStart' | 'timeZone' | 'startsAt' | 'endsAt'
> {
  membershipId: string;
}

/**
 * The meetings that attendance at another one could stand for: held in the same course, due for the member, missed by
 * them, and not replaced by a third.
 */
export async function selectReplaceableMeetings(
  db: Db,
  key: { courseId: string; meetingId: string; membershipIds: readonly string[] },
): Promise<ReplaceableMeeting[]> {
  return db
    .select({
      membershipId: memberships.id,
      id: meetings.id,
      title: meetings.title,
      number: meetingNumber,
      localStart: meetings.localStart,
      timeZone: meetings.timeZone,
      startsAt: meetings.startsAt,
      endsAt: meetings.endsAt,
    })
    .from(meetings)
    .innerJoin(memberships, eq(memberships.courseId, meetings.courseId))
    .leftJoin(
      attendanceRecords,
      and(eq(attendanceRecords.meetingId, meetings.id), eq(attendanceRecords.membershipId, memberships.id)),
    )
    .where(
      and(
        eq(meetings.courseId, key.courseId),
        ne(meetings.id, key.meetingId),
        eq(meetings.state, 'planned'),
        eq(meetings.isMandatory, true),
        sql`${memberships.id} = any(${idArray(key.membershipIds)})`,
        sql`(${attendanceRecords.id} is null or ${attendanceRecords.status} in ('absent', 'excused'))`,
        sql`exists (select 1 from membership_spans ms where ms.membership_id = ${memberships.id}
          and ${spanExpectsAt({ span: 'ms', meeting: 'meetings' })})`,
        sql`not exists (select 1 from attendance_records other where other.membership_id = ${memberships.id}
          and other.replaces_meeting_id = ${meetings.id} and other.meeting_id <> ${key.meetingId})`,
      ),
    )
    .orderBy(meetings.startsAt, meetings.id);
}

/** Enters what records amount to after they were judged anew, in one statement. Locked by `lockRecordsToRejudge`. */
export async function updateJudged(
  db: Db,
  judged: readonly { id: string; status: Status; provenMinutes: number; isOpen: boolean }[],
  updatedAt: Date,
): Promise<void> {
  if (judged.length === 0) return;
  await db.execute(sql`
    update attendance_records r set status = given.status, proven_minutes = given."provenMinutes",
      is_open = given."isOpen", revision = r.revision + 1, updated_at = ${updatedAt.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(judged)}::jsonb)
      as given (id uuid, status text, "provenMinutes" int, "isOpen" boolean)
    where r.id = given.id`);
}

/** Declares a register to be complete, or open again. @returns false when it was so already */
export async function updateMeetingClosed(
  db: Db,
  meetingId: string,
  closedAt: Date | null,
): Promise<boolean> {
  const rows = await db
    .update(meetings)
    .set({ closedAt })
    .where(
      and(
        eq(meetings.id, meetingId),
        closedAt === null ? isNotNull(meetings.closedAt) : isNull(meetings.closedAt),
      ),
    )
    .returning({ id: meetings.id });
  return rows.length === 1;
}

/** A course's meetings as its figures count them. */
export async function selectMeetingsToCount(
  db: Db,
  courseId: string,
): Promise<(MeetingToTake & MeetingToCount)[]> {
  return db
    .select({
      ...meetingColumns,
      isTaken: isTakenMeeting,
    })
    .from(meetings)
    .where(eq(meetings.courseId, courseId))
    .orderBy(meetings.startsAt, meetings.id);
}

export interface MemberToCount {
  membershipId: string;
  name: string;
  spans: EnrolmentSpan[];
  records: RecordToCount[];
}

/**
 * Students of a course with what their figures come from; test users apart. One statement.
 *
 * @param membershipId this one alone
 */
export async function selectMembersToCount(
  db: Db,
  courseId: string,
  membershipId?: string,
): Promise<MemberToCount[]> {
  const answer = await db.execute<{
    membership_id: string;
    name: string;
    spans: { sectionId: string | null; startsAt: string | null; endsAt: string | null }[];
    records: RecordToCount[];
  }>(sql`
    select m.id as membership_id, ${listName} as name,
      coalesce((select jsonb_agg(jsonb_build_object('sectionId', ms.section_id, 'startsAt', ms.starts_at,
        'endsAt', ms.ends_at)) from membership_spans ms where ms.membership_id = m.id), '[]'::jsonb) as spans,
      coalesce((select jsonb_agg(jsonb_build_object('meetingId', r.meeting_id, 'status', r.status, 'provenMinutes',
        r.proven_minutes, 'isOpen', r.is_open, 'replacesMeetingId', r.replaces_meeting_id))
        from attendance_records r where r.membership_id = m.id), '[]'::jsonb) as records
    from memberships m ${personOf(sql`m`)}
    where m.course_id = ${courseId} and m.role = 'student' and not m.is_test_user
      ${membershipId === undefined ? sql`` : sql`and m.id = ${membershipId}`}`);
  const instant = (text: string | null) => (text === null ? null : new Date(text));
  return answer.rows.map(({ membership_id, name, spans, records }) => ({
    membershipId: membership_id,
    name,
    spans: spans.map(({ sectionId, startsAt, endsAt }) => ({
      sectionId,
      startsAt: instant(startsAt),
      endsAt: instant(endsAt),
    })),
    records,
  }));
}

export interface OwnMeeting extends MeetingToTake {
  isTaken: boolean;
  record: RecordView | null;
  /** They checked in or out themselves, and somebody has decided that it does not count. */
  isSetAside: boolean;
}

/**
 * A student's meetings: those held while they were enrolled, those to come, and whatever they have a record of. What
 * there is to look at in their records (`flags`) is their teachers' business, and is left out.
 */
export async function selectOwnMeetings(
  db: Db,
  key: { courseId: string; membershipId: string },
): Promise<OwnMeeting[]> {
  const rows = await db
    .select({
      ...{ ...meetingColumns, isTaken: isTakenMeeting, record: recordView(sql`'[]'::jsonb`) },
      // What a helper has entered and taken back is not the student's doing.
      isSetAside: sql<boolean>`${meetings.id} in (select c.meeting_id from check_ins c
        join check_in_reviews review on review.check_in_id = c.id and review.decision = 'set-aside'
        where c.membership_id = ${key.membershipId} and c.meeting_id is not null and c.via <> 'helper'
          and c.outcome not in ('wrong-code', 'ticket-used'))`,
    })
    .from(meetings)
    .leftJoin(
      sql`attendance_records r`,
      sql`r.meeting_id = ${meetings.id} and r.membership_id = ${key.membershipId}`,
    )
    .where(
      and(
        eq(meetings.courseId, key.courseId),
        sql`(r.id is not null or exists (select 1 from membership_spans ms where ms.membership_id = ${key.membershipId}
          and ${spanExpectsAt({ span: 'ms', meeting: 'meetings' })}))`,
      ),
    )
    .orderBy(meetings.startsAt, meetings.id);
  return rows;
}

/** Whether a check-in, or a check-out, of the course is open now for this member: some have more time. */
export async function selectHasOpenWindow(db: Db, membershipId: string, now: Date): Promise<boolean> {
  const [row] = await db
    .select({ id: meetings.id })
    .from(memberships)
    .innerJoin(meetings, eq(meetings.courseId, memberships.courseId))
    .innerJoin(checkInWindows, isOpenWindow(now, memberships.extraMinutes))
    .where(eq(memberships.id, membershipId))
    .limit(1);
  return row !== undefined;
}
