import { and, desc, eq, gt, notInArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
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
import { preparedBy } from '../db/prepared.ts';
import {
  attendanceRecords,
  auditEvents,
  checkInReviews,
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
import type { CheckInOutcome, Direction, Role, TimedBreak } from '../db/schema.ts';
import type { CheckInWindow } from '../check-in-windows/queries.ts';
import { isDeviceOf, shownKeyColumns } from '../devices/queries.ts';
import type { ShownKey } from '../devices/rules.ts';
import { liveChannel } from '../live/queries.ts';
import type { DecidedRecord, PresenceSpan, Sight } from '../attendance/rules.ts';
import type { Via } from '../check-in-windows/rules.ts';

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

/** Whose phone the asking browser is, and how it showed its key. */
interface RememberedPhone extends ShownKey {
  id: string;
  personId: string;
}

/** A meeting's place, and its course's, as far as a scan needs them. */
interface TargetOfMeeting {
  meeting: MeetingOfWindow;
  courseTitle: string;
  policy: CoursePolicy;
  platform: { issuer: string; webHost: string | null; canvasCourseId: string | null; deploymentId: string };
  member:
    | {
        id: string;
        personId: string;
        role: Role;
        isTestUser: boolean;
        isEnrolled: boolean;
        extraMinutes: number;
        personName: string | null;
        /** As lists show it: family name first. */
        listName: string;
      }
    | undefined;
  device: RememberedPhone | undefined;
}

export interface ScanTarget extends TargetOfMeeting {
  window: CheckInWindow;
}

const memberColumns = (now: SQL) => ({
  membershipId: memberships.id,
  personId: memberships.personId,
  role: memberships.role,
  isTestUser: memberships.isTestUser,
  extraMinutes: memberships.extraMinutes,
  isEnrolled: isEnrolledAt(memberships.id, now),
  personName: people.name,
  listName,
});

const targetColumns = (now: SQL) => ({
  meeting: meetingColumns,
  courseTitle: courses.title,
  policies: { course: courses.policy, institution: deployments.policy },
  platform: {
    issuer: platforms.issuer,
    webHost: deployments.webHost,
    canvasCourseId: courses.canvasCourseId,
    deploymentId: deployments.deploymentId,
  },
  ...memberColumns(now),
  device: { id: devices.id, personId: devices.personId, ...shownKeyColumns(given.deviceHash) },
});

/** What the statements below are told. Prepared once, they are planned once a connection. */
const given = {
  windowId: sql.placeholder('windowId'),
  locator: sql.placeholder('locator'),
  meetingId: sql.placeholder('meetingId'),
  membershipId: sql.placeholder('membershipId'),
  personId: sql.placeholder('personId'),
  deviceHash: sql.placeholder('deviceHash'),
  ticketId: sql.placeholder('ticketId'),
  now: sql`${sql.placeholder('now')}::timestamptz`,
  countedSince: sql`${sql.placeholder('countedSince')}::timestamptz`,
};

/** The device of this browser, if it is remembered on the window's platform and not revoked or expired. */
const isDevice = and(isDeviceOf(given.deviceHash, given.now), eq(devices.platformId, deployments.platformId));

/** Whoever a launch has signed in; nobody: whoever this phone is remembered for. */
const isAskingMember = and(
  eq(memberships.courseId, courses.id),
  sql`${memberships.personId} = coalesce(${livingPersonId(sql`${given.personId}::uuid`)}, ${devices.personId})`,
);

/**
 * The newest open window of a locator, else the newest closed one: a locator belongs to one open window, and
 * may come again after that.
 */
const newestWindowFirst = [
  sql`${checkInWindows.closedAt} is not null`,
  desc(checkInWindows.openedAt),
] as const;

interface TargetRow extends Omit<TargetOfMeeting, 'member' | 'device' | 'policy'> {
  policies: { course: Partial<CoursePolicy>; institution: Partial<CoursePolicy> };
  membershipId: string | null;
  personId: string | null;
  role: Role | null;
  isTestUser: boolean | null;
  extraMinutes: number | null;
  isEnrolled: boolean;
  personName: string | null;
  listName: string;
  device: RememberedPhone | null;
}

function targetOf(row: TargetRow): TargetOfMeeting {
  const { meeting, courseTitle, platform } = row;
  return {
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
            extraMinutes: row.extraMinutes ?? 0,
            personName: row.personName,
            listName: row.listName,
          },
    device: row.device ?? undefined,
  };
}

const scanTargetBy = preparedBy((db: Db, key: 'window' | 'locator') =>
  db
    .select({ window: checkInWindows, ...targetColumns(given.now) })
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(devices, isDevice)
    .leftJoin(memberships, isAskingMember)
    .leftJoin(people, eq(people.id, memberships.personId))
    .where(isWindow(key))
    .orderBy(...newestWindowFirst)
    .limit(1)
    .prepare(`scan-target-by-${key}`),
);

function isWindow(key: 'window' | 'locator'): SQL {
  return key === 'window'
    ? sql`${checkInWindows.id} = ${given.windowId}`
    : sql`${checkInWindows.locator} = ${given.locator}`;
}

/** What a scanned code leads to, and whose phone this is. */
export async function selectScanTarget(
  db: Db,
  key: WindowKey,
  asking: Asking,
  now: Date,
): Promise<ScanTarget | undefined> {
  const [row] = await scanTargetBy(db, 'windowId' in key ? 'window' : 'locator').execute({
    ...key,
    personId: asking.personId ?? null,
    deviceHash: asking.deviceHash ?? null,
    now: now.toISOString(),
  });
  return row === undefined ? undefined : { ...targetOf(row), window: row.window };
}

/** Whether somebody in this course has been given more time at the check-in. */
export async function selectIsExtraTimeGiven(db: Db, courseId: string): Promise<boolean> {
  const answer = await db.execute(
    sql`select 1 from ${memberships} where course_id = ${courseId} and extra_minutes > 0 limit 1`,
  );
  return answer.rows.length > 0;
}

/** The outcomes that say where somebody was. */
const sightOutcomes = sql`('checked-in', 'checked-out', 'already', 'noted', 'unpaired')`;

/** An instant as milliseconds since 1970. */
const ms = (column: SQL) => sql`(extract(epoch from ${column}) * 1000)::float8`;

/** What evidence has shown of a member at a meeting, less what a teacher has set aside. */
const sightsOf = sql`coalesce((
  select jsonb_agg(jsonb_build_array(${ms(sql`seen.scanned_at`)}, seen.direction) order by seen.scanned_at)
  from ${checkIns} seen
  where seen.membership_id = ${memberships.id} and seen.meeting_id = ${meetings.id}
    and seen.outcome in ${sightOutcomes}
    and not exists (select 1 from ${checkInReviews} review
      where review.check_in_id = seen.id and review.decision = 'set-aside')
  ), '[]'::jsonb)`.mapWith((rows: [number, Direction][]): Sight[] =>
  rows.map(([at, direction]) => ({ at: new Date(at), direction })),
);

const spansOf = sql`coalesce((
  select jsonb_agg(jsonb_build_array(${ms(sql`span.from_at`)}, ${ms(sql`span.to_at`)}) order by span.from_at)
  from ${recordSpans} span where span.record_id = ${attendanceRecords.id}), '[]'::jsonb)`.mapWith(
  (rows: [number, number | null][]): PresenceSpan[] =>
    rows.map(([from, to]) => ({ from: new Date(from), to: to === null ? null : new Date(to) })),
);

/** How many attempts a member has made lately, of one outcome or of any. */
const attemptsSince = (outcome: SQL) =>
  sql<number>`(select count(*)::int from ${checkIns} attempt
    where attempt.membership_id = ${memberships.id} and attempt.confirmed_at > ${given.countedSince} and ${outcome})`;

interface SnapshotOfMember extends TargetOfMeeting {
  record:
    | (Pick<
        typeof attendanceRecords.$inferSelect,
        | 'source'
        | 'status'
        | 'provenMinutes'
        | 'isOpen'
        | 'revision'
        | 'sightCount'
        | 'note'
        | 'replacesMeetingId'
      > & { spans: PresenceSpan[] })
    | undefined;
  sights: Sight[];
  earlier: { id: string; membershipId: string; scannedAt: Date } | undefined;
  wrongGuesses: number;
  attempts: number;
}

export interface CheckInSnapshot extends SnapshotOfMember {
  window: CheckInWindow;
}

const snapshotColumns = {
  ...targetColumns(given.now),
  record: {
    source: attendanceRecords.source,
    status: attendanceRecords.status,
    provenMinutes: attendanceRecords.provenMinutes,
    isOpen: attendanceRecords.isOpen,
    revision: attendanceRecords.revision,
    sightCount: attendanceRecords.sightCount,
    note: attendanceRecords.note,
    replacesMeetingId: attendanceRecords.replacesMeetingId,
  },
  spans: spansOf,
  sights: sightsOf,
  earlier: { id: checkIns.id, membershipId: checkIns.membershipId, scannedAt: checkIns.scannedAt },
  wrongGuesses: attemptsSince(sql`attempt.outcome = 'wrong-code'`),
  attempts: attemptsSince(sql`true`),
};

const isRecord = and(
  eq(attendanceRecords.meetingId, meetings.id),
  eq(attendanceRecords.membershipId, memberships.id),
);

const checkInSnapshotBy = preparedBy((db: Db, key: 'window' | 'locator') =>
  db
    .select({ window: checkInWindows, ...snapshotColumns })
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(devices, isDevice)
    .leftJoin(memberships, isAskingMember)
    .leftJoin(people, eq(people.id, memberships.personId))
    .leftJoin(attendanceRecords, isRecord)
    .leftJoin(checkIns, sql`${checkIns.ticketId} = ${given.ticketId}`)
    .where(isWindow(key))
    .orderBy(...newestWindowFirst)
    .limit(1)
    .prepare(`check-in-snapshot-by-${key}`),
);

/** Everything that decides about a check-in, in one read. */
export async function selectCheckInSnapshot(
  db: Db,
  key: WindowKey,
  asking: Asking,
  attempt: { ticketId: string; now: Date; countedSince: Date },
): Promise<CheckInSnapshot | undefined> {
  const [row] = await checkInSnapshotBy(db, 'windowId' in key ? 'window' : 'locator').execute({
    ...key,
    personId: asking.personId ?? null,
    deviceHash: asking.deviceHash ?? null,
    ticketId: attempt.ticketId,
    now: attempt.now.toISOString(),
    countedSince: attempt.countedSince.toISOString(),
  });
  return row === undefined ? undefined : { ...snapshotOf(row), window: row.window };
}

/** The same of a member whom somebody else checks in, without a code. */
const memberSnapshot = preparedBy((db: Db) =>
  db
    .select(snapshotColumns)
    .from(meetings)
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(devices, sql`false`)
    .leftJoin(
      memberships,
      sql`${memberships.id} = ${given.membershipId} and ${memberships.courseId} = ${courses.id}`,
    )
    .leftJoin(people, eq(people.id, memberships.personId))
    .leftJoin(attendanceRecords, isRecord)
    .leftJoin(checkIns, sql`${checkIns.ticketId} = ${given.ticketId}`)
    .where(sql`${meetings.id} = ${given.meetingId}`)
    .prepare('check-in-snapshot-of-member'),
);

export type MemberSnapshot = SnapshotOfMember;

export async function selectMemberSnapshot(
  db: Db,
  key: { meetingId: string; membershipId: string },
  attempt: { ticketId: string; now: Date; countedSince: Date },
): Promise<MemberSnapshot | undefined> {
  const [row] = await memberSnapshot(db, 'member').execute({
    ...key,
    deviceHash: null,
    ticketId: attempt.ticketId,
    now: attempt.now.toISOString(),
    countedSince: attempt.countedSince.toISOString(),
  });
  return row === undefined ? undefined : snapshotOf(row);
}

interface SnapshotRow extends TargetRow {
  record: Omit<NonNullable<SnapshotOfMember['record']>, 'spans'> | null;
  spans: PresenceSpan[];
  sights: Sight[];
  earlier: NonNullable<SnapshotOfMember['earlier']> | null;
  wrongGuesses: number;
  attempts: number;
}

function snapshotOf(row: SnapshotRow): SnapshotOfMember {
  return {
    ...targetOf(row),
    record: row.record === null ? undefined : { ...row.record, spans: row.spans },
    sights: row.sights,
    earlier: row.earlier ?? undefined,
    wrongGuesses: row.wrongGuesses,
    attempts: row.attempts,
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
  direction: Direction;
  via: Via | 'helper';
  helperPersonId: string | null;
  scannedAt: Date;
  confirmedAt: Date;
  codeAgeMs: number | null;
  deviceId: string | null;
  scanBrowserHash: string | null;
  browserHash: string | null;
  networkHash: string | null;
  isNetworkAllowed: boolean | null;
  distanceMeters: number | null;
  flags: string[];
}

/** @returns false when this ticket was confirmed before */
export async function insertEvidence(db: Db, evidence: NewEvidence): Promise<boolean> {
  const rows = await db
    .insert(checkIns)
    .values(evidence)
    .onConflictDoNothing()
    .returning({ id: checkIns.id });
  return rows.length === 1;
}

/** Evidence of a meeting, as it is kept beside a record. */
export type NewSight = NewEvidence & { meetingId: string };

/** The record as it was judged: 0 and 0 for none. Another check-in or a teacher may have changed it since. */
export interface JudgedRecord {
  revision: number;
  sightCount: number;
}

/** Nothing is SQL's null, not JSON's. */
const jsonText = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value));

