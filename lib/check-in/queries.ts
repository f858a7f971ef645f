import { and, eq, getTableColumns, gt, notInArray, sql } from 'drizzle-orm';
import type { SQL, SQLWrapper } from 'drizzle-orm';
import { newId } from '../base/ids.ts';
import { resolvePolicy } from '../base/course-policy.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { AuditEvent } from '../audit/queries.ts';
import type { Db } from '../db/client.ts';
import { isEnrolledAt } from '../db/enrolled.ts';
import { gathering } from '../db/gather.ts';
import { listName } from '../db/list-name.ts';
import { livingPersonId } from '../db/living-person.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { pastRevision, tellsOfPast } from '../db/past-revision.ts';
import { planned, preparedBy } from '../db/prepared.ts';
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
import type { DecidedFromEvidence, PresenceSpan, Sight } from '../attendance/rules.ts';
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
  loneCheckOuts: meetings.loneCheckOuts,
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
  loneCheckOuts: number;
}

/** The meeting as it was judged: it must still be the same when something is kept. */
export type JudgedMeeting = Pick<MeetingOfWindow, 'revision' | 'loneCheckOuts'>;

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

/**
 * What requests are about that share one statement. Postgres takes it as rows: each asks, and each is answered by
 * itself, in a subquery that reads a handful of rows by their indexes. (To the planner a course is an average one: a
 * plain join would rather read all members of a large course than look one up.)
 */
interface Question {
  windowId?: string;
  locator?: string;
  meetingId?: string;
  membershipId?: string;
  personId?: string | undefined;
  deviceHash?: string | undefined;
  ticketId?: string;
  now: Date;
  countedSince?: Date;
}

const questions = sql`rows from (jsonb_to_recordset(${sql.placeholder('questions')}::jsonb) as (
  "windowId" uuid, "locator" text, "meetingId" uuid, "membershipId" uuid, "personId" uuid, "deviceHash" text,
  "ticketId" text, "now" timestamptz, "countedSince" timestamptz)) with ordinality as asked`;

/** How a question finds its window, and whom it is about: a person, or whoever's phone this is. */
type QuestionKind = `${'window' | 'locator'}-${'person' | 'device'}` | 'meeting-member';

function kindOf(question: Question): QuestionKind {
  if (question.membershipId !== undefined) return 'meeting-member';
  const by = question.windowId === undefined ? 'locator' : 'window';
  return `${by}-${question.personId === undefined ? 'device' : 'person'}`;
}

/**
 * The newest open window of a locator, else the newest closed one: a locator belongs to one open window, and
 * may come again after that.
 */
const windowsOf: Record<'window' | 'locator' | 'meeting', SQL> = {
  window: sql`(select * from ${checkInWindows} w where w.id = asked."windowId")`,
  locator: sql`(select * from ${checkInWindows} w where w.locator = asked."locator"
    order by w.closed_at is not null, w.opened_at desc limit 1)`,
  // Whoever is checked in by hand needs no window.
  meeting: sql`(select (null::check_in_windows).*)`,
};

const memberOf: Record<'person' | 'device' | 'member', SQL> = {
  person: sql`m.person_id = ${livingPersonId(sql`asked."personId"`)}`,
  device: sql`m.person_id = ${devices.personId}`,
  member: sql`m.id = asked."membershipId"`,
};

function sourceOf(kind: QuestionKind): SQL {
  const [by, who] = kind.split('-') as [keyof typeof windowsOf, keyof typeof memberOf];
  const isMeeting =
    by === 'meeting'
      ? sql`${meetings.id} = asked."meetingId"`
      : sql`${meetings.id} = ${checkInWindows.meetingId}`;
  return sql`
    from lateral ${windowsOf[by]} check_in_windows
    join ${meetings} on ${isMeeting}
    join ${courses} on ${courses.id} = ${meetings.courseId}
    join ${deployments} on ${deployments.id} = ${courses.deploymentId}
    join ${platforms} on ${platforms.id} = ${deployments.platformId}
    left join lateral (
      select * from ${devices} where ${isDeviceOf(sql`asked."deviceHash"`, sql`asked."now"`)}
        and ${devices.platformId} = ${platforms.id} limit 1
    ) devices on true
    left join lateral (
      select * from ${memberships} m where m.course_id = ${courses.id} and ${memberOf[who]} limit 1
    ) memberships on true
    left join lateral (
      select * from ${people} p where p.id = ${memberships.personId} limit 1
    ) people on true`;
}

