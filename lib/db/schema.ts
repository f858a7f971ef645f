import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { ExcuseReason } from '../base/excuse-reasons.ts';
import type { RetentionPolicy } from '../base/retention-policy.ts';
import type { Status } from '../base/statuses.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
/** A wall clock's reading in the meeting's zone, as text "2026-11-28T09:00". */
const localTime = (name: string) => text(name);
const id = () => uuid('id').primaryKey();
const createdAt = () => instant('created_at').notNull().defaultNow();

/** A registered platform: the pair (issuer, client id) of LTI Security Framework § 3.1. */
export const platforms = pgTable(
  'platforms',
  {
    id: id(),
    issuer: text('issuer').notNull(),
    clientId: text('client_id').notNull(),
    name: text('name').notNull(),
    authorizeUrl: text('authorize_url').notNull(),
    tokenUrl: text('token_url').notNull(),
    /** The audience of our token request, where it is not the token URL itself. */
    tokenAudience: text('token_audience'),
    jwksUrl: text('jwks_url').notNull(),
    disabledAt: instant('disabled_at'),
    createdAt: createdAt(),
  },
  (t) => [unique('platforms_issuer_client').on(t.issuer, t.clientId)],
);

/** One installation of the tool in a platform: the tenant. */
export const deployments = pgTable(
  'deployments',
  {
    id: id(),
    platformId: uuid('platform_id')
      .notNull()
      .references(() => platforms.id),
    deploymentId: text('deployment_id').notNull(),
    /** Host (and port) of the platform's web pages for this tenant, from a launch ($Canvas.api.domain). */
    webHost: text('web_host'),
    /** The hosts by which its pages were launched from lately, the last first: they may frame us. */
    frameHosts: text('frame_hosts')
      .array()
      .notNull()
      .default(sql`'{}'`),
    /** Null: seen in a launch, and waiting for the operator's word. Its launches are refused until then. */
    approvedAt: instant('approved_at'),
    /** What this institution's courses begin with, where it differs from the tool's own defaults. */
    policy: jsonb('policy').$type<Partial<CoursePolicy>>().notNull().default({}),
    /** How long this institution keeps what, where it differs from the tool's own defaults. */
    retention: jsonb('retention').$type<Partial<RetentionPolicy>>().notNull().default({}),
    createdAt: createdAt(),
  },
  (t) => [unique('deployments_platform_deployment').on(t.platformId, t.deploymentId)],
);

/** A one-time link by which an administrator registers a platform. Of its token only the hash is kept. */
export const registrationInvites = pgTable('registration_invites', {
  id: id(),
  tokenHash: text('token_hash').notNull().unique('registration_invites_token'),
  /** What the operator wrote down about it. */
  note: text('note'),
  createdAt: createdAt(),
  expiresAt: instant('expires_at').notNull(),
  usedAt: instant('used_at'),
  /** The platform that it registered. */
  platformId: uuid('platform_id').references(() => platforms.id),
});

/** The tool's own signing keys, shared by every process; the private half is sealed. */
export const toolKeys = pgTable('tool_keys', {
  kid: text('kid').primaryKey(),
  publicJwk: jsonb('public_jwk').$type<Record<string, string>>().notNull(),
  sealedPrivateJwk: text('sealed_private_jwk').notNull(),
  createdAt: createdAt(),
  /** Published from the first moment on, signing from then on: platforms that keep keys must know it first. */
  signsFrom: instant('signs_from').notNull(),
  /** Published until then; null: no end yet. */
  retiredAt: instant('retired_at'),
});

