import { opaqueId } from './identity.ts';
import type { Course, Person } from './people.ts';
import type { Platform } from './platform.ts';
import { computeCanvasRoles } from './roles.ts';

/** Whose and which launch a variable is expanded for. */
export interface VariableScope {
  platform: Platform;
  person: Person;
  course: Course;
  /** Who is really there, when somebody acts as the person. */
  masquerader: Person | null;
}

type Value = string | number | undefined;

/** Canvas writes the dates of variables so: 2018-01-15 00:00:00 -0700. */
function canvasDate(iso: string): string {
  const parts = /^(.{10})T(.{8})([+-]\d\d):(\d\d)$/.exec(iso);
  return parts === null ? iso : `${parts[1] ?? ''} ${parts[2] ?? ''} ${parts[3] ?? ''}${parts[4] ?? ''}`;
}

const sectionsOf = ({ platform, person, course }: VariableScope) => {
  const ids = platform.roster.activeEnrollmentsOf(person.id, course.id).map((one) => one.sectionId);
  return [...new Set(ids)]
    .sort((a, b) => a - b)
    .flatMap((id) => {
      const section = platform.roster.section(id);
      return section === undefined ? [] : [section];
    });
};

/** What can be said in a launch and also of each member of the roster. */
const memberVariables: Record<string, (scope: VariableScope) => Value> = {
  'Canvas.user.id': ({ person }) => person.id,
  'Canvas.user.globalId': ({ person }) => `1${String(person.id).padStart(13, '0')}`,
  'Canvas.user.loginId': ({ person }) => person.loginId,
  'Canvas.user.sisSourceId': ({ person }) => person.sisId ?? undefined,
  'Canvas.user.sisIntegrationId': () => undefined,
  'Person.sourcedId': ({ person }) => person.sisId ?? undefined,
  'vnd.Canvas.Person.email.sis': ({ person }) => (person.sisId === null ? undefined : person.email),
  'Person.address.timezone': ({ person }) => person.timeZone,
  'Canvas.course.id': ({ course }) => course.id,
  'Canvas.course.sisSourceId': ({ course }) => course.sisId ?? undefined,
  'Canvas.course.startAt': ({ course }) => canvasDate(course.startAt),
  'Canvas.course.endAt': ({ course }) => canvasDate(course.endAt),
  'Canvas.course.workflowState': ({ course }) => course.state,
  'Canvas.course.sectionIds': (scope) =>
    sectionsOf(scope)
      .map((one) => one.id)
      .join(','),
  'Canvas.course.sectionSisSourceIds': (scope) =>
    sectionsOf(scope)
      .flatMap((one) => one.sisId ?? [])
      .join(','),
  'com.instructure.User.sectionNames': (scope) => JSON.stringify(sectionsOf(scope).map((one) => one.name)),
  'Canvas.course.sectionRestricted': () => 'false',
  'Canvas.course.previousContextIds': () => '',
};

const launchVariables: Record<string, (scope: VariableScope) => Value> = {
  ...memberVariables,
  'Canvas.term.id': () => 301,
  'Canvas.term.name': () => 'Schuljahr 2026/27',
  'Canvas.term.startAt': ({ course }) => canvasDate(course.startAt),
  'Canvas.term.endAt': ({ course }) => canvasDate(course.endAt),
  'Canvas.enrollment.enrollmentState': ({ platform, person, course }) =>
    platform.roster.activeEnrollmentsOf(person.id, course.id).length > 0 ? 'active' : '',
  'Canvas.membership.roles': ({ platform, person, course }) =>
    computeCanvasRoles(platform.roster.activeEnrollmentsOf(person.id, course.id)).join(','),
  'Canvas.api.baseUrl': ({ platform }) => platform.identity.issuer,
  'Canvas.api.domain': ({ platform }) => new URL(platform.identity.issuer).host,
  'Canvas.rootAccount.id': () => 1,
  'Canvas.account.id': () => 1,
  'Canvas.masqueradingUser.id': ({ masquerader }) => masquerader?.id,
  'Canvas.user.prefersHighContrast': () => 'false',
  'Canvas.environment.test': () => 'false',
  'com.instructure.brandConfigJSON.url': ({ platform }) => `${platform.identity.issuer}/assets/brand.json`,
  'com.instructure.PostMessageToken': ({ platform, person }) =>
    opaqueId(`post-message/${platform.file.state.guid}`, person.id),
  'com.instructure.Person.name_sortable': ({ person }) => person.sortableName,
  'com.instructure.Person.pronouns': () => undefined,
};

/** The fields of the developer key: sent with each launch, and expanded per member in the roster. */
const toolFields: Record<string, string> = {
  canvas_user_id: '$Canvas.user.id',
  canvas_course_id: '$Canvas.course.id',
  api_domain: '$Canvas.api.domain',
  section_ids: '$Canvas.course.sectionIds',
  section_names: '$com.instructure.User.sectionNames',
  section_sis_ids: '$Canvas.course.sectionSisSourceIds',
  sis_user_id: '$Canvas.user.sisSourceId',
  sis_course_id: '$Canvas.course.sisSourceId',
  login_id: '$Canvas.user.loginId',
  tz: '$Person.address.timezone',
  course_start: '$Canvas.course.startAt',
  course_end: '$Canvas.course.endAt',
  course_state: '$Canvas.course.workflowState',
};

/** The fields of the placement: sent with launches alone. */
const placementFields: Record<string, string> = {
  term_id: '$Canvas.term.id',
  term_name: '$Canvas.term.name',
  term_start: '$Canvas.term.startAt',
  term_end: '$Canvas.term.endAt',
  account_id: '$Canvas.account.id',
  canvas_roles: '$Canvas.membership.roles',
  enrollment_state: '$Canvas.enrollment.enrollmentState',
  masquerader: '$Canvas.masqueradingUser.id',
  brand_config: '$com.instructure.brandConfigJSON.url',
  high_contrast: '$Canvas.user.prefersHighContrast',
  post_message_token: '$com.instructure.PostMessageToken',
  pronouns: '$com.instructure.Person.pronouns',
  // Canvas has no such variable: it comes back as it was written, and a tool has to bear it.
  unknown_field: '$Canvas.no.such.variable',
};

type Expanders = Record<string, (scope: VariableScope) => Value>;

function expand(
  fields: Record<string, string>,
  known: Expanders,
  scope: VariableScope,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [name, known[text.slice(1)]?.(scope) ?? text]),
  );
}

/** The custom claim of a launch. What cannot be resolved stays as it is written, with its dollar sign. */
export function expandForLaunch(scope: VariableScope): Record<string, Value> {
  return expand({ ...toolFields, ...placementFields }, launchVariables, scope);
}

/** The custom claim of a member of the roster: the key's fields only, and fewer variables. */
export function expandForMember(scope: VariableScope): Record<string, Value> {
  return expand(toolFields, memberVariables, scope);
}
