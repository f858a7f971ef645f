import type { Env } from '../base/env.ts';
import { processLog } from '../base/log.ts';
import type { Ctx } from '../context.ts';
import { translatorFor } from '../i18n/translator.ts';
import { addJobRegularly, workOn } from '../jobs/queue.ts';
import { applyRetention } from '../privacy/apply-retention.ts';
import { currentProcess } from './process.ts';

/** In the night, by the tool's own zone: after the rosters, which say who is still there. */
const nightCron = '0 3 * * *';

/** Erases what has been kept long enough. */
export async function startPrivacyJobs(settings: Env, backgroundContext: () => Ctx): Promise<void> {
  const log = processLog(settings.LOG_LEVEL);
  const t = translatorFor(settings.DEFAULT_LANGUAGE);
  await workOn('apply-retention', async () => {
    const erased = await applyRetention(backgroundContext(), {
      nameOf: (number) => t('privacy.erased-person', { number: String(number) }),
      endedAt: () => currentProcess().clock.now(),
    });
    log.info(erased, 'what has been kept long enough was erased');
  });
  await addJobRegularly('apply-retention', { cron: nightCron, timeZone: settings.TZ ?? 'UTC' });
}
