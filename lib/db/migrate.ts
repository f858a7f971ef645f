import { resolve } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** Any number that no other program uses for an advisory lock in this database. */
const migrationLock = 7_305_511_862;

/**
 * Brings the schema up to date. Several processes may call it at once: an advisory lock makes them take
 * turns, and all but the first find nothing left to do. Every entry point is started in the project's root.
 */
export async function migrateDatabase(url: string, folder = resolve('drizzle')): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'sk-attendance migrate' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await migrate(drizzle(client), { migrationsFolder: folder });
  } finally {
    // Ending the connection releases the lock too.
    await client.end();
  }
}
