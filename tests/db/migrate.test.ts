import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import { newId } from '#lib/base/ids.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import { inspectDatabase } from '#lib/db/inspect-database.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { fillTables, listSchema, readTables } from '../support/fill-tables.ts';
import { saturday, testSecrets } from '../support/test-context.ts';
import { createTestDatabase } from '../support/test-database.ts';
import { withClient } from '../support/test-server.ts';

/**
 * Every migration that a database may have had, with the SHA-256 of its file. What stands here is never changed and never
 * taken away: what was wrong with it is mended by the next one. A new one adds its line.
 */
const released: Readonly<Record<string, string>> = {
  '0000_first': '150235a39c87778db9b5049854de2ff9b658ad5dc365bee144d2786ea6083b58',
  '0001_install_and_keys': '6c3fdab169e44d6b592b9c676d7b8534c90e866d729054af4a469dba44fc16c3',
  '0002_frame_hosts': 'e730d7cfbf5ebdae01217ec18224aa1c39685354c73a8b68c1c8505d441749d7',
  '0003_register': '4cad2da1578ba795f97593b0169b8adac50f9b6effe51456ac54734e3d10f8a6',
  '0004_full_hall': '62dba0838cf61b0b594663204ee72cc370c38143d132b3f9ead538d1f59ce4ff',
  '0005_excuses': 'ab8c50a1e00430e2e2e355bf95885158877a19a5e264ef8ca4d526d02444d300',
  '0006_operation': '6fa7d21e92abd24ba0dd6a8c6e8f6b8eaeac0e2a8461a5955245940eb812e7fa',
};
const tags = Object.keys(released);

// A register asks the settings how long a check-in is open.
process.env.SESSION_SECRET = testSecrets.current;

interface Journal {
  entries: { tag: string; when: number }[];
}
const readJournal = async () => JSON.parse(await readFile('drizzle/meta/_journal.json', 'utf8')) as Journal;

test('migrations go forward only: each file is what it was, and a new one has its line here', async () => {
  const files = (await readdir('drizzle')).filter((name) => name.endsWith('.sql')).sort();
  const found = await Promise.all(
    files.map(async (name) => [
      name.replace('.sql', ''),
      createHash('sha256')
        .update(await readFile(join('drizzle', name)))
        .digest('hex'),
    ]),
  );
  expect(Object.fromEntries(found)).toEqual(released);
  const { entries } = await readJournal();
  expect(entries.map(({ tag }) => tag)).toEqual(tags);
  expect(entries.map(({ when }) => when)).toEqual(entries.map(({ when }) => when).sort((a, b) => a - b));
});

test('migrating again, and from two processes at once, changes nothing', async () => {
  const { url } = await emptyDatabase();
  await Promise.all([migrateDatabase(url), migrateDatabase(url)]);
  await expect(migrateDatabase(url)).resolves.toEqual([]);
  const applied = await withClient(url, (client) =>
    client.query('select hash from drizzle.__drizzle_migrations order by id'),
  );
  expect(applied.rows).toEqual(Object.values(released).map((hash) => ({ hash })));
});

describe('from every earlier version, with data in every table', () => {
  const scannedAt = '2026-11-02T07:58:00+00:00';

  test.each(tags.slice(0, -1))('%s', async (tag) => {
    const { url } = await emptyDatabase();
    await migrateDatabase(url, { folder: await folderUpTo(tag) });
    const recordId = newId();
    const { before, after } = await withClient(url, async (client) => {
      await fillTables(client, {
        // The first versions called what a check-in had seen by its record's name.
        'attendance_records.id 0': recordId,
        'record_spans.record_id 0': recordId,
        'record_spans.id 0': recordId,
        'check_ins.scanned_at 0': scannedAt,
        'attendance_records.source 1': 'teacher',
      });
      const filled = await readTables(client);
      await migrateDatabase(url);
      return { before: filled, after: await readTables(client) };
    });

    expect(before.size).toBeGreaterThan(15);
    for (const [table, rows] of before) {
      expect(rows, table).toHaveLength(2);
      if (table === 'record_spans' && tag < '0003') {
        // What a scan saw is kept without grace; a teacher's "present" without times is a word for all of the meeting.
        expect(after.get(table)).toMatchObject([{ id: recordId, from_at: scannedAt }]);
        continue;
      }
      for (const row of rows) expect(after.get(table), table).toContainEqual(expect.objectContaining(row));
      expect(after.get(table), table).toHaveLength(2);
    }
    await sameSchemaAsFresh(url);
    await showToTeacher(url);
  });

  /** The tool works with what has come along. */
  async function showToTeacher(url: string): Promise<void> {
    const database = openDatabase(url, { poolMax: 2, onIdleError: () => undefined });
    onTestFinished(() => database.close());
    const personId = newId();
    const { courseId, meetingId } = await withClient(url, async (client) => {
      const { rows } = await client.query<{ courseId: string; meetingId: string; platformId: string }>(
        `select m.course_id as "courseId", m.id as "meetingId", d.platform_id as "platformId" from meetings m
           join courses c on c.id = m.course_id join deployments d on d.id = c.deployment_id limit 1`,
      );
      const [found] = rows;
      if (found === undefined) throw new Error('the meeting is gone');
      const membershipId = newId();
      await client.query('update deployments set approved_at = now()');
      await client.query(`insert into people (id, platform_id, sub) values ($1, $2, 'teacher')`, [
        personId,
        found.platformId,
      ]);
      await client.query(
        `insert into memberships (id, course_id, person_id, role) values ($1, $2, $3, 'teacher')`,
        [membershipId, found.courseId, personId],
      );
      await client.query('insert into membership_spans (id, membership_id) values ($1, $2)', [
        newId(),
        membershipId,
      ]);
      return found;
    });
    const ctx: Ctx = {
      db: database.db,
      now: saturday,
      viewer: { personId },
      log: createLog('silent'),
      secrets: testSecrets,
    };
    const { past } = await loadMeetings(ctx, courseId);
    expect(past.map(({ id }) => id)).toEqual([meetingId]);
    const { rows } = await loadRegister(ctx, { courseId, meetingId });
    expect(rows.map(({ record }) => record?.status)).toEqual(['present']);
  }
});

