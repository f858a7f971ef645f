import { and, asc, eq, gt, isNotNull, isNull, ne, sql } from 'drizzle-orm';
import { defaultPolicy, resolvePolicy } from '../base/course-policy.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Db } from '../db/client.ts';
import { isEnrolledAt } from '../db/enrolled.ts';
import { idArray } from '../db/id-array.ts';
import { livingPersonId } from '../db/living-person.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import {
  attendanceRecords,
  courses,
  deployments,
  excuseMeetings,
  excuses,
  meetings,
  memberships,
  messageOptOuts,
  messages,
  people,
  platforms,
} from '../db/schema.ts';
import type { MessageKind } from '../db/schema.ts';
import type { LetterMeeting } from './letter.ts';
import type { DropReason, Recipient } from './rules.ts';

export { messageKinds } from '../db/schema.ts';
export type Message = typeof messages.$inferSelect;

/** Keeps mails that are to be sent, each once by its key. @returns how many are new */
export async function insertMessages(
  db: Db,
  rows: readonly Omit<typeof messages.$inferInsert, 'attempts' | 'sentAt' | 'droppedAt' | 'dropReason'>[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const kept = await db
    .insert(messages)
    .values([...rows])
    .onConflictDoNothing({ target: messages.onceKey })
    .returning({ id: messages.id });
  return kept.length;
}

/** Gives up what waits to be told of a subject: something newer is told in its place. */
export async function dropWaiting(
  db: Db,
  key: { kind: MessageKind; subjectId: string; exceptKey: string; now: Date },
): Promise<void> {
  await db
    .update(messages)
    .set({ droppedAt: key.now, dropReason: 'outdated' })
    .where(
      and(
        eq(messages.kind, key.kind),
        eq(messages.subjectId, key.subjectId),
        ne(messages.onceKey, key.exceptKey),
        isNull(messages.sentAt),
        isNull(messages.droppedAt),
      ),
    );
}

/** Whose excuse it is, with an address to write to. */
export async function selectStudentOfExcuse(
  db: Db,
  key: { courseId: string; excuseId: string },
): Promise<string | undefined> {
  const [row] = await db
    .select({ personId: memberships.personId })
    .from(excuses)
    .innerJoin(memberships, eq(memberships.id, excuses.membershipId))
    .innerJoin(people, and(eq(people.id, memberships.personId), hasAddress))
    .where(
      and(
        eq(excuses.id, key.excuseId),
        eq(excuses.courseId, key.courseId),
        eq(memberships.isTestUser, false),
      ),
    );
  return row?.personId;
}

/** The teachers of a course now, as far as they can be written to. */
export async function selectTeachersToTell(
  db: Db,
  courseId: string,
  now: Date,
): Promise<{ personId: string }[]> {
  return db
    .select({ personId: memberships.personId })
    .from(memberships)
    .innerJoin(people, and(eq(people.id, memberships.personId), hasAddress))
    .where(
      and(
        eq(memberships.courseId, courseId),
        eq(memberships.role, 'teacher'),
        eq(memberships.isTestUser, false),
        isEnrolledAt(memberships.id, now),
      ),
    );
}

const hasAddress = sql`people.email is not null and people.email <> '' and people.erased_at is null`;

/**
 * Takes the next mail that is due, for a while: no other process takes it meanwhile, and one does after that, should
 * this process die before it has begun to send.
 */
export async function takeDueMessage(db: Db, now: Date, until: Date): Promise<Message | undefined> {
  const [row] = await db
    .update(messages)
    .set({ attempts: sql`${messages.attempts} + 1`, dueAt: until })
    .where(
      sql`${messages.id} = (select waiting.id from messages waiting
        where waiting.sent_at is null and waiting.dropped_at is null and waiting.due_at <= ${now.toISOString()}
        order by waiting.due_at, waiting.id limit 1 for update skip locked)`,
    )
    .returning();
  return row;
}

/**
 * Notes, before anything goes out, that a mail is being sent: as its worst end. A process that dies over it leaves it so,
 * and nobody is sent it twice.
 *
 * @returns false when somebody else has taken it since
 */
export async function noteSending(db: Db, { id, attempts }: Message, now: Date): Promise<boolean> {
  const rows = await db
    .update(messages)
    .set({ droppedAt: now, dropReason: 'unclear' satisfies DropReason })
    .where(
      and(
        eq(messages.id, id),
        eq(messages.attempts, attempts),
        isNull(messages.sentAt),
        isNull(messages.droppedAt),
      ),
    )
    .returning({ id: messages.id });
  return rows.length === 1;
}

/** What came of a mail that was taken. */
export type Outcome =
  | { kind: 'sent'; at: Date }
  | { kind: 'dropped'; reason: DropReason; at: Date }
  | { kind: 'later'; dueAt: Date };

export async function settleMessage(db: Db, id: string, outcome: Outcome): Promise<void> {
  await db.update(messages).set(changeOf(outcome)).where(eq(messages.id, id));
}

function changeOf(outcome: Outcome) {
  const isWaiting = { droppedAt: null, dropReason: null };
  switch (outcome.kind) {
    case 'sent':
      return { ...isWaiting, sentAt: outcome.at };
    case 'later':
      return { ...isWaiting, dueAt: outcome.dueAt };
    case 'dropped':
      return { droppedAt: outcome.at, dropReason: outcome.reason };
  }
}

/** Gives up all that is due. @returns how many there were */
export async function dropDue(db: Db, now: Date, reason: DropReason): Promise<number> {
  const dropped = await db
    .update(messages)
    .set({ droppedAt: now, dropReason: reason })
    .where(
      and(
        isNull(messages.sentAt),
        isNull(messages.droppedAt),
        sql`${messages.dueAt} <= ${now.toISOString()}`,
      ),
    )
    .returning({ id: messages.id });
  return dropped.length;
}

export interface Delivering {
  recipient: Recipient;
  personId: string;
  givenName: string | null;
  locale: string | null;
  membershipId: string | null;
  course: { id: string; title: string; policy: CoursePolicy };
  /** Where the course's pages are, as `directLaunchUrl` wants it. */
  platform: { issuer: string; webHost: string | null; canvasCourseId: string | null; deploymentId: string };
}

/** Whom a mail is for and where it belongs, as it stands now: of a merged person, the row in which they live on. */
export async function selectDelivering(db: Db, message: Message, now: Date): Promise<Delivering | undefined> {
  const [row] = await db
    .select({
      personId: people.id,
      email: people.email,
      erasedAt: people.erasedAt,
      givenName: people.givenName,
      locale: people.locale,
      membershipId: memberships.id,
      role: memberships.role,
      isTestUser: memberships.isTestUser,
      course: { id: courses.id, title: courses.title },
      policies: { course: courses.policy, institution: deployments.policy },
      approvedAt: deployments.approvedAt,
      disabledAt: platforms.disabledAt,
      platform: {
        issuer: platforms.issuer,
        webHost: deployments.webHost,
        canvasCourseId: courses.canvasCourseId,
        deploymentId: deployments.deploymentId,
      },
      hasOptedOut: hasOptedOut(message.kind),
    })
    .from(people)
    .innerJoin(courses, eq(courses.id, message.courseId))
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .leftJoin(
      memberships,
      and(
        eq(memberships.courseId, courses.id),
        eq(memberships.personId, people.id),
        isEnrolledAt(memberships.id, now),
      ),
    )
    .where(eq(people.id, livingPersonId(message.personId)));
  if (row === undefined) return undefined;
  const { personId, email, givenName, locale, membershipId, role, course, platform } = row;
  return {
    ...{ personId, givenName, locale, membershipId, platform },
    course: { ...course, policy: resolvePolicy(row.policies.institution, row.policies.course) },
    recipient: {
      email,
      isErased: row.erasedAt !== null,
      place: role === null ? null : { role, isTestUser: row.isTestUser ?? false },
      isPlatformAdmitted: row.approvedAt !== null && row.disabledAt === null,
      hasOptedOut: row.hasOptedOut,
    },
  };
}

/** Whether a person of `people`, or a row that was merged into theirs, has said that they want none of a kind. */
function hasOptedOut(kind: MessageKind) {
  return sql<boolean>`exists (select 1 from message_opt_outs o join people said on said.id = o.person_id
    where o.kind = ${kind} and (said.id = people.id or said.merged_into = people.id))`;
}

const letterMeeting = {
  title: meetings.title,
  number: meetingNumber,
  localStart: meetings.localStart,
  startsAt: meetings.startsAt,
  endsAt: meetings.endsAt,
  timeZone: meetings.timeZone,
};

export interface DecidedExcuse {
  decision: 'accepted' | 'declined';
  meetings: (LetterMeeting & { decision: 'accepted' | 'declined' })[];
}

/** An excuse with its meetings in their order; undefined while no decision stands. */
export async function selectDecidedExcuse(db: Db, excuseId: string): Promise<DecidedExcuse | undefined> {
  const [excuse] = await db.select({ state: excuses.state }).from(excuses).where(eq(excuses.id, excuseId));
  if (excuse?.state !== 'accepted' && excuse?.state !== 'declined') return undefined;
  const rows = await db
    .select({ ...letterMeeting, decision: excuseMeetings.decision })
    .from(excuseMeetings)
    .innerJoin(meetings, eq(meetings.id, excuseMeetings.meetingId))
    .where(and(eq(excuseMeetings.excuseId, excuseId), isNotNull(excuseMeetings.decision)))
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
  return {
    decision: excuse.state,
    meetings: rows.flatMap(({ decision, ...meeting }) =>
      decision === null ? [] : [{ ...meeting, decision }],
    ),
  };
}

/**
 * How many excuses of a course wait, and whether this digest has something new to tell of them: some have come since the
 * last one was sent to this person, and none that was queued later tells it. Whatever was handed in within a minute
 * before the last counts as new: its transaction may not have ended then.
 */
export async function countWaitingExcuses(
  db: Db,
  digest: Pick<Message, 'id' | 'courseId' | 'createdAt'>,
  personId: string,
  now: Date,
): Promise<{ waiting: number; hasNews: boolean }> {
  const others = sql`from messages m where m.person_id = ${personId} and m.course_id = ${digest.courseId}
    and m.kind = 'excuses-received'`;
  const isFresh = sql`${excuses.submittedAt} > coalesce((select max(m.sent_at) ${others}) - interval '1 minute',
    '-infinity')`;
  const later = sql`exists (select 1 ${others} and m.sent_at is null
    and (m.created_at, m.id) > (${digest.createdAt.toISOString()}::timestamptz, ${digest.id}::uuid)
    and (m.drop_reason = 'unclear' or (m.dropped_at is null and (m.attempts > 0 or m.due_at <= ${now.toISOString()}))))`;
  const [row] = await db
    .select({
      waiting: sql<number>`count(*)::int`,
      hasNews: sql<boolean>`count(*) filter (where ${isFresh}) > 0 and not ${later}`,
    })
    .from(excuses)
    .where(and(eq(excuses.courseId, digest.courseId), eq(excuses.state, 'submitted')));
  return row ?? { waiting: 0, hasNews: false };
}

/** Whether nothing has been handed in for this member and meeting that still waits. */
const noExcuseWaits = sql`not exists (select 1 from excuse_meetings em join excuses e on e.id = em.excuse_id
  where em.meeting_id = attendance_records.meeting_id and e.membership_id = attendance_records.membership_id
  and e.state = 'submitted')`;

const standsAbsent = and(
  eq(attendanceRecords.status, 'absent'),
  eq(meetings.state, 'planned'),
  noExcuseWaits,
);

/** The meeting at which a member still stands as absent, with no excuse waiting; undefined: not any more. */
export async function selectAbsence(
  db: Db,
  key: { meetingId: string; membershipId: string },
): Promise<LetterMeeting | undefined> {
  const [row] = await db
    .select(letterMeeting)
    .from(attendanceRecords)
    .innerJoin(meetings, eq(meetings.id, attendanceRecords.meetingId))
    .where(
      and(
        eq(attendanceRecords.meetingId, key.meetingId),
        eq(attendanceRecords.membershipId, key.membershipId),
        standsAbsent,
      ),
    );
  return row;
}

/** What one statement finds and keeps; the next run finds the rest. */
const mostAtOnce = 2_000;

export interface Absence {
  meetingId: string;
  courseId: string;
  membershipId: string;
  personId: string;
}

/**
 * Students who stand as absent at a meeting of a course that wants them told, where nothing was told yet.
 *
 * @param times held since, and marked between these two
 */
export async function selectAbsencesToTell(
  db: Db,
  now: Date,
  times: { heldSince: Date; markedSince: Date; markedUntil: Date },
): Promise<Absence[]> {
  const told = sql`exists (select 1 from messages m where m.once_key =
    'marked-absent:' || attendance_records.meeting_id || ':' || attendance_records.membership_id)`;
  const last = sql`greatest(meetings.ends_at, attendance_records.updated_at)`;
  return db
    .select({
      meetingId: meetings.id,
      courseId: meetings.courseId,
      membershipId: memberships.id,
      personId: memberships.personId,
    })
    .from(meetings)
    .innerJoin(courses, eq(courses.id, meetings.courseId))
    .innerJoin(deployments, and(eq(deployments.id, courses.deploymentId), isNotNull(deployments.approvedAt)))
    .innerJoin(platforms, and(eq(platforms.id, deployments.platformId), isNull(platforms.disabledAt)))
    .innerJoin(attendanceRecords, eq(attendanceRecords.meetingId, meetings.id))
    .innerJoin(memberships, and(eq(memberships.id, attendanceRecords.membershipId), studentsToTell(now)))
    .innerJoin(people, and(eq(people.id, memberships.personId), hasAddress))
    .where(
      and(
        wants('mailAbsences'),
        gt(meetings.endsAt, times.heldSince),
        sql`${last} > ${times.markedSince.toISOString()} and ${last} <= ${times.markedUntil.toISOString()}`,
        standsAbsent,
        sql`not ${told}`,
      ),
    )
    .limit(mostAtOnce);
}

/** Whether a course, or else its institution, or else we want mails of a kind; as `resolvePolicy`. */
function wants(field: 'mailAbsences' | 'mailRateBelow') {
  return sql<boolean>`coalesce((courses.policy ->> ${field})::boolean, (deployments.policy ->> ${field})::boolean,
    ${defaultPolicy[field]})`;
}

const studentsToTell = (now: Date) =>
  and(eq(memberships.role, 'student'), eq(memberships.isTestUser, false), isEnrolledAt(memberships.id, now));

/** The courses that tell students of a low rate, and have held a meeting since. */
export async function selectCoursesToWatch(
  db: Db,
  heldSince: Date,
): Promise<{ courseId: string; policy: CoursePolicy }[]> {
  const rows = await db
    .select({ courseId: courses.id, course: courses.policy, institution: deployments.policy })
    .from(courses)
    .innerJoin(deployments, and(eq(deployments.id, courses.deploymentId), isNotNull(deployments.approvedAt)))
    .innerJoin(platforms, and(eq(platforms.id, deployments.platformId), isNull(platforms.disabledAt)))
    .where(
      and(
        wants('mailRateBelow'),
        sql`exists (select 1 from meetings where meetings.course_id = courses.id
          and meetings.ends_at > ${heldSince.toISOString()})`,
      ),
    )
    .orderBy(asc(courses.id));
  return rows.map(({ courseId, course, institution }) => ({
    courseId,
    policy: resolvePolicy(institution, course),
  }));
}

/** Those of these members who can be written to, as persons. */
export async function selectStudentsToTell(
  db: Db,
  membershipIds: readonly string[],
  now: Date,
): Promise<{ membershipId: string; personId: string }[]> {
  return db
    .select({ membershipId: memberships.id, personId: memberships.personId })
    .from(memberships)
    .innerJoin(people, and(eq(people.id, memberships.personId), hasAddress))
    .where(and(sql`${memberships.id} = any(${idArray(membershipIds)})`, studentsToTell(now)));
}

/** Whether a person is there, and wants no more mails of a kind; undefined: nobody is there. */
export async function selectOptOut(
  db: Db,
  key: { personId: string; kind: MessageKind },
): Promise<{ isOff: boolean } | undefined> {
  const [row] = await db
    .select({ isOff: hasOptedOut(key.kind) })
    .from(people)
    .where(eq(people.id, livingPersonId(key.personId)));
  return row;
}

export async function insertOptOut(db: Db, optOut: typeof messageOptOuts.$inferInsert): Promise<void> {
  await db.insert(messageOptOuts).values(optOut).onConflictDoNothing();
}

/** Takes back what a person has said, by whichever of their rows. */
export async function deleteOptOuts(db: Db, key: { personId: string; kind: MessageKind }): Promise<void> {
  const living = livingPersonId(key.personId);
  await db
    .delete(messageOptOuts)
    .where(
      and(
        eq(messageOptOuts.kind, key.kind),
        sql`${messageOptOuts.personId} in (select p.id from people p where p.id = ${living} or p.merged_into = ${living})`,
      ),
    );
}