/** A human on a platform. `sub` identifies; e-mail never does. */
export const people = pgTable(
  'people',
  {
    id: id(),
    platformId: uuid('platform_id')
      .notNull()
      .references(() => platforms.id),
    sub: text('sub').notNull(),
    canvasUserId: text('canvas_user_id'),
    sisId: text('sis_id'),
    name: text('name'),
    givenName: text('given_name'),
    familyName: text('family_name'),
    email: text('email'),
    locale: text('locale'),
    /** Another row of the same human, into which this one was merged; its `sub` leads there from then on. */
    mergedInto: uuid('merged_into').references((): AnyPgColumn => people.id),
    /** Their name and addresses are erased: what their courses need stays, and names nobody. */
    erasedAt: instant('erased_at'),
    createdAt: createdAt(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('people_platform_sub').on(t.platformId, t.sub),
    uniqueIndex('people_platform_canvas_user')
      .on(t.platformId, t.canvasUserId)
      .where(sql`canvas_user_id is not null`),
    index('people_merged')
      .on(t.mergedInto)
      .where(sql`merged_into is not null`),
    // Whose time may be over. By a column that never changes: rosters write all people every night.
    index('people_known_since')
      .on(t.createdAt)
      .where(sql`erased_at is null and merged_into is null`),
  ],
);

/**
 * Two rows of which the platform said that they are one human: the same number under two `sub`. Nobody is merged
 * by it; a teacher or the operator decides.
 */
export const personConflicts = pgTable(
  'person_conflicts',
  {
    id: id(),
    /** The row that came with a number which another holds. */
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    otherPersonId: uuid('other_person_id')
      .notNull()
      .references(() => people.id),
    seenAt: instant('seen_at').notNull(),
    resolvedAt: instant('resolved_at'),
    resolution: text('resolution').$type<'merged' | 'apart'>(),
  },
  (t) => [
    unique('person_conflicts_pair').on(t.personId, t.otherPersonId),
    index('person_conflicts_other').on(t.otherPersonId),
    check('person_conflicts_two', sql`person_id <> other_person_id`),
  ],
);

export const courses = pgTable(
  'courses',
  {
    id: id(),
    deploymentId: uuid('deployment_id')
      .notNull()
      .references(() => deployments.id),
    contextId: text('context_id').notNull(),
    title: text('title').notNull(),
    label: text('label'),
    /** IANA name. */
    timeZone: text('time_zone').notNull(),
    /** The first teacher's launch replaces the default; a setting is never replaced by a guess. */
    timeZoneSource: text('time_zone_source').$type<'default' | 'teacher-launch' | 'setting'>().notNull(),
    canvasCourseId: text('canvas_course_id'),
    namesAndRolesUrl: text('names_and_roles_url'),
    /** The resource link of the last teacher's launch: NRPS adds custom fields to members for it. */
    resourceLinkId: text('resource_link_id'),
    /** When the last complete roster was asked for. */
    rosterSyncedAt: instant('roster_synced_at'),
    /** As the platform calls it: `available`, `completed` …; null: not told. */
    platformState: text('platform_state'),
    /** Why members who are missing from the platform's list still count: a teacher has to confirm. */
    departuresHeld: text('departures_held').$type<'many' | 'concluded'>(),
    /** Where the course differs from its institution's defaults. */
    policy: jsonb('policy').$type<Partial<CoursePolicy>>().notNull().default({}),
    policyRevision: integer('policy_revision').notNull().default(1),
    /** When its term ends, as the platform told it: so long a phone is remembered. */
    termEndsAt: instant('term_ends_at'),
    createdAt: createdAt(),
  },
  (t) => [unique('courses_deployment_context').on(t.deploymentId, t.contextId)],
);

export const sections = pgTable(
  'sections',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    platformSectionId: text('platform_section_id').notNull(),
    name: text('name').notNull(),
  },
  (t) => [unique('sections_course_platform_section').on(t.courseId, t.platformSectionId)],
);

/** The services that list a course's members: LTI Names and Roles, and Canvas' own REST API. */
export type RosterSource = 'nrps' | 'rest';

export const roles = ['teacher', 'assistant', 'student', 'observer', 'designer'] as const;
export type Role = (typeof roles)[number];

/** A person's place in a course. */
export const memberships = pgTable(
  'memberships',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    role: text('role').$type<Role>().notNull(),
    /** Student View's invented student: counts nowhere. */
    isTestUser: boolean('is_test_user').notNull().default(false),
    /** More time at the check-in, for whoever needs it: so much longer its codes and windows are taken from them. */
    extraMinutes: integer('extra_minutes').notNull().default(0),
    lastLaunchAt: instant('last_launch_at'),
    /** The last roster that named this member, and by which service it came. */
    listedAt: instant('listed_at'),
    listedBy: text('listed_by').$type<RosterSource>(),
    listedInSync: uuid('listed_in_sync'),
    /** The first of the complete rosters in a row without this member. */
    missingSince: instant('missing_since'),
    createdAt: createdAt(),
  },
  (t) => [
    unique('memberships_course_person').on(t.courseId, t.personId),
    index('memberships_person').on(t.personId),
    check('memberships_extra_minutes', sql`extra_minutes between 0 and 15`),
  ],
);