/**
 * Where the evidence goes, as the first part of a statement: `known` is its row, new or (when this ticket was
 * confirmed before by the same member) the one that is there. The meeting must still be the one that was judged, and
 * stays so until this commits; else there is no row.
 */
function withEvidence(evidence: NewSight, meetingRevision: number): SQL {
  const e = evidence;
  return sql`
    meeting as (
      select id from ${meetings} where id = ${e.meetingId} and revision = ${meetingRevision} for share
    ),
    evidence as (
      insert into ${checkIns} (id, ticket_id, course_id, meeting_id, window_id, membership_id, outcome, direction, via,
        helper_person_id, scanned_at, confirmed_at, code_age_ms, device_id, scan_browser_hash, browser_hash,
        network_hash, is_network_allowed, distance_meters, flags)
      select ${e.id}::uuid, ${e.ticketId}, ${e.courseId}::uuid, meeting.id,
        ${e.windowId}::uuid, ${e.membershipId}::uuid, ${e.outcome}, ${e.direction}, ${e.via},
        ${e.helperPersonId}::uuid, ${e.scannedAt.toISOString()}::timestamptz, ${e.confirmedAt.toISOString()}::timestamptz,
        ${e.codeAgeMs}::int, ${e.deviceId}::uuid, ${e.scanBrowserHash}, ${e.browserHash},
        ${e.networkHash}, ${e.isNetworkAllowed}::boolean, ${e.distanceMeters}::int,
        array(select jsonb_array_elements_text(${JSON.stringify(e.flags)}::jsonb))
      from meeting
      on conflict do nothing
      returning id
    ),
    known as (
      select id from evidence
      union all
      select known.id from ${checkIns} known, meeting
      where known.ticket_id = ${e.ticketId} and known.membership_id = ${e.membershipId}
    )`;
}

