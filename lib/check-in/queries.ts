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
import { preparedBy, statementName } from '../db/prepared.ts';
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

/** How a statement finds its window, and whom it is about: whoever a launch has signed in, or whose phone this is. */
type ScanKey = `${'window' | 'locator'}-${'person' | 'device'}`;

const scanKeyOf = (key: WindowKey, asking: Asking): ScanKey =>
  `${'windowId' in key ? 'window' : 'locator'}-${asking.personId === undefined ? 'device' : 'person'}`;

/**
 * Joins one row by its index: to the planner a course is an average one, and it would rather read all members of a
 * large course than look one up.
 */
const askingMember = (db: Db, key: ScanKey) =>
  db
    .select()
    .from(memberships)
    .where(
      and(
        eq(memberships.courseId, courses.id),
        key.endsWith('person')
          ? eq(memberships.personId, livingPersonId(sql`${given.personId}::uuid`))
          : eq(memberships.personId, devices.personId),
      ),
    )
    .limit(1)
    .as('memberships');

function isWindow(key: ScanKey): SQL {
  return key.startsWith('window')
    ? sql`${checkInWindows.id} = ${given.windowId}`
    : sql`${checkInWindows.locator} = ${given.locator}`;
}

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

const scanTargetBy = preparedBy((db: Db, key: ScanKey) =>
  db
    .select({ window: checkInWindows, ...targetColumns(given.now) })
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(devices, isDevice)
    .leftJoinLateral(askingMember(db, key), sql`true`)
    .leftJoin(people, eq(people.id, memberships.personId))
    .where(isWindow(key))
    .orderBy(...newestWindowFirst)
    .limit(1)
    .prepare(statementName(`scan-target-${key}`)),
);

