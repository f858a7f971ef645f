import { resolve } from 'node:path';
import { databaseUrlOf, env } from '../base/env.ts';
import { errorFacts, processLog } from '../base/log.ts';
import { onShutdown } from '../base/shutdown.ts';
import { minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { databaseAddresses } from '../db/address.ts';
import { startEmbeddedServer } from '../db/embedded-server.ts';
import { migrateDatabase } from '../db/migrate.ts';
import { forgetExpired } from '../logins/forget-expired.ts';
import { keepToolKey } from '../platforms/keep-tool-key.ts';
import { registerPlatformOfSettings } from '../platforms/register-platform-of-settings.ts';
import { requireOpenSeals } from '../seals/require-open-seals.ts';
import { refreshFrameAncestors } from './frame-ancestors.ts';
import { currentProcess, openProcess } from './process.ts';
import { startJobs } from './start-jobs.ts';
import { watchProcess } from './watch-process.ts';

/**
 * Brings the process to the point where it can answer: settings, database (its own where none is given),
 * migrations, keys, the platform of the settings, jobs. Next answers no request before this has ended.
 */
export async function startProcess(): Promise<void> {
  let settings;
  try {
    settings = env();
  } catch (error) {
    // The one place where a person reads the raw message: a terminal at start-up.
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
  const log = processLog(settings.LOG_LEVEL);
  for (const warning of settings.warnings) log.warn({}, warning);

  const given = databaseUrlOf(settings);
  const own =
    given === undefined
      ? await startEmbeddedServer({ dataDir: resolve(settings.SK_DATA_DIR, 'postgres'), log })
      : undefined;
  const url = given ?? own?.url ?? '';
  const { direct, isPooled } = databaseAddresses(settings, url);
  for (const warning of await migrateDatabase(direct, { isNamedDirect: isPooled })) log.warn({}, warning);
  const { database, clock } = openProcess(url);
  watchProcess();
  await clock.measure();
  const ctx = backgroundContext();
  await keepToolKey(ctx);
  await requireOpenSeals(ctx);
  await registerPlatformOfSettings(ctx, settings);
  await refreshFrameAncestors();
  // Nobody waits for it: attendance is taken whether or not documents can be kept.
  checkFiles().catch((error: unknown) => {
    log.warn(errorFacts(error), 'the store of documents could not be checked');
  });
  const stopJobs = await startJobs(direct, settings, backgroundContext);

  const housekeeping = setInterval(() => {
    clock.measure().catch((error: unknown) => {
      log.warn(errorFacts(error), 'the clock of the database could not be read');
    });
    forgetExpired(backgroundContext()).catch((error: unknown) => {
      log.warn(errorFacts(error), 'expired tickets could not be deleted');
    });
  }, minuteMs);
  housekeeping.unref();

  const stop = async () => {
    clearInterval(housekeeping);
    await stopJobs();
    await database.close();
    await own?.stop();
  };
  onShutdown(stop);
}

async function checkFiles(): Promise<void> {
  const { files, log } = currentProcess();
  const trouble = await files.check();
  if (trouble !== undefined) log.error({}, trouble);
}

/** A context of the program's own: nobody's view. */
function backgroundContext(): Ctx {
  const { database, clock, log, secrets } = currentProcess();
  return { db: database.db, now: clock.now(), viewer: undefined, log, secrets };
}
