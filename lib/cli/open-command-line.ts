import { resolve } from 'node:path';
import { databaseUrlOf, env } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import { createLog } from '../base/log.ts';
import type { Ctx } from '../context.ts';
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
  databaseUrl: string;
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
  const databaseUrl = settings.DATABASE_DIRECT_URL ?? given ?? own?.url ?? '';
  if (migrateFirst) await migrateDatabase(databaseUrl);
  const database = openDatabase(databaseUrl, { poolMax: 2, onIdleError: () => undefined });
  const clock = createDatabaseClock(database.pool);
  await clock.measure();
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
    databaseUrl,
    own,
  };
}

export async function closeCommandLine(line: CommandLine): Promise<void> {
  await line.database.close();
  await line.own?.stop();
}
