import { resolve } from 'node:path';
import { databaseUrlOf, env } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import { createLog } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import type { Ctx } from '../context.ts';
import { databaseAddresses } from '../db/address.ts';
import type { DatabaseAddress } from '../db/address.ts';
import { createDatabaseClock } from '../db/clock.ts';
import type { DatabaseClock } from '../db/clock.ts';
import { openDatabase } from '../db/client.ts';
import type { OpenDatabase } from '../db/client.ts';
import { startEmbeddedServer } from '../db/embedded-server.ts';
import { migrateDatabase } from '../db/migrate.ts';

/** What a command works with. */
export interface CommandLine {
  ctx: Ctx;
  settings: Env;
  database: OpenDatabase;
  clock: DatabaseClock;
  /** PostgreSQL itself, not a pooler before it. */
  address: DatabaseAddress;
  own: { stop(): Promise<unknown> } | undefined;
}

/** Opens the database of the settings, or the tool's own PostgreSQL, and brings its schema up to date. */
export async function openCommandLine(migrateFirst: boolean, settings = env()): Promise<CommandLine> {
  const log = createLog('warn');
  const given = databaseUrlOf(settings);
  const own =
    given === undefined
      ? await startEmbeddedServer({ dataDir: resolve(settings.SK_DATA_DIR, 'postgres'), log })
      : undefined;
  try {
    return await openOn(own, given ?? own?.url ?? '', { migrateFirst, settings, log });
  } catch (error) {
    // Its connection would keep this process alive for ever.
    await own?.stop();
    throw error;
  }
}

/** @param url where statements go: of the settings, or of the tool's own server */
async function openOn(
  own: CommandLine['own'],
  url: string,
  { migrateFirst, settings, log }: { migrateFirst: boolean; settings: Env; log: Log },
): Promise<CommandLine> {
  const { direct: address } = databaseAddresses(settings, url);
  if (migrateFirst)
    await migrateDatabase(address, { isNamedDirect: settings.DATABASE_DIRECT_URL !== undefined });
  const database = openWithoutLimits(address);
  const clock = createDatabaseClock(database.pool);
  await clock.measure().catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  return {
    ctx: {
      db: database.db,
      now: clock.now(),
      viewer: undefined,
      log,
      secrets: { current: settings.SESSION_SECRET, previous: settings.SESSION_SECRET_PREVIOUS },
    },
    settings,
    database,
    clock,
    address,
    own,
  };
}

/** A database for an operator's work, which may take its time: a role may bring a limit that is made for pages. */
export function openWithoutLimits(address: DatabaseAddress, poolMax = 2): OpenDatabase {
  const database = openDatabase(address, { poolMax, onIdleError: () => undefined });
  database.pool.on(
    'connect',
    (client) => void client.query('set statement_timeout = 0').catch(() => undefined),
  );
  return database;
}

export async function closeCommandLine(line: CommandLine): Promise<void> {
  await line.database.close();
  await line.own?.stop();
}
