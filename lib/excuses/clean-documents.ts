import { errorFacts } from '../base/log.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import type { FileStore } from '../files/file-store.ts';
import { discardForsaken, selectToRemove, settleRemoved } from './queries.ts';

/** Whoever has not handed in by then begins anew. */
const keepUnattachedMs = 24 * 60 * minuteMs;
/** No upload takes so long: its process died. */
const keepUnstoredMs = 60 * minuteMs;
const usualBatch = 200;
/** So many in a row: the store is away, and the rest waits for the next time. */
const failuresToStop = 3;

export interface CleanedDocuments {
  /** What was never handed in, or never stored whole. */
  forsaken: number;
  /** Objects that are gone now. */
  removed: number;
  /** What could not be deleted and waits for the next time. */
  failed: number;
}

/**
 * Deletes the objects of documents that were discarded, and of those that nobody came back for. Each by itself, the
 * object before its row, so that nothing is forgotten: whatever dies, or is away, the next run finds the rest. Two runs
 * at once do no harm. A job, every few minutes.
 */
export async function cleanDocuments(
  ctx: Pick<Ctx, 'db' | 'now' | 'log'>,
  files: FileStore,
  { batch = usualBatch }: { batch?: number } = {},
): Promise<CleanedDocuments> {
  const done: CleanedDocuments = {
    forsaken: await discardForsaken(ctx.db, {
      unattachedBefore: addMs(ctx.now, -keepUnattachedMs),
      unstoredBefore: addMs(ctx.now, -keepUnstoredMs),
      now: ctx.now,
    }),
    removed: 0,
    failed: 0,
  };
  let rows: { id: string; objectKey: string }[];
  do {
    rows = await selectToRemove(ctx.db, batch);
    let failuresInARow = 0;
    for (const { id, objectKey } of rows) {
      try {
        await files.delete(objectKey);
      } catch (error) {
        done.failed += 1;
        failuresInARow += 1;
        if (failuresInARow === 1) ctx.log.warn(errorFacts(error), 'a document could not be deleted yet');
        if (failuresInARow === failuresToStop) break;
        continue;
      }
      failuresInARow = 0;
      await settleRemoved(ctx.db, { id, now: ctx.now });
      done.removed += 1;
    }
  } while (done.failed === 0 && rows.length === batch);
  return done;
}
