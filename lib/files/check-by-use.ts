import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newFileKey } from './file-store.ts';
import type { FileStore } from './file-store.ts';

/**
 * Does with a small file of random bytes what is done with documents. The file has a key like any other: should the
 * process die midway, it is cleaned up with what nobody knows.
 *
 * @param sentenceOf tells the operator what is wrong, from what was thrown
 */
export async function checkByUse(
  store: FileStore,
  sentenceOf: (error: unknown) => string,
): Promise<string | undefined> {
  const key = newFileKey();
  const content = randomBytes(64);
  const folder = await mkdtemp(join(tmpdir(), 'files-check-'));
  try {
    const path = join(folder, 'file');
    await writeFile(path, content);
    await store.put(key, { path, bytes: content.length, mediaType: 'application/octet-stream' });
    const opened = await store.open(key);
    const found = opened === undefined ? undefined : await new Response(opened.body).bytes();
    if (found === undefined || !content.equals(found)) throw new Error('Another file came back.');
    await store.delete(key);
    // The cleaner needs to list, too.
    for await (const _ of store.list()) break;
    return undefined;
  } catch (error) {
    return sentenceOf(error instanceof Error && error.cause !== undefined ? error.cause : error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