/** Columns and expressions by name, as one JSON value. */
function jsonOf(fields: Record<string, SQLWrapper>): SQL {
  const pairs = Object.entries(fields).map(([name, value]) => sql`${sql.raw(`'${name}'`)}, ${value}`);
  return sql`json_build_object(${sql.join(pairs, sql`, `)})`;
}

const jsonUnlessNull = (id: SQLWrapper, fields: Record<string, SQLWrapper>) =>
  sql`case when ${id} is not null then ${jsonOf(fields)} end`;

const targetFields = {
  window: jsonUnlessNull(checkInWindows.id, getTableColumns(checkInWindows)),
  meeting: jsonOf(meetingColumns),
  courseTitle: courses.title,
  policies: jsonOf({ course: courses.policy, institution: deployments.policy }),
  platform: jsonOf({
    issuer: platforms.issuer,
    webHost: deployments.webHost,
    canvasCourseId: courses.canvasCourseId,
    deploymentId: deployments.deploymentId,
  }),
  member: jsonUnlessNull(memberships.id, {
    id: memberships.id,
    personId: memberships.personId,
    role: memberships.role,
    isTestUser: memberships.isTestUser,
    extraMinutes: memberships.extraMinutes,
    isEnrolled: isEnrolledAt(memberships.id, sql`asked."now"`),
    personName: people.name,
    listName,
  }),
  device: jsonUnlessNull(devices.id, {
    id: devices.id,
    personId: devices.personId,
    ...shownKeyColumns(sql`asked."deviceHash"`),
  }),
};

/** Whether a row of `check_ins` says where somebody was, and counts: a teacher may have set it aside. */
const isSight = (
  row: SQL,
) => sql`(${row}.outcome in ('checked-in', 'checked-out', 'already', 'noted', 'unpaired')
  and not exists (select 1 from ${checkInReviews} review
    where review.check_in_id = ${row}.id and review.decision = 'set-aside'))`;

/** What evidence has shown of a member at a meeting, less what a teacher has set aside. */
const sights = sql`(
  select json_agg(json_build_array(seen.scanned_at, seen.direction) order by seen.scanned_at)
  from ${checkIns} seen
  where seen.meeting_id = ${meetings.id} and seen.membership_id = ${memberships.id}
    and ${isSight(sql`seen`)})`;

const spansOfRecord = sql`(
  select json_agg(json_build_array(span.from_at, span.to_at) order by span.from_at)
  from ${recordSpans} span where span.record_id = ${attendanceRecords.id})`;

/** How many attempts a member has made lately, and how many of them were wrong codes. */
const recentAttempts = sql`(
  select json_build_array(count(*), count(*) filter (where attempt.outcome = 'wrong-code'))
  from ${checkIns} attempt
  where attempt.membership_id = ${memberships.id} and attempt.confirmed_at > asked."countedSince")`;

const recordFields = {
  source: attendanceRecords.source,
  status: attendanceRecords.status,
  provenMinutes: attendanceRecords.provenMinutes,
  isOpen: attendanceRecords.isOpen,
  revision: attendanceRecords.revision,
  sightCount: attendanceRecords.sightCount,
  note: attendanceRecords.note,
  replacesMeetingId: attendanceRecords.replacesMeetingId,
  spans: spansOfRecord,
};

const snapshotFields = {
  ...targetFields,
  record: jsonUnlessNull(attendanceRecords.id, recordFields),
  sights,
  earlier: jsonUnlessNull(checkIns.id, {
    id: checkIns.id,
    membershipId: checkIns.membershipId,
    scannedAt: checkIns.scannedAt,
  }),
  recentAttempts,
};

const snapshotSource = (kind: QuestionKind) => sql`${sourceOf(kind)}
  left join lateral (
    select * from ${attendanceRecords} r
    where r.meeting_id = ${meetings.id} and r.membership_id = ${memberships.id} limit 1
  ) attendance_records on true
  left join lateral (
    select * from ${checkIns} c where c.ticket_id = asked."ticketId" limit 1
  ) check_ins on true`;

