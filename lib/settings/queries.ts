import { and, eq, gt, lt, sql } from 'drizzle-orm';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Db } from '../db/client.ts';
import { courses, deployments, meetings } from '../db/schema.ts';

/** What a course is set to, and by whom. */
export interface HeldSettings {
  /** Where the course differs from its institution. */
  own: Partial<CoursePolicy>;
  /** Where the institution differs from the tool. */
  institution: Partial<CoursePolicy>;
  revision: number;
  timeZone: string;
}

export async function selectSettings(db: Db, courseId: string): Promise<HeldSettings | undefined> {
  const [row] = await db
    .select({
      own: courses.policy,
      institution: deployments.policy,
      revision: courses.policyRevision,
      timeZone: courses.timeZone,
    })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .where(eq(courses.id, courseId));
  return row;
}

/** Locks a course's settings until the transaction ends; whoever adds a meeting or a member does not wait. */
export async function lockCourseRow(db: Db, courseId: string): Promise<void> {
  await db.select({ id: courses.id }).from(courses).where(eq(courses.id, courseId)).for('no key update');
}

/** @returns the new revision */
export async function updateCoursePolicy(
  db: Db,
  courseId: string,
  own: Partial<CoursePolicy>,
): Promise<number> {
  const [row] = await db
    .update(courses)
    .set({ policy: own, policyRevision: sql`${courses.policyRevision} + 1` })
    .where(eq(courses.id, courseId))
    .returning({ revision: courses.policyRevision });
  if (row === undefined) throw new Error('the course was locked and is gone');
  return row.revision;
}

/**
 * Gives a new revision to the meetings of a course at which somebody may be checking in: what was judged before is not
 * written any more.
 */
export async function updateRevisionsNear(
  db: Db,
  courseId: string,
  near: { from: Date; to: Date },
): Promise<void> {
  await db
    .update(meetings)
    .set({ revision: sql`${meetings.revision} + 1` })
    .where(
      and(eq(meetings.courseId, courseId), gt(meetings.endsAt, near.from), lt(meetings.startsAt, near.to)),
    );
}

export async function updateTimeZone(db: Db, courseId: string, timeZone: string): Promise<void> {
  await db.update(courses).set({ timeZone, timeZoneSource: 'setting' }).where(eq(courses.id, courseId));
}

/** Courses of a deployment that hold meetings, and that follow the institution in one of these fields. */
export async function selectFollowers(
  db: Db,
  deploymentId: string,
  fields: readonly string[],
): Promise<string[]> {
  const rows = await db
    .select({ id: courses.id })
    .from(courses)
    .where(
      and(
        eq(courses.deploymentId, deploymentId),
        sql`not courses.policy ?& array(select jsonb_array_elements_text(${JSON.stringify(fields)}::jsonb))`,
        sql`exists (select 1 from meetings m where m.course_id = courses.id)`,
      ),
    )
    .orderBy(courses.id);
  return rows.map(({ id }) => id);
}

export async function updateInstitutionPolicy(
  db: Db,
  deploymentId: string,
  policy: Partial<CoursePolicy>,
): Promise<void> {
  await db.update(deployments).set({ policy }).where(eq(deployments.id, deploymentId));
}

/** Lets courses follow where they say the same as this; each gets a new revision, as what it follows has changed. */
export async function releaseFollowers(
  db: Db,
  deploymentId: string,
  said: Partial<CoursePolicy>,
): Promise<void> {
  await db
    .update(courses)
    .set({
      policy: sql`(select coalesce(jsonb_object_agg(own.key, own.value), '{}'::jsonb)
        from jsonb_each(${courses.policy}) own
        where own.value is distinct from (${JSON.stringify(said)}::jsonb -> own.key))`,
      policyRevision: sql`${courses.policyRevision} + 1`,
    })
    .where(eq(courses.deploymentId, deploymentId));
}
