import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { isOwnFileKey } from '../files/file-store.ts';
import type { FileStore, ListedFile } from '../files/file-store.ts';
import { selectWantedKeys } from './queries.ts';

/** A row stands before its object does; so long after, nobody is still at it. */
const strayAfterMs = 24 * 60 * minuteMs;
const keysAtOnce = 500;
/** The rest is found the next day. */
const maxStrays = 10_000;
/** More than this and they are another database's. */
const maxStrayShare = 0.2;
const fewStrays = 20;

export type SweptStore =
  | { kind: 'swept'; files: number; removed: number }
  /** So much is unknown here that nothing was deleted. */
  | { kind: 'too-many-strays'; files: number; strays: number };

/**
 * Deletes documents that no row knows, a day after they came: what was left when a process and its row ended in the worst
 * order. A job, once a day.
 *
 * @throws AppError `files-unavailable`: what is left is found the next time
 */
export async function sweepFileStore(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  store: FileStore,
): Promise<SweptStore> {
  const before = addMs(ctx.now, -strayAfterMs);
  let files = 0;
  const strays: string[] = [];
  for await (const listed of pagesOf(store.list(), keysAtOnce)) {
    // Backups may lie in the same bucket, and what other programs keep.
    const page = listed.filter(({ key }) => isOwnFileKey(key));
    files += page.length;
    const settled = page.filter(({ modifiedAt }) => modifiedAt < before).map(({ key }) => key);
    const wanted = await selectWantedKeys(ctx.db, settled);
    strays.push(...settled.filter((key) => !wanted.has(key)));
  }
  if (strays.length > fewStrays && strays.length > files * maxStrayShare) {
    ctx.log.error(
      { files, strays: strays.length },
      'most of what lies where documents are kept is unknown to this database: nothing was deleted there',
    );
    return { kind: 'too-many-strays', files, strays: strays.length };
  }
  const removed = strays.slice(0, maxStrays);
  for (const key of removed) await store.delete(key);
  return { kind: 'swept', files, removed: removed.length };
}

async function* pagesOf(files: AsyncIterable<ListedFile>, size: number): AsyncGenerator<ListedFile[]> {
  let page: ListedFile[] = [];
  for await (const file of files) {
    page.push(file);
    if (page.length === size) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}
