import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { insertAuditEvent } from '#lib/audit/queries.ts';
import { sealAudit } from '#lib/audit/seal-audit.ts';
import { parseEnv } from '#lib/base/env.ts';
import type { Env } from '#lib/base/env.ts';
import { newId } from '#lib/base/ids.ts';
import { createLog } from '#lib/base/log.ts';
import { openCommandLine } from '#lib/cli/open-command-line.ts';
import { runCommand } from '#lib/cli/run-command.ts';
import type { Ended } from '#lib/cli/run-command.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { excuseFiles, excuses, messages, people } from '#lib/db/schema.ts';
import { newFileKey } from '#lib/files/file-store.ts';
import { openFileStore } from '#lib/files/open-file-store.ts';
import { erasePerson } from '#lib/privacy/erase-person.ts';
import { startDebianPostgres } from '../support/debian-postgres.ts';
import type { DebianPostgres } from '../support/debian-postgres.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { startS3Server } from '../support/s3-server.ts';
import { seedCourse } from '../support/seed-course.ts';
import { contentOf, putAside } from '../support/stored-files.ts';
import { testSecrets } from '../support/test-context.ts';

let folder: string;
let serverFolder: string;
let server: DebianPostgres;
let source: string;
let database: OpenDatabase;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
  serverFolder = await mkdtemp(join(tmpdir(), 'backup-postgres-'));
  server = await startDebianPostgres(serverFolder);
  source = await server.createDatabase('source');
  await migrateDatabase(source);
  database = openDatabase(source, { poolMax: 2, onIdleError: () => undefined });
}, 120_000);
afterAll(async () => {
  await database.close();
  await server.stop();
  for (const made of [folder, serverFolder]) await rm(made, { recursive: true, force: true });
});

const emptyDatabase = () => server.createDatabase(`restored_${String((made += 1))}`);

function settingsFor(given: Record<string, string | undefined> = {}): Env {
  const parsed = parseEnv({
    DATABASE_URL: source,
    SESSION_SECRET: testSecrets.current,
    PUBLIC_URL: 'https://tool.example',
    SK_DATA_DIR: join(folder, 'data'),
    ...given,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  return parsed.env;
}

async function cli(settings: Env, ...words: string[]): Promise<Required<Ended>> {
  const ended = await runCommand(
    words,
    (migrateFirst) => openCommandLine(migrateFirst, settings),
    () => settings,
  );
  return { out: '', said: '', ...ended };
}

const json = ({ out }: Ended) => JSON.parse(out ?? '') as { name: string; deleted: string[] };

/** Each table's rows as one text each, in an order of their own. */
async function contentOfDatabase(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('public', 'drizzle') order by 1`,
    );
    const content: Record<string, string[]> = {};
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t order by 1`);
      content[name] = rows.map(({ row }) => row);
    }
    return content;
  } finally {
    await client.end();
  }
}

let ctx: Ctx;
let course: Awaited<ReturnType<typeof seedCourse>>;
let anna: { personId: string; membershipId: string };
let documentKey: string;

async function seed(settings: Env): Promise<void> {
  await database.pool.query('truncate platforms cascade');
  await database.pool.query('truncate audit_keys cascade');
  await rm(join(folder, 'data'), { recursive: true, force: true });
  ctx = {
    ...{ db: database.db, now: new Date(), viewer: undefined, log: createLog('silent') },
    secrets: testSecrets,
  };
  course = await seedCourse(database.db);
  anna = await course.addMember('Anna Beispiel');
  await course.addMember('Béla "Ödön"\\N');
  await insertAuditEvent(ctx, {
    ...{ courseId: course.courseId, action: 'meeting.created', subjectId: newId(), after: { title: 'x' } },
  });
  await sealAudit(ctx, { headsFile: join(folder, 'data/audit-heads.jsonl') });
  documentKey = newFileKey();
  const excuseId = newId();
  await database.db.insert(excuses).values({
    ...{ id: excuseId, courseId: course.courseId, membershipId: anna.membershipId, reason: 'illness' },
    ...{ state: 'submitted', submittedAt: ctx.now },
  });
  await database.db.insert(excuseFiles).values({
    ...{ id: newId(), membershipId: anna.membershipId, excuseId, objectKey: documentKey },
    ...{ name: 'note.pdf', mediaType: 'application/pdf', bytes: 8, storedAt: ctx.now },
  });
  await openFileStore(settings).put(documentKey, await putAside(folder, Buffer.from('%PDF-1.7')));
}

