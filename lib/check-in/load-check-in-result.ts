import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import type { CheckInOutcome, Direction, RecordSource } from '../db/schema.ts';
import { isRemembered } from '../devices/is-remembered.ts';
import type { ConfirmedCheckIn } from './keep-sight.ts';
import { selectCheckInResult } from './queries.ts';
import { countedTime } from './rules.ts';

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
  const { record, outcome, direction, scannedAt } = row;
  return {
    kind: kindOf(record?.source, outcome, direction),
    direction,
    checkInId: row.checkInId,
    courseId: row.courseId,
    at: countedTime(record?.spans ?? [], { at: scannedAt, direction }),
    status: record?.status ?? null,
    provenMinutes: record?.provenMinutes ?? 0,
    isOpen: record?.isOpen ?? false,
    meeting: row.meeting,
    personName: row.personName,
    isRemembered: await isRemembered(ctx, { deviceKey: given.deviceKey, personId }),
  };
}

/** What it is by now: a teacher may have entered something since, or may have set it aside. */
function kindOf(
  source: RecordSource | undefined,
  outcome: CheckInOutcome,
  direction: Direction,
): ConfirmedCheckIn['kind'] {
  if (outcome === 'wrong-code' || outcome === 'ticket-used') throw new AppError('not-found');
  if (source === 'teacher') return 'noted';
  // Where a check-in counts there is a record of it.
  if (source !== 'check-in') return direction === 'in' ? 'noted' : 'unpaired';
  return outcome === 'noted' ? 'already' : outcome;
}
