import { and, asc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../db/client.ts';
import { isEnrolledAt } from '../db/enrolled.ts';
import { listName } from '../db/list-name.ts';
import { livingPersonId } from '../db/living-person.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import {
  attendanceRecords,
  checkIns,
  courses,
  meetings,
  memberships,
  membershipSpans,
  people,
  personalCodes,
  recordSpans,
  sections,
} from '../db/schema.ts';
import type { CardHolder } from './rules.ts';

export type PersonalCode = typeof personalCodes.$inferSelect;

export async function selectCode(db: Db, personId: string): Promise<PersonalCode | undefined> {
  const [row] = await db.select().from(personalCodes).where(eq(personalCodes.personId, personId));
  return row;
}

/** Keeps the person's first code; of two at once the first stays, and the answer is that one. */
export async function insertCode(db: Db, code: typeof personalCodes.$inferInsert): Promise<void> {
  await db.insert(personalCodes).values(code).onConflictDoNothing();
}

/** Puts another code in the place of the person's old one, which stops, and so do those of rows merged into theirs. */
export async function replaceCode(db: Db, code: typeof personalCodes.$inferInsert): Promise<void> {
  const { tokenHash, sealedToken, createdAt } = code;
  await db
    .delete(personalCodes)
    .where(
      inArray(
        personalCodes.personId,
        db.select({ id: people.id }).from(people).where(eq(people.mergedInto, code.personId)),
      ),
    );
  await db
    .insert(personalCodes)
    .values(code)
    .onConflictDoUpdate({ target: personalCodes.personId, set: { tokenHash, sealedToken, createdAt } });
}

/** Whose code it is. A row that was merged into another leads there. */
export async function selectCodeOwner(db: Db, tokenHash: string): Promise<string | undefined> {
  const [row] = await db
    .select({ personId: livingPersonId(personalCodes.personId) })
    .from(personalCodes)
    .where(eq(personalCodes.tokenHash, tokenHash));
  return row?.personId;
}

/** A student of a course who is enrolled at this moment, as somebody at the door looks for them. */
export interface StudentAtDoor {
  membershipId: string;
  /** Family name first. */
  name: string;
  sections: string[];
}

const isStudentNow = (courseId: string, now: Date): SQL | undefined =>
  and(
    eq(memberships.courseId, courseId),
    eq(memberships.role, 'student'),
    eq(memberships.isTestUser, false),
    isEnrolledAt(memberships.id, now),
  );

export async function selectStudents(db: Db, courseId: string, now: Date): Promise<StudentAtDoor[]> {
  return db
    .select({
      membershipId: memberships.id,
      name: listName,
      sections: sql<string[]>`array(select distinct ${sections.name} from ${membershipSpans}
        join ${sections} on ${sections.id} = ${membershipSpans.sectionId}
        where ${membershipSpans.membershipId} = ${memberships.id}
          and (${membershipSpans.endsAt} is null or ${membershipSpans.endsAt} > ${now.toISOString()}::timestamptz)
        order by 1)`,
    })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(isStudentNow(courseId, now));
}

/** The numbers that cards of a course's students may bear. */
export async function selectCardHolders(db: Db, courseId: string, now: Date): Promise<CardHolder[]> {
  return db
    .select({ membershipId: memberships.id, sisId: people.sisId, canvasUserId: people.canvasUserId })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(isStudentNow(courseId, now));
}

/** A person's place in a course. */
export async function selectMembershipId(
  db: Db,
  courseId: string,
  personId: string,
): Promise<string | undefined> {
  const [row] = await db
    .select({ id: memberships.id })
    .from(memberships)
    .where(and(eq(memberships.courseId, courseId), eq(memberships.personId, personId)));
  return row?.id;
}

export interface SharedMeeting {
  courseId: string;
  courseTitle: string;
  /** As people are called in a sentence. */
  name: string | null;
  /** They have checked in, and not out since. */
  hereSince: Date | null;
  meeting: {
    id: string;
    title: string | null;
    number: number;
    localStart: string;
    startsAt: Date;
    endsAt: Date;
    timeZone: string;
  };
}

/**
 * Meetings about now, in courses where one person is a student and the other has a place too; what that place allows is
 * asked elsewhere.
 */
export async function selectSharedMeetings(
  db: Db,
  given: { studentPersonId: string; viewerPersonId: string; now: Date; startsBefore: Date; endsAfter: Date },
): Promise<SharedMeeting[]> {
  const viewer = alias(memberships, 'viewer');
  return db
    .select({
      courseId: memberships.courseId,
      courseTitle: courses.title,
      name: people.name,
      hereSince: recordSpans.fromAt,
      meeting: {
        id: meetings.id,
        title: meetings.title,
        number: meetingNumber,
        localStart: meetings.localStart,
        startsAt: meetings.startsAt,
        endsAt: meetings.endsAt,
        timeZone: meetings.timeZone,
      },
    })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .innerJoin(viewer, eq(viewer.courseId, memberships.courseId))
    .innerJoin(courses, eq(courses.id, memberships.courseId))
    .innerJoin(meetings, eq(meetings.courseId, memberships.courseId))
    .leftJoin(
      attendanceRecords,
      and(
        eq(attendanceRecords.meetingId, meetings.id),
        eq(attendanceRecords.membershipId, memberships.id),
        eq(attendanceRecords.source, 'check-in'),
      ),
    )
    .leftJoin(recordSpans, and(eq(recordSpans.recordId, attendanceRecords.id), isNull(recordSpans.toAt)))
    .where(
      and(
        eq(memberships.personId, given.studentPersonId),
        eq(memberships.role, 'student'),
        eq(memberships.isTestUser, false),
        isEnrolledAt(memberships.id, given.now),
        eq(viewer.personId, livingPersonId(given.viewerPersonId)),
        eq(meetings.state, 'planned'),
        lt(meetings.startsAt, given.startsBefore),
        gt(meetings.endsAt, given.endsAfter),
      ),
    )
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
}

/** A check-in by hand of this course. */
export interface HandCheckIn {
  id: string;
  meetingId: string;
  membershipId: string;
  helperPersonId: string | null;
  confirmedAt: Date;
}

export async function selectHandCheckIn(
  db: Db,
  courseId: string,
  checkInId: string,
): Promise<HandCheckIn | undefined> {
  const [row] = await db
    .select({
      id: checkIns.id,
      meetingId: sql<string>`${checkIns.meetingId}`,
      membershipId: checkIns.membershipId,
      helperPersonId: checkIns.helperPersonId,
      confirmedAt: checkIns.confirmedAt,
    })
    .from(checkIns)
    .where(and(eq(checkIns.id, checkInId), eq(checkIns.courseId, courseId), eq(checkIns.via, 'helper')));
  return row;
}
