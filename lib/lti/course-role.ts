/**
 * A person's role in the course of a launch. Only context roles count (LTI 1.3 Core appendix A.2.2 and, by
 * A.2.3, its short names): `institution/person#Instructor` means "teaches something here", not this.
 */
export type CourseRole = 'teacher' | 'assistant' | 'student' | 'observer' | 'designer';

const membership = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const shortNames = new Set(['Instructor', 'Learner', 'Mentor', 'ContentDeveloper', 'TeachingAssistant']);

/**
 * The strongest context role, or undefined when there is none. An assistant also carries Instructor, so
 * that the assistant is looked for first.
 */
export function courseRoleOf(roles: readonly string[]): CourseRole | undefined {
  const names = new Set<string>();
  for (const role of roles) {
    if (shortNames.has(role)) names.add(role);
    else if (role.startsWith(`${membership}#`)) names.add(role.slice(membership.length + 1));
    else if (role === `${membership}/Instructor#TeachingAssistant`) names.add('TeachingAssistant');
    else if (role.startsWith(`${membership}/Learner#`)) names.add('Learner');
    else if (role.startsWith(`${membership}/Instructor#`)) names.add('Instructor');
  }
  if (names.has('TeachingAssistant')) return 'assistant';
  if (names.has('Instructor')) return 'teacher';
  if (names.has('Learner')) return 'student';
  if (names.has('ContentDeveloper')) return 'designer';
  if (names.has('Mentor')) return 'observer';
  return undefined;
}

/** Student View's invented student (LTI 1.3 Core § A.2.4). */
export function isTestUser(roles: readonly string[]): boolean {
  return roles.includes('http://purl.imsglobal.org/vocab/lti/system/person#TestUser');
}