/** One reading of a course's roster, as the teacher's log tells it. */
export const rosterSyncs = pgTable(
  'roster_syncs',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    askedBy: text('asked_by').$type<'launch' | 'check-in' | 'teacher' | 'night' | 'operator'>().notNull(),
    source: text('source').$type<RosterSource>().notNull(),
    startedAt: instant('started_at').notNull(),
    /** Null: it runs, or the process that did it died. */
    endedAt: instant('ended_at'),
    /** `complete`: the whole list was read; `failed`: a part at most, so that nobody was taken off. */
    outcome: text('outcome').$type<'complete' | 'failed'>(),
    /** What broke it off: an error code, and the platform's HTTP status where there was one. */
    problem: text('problem'),
    problemStatus: integer('problem_status'),
    pages: integer('pages').notNull().default(0),
    /** Members on the list, and those of them that were kept (the others have no role that we know). */
    listed: integer('listed').notNull().default(0),
    kept: integer('kept').notNull().default(0),
    joined: integer('joined').notNull().default(0),
    departed: integer('departed').notNull().default(0),
    /** Missing from this list, and not ended by it. */
    missing: integer('missing').notNull().default(0),
  },
  (t) => [index('roster_syncs_course').on(t.courseId, t.startedAt)],
);

/** When a member was enrolled, and in which section. No start: since the course began. No end: still. */
export const membershipSpans = pgTable(
  'membership_spans',
  {
    id: id(),
    membershipId: uuid('membership_id')
      .notNull()
      .references(() => memberships.id),
    sectionId: uuid('section_id').references(() => sections.id),
    startsAt: instant('starts_at'),
    endsAt: instant('ends_at'),
    /** What a teacher set is not set back by a roster. */
    source: text('source').$type<'platform' | 'teacher'>().notNull().default('platform'),
    createdAt: createdAt(),
  },
  (t) => [
    index('membership_spans_membership').on(t.membershipId),
    check('membership_spans_order', sql`starts_at is null or ends_at is null or starts_at <= ends_at`),
    // One human cannot be in the same section twice at once, whichever process saw them first.
    uniqueIndex('membership_spans_open')
      .on(t.membershipId, sql`coalesce(section_id, '00000000-0000-0000-0000-000000000000'::uuid)`)
      .where(sql`ends_at is null`),
  ],
);

export const meetingKinds = ['regular', 'weekend', 'evening', 'online'] as const;
export type MeetingKind = (typeof meetingKinds)[number];

/** A break by the clock: instants in ISO 8601. */
export interface TimedBreak {
  from: string;
  to: string;
}

/** Meetings that were planned together. */
export const meetingSeries = pgTable(
  'meeting_series',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    /** What was asked for when it was planned; the meetings themselves say what holds. */
    rule: jsonb('rule').notNull(),
    createdAt: createdAt(),
  },
  (t) => [index('meeting_series_course').on(t.courseId)],
);

