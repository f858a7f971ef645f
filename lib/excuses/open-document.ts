import { requireExcuseViewer, requirePlace } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import type { DocumentType } from '../db/schema.ts';
import type { FileStore, OpenedFile } from '../files/file-store.ts';
import { selectDocumentOfCourse, selectWasOpened } from './queries.ts';
import type { Document } from './queries.ts';

export interface OpenedDocument extends OpenedFile {
  name: string;
  mediaType: DocumentType;
}

/**
 * Opens a document: a student's own, or, once it is handed in, for those who may see the course's excuses. That
 * somebody else than its student opened it is told in the log, once a day for each person. Read or cancel the body.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found` (also one that was discarded),
 *   `files-unavailable`
 */
export async function openDocument(
  ctx: Ctx,
  { courseId, fileId }: { courseId: string; fileId: string },
  files: FileStore,
): Promise<OpenedDocument> {
  const { membershipId } = await requirePlace(ctx, courseId);
  const document = isId(fileId) ? await selectDocumentOfCourse(ctx.db, { courseId, fileId }) : undefined;
  const isOwn = document?.membershipId === membershipId;
  // Whoever may see none is told the same of every id.
  const viewer = isOwn ? undefined : await requireExcuseViewer(ctx, courseId);
  if (document === undefined || !document.isStored || document.isDiscarded) throw new AppError('not-found');
  const { excuseId, name, mediaType } = document;
  if (!isOwn && excuseId === null) throw new AppError('not-found');

  const opened = await files.open(document.objectKey);
  if (opened === undefined) {
    ctx.log.error({ fileId }, 'a document does not lie in the store any more');
    throw new AppError('not-found', { reason: 'lost' });
  }
  try {
    if (viewer !== undefined && excuseId !== null) {
      await tellOpened(ctx, { ...document, excuseId, courseId, personId: viewer.personId });
    }
  } catch (error) {
    await opened.body.cancel();
    throw error;
  }
  return { ...opened, name, mediaType };
}

const tellAgainAfterMs = 86_400_000;

async function tellOpened(
  ctx: Ctx,
  given: Pick<Document, 'id' | 'membershipId'> & { courseId: string; excuseId: string; personId: string },
): Promise<void> {
  const { id: fileId, membershipId, courseId, excuseId, personId } = given;
  const since = addMs(ctx.now, -tellAgainAfterMs);
  if (await selectWasOpened(ctx.db, { excuseId, fileId, personId, since })) return;
  await insertAuditEvent(ctx, {
    ...{ courseId, action: 'excuse.document-opened', subjectId: excuseId },
    after: { membershipId, fileId },
  });
}
