import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import type { ConfirmedCheckIn } from './confirm-attempt.ts';
import { selectCheckInResult, selectIsDeviceOf } from './queries.ts';

export interface CheckInResultView extends ConfirmedCheckIn {
  /** This browser is the person's remembered phone already. */
  isRemembered: boolean;
}

/**
 * The result of the viewer's own check-in, for the page after a sign-in.
 *
 * @throws AppError `not-signed-in`, `not-found` (also for another person's)
 */
export async function loadCheckInResult(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  given: { checkInId: string; deviceKey: string | undefined },
): Promise<CheckInResultView> {
  if (ctx.viewer === undefined) throw new AppError('not-signed-in');
  const { personId } = ctx.viewer;
  const row = isId(given.checkInId)
    ? await selectCheckInResult(ctx.db, given.checkInId, personId)
    : undefined;
  if (row === undefined) throw new AppError('not-found');
  const isRemembered =
    given.deviceKey !== undefined &&
    (await selectIsDeviceOf(ctx.db, tokenHash(given.deviceKey), personId, ctx.now));
  return {
    kind:
      row.record?.source === 'teacher' ? 'noted' : row.outcome === 'checked-in' ? 'checked-in' : 'already',
    checkInId: row.checkInId,
    courseId: row.courseId,
    at: row.arrivedAt ?? row.scannedAt,
    status: row.record?.status ?? 'absent',
    provenMinutes: row.record?.provenMinutes ?? 0,
    meeting: row.meeting,
    personName: row.personName,
    isRemembered,
  };
}
