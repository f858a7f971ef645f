import type { Course, Person, Privacy } from './people.ts';
import type { Platform } from './platform.ts';
import { computeLaunchRoles, visitorRole } from './roles.ts';
import { agsScopes, nrpsScope } from './scopes.ts';
import type { DeveloperKey } from './state.ts';
import type { Tool } from './tools.ts';
import { expandForLaunch } from './variables.ts';

const claim = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;

/** An id_token of Canvas is good for an hour. */
const tokenLifeSeconds = 3600;

export const deepLinkingClaim = (name: string): string =>
  `https://purl.imsglobal.org/spec/lti-dl/claim/${name}`;

/** What is asked of the tool: to show what a link names, or to let somebody choose what links should name. */
export type LaunchMessage =
  | {
      type: 'LtiResourceLinkRequest';
      /** The items of a module have none. */
      placement: 'course_navigation' | 'account_navigation' | null;
      link: { id: string; title: string; description?: string };
    }
  | { type: 'LtiDeepLinkingRequest'; placement: 'link_selection'; settings: Record<string, unknown> };

export interface LaunchOccasion {
  tool: Tool;
  /** None: opened from the account. */
  course: Course | null;
  /** Nobody: a visitor of a public course. */
  person: Person | null;
  masquerader: Person | null;
  targetLinkUri: string;
  locale: 'de' | 'en';
  /** The custom fields that hold here, not yet expanded. */
  custom: Record<string, string>;
  message: LaunchMessage;
}

/** What of a person the tool may see: by the person's own setting, else by the tool's. */
export function privacyOf(platform: Platform, person: Person, key: DeveloperKey): Privacy {
  return person.privacy ?? key.privacy ?? platform.file.state.privacy;
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

/** The claims that a message has by its type. */
function messageClaims({ message, locale }: LaunchOccasion, returnUrl: string): Record<string, unknown> {
  const placement =
    message.placement === null ? {} : { 'https://www.instructure.com/placement': message.placement };
  const presentation = {
    [claim('launch_presentation')]: {
      document_target: 'iframe',
      return_url: returnUrl,
      locale,
      width: null,
      height: null,
    },
  };
  return message.type === 'LtiResourceLinkRequest'
    ? { [claim('resource_link')]: message.link, ...presentation, ...placement }
    : { [deepLinkingClaim('deep_linking_settings')]: message.settings, ...presentation, ...placement };
}

/** The services of a course, as far as the key has scopes for them. */
function serviceClaims(platform: Platform, { tool, course, message }: LaunchOccasion) {
  if (course === null) return {};
  const services = `${platform.identity.issuer}/api/lti/courses/${String(course.id)}`;
  const scope = agsScopes.filter((one) => tool.key.scopes.includes(one));
  const items =
    message.type === 'LtiResourceLinkRequest'
      ? platform.file.state.lineItems.filter(
          (one) => one.courseId === course.id && one.resourceLinkId === message.link.id,
        )
      : [];
  return {
    ...(tool.key.scopes.includes(nrpsScope)
      ? {
          'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
            context_memberships_url: `${services}/names_and_roles`,
            service_versions: ['2.0'],
          },
        }
      : {}),
    ...(scope.length > 0
      ? {
          'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': {
            scope,
            lineitems: `${services}/line_items`,
            // Only where the link has one line item and no more.
            ...(items.length === 1 ? { lineitem: `${services}/line_items/${String(items[0]?.id)}` } : {}),
          },
        }
      : {}),
  };
}

/** What is said of the person, as far as privacy lets it. A visitor is nobody: no `sub`, one role. */
function personClaims(platform: Platform, { tool, person, course }: LaunchOccasion): Record<string, unknown> {
  if (person === null) return { [claim('roles')]: [visitorRole] };
  const privacy = privacyOf(platform, person, tool.key);
  const observed =
    course === null
      ? []
      : platform.roster
          .activeEnrollmentsOf(person.id, course.id)
          .flatMap((one) => (one.observes === null ? [] : (platform.roster.person(one.observes)?.sub ?? [])));
  return {
    sub: person.sub,
    ...(showsName(privacy)
      ? { name: person.name, given_name: person.givenName, family_name: person.familyName }
      : {}),
    ...(showsEmail(privacy) ? { email: person.email } : {}),
    ...(privacy === 'public' ? { picture: pictureOf(platform, person) } : {}),
    [claim('roles')]: computeLaunchRoles(platform.roster, person, course?.id ?? null),
    ...(showsName(privacy)
      ? {
          [claim('lis')]: {
            person_sourcedid: person.sisId ?? '$Person.sourcedId',
            course_offering_sourcedid: course?.sisId ?? '$CourseSection.sourcedId',
          },
        }
      : {}),
    ...(privacy === 'public' && observed.length > 0 ? { [claim('role_scope_mentor')]: observed } : {}),
    [claim('lti11_legacy_user_id')]: person.legacyId,
    [claim('lti1p1')]: { user_id: person.legacyId },
  };
}

/** The message of a launch, as it is when the person clicks: everything but the nonce. */
export function computeLaunchClaims(platform: Platform, occasion: LaunchOccasion): Record<string, unknown> {
  const { tool, course, person, masquerader, message } = occasion;
  const { issuer } = platform.identity;
  const issuedAt = Math.floor(platform.now().getTime() / 1000);
  const place = course === null ? '/accounts/1' : `/courses/${String(course.id)}`;
  return {
    aud: tool.clientId,
    azp: tool.clientId,
    iss: issuer,
    iat: issuedAt,
    exp: issuedAt + tokenLifeSeconds,
    locale: occasion.locale,
    [claim('message_type')]: message.type,
    [claim('version')]: '1.3.0',
    [claim('deployment_id')]: tool.deploymentId,
    [claim('target_link_uri')]: occasion.targetLinkUri,
    ...(course === null
      ? {}
      : {
          [claim('context')]: {
            id: course.contextId,
            label: course.code,
            title: course.title,
            type: ['http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering'],
          },
        }),
    ...personClaims(platform, occasion),
    [claim('custom')]: expandForLaunch({ platform, person, course, masquerader }, occasion.custom),
    [claim('tool_platform')]: {
      guid: `${platform.file.state.guid}:canvas-lms`,
      name: 'Demo LMS',
      version: 'cloud',
      product_family_code: 'canvas',
    },
    ...messageClaims(occasion, `${issuer}${place}/external_content/success/external_tool_redirect`),
    ...serviceClaims(platform, occasion),
    errors: { errors: {} },
  };
}
