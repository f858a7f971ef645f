import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newFileKey } from '#lib/files/file-store.ts';
import type { FileStore, FileToStore } from '#lib/files/file-store.ts';

/** A file on this machine's disk, to be put into a store. */
export async function putAside(folder: string, content: Buffer): Promise<FileToStore> {
  const path = join(folder, newFileKey());
  await writeFile(path, content);
  return { path, bytes: content.length, mediaType: 'application/pdf' };
}

/** Undefined: nothing lies there. */
export async function contentOf(store: FileStore, key: string): Promise<Buffer | undefined> {
  const opened = await store.open(key);
  if (opened === undefined) return undefined;
  const content = Buffer.from(await new Response(opened.body).arrayBuffer());
  if (content.length !== opened.bytes) throw new Error('Another length came than was promised.');
  return content;
}

export async function keysIn(store: FileStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys.sort();
}