export const meetings = pgTable(
  'meetings',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    /** No title: the screens make one of weekday and number. */
    title: text('title'),
    localStart: localTime('local_start').notNull(),
    localEnd: localTime('local_end').notNull(),
    timeZone: text('time_zone').notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** A break that was given as minutes alone: it lies in the middle. None where breaks have times. */
    breakMinutes: integer('break_minutes').notNull().default(0),
    breaks: jsonb('breaks').$type<TimedBreak[]>().notNull().default([]),
    kind: text('kind').$type<MeetingKind>().notNull().default('regular'),
    room: text('room'),
    onlineUrl: text('online_url'),
    /** The service behind it, as the teacher calls it ("Zoom"). */
    onlinePlatform: text('online_platform'),
    description: text('description'),
    /** A meeting that may be missed counts in no rate. */
    isMandatory: boolean('is_mandatory').notNull().default(true),
    /** Whom it is for; empty: every section. */
    sectionIds: uuid('section_ids')
      .array()
      .notNull()
      .default(sql`'{}'`),
    seriesId: uuid('series_id').references(() => meetingSeries.id),
    /** Where it was imported from: the calendar's UID and recurrence, or the row's own key. */
    importKey: text('import_key'),
    /** A teacher has declared the register to be complete. */
    closedAt: instant('closed_at'),
    state: text('state').$type<'planned' | 'cancelled'>().notNull().default('planned'),
    revision: integer('revision').notNull().default(1),
    /** Rises with each check-out without a check-in: a first check-in that is being kept meanwhile is judged anew. */
    loneCheckOuts: integer('lone_check_outs').notNull().default(0),
    /** When the evidence of its check-ins was erased; one that is moved behind that moment may hold some again. */
    evidenceErasedAt: instant('evidence_erased_at'),
    createdAt: createdAt(),
  },
  (t) => [
    // With the id: a meeting's number is counted by the index alone.
    index('meetings_course_start').on(t.courseId, t.startsAt, t.id),
    // What a night looks through: not the meetings of all years.
    index('meetings_evidence')
      .on(t.courseId, t.endsAt)
      .where(sql`evidence_erased_at is null or evidence_erased_at < ends_at`),
    index('meetings_series').on(t.seriesId),
    uniqueIndex('meetings_import')
      .on(t.courseId, t.importKey)
      .where(sql`import_key is not null`),
    check('meetings_start_before_end', sql`starts_at < ends_at`),
    check(
      'meetings_break_fits',
      sql`break_minutes >= 0 and break_minutes * interval '1 minute' < ends_at - starts_at`,
    ),
  ],
);

/** Coming or going. */
export type Direction = 'in' | 'out';

/** A time during which phones may check in, or out; its secret makes the codes. */
export const checkInWindows = pgTable(
  'check_in_windows',
  {
    id: id(),
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meetings.id),
    direction: text('direction').$type<Direction>().notNull().default('in'),
    /** Four symbols that find the window; no secret. */
    locator: text('locator').notNull(),
    sealedSecret: text('sealed_secret').notNull(),
    /** How long a scanned code is shown. Null: one code for the whole time, for printed sheets. */
    stepSeconds: integer('step_seconds').default(10),
    /** When somebody opened or planned it. */
    openedAt: instant('opened_at').notNull(),
    /** Codes are taken from then on; it may be planned ahead. */
    opensAt: instant('opens_at').notNull(),
    closesAt: instant('closes_at').notNull(),
    /** Its times move with the meeting's. */
    followsMeeting: boolean('follows_meeting').notNull().default(false),
    closedAt: instant('closed_at'),
  },
  (t) => [
    uniqueIndex('check_in_windows_one_open')
      .on(t.meetingId, t.direction)
      .where(sql`closed_at is null`),
    uniqueIndex('check_in_windows_open_locator')
      .on(t.locator)
      .where(sql`closed_at is null`),
    index('check_in_windows_locator').on(t.locator, t.openedAt),
    index('check_in_windows_meeting').on(t.meetingId),
    check('check_in_windows_step', sql`step_seconds between 5 and 60`),
    check('check_in_windows_order', sql`opens_at <= closes_at`),
  ],
);

/**
 * What came of a check-in. `already`: it said nothing new. `noted`: a teacher had entered the record, which stays; the
 * evidence is kept beside it. `unpaired`: a check-out without a check-in before it, which proves nothing. `wrong-code`
 * and `ticket-used` (somebody else had confirmed this scan) were refused, and are no sight of anybody.
 */
export type CheckInOutcome =
  'checked-in' | 'checked-out' | 'already' | 'noted' | 'unpaired' | 'wrong-code' | 'ticket-used';

