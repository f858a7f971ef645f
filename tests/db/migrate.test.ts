import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test('what an operator entered before deployments had to be approved goes on working', async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  try {
    const first = '0000_first';
    await mkdir(join(folder, 'meta'));
    await copyFile(`drizzle/${first}.sql`, join(folder, `${first}.sql`));
    const journal = JSON.parse(await readFile('drizzle/meta/_journal.json', 'utf8')) as { entries: object[] };
    const entries = journal.entries.filter((entry) => 'tag' in entry && entry.tag === first);
    await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }));
    await withClient(database.url, async (client) => {
      await client.query('drop schema public cascade; drop schema drizzle cascade; create schema public');
      await migrateDatabase(database.url, { folder });
      await client.query(`
        insert into platforms (id, issuer, client_id, name, authorize_url, token_url, jwks_url)
          values ('0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6b', 'https://canvas.example', '1', 'x', 'x', 'x', 'x');
        insert into deployments (id, platform_id, deployment_id)
          values ('0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6c', '0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6b', '5:a');
        insert into tool_keys (kid, public_jwk, sealed_private_jwk) values ('k', '{}', 'x')`);
      await migrateDatabase(database.url);
      const kept = await client.query(`select d.approved_at = d.created_at as approved,
        k.signs_from = k.created_at as signs from deployments d, tool_keys k`);
      expect(kept.rows).toEqual([{ approved: true, signs: true }]);
    });
  } finally {
    await rm(folder, { recursive: true });
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
