import { copyFile, mkdir, realpath, rm, stat } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { basename, join, sep } from 'node:path';
import type { Ctx } from '../context.ts';
import { documentName } from '../excuses/document-name.ts';
import {
  attachFiles,
  insertDocument,
  markDocumentStored,
  replaceDocument,
  selectDocument,
} from '../excuses/queries.ts';
import { newFileKey } from '../files/file-store.ts';
import type { FileStore } from '../files/file-store.ts';
import { inspectDocument } from '../files/inspect-document.ts';
import { documentPaths } from './rules.ts';

export interface DocumentMeans {
  /** The old public folder, or where its excuse files lie now. */
  folder: string;
  store: FileStore;
  /** Where a document lies while it is looked at. */
  uploadFolder: string;
  maxBytes: number;
  /** False: it is looked for and looked at, and stays where it is. */
  keeps: boolean;
}

export interface DocumentToBring {
  fileId: string;
  excuseId: string;
  membershipId: string;
  /** As the old table has it: a path or an address. */
  written: string;
}

/**
 * Brings a document of an imported excuse over, looked at as one that is handed in today. Its row comes first and its
 * object after it; told again, it begins where it broke off.
 *
 * @throws AppError `files-unavailable`, `unavailable`
 */
export async function bringDocument(
  ctx: Ctx,
  document: DocumentToBring,
  means: DocumentMeans,
): Promise<'brought' | 'there' | 'missing' | 'refused'> {
  const { fileId: id, excuseId, membershipId } = document;
  const earlier = await selectDocument(ctx.db, id);
  if (earlier?.isDiscarded === true) return 'there';
  if (earlier?.isStored === true) {
    await attachFiles(ctx.db, excuseId, [id]);
    return 'there';
  }
  const source = await findFile(means.folder, document.written);
  if (source === undefined) return 'missing';
  const { size: bytes } = await stat(source);
  if (bytes > means.maxBytes) return 'refused';

  await mkdir(means.uploadFolder, { recursive: true, mode: 0o700 });
  const path = join(means.uploadFolder, randomBytes(16).toString('hex'));
  try {
    // The old one stays as it is: pictures are made anew in place.
    await copyFile(source, path);
    const inspected = await inspectDocument({ path, bytes });
    if (inspected.kind === 'refused') return 'refused';
    if (!means.keeps) return 'brought';
    const objectKey = newFileKey();
    const { mediaType } = inspected;
    const row = { id, membershipId, objectKey, mediaType, bytes: inspected.bytes };
    const named = { ...row, name: documentName(basename(source), mediaType) };
    if (earlier === undefined) await insertDocument(ctx.db, { ...named, createdAt: ctx.now });
    else {
      await means.store.delete(earlier.objectKey);
      await replaceDocument(ctx.db, { ...named, insteadOf: earlier.objectKey });
    }
    await attachFiles(ctx.db, excuseId, [id]);
    await means.store.put(objectKey, { path, bytes: inspected.bytes, mediaType });
    await markDocumentStored(ctx.db, { id, objectKey, now: ctx.now });
    return 'brought';
  } finally {
    await rm(path, { force: true });
  }
}

/** A file below the folder, whatever the old table says; no link leads out of it. */
async function findFile(folder: string, written: string): Promise<string | undefined> {
  const root = await realpath(folder);
  for (const below of documentPaths(written)) {
    const path = await realpath(join(root, below)).catch(() => undefined);
    if (path?.startsWith(root + sep) === true && (await stat(path)).isFile()) return path;
  }
  return undefined;
}