/** Evidence, append-only: a check-in or check-out that was confirmed, or an attempt that was refused. */
export const checkIns = pgTable(
  'check_ins',
  {
    id: id(),
    /** The scan ticket's id: one scan confirms once. None for wrong codes. */
    ticketId: text('ticket_id').unique('check_ins_ticket'),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    meetingId: uuid('meeting_id').references(() => meetings.id),
    windowId: uuid('window_id').references(() => checkInWindows.id),
    membershipId: uuid('membership_id')
      .notNull()
      .references(() => memberships.id),
    outcome: text('outcome').$type<CheckInOutcome>().notNull(),
    direction: text('direction').$type<Direction>().notNull().default('in'),
    /** `helper`: somebody who runs the course has checked them in, without a code. */
    via: text('via').$type<'scan' | 'typed' | 'helper'>().notNull(),
    /** Who confirmed it for them. */
    helperPersonId: uuid('helper_person_id').references(() => people.id),
    /** When the code was seen: this time counts, however long the sign-in took. */
    scannedAt: instant('scanned_at').notNull(),
    confirmedAt: instant('confirmed_at').notNull(),
    codeAgeMs: integer('code_age_ms'),
    deviceId: uuid('device_id').references(() => devices.id),
    /** The browser that scanned, and the one that confirmed: hashes of the random ids that they keep as a cookie. */
    scanBrowserHash: text('scan_browser_hash'),
    browserHash: text('browser_hash'),
    networkHash: text('network_hash'),
    /** Whether it came from the networks that the course allows. Null: the course names none. */
    isNetworkAllowed: boolean('is_network_allowed'),
    /** How far from the room, where the course asks for it and the student has agreed. */
    distanceMeters: integer('distance_meters'),
    flags: text('flags')
      .array()
      .notNull()
      .default(sql`'{}'`),
  },
  (t) => [
    index('check_ins_meeting_member').on(t.meetingId, t.membershipId),
    index('check_ins_member').on(t.membershipId, t.confirmedAt),
    // Whoever deletes a window asks whether it has evidence.
    index('check_ins_window').on(t.windowId),
    // Wrong codes that led to no meeting, until their evidence is erased.
    index('check_ins_stray')
      .on(t.courseId, t.confirmedAt)
      .where(sql`meeting_id is null and (browser_hash is not null or network_hash is not null)`),
  ],
);

/** What a person made of a check-in that gave a reason to look. `set-aside`: it counts for nothing any more. */
export const checkInReviews = pgTable('check_in_reviews', {
  checkInId: uuid('check_in_id')
    .primaryKey()
    .references(() => checkIns.id),
  decision: text('decision').$type<'fine' | 'ask' | 'set-aside'>().notNull(),
  decidedBy: uuid('decided_by')
    .notNull()
    .references(() => people.id),
  decidedAt: instant('decided_at').notNull(),
});

/** A few of those who are checked in, drawn by lot and called out. */
export const spotChecks = pgTable(
  'spot_checks',
  {
    id: id(),
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meetings.id),
    startedBy: uuid('started_by')
      .notNull()
      .references(() => people.id),
    startedAt: instant('started_at').notNull(),
    /** How many were checked in when the lot was drawn. */
    checkedIn: integer('checked_in').notNull(),
    /** Null: still being called out. */
    endedAt: instant('ended_at'),
  },
  (t) => [index('spot_checks_meeting').on(t.meetingId, t.startedAt)],
);

export const spotCheckPicks = pgTable(
  'spot_check_picks',
  {
    id: id(),
    spotCheckId: uuid('spot_check_id')
      .notNull()
      .references(() => spotChecks.id),
    membershipId: uuid('membership_id')
      .notNull()
      .references(() => memberships.id),
    /** In the order in which they are called, from 0. */
    position: integer('position').notNull(),
    /** Whether they were in the room. Null: not called yet. */
    isThere: boolean('is_there'),
  },
  (t) => [unique('spot_check_picks_member').on(t.spotCheckId, t.membershipId)],
);

/** A person's own code, by which somebody who runs a course may check them in. It signs nobody in. */
export const personalCodes = pgTable('personal_codes', {
  personId: uuid('person_id')
    .primaryKey()
    .references(() => people.id),
  tokenHash: text('token_hash').notNull().unique('personal_codes_token'),
  /** Sealed, so that the person can be shown the code again. */
  sealedToken: text('sealed_token').notNull(),
  createdAt: createdAt(),
});

