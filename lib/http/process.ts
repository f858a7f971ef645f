import { errorFacts, processLog } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { env } from '../base/env.ts';
import { createOutsideFetch } from '../base/outside-fetch.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import { processSingleton } from '../base/process-singleton.ts';
import type { Secrets } from '../base/seal.ts';
import { createDatabaseClock } from '../db/clock.ts';
import type { DatabaseClock } from '../db/clock.ts';
import { databaseAddresses } from '../db/address.ts';
import type { DatabaseAddress } from '../db/address.ts';
import { openDatabase } from '../db/client.ts';
import type { OpenDatabase } from '../db/client.ts';
import type { FileStore } from '../files/file-store.ts';
import { openFileStore } from '../files/open-file-store.ts';

/** What lives as long as the process and is shared by all its requests. */
export interface Process {
  database: OpenDatabase;
  /** Where a session of one's own is to be had (LISTEN, the queue): past a pooler. */
  directAddress: DatabaseAddress;
  clock: DatabaseClock;
  log: Log;
  secrets: Secrets;
  fetchOutside: OutsideFetch;
  files: FileStore;
}

/** So much later than the server a statement is given up here: only a server that has fallen silent lets it come to that. */
const serverIsSilentMs = 1_000;

const holder = processSingleton('process', () => ({ current: undefined as Process | undefined }));

/** Opens the pool and the clock for this address. Called once, by instrumentation or the CLI. */
export function openProcess(databaseUrl: string): Process {
  const settings = env();
  const log = processLog(settings.LOG_LEVEL);
  const { pooled, direct, isPooled } = databaseAddresses(settings, databaseUrl);
  const statementWithinMs = settings.DB_STATEMENT_TIMEOUT_SECONDS * 1_000;
  const database = openDatabase(pooled, {
    poolMax: settings.DB_POOL_MAX,
    idleMs: settings.DB_POOL_IDLE_SECONDS * 1_000,
    connectWithinMs: settings.DB_CONNECT_TIMEOUT_SECONDS * 1_000,
    // A pooler refuses what a connection brings along.
    statementWithinMs: isPooled ? undefined : statementWithinMs,
    answerWithinMs: statementWithinMs + serverIsSilentMs,
    onIdleError: (error) => {
      log.warn(errorFacts(error), 'a database connection was lost');
    },
  });
  holder.current = {
    database,
    directAddress: direct,
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
