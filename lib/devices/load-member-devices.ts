import { requireStaff } from '../access/require-place.ts';
import { mayMark } from '../access/rules.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectDevices, selectStudentPerson } from './queries.ts';
import type { DeviceView } from './queries.ts';

export interface MemberDevicesView {
  devices: DeviceView[];
  /** Whether the viewer may revoke them. */
  mayRevoke: boolean;
}

/**
 * The phones of a student, for teachers and assistants: which, since when, and when they were used last in this
 * course. What they are used for elsewhere is not theirs to see.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found` (no student who is enrolled in this course)
 */
export async function loadMemberDevices(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  { courseId, membershipId }: { courseId: string; membershipId: string },
): Promise<MemberDevicesView> {
  const { role, course } = await requireStaff(ctx, courseId);
  const personId = isId(membershipId)
    ? await selectStudentPerson(ctx.db, { courseId, membershipId, now: ctx.now })
    : undefined;
  if (personId === undefined) throw new AppError('not-found');
  return {
    devices: await selectDevices(ctx.db, personId, ctx.now, { courseId }),
    mayRevoke: mayMark(role, course.policy),
  };
}
