import { timingSafeEqual } from 'node:crypto';
import { buildsCourse, isStaff } from '../access/rules.ts';
import { resolvePolicy } from '../base/course-policy.ts';
import type { DeploymentApproval } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { keepCourse } from '../courses/keep-course.ts';
import type { Course } from '../courses/keep-course.ts';
import { transaction } from '../db/transaction.ts';
import { isNonceUsed, useNonce } from '../logins/use-nonce.ts';
import { readLaunchClaims } from '../lti/claims.ts';
import type { LaunchClaims } from '../lti/claims.ts';
import { readCanvasTime } from '../lti/canvas-time.ts';
import { courseRoleOf, isTestUser } from '../lti/course-role.ts';
import type { CourseRole } from '../lti/course-role.ts';
import type { DeepLinkingSettings } from '../lti/deep-linking.ts';
import type { LaunchResponse } from '../lti/launch-response.ts';
import type { PlatformKeys } from '../lti/platform-keys.ts';
import { verifyIdToken } from '../lti/verify-id-token.ts';
import { keepMembers } from '../members/keep-members.ts';
import { decideSpanStarts, readSections } from '../members/rules.ts';
import { admitDeployment } from '../platforms/admit-deployment.ts';
import { requirePlatform } from '../platforms/find-platform.ts';
import type { Deployment, Platform } from '../platforms/find-platform.ts';
import { noteWebHost } from '../platforms/note-web-host.ts';
import { targetPathOf } from './rules.ts';
import { openState, stateMs } from './state.ts';
import type { KeyKeeper } from './state.ts';

export interface LaunchRequest {
  response: LaunchResponse;
  /** The browser key of this state, if the browser sent one: by its cookie, or by our own page in the frame. */
  browserKey: string | undefined;
  keysOf: (platform: Platform) => PlatformKeys;
  publicUrl: string;
  /** The zone of a course whose teachers have not told theirs. */
  defaultTimeZone: string;
  approveDeployments: DeploymentApproval;
}

export interface SignedIn {
  kind: 'signed-in';
  personId: string;
  course: Course;
  role: CourseRole;
  locale: string | undefined;
  /** Where the signed target leads, below our own origin. */
  targetPath: string;
}

export interface LinkWanted {
  kind: 'link-wanted';
  personId: string;
  course: Course;
  locale: string | undefined;
  platformId: string;
  /** As the platform names it. */
  deploymentId: string;
  settings: DeepLinkingSettings;
}

/** Nothing was used up: the same launch is good once more, with the key that this browser may have kept. */
export interface KeyWanted {
  kind: 'key-wanted';
  platform: Platform;
  keeper: KeyKeeper;
}

/**
 * Verifies a launch whole, then keeps the person, the course and the place they have in it
 * (LTI Security Framework § 5.1.1.5; LTI 1.3 Core § 5.3).
 *
 * Order matters: no person or course is stored, and the nonce is not used up, before everything signed has been
 * checked and the browser has proved that it began this login. An unknown deployment alone is noted earlier, for
 * the operator: the platform has signed it.
 *
 * @throws AppError with one of the launch codes of lib/base/errors.ts
 */
export async function acceptLaunch(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  request: LaunchRequest,
): Promise<SignedIn | LinkWanted | KeyWanted> {
  const state = openState(ctx.secrets, request.response.state, ctx.now);
  if (state === undefined) throw new AppError('state-unknown');
  const { browserKey } = request;
  const isSameBrowser = browserKey !== undefined && equalText(browserKey, state.browserKey);
  // A browser that brings another key, or has no other place where it could have one, is another browser.
  if (!isSameBrowser && (browserKey !== undefined || state.keeper === undefined)) {
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
  const deployment = await admitDeployment(ctx, {
    platformId: platform.id,
    deploymentId: claims.deploymentId,
    approval: request.approveDeployments,
  });
  const targetPath =
    claims.targetLinkUri === undefined ? '/' : targetPathOf(claims.targetLinkUri, request.publicUrl);
  const role = courseRoleOf(claims.roles);
  if (role === undefined) throw new AppError('launch-without-role');
  // In Student View the teacher acts as the course's test user: that is what it is for, and counts nowhere.
  if (claims.custom.masquerader !== undefined && !isTestUser(claims.roles)) {
    throw new AppError('launch-masquerading');
  }
  const { message } = claims;
  if (message.kind === 'deep-linking') requireLinkPlacer(role, message.settings);
  if (!isSameBrowser && state.keeper !== undefined) {
    // Back and Reload after a launch that went well: the cookie of its state is gone.
    if (await isNonceUsed(ctx, claims.nonce)) throw new AppError('launch-replayed');
    return { kind: 'key-wanted', platform, keeper: state.keeper };
  }
  if (!(await useNonce(ctx, claims.nonce, stateMs))) throw new AppError('launch-replayed');
  const kept = await keepLaunch(ctx, { claims, platform, deployment, role }, request.defaultTimeZone);
  if (message.kind === 'resource-link') {
    return { kind: 'signed-in', ...kept, role, locale: claims.locale, targetPath };
  }
  return {
    kind: 'link-wanted',
    ...kept,
    locale: claims.locale,
    platformId: platform.id,
    deploymentId: claims.deploymentId,
    settings: message.settings,
  };
}

/** Links are placed by those who build the course, where the platform takes links. */
function requireLinkPlacer(role: CourseRole, { acceptTypes }: DeepLinkingSettings): void {
  if (!buildsCourse(role)) throw new AppError('no-access');
  if (!acceptTypes.includes('ltiResourceLink')) throw new AppError('message-unsupported');
}

async function keepLaunch(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  launch: { claims: LaunchClaims; platform: Platform; deployment: Deployment; role: CourseRole },
  defaultTimeZone: string,
): Promise<{ personId: string; course: Course }> {
  const { claims, platform, deployment, role } = launch;
  const { message } = claims;
  const staff = isStaff(role);
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
        platformState: claims.custom.course_state,
        termEndsAt: readCanvasTime(claims.custom.term_end),
        // Canvas adds custom fields to the roster for the course's own link, as a staff launch names it.
        resourceLinkId:
          staff && message.kind === 'resource-link' && message.isCourseLink
            ? message.resourceLinkId
            : undefined,
        teacherTimeZone: staff ? claims.custom.tz : undefined,
      },
      defaultTimeZone,
    );
    const [member] = await keepMembers(tx, {
      platformId: platform.id,
      courseId: course.id,
      launched: true,
      spanStarts: decideSpanStarts(course, resolvePolicy(deployment.policy, course.policy), tx.now),
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