test('what an operator entered before deployments had to be approved goes on working', async () => {
  const { url } = await emptyDatabase();
  await migrateDatabase(url, { folder: await folderUpTo('0000_first') });
  await withClient(url, async (client) => {
    await client.query(`
      insert into platforms (id, issuer, client_id, name, authorize_url, token_url, jwks_url)
        values ('0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6b', 'https://canvas.example', '1', 'x', 'x', 'x', 'x');
      insert into deployments (id, platform_id, deployment_id)
        values ('0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6c', '0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6b', '5:a');
      insert into tool_keys (kid, public_jwk, sealed_private_jwk) values ('k', '{}', 'x')`);
    await migrateDatabase(url);
    const kept = await client.query(`select d.approved_at = d.created_at as approved,
      k.signs_from = k.created_at as signs from deployments d, tool_keys k`);
    expect(kept.rows).toEqual([{ approved: true, signs: true }]);
  });
});

describe('a database that a newer release has migrated', () => {
  async function newerDatabase(change: string): Promise<string> {
    const { url } = await emptyDatabase();
    await migrateDatabase(url);
    await withClient(url, async (client) => {
      await client.query(change);
      await client.query(`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', $1)`, [
        Date.now() + 1e12,
      ]);
    });
    return url;
  }

  test.each([
    ['has more', 'create table novelties (id int); alter table people add column nickname text'],
    ['fills what is new by itself', 'alter table people add column rank int not null default 0'],
  ])('serves this one too, with a warning, as long as it %s', async (_what, change) => {
    const warnings = await migrateDatabase(await newerDatabase(change));
    expect(warnings).toEqual([expect.stringContaining('migrated by a newer release')]);
  });

  test.each([
    ['a table', 'drop table spot_check_picks', 'the table spot_check_picks is gone'],
    ['a column', 'alter table people drop column locale', 'the column people.locale is gone'],
    [
      'what to enter',
      'alter table people add column rank int not null',
      'the column people.rank must be filled',
    ],
  ])('is refused where this one would miss %s', async (_what, change, answer) => {
    await expect(migrateDatabase(await newerDatabase(change))).rejects.toMatchObject({
      name: 'DatabaseSetupError',
      message: expect.stringContaining(answer) as string,
    });
  });

  test('is told to whoever asks', async () => {
    const { migrations } = await inspectDatabase(await newerDatabase('select 1'));
    expect(migrations).toEqual({ applied: tags.length + 1, pending: [], newer: 1 });
  });
});

test('what is still to come is named', async () => {
  const { url } = await emptyDatabase();
  await migrateDatabase(url, { folder: await folderUpTo('0002_frame_hosts') });
  expect((await inspectDatabase(url)).migrations).toEqual({ applied: 3, pending: tags.slice(3), newer: 0 });
});

test('a migration that a backup keeps waiting keeps nobody else waiting for long', async () => {
  const { url } = await emptyDatabase();
  await migrateDatabase(url, { folder: await folderUpTo('0003_register') });
  const migrated = await withClient(url, async (backup) => {
    await backup.query('begin');
    await backup.query('lock table check_ins in access share mode');
    const migrating = migrateDatabase(url);
    await withClient(url, async (hall) => {
      await expect.poll(() => waitingForLock(hall)).toBe(1);
      await hall.query('set statement_timeout = 9000');
      await hall.query('select count(*) from check_ins');
    });
    await backup.query('commit');
    return migrating;
  });
  expect(migrated).toEqual([]);
  expect((await inspectDatabase(url)).migrations).toMatchObject({ pending: [] });
});

async function waitingForLock(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query(
    "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows.length;
}

test('a role that may make nothing is told what it needs', async () => {
  const { url } = await emptyDatabase();
  const address = new URL(url);
  const role = `reader_${address.pathname.slice(1)}`;
  await withClient(url, (client) => client.query(`create role ${role} login password 'reads-only'`));
  onTestFinished(async () => {
    await withClient(url, (client) => client.query(`drop role ${role}`));
  });
  address.username = role;
  address.password = 'reads-only';
  await expect(migrateDatabase(address.href)).rejects.toThrow(
    `As an administrator of PostgreSQL: alter database ${address.pathname.slice(1)} owner to ${role};`,
  );
  expect(await inspectDatabase(address.href)).toMatchObject({ role, mayMigrate: false });
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

/** Without any table; gone when the test is over. */
async function emptyDatabase(): Promise<{ url: string }> {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  await withClient(database.url, (client) =>
    client.query('drop schema public cascade; drop schema drizzle cascade; create schema public'),
  );
  return database;
}

/** The migrations as they were when this was the newest. */
async function folderUpTo(last: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const journal = await readJournal();
  const entries = journal.entries.filter(({ tag }) => tag <= last);
  await mkdir(join(folder, 'meta'));
  await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify({ ...journal, entries }));
  for (const { tag } of entries) await copyFile(`drizzle/${tag}.sql`, join(folder, `${tag}.sql`));
  return folder;
}

async function sameSchemaAsFresh(url: string): Promise<void> {
  const fresh = await createTestDatabase();
  onTestFinished(() => fresh.drop());
  const list = (client: pg.Client) => listSchema(client);
  expect(await withClient(url, list)).toEqual(await withClient(fresh.url, list));
}
