import type { Enrollment, EnrollmentType, Person } from './people.ts';
import type { Roster } from './roster.ts';

const lis = 'http://purl.imsglobal.org/vocab/lis/v2';
const testUserRole = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser';
const learnerRole = `${lis}/membership#Learner`;
const instructorRole = `${lis}/membership#Instructor`;

const courseRoles: Record<EnrollmentType, readonly string[]> = {
  StudentEnrollment: [learnerRole],
  TeacherEnrollment: [instructorRole],
  TaEnrollment: [`${lis}/membership/Instructor#TeachingAssistant`, instructorRole],
  DesignerEnrollment: [`${lis}/membership#ContentDeveloper`],
  ObserverEnrollment: [`${lis}/membership#Mentor`],
  StudentViewEnrollment: [learnerRole, testUserRole],
};

/** The roles in one course, each once: what the roster gives. */
export function computeCourseRoles(enrollments: readonly Enrollment[]): string[] {
  return [...new Set(enrollments.flatMap((one) => courseRoles[one.type]))];
}

/** Canvas' role of a visitor who is not signed in. */
export const visitorRole = `${lis}/system/person#None`;

/**
 * The roles of a launch: those of the course, those in the institution and those in the system, united.
 * Outside a course only the latter two. `institution/person#Instructor` says only that the person teaches something somewhere.
 */
export function computeLaunchRoles(roster: Roster, person: Person, courseId: number | null): string[] {
  const everywhere = roster.activeEnrollmentsOf(person.id);
  const institution = new Set<string>();
  if (everywhere.some((one) => one.type === 'TeacherEnrollment' || one.type === 'TaEnrollment')) {
    institution.add(`${lis}/institution/person#Instructor`);
  }
  if (everywhere.some((one) => one.type === 'StudentEnrollment' || one.type === 'StudentViewEnrollment')) {
    institution.add(`${lis}/institution/person#Student`);
  }
  if (everywhere.some((one) => one.type === 'ObserverEnrollment')) {
    institution.add(`${lis}/institution/person#Observer`);
  }
  if (person.admin) institution.add(`${lis}/institution/person#Administrator`);
  const here = everywhere.filter((one) => one.courseId === courseId);
  return [
    ...new Set([
      ...institution,
      ...computeCourseRoles(here),
      ...(person.testStudentOf === null ? [`${lis}/system/person#User`] : []),
    ]),
  ];
}

/** Canvas' own names, as `$Canvas.membership.roles` gives them. */
export function computeCanvasRoles(enrollments: readonly Enrollment[]): string[] {
  return [...new Set(enrollments.map((one) => one.type))];
}