/** A remembered phone, by its owner's wish ("this is my phone"). */
export const devices = pgTable(
  'devices',
  {
    id: id(),
    keyHash: text('key_hash').notNull(),
    platformId: uuid('platform_id')
      .notNull()
      .references(() => platforms.id),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    /** The key that was given out to follow this one; whichever the browser brings next is the one that it has. */
    nextKeyHash: text('next_key_hash'),
    /** What its owner will know it by: "iPhone, Safari". */
    name: text('name'),
    createdAt: createdAt(),
    /** When its present key was given out. */
    renewedAt: instant('renewed_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    uniqueIndex('devices_key_platform')
      .on(t.keyHash, t.platformId)
      .where(sql`revoked_at is null`),
    uniqueIndex('devices_next_key_platform')
      .on(t.nextKeyHash, t.platformId)
      .where(sql`revoked_at is null`),
    index('devices_person').on(t.personId),
    // Those that have ended and are not emptied yet.
    index('devices_ended')
      .on(sql`coalesce(${t.revokedAt}, ${t.expiresAt})`)
      .where(sql`key_hash <> ''`),
  ],
);

/**
 * Where a record comes from. What a teacher entered survives later evidence. `excuse`: an accepted excuse; who comes
 * all the same is checked in as ever, and such a record alone makes no meeting taken.
 */
export type RecordSource = 'check-in' | 'teacher' | 'excuse';

/** One member's attendance at one meeting. No row: not taken yet. */
export const attendanceRecords = pgTable(
  'attendance_records',
  {
    id: id(),
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meetings.id),
    membershipId: uuid('membership_id')
      .notNull()
      .references(() => memberships.id),
    status: text('status').$type<Status>().notNull(),
    /** Minutes of teaching time that are proven; never more than the meeting has. */
    provenMinutes: integer('proven_minutes').notNull(),
    /** A check-out is required and missing: nothing is proven until a teacher decides. */
    isOpen: boolean('is_open').notNull().default(false),
    source: text('source').$type<RecordSource>().notNull(),
    note: text('note'),
    /** The missed meeting of one's own section that this attendance stands for. */
    replacesMeetingId: uuid('replaces_meeting_id').references(() => meetings.id),
    revision: integer('revision').notNull().default(1),
    /** Rises with each check-in that meets it, also one that changes nothing: two in the same moment take turns by it. */
    sightCount: integer('sight_count').notNull().default(0),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    unique('attendance_records_meeting_member').on(t.meetingId, t.membershipId),
    index('attendance_records_member').on(t.membershipId),
    uniqueIndex('attendance_records_replaces')
      .on(t.membershipId, t.replacesMeetingId)
      .where(sql`replaces_meeting_id is not null`),
    index('attendance_records_replaced')
      .on(t.replacesMeetingId)
      .where(sql`replaces_meeting_id is not null`),
    check('attendance_records_minutes', sql`proven_minutes >= 0`),
  ],
);

/**
 * Presence as from/to, so that several in/out pairs hold: the times that were seen or entered, without grace. No end:
 * until the meeting's end. A record `present` without any: a teacher's word for the whole meeting, wherever it moves.
 */
export const recordSpans = pgTable(
  'record_spans',
  {
    id: id(),
    recordId: uuid('record_id')
      .notNull()
      .references(() => attendanceRecords.id, { onDelete: 'cascade' }),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at'),
  },
  (t) => [
    index('record_spans_record').on(t.recordId),
    check('record_spans_order', sql`to_at is null or from_at <= to_at`),
  ],
);

/** What a student hands in. It changes no record; a decision does. */
export const excuses = pgTable(
  'excuses',
  {
    /** Chosen by the student's browser, so that handing in twice is handing in once. */
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    membershipId: uuid('membership_id')
      .notNull()
      .references(() => memberships.id),
    reason: text('reason').$type<ExcuseReason>().notNull(),
    /** Their own words; null: none, or erased when its time was over. */
    text: text('text'),
    /** First and last day in the course's zone ("2026-11-28"), both inclusive, where days were named; else null. */
    fromDay: text('from_day'),
    toDay: text('to_day'),
    /** `accepted`: for one of its meetings at least. */
    state: text('state').$type<'submitted' | 'accepted' | 'declined' | 'withdrawn'>().notNull(),
    submittedAt: instant('submitted_at').notNull(),
    /** When the student took it back. */
    withdrawnAt: instant('withdrawn_at'),
    decidedAt: instant('decided_at'),
    decidedBy: uuid('decided_by').references(() => people.id),
    /** What the decider tells the student. */
    decisionNote: text('decision_note'),
    /** When its words were erased: the decision stays. */
    textErasedAt: instant('text_erased_at'),
    revision: integer('revision').notNull().default(1),
  },
  (t) => [
    index('excuses_course').on(t.courseId, t.submittedAt),
    index('excuses_member').on(t.membershipId),
    index('excuses_open')
      .on(t.courseId)
      .where(sql`state = 'submitted'`),
    index('excuses_with_text')
      .on(t.courseId, sql`coalesce(${t.decidedAt}, ${t.withdrawnAt}, ${t.submittedAt})`)
      .where(sql`text_erased_at is null`),
    check('excuses_days', sql`(from_day is null) = (to_day is null) and from_day <= to_day`),
  ],
);