export interface NewRecord {
  decided: DecidedRecord;
  /** What was judged. */
  judged: JudgedRecord;
  meetingRevision: number;
  actorPersonId: string;
  /** What the audit says of it. */
  audit: AuditEvent;
  /** The live notice, as text; the record's revision is filled in here, where it is known. */
  notice: string;
}

/**
 * One statement, so that all of it is kept or nothing: the evidence, and with it the record, its presence, the
 * audit row and the live notice. The ticket's id makes it happen once. The record is written only while it is the one
 * that was judged: a teacher, or another check-in of the same member, may have been faster.
 *
 * @returns whether the record was written. If not, the evidence may be kept all the same: judge what stands now anew.
 */
export async function insertSight(db: Db, evidence: NewSight, record: NewRecord): Promise<boolean> {
  const { decided, judged } = record;
  const spans = decided.spans.map(({ from, to }) => [newId(), from.toISOString(), to?.toISOString() ?? null]);
  const answer = await db.execute<{ recorded: boolean }>(sql`
    with ${withEvidence(evidence, record.meetingRevision)},
    record as (
      insert into ${attendanceRecords}
        (id, meeting_id, membership_id, status, proven_minutes, is_open, source, updated_at, revision, sight_count)
      select ${newId()}::uuid, ${evidence.meetingId}::uuid, ${evidence.membershipId}::uuid, ${decided.status},
        ${decided.provenMinutes}::int, ${decided.isOpen}::boolean, 'check-in',
        ${evidence.confirmedAt.toISOString()}::timestamptz,
        coalesce((select ${pastRevision} from ${auditEvents}
          where subject_id = ${record.audit.subjectId}::uuid and ${tellsOfPast}), 0) + 1, 1
      from known
      on conflict on constraint attendance_records_meeting_member do update set
        status = excluded.status,
        proven_minutes = excluded.proven_minutes,
        is_open = excluded.is_open,
        revision = attendance_records.revision + 1,
        sight_count = attendance_records.sight_count + 1,
        updated_at = excluded.updated_at
      where attendance_records.source = 'check-in' and attendance_records.revision = ${judged.revision}
        and attendance_records.sight_count = ${judged.sightCount}
      returning id, revision
    ),
    gone as (
      delete from ${recordSpans} where record_id in (select id from record)
    ),
    presence as (
      insert into ${recordSpans} (id, record_id, from_at, to_at)
      select (span ->> 0)::uuid, record.id, (span ->> 1)::timestamptz, (span ->> 2)::timestamptz
      from record, jsonb_array_elements(${JSON.stringify(spans)}::jsonb) span
    ),
    audit as (
      insert into ${auditEvents} (id, course_id, at, actor_person_id, action, subject_id, before, after)
      select ${newId()}::uuid, ${evidence.courseId}::uuid, ${evidence.confirmedAt.toISOString()}::timestamptz,
        ${record.actorPersonId}::uuid, ${record.audit.action},
        ${record.audit.subjectId}::uuid, ${jsonText(record.audit.before)}::jsonb,
        ${jsonText(record.audit.after)}::jsonb
      from record
    )
    select
      exists (select 1 from record) as recorded,
      (select count(pg_notify(${liveChannel},
        jsonb_set(${record.notice}::jsonb, '{record,revision}', to_jsonb(revision), false)::text))
        from record) as told
  `);
  return answer.rows[0]?.recorded === true;
}

