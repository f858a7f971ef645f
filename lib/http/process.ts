import { errorFacts, processLog } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { env } from '../base/env.ts';
import { createOutsideFetch } from '../base/outside-fetch.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import { processSingleton } from '../base/process-singleton.ts';
import type { Secrets } from '../base/seal.ts';
import { createDatabaseClock } from '../db/clock.ts';
import type { DatabaseClock } from '../db/clock.ts';
import { openDatabase } from '../db/client.ts';
import type { OpenDatabase } from '../db/client.ts';
import type { FileStore } from '../files/file-store.ts';
import { openFileStore } from '../files/open-file-store.ts';

/** What lives as long as the process and is shared by all its requests. */
export interface Process {
  database: OpenDatabase;
  clock: DatabaseClock;
  log: Log;
  secrets: Secrets;
  fetchOutside: OutsideFetch;
  files: FileStore;
}

/** Far more than any statement takes, and less than a browser or a balancer waits. */
const answerWithinMs = 10_000;

const holder = processSingleton('process', () => ({ current: undefined as Process | undefined }));

/** Opens the pool and the clock for this address. Called once, by instrumentation or the CLI. */
export function openProcess(databaseUrl: string): Process {
  const settings = env();
  const log = processLog(settings.LOG_LEVEL);
  const database = openDatabase(databaseUrl, {
    poolMax: settings.DB_POOL_MAX,
    answerWithinMs,
    onIdleError: (error) => {
      log.warn(errorFacts(error), 'a database connection was lost');
    },
  });
  holder.current = {
    database,
    clock: createDatabaseClock(database.pool),
    log,
    secrets: { current: settings.SESSION_SECRET, previous: settings.SESSION_SECRET_PREVIOUS },
    fetchOutside: createOutsideFetch({
      allowPrivateHosts: settings.ALLOW_PRIVATE_HOSTS,
      ownOrigin: settings.PUBLIC_URL,
    }),
    files: openFileStore(settings),
  };
  return holder.current;
}

export function currentProcess(): Process {
  if (holder.current === undefined) throw new Error('The process has not been started (instrumentation.ts).');
  return holder.current;
}