describe('a backup', () => {
  let settings: Env;
  let place: string;
  beforeEach(async () => {
    place = join(folder, `backups-${String((made += 1))}`);
    settings = settingsFor({ BACKUP_TO: place });
    await seed(settings);
  });

  test('is restored elsewhere, row by row, with its documents and heads', async () => {
    const taken = await cli(settings, 'backup');
    expect(taken).toMatchObject({ code: 0 });
    expect(taken.out).toMatch(/^Backed up in [\d.]+ s: .*\/\d{8}t\d{6}z-[0-9a-f]{6}\n/);
    expect(taken.out).toMatch(
      /documents +1 document, 0\.0 kB\n[^]*needs SESSION_SECRET \(fingerprint [0-9a-f]{16}\)/,
    );
    expect((await cli(settings, 'backups', 'list')).out).toMatch(
      /z-[0-9a-f]{6} .* UTC .*1 document.*tool\.example/,
    );

    const target = await emptyDatabase();
    const elsewhere = settingsFor({ BACKUP_TO: place, SK_DATA_DIR: join(folder, `other-${String(made)}`) });
    // The password comes from outside of the command line.
    const address = new URL(target);
    vi.stubEnv('PGPASSWORD', address.password);
    address.password = '';
    const restored = await cli(elsewhere, 'restore', 'latest', '--to-database', address.href);
    expect(restored.said).toBe('');
    expect(restored.out).toMatch(
      /^Restored [^]*all \d+ tables have as many rows[^]*documents +1 of 1[^]*secret +fits/,
    );
    expect(restored.out).toMatch(/1 change under 1 seal are as they were sealed, compared with 1 head/);

    expect(await contentOfDatabase(target)).toEqual(await contentOfDatabase(source));
    expect(await contentOf(openFileStore(elsewhere), documentKey)).toEqual(Buffer.from('%PDF-1.7'));
    const heads = (dataDir: string) => readFile(join(dataDir, 'audit-heads.jsonl'), 'utf8');
    expect(await heads(elsewhere.SK_DATA_DIR)).toBe(await heads(settings.SK_DATA_DIR));
    // The restored schema is whole: it takes the next migration, which there is none of.
    await migrateDatabase(target);
    // Nothing of the work is left, and what is kept is for its owner's eyes.
    expect(await readdir(join(settings.SK_DATA_DIR, 'backup-work'))).toEqual([]);
    const [name = ''] = (await readdir(place)).filter((entry) => !entry.startsWith('.'));
    expect((await stat(join(place, name, 'database'))).mode & 0o077).toBe(0);
    expect(await readFile(join(place, name, 'manifest'), 'utf8')).not.toContain('Anna');
  });

  test('mails that waited are not sent from where it is restored, and who was erased since is erased again', async () => {
    await database.db.insert(messages).values({
      ...{ id: newId(), kind: 'marked-absent', personId: anna.personId, courseId: course.courseId },
      ...{ onceKey: 'a', dueAt: ctx.now },
    });
    const first = json(await cli(settings, 'backup', '--json'));
    await erasePerson(ctx, { personId: anna.personId, nameOf: (number) => `Erased ${String(number)}` });
    expect(await cli(settings, 'backup')).toMatchObject({ code: 0 });

    const target = await emptyDatabase();
    const elsewhere = settingsFor({ BACKUP_TO: place, SK_DATA_DIR: join(folder, `other-${String(made)}`) });
    const restored = await cli(elsewhere, 'restore', first.name, '--to-database', target);
    expect(restored.out).toMatch(/1 mail that waited will not be sent[^]*1 person who had been erased since/);
    const other = openDatabase(target, { poolMax: 1, onIdleError: () => undefined });
    try {
      const [person] = await other.db.select().from(people).where(eq(people.id, anna.personId));
      expect(person?.erasedAt).not.toBeNull();
      expect(person?.name).not.toContain('Anna');
      expect(await other.db.select().from(messages)).toMatchObject([]);
    } finally {
      await other.close();
    }
  });

  test('says which secret it needs, and goes without it only when told to', async () => {
    await cli(settings, 'backup');
    const other = settingsFor({
      ...{ BACKUP_TO: place, SK_DATA_DIR: join(folder, `other-${String(made)}`) },
      SESSION_SECRET: 'another-one-altogether-9fKw2Lq7Zx4Vb6Nm8Rt1',
    });
    const target = await emptyDatabase();
    const refused = await cli(other, 'restore', 'latest', '--to-database', target);
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringMatching(
        /needs another SESSION_SECRET: fingerprint [0-9a-f]{16}[^]*keys renew/,
      ) as string,
    });
    expect(await contentOfDatabase(target)).toEqual({});
    const done = await cli(other, 'restore', 'latest', '--to-database', target, '--other-secret');
    expect(done).toMatchObject({ code: 0 });
    expect(done.out).toMatch(/secret +is another one: run `keys renew`/);
  });

  test('goes into an empty database alone', async () => {
    await cli(settings, 'backup');
    const before = await contentOfDatabase(source);
    expect(await cli(settings, 'restore', 'latest', '--to-database', source)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^The database is not empty: it has \d+ tables/) as string,
    });
    expect(await contentOfDatabase(source)).toEqual(before);
  });

  test('that is damaged or broken off is told, and restores nothing', async () => {
    await cli(settings, 'backup');
    const [name = ''] = (await readdir(place)).filter((entry) => !entry.startsWith('.'));
    const target = await emptyDatabase();
    const dump = join(place, name, 'database');
    const content = await readFile(dump);
    content[content.length - 20] = (content[content.length - 20] ?? 0) ^ 1;
    await writeFile(dump, content);
    expect(await cli(settings, 'restore', name, '--to-database', target)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/database is not what was backed up: its SHA-256 differs/) as string,
    });
    await rm(join(place, name, 'manifest'));
    expect((await cli(settings, 'backups', 'list')).out).toMatch(/not whole/);
    expect(await cli(settings, 'restore', name, '--to-database', target)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/was broken off/) as string,
    });
    expect(await contentOfDatabase(target)).toEqual({});
    // The next one that is whole clears it away.
    const next = json(await cli(settings, 'backup', '--json'));
    expect(next.deleted).toEqual([name]);
    expect(await readdir(place)).not.toContain(name);
  });

  test('goes when it is too old, and another tool’s does not', async () => {
    const first = json(await cli(settings, 'backup', '--json'));
    const foreign = json(
      await cli(settingsFor({ BACKUP_TO: place, PUBLIC_URL: 'https://other.example' }), 'backup', '--json'),
    );
    for (const { name } of [first, foreign]) {
      const file = join(place, name, 'manifest');
      const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
      await writeFile(file, JSON.stringify({ ...manifest, startedAt: '2026-01-01T00:00:00.000Z' }));
    }
    const next = json(await cli(settings, 'backup', '--json'));
    expect(next.deleted).toEqual([first.name]);
    expect((await cli(settings, 'backups', 'list')).out).toContain(foreign.name);
  });

  test('is not taken twice at once', async () => {
    const client = new pg.Client({ connectionString: source });
    await client.connect();
    try {
      await client.query('begin');
      await client.query('select pg_advisory_xact_lock(7305511863)');
      expect(await cli(settings, 'backup')).toMatchObject({
        code: 1,
        said: expect.stringMatching(/^Another backup of this database is running/) as string,
      });
      expect((await cli(settings, 'backups', 'list')).out).toMatch(/^There are no backups/);
    } finally {
      await client.end();
    }
    expect(await cli(settings, 'backup')).toMatchObject({ code: 0 });
  });

  test('can leave the documents where they are, and says so; those that are lost are counted', async () => {
    expect((await cli(settings, 'backup', '--without-files')).out).toMatch(/NOT included, their list alone/);
    await openFileStore(settings).delete(documentKey);
    const taken = await cli(settings, 'backup');
    expect(taken.out).toMatch(/1 document that the database knows was not in the store any more/);
  });
});