/**
 * Evidence that changes nothing of a record: kept beside it while it is the one that was judged.
 *
 * @returns false when it is not any more, although the evidence may be kept: judge what stands now anew
 */
export async function insertSameSight(
  db: Db,
  evidence: NewSight,
  { judged, meetingRevision }: { judged: JudgedRecord; meetingRevision: number },
): Promise<boolean> {
  const answer = await db.execute(sql`
    with ${withEvidence(evidence, meetingRevision)}
    update ${attendanceRecords} set sight_count = sight_count + 1
    from known
    where meeting_id = ${evidence.meetingId} and membership_id = ${evidence.membershipId}
      and revision = ${judged.revision} and sight_count = ${judged.sightCount}
    returning attendance_records.id`);
  return answer.rows.length === 1;
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
  direction: Direction;
  scannedAt: Date;
  record:
    | (Pick<typeof attendanceRecords.$inferSelect, 'source' | 'status' | 'provenMinutes' | 'isOpen'> & {
        spans: PresenceSpan[];
      })
    | undefined;
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
      direction: checkIns.direction,
      scannedAt: checkIns.scannedAt,
      record: {
        source: attendanceRecords.source,
        status: attendanceRecords.status,
        provenMinutes: attendanceRecords.provenMinutes,
        isOpen: attendanceRecords.isOpen,
      },
      spans: spansOf,
    })
    .from(checkIns)
    .innerJoin(meetings, eq(meetings.id, checkIns.meetingId))
    .innerJoin(memberships, eq(memberships.id, checkIns.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .leftJoin(attendanceRecords, isRecord)
    .where(
      and(
        eq(checkIns.id, checkInId),
        eq(people.id, livingPersonId(personId)),
        notInArray(checkIns.outcome, ['wrong-code', 'ticket-used']),
      ),
    );
  if (row === undefined) return undefined;
  const { record, spans, ...checkIn } = row;
  return { ...checkIn, record: record === null ? undefined : { ...record, spans } };
}
