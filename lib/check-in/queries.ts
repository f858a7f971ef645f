import { and, desc, eq, gt, isNull, ne, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import { newId } from '../base/ids.ts';
import { resolvePolicy } from '../base/course-policy.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { AuditEvent } from '../audit/queries.ts';
import type { Db } from '../db/client.ts';
import { isEnrolledAt } from '../db/enrolled.ts';
import { listName } from '../db/list-name.ts';
import { livingPersonId } from '../db/living-person.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { pastRevision, tellsOfPast } from '../db/past-revision.ts';
import {
  attendanceRecords,
  auditEvents,
  checkIns,
  checkInWindows,
  courses,
  deployments,
  devices,
  meetings,
  memberships,
  people,
  platforms,
  recordSpans,
} from '../db/schema.ts';
import type { CheckInOutcome, TimedBreak } from '../db/schema.ts';
import type { CheckInWindow } from '../check-in-windows/queries.ts';
import { liveChannel } from '../live/queries.ts';
import type { Attendance } from '../attendance/rules.ts';
import type { Via } from './rules.ts';

const meetingColumns = {
  id: meetings.id,
  courseId: meetings.courseId,
  title: meetings.title,
  number: meetingNumber,
  localStart: meetings.localStart,
  timeZone: meetings.timeZone,
  startsAt: meetings.startsAt,
  endsAt: meetings.endsAt,
  breakMinutes: meetings.breakMinutes,
  breaks: meetings.breaks,
  state: meetings.state,
  revision: meetings.revision,
};

/** What the phone says of a meeting, and what decides about it. */
export interface MeetingOfWindow {
  id: string;
  courseId: string;
  title: string | null;
  number: number;
  localStart: string;
  timeZone: string;
  startsAt: Date;
  endsAt: Date;
  breakMinutes: number;
  breaks: TimedBreak[];
  state: 'planned' | 'cancelled';
  revision: number;
}

/** Who asks: by a launch, or by a phone that is remembered on the window's platform. */
export interface Asking {
  personId: string | undefined;
  deviceHash: string | undefined;
}

export type WindowKey = { windowId: string } | { locator: string };

export interface ScanTarget {
  window: CheckInWindow;
  meeting: MeetingOfWindow;
  courseTitle: string;
  policy: CoursePolicy;
  platform: { issuer: string; webHost: string | null; canvasCourseId: string | null; deploymentId: string };
  member:
    | {
        id: string;
        personId: string;
        role: (typeof memberships.$inferSelect)['role'];
        isTestUser: boolean;
        isEnrolled: boolean;
        personName: string | null;
        /** As lists show it: family name first. */
        listName: string;
      }
    | undefined;
  device: { id: string; personId: string } | undefined;
}

const platformColumns = {
  issuer: platforms.issuer,
  webHost: deployments.webHost,
  canvasCourseId: courses.canvasCourseId,
  deploymentId: deployments.deploymentId,
};

function isOfWindow(key: WindowKey): SQL | undefined {
  return 'windowId' in key ? eq(checkInWindows.id, key.windowId) : eq(checkInWindows.locator, key.locator);
}

const targetColumns = (now: Date) => ({
  window: checkInWindows,
  meeting: meetingColumns,
  courseTitle: courses.title,
  policies: { course: courses.policy, institution: deployments.policy },
  platform: platformColumns,
  membershipId: memberships.id,
  personId: memberships.personId,
  role: memberships.role,
  isTestUser: memberships.isTestUser,
  isEnrolled: isEnrolledAt(memberships.id, now),
  personName: people.name,
  listName,
  deviceId: devices.id,
  devicePersonId: devices.personId,
});

/** The device of this browser, if it is remembered on the window's platform and not revoked or expired. */
function isDevice(deviceHash: string | undefined, now: Date): SQL | undefined {
  return deviceHash === undefined
    ? sql`false`
    : and(
        eq(devices.keyHash, deviceHash),
        eq(devices.platformId, deployments.platformId),
        isNull(devices.revokedAt),
        gt(devices.expiresAt, now),
      );
}

function isAskingMember(asking: Asking): SQL | undefined {
  return and(
    eq(memberships.courseId, courses.id),
    asking.personId === undefined
      ? eq(memberships.personId, devices.personId)
      : eq(memberships.personId, livingPersonId(asking.personId)),
  );
}

/**
 * The newest open window of a locator, else the newest closed one: a locator belongs to one open window, and
 * may come again after that.
 */
const newestWindowFirst = [
  sql`${checkInWindows.closedAt} is not null`,
  desc(checkInWindows.openedAt),
] as const;

interface TargetRow extends Omit<ScanTarget, 'member' | 'device' | 'policy'> {
  policies: { course: Partial<CoursePolicy>; institution: Partial<CoursePolicy> };
  membershipId: string | null;
  personId: string | null;
  role: (typeof memberships.$inferSelect)['role'] | null;
  isTestUser: boolean | null;
  isEnrolled: boolean;
  personName: string | null;
  listName: string;
  deviceId: string | null;
  devicePersonId: string | null;
}

function targetOf(row: TargetRow): ScanTarget {
  const { window, meeting, courseTitle, platform } = row;
  return {
    window,
    meeting,
    courseTitle,
    policy: resolvePolicy(row.policies.institution, row.policies.course),
    platform,
    member:
      row.membershipId === null || row.personId === null || row.role === null
        ? undefined
        : {
            id: row.membershipId,
            personId: row.personId,
            role: row.role,
            isTestUser: row.isTestUser ?? false,
            isEnrolled: row.isEnrolled,
            personName: row.personName,
            listName: row.listName,
          },
    device:
      row.deviceId === null || row.devicePersonId === null
        ? undefined
        : { id: row.deviceId, personId: row.devicePersonId },
  };
}

/** What a scanned code leads to, and whose phone this is. */
export async function selectScanTarget(
  db: Db,
  key: WindowKey,
  asking: Asking,
  now: Date,
): Promise<ScanTarget | undefined> {
  const [row] = await db
    .select(targetColumns(now))
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(devices, isDevice(asking.deviceHash, now))
    .leftJoin(memberships, isAskingMember(asking))
    .leftJoin(people, eq(people.id, memberships.personId))
    .where(isOfWindow(key))
    .orderBy(...newestWindowFirst)
    .limit(1);
  return row === undefined ? undefined : targetOf(row);
}

/** The first time at which a member was seen at a meeting. A wrong code is no arrival, nor what a teacher overruled. */
function firstArrival(meetingId: AnyPgColumn, membershipId: AnyPgColumn): SQL<Date | null> {
  return sql`(select min(evidence.scanned_at) from ${checkIns} evidence
    where evidence.meeting_id = ${meetingId} and evidence.membership_id = ${membershipId}
    and evidence.outcome <> 'wrong-code')`.mapWith(checkIns.scannedAt);
}

export interface CheckInSnapshot extends ScanTarget {
  record:
    | Pick<typeof attendanceRecords.$inferSelect, 'source' | 'status' | 'provenMinutes' | 'revision' | 'note'>
    | undefined;
  /** The arrival that counts so far. */
  arrivedAt: Date | undefined;
  earlier: { id: string; membershipId: string; scannedAt: Date } | undefined;
  wrongGuesses: number;
}

/** Everything that decides about a check-in, in one read. */
export async function selectCheckInSnapshot(
  db: Db,
  key: WindowKey,
  asking: Asking,
  attempt: { ticketId: string; now: Date; guessesSince: Date },
): Promise<CheckInSnapshot | undefined> {
  const [row] = await db
    .select({
      ...targetColumns(attempt.now),
      record: {
        source: attendanceRecords.source,
        status: attendanceRecords.status,
        provenMinutes: attendanceRecords.provenMinutes,
        revision: attendanceRecords.revision,
        note: attendanceRecords.note,
      },
      earlierId: checkIns.id,
      earlierMembershipId: checkIns.membershipId,
      earlierScannedAt: checkIns.scannedAt,
      arrivedAt: firstArrival(meetings.id, memberships.id),
      wrongGuesses: sql<number>`(select count(*)::int from ${checkIns} guess
        where guess.membership_id = ${memberships.id} and guess.outcome = 'wrong-code'
        and guess.confirmed_at > ${attempt.guessesSince})`,
    })
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(devices, isDevice(asking.deviceHash, attempt.now))
    .leftJoin(memberships, isAskingMember(asking))
    .leftJoin(people, eq(people.id, memberships.personId))
    .leftJoin(
      attendanceRecords,
      and(eq(attendanceRecords.meetingId, meetings.id), eq(attendanceRecords.membershipId, memberships.id)),
    )
    .leftJoin(checkIns, eq(checkIns.ticketId, attempt.ticketId))
    .where(isOfWindow(key))
    .orderBy(...newestWindowFirst)
    .limit(1);
  if (row === undefined) return undefined;
  return {
    ...targetOf(row),
    record: row.record ?? undefined,
    arrivedAt: row.arrivedAt ?? undefined,
    earlier:
      row.earlierId === null || row.earlierMembershipId === null || row.earlierScannedAt === null
        ? undefined
        : { id: row.earlierId, membershipId: row.earlierMembershipId, scannedAt: row.earlierScannedAt },
    wrongGuesses: row.wrongGuesses,
  };
}

export interface NewEvidence {
  id: string;
  ticketId: string | null;
  courseId: string;
  meetingId: string | null;
  windowId: string | null;
  membershipId: string;
  outcome: CheckInOutcome;
  via: Via;
  scannedAt: Date;
  confirmedAt: Date;
  codeAgeMs: number | null;
  deviceId: string | null;
  networkHash: string | null;
  flags: string[];
}

/** @returns false when this ticket was confirmed before */
export async function insertEvidence(db: Db, evidence: NewEvidence): Promise<boolean> {
  const rows = await db
    .insert(checkIns)
    .values(evidence)
    .onConflictDoNothing({ target: checkIns.ticketId })
    .returning({ id: checkIns.id });
  return rows.length === 1;
}

export interface NewRecord {
  attendance: Attendance;
  from: Date;
  actorPersonId: string;
  /** The meeting as it was judged. */
  meetingRevision: number;
  /** What the audit says of it. */
  audit: AuditEvent;
  /** The live notice, as text; the record's revision is filled in here, where it is known. */
  notice: string;
}

/** Nothing is SQL's null, not JSON's. */
const jsonText = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));

