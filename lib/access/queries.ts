import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { courses, deployments, memberships, membershipSpans, people, platforms } from '../db/schema.ts';
import type { Role } from '../db/schema.ts';

export interface CourseOfViewer {
  id: string;
  deploymentId: string;
  title: string;
  timeZone: string;
}

export interface Place {
  course: CourseOfViewer;
  membershipId: string;
  role: Role;
  isTestUser: boolean;
  personId: string;
  personName: string | null;
}

/** The viewer's place in a course, while they are enrolled and the operator admits its platform. */
export async function selectPlace(db: Db, personId: string, courseId: string): Promise<Place | undefined> {
  const rows = await db
    .select({
      course: {
        id: courses.id,
        deploymentId: courses.deploymentId,
        title: courses.title,
        timeZone: courses.timeZone,
      },
      membershipId: memberships.id,
      role: memberships.role,
      isTestUser: memberships.isTestUser,
      personId: people.id,
      personName: people.name,
    })
    .from(memberships)
    .innerJoin(courses, eq(courses.id, memberships.courseId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .innerJoin(deployments, and(eq(deployments.id, courses.deploymentId), isNotNull(deployments.approvedAt)))
    .innerJoin(platforms, and(eq(platforms.id, deployments.platformId), isNull(platforms.disabledAt)))
    .innerJoin(
      membershipSpans,
      and(eq(membershipSpans.membershipId, memberships.id), isNull(membershipSpans.endsAt)),
    )
    .where(and(eq(memberships.courseId, courseId), eq(memberships.personId, personId)))
    .limit(1);
  return rows[0];
}
