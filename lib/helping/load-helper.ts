import { requireMarker } from '../access/require-place.ts';
import { loadRegister } from '../attendance/load-register.ts';
import type { RegisterView } from '../attendance/load-register.ts';
import type { Ctx } from '../context.ts';
import { selectStudents } from './queries.ts';
import type { StudentAtDoor } from './queries.ts';

export interface HelperView {
  register: RegisterView;
  /** Students of the course who are not on this meeting's register: of another section, say. They may come all the same. */
  others: StudentAtDoor[];
}

/**
 * Whom somebody may check in by hand, with what stands there for them.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function loadHelper(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<HelperView> {
  await requireMarker(ctx, courseId);
  const register = await loadRegister(ctx, { courseId, meetingId });
  const students = await selectStudents(ctx.db, courseId, ctx.now);
  const listed = new Set(register.rows.map(({ membershipId }) => membershipId));
  return { register, others: students.filter(({ membershipId }) => !listed.has(membershipId)) };
}
