import type { CoursePolicy } from '../base/course-policy.ts';
import type { Role } from '../db/schema.ts';

/** Teachers and assistants run a course: they see everybody and mark. */
export function isStaff(role: Role): boolean {
  return role === 'teacher' || role === 'assistant';
}

/** Those who build a course may place links among its contents; a designer builds it without running it. */
export function buildsCourse(role: Role): boolean {
  return isStaff(role) || role === 'designer';
}

/** Who takes attendance: marks, plans meetings, opens check-ins. */
export function mayMark(role: Role, policy: Pick<CoursePolicy, 'assistantsMayMark'>): boolean {
  return role === 'teacher' || (role === 'assistant' && policy.assistantsMayMark);
}

/** Who may read excuses and open their documents; to decide them is for teachers alone. */
export function maySeeExcuses(role: Role, policy: Pick<CoursePolicy, 'assistantsMaySeeExcuses'>): boolean {
  return role === 'teacher' || (role === 'assistant' && policy.assistantsMaySeeExcuses);
}

/** Who changes how a course counts, and who belongs to it since when. */
export function mayManage(role: Role, policy: Pick<CoursePolicy, 'assistantsMayChangeSettings'>): boolean {
  return role === 'teacher' || (role === 'assistant' && policy.assistantsMayChangeSettings);
}
