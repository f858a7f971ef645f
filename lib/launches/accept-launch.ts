import { timingSafeEqual } from 'node:crypto';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { keepCourse } from '../courses/keep-course.ts';
import type { Course } from '../courses/keep-course.ts';
import { transaction } from '../db/transaction.ts';
import { useNonce } from '../logins/use-nonce.ts';
import { readLaunchClaims } from '../lti/claims.ts';
import type { LaunchClaims } from '../lti/claims.ts';
import { courseRoleOf, isTestUser } from '../lti/course-role.ts';
import type { CourseRole } from '../lti/course-role.ts';
import type { LaunchResponse } from '../lti/launch-response.ts';
import type { PlatformKeys } from '../lti/platform-keys.ts';
import { verifyIdToken } from '../lti/verify-id-token.ts';
import { keepMembers } from '../members/keep-members.ts';
import { readSections } from '../members/rules.ts';
import { requireDeployment, requirePlatform } from '../platforms/find-platform.ts';
import type { Deployment, Platform } from '../platforms/find-platform.ts';
import { noteWebHost } from '../platforms/note-web-host.ts';
import { targetPathOf } from './rules.ts';
import { openState, stateMs } from './state.ts';

export interface LaunchRequest {
  response: LaunchResponse;
  /** The browser key of this state's cookie, if the browser sent one. */
  browserKey: string | undefined;
  keysOf: (platform: Platform) => PlatformKeys;
  publicUrl: string;
  /** The zone of a course whose teachers have not told theirs. */
  defaultTimeZone: string;
}

export interface AcceptedLaunch {
  personId: string;
  course: Course;
  role: CourseRole;
  locale: string | undefined;
  /** Where the signed target leads, below our own origin. */
  targetPath: string;
}

/**
 * Verifies a launch whole, then keeps the person, the course and the place they have in it
 * (LTI Security Framework § 5.1.1.5; LTI 1.3 Core § 5.3).
 *
 * Order matters: nothing is stored, and the nonce is not used up, before everything signed has been checked.
 *
 * @throws AppError with one of the launch codes of lib/base/errors.ts
 */
export async function acceptLaunch(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  request: LaunchRequest,
): Promise<AcceptedLaunch> {
  const state = openState(ctx.secrets, request.response.state, ctx.now);
  if (state === undefined) throw new AppError('state-unknown');
  if (request.browserKey === undefined || !equalText(request.browserKey, state.browserKey)) {
    throw new AppError('state-other-browser');
  }
  const platform = await requirePlatform(ctx, state.platformId);
  const payload = await verifyIdToken(request.response.idToken, {
    issuer: platform.issuer,
    clientId: platform.clientId,
    nonce: state.nonce,
    now: ctx.now,
    keys: request.keysOf(platform),
  });
  const claims = readLaunchClaims(payload);
  const deployment = await requireDeployment(ctx, platform.id, claims.deploymentId);
  const targetPath = targetPathOf(claims.targetLinkUri, request.publicUrl);
  const role = courseRoleOf(claims.roles);
  if (role === undefined) throw new AppError('launch-without-role');
  // In Student View the teacher acts as the course's test user: that is what it is for, and counts nowhere.
  if (claims.custom.masquerader !== undefined && !isTestUser(claims.roles)) {
    throw new AppError('launch-masquerading');
  }
  if (!(await useNonce(ctx, claims.nonce, stateMs))) throw new AppError('launch-replayed');
  const kept = await keepLaunch(ctx, { claims, platform, deployment, role }, request.defaultTimeZone);
  return { ...kept, role, locale: claims.locale, targetPath };
}

async function keepLaunch(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  launch: { claims: LaunchClaims; platform: Platform; deployment: Deployment; role: CourseRole },
  defaultTimeZone: string,
): Promise<{ personId: string; course: Course }> {
  const { claims, platform, deployment, role } = launch;
  const staff = role === 'teacher' || role === 'assistant';
  return transaction(ctx, async (tx) => {
    await noteWebHost(tx, deployment, claims.custom.api_domain);
    const course = await keepCourse(
      tx,
      {
        deploymentId: deployment.id,
        contextId: claims.context.id,
        title: claims.context.title,
        label: claims.context.label,
        canvasCourseId: claims.custom.canvas_course_id,
        namesAndRolesUrl: claims.namesAndRolesUrl,
        // Canvas adds custom fields to the roster for the link of a staff launch.
        resourceLinkId: staff ? claims.resourceLinkId : undefined,
        teacherTimeZone: staff ? claims.custom.tz : undefined,
      },
      defaultTimeZone,
    );
    const [member] = await keepMembers(tx, {
      platformId: platform.id,
      courseId: course.id,
      launched: true,
      // Until the first complete roster, members count from the course's start.
      spansStartAt: course.rosterSyncedAt === null ? null : tx.now,
      members: [
        {
          sub: claims.sub,
          name: claims.person.name,
          givenName: claims.person.givenName,
          familyName: claims.person.familyName,
          email: claims.person.email,
          locale: claims.locale,
          sisId: claims.custom.sis_user_id,
          canvasUserId: claims.custom.canvas_user_id,
          role,
          isTestUser: isTestUser(claims.roles),
          sections: readSections(claims.custom.section_ids, claims.custom.section_names),
        },
      ],
    });
    if (member === undefined) throw new Error('a launch keeps its person');
    return { personId: member.personId, course };
  });
}

function equalText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
