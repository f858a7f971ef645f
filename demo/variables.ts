import { opaqueId } from './identity.ts';
import type { Course, Person } from './people.ts';
import type { Platform } from './platform.ts';
import { computeCanvasRoles } from './roles.ts';

/** Whose and which launch a variable is expanded for. */
export interface VariableScope {
  platform: Platform;
  /** Nobody: a visitor of a public course. */
  person: Person | null;
  /** None: a launch from the account. */
  course: Course | null;
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
  if (person === null || course === null) return [];
  const ids = platform.roster.activeEnrollmentsOf(person.id, course.id).map((one) => one.sectionId);
  return [...new Set(ids)]
    .sort((a, b) => a - b)
    .flatMap((id) => {
      const section = platform.roster.section(id);
      return section === undefined ? [] : [section];
    });
};

/** A variable of the person is nothing where there is none; likewise of the course. */
const ofPerson =
  (read: (person: Person, scope: VariableScope) => Value) =>
  (scope: VariableScope): Value =>
    scope.person === null ? undefined : read(scope.person, scope);
const ofCourse =
  (read: (course: Course, scope: VariableScope) => Value) =>
  (scope: VariableScope): Value =>
    scope.course === null ? undefined : read(scope.course, scope);
const ofMember = (read: (person: Person, course: Course, scope: VariableScope) => Value) =>
  ofPerson((person, scope) => ofCourse((course) => read(person, course, scope))(scope));

/** What can be said in a launch and also of each member of the roster. */
const memberVariables: Record<string, (scope: VariableScope) => Value> = {
  'Canvas.user.id': ofPerson((person) => person.id),
  'Canvas.user.globalId': ofPerson((person) => `1${String(person.id).padStart(13, '0')}`),
  'Canvas.user.loginId': ofPerson((person) => person.loginId),
  'Canvas.user.sisSourceId': ofPerson((person) => person.sisId ?? undefined),
  'Canvas.user.sisIntegrationId': () => undefined,
  'Person.sourcedId': ofPerson((person) => person.sisId ?? undefined),
  'vnd.Canvas.Person.email.sis': ofPerson((person) => (person.sisId === null ? undefined : person.email)),
  'Person.address.timezone': ofPerson((person) => person.timeZone),
  'Canvas.course.id': ofCourse((course) => course.id),
  'Canvas.course.sisSourceId': ofCourse((course) => course.sisId ?? undefined),
  'Canvas.course.startAt': ofCourse((course) => canvasDate(course.startAt)),
  'Canvas.course.endAt': ofCourse((course) => canvasDate(course.endAt)),
  'Canvas.course.workflowState': ofCourse((course) => course.state),
  'Canvas.course.sectionIds': ofMember((_person, _course, scope) =>
    sectionsOf(scope)
      .map((one) => one.id)
      .join(','),
  ),
  'Canvas.course.sectionSisSourceIds': ofMember((_person, _course, scope) =>
    sectionsOf(scope)
      .flatMap((one) => one.sisId ?? [])
      .join(','),
  ),
  'com.instructure.User.sectionNames': ofMember((_person, _course, scope) =>
    JSON.stringify(sectionsOf(scope).map((one) => one.name)),
  ),
  'Canvas.course.sectionRestricted': ofMember(() => 'false'),
  'Canvas.course.previousContextIds': ofCourse(() => ''),
};

const launchVariables: Record<string, (scope: VariableScope) => Value> = {
  ...memberVariables,
  'Canvas.term.id': ofCourse(() => 301),
  'Canvas.term.name': ofCourse(() => 'Schuljahr 2026/27'),
  'Canvas.term.startAt': ofCourse((course) => canvasDate(course.startAt)),
  'Canvas.term.endAt': ofCourse((course) => canvasDate(course.endAt)),
  'Canvas.enrollment.enrollmentState': ofMember((person, course, { platform }) =>
    platform.roster.activeEnrollmentsOf(person.id, course.id).length > 0 ? 'active' : '',
  ),
  'Canvas.membership.roles': ofMember((person, course, { platform }) =>
    computeCanvasRoles(platform.roster.activeEnrollmentsOf(person.id, course.id)).join(','),
  ),
  'Canvas.api.baseUrl': ({ platform }) => platform.identity.issuer,
  'Canvas.api.domain': ({ platform }) => new URL(platform.identity.issuer).host,
  'Canvas.rootAccount.id': () => 1,
  'Canvas.account.id': () => 1,
  'Canvas.masqueradingUser.id': ({ masquerader }) => masquerader?.id,
  'Canvas.user.prefersHighContrast': ofPerson(() => 'false'),
  'Canvas.environment.test': () => 'false',
  'com.instructure.brandConfigJSON.url': ({ platform }) => `${platform.identity.issuer}/assets/brand.json`,
  'com.instructure.PostMessageToken': ofPerson((person, { platform }) =>
    opaqueId(`post-message/${platform.file.state.guid}`, person.id),
  ),
  'com.instructure.Person.name_sortable': ofPerson((person) => person.sortableName),
  'com.instructure.Person.pronouns': () => undefined,
};

/** The variables that the platform offers to a tool that registers itself. */
export const variableNames: readonly string[] = Object.keys(launchVariables);

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
export function expandForLaunch(scope: VariableScope, fields: Record<string, string>): Record<string, Value> {
  return expand(fields, launchVariables, scope);
}

/** The custom claim of a member of the roster: fewer variables than in a launch. */
export function expandForMember(scope: VariableScope, fields: Record<string, string>): Record<string, Value> {
  return expand(fields, memberVariables, scope);
}
