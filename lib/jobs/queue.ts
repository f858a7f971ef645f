import { PgBoss } from 'pg-boss';
import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { processSingleton } from '../base/process-singleton.ts';
import { lineTo } from '../db/address.ts';
import type { DatabaseAddress } from '../db/address.ts';

/** Every kind of background work, with what it is told. */
export interface JobData {
  'sync-roster': { courseId: string; askedBy: 'launch' | 'check-in' | 'teacher' | 'night' };
  /** Gives each course its turn in the night. */
  'plan-roster-night': Record<string, never>;
  /** A course's turn has come. */
  'sync-roster-at-night': { courseId: string };
  /** Seals what changed in the last minute. */
  'seal-audit': Record<string, never>;
  /** Sends the mails that are due. */
  'send-messages': Record<string, never>;
  /** Has students told of absences, and of a rate that has fallen too low. */
  'find-absences': Record<string, never>;
  'find-low-rates': Record<string, never>;
  /** Deletes documents that were discarded, or that nobody came back for. */
  'clean-documents': Record<string, never>;
  /** Deletes what lies in the store and no row knows. */
  'sweep-file-store': Record<string, never>;
  /** Erases what has been kept as long as the institutions say. */
  'apply-retention': Record<string, never>;
}
export type JobName = keyof JobData;

interface JobKind {
  /** Jobs of this kind at a time in this process. */
  atOnce: number;
  /** How often each of them looks for work. */
  pollSeconds: number;
}

const jobKinds: Readonly<Record<JobName, JobKind>> = {
  // Several, so that a slow platform keeps its own courses waiting and no others.
  'sync-roster': { atOnce: 4, pollSeconds: 2 },
  'plan-roster-night': { atOnce: 1, pollSeconds: 30 },
  'sync-roster-at-night': { atOnce: 1, pollSeconds: 30 },
  'seal-audit': { atOnce: 1, pollSeconds: 30 },
  'send-messages': { atOnce: 1, pollSeconds: 10 },
  'find-absences': { atOnce: 1, pollSeconds: 30 },
  'find-low-rates': { atOnce: 1, pollSeconds: 30 },
  'clean-documents': { atOnce: 1, pollSeconds: 30 },
  'sweep-file-store': { atOnce: 1, pollSeconds: 30 },
  'apply-retention': { atOnce: 1, pollSeconds: 30 },
};
const jobNames = Object.keys(jobKinds) as JobName[];
/** A job whose process shows no sign of life for so long is taken up by another. */
const heartbeatSeconds = 30;
/** The longest job, a roster with all its repetitions, ends before this. */
const expireInSeconds = 20 * 60;
/** How often the queue looks for jobs whose process has died. */
const superviseIntervalSeconds = 30;

/** Of each process, beside its pool and the one that listens. */
const queueConnections = 3;

/** The longest statement of the queue's own takes seconds: after this the line has fallen silent, and is given up. */
const answersWithinMs = 30_000;

/** A database that has no connection left at the moment is asked again after 1, 2, 4 and 8 s. */
const startAttempts = 5;

const holder = processSingleton('job-queue', () => ({ boss: undefined as PgBoss | undefined }));

/**
 * Starts this process' end of the queue, which lives in Postgres: any process may add work, one does it, and
 * what a crash leaves is taken up again within a minute.
 */
export async function startQueue(
  address: DatabaseAddress,
  log: Log,
  answerWithinMs = answersWithinMs,
): Promise<void> {
  // Its types do not know what it hands on to pg.
  const forLostLines = { query_timeout: answerWithinMs, keepAlive: true };
  const boss = new PgBoss({
    ...lineTo(address),
    ...forLostLines,
    max: queueConnections,
    application_name: 'sk-attendance jobs',
    superviseIntervalSeconds,
    monitorIntervalSeconds: superviseIntervalSeconds,
  });
  boss.on('error', (error) => {
    log.warn(errorFacts(error), 'the job queue has lost its database for now');
  });
  await boss.start({ attempts: startAttempts });
  for (const name of jobNames) {
    // At most one job a key, waiting or running: ten launches ask for one sync.
    const options = { retryLimit: 3, retryBackoff: true, expireInSeconds, heartbeatSeconds };
    await boss.createQueue(name, { policy: 'exclusive', ...options });
    // A queue that an older version made keeps what it was made with.
    await boss.updateQueue(name, options);
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
  await startedQueue().send(name, data, { singletonKey: key });
}

export interface LaterJob<N extends JobName> {
  key: string;
  data: JobData[N];
  startAfter: Date;
}

/** Adds many jobs for later, in one statement; each as `addJob`. */
export async function addJobsForLater<N extends JobName>(
  name: N,
  jobs: readonly LaterJob<N>[],
): Promise<void> {
  if (jobs.length === 0) return;
  await startedQueue().insert(
    name,
    jobs.map(({ key, data, startAfter }) => ({ singletonKey: key, data, startAfter })),
  );
}

/**
 * Has a job added at these times, once however many processes there are.
 *
 * @param cron five fields, read in this zone
 */
export async function addJobRegularly(
  name: JobName,
  { cron, timeZone }: { cron: string; timeZone: string },
): Promise<void> {
  await startedQueue().schedule(name, cron, {}, { tz: timeZone, singletonKey: name });
}

/** Does the jobs of one kind, a few at a time in this process. A job that throws is tried again later. */
export async function workOn<N extends JobName>(
  name: N,
  work: (data: JobData[N], job: { id: string }) => Promise<void>,
): Promise<void> {
  const { atOnce, pollSeconds } = jobKinds[name];
  const options = { pollingIntervalSeconds: pollSeconds, localConcurrency: atOnce };
  await startedQueue().work<JobData[N]>(name, options, async (jobs) => {
    for (const job of jobs) await work(job.data, { id: job.id });
  });
}

export interface JobCount {
  name: JobName;
  /** Due, and not begun. */
  waiting: number;
  active: number;
  /** Given up after all their tries, in the days for which the queue remembers them. */
  failed: number;
}

/** How much work there is of each kind, as the queue counted it last: half a minute ago at most. */
export async function countJobs(): Promise<JobCount[]> {
  const counted = await startedQueue().getQueues([...jobNames]);
  return jobNames.map((name) => {
    const queue = counted.find((one) => one.name === name);
    return {
      name,
      waiting: queue?.readyCount ?? 0,
      active: queue?.activeCount ?? 0,
      failed: queue?.failedCount ?? 0,
    };
  });
}

function startedQueue(): PgBoss {
  if (holder.boss === undefined) throw new Error('The job queue has not been started (instrumentation.ts).');
  return holder.boss;
}
