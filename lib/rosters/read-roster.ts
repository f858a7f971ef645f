import type { Ctx } from '../context.ts';
import type { CourseOnPlatform } from '../courses/find-course.ts';
import type { RosterSource } from '../db/schema.ts';
import { findCanvasUserId, readCanvasUsers } from '../lti/canvas-users.ts';
import type { CanvasUser } from '../lti/canvas-users.ts';
import { courseRoleOf, isTestUser } from '../lti/course-role.ts';
import { readMembers } from '../lti/names-and-roles.ts';
import type { ListedMember } from '../lti/names-and-roles.ts';
import type { ServiceClient, TokenHolder } from '../lti/service-client.ts';
import type { SeenMember } from '../members/keep-members.ts';
import { placeholderSub, readSections } from '../members/rules.ts';
import { loadToolSigner } from '../platforms/load-tool-keys.ts';
import { canvasApiFor } from './canvas-api.ts';
import type { CanvasApi } from './canvas-api.ts';
import { selectSubsWithoutNumber } from './queries.ts';

/** One call a person: the others have their turn with the next list. */
const mostAsked = 100;

/** What it takes to ask platforms for rosters. */
export interface RosterMeans {
  services: ServiceClient;
  /** Canvas' REST API, where the settings name one. */
  canvas: CanvasApi | undefined;
  /** Postgres' clock. */
  now: () => Date;
}

/** One page of a roster, whichever service gave it. */
export interface RosterPage {
  /** People on it, test users apart. */
  listed: number;
  /** Those of them whose role we know. */
  members: SeenMember[];
  /** What it says of the course's own state. */
  platformState: string | undefined;
}

/** Reads a course's roster page by page. @throws AppError as `ServiceClient.readPages` */
export async function* readRoster(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  found: CourseOnPlatform,
  source: RosterSource,
  { services, canvas }: RosterMeans,
): AsyncGenerator<RosterPage> {
  const { course, platform } = found;
  if (source === 'rest') {
    const access = canvasApiFor(canvas, found);
    if (access === undefined) return;
    const { token, baseUrl } = access.api;
    // A name of its own: what the token's owner may ask is counted apart from what the tool may.
    const holder = { id: `${platform.id} rest`, token, origin: baseUrl };
    const subs = await findSubs(ctx, found, services, holder);
    for await (const users of readCanvasUsers(services, holder, access.canvasCourseId))
      yield pageOf(users.map((user) => fromUser(user, subs)));
    return;
  }
  // Elsewhere teachers may write custom fields of any name (readLaunchClaims).
  const isCanvas = course.canvasCourseId !== null;
  const caller = { ...platform, signer: () => loadToolSigner(ctx) };
  const pages = readMembers(services, caller, {
    url: course.namesAndRolesUrl ?? '',
    resourceLinkId: course.resourceLinkId ?? undefined,
    hasPlainNames: isCanvas,
  });
  for await (const listed of pages) {
    const believed = isCanvas ? listed : listed.map((member) => ({ ...member, custom: undefined }));
    yield {
      ...pageOf(believed.map(fromMember)),
      platformState: believed.findLast(({ custom }) => custom?.course_state !== undefined)?.custom
        ?.course_state,
    };
  }
}

type Listed = Omit<SeenMember, 'role'> & { role: SeenMember['role'] | undefined };

/** Who has no role that we know (an outsider in the list) is nobody's member. */
function pageOf(people: readonly Listed[]): RosterPage {
  return {
    listed: people.filter((one) => !one.isTestUser).length,
    members: people.flatMap(({ role, ...one }) => (role === undefined ? [] : [{ ...one, role }])),
    platformState: undefined,
  };
}

function fromMember(listed: ListedMember): Listed {
  const { custom } = listed;
  return {
    sub: listed.sub,
    name: listed.name,
    givenName: listed.givenName,
    familyName: listed.familyName,
    email: listed.email,
    locale: undefined,
    sisId: custom?.sis_user_id ?? listed.sourcedId,
    canvasUserId: custom?.canvas_user_id,
    role: courseRoleOf(listed.roles),
    isTestUser: isTestUser(listed.roles),
    sections: readSections(custom?.section_ids, custom?.section_names),
  };
}

/**
 * Canvas' REST API lists numbers and no `sub`. Whoever launched, or stood on a list of LTI's, is found by the number;
 * those few who are known without one are asked about here, so that nobody becomes a second human.
 *
 * @returns their `sub` by their number
 */
async function findSubs(
  ctx: Pick<Ctx, 'db'>,
  { course }: CourseOnPlatform,
  services: ServiceClient,
  holder: TokenHolder,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const sub of await selectSubsWithoutNumber(ctx.db, course.id, mostAsked)) {
    const canvasUserId = await findCanvasUserId(services, holder, sub);
    if (canvasUserId !== undefined) found.set(canvasUserId, sub);
  }
  return found;
}

/** Canvas' REST API tells no `sub`: whoever is known by the number is found by it, the rest wait for theirs. */
function fromUser(user: CanvasUser, subs: ReadonlyMap<string, string>): Listed {
  return {
    sub: subs.get(user.canvasUserId) ?? placeholderSub(user.canvasUserId),
    name: user.name,
    givenName: user.givenName,
    familyName: user.familyName,
    email: user.email,
    locale: undefined,
    sisId: user.sisId,
    canvasUserId: user.canvasUserId,
    role: courseRoleOf(user.roles),
    isTestUser: isTestUser(user.roles),
    sections: user.sections,
  };
}
