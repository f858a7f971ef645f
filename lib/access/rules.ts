import type { Role } from '../db/schema.ts';

/** Teachers and assistants run a course: they see everybody and mark. */
export function isStaff(role: Role): boolean {
  return role === 'teacher' || role === 'assistant';
}
