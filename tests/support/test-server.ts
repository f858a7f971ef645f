import { resolve } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { createLog } from '#lib/base/log.ts';
import { startEmbeddedServer } from '#lib/db/embedded-server.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { startPgBouncer } from './pgbouncer.ts';
import type { PgBouncer } from './pgbouncer.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: {
      url: string;
      /** By which statements and transactions go, where it is tried with a pooler. */
      pooledUrl: string | undefined;
      template: string;
      prefix: string;
    };
  }
}

/**
 * One PostgreSQL for the whole run, and in it one migrated template that each test clones.
 * The cluster stays in the clone's .data for the next run; the databases go. With TEST_POSTGRES=oldest it is the oldest
 * PostgreSQL that is supported, made anew each time. With TEST_POOLER=transaction statements go by PgBouncer.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server =
    process.env.TEST_POSTGRES === 'oldest'
      ? await startOwnPostgres({ age: 'oldest', settings: { max_connections: '200' } })
      : await startEmbeddedServer({
          dataDir: resolve('.data/test/postgres'),
          log: createLog('warn'),
          database: 'tests',
          durable: false,
        });
  const prefix = `run_${String(process.pid)}_`;
  const template = `${prefix}template`;
  let pooler: PgBouncer | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      try {
        await pooler?.stop();
        await dropDatabases(server.url, (name) => name.startsWith(prefix));
      } finally {
        await server.stop();
      }
    })());
  const onSignal = (signal: NodeJS.Signals): void => {
    void stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    // What killed runs left: their process is in the name.
    await dropDatabases(server.url, (name) => !isRunning(Number(/^run_(\d+)_/.exec(name)?.[1])));
    await withClient(server.url, (client) =>
      client.query(`create database ${pg.escapeIdentifier(template)}`),
    );
    await migrateDatabase(databaseUrl(server.url, template));
    if (process.env.TEST_POOLER === 'transaction') pooler = await startPgBouncer(server.url, { poolSize: 5 });
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('testServer', {
    url: server.url,
    pooledUrl: pooler?.urlOf(server.url),
    template,
    prefix,
  });
  return async () => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await stop();
  };
}

async function dropDatabases(url: string, which: (name: string) => boolean): Promise<void> {
  await withClient(url, async (client) => {
    const found = await client.query<{ datname: string }>(
      String.raw`select datname from pg_database where datname like 'run\_%'`,
    );
    for (const { datname } of found.rows.filter((row) => which(row.datname))) {
      await client.query(`drop database if exists ${pg.escapeIdentifier(datname)} with (force)`);
    }
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