/** Answers questions of one kind in one statement, each by one JSON value, or null where nothing is there. */
function asking(
  answer: (kind: QuestionKind) => SQL,
): (db: Db, question: Question) => Promise<{ answer: unknown }> {
  const statement = preparedBy((db: Db, kind: QuestionKind) =>
    db
      .select({ answer: sql`one.answer` })
      .from(
        sql`${questions} left join lateral (select ${answer(kind)} limit 1) one on true order by asked.ordinality`,
      )
      .prepare(planned),
  );
  return gathering({
    run: (db: Db, asked: readonly Question[]) => {
      const [first] = asked;
      if (first === undefined) return Promise.resolve([]);
      return statement(db, kindOf(first)).execute({ questions: JSON.stringify(asked) });
    },
    laneOf: kindOf,
  });
}

const askTarget = asking((kind) => sql`${jsonOf(targetFields)} as answer ${sourceOf(kind)}`);
const askSnapshot = asking((kind) => sql`${jsonOf(snapshotFields)} as answer ${snapshotSource(kind)}`);

/** As it comes from Postgres as JSON: dates are text. */
type Told<Row> = {
  [Field in keyof Row]: Row[Field] extends Date
    ? string
    : Row[Field] extends Date | null
      ? string | null
      : Row[Field];
};

interface TargetJson extends Pick<TargetOfMeeting, 'courseTitle' | 'platform'> {
  window: Told<CheckInWindow> | null;
  meeting: Told<MeetingOfWindow>;
  policies: { course: Partial<CoursePolicy>; institution: Partial<CoursePolicy> };
  member: NonNullable<TargetOfMeeting['member']> | null;
  device: Told<RememberedPhone> | null;
}

function targetOf({ meeting, courseTitle, policies, platform, member, device }: TargetJson): TargetOfMeeting {
  return {
    meeting: { ...meeting, startsAt: new Date(meeting.startsAt), endsAt: new Date(meeting.endsAt) },
    courseTitle,
    policy: resolvePolicy(policies.institution, policies.course),
    platform,
    member: member ?? undefined,
    device:
      device === null
        ? undefined
        : { ...device, renewedAt: new Date(device.renewedAt), expiresAt: new Date(device.expiresAt) },
  };
}

function windowOf(window: Told<CheckInWindow>): CheckInWindow {
  const { openedAt, opensAt, closesAt, closedAt } = window;
  return {
    ...window,
    openedAt: new Date(openedAt),
    opensAt: new Date(opensAt),
    closesAt: new Date(closesAt),
    closedAt: closedAt === null ? null : new Date(closedAt),
  };
}

/** What a scanned code leads to, and whose phone this is. */
export async function selectScanTarget(
  db: Db,
  key: WindowKey,
  { personId, deviceHash }: Asking,
  now: Date,
): Promise<ScanTarget | undefined> {
  const answer = (await askTarget(db, { ...key, personId, deviceHash, now })).answer as TargetJson | null;
  const window = answer?.window ?? null;
  if (answer === null || window === null) return undefined;
  return { ...targetOf(answer), window: windowOf(window) };
}

/** Whether somebody in this course has been given more time at the check-in. */
export async function selectIsExtraTimeGiven(db: Db, courseId: string): Promise<boolean> {
  const answer = await db.execute(
    sql`select 1 from ${memberships} where course_id = ${courseId} and extra_minutes > 0 limit 1`,
  );
  return answer.rows.length > 0;
}

