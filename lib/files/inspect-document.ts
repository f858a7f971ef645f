import { open } from 'node:fs/promises';
import type { DocumentType } from '../db/schema.ts';
import { recogniseDocument } from './recognise-document.ts';
import type { FileToStore } from './file-store.ts';

export type DocumentRefusal =
  | 'empty'
  | 'wrong-type'
  | 'too-many-pixels'
  /** Broken, or something that only looks like one of ours. */
  | 'unreadable'
  /** A PDF that could do something: scripts, launch actions, embedded files, forms that are programs. */
  | 'pdf-active'
  /** A PDF that cannot be looked into: encrypted. */
  | 'pdf-locked';

export type InspectedDocument =
  /** What is to be kept lies at `path`: pictures were made anew in place of what was sent. */
  ({ kind: 'fine' } & FileToStore & { mediaType: DocumentType }) | { kind: 'refused'; why: DocumentRefusal };

/**
 * Looks at what somebody sent, by its content alone, one file at a time in this process.
 *
 * @throws AppError `unavailable`: too many wait already
 */
export async function inspectDocument({
  path,
  bytes,
}: {
  path: string;
  bytes: number;
}): Promise<InspectedDocument> {
  if (bytes === 0) return { kind: 'refused', why: 'empty' };
  const file = await open(path, 'r');
  const head = new Uint8Array(512);
  try {
    await file.read(head);
  } finally {
    await file.close();
  }
  const kind = recogniseDocument(head);
  if (kind === undefined) return { kind: 'refused', why: 'wrong-type' };
  return { kind: 'fine', path, bytes, mediaType: kind === 'pdf' ? 'application/pdf' : 'image/jpeg' };
}
