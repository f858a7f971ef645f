import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { z } from 'zod';
import { cureForOwner } from '../base/table-owner.ts';
import type { TableOwner } from '../base/table-owner.ts';
import { lineTo } from './address.ts';
import type { DatabaseAddress } from './address.ts';
import { findMissing } from './compare-schema.ts';
import { DatabaseSetupError } from './database-setup-error.ts';
import { throwConnectTrouble } from './connect-trouble.ts';
import { patientConnect } from './patient-connect.ts';
import { soleLocks } from './sole-lock.ts';
import { judgeVersion } from './server-versions.ts';
import { isBehindPooler } from './pooler.ts';

const connectWithinMs = 10_000;
/** Whoever waits for a table keeps everybody waiting who comes after them. */
const waitForTablesMs = 1_000;
/** So long a hall has in between. */
const askAgainMs = 2_000;

const journalShape = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.number() })) });

export interface MigrationOptions {
  /** Every entry point is started in the project's root. */
  folder?: string;
  /** The operator has named this address as the direct one: a pooler that keeps sessions whole may be behind it. */
  isNamedDirect?: boolean;
}

/** The migrations that the database has had, beside those that the program knows. */
export interface MigrationState {
  applied: number;
  pending: string[];
  /** As many the database has had of a newer release. */
  newer: number;
}

/**
 * Brings the schema up to date. Several processes may call it at once: an advisory lock makes them take
 * turns, and all but the first find nothing left to do.
 *
 * @returns sentences for the log: the program works, but not as it was tested
 * @throws DatabaseSetupError a server that is too old, a pooler that keeps no session, a role that may not, or a
 * database that a newer release has changed too far
 */
export async function migrateDatabase(
  address: DatabaseAddress,
  { folder = resolve('drizzle'), isNamedDirect = false }: MigrationOptions = {},
): Promise<string[]> {
  // At a start the processes of before may still be on their way out, with their connections.
  const client = await patientConnect(() => openClient(address), connectWithinMs).catch(throwConnectTrouble);
  try {
    const warnings = [
      ...(await judgeVersion(client)),
      ...((await isBehindPooler(client)) ? judgePooler(isNamedDirect) : []),
    ];
    // A backup holds every table for minutes.
    while (!(await tryToMigrate(client, folder))) await delay(askAgainMs);
    const { newer } = await readMigrations(client, folder);
    return newer === 0 ? warnings : [...warnings, await judgeNewer(client)];
  } catch (error) {
    throw isForbidden(error) ? await tellRights(client, error) : error;
  } finally {
    await client.end();
  }
}

/** @returns false: somebody holds a table that is to be changed; nothing was done */
async function tryToMigrate(client: pg.Client, folder: string): Promise<boolean> {
  // One transaction around all of it, which Drizzle's own becomes part of and ends: a lock of the session would stay
  // behind in a pooler for good.
  await client.query('begin');
  // A role may bring a limit that is made for short statements.
  await client.query('set local statement_timeout = 0');
  await client.query('set local lock_timeout = 0');
  await client.query('select pg_advisory_xact_lock($1)', [soleLocks.migration]);
  await client.query(`set local lock_timeout = ${String(waitForTablesMs)}`);
  try {
    await migrate(drizzle(client), { migrationsFolder: folder });
    return true;
  } catch (error) {
    if (!hasCode(error, '55P03')) throw error;
    return false;
  }
}

async function openClient(address: DatabaseAddress): Promise<pg.Client> {
  const client = new pg.Client({
    ...lineTo(address),
    application_name: 'sk-attendance migrate',
    connectionTimeoutMillis: connectWithinMs,
  });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** What the database has had; one that is empty has had none. */
export async function readMigrations(
  client: Pick<pg.ClientBase, 'query'>,
  folder = resolve('drizzle'),
): Promise<MigrationState> {
  const { entries: known } = journalShape.parse(
    JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8')),
  );
  const there = await client.query<{ there: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
  );
  const had =
    there.rows[0]?.there === true
      ? (
          await client.query<{ made: string }>(
            'select created_at::text as made from drizzle.__drizzle_migrations',
          )
        ).rows.map(({ made }) => Number(made))
      : [];
  const [last, newest] = [Math.max(0, ...had), known.at(-1)?.when ?? 0];
  return {
    applied: had.length,
    pending: known.filter(({ when }) => when > last).map(({ tag }) => tag),
    newer: had.filter((made) => made > newest).length,
  };
}

/** Undefined: no migration has run. */
export async function readOwner(client: Pick<pg.ClientBase, 'query'>): Promise<TableOwner | undefined> {
  const { rows } = await client.query<TableOwner>(
    `select nspowner::regrole::text as name, nspowner = 10 as "isFirst" from pg_namespace where nspname = 'drizzle'`,
  );
  return rows[0];
}

function judgePooler(isNamedDirect: boolean): string[] {
  if (isNamedDirect) {
    return [
      'DATABASE_DIRECT_URL leads to a connection pooler. That is good only where it keeps a session for each ' +
        'connection (session mode): else live notices are lost.',
    ];
  }
  throw new DatabaseSetupError(
    'DATABASE_URL leads to a connection pooler. Live notices, the job queue and migrations need PostgreSQL itself: ' +
      'set DATABASE_DIRECT_URL to its own address (to the same one, where the pooler keeps a session for each connection).',
  );
}

async function judgeNewer(client: pg.Client): Promise<string> {
  const missing = await findMissing(client);
  if (missing.length === 0) {
    return 'The database was migrated by a newer release. This one still finds all that it needs; go back to the newer one soon.';
  }
  throw new DatabaseSetupError(
    'The database was migrated by a newer release, and this one cannot work with it any more: ' +
      `${missing.slice(0, 5).join('; ')}. Start the newer release, or restore a backup from before.`,
  );
}

/** Whether an error says that the role may not do what was asked for. */
export function isForbidden(error: unknown): error is Error {
  return hasCode(error, '42501');
}

function hasCode(error: unknown, code: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if ('code' in at && at.code === code) return true;
  return false;
}

async function tellRights(client: pg.Client, cause: Error): Promise<DatabaseSetupError> {
  await client.query('rollback');
  const { rows } = await client.query<{ role: string; name: string }>(
    'select quote_ident(current_user) as role, quote_ident(current_database()) as name',
  );
  const { role = '', name = '' } = rows[0] ?? {};
  const owner = await readOwner(client);
  if (owner !== undefined && owner.name !== role) {
    return new DatabaseSetupError(
      `The tables in the database ${name} were set up by the role ${owner.name}, and ${role} may not change them. ` +
        cureForOwner(owner, role),
      { cause },
    );
  }
  return new DatabaseSetupError(
    `The role ${role} may not make what the program needs in the database ${name}. ` +
      `As an administrator of PostgreSQL: alter database ${name} owner to ${role}; ` +
      `in ${name} itself: grant create on schema public to ${role};`,
    { cause },
  );
}
