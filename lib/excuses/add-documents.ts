import { requireStudent } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { maxFiles } from '../base/excuse-limits.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { fileIdsInput } from './input.ts';
import { lockOwnExcuse } from './lock-own-excuse.ts';
import { attachFiles, countFiles, lockAttachableFiles, updateExcuse } from './queries.ts';

export type AddedDocuments = { kind: 'added' | 'too-many' | 'file-missing' | 'decided-already' };

/**
 * Adds documents to an excuse that waits: the doctor's note that comes a day later. Adding the same again is adding once.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`, `invalid-input`
 */
export async function addDocuments(
  ctx: Ctx,
  { courseId, excuseId, fileIds: given }: { courseId: string; excuseId: string; fileIds: unknown },
): Promise<AddedDocuments> {
  const { membershipId } = await requireStudent(ctx, courseId);
  const parsed = fileIdsInput.min(1).safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  return transaction(ctx, async (tx) => {
    const excuse = await lockOwnExcuse(tx, { courseId, excuseId, membershipId });
    if (excuse.state !== 'submitted') return { kind: 'decided-already' };
    const held = await lockAttachableFiles(tx.db, { membershipId, excuseId, fileIds: parsed.data });
    if (held.size < parsed.data.length) return { kind: 'file-missing' };
    const added = parsed.data.filter((id) => held.get(id) === null);
    if (added.length === 0) return { kind: 'added' };
    if ((await countFiles(tx.db, excuseId)) + added.length > maxFiles) return { kind: 'too-many' };
    await attachFiles(tx.db, excuseId, added);
    await updateExcuse(tx.db, excuseId, { revision: excuse.revision + 1 });
    await insertAuditEvent(tx, {
      ...{ courseId, action: 'excuse.documents-added', subjectId: excuseId },
      after: { membershipId, documents: added.length },
    });
    return { kind: 'added' };
  });
}