export interface MemberSnapshot extends TargetOfMeeting {
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

export interface CheckInSnapshot extends MemberSnapshot {
  window: CheckInWindow;
}

interface SnapshotJson extends TargetJson {
  record: (Omit<NonNullable<MemberSnapshot['record']>, 'spans'> & { spans: SpansJson | null }) | null;
  sights: [at: string, direction: Direction][] | null;
  earlier: Told<NonNullable<MemberSnapshot['earlier']>> | null;
  recentAttempts: [attempts: number, wrongGuesses: number];
}

type SpansJson = [from: string, to: string | null][];

function spansOf(spans: SpansJson | null): PresenceSpan[] {
  return (spans ?? []).map(([from, to]) => ({ from: new Date(from), to: to === null ? null : new Date(to) }));
}

function snapshotOf(told: SnapshotJson): MemberSnapshot {
  const { record, earlier } = told;
  const [attempts, wrongGuesses] = told.recentAttempts;
  return {
    ...targetOf(told),
    record: record === null ? undefined : { ...record, spans: spansOf(record.spans) },
    sights: (told.sights ?? []).map(([at, direction]) => ({ at: new Date(at), direction })),
    earlier: earlier === null ? undefined : { ...earlier, scannedAt: new Date(earlier.scannedAt) },
    wrongGuesses,
    attempts,
  };
}

interface AttemptToAsk {
  ticketId: string;
  now: Date;
  countedSince: Date;
}

/** Everything that decides about a check-in, in one read. */
export async function selectCheckInSnapshot(
  db: Db,
  key: WindowKey,
  { personId, deviceHash }: Asking,
  attempt: AttemptToAsk,
): Promise<CheckInSnapshot | undefined> {
  const asked = await askSnapshot(db, { ...key, personId, deviceHash, ...attempt });
  const answer = asked.answer as SnapshotJson | null;
  const window = answer?.window ?? null;
  if (answer === null || window === null) return undefined;
  return { ...snapshotOf(answer), window: windowOf(window) };
}

/** The same of a member whom somebody else checks in, without a code. */
export async function selectMemberSnapshot(
  db: Db,
  { meetingId, membershipId }: { meetingId: string; membershipId: string },
  attempt: AttemptToAsk,
): Promise<MemberSnapshot | undefined> {
  const asked = await askSnapshot(db, { meetingId, membershipId, ...attempt });
  const answer = asked.answer as SnapshotJson | null;
  return answer === null ? undefined : snapshotOf(answer);
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

/**
 * Evidence of a check-out without a check-in; call it in a transaction. No record is there that could tell of it to a
 * first check-in in the same moment, so the meeting does: whoever holds it is waited for, and whoever comes after is
 * judged anew.
 */
export async function insertLoneCheckOut(db: Db, evidence: NewSight): Promise<void> {
  await db
    .update(meetings)
    .set({ loneCheckOuts: sql`${meetings.loneCheckOuts} + 1` })
    .where(eq(meetings.id, evidence.meetingId));
  await insertEvidence(db, evidence);
}

/** Evidence of a meeting, as it is kept beside a record. */
export type NewSight = NewEvidence & { meetingId: string };

/** The record as it was judged: 0 and 0 for none. Another check-in or a teacher may have changed it since. */
export interface JudgedRecord {
  revision: number;
  sightCount: number;
}

/**
 * Sights of one meeting that are kept together in one statement, as Postgres takes them: each row its evidence and, where
 * the record changes, what it becomes.
 */
const rows = sql`jsonb_to_recordset(${sql.placeholder('sights')}::jsonb) as sight(
  "id" uuid, "ticketId" text, "courseId" uuid, "meetingId" uuid, "windowId" uuid, "membershipId" uuid, "outcome" text,
  "direction" text, "via" text, "helperPersonId" uuid, "scannedAt" timestamptz, "confirmedAt" timestamptz,
  "codeAgeMs" int, "deviceId" uuid, "scanBrowserHash" text, "browserHash" text, "networkHash" text,
  "isNetworkAllowed" boolean, "distanceMeters" int, "flags" jsonb, "meetingRevision" int, "revision" int,
  "sightCount" int, "loneCheckOuts" int, "recordId" uuid, "status" text, "source" text, "provenMinutes" int, "isOpen" boolean, "spans" jsonb,
  "eventId" uuid, "actorPersonId" uuid, "action" text, "subjectId" uuid, "before" jsonb, "after" jsonb, "notice" jsonb)`;

/**
 * Where the evidence goes, as the first parts of a statement: `known` are the sights whose evidence is there, new or
 * (when this ticket was confirmed before by the same member) since before. The meeting must still be the one that was
 * judged, and stays so until this commits; else nothing is there.
 */
const evidenceParts = (db: Db) => [
  db.$with('sight', {}).as(sql`select * from ${rows}`),
  db.$with('meeting', {}).as(sql`
    select id, revision, lone_check_outs from ${meetings} where id = ${sql.placeholder('meetingId')} for share`),
  db.$with('fitting', {}).as(sql`
    select sight.* from sight
    join meeting on meeting.id = sight."meetingId" and meeting.revision = sight."meetingRevision"
      and meeting.lone_check_outs = sight."loneCheckOuts"`),
  db.$with('evidence', {}).as(sql`
    insert into ${checkIns} (id, ticket_id, course_id, meeting_id, window_id, membership_id, outcome, direction, via,
      helper_person_id, scanned_at, confirmed_at, code_age_ms, device_id, scan_browser_hash, browser_hash,
      network_hash, is_network_allowed, distance_meters, flags)
    select "id", "ticketId", "courseId", "meetingId", "windowId", "membershipId", "outcome", "direction", "via",
      "helperPersonId", "scannedAt", "confirmedAt", "codeAgeMs", "deviceId", "scanBrowserHash", "browserHash",
      "networkHash", "isNetworkAllowed", "distanceMeters",
      array(select jsonb_array_elements_text("flags"))
    from fitting
    on conflict do nothing
    returning id`),
  db.$with('known', {}).as(sql`
    select fitting.* from fitting
    left join evidence on evidence.id = fitting."id"
    left join lateral (
      select c.id from ${checkIns} c
      where c.ticket_id = fitting."ticketId" and c.membership_id = fitting."membershipId" limit 1
    ) earlier on true
    where evidence.id is not null or earlier.id is not null`),
];

export interface NewRecord {
  decided: DecidedFromEvidence;
  /** What was judged. */
  judged: JudgedRecord;
  meeting: JudgedMeeting;
  actorPersonId: string;
  /** What the audit says of it. */
  audit: AuditEvent;
  /** The live notice, as text; the record's revision is filled in here, where it is known. */
  notice: string;
}

const keepStatement = preparedBy((db: Db, _name: 'check-in') =>
  db
    .with(
      ...evidenceParts(db),
      db.$with('record', {}).as(sql`
        insert into ${attendanceRecords}
          (id, meeting_id, membership_id, status, proven_minutes, is_open, source, updated_at, revision, sight_count)
        select "recordId", "meetingId", "membershipId", "status", "provenMinutes", "isOpen", "source", "confirmedAt",
          case when known."revision" > 0 then known."revision" else coalesce((select ${pastRevision} from ${auditEvents}
            where subject_id = known."subjectId" and ${tellsOfPast}), 0) end + 1,
          "sightCount" + 1
        from known
        left join lateral (
          -- Locked, so that one which went while this waited for its meeting is not made anew from what was set aside.
          select r.id from ${attendanceRecords} r
          where r.meeting_id = known."meetingId" and r.membership_id = known."membershipId" limit 1 for no key update
        ) judged on true
        where judged.id is not null
          or known."revision" = 0
        on conflict on constraint attendance_records_meeting_member do update set
          status = excluded.status,
          proven_minutes = excluded.proven_minutes,
          is_open = excluded.is_open,
          source = excluded.source,
          revision = excluded.revision,
          sight_count = excluded.sight_count,
          updated_at = excluded.updated_at
        where attendance_records.source <> 'teacher' and attendance_records.revision = excluded.revision - 1
          and attendance_records.sight_count = excluded.sight_count - 1
        returning id, meeting_id, membership_id, revision`),
      db.$with('recorded', {}).as(sql`
        select known.*, record.id as kept_id, record.revision as kept_revision from record
        join known on known."membershipId" = record.membership_id and known."meetingId" = record.meeting_id`),
      db.$with('gone', {}).as(sql`
        delete from ${recordSpans} where ctid = any(array(
          select old.ctid from recorded
          cross join lateral (select ctid from record_spans where record_id = kept_id offset 0) old))`),
      db.$with('presence', {}).as(sql`
        insert into ${recordSpans} (id, record_id, from_at, to_at)
        select (span ->> 0)::uuid, kept_id, (span ->> 1)::timestamptz, (span ->> 2)::timestamptz
        from recorded, jsonb_array_elements("spans") span`),
      db.$with('audit', {}).as(sql`
        insert into ${auditEvents} (id, course_id, at, actor_person_id, action, subject_id, before, after)
        select "eventId", "courseId", "confirmedAt", "actorPersonId", "action", "subjectId",
          nullif("before", 'null'), nullif("after", 'null')
        from recorded`),
    )
    .select({
      id: sql<string>`recorded."id"`,
      told: sql`pg_notify(${sql.placeholder('channel')}::text,
        jsonb_set("notice", '{record,revision}', to_jsonb(kept_revision), false)::text)`,
    })
    .from(sql`recorded`)
    .prepare(planned),
);

const keepTogether = gathering({
  run: async (db: Db, asked: readonly { evidence: NewSight; record: NewRecord }[]) => {
    const sights = asked.map(({ evidence, record: { decided, judged, audit, ...record } }) => ({
      ...evidence,
      ...judged,
      ...{ meetingRevision: record.meeting.revision, loneCheckOuts: record.meeting.loneCheckOuts },
      recordId: newId(),
      ...{ status: decided.status, source: decided.source },
      ...{ provenMinutes: decided.provenMinutes, isOpen: decided.isOpen },
      spans: decided.spans.map(({ from, to }) => [newId(), from, to]),
      eventId: newId(),
      actorPersonId: record.actorPersonId,
      ...{ action: audit.action, subjectId: audit.subjectId, before: audit.before, after: audit.after },
      notice: JSON.parse(record.notice) as unknown,
    }));
    const kept = await keepStatement(db, 'check-in').execute({
      sights: JSON.stringify(sights),
      meetingId: asked[0]?.evidence.meetingId,
      channel: liveChannel,
    });
    const ids = new Set(kept.map(({ id }) => id));
    return asked.map(({ evidence }) => ids.has(evidence.id));
  },
  // Who waits for a lock on their meeting keeps no other meeting waiting.
  laneOf: ({ evidence }) => evidence.meetingId,
  keyOf: ({ evidence }) => evidence.membershipId,
});

/**
 * One statement, so that all of it is kept or nothing: the evidence, and with it the record, its presence, the
 * audit row and the live notice. The ticket's id makes it happen once. The record is written only while it is the one
 * that was judged: a teacher, or another check-in of the same member, may have been faster. Check-ins that come in the
 * same moment share it.
 *
 * @returns whether the record was written. If not, the evidence may be kept all the same: judge what stands now anew.
 */
export function insertSight(db: Db, evidence: NewSight, record: NewRecord): Promise<boolean> {
  return keepTogether(db, { evidence, record });
}

const sameStatement = preparedBy((db: Db, _name: 'same-check-in') =>
  db
    .with(
      ...evidenceParts(db),
      db.$with('met', {}).as(sql`
        update ${attendanceRecords} set sight_count = sight_count + 1
        from known
        where meeting_id = known."meetingId" and membership_id = known."membershipId"
          and attendance_records.revision = known."revision"
          and attendance_records.sight_count = known."sightCount"
        returning attendance_records.id`),
    )
    .select({ id: sql`id` })
    .from(sql`met`)
    .prepare(planned),
);

/**
 * Evidence that changes nothing of a record: kept beside it while it is the one that was judged.
 *
 * @returns false when it is not any more, although the evidence may be kept: judge what stands now anew
 */
export async function insertSameSight(
  db: Db,
  evidence: NewSight,
  { judged, meeting }: { judged: JudgedRecord; meeting: JudgedMeeting },
): Promise<boolean> {
  const met = await sameStatement(db, 'same-check-in').execute({
    sights: JSON.stringify([
      { ...evidence, ...judged, meetingRevision: meeting.revision, loneCheckOuts: meeting.loneCheckOuts },
    ]),
    meetingId: evidence.meetingId,
  });
  return met.length === 1;
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
      spans: sql<SpansJson | null>`${spansOfRecord}`,
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
        notInArray(checkIns.outcome, ['wrong-code', 'ticket-used']),
      ),
    );
  if (row === undefined) return undefined;
  const { record, spans, ...checkIn } = row;
  return { ...checkIn, record: record === null ? undefined : { ...record, spans: spansOf(spans) } };
}
