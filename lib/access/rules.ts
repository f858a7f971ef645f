import type { Role } from '../db/schema.ts';

/** Teachers and assistants run a course: they see everybody and mark. */
export function isStaff(role: Role): boolean {
  return role === 'teacher' || role === 'assistant';
}

/** Those who build a course may place links among its contents; a designer builds it without running it. */
export function buildsCourse(role: Role): boolean {
  return isStaff(role) || role === 'designer';
}
