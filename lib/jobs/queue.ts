import { PgBoss } from 'pg-boss';
import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { processSingleton } from '../base/process-singleton.ts';

/** Every kind of background work, with what it is told. */
export interface JobData {
  'sync-roster': { courseId: string };
}
export type JobName = keyof JobData;

const jobNames: readonly JobName[] = ['sync-roster'];
const holder = processSingleton('job-queue', () => ({ boss: undefined as PgBoss | undefined }));

/**
 * Starts this process' end of the queue, which lives in Postgres: any process may add work, one does it, and
 * what a crash leaves is taken up again.
 */
export async function startQueue(databaseUrl: string, log: Log): Promise<void> {
  const boss = new PgBoss({ connectionString: databaseUrl, max: 3, application_name: 'sk-attendance jobs' });
  boss.on('error', (error) => {
    log.warn(errorFacts(error), 'the job queue has lost its database for now');
  });
  await boss.start();
  for (const name of jobNames) {
    // At most one job a key, waiting or running: ten launches ask for one sync.
    await boss.createQueue(name, { policy: 'exclusive', retryLimit: 3, retryBackoff: true });
  }
  holder.boss = boss;
}

/** Lets running jobs end, for a few seconds. */
export async function stopQueue(): Promise<void> {
  await holder.boss?.stop({ graceful: true, timeout: 5_000 });
  holder.boss = undefined;
}

/**
 * Adds a job; one with the same key that waits or runs already does for both.
 *
 * @param key what the job is about, e.g. the course
 */
export async function addJob<N extends JobName>(name: N, key: string, data: JobData[N]): Promise<void> {
  if (holder.boss === undefined) throw new Error('The job queue has not been started (instrumentation.ts).');
  await holder.boss.send(name, data, { singletonKey: key });
}

/** Does the jobs of one kind, one at a time in this process. A job that throws is tried again later. */
export async function workOn<N extends JobName>(
  name: N,
  work: (data: JobData[N]) => Promise<void>,
): Promise<void> {
  await holder.boss?.work<JobData[N]>(name, { pollingIntervalSeconds: 1 }, async (jobs) => {
    for (const job of jobs) await work(job.data);
  });
}