/** What stood in the register before an excuse was accepted, so that taking the decision back restores it. */
export interface RecordBefore {
  status: Status;
  source: RecordSource;
  spans: { from: string; to: string | null }[];
  note: string | null;
  replacesMeetingId: string | null;
}

/** A meeting that an excuse is about. */
export const excuseMeetings = pgTable(
  'excuse_meetings',
  {
    excuseId: uuid('excuse_id')
      .notNull()
      .references(() => excuses.id),
    meetingId: uuid('meeting_id')
      .notNull()
      .references(() => meetings.id),
    /** Null: not decided. */
    decision: text('decision').$type<'accepted' | 'declined'>(),
    /** The record in whose place the decision put `excused`. Null: there was none, or it changed nothing. */
    recordBefore: jsonb('record_before').$type<RecordBefore>(),
    /** Whether the decision changed the register; it does not where the student was there. */
    changedRecord: boolean('changed_record').notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.excuseId, t.meetingId] }),
    index('excuse_meetings_meeting').on(t.meetingId),
  ],
);

/** What documents are kept as: pictures of any kind become JPEG. */
export type DocumentType = 'application/pdf' | 'image/jpeg';

/**
 * A document of an excuse. The row comes before its object and goes after it, so that nothing lies in the store that
 * no row knows.
 */
export const excuseFiles = pgTable(
  'excuse_files',
  {
    /** Chosen by the student's browser, so that an upload can be tried again. */
    id: id(),
    membershipId: uuid('membership_id')
      .notNull()
      .references(() => memberships.id),
    /** Null: uploaded, and not handed in yet. */
    excuseId: uuid('excuse_id').references(() => excuses.id),
    /** Random; where the object lies in the store. */
    objectKey: text('object_key').notNull().unique('excuse_files_object'),
    /** As the student's device called it. Null: erased with the document. */
    name: text('name'),
    mediaType: text('media_type').$type<DocumentType>().notNull(),
    bytes: integer('bytes').notNull(),
    createdAt: createdAt(),
    /** When the whole object lay in the store. Null: being stored, or its process died. */
    storedAt: instant('stored_at'),
    /** From then on nobody may open it, and its object is deleted. */
    discardedAt: instant('discarded_at'),
    /** When its object was gone. */
    removedAt: instant('removed_at'),
  },
  (t) => [
    index('excuse_files_excuse').on(t.excuseId),
    index('excuse_files_member').on(t.membershipId),
    // Those that can be opened: few, because they are discarded soon after the decision.
    index('excuse_files_kept')
      .on(t.excuseId)
      .where(sql`discarded_at is null and excuse_id is not null`),
    // What the cleaner looks through: a handful, however many documents there are.
    index('excuse_files_unsettled')
      .on(t.createdAt)
      .where(
        sql`removed_at is null and (excuse_id is null or stored_at is null or discarded_at is not null)`,
      ),
    check('excuse_files_bytes', sql`bytes > 0`),
  ],
);

export const messageKinds = ['excuse-decided', 'excuses-received', 'marked-absent', 'rate-below'] as const;
export type MessageKind = (typeof messageKinds)[number];

/**
 * Mails that are to be sent, written in the transaction of what they tell of. They name rows alone: the words are made
 * when one is sent.
 */
