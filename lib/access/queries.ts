import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { resolvePolicy } from '../base/course-policy.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { RetentionPolicy } from '../base/retention-policy.ts';
import type { Db } from '../db/client.ts';
import { courses, deployments, memberships, people, platforms } from '../db/schema.ts';
import { isEnrolledAt } from '../db/enrolled.ts';
import { livingPersonId } from '../db/living-person.ts';
import type { Role } from '../db/schema.ts';

export interface CourseOfViewer {
  id: string;
  deploymentId: string;
  title: string;
  timeZone: string;
  policy: CoursePolicy;
}

export interface Place {
  course: CourseOfViewer;
  membershipId: string;
  role: Role;
  isTestUser: boolean;
  /** More time at the check-in, in minutes. */
  extraMinutes: number;
  personId: string;
  personName: string | null;
}

/** The viewer's place in a course, while they are enrolled and the operator admits its platform. */
export async function selectPlace(
  db: Db,
  { personId, courseId, now }: { personId: string; courseId: string; now: Date },
): Promise<Place | undefined> {
  const [row] = await db
    .select({
      course: {
        id: courses.id,
        deploymentId: courses.deploymentId,
        title: courses.title,
        timeZone: courses.timeZone,
      },
      policies: { course: courses.policy, institution: deployments.policy },
      membershipId: memberships.id,
      role: memberships.role,
      isTestUser: memberships.isTestUser,
      extraMinutes: memberships.extraMinutes,
      personId: people.id,
      personName: people.name,
    })
    .from(memberships)
    .innerJoin(courses, eq(courses.id, memberships.courseId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .innerJoin(deployments, and(eq(deployments.id, courses.deploymentId), isNotNull(deployments.approvedAt)))
    .innerJoin(platforms, and(eq(platforms.id, deployments.platformId), isNull(platforms.disabledAt)))
    .where(
      and(
        eq(memberships.courseId, courseId),
        eq(memberships.personId, livingPersonId(personId)),
        isEnrolledAt(memberships.id, now),
      ),
    );
  if (row === undefined) return undefined;
  const { course, policies, ...place } = row;
  return { ...place, course: { ...course, policy: resolvePolicy(policies.institution, policies.course) } };
}

/** How a course counts, as its policy stands now. */
export async function selectPolicy(db: Db, courseId: string): Promise<CoursePolicy | undefined> {
  const [row] = await db
    .select({ course: courses.policy, institution: deployments.policy })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .where(eq(courses.id, courseId));
  return row === undefined ? undefined : resolvePolicy(row.institution, row.course);
}

/** How long the institution of a course keeps what, where it differs from our defaults. */
export async function selectRetention(db: Db, courseId: string): Promise<Partial<RetentionPolicy>> {
  const [row] = await db
    .select({ retention: deployments.retention })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .where(eq(courses.id, courseId));
  return row?.retention ?? {};
}
