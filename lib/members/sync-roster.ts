import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { findCourseOnPlatform } from '../courses/find-course.ts';
import { noteRosterSynced } from '../courses/note-roster-synced.ts';
import { publish } from '../live/notices.ts';
import { courseRoleOf, isTestUser } from '../lti/course-role.ts';
import { readMembers } from '../lti/names-and-roles.ts';
import type { ListedMember } from '../lti/names-and-roles.ts';
import type { ServiceClient } from '../lti/service-client.ts';
import { loadToolSigner } from '../platforms/load-tool-keys.ts';
import { keepMembers } from './keep-members.ts';
import type { SeenMember } from './keep-members.ts';
import { readSections } from './rules.ts';

export type RosterSync = { kind: 'synced'; members: number } | { kind: 'not-offered' };

/**
 * Reads a course's whole roster from its platform and keeps what it shows. A fetch that breaks off keeps the
 * pages that came and is not noted as complete; nobody is removed by it.
 *
 * @throws AppError `platform-answer`, `platform-unreachable`, `address-refused`
 */
export async function syncRoster(
  ctx: Pick<Ctx, 'db' | 'now' | 'log' | 'secrets'>,
  courseId: string,
  services: ServiceClient,
): Promise<RosterSync> {
  const found = await findCourseOnPlatform(ctx, courseId);
  if (found === undefined) throw new AppError('not-found');
  const { course, platform } = found;
  if (course.namesAndRolesUrl === null || platform.disabledAt !== null) return { kind: 'not-offered' };
  // Elsewhere teachers may write custom fields of any name (readLaunchClaims).
  const isCanvas = course.canvasCourseId !== null;
  const pages = readMembers(
    services,
    { ...platform, signer: () => loadToolSigner(ctx) },
    { url: course.namesAndRolesUrl, resourceLinkId: course.resourceLinkId ?? undefined },
  );
  let count = 0;
  for await (const page of pages) {
    const members = page.flatMap((listed) =>
      seenMemberOf(isCanvas ? listed : { ...listed, custom: undefined }),
    );
    count += members.length;
    await keepMembers(ctx, {
      platformId: platform.id,
      courseId: course.id,
      members,
      // The first complete roster reaches back to the course's start; later arrivals count from now.
      spansStartAt: course.rosterSyncedAt === null ? null : ctx.now,
      launched: false,
    });
  }
  await noteRosterSynced(ctx, course.id);
  await publish(ctx, { kind: 'roster', courseId: course.id });
  return { kind: 'synced', members: count };
}

/** Who has no role that we know (an outsider in the list) is nobody's member. */
function seenMemberOf(listed: ListedMember): SeenMember[] {
  const role = courseRoleOf(listed.roles);
  if (role === undefined) return [];
  return [
    {
      sub: listed.sub,
      name: listed.name,
      givenName: listed.givenName,
      familyName: listed.familyName,
      email: listed.email,
      locale: undefined,
      sisId: listed.custom?.sis_user_id ?? listed.sourcedId,
      canvasUserId: listed.custom?.canvas_user_id,
      role,
      isTestUser: isTestUser(listed.roles),
      sections: readSections(listed.custom?.section_ids, listed.custom?.section_names),
    },
  ];
}
