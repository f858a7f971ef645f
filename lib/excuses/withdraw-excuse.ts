import { requireStudent } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockOwnExcuse } from './lock-own-excuse.ts';
import { discardFilesOfExcuse, updateExcuse } from './queries.ts';

export type WithdrawnExcuse = { kind: 'withdrawn' | 'decided-already' };

/**
 * Takes an excuse back that waits. Its documents can be opened by nobody from then on, and are deleted. Taking it back
 * twice is taking it back once.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function withdrawExcuse(
  ctx: Ctx,
  { courseId, excuseId }: { courseId: string; excuseId: string },
): Promise<WithdrawnExcuse> {
  const { membershipId } = await requireStudent(ctx, courseId);
  return transaction(ctx, async (tx) => {
    const excuse = await lockOwnExcuse(tx, { courseId, excuseId, membershipId });
    if (excuse.state === 'withdrawn') return { kind: 'withdrawn' };
    if (excuse.state !== 'submitted') return { kind: 'decided-already' };
    await updateExcuse(tx.db, excuseId, {
      ...{ state: 'withdrawn', withdrawnAt: tx.now, revision: excuse.revision + 1 },
    });
    await discardFilesOfExcuse(tx.db, excuseId, tx.now);
    await insertAuditEvent(tx, {
      ...{ courseId, action: 'excuse.withdrawn', subjectId: excuseId },
      after: { membershipId },
    });
    return { kind: 'withdrawn' };
  });
}
