import type { InstalledTool } from './identity.ts';
import type { Course, Person, Privacy } from './people.ts';
import type { Platform } from './platform.ts';
import { computeLaunchRoles } from './roles.ts';
import { agsScopes } from './token-endpoint.ts';
import { expandForLaunch } from './variables.ts';

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;

/** An id_token of Canvas is good for an hour. */
const tokenLifeSeconds = 3600;

export interface LaunchOccasion {
  tool: InstalledTool;
  course: Course;
  person: Person;
  masquerader: Person | null;
  targetLinkUri: string;
  locale: 'de' | 'en';
}

/** What of a person the tool may see: the stricter of the tool's setting and the person's own. */
export function privacyOf(platform: Platform, person: Person): Privacy {
  return person.privacy ?? platform.file.state.privacy;
}

export function showsName(privacy: Privacy): boolean {
  return privacy === 'public' || privacy === 'name_only';
}

export function showsEmail(privacy: Privacy): boolean {
  return privacy === 'public' || privacy === 'email_only';
}

export function pictureOf(platform: Platform, person: Person): string {
  return `${platform.identity.issuer}/pictures/${String(person.id)}.svg`;
}

/** The message of a course navigation launch, as it is when the person clicks: everything but the nonce. */
export function computeLaunchClaims(platform: Platform, occasion: LaunchOccasion): Record<string, unknown> {
  const { tool, course, person } = occasion;
  const { issuer } = platform.identity;
  const issuedAt = Math.floor(platform.now().getTime() / 1000);
  const privacy = privacyOf(platform, person);
  const courseUrl = `${issuer}/courses/${String(course.id)}`;
  const roles = computeLaunchRoles(platform.roster, person, course.id);
  const observed = platform.roster
    .activeEnrollmentsOf(person.id, course.id)
    .flatMap((one) => (one.observes === null ? [] : (platform.roster.person(one.observes)?.sub ?? [])));
  return {
    aud: tool.clientId,
    azp: tool.clientId,
    iss: issuer,
    iat: issuedAt,
    exp: issuedAt + tokenLifeSeconds,
    sub: person.sub,
    locale: occasion.locale,
    ...(showsName(privacy)
      ? { name: person.name, given_name: person.givenName, family_name: person.familyName }
      : {}),
    ...(showsEmail(privacy) ? { email: person.email } : {}),
    ...(privacy === 'public' ? { picture: pictureOf(platform, person) } : {}),
    [claim('message_type')]: 'LtiResourceLinkRequest',
    [claim('version')]: '1.3.0',
    [claim('deployment_id')]: tool.deploymentId,
    [claim('target_link_uri')]: occasion.targetLinkUri,
    [claim('context')]: {
      id: course.contextId,
      label: course.code,
      title: course.title,
      type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
    },
    // From course navigation both ids are the same: there is one resource link per course.
    [claim('resource_link')]: { id: course.contextId, title: course.title },
    [claim('roles')]: roles,
    [claim('custom')]: expandForLaunch({ platform, person, course, masquerader: occasion.masquerader }),
    [claim('tool_platform')]: {
      guid: `${platform.file.state.guid}:canvas-lms`,
      name: 'Demo LMS',
      version: 'cloud',
      product_family_code: 'canvas',
    },
    [claim('launch_presentation')]: {
      document_target: 'iframe',
      return_url: `${courseUrl}/external_content/success/external_tool_redirect`,
      locale: occasion.locale,
      width: null,
      height: null,
    },
    ...(showsName(privacy)
      ? {
          [claim('lis')]: {
            person_sourcedid: person.sisId ?? '$Person.sourcedId',
            course_offering_sourcedid: course.sisId ?? '$CourseSection.sourcedId',
          },
        }
      : {}),
    ...(privacy === 'public' && observed.length > 0 ? { [claim('role_scope_mentor')]: observed } : {}),
    [claim('lti11_legacy_user_id')]: person.legacyId,
    [claim('lti1p1')]: { user_id: person.legacyId },
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
      context_memberships_url: `${issuer}/api/lti/courses/${String(course.id)}/names_and_roles`,
      service_versions: ['2.0'],
    },
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
      scope: [...agsScopes],
      lineitems: `${issuer}/api/lti/courses/${String(course.id)}/line_items`,
    },
    'https://www.instructure.com/placement': 'course_navigation',
    errors: { errors: {} },
  };
}