test('a bucket takes backups as a folder does', async () => {
  const s3 = await startS3Server(join(folder, 's3'));
  try {
    const settings = settingsFor({
      ...{ BACKUP_TO: `s3://${s3.bucket.bucket}/nightly`, S3_ENDPOINT: s3.bucket.endpoint },
      ...{
        S3_FORCE_PATH_STYLE: 'true',
        S3_SERVER_SIDE_ENCRYPTION: 'none',
        SK_DATA_DIR: join(folder, 'data'),
      },
    });
    await seed(settings);
    expect(await cli(settings, 'backup')).toMatchObject({ code: 0, said: '' });
    const target = await emptyDatabase();
    const restored = await cli(settings, 'restore', 'latest', '--to-database', target);
    expect(restored).toMatchObject({ code: 0 });
    expect(await contentOfDatabase(target)).toEqual(await contentOfDatabase(source));
  } finally {
    await s3.close();
  }
}, 60_000);

test('a server that is newer than every pg_dump here is told by what to install', async () => {
  // The newest, whichever the other tests share: beside the oldest (TEST_POSTGRES) pg_dump here would be new enough.
  const newer = await startOwnPostgres();
  try {
    const settings = settingsFor({ DATABASE_URL: newer.url, BACKUP_TO: join(folder, 'none') });
    const { code, said } = await cli(settings, 'backup');
    const client = new pg.Client({ connectionString: newer.url });
    await client.connect();
    const { rows } = await client.query<{ major: string }>(
      `select (current_setting('server_version_num')::int / 10000)::text as major`,
    );
    await client.end();
    const major = rows[0]?.major ?? '';
    expect(code).toBe(1);
    expect(said).toContain(
      `pg_dump of PostgreSQL ${major} or newer is needed; the newest that was found here is`,
    );
    expect(said).toContain(`apt-get install postgresql-client-${major}`);
  } finally {
    await newer.stop();
  }
});
