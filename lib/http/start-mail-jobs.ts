import type { Env } from '../base/env.ts';
import { processLog } from '../base/log.ts';
import type { Ctx } from '../context.ts';
import { addJobRegularly, workOn } from '../jobs/queue.ts';
import { findAbsences } from '../notices/find-absences.ts';
import { findLowRates } from '../notices/find-low-rates.ts';
import { openMailer } from '../notices/mailer.ts';
import { sendMessages } from '../notices/send-messages.ts';
import { currentProcess } from './process.ts';

const everyMinuteCron = '* * * * *';
const everyQuarterCron = '7,22,37,52 * * * *';
/** After the rosters of the night, and before anybody reads mails. */
const morningCron = '30 5 * * *';

/** How the jobs of mails end with the process. */
export interface MailJobs {
  /** Nothing more is begun from now on. */
  stop(): void;
  /** Gives the connections to the mail server up. */
  close(): void;
}

/** Does the work of mails. Without a mail server nobody is looked for, and what waits is given up with that reason. */
export async function startMailJobs(settings: Env, backgroundContext: () => Ctx): Promise<MailJobs> {
  const log = processLog(settings.LOG_LEVEL);
  const { SMTP_URL: url, EMAIL_FROM: from } = settings;
  const mailer = url === undefined || from === undefined ? undefined : openMailer({ url, from });
  let isStopping = false;

  await workOn('send-messages', async () => {
    const done = await sendMessages(backgroundContext(), {
      mailer,
      now: () => currentProcess().clock.now(),
      isStopping: () => isStopping,
    });
    if (done.sent + done.dropped + done.later > 0) log.info(done, 'mails were sent');
  });
  await workOn('find-absences', async () => {
    if (mailer === undefined) return;
    const found = await findAbsences(backgroundContext());
    if (found > 0) log.info({ found }, 'absences will be told');
  });
  await workOn('find-low-rates', async () => {
    if (mailer === undefined) return;
    log.info({ found: await findLowRates(backgroundContext()) }, 'low rates will be told');
  });
  await addJobRegularly('send-messages', { cron: everyMinuteCron, timeZone: 'UTC' });
  await addJobRegularly('find-absences', { cron: everyQuarterCron, timeZone: 'UTC' });
  await addJobRegularly('find-low-rates', { cron: morningCron, timeZone: settings.TZ ?? 'UTC' });
  return {
    stop: () => {
      isStopping = true;
    },
    close: () => mailer?.close(),
  };
}
