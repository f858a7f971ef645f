import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectReplaceableMeetings } from './queries.ts';
import type { ReplaceableMeeting } from './queries.ts';

export type { ReplaceableMeeting } from './queries.ts';

/**
 * The missed meetings of a member's own section that their attendance at this one could stand for.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function loadReplaceableMeetings(
  ctx: Ctx,
  { courseId, meetingId, membershipId }: { courseId: string; meetingId: string; membershipId: string },
): Promise<ReplaceableMeeting[]> {
  await requireStaff(ctx, courseId);
  if (!isId(meetingId) || !isId(membershipId)) throw new AppError('not-found');
  return selectReplaceableMeetings(ctx.db, { courseId, meetingId, membershipIds: [membershipId] });
}
