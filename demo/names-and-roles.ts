import { Hono } from 'hono';
import { pictureOf, privacyOf, showsEmail, showsName } from './id-token.ts';
import type { Course, Person } from './people.ts';
import type { Platform } from './platform.ts';
import { computeCourseRoles } from './roles.ts';
import type { ServiceEnv } from './service-access.ts';
import { readBookmark, serviceAccess, serviceError, slicePage, throttled } from './service-access.ts';
import { nrpsScope } from './scopes.ts';
import type { DeveloperKey } from './state.ts';
import { expandForMember } from './variables.ts';

const containerType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';
/** Canvas gives fifty members a page; `limit` can only ask for fewer. */
const pageSize = 50;

interface Member {
  person: Person;
  roles: string[];
}

/** Active people of a course, each once with the roles of all their enrolments, in the order of their ids. */
function listMembers(platform: Platform, course: Course): Member[] {
  const { roster } = platform;
  const ids = new Set(
    roster
      .enrollmentsIn(course.id)
      .filter((one) => one.state === 'active')
      .map((one) => one.personId),
  );
  return [...ids]
    .sort((a, b) => a - b)
    .flatMap((id) => {
      const person = roster.person(id);
      const roles = computeCourseRoles(roster.activeEnrollmentsOf(id, course.id));
      return person === undefined ? [] : [{ person, roles }];
    });
}

function showMember(
  platform: Platform,
  course: Course,
  { person, roles }: Member,
  key: DeveloperKey,
  link: { custom: Record<string, string> } | null,
) {
  const privacy = privacyOf(platform, person, key);
  return {
    status: 'Active',
    ...(showsName(privacy)
      ? {
          name: person.name,
          given_name: person.givenName,
          family_name: person.familyName,
          ...(person.sisId === null ? {} : { lis_person_sourcedid: person.sisId }),
        }
      : {}),
    ...(privacy === 'public' ? { picture: pictureOf(platform, person) } : {}),
    ...(showsEmail(privacy) && person.email !== '' ? { email: person.email } : {}),
    user_id: person.sub,
    lti11_legacy_user_id: person.legacyId,
    roles,
    ...(link !== null
      ? {
          message: [
            {
              'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest',
              locale: person.locale,
              'https://www.instructure.com/canvas_user_id': person.id,
              'https://www.instructure.com/canvas_user_login_id': person.loginId,
              'https://purl.imsglobal.org/spec/lti/claim/custom': expandForMember(
                { platform, person, course, masquerader: null },
                { ...key.custom, ...link.custom },
              ),
            },
          ],
        }
      : {}),
  };
}

/** The resource link that `rlid` names: the course's own, or an item of the caller's in a module. */
function findLink(
  platform: Platform,
  course: Course,
  key: DeveloperKey,
  rlid: string,
): { custom: Record<string, string> } | undefined {
  if (rlid === course.contextId) return { custom: {} };
  return platform.file.state.moduleItems.find(
    (item) => item.resourceLinkId === rlid && item.courseId === course.id && item.clientId === key.clientId,
  );
}

/** Names and Role Provisioning Services 2.0, as Canvas gives it. */
export function namesAndRolesRoutes(platform: Platform): Hono<ServiceEnv> {
  const routes = new Hono<ServiceEnv>();
  const access = serviceAccess(platform, [nrpsScope]);
  routes.get('/api/lti/courses/:courseId/names_and_roles', throttled(platform), access, (c) => {
    const course = c.get('course');
    const query = new URL(c.req.url).searchParams;
    const rlid = query.get('rlid');
    const key = c.get('key');
    const link = rlid === null ? null : findLink(platform, course, key, rlid);
    if (link === undefined) return serviceError(c, 400, 'bad_request', "Invalid 'rlid' parameter");
    const limit = query.get('limit');
    const size = limit === null ? pageSize : Number(limit);
    if (!Number.isInteger(size) || size < 1) {
      return serviceError(c, 400, 'bad_request', "Invalid 'limit' parameter");
    }
    const offset = readBookmark(query.get('page') ?? undefined);
    if (offset === undefined) return serviceError(c, 400, 'bad_request', "Invalid 'page' parameter");
    // Only the full URI of a role is understood: a short name is nobody's.
    const role = query.get('role');
    const members = listMembers(platform, course).filter(
      (member) => role === null || member.roles.includes(role),
    );
    const address = new URL(`${platform.identity.issuer}${new URL(c.req.url).pathname}`);
    address.search = query.toString();
    const page = slicePage(members, address, offset, Math.min(size, pageSize));
    c.header('Link', page.link);
    c.header('Content-Type', `${containerType}; charset=utf-8`);
    return c.body(
      JSON.stringify({
        id: `${platform.identity.issuer}/api/lti/courses/${String(course.id)}/names_and_roles`,
        context: { id: course.contextId, label: course.code, title: course.title },
        members: page.items.map((member) => showMember(platform, course, member, key, link)),
      }),
    );
  });
  return routes;
}