/**
 * One statement, so that all of it is kept or nothing: the evidence, and with it the record, its presence, the
 * audit row and the live notice. The ticket's id makes it happen once. A teacher's record is left alone, and of
 * two check-ins the one that proves more stays: decided by PostgreSQL on the row as it is at that moment. The
 * meeting must still be the one that was judged, and stays so until this commits.
 *
 * @returns whether the evidence was new, and whether the record was written; neither, when the ticket was used
 *   before or the meeting has changed
 */
export async function insertCheckIn(
  db: Db,
  evidence: NewEvidence & { meetingId: string },
  record: NewRecord,
): Promise<{ isNew: boolean; recorded: boolean }> {
  const { attendance, from } = record;
  const answer = await db.execute<{ is_new: boolean; recorded: boolean }>(sql`
    with meeting as (
      select id from ${meetings} where id = ${evidence.meetingId} and revision = ${record.meetingRevision} for share
    ),
    evidence as (
      insert into ${checkIns} (id, ticket_id, course_id, meeting_id, window_id, membership_id, outcome, via,
        scanned_at, confirmed_at, code_age_ms, device_id, network_hash, flags)
      select ${evidence.id}::uuid, ${evidence.ticketId}, ${evidence.courseId}::uuid, meeting.id,
        ${evidence.windowId}::uuid, ${evidence.membershipId}::uuid, ${evidence.outcome}, ${evidence.via},
        ${evidence.scannedAt.toISOString()}::timestamptz, ${evidence.confirmedAt.toISOString()}::timestamptz,
        ${evidence.codeAgeMs}::int, ${evidence.deviceId}::uuid, ${evidence.networkHash},
        array(select jsonb_array_elements_text(${JSON.stringify(evidence.flags)}::jsonb))
      from meeting
      on conflict (ticket_id) do nothing
      returning id
    ),
    record as (
      insert into ${attendanceRecords}
        (id, meeting_id, membership_id, status, proven_minutes, is_open, source, updated_at, revision)
      select ${newId()}::uuid, ${evidence.meetingId}::uuid, ${evidence.membershipId}::uuid, ${attendance.status},
        ${attendance.provenMinutes}::int, ${attendance.isOpen}::boolean, 'check-in', ${evidence.confirmedAt.toISOString()}::timestamptz,
        coalesce((select ${pastRevision} from ${auditEvents}
          where subject_id = ${record.audit.subjectId}::uuid and ${tellsOfPast}), 0) + 1
      from evidence
      on conflict on constraint attendance_records_meeting_member do update set
        status = excluded.status,
        proven_minutes = excluded.proven_minutes,
        is_open = excluded.is_open,
        revision = attendance_records.revision + 1,
        updated_at = excluded.updated_at
      where attendance_records.source = 'check-in'
        and (attendance_records.proven_minutes < excluded.proven_minutes
          or (attendance_records.status = 'absent' and excluded.status <> 'absent')
          or (excluded.is_open and not exists (select 1 from ${recordSpans} seen
            where seen.record_id = attendance_records.id and seen.from_at <= ${from.toISOString()}::timestamptz)))
      returning id, revision
    ),
    presence as (
      -- The span that a check-in opens bears its record's id, so that two at once meet in one row.
      insert into ${recordSpans} (id, record_id, from_at)
      select id, id, ${from.toISOString()}::timestamptz from record
      on conflict (id) do update set from_at = least(record_spans.from_at, excluded.from_at)
      returning id
    ),
    audit as (
      insert into ${auditEvents} (id, course_id, at, actor_person_id, action, subject_id, before, after)
      select ${newId()}::uuid, ${evidence.courseId}::uuid, ${evidence.confirmedAt.toISOString()}::timestamptz,
        ${record.actorPersonId}::uuid, ${record.audit.action},
        ${record.audit.subjectId}::uuid, ${jsonText(record.audit.before)}::jsonb,
        ${jsonText(record.audit.after)}::jsonb
      from record
      returning id
    )
    select
      exists (select 1 from evidence) as is_new,
      exists (select 1 from record) as recorded,
      (select count(pg_notify(${liveChannel},
        jsonb_set(${record.notice}::jsonb, '{record,revision}', to_jsonb(revision), false)::text))
        from record) as told
  `);
  const [row] = answer.rows;
  if (row === undefined) throw new Error('a check-in answered nothing');
  return { isNew: row.is_new, recorded: row.recorded };
}

