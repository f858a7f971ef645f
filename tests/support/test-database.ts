import pg from 'pg';
import { inject } from 'vitest';
import { databaseUrl, withClient } from './test-server.ts';

let made = 0;

export interface TestDatabase {
  url: string;
  /** Where statements and transactions go: the same, unless the run has a pooler. */
  pooledUrl: string;
  drop(): Promise<void>;
}

/** A migrated, empty database of one's own. Drop it when the test is over; the end of the run drops the rest. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url, pooledUrl, template, prefix } = inject('testServer');
  made += 1;
  const name = `${prefix}${String(process.pid)}_${String(made)}_${Math.random().toString(36).slice(2, 8)}`;
  await withClient(url, (client) =>
    client.query(`create database ${pg.escapeIdentifier(name)} template ${pg.escapeIdentifier(template)}`),
  );
  return {
    url: databaseUrl(url, name),
    pooledUrl: databaseUrl(pooledUrl ?? url, name),
    // `force` ends connections that a failed test left open.
    drop: async () => {
      await withClient(url, (client) =>
        client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`),
      );
    },
  };
}