/** What a scanned code leads to, and whose phone this is. */
export async function selectScanTarget(
  db: Db,
  key: WindowKey,
  asking: Asking,
  now: Date,
): Promise<ScanTarget | undefined> {
  const [row] = await scanTargetBy(db, scanKeyOf(key, asking)).execute({
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

/** How many attempts a member has made lately, and how many of them were wrong codes. */
const recentAttempts = sql<[attempts: number, wrongGuesses: number]>`(
  select jsonb_build_array(count(*), count(*) filter (where attempt.outcome = 'wrong-code'))
  from ${checkIns} attempt
  where attempt.membership_id = ${memberships.id} and attempt.confirmed_at > ${given.countedSince})`;

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
  recentAttempts,
};

/** The member's record of the meeting, by its index, as above. */
const recordOfMember = (db: Db) =>
  db
    .select()
    .from(attendanceRecords)
    .where(
      and(eq(attendanceRecords.meetingId, meetings.id), eq(attendanceRecords.membershipId, memberships.id)),
    )
    .limit(1)
    .as('attendance_records');

const checkInSnapshotBy = preparedBy((db: Db, key: ScanKey) =>
  db
    .select({ window: checkInWindows, ...snapshotColumns })
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(devices, isDevice)
    .leftJoinLateral(askingMember(db, key), sql`true`)
    .leftJoin(people, eq(people.id, memberships.personId))
    .leftJoinLateral(recordOfMember(db), sql`true`)
    .leftJoin(checkIns, sql`${checkIns.ticketId} = ${given.ticketId}`)
    .where(isWindow(key))
    .orderBy(...newestWindowFirst)
    .limit(1)
    .prepare(statementName(`check-in-snapshot-${key}`)),
);

/** Everything that decides about a check-in, in one read. */
export async function selectCheckInSnapshot(
  db: Db,
  key: WindowKey,
  asking: Asking,
  attempt: { ticketId: string; now: Date; countedSince: Date },
): Promise<CheckInSnapshot | undefined> {
  const [row] = await checkInSnapshotBy(db, scanKeyOf(key, asking)).execute({
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
    .leftJoinLateral(recordOfMember(db), sql`true`)
    .leftJoin(checkIns, sql`${checkIns.ticketId} = ${given.ticketId}`)
    .where(sql`${meetings.id} = ${given.meetingId}`)
    .prepare(statementName('check-in-snapshot-member')),
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
  recentAttempts: [attempts: number, wrongGuesses: number];
}

function snapshotOf(row: SnapshotRow): SnapshotOfMember {
  const [attempts, wrongGuesses] = row.recentAttempts;
  return {
    ...targetOf(row),
    record: row.record === null ? undefined : { ...row.record, spans: row.spans },
    sights: row.sights,
    earlier: row.earlier ?? undefined,
    wrongGuesses,
    attempts,
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

const evidencePlaces = (evidence: NewSight, meetingRevision: number) => ({
  ...evidence,
  scannedAt: evidence.scannedAt.toISOString(),
  confirmedAt: evidence.confirmedAt.toISOString(),
  flags: JSON.stringify(evidence.flags),
  meetingRevision,
});

const at = (name: string, type: string) => sql`${sql.placeholder(name)}::${sql.raw(type)}`;

/**
 * Where the evidence goes, as the first parts of a statement: `known` is its row, new or (when this ticket was
 * confirmed before by the same member) the one that is there. The meeting must still be the one that was judged, and
 * stays so until this commits; else there is no row.
 */
const evidenceParts = (db: Db) => [
  db.$with('meeting', {}).as(sql`
    select id from ${meetings}
    where id = ${at('meetingId', 'uuid')} and revision = ${at('meetingRevision', 'int')} for share`),
  db.$with('evidence', {}).as(sql`
    insert into ${checkIns} (id, ticket_id, course_id, meeting_id, window_id, membership_id, outcome, direction, via,
      helper_person_id, scanned_at, confirmed_at, code_age_ms, device_id, scan_browser_hash, browser_hash,
      network_hash, is_network_allowed, distance_meters, flags)
    select ${at('id', 'uuid')}, ${at('ticketId', 'text')}, ${at('courseId', 'uuid')}, meeting.id,
      ${at('windowId', 'uuid')}, ${at('membershipId', 'uuid')}, ${at('outcome', 'text')}, ${at('direction', 'text')},
      ${at('via', 'text')}, ${at('helperPersonId', 'uuid')}, ${at('scannedAt', 'timestamptz')},
      ${at('confirmedAt', 'timestamptz')}, ${at('codeAgeMs', 'int')}, ${at('deviceId', 'uuid')},
      ${at('scanBrowserHash', 'text')}, ${at('browserHash', 'text')}, ${at('networkHash', 'text')},
      ${at('isNetworkAllowed', 'boolean')}, ${at('distanceMeters', 'int')},
      array(select jsonb_array_elements_text(${at('flags', 'jsonb')}))
    from meeting
    on conflict do nothing
    returning id`),
  db.$with('known', {}).as(sql`
    select id from evidence
    union all
    select known.id from ${checkIns} known, meeting
    where known.ticket_id = ${at('ticketId', 'text')} and known.membership_id = ${at('membershipId', 'uuid')}`),
];

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

const sightStatement = preparedBy((db: Db, _name: 'sight') =>
  db
    .with(
      ...evidenceParts(db),
      db.$with('record', {}).as(sql`
        insert into ${attendanceRecords}
          (id, meeting_id, membership_id, status, proven_minutes, is_open, source, updated_at, revision, sight_count)
        select ${at('recordId', 'uuid')}, ${at('meetingId', 'uuid')}, ${at('membershipId', 'uuid')},
          ${at('status', 'text')}, ${at('provenMinutes', 'int')}, ${at('isOpen', 'boolean')}, 'check-in',
          ${at('confirmedAt', 'timestamptz')},
          coalesce((select ${pastRevision} from ${auditEvents}
            where subject_id = ${at('subjectId', 'uuid')} and ${tellsOfPast}), 0) + 1, 1
        from known
        on conflict on constraint attendance_records_meeting_member do update set
          status = excluded.status,
          proven_minutes = excluded.proven_minutes,
          is_open = excluded.is_open,
          revision = attendance_records.revision + 1,
          sight_count = attendance_records.sight_count + 1,
          updated_at = excluded.updated_at
        where attendance_records.source = 'check-in' and attendance_records.revision = ${at('revision', 'int')}
          and attendance_records.sight_count = ${at('sightCount', 'int')}
        returning id, revision`),
      db.$with('gone', {}).as(sql`
        delete from ${recordSpans} where record_id in (select id from record)`),
      db.$with('presence', {}).as(sql`
        insert into ${recordSpans} (id, record_id, from_at, to_at)
        select (span ->> 0)::uuid, record.id, (span ->> 1)::timestamptz, (span ->> 2)::timestamptz
        from record, jsonb_array_elements(${at('spans', 'jsonb')}) span`),
      db.$with('audit', {}).as(sql`
        insert into ${auditEvents} (id, course_id, at, actor_person_id, action, subject_id, before, after)
        select ${at('eventId', 'uuid')}, ${at('courseId', 'uuid')}, ${at('confirmedAt', 'timestamptz')},
          ${at('actorPersonId', 'uuid')}, ${at('action', 'text')}, ${at('subjectId', 'uuid')},
          ${at('before', 'jsonb')}, ${at('after', 'jsonb')}
        from record`),
    )
    .select({
      recorded: sql<boolean>`exists (select 1 from record)`,
      told: sql`(select count(pg_notify(${at('channel', 'text')},
        jsonb_set(${at('notice', 'jsonb')}, '{record,revision}', to_jsonb(revision), false)::text)) from record)`,
    })
    .from(sql`(select) once`)
    .prepare(statementName('check-in')),
);

/**
 * One statement, so that all of it is kept or nothing: the evidence, and with it the record, its presence, the
 * audit row and the live notice. The ticket's id makes it happen once. The record is written only while it is the one
 * that was judged: a teacher, or another check-in of the same member, may have been faster.
 *
 * @returns whether the record was written. If not, the evidence may be kept all the same: judge what stands now anew.
 */
export async function insertSight(db: Db, evidence: NewSight, record: NewRecord): Promise<boolean> {
  const { decided, judged, audit } = record;
  const [answer] = await sightStatement(db, 'sight').execute({
    ...evidencePlaces(evidence, record.meetingRevision),
    recordId: newId(),
    ...{ status: decided.status, provenMinutes: decided.provenMinutes, isOpen: decided.isOpen },
    spans: JSON.stringify(decided.spans.map(({ from, to }) => [newId(), from, to])),
    ...judged,
    eventId: newId(),
    ...{ actorPersonId: record.actorPersonId, action: audit.action, subjectId: audit.subjectId },
    ...{ before: jsonText(audit.before), after: jsonText(audit.after) },
    ...{ channel: liveChannel, notice: record.notice },
  });
  return answer?.recorded === true;
}

const sameSightStatement = preparedBy((db: Db, _name: 'same') =>
  db
    .with(
      ...evidenceParts(db),
      db.$with('met', {}).as(sql`
        update ${attendanceRecords} set sight_count = sight_count + 1
        from known
        where meeting_id = ${at('meetingId', 'uuid')} and membership_id = ${at('membershipId', 'uuid')}
          and revision = ${at('revision', 'int')} and sight_count = ${at('sightCount', 'int')}
        returning attendance_records.id`),
    )
    .select({ isMet: sql<boolean>`exists (select 1 from met)` })
    .from(sql`(select) once`)
    .prepare(statementName('same-check-in')),
);

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
  const [answer] = await sameSightStatement(db, 'same').execute({
    ...evidencePlaces(evidence, meetingRevision),
    ...judged,
  });
  return answer?.isMet === true;
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
    .leftJoinLateral(recordOfMember(db), sql`true`)
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
