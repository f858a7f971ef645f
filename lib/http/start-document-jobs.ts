import type { Env } from '../base/env.ts';
import { errorFacts, processLog } from '../base/log.ts';
import { minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { cleanDocuments } from '../excuses/clean-documents.ts';
import { sweepFileStore } from '../excuses/sweep-file-store.ts';
import { uploadFolderOf } from '../files/open-file-store.ts';
import { removeLeftovers } from '../files/remove-leftovers.ts';
import { addJobRegularly, workOn } from '../jobs/queue.ts';
import { currentProcess } from './process.ts';

const everyFiveMinutesCron = '*/5 * * * *';
/** In the night, by the tool's own zone. */
const nightCron = '30 2 * * *';

/** Does the work of documents: what was discarded or forsaken is deleted, from the store and from this machine's disk. */
export async function startDocumentJobs(settings: Env, backgroundContext: () => Ctx): Promise<void> {
  const log = processLog(settings.LOG_LEVEL);
  // Each process clears its own machine's disk, also while it runs: one that died a moment ago left something young.
  const clearUploads = () => {
    removeLeftovers(uploadFolderOf(settings)).catch((error: unknown) => {
      log.warn(errorFacts(error), 'uploads that broke off could not be cleared away');
    });
  };
  clearUploads();
  setInterval(clearUploads, 30 * minuteMs).unref();

  await workOn('clean-documents', async () => {
    const done = await cleanDocuments(backgroundContext(), currentProcess().files);
    if (done.forsaken + done.removed + done.failed > 0) log.info(done, 'documents were cleaned away');
  });
  await workOn('sweep-file-store', async () => {
    const swept = await sweepFileStore(backgroundContext(), currentProcess().files);
    log.info(swept, 'the store of documents was swept');
  });
  await addJobRegularly('clean-documents', { cron: everyFiveMinutesCron, timeZone: 'UTC' });
  await addJobRegularly('sweep-file-store', { cron: nightCron, timeZone: settings.TZ ?? 'UTC' });
}
