import { requireStudent } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { discardOwnDocument, selectDocument } from './queries.ts';

export type DroppedDocument = { kind: 'dropped' | 'handed-in' };

/**
 * Takes a document away that a student has sent and not handed in yet; the cleaner deletes it within minutes. Dropping
 * it twice is dropping it once.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found` (none, or somebody else's)
 */
export async function dropDocument(
  ctx: Ctx,
  { courseId, fileId }: { courseId: string; fileId: string },
): Promise<DroppedDocument> {
  const { membershipId } = await requireStudent(ctx, courseId);
  if (!isId(fileId)) throw new AppError('not-found');
  if (await discardOwnDocument(ctx.db, { fileId, membershipId, now: ctx.now })) return { kind: 'dropped' };
  const document = await selectDocument(ctx.db, fileId);
  if (document?.membershipId !== membershipId) throw new AppError('not-found');
  return { kind: document.excuseId === null ? 'dropped' : 'handed-in' };
}
