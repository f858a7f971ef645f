import { eq, sql } from 'drizzle-orm';
import { newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { courses, deployments, platforms } from '../db/schema.ts';

export type Course = typeof courses.$inferSelect;

export interface SeenCourse {
  deploymentId: string;
  contextId: string;
  title: string | undefined;
  label: string | undefined;
  canvasCourseId: string | undefined;
  namesAndRolesUrl: string | undefined;
  resourceLinkId: string | undefined;
  /** As the platform calls it: `available`, `completed` … */
  platformState?: string | undefined;
  /** Undefined: not told, so that it stays. */
  termEndsAt?: Date | undefined;
  timeZone: string;
  timeZoneSource: 'default' | 'teacher-launch';
}

/** One row a course, whoever opens it first; what a launch does not say stays as it was. */
export async function upsertCourse(db: Db, seen: SeenCourse): Promise<Course> {
  const [row] = await db
    .insert(courses)
    .values({ id: newId(), ...seen, title: seen.title ?? seen.label ?? seen.contextId })
    .onConflictDoUpdate({
      target: [courses.deploymentId, courses.contextId],
      set: {
        title: sql`coalesce(${seen.title ?? seen.label ?? null}, ${courses.title})`,
        label: sql`coalesce(${seen.label ?? null}, ${courses.label})`,
        canvasCourseId: sql`coalesce(${seen.canvasCourseId ?? null}, ${courses.canvasCourseId})`,
        namesAndRolesUrl: sql`coalesce(${seen.namesAndRolesUrl ?? null}, ${courses.namesAndRolesUrl})`,
        resourceLinkId: sql`coalesce(${seen.resourceLinkId ?? null}, ${courses.resourceLinkId})`,
        platformState: sql`coalesce(${seen.platformState ?? null}, ${courses.platformState})`,
        termEndsAt: seen.termEndsAt,
        ...(seen.timeZoneSource === 'teacher-launch' && {
          timeZone: sql`case when ${courses.timeZoneSource} = 'default' then ${seen.timeZone} else ${courses.timeZone} end`,
          timeZoneSource: sql`case when ${courses.timeZoneSource} = 'default' then 'teacher-launch' else ${courses.timeZoneSource} end`,
        }),
      },
    })
    .returning();
  if (row === undefined) throw new Error('upsert returned no row');
  return row;
}

export interface CourseOnPlatform {
  course: Course;
  deployment: typeof deployments.$inferSelect;
  platform: typeof platforms.$inferSelect;
}

export async function selectCourseOnPlatform(
  db: Db,
  courseId: string,
): Promise<CourseOnPlatform | undefined> {
  const [row] = await db
    .select({ course: courses, deployment: deployments, platform: platforms })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .where(eq(courses.id, courseId));
  return row;
}

export interface RosterNote {
  /** When the complete roster was asked for. */
  syncedAt: Date;
  departuresHeld: Course['departuresHeld'];
  /** Undefined: not told, so that it stays. */
  platformState: string | undefined;
}

/** Two syncs may end in another order than they began: the later start stays. */
export async function updateRosterNote(db: Db, courseId: string, note: RosterNote): Promise<void> {
  await db
    .update(courses)
    .set({
      rosterSyncedAt: sql`greatest(${courses.rosterSyncedAt}, ${note.syncedAt.toISOString()}::timestamptz)`,
      departuresHeld: note.departuresHeld,
      platformState: note.platformState,
    })
    .where(eq(courses.id, courseId));
}

export async function updateDeparturesConfirmed(db: Db, courseId: string): Promise<void> {
  await db.update(courses).set({ departuresHeld: null }).where(eq(courses.id, courseId));
}
