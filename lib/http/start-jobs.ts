import { sealAudit } from '../audit/seal-audit.ts';
import { auditHeadsFileOf } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import { processLog } from '../base/log.ts';
import type { Ctx } from '../context.ts';
import type { DatabaseAddress } from '../db/address.ts';
import { addJobRegularly, startQueue, stopQueue, workOn } from '../jobs/queue.ts';
import { canvasApiOf } from '../rosters/canvas-api.ts';
import { planNight } from '../rosters/plan-night.ts';
import { requestRosterSyncAtNight } from '../rosters/request-roster-sync.ts';
import { syncRosterAsJob } from '../rosters/sync-roster.ts';
import { platformServices } from './platform-services.ts';
import { currentProcess } from './process.ts';
import { startDocumentJobs } from './start-document-jobs.ts';
import { startMailJobs } from './start-mail-jobs.ts';
import { startPrivacyJobs } from './start-privacy-jobs.ts';

/** One in the night, by the tool's own zone. */
const nightCron = '0 1 * * *';

const everyMinuteCron = '* * * * *';

/** Starts this process' end of the queue, and the work that it does. @returns what ends it, with what has been begun */
export async function startJobs(
  address: DatabaseAddress,
  settings: Env,
  backgroundContext: () => Ctx,
): Promise<() => Promise<void>> {
  const log = processLog(settings.LOG_LEVEL);
  await startQueue(address, log);

  await workOn('sync-roster', async (order, job) => {
    const means = {
      services: platformServices(),
      canvas: canvasApiOf(settings),
      now: () => currentProcess().clock.now(),
    };
    const done = await syncRosterAsJob(backgroundContext(), { ...order, syncId: job.id }, means);
    log.info({ ...order, ...done }, 'roster sync ended');
  });

  await workOn('plan-roster-night', async () => {
    const courses = await planNight(backgroundContext(), Math.random);
    log.info({ courses }, 'the rosters of the night have their turns');
  });
  await workOn('sync-roster-at-night', ({ courseId }) =>
    requestRosterSyncAtNight(backgroundContext(), courseId),
  );
  await addJobRegularly('plan-roster-night', { cron: nightCron, timeZone: settings.TZ ?? 'UTC' });

  await workOn('seal-audit', async () => {
    await sealAudit(backgroundContext(), { headsFile: auditHeadsFileOf(settings) });
  });
  await addJobRegularly('seal-audit', { cron: everyMinuteCron, timeZone: 'UTC' });

  await startDocumentJobs(settings, backgroundContext);
  await startPrivacyJobs(settings, backgroundContext);

  const mails = await startMailJobs(settings, backgroundContext);
  return async () => {
    mails.stop();
    await stopQueue();
    mails.close();
  };
}
