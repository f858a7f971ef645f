import { and, asc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { isEnrolledAt, spanExpectsAt } from '../db/enrolled.ts';
import { idArray } from '../db/id-array.ts';
import { livingPersonId } from '../db/living-person.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import {
  calendarFeeds,
  courses,
  deployments,
  meetings,
  memberships,
  people,
  platforms,
} from '../db/schema.ts';
import type { Role } from '../db/schema.ts';

export type Meeting = typeof meetings.$inferSelect;

/**
 * Two imports into one course come one after the other; everything else goes on. A lock of its own: whoever changes the
 * policy locks the meetings first and then the course's row, and an import the other way round would block them.
 */
export async function lockImports(db: Db, courseId: string): Promise<void> {
  await db.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('sk-attendance import ' || ${courseId}, 0))`,
  );
}

/** A meeting of the course, as an import compares with it. */
export interface KnownMeeting {
  meeting: Meeting;
  hasRecords: boolean;
  /** Somebody changed it by hand after it was imported. */
  isEdited: boolean;
}

/** All meetings of a course, with what an import must not overwrite unseen. */
export async function selectKnownMeetings(db: Db, courseId: string): Promise<KnownMeeting[]> {
  return db
    .select({
      meeting: meetings,
      hasRecords: sql<boolean>`exists (select 1 from attendance_records r where r.meeting_id = meetings.id)`,
      isEdited: sql<boolean>`(meetings.import_key is not null and exists (select 1 from audit_events e
        where e.subject_id = meetings.id
        and e.action in ('meeting.updated', 'meeting.cancelled', 'meeting.reactivated')
        and e.at > (select max(i.at) from audit_events i
          where i.subject_id = meetings.id and i.action = 'meeting.imported')))`,
    })
    .from(meetings)
    .where(eq(meetings.courseId, courseId))
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
}

export type CalendarFeed = typeof calendarFeeds.$inferSelect;

export async function selectFeed(db: Db, personId: string): Promise<CalendarFeed | undefined> {
  const [row] = await db.select().from(calendarFeeds).where(eq(calendarFeeds.personId, personId));
  return row;
}

/** Keeps the person's first link; of two at once the first stays, and the answer is that one. */
export async function insertFeed(db: Db, feed: typeof calendarFeeds.$inferInsert): Promise<void> {
  await db.insert(calendarFeeds).values(feed).onConflictDoNothing();
}

/** Puts another link in the place of the person's old one, which stops, and so do those of rows merged into theirs. */
export async function replaceFeed(db: Db, feed: typeof calendarFeeds.$inferInsert): Promise<void> {
  const { tokenHash, sealedToken, createdAt } = feed;
  await db
    .delete(calendarFeeds)
    .where(
      inArray(
        calendarFeeds.personId,
        db.select({ id: people.id }).from(people).where(eq(people.mergedInto, feed.personId)),
      ),
    );
  await db
    .insert(calendarFeeds)
    .values(feed)
    .onConflictDoUpdate({ target: calendarFeeds.personId, set: { tokenHash, sealedToken, createdAt } });
}

/** Whose link it is. A row that was merged into another leads there. */
export async function selectFeedOwner(
  db: Db,
  tokenHash: string,
): Promise<{ personId: string; locale: string | null } | undefined> {
  const [row] = await db
    .select({ personId: livingPersonId(calendarFeeds.personId), locale: people.locale })
    .from(calendarFeeds)
    .innerJoin(people, eq(people.id, calendarFeeds.personId))
    .where(eq(calendarFeeds.tokenHash, tokenHash));
  return row;
}

export interface FeedCourse {
  courseId: string;
  membershipId: string;
  role: Role;
  title: string;
}

/** The courses in which a person is enrolled now, on a platform that is admitted. */
export async function selectFeedCourses(db: Db, personId: string, now: Date): Promise<FeedCourse[]> {
  return db
    .select({
      courseId: memberships.courseId,
      membershipId: memberships.id,
      role: memberships.role,
      title: courses.title,
    })
    .from(memberships)
    .innerJoin(courses, eq(courses.id, memberships.courseId))
    .innerJoin(deployments, and(eq(deployments.id, courses.deploymentId), isNotNull(deployments.approvedAt)))
    .innerJoin(platforms, and(eq(platforms.id, deployments.platformId), isNull(platforms.disabledAt)))
    .where(
      and(
        eq(memberships.personId, personId),
        eq(memberships.isTestUser, false),
        isEnrolledAt(memberships.id, now),
      ),
    )
    .orderBy(asc(memberships.id));
}

export interface FeedMeeting extends Meeting {
  /** Position in its course by start, from 1. */
  number: number;
}

/**
 * The meetings of these courses from a moment on, in one statement: all of them where the person runs the course, else
 * those at which they are expected.
 */
export async function selectFeedMeetings(
  db: Db,
  places: readonly { membershipId: string; courseId: string; seesAll: boolean }[],
  since: Date,
): Promise<FeedMeeting[]> {
  const place = sql`jsonb_to_recordset(${JSON.stringify(places)}::jsonb)
    as place ("membershipId" uuid, "courseId" uuid, "seesAll" boolean)`;
  const rows = await db
    .select({
      meeting: meetings,
      number: meetingNumber,
    })
    .from(meetings)
    .innerJoin(place, sql`place."courseId" = meetings.course_id`)
    .where(
      // The courses once more, as a list: joined alone, the meetings of all courses may be read.
      sql`meetings.course_id = any(${idArray(places.map(({ courseId }) => courseId))})
        and meetings.ends_at >= ${since.toISOString()}::timestamptz and (place."seesAll" or exists (
        select 1 from membership_spans span where span.membership_id = place."membershipId"
        and ${spanExpectsAt({ span: 'span', meeting: 'meetings' })}))`,
    )
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
  return rows.map(({ meeting, number }) => ({ ...meeting, number }));
}
