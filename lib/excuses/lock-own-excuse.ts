import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { lockExcuse } from './queries.ts';
import type { ExcuseRow } from './queries.ts';

/**
 * A student's own excuse, locked until the transaction ends.
 *
 * @throws AppError `not-found` (none, or somebody else's)
 */
export async function lockOwnExcuse(
  tx: Pick<Ctx, 'db'>,
  { courseId, excuseId, membershipId }: { courseId: string; excuseId: string; membershipId: string },
): Promise<ExcuseRow> {
  const excuse = isId(excuseId) ? await lockExcuse(tx.db, { courseId, excuseId }) : undefined;
  if (excuse?.membershipId !== membershipId) throw new AppError('not-found');
  return excuse;
}