export async function selectWrongGuesses(db: Db, membershipId: string, since: Date): Promise<number> {
  return db.$count(
    checkIns,
    and(
      eq(checkIns.membershipId, membershipId),
      eq(checkIns.outcome, 'wrong-code'),
      gt(checkIns.confirmedAt, since),
    ),
  );
}

export interface CheckInResultRow {
  checkInId: string;
  courseId: string;
  personName: string | null;
  meeting: MeetingOfWindow;
  outcome: CheckInOutcome;
  scannedAt: Date;
  /** The arrival that counts: of several check-ins the first. Null while a teacher's entry counts. */
  arrivedAt: Date | null;
  record: Pick<typeof attendanceRecords.$inferSelect, 'source' | 'status' | 'provenMinutes'> | null;
}

/** A confirmed check-in with what it did, for its own person. */
export async function selectCheckInResult(
  db: Db,
  checkInId: string,
  personId: string,
): Promise<CheckInResultRow | undefined> {
  const [row] = await db
    .select({
      checkInId: checkIns.id,
      courseId: checkIns.courseId,
      personName: people.name,
      meeting: meetingColumns,
      outcome: checkIns.outcome,
      scannedAt: checkIns.scannedAt,
      arrivedAt: firstArrival(meetings.id, memberships.id),
      record: {
        source: attendanceRecords.source,
        status: attendanceRecords.status,
        provenMinutes: attendanceRecords.provenMinutes,
      },
    })
    .from(checkIns)
    .innerJoin(meetings, eq(meetings.id, checkIns.meetingId))
    .innerJoin(memberships, eq(memberships.id, checkIns.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .leftJoin(
      attendanceRecords,
      and(
        eq(attendanceRecords.meetingId, checkIns.meetingId),
        eq(attendanceRecords.membershipId, checkIns.membershipId),
      ),
    )
    .where(
      and(
        eq(checkIns.id, checkInId),
        eq(people.id, livingPersonId(personId)),
        ne(checkIns.outcome, 'wrong-code'),
      ),
    );
  return row;
}

/** The person of a login, by the row in which they live on. */
export async function selectLivingPerson(
  db: Db,
  personId: string,
): Promise<{ id: string; platformId: string } | undefined> {
  const [row] = await db
    .select({ id: people.id, platformId: people.platformId })
    .from(people)
    .where(eq(people.id, livingPersonId(personId)));
  return row;
}

/** Whether this key makes the browser this person's phone. */
export async function selectIsDeviceOf(
  db: Db,
  keyHash: string,
  personId: string,
  now: Date,
): Promise<boolean> {
  const count = await db.$count(
    devices,
    and(
      eq(devices.keyHash, keyHash),
      eq(devices.personId, livingPersonId(personId)),
      isNull(devices.revokedAt),
      gt(devices.expiresAt, now),
    ),
  );
  return count > 0;
}

export async function insertDevice(db: Db, device: typeof devices.$inferInsert): Promise<void> {
  await db.insert(devices).values(device);
}

/** Takes a phone from everybody who had it remembered. @returns how many they were */
export async function updateDevicesRevoked(db: Db, keyHash: string, now: Date): Promise<number> {
  const rows = await db
    .update(devices)
    .set({ revokedAt: now })
    .where(and(eq(devices.keyHash, keyHash), isNull(devices.revokedAt)))
    .returning({ id: devices.id });
  return rows.length;
}
