import { expect, test } from 'vitest';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { withClient } from '../support/test-server.ts';

test('migrating again, and from two processes at once, changes nothing', async () => {
  const database = await createTestDatabase();
  try {
    const applied = () =>
      withClient(database.url, async (client) => {
        const rows = await client.query<{ n: string }>(
          'select count(*) as n from drizzle.__drizzle_migrations',
        );
        return Number(rows.rows[0]?.n);
      });
    const before = await applied();
    expect(before).toBeGreaterThan(0);
    await Promise.all([migrateDatabase(database.url), migrateDatabase(database.url)]);
    expect(await applied()).toBe(before);
  } finally {
    await database.drop();
  }
});

test('databases of two tests do not see each other', async () => {
  const [one, two] = [await createTestDatabase(), await createTestDatabase()];
  try {
    await withClient(one.url, (client) => client.query('create table only_here (id int)'));
    const seen = await withClient(two.url, (client) =>
      client.query<{ found: string | null }>("select to_regclass('only_here') as found"),
    );
    expect(seen.rows[0]?.found).toBeNull();
  } finally {
    await Promise.all([one.drop(), two.drop()]);
  }
});
