import { and, eq, inArray } from 'drizzle-orm';
import { newId, randomToken } from '#lib/base/ids.ts';
import type { CoursePolicy } from '#lib/base/course-policy.ts';
import { addMs, localOfInstant, minuteMs } from '#lib/base/time.ts';
import type { Db } from '#lib/db/client.ts';
import {
  attendanceRecords,
  courses,
  excuseMeetings,
  excuses,
  meetings,
  memberships,
  membershipSpans,
  people,
  recordSpans,
} from '#lib/db/schema.ts';

type RecordRow = typeof attendanceRecords.$inferInsert;

/** A course that one story has to itself, on the platform of somebody who stands in another one. */
export interface OwnCourse {
  courseId: string;
  /** A meeting from nine to half past ten, so many days from today; `record` is the student's. */
  hold(
    days: number,
    given?: {
      meeting?: Partial<typeof meetings.$inferInsert>;
      record?: Pick<RecordRow, 'status'> & Partial<RecordRow>;
      /** Presence in minutes from the start; no end: until the meeting's. */
      spans?: [from: number, to: number | null][];
      /** What became of the student's excuse for it. */
      excuse?: 'submitted' | 'accepted' | 'declined';
      /** Somebody else was taken. */
      isTaken?: boolean;
    },
  ): Promise<string>;
  remove(): Promise<void>;
}

const timeZone = 'Europe/Berlin';

export async function openOwnCourse(
  db: Db,
  seen: { name: string; courseId: string },
  policy: Partial<CoursePolicy> = {},
): Promise<OwnCourse> {
  const [known] = await db
    .select({ personId: people.id, platformId: people.platformId, deploymentId: courses.deploymentId })
    .from(people)
    .innerJoin(memberships, eq(memberships.personId, people.id))
    .innerJoin(courses, eq(courses.id, memberships.courseId))
    .where(and(eq(people.name, seen.name), eq(courses.id, seen.courseId)));
  if (known === undefined) throw new Error(`${seen.name} has not signed in yet`);
  const { personId, platformId, deploymentId } = known;
  const [courseId, student, classmate, other] = [newId(), newId(), newId(), newId()];
  await db.insert(courses).values({
    ...{ id: courseId, deploymentId, contextId: randomToken(9), title: 'Wound care, evenings', timeZone },
    ...{ timeZoneSource: 'teacher-launch', policy },
  });
  await db.insert(people).values({ id: classmate, platformId, sub: randomToken(9), name: 'Some Body' });
  await db.insert(memberships).values([
    { id: student, courseId, personId, role: 'student' },
    { id: other, courseId, personId: classmate, role: 'student' },
  ]);
  await db.insert(membershipSpans).values([
    { id: newId(), membershipId: student },
    { id: newId(), membershipId: other },
  ]);

  const today = localOfInstant(new Date(), timeZone).slice(0, 10);
  return {
    courseId,
    async hold(days, { meeting, record, excuse, spans = [], isTaken = record !== undefined } = {}) {
      const id = newId();
      const startsAt = addMs(new Date(`${today}T08:00:00Z`), days * 1440 * minuteMs);
      const endsAt = addMs(startsAt, 90 * minuteMs);
      await db.insert(meetings).values({
        ...{ id, courseId, timeZone, startsAt, endsAt },
        localStart: localOfInstant(startsAt, timeZone),
        localEnd: localOfInstant(endsAt, timeZone),
        ...meeting,
      });
      const [recordId, meetingId] = [newId(), id];
      if (record !== undefined) {
        await db.insert(attendanceRecords).values({
          ...{ id: recordId, meetingId, membershipId: student, provenMinutes: 90, source: 'teacher' },
          ...record,
        });
      }
      if (isTaken) {
        await db.insert(attendanceRecords).values({
          ...{ id: newId(), meetingId, membershipId: other, status: 'present', provenMinutes: 90 },
          source: 'teacher',
        });
      }
      if (excuse !== undefined) {
        const [excuseId, decision] = [newId(), excuse === 'submitted' ? null : excuse];
        await db.insert(excuses).values({
          ...{ id: excuseId, courseId, membershipId: student, reason: 'illness', state: excuse },
          submittedAt: new Date(),
        });
        await db.insert(excuseMeetings).values({ excuseId, meetingId, decision });
      }
      for (const [from, to] of spans) {
        await db.insert(recordSpans).values({
          ...{ id: newId(), recordId, fromAt: addMs(startsAt, from * minuteMs) },
          toAt: to === null ? null : addMs(startsAt, to * minuteMs),
        });
      }
      return id;
    },
    async remove() {
      const held = db.select({ id: meetings.id }).from(meetings).where(eq(meetings.courseId, courseId));
      await db.delete(excuseMeetings).where(inArray(excuseMeetings.meetingId, held));
      await db.delete(excuses).where(eq(excuses.courseId, courseId));
      await db.delete(attendanceRecords).where(inArray(attendanceRecords.meetingId, held));
      await db.delete(meetings).where(eq(meetings.courseId, courseId));
      await db.delete(membershipSpans).where(inArray(membershipSpans.membershipId, [student, other]));
      await db.delete(memberships).where(eq(memberships.courseId, courseId));
      await db.delete(people).where(eq(people.id, classmate));
      await db.delete(courses).where(eq(courses.id, courseId));
    },
  };
}