export const messages = pgTable(
  'messages',
  {
    id: id(),
    kind: text('kind').$type<MessageKind>().notNull(),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    /** What it tells of (an excuse, a meeting); null: the course as a whole. */
    subjectId: uuid('subject_id'),
    /** One mail a key: what was told is not told again. */
    onceKey: text('once_key').notNull().unique('messages_once'),
    createdAt: createdAt(),
    /** Not before then: a digest waits. */
    dueAt: instant('due_at').notNull(),
    attempts: integer('attempts').notNull().default(0),
    sentAt: instant('sent_at'),
    /** Why it will not be sent any more: `no-address`, `unsubscribed`, `refused`, `outdated` … */
    droppedAt: instant('dropped_at'),
    dropReason: text('drop_reason'),
  },
  (t) => [
    index('messages_waiting')
      .on(t.dueAt)
      .where(sql`sent_at is null and dropped_at is null`),
    index('messages_person').on(t.personId),
    // Without the one mail on a low rate: it would be sent again if nobody knew of it any more.
    index('messages_settled')
      .on(t.courseId, t.createdAt)
      .where(sql`(sent_at is not null or dropped_at is not null) and kind <> 'rate-below'`),
  ],
);

/** A person's word that they want no more mails of a kind. */
export const messageOptOuts = pgTable(
  'message_opt_outs',
  {
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id),
    kind: text('kind').$type<MessageKind>().notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.personId, t.kind] })],
);

/** One run of the job that erases what has been kept long enough: how many rows of each kind. */
export const retentionRuns = pgTable(
  'retention_runs',
  {
    id: id(),
    startedAt: instant('started_at').notNull(),
    /** Null: it runs, or its process died. */
    endedAt: instant('ended_at'),
    erased: jsonb('erased').$type<Record<string, number>>().notNull().default({}),
  },
  (t) => [index('retention_runs_started').on(t.startedAt)],
);

/** The keys of the audit chain, themselves sealed with the secret. */
export const auditKeys = pgTable('audit_keys', {
  id: id(),
  sealedKey: text('sealed_key').notNull(),
  createdAt: createdAt(),
});

/** One link of a course's chain: it seals a batch of events, and the link before it. */
export const auditSeals = pgTable(
  'audit_seals',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    /** From 1, without gaps. */
    number: integer('number').notNull(),
    keyId: uuid('key_id')
      .notNull()
      .references(() => auditKeys.id),
    eventCount: integer('event_count').notNull(),
    mac: text('mac').notNull(),
    sealedAt: instant('sealed_at').notNull(),
  },
  (t) => [unique('audit_seals_course_number').on(t.courseId, t.number)],
);

/** Append-only: who changed what, written in the transaction that changed it. */
export const auditEvents = pgTable(
  'audit_events',
  {
    id: id(),
    courseId: uuid('course_id')
      .notNull()
      .references(() => courses.id),
    at: instant('at').notNull(),
    actorPersonId: uuid('actor_person_id').references(() => people.id),
    action: text('action').notNull(),
    subjectId: uuid('subject_id').notNull(),
    before: jsonb('before'),
    after: jsonb('after'),
    /** The random half of the commitment; it and what it hides can be erased without breaking the chain. */
    salt: text('salt'),
    commitment: text('commitment'),
    sealId: uuid('seal_id').references(() => auditSeals.id),
    /** Its place within the seal, from 0. */
    sealPosition: integer('seal_position'),
    erasedAt: instant('erased_at'),
  },
  (t) => [
    index('audit_events_course').on(t.courseId, t.at),
    index('audit_events_subject').on(t.subjectId, t.at),
    index('audit_events_actor').on(t.actorPersonId),
    uniqueIndex('audit_events_seal').on(t.sealId, t.sealPosition),
    index('audit_events_unsealed')
      .on(t.courseId)
      .where(sql`seal_id is null`),
  ],
);

/** A person's calendar link: whoever holds it reads their meetings, until it is renewed. */
export const calendarFeeds = pgTable('calendar_feeds', {
  personId: uuid('person_id')
    .primaryKey()
    .references(() => people.id),
  tokenHash: text('token_hash').notNull().unique('calendar_feeds_token'),
  /** Sealed, so that the person can be shown the link again. */
  sealedToken: text('sealed_token').notNull(),
  createdAt: createdAt(),
});

/** Single use by unique insert. */
export const usedNonces = pgTable(
  'used_nonces',
  { nonce: text('nonce').primaryKey(), expiresAt: instant('expires_at').notNull() },
  (t) => [index('used_nonces_expiry').on(t.expiresAt)],
);

export const usedTickets = pgTable(
  'used_tickets',
  { ticketId: text('ticket_id').primaryKey(), expiresAt: instant('expires_at').notNull() },
  (t) => [index('used_tickets_expiry').on(t.expiresAt)],
);
