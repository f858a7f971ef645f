import { insertAuditEvent } from '../audit/queries.ts';
import { differencesBetween } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import {
  deleteEmptyCourses,
  lockDeployments,
  lockPlatforms,
  selectHeldCourses,
  selectPeopleOfMove,
  selectPlatform,
  selectPolicyOfDeployment,
  updateCoursesDeployment,
  updateDeploymentApprovedAt,
  updateDeploymentHosts,
  updatePeoplePlatform,
  updatePersonOf,
} from './queries.ts';
import type { Deployment, HeldCourse } from './queries.ts';
import { decideCourses, decidePeople, holdsSomething } from './rules.ts';
import type { CoursesDecision, PeopleDecision } from './rules.ts';

export type DeploymentMove =
  | {
      kind: 'moved';
      courses: HeldCourse[];
      gaveWay: HeldCourse[];
      left: HeldCourse[];
      /** Those who came along from another platform, and those who were known there already. */
      people: { moved: number; joined: number };
    }
  | { kind: 'same-deployment' }
  | { kind: 'other-issuer' }
  | Exclude<CoursesDecision | PeopleDecision, { kind: 'move' }>;

/**
 * A tool that was installed anew has a new deployment id: its courses, with everything in them, go from the old
 * deployment to the new one, which is approved by it; the old one stays, empty, and is admitted no more. Where
 * the tool was registered anew too (another client id of the same issuer), the people come along. Each course goes on
 * counting as it did. All of it or nothing. An operator's act.
 */
export async function moveDeployment(
  ctx: Ctx,
  move: { from: Deployment; to: Deployment; leave: readonly string[]; dryRun: boolean },
): Promise<DeploymentMove> {
  const { from, to } = move;
  if (from.id === to.id) return { kind: 'same-deployment' };
  const isOtherPlatform = from.platformId !== to.platformId;
  return transaction(ctx, async (tx) => {
    await lockDeployments(tx.db, [from.id, to.id]);
    if (isOtherPlatform) {
      await lockPlatforms(tx.db, [from.platformId, to.platformId]);
      const [old, anew] = [
        await selectPlatform(tx.db, from.platformId),
        await selectPlatform(tx.db, to.platformId),
      ];
      if (old?.issuer !== anew?.issuer) return { kind: 'other-issuer' };
    }
    const courses = decideCourses(
      await selectHeldCourses(tx.db, from.id),
      await selectHeldCourses(tx.db, to.id),
      move.leave,
    );
    if (courses.kind !== 'move') return courses;
    const moving = courses.moving.map(({ id }) => id);
    const givingWay = courses.givingWay.map(({ id }) => id);
    const people = decidePeople(
      isOtherPlatform
        ? await selectPeopleOfMove(tx.db, { platformId: to.platformId, moving, givingWay })
        : [],
    );
    if (people.kind !== 'move') return people;
    if (!move.dryRun) {
      await deleteEmptyCourses(tx.db, givingWay);
      const said = differencesBetween(
        await selectPolicyOfDeployment(tx.db, from.id),
        await selectPolicyOfDeployment(tx.db, to.id),
      );
      await updateCoursesDeployment(tx.db, moving, to.id, said);
      await updatePeoplePlatform(tx.db, people.moving, to.platformId);
      for (const person of people.joining) await updatePersonOf(tx.db, person, to.platformId);
      await updateDeploymentApprovedAt(tx.db, to.id, to.approvedAt ?? tx.now);
      if (to.webHost === null && from.webHost !== null) {
        await updateDeploymentHosts(tx.db, to.id, { webHost: from.webHost, frameHosts: from.frameHosts });
      }
      if (courses.left.length === 0) await updateDeploymentApprovedAt(tx.db, from.id, null);
      await noteMoved(tx, courses.moving.filter(holdsSomething), from, to);
    }
    return {
      kind: 'moved',
      courses: courses.moving,
      gaveWay: courses.givingWay,
      left: courses.left,
      people: { moved: people.moving.length, joined: people.joining.length },
    };
  });
}

/** The log of a course that holds attendance tells that it has come from elsewhere. */
async function noteMoved(
  tx: Ctx,
  courses: readonly HeldCourse[],
  from: Deployment,
  to: Deployment,
): Promise<void> {
  for (const { id } of courses) {
    await insertAuditEvent(tx, {
      courseId: id,
      action: 'course.moved',
      subjectId: id,
      before: { deploymentId: from.deploymentId },
      after: { deploymentId: to.deploymentId },
    });
  }
}
