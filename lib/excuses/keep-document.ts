import { requireStudent } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import type { DocumentType } from '../db/schema.ts';
import { transaction } from '../db/transaction.ts';
import { newFileKey } from '../files/file-store.ts';
import type { FileStore } from '../files/file-store.ts';
import { inspectDocument } from '../files/inspect-document.ts';
import type { DocumentRefusal } from '../files/inspect-document.ts';
import { receiveUpload } from '../files/receive-upload.ts';
import { documentName } from './document-name.ts';
import {
  countDocumentsSince,
  insertDocument,
  lockMember,
  markDocumentStored,
  replaceDocument,
  selectDocument,
} from './queries.ts';
import type { Document, NewDocument } from './queries.ts';

export interface KeptFile {
  id: string;
  /** As it is shown: cleaned, with the ending of what is kept. */
  name: string;
  /** Of what is kept: pictures were made anew. */
  mediaType: DocumentType;
  bytes: number;
}

/** Why a document was not kept. After `broken` the same may be sent again. */
export type DocumentProblem = DocumentRefusal | 'too-large' | 'broken' | 'too-many';

export type KeptDocument = { kind: 'kept'; file: KeptFile } | { kind: 'refused'; why: DocumentProblem };

export interface SentDocument {
  courseId: string;
  /** Chosen by the browser: sending it again is sending it once. */
  fileId: string;
  /** As the student's device calls it; for people's eyes alone. */
  name: string;
  /** The file itself; it is read when it is known that it may be kept. */
  body: ReadableStream<Uint8Array> | null;
  /** What Content-Length says; undefined: nothing. */
  declaredBytes: number | undefined;
}

export interface KeepingMeans {
  files: FileStore;
  /** Where it lies while it is looked at. */
  uploadFolder: string;
  maxBytes: number;
}

/**
 * Takes a document that a student will hand in with an excuse. The row comes first, then the object, then the word that
 * it lies there; no transaction is open while bytes move. Whatever dies on the way, the same `fileId` begins anew, and
 * the cleaner removes what nobody came back for.
 *
 * @throws AppError `not-signed-in`, `no-access` (Student View too), `not-found` (an id that is taken or was discarded),
 *   `files-unavailable` (the store is away: the same can be sent again), `unavailable` (too many at once)
 */
export async function keepDocument(ctx: Ctx, sent: SentDocument, means: KeepingMeans): Promise<KeptDocument> {
  const { courseId, fileId, body, declaredBytes } = sent;
  const { membershipId, isTestUser } = await requireStudent(ctx, courseId);
  if (isTestUser) throw new AppError('no-access');
  if (!isId(fileId)) throw new AppError('not-found');

  // Nobody waits for bytes to travel that will not be kept; it is asked again when they are there.
  const earlier = ownDocument(await selectDocument(ctx.db, fileId), membershipId);
  if (earlier?.isStored === true) return kept(earlier);
  if (earlier === undefined && (await hasSentEnough(ctx, membershipId))) return refused('too-many');

  const { uploadFolder: folder, maxBytes } = means;
  const received = await receiveUpload(body, { maxBytes, declaredBytes, folder });
  if (received.kind !== 'received') return refused(received.kind);
  try {
    const inspected = await inspectDocument(received);
    if (inspected.kind === 'refused') return inspected;
    const { path, bytes, mediaType } = inspected;
    const name = documentName(sent.name, mediaType);
    const document = { id: fileId, membershipId, objectKey: newFileKey(), name, mediaType, bytes };
    const claim = await claimDocument(ctx, document, means.files);
    if (claim !== 'claimed') return claim;
    await means.files.put(document.objectKey, { path, bytes, mediaType });
    if (await markDocumentStored(ctx.db, { ...document, now: ctx.now })) return kept(document);
    return await giveWay(ctx, document, means.files);
  } finally {
    await received.discard();
  }
}

/** Writes the row of what is about to be stored, or takes over that of a try which did not come to its end. */
async function claimDocument(
  ctx: Ctx,
  document: NewDocument,
  files: FileStore,
): Promise<'claimed' | KeptDocument> {
  const { id, membershipId } = document;
  for (;;) {
    const outcome = await transaction(ctx, async (tx) => {
      // Many at once are counted one after the other.
      await lockMember(tx.db, membershipId);
      const earlier = ownDocument(await selectDocument(tx.db, id), membershipId);
      if (earlier?.isStored === true) return kept(earlier);
      if (earlier !== undefined) return { kind: 'unfinished' as const, objectKey: earlier.objectKey };
      if (await hasSentEnough(tx, membershipId)) return refused('too-many');
      return (await insertDocument(tx.db, { ...document, createdAt: tx.now })) ? 'claimed' : 'taken';
    });
    // Somebody else has taken the id in this moment: then it is theirs.
    if (outcome === 'taken') continue;
    if (outcome === 'claimed' || outcome.kind !== 'unfinished') return outcome;
    // The other try may have come as far as its object. Should it still be at it, it will see that it lost the row.
    await files.delete(outcome.objectKey);
    if (await replaceDocument(ctx.db, { ...document, insteadOf: outcome.objectKey })) return 'claimed';
  }
}

/** Another try of the same document was faster, or it was discarded: ours must not be left lying. */
async function giveWay(ctx: Ctx, { id, membershipId, objectKey }: NewDocument, files: FileStore) {
  await files.delete(objectKey);
  const other = ownDocument(await selectDocument(ctx.db, id), membershipId);
  return other?.isStored === true ? kept(other) : refused('broken');
}

/** @throws AppError `not-found`: somebody else's, or discarded */
function ownDocument(found: Document | undefined, membershipId: string): Document | undefined {
  if (found !== undefined && (found.membershipId !== membershipId || found.isDiscarded)) {
    throw new AppError('not-found');
  }
  return found;
}

/** However often somebody begins anew: four excuses with all that fits. */
const maxDocumentsADay = 20;
const dayMs = 86_400_000;

async function hasSentEnough(ctx: Pick<Ctx, 'db' | 'now'>, membershipId: string): Promise<boolean> {
  const sent = await countDocumentsSince(ctx.db, { membershipId, since: addMs(ctx.now, -dayMs) });
  return sent >= maxDocumentsADay;
}

function kept({ id, name, mediaType, bytes }: KeptFile): KeptDocument {
  return { kind: 'kept', file: { id, name, mediaType, bytes } };
}

function refused(why: DocumentProblem): KeptDocument {
  return { kind: 'refused', why };
}
