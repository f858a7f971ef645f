import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import type { Ended } from '#lib/cli/run-command.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { courses, devices, people } from '#lib/db/schema.ts';
import { readZip } from '../support/read-zip.ts';
import { runCli } from '../support/run-cli.ts';
import { seedCourse } from '../support/seed-course.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { testSecrets } from '../support/test-context.ts';

let testDatabase: TestDatabase;
let database: OpenDatabase;
let folder: string;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { poolMax: 2, onIdleError: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'privacy-commands-'));
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
  await rm(folder, { recursive: true, force: true });
});

function cli(...words: string[]): Promise<Required<Ended>> {
  return runCli(
    {
      DATABASE_URL: testDatabase.url,
      SESSION_SECRET: testSecrets.current,
      PUBLIC_URL: 'https://tool.example',
      SK_DATA_DIR: folder,
      DEFAULT_LANGUAGE: 'de',
    },
    words,
  );
}

let personId: string;
let courseId: string;
beforeEach(async () => {
  await database.pool.query('truncate platforms cascade');
  const course = await seedCourse(database.db);
  ({ courseId } = course);
  ({ personId } = await course.addMember('Anna Beispiel'));
  await database.db.update(people).set({ email: 'anna@school.example' }).where(eq(people.id, personId));
  await database.db.insert(devices).values({
    ...{ id: newId(), personId, platformId: course.platformId, keyHash: 'k', name: 'iPhone' },
    expiresAt: new Date('2020-01-01'),
  });
});

const nameNow = async () => (await database.db.select({ name: people.name }).from(people))[0]?.name;

test('a person is found, exported, erased in rehearsal, then erased', async () => {
  expect((await cli('privacy', 'find', '--email', 'anna@')).out).toMatch(
    new RegExp(`^${personId}  Anna Beispiel  anna@school\\.example`),
  );
  const file = join(folder, 'anna.zip');
  expect(await cli('privacy', 'export', '--person', personId, '--to', file)).toMatchObject({ code: 0 });
  expect((await readZip(await readFile(file))).get('data.json')).toContain('anna@school.example');
  expect((await stat(file)).mode & 0o077).toBe(0);

  const rehearsed = await cli('privacy', 'erase', '--person', personId, '--dry-run');
  expect(rehearsed.out).toMatch(/^Would erase, in 1 course:[^]*remembered phones +1[^]*Nothing was changed/);
  expect(await nameNow()).toBe('Anna Beispiel');
  expect((await cli('privacy', 'erase', '--person', personId)).out).toMatch(/^Erased, in 1 course:/);
  expect(await nameNow()).toMatch(/^Gelöschte Person \d{6}$/);
  expect((await cli('privacy', 'find', '--name', 'Anna')).out).toBe('Nobody was found.\n');
});

test('a file that is there already is not written over', async () => {
  const file = join(folder, 'there.zip');
  await writeFile(file, 'of somebody else');
  expect(await cli('privacy', 'export', '--person', personId, '--to', file)).toMatchObject({ code: 1 });
  expect(await readFile(file, 'utf8')).toBe('of somebody else');
});

test('what is due is erased in rehearsal, then in earnest, and each run is shown', async () => {
  expect((await cli('privacy', 'runs')).out).toBe('It has not run yet.\n');
  const rehearsed = await cli('privacy', 'apply', '--dry-run');
  expect(rehearsed.out).toMatch(/^Would erase \(nothing was changed\):[^]*remembered phones that ended +1/);
  expect((await cli('privacy', 'runs')).out).toBe('It has not run yet.\n');
  expect((await cli('privacy', 'apply')).out).toMatch(/^Erased:[^]*remembered phones that ended +1/);
  expect((await cli('privacy', 'apply')).out).toMatch(/remembered phones that ended +0/);
  expect((await cli('privacy', 'runs')).out).toMatch(
    /^.* UTC {2}ended .* UTC {2}nothing was due\n.* UTC {2}ended .*remembered phones that ended: 1\n$/,
  );
});

test('an institution says how long it keeps what', async () => {
  const [row] = await database.db
    .select({ id: courses.deploymentId })
    .from(courses)
    .where(eq(courses.id, courseId));
  const retention = (...words: string[]) => cli('deployments', 'retention', row?.id ?? '', ...words);
  expect((await retention()).out).toMatch(/^excuseDocumentDays {2}30\n/);
  expect((await retention('--set', 'excuseDocumentDays=14', '--set', 'evidenceDays=30')).out).toMatch(
    /^excuseDocumentDays +14 +\(the tool's own: 30\)[^]*Changed: excuseDocumentDays, evidenceDays\./,
  );
  expect((await retention('--reset', 'evidenceDays')).out).toMatch(
    /evidenceDays +180\n[^]*Changed: evidenceDays\./,
  );
  expect(await retention('--set', 'messageDays=5')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/^Nothing was changed: messageDays must be whole days/) as string,
  });
});

test.each<[string, string[], number, RegExp]>([
  ['nobody in particular', ['privacy', 'find'], 2, /Say whom to look for/],
  ['a name for an id', ['privacy', 'erase', '--person', 'Anna'], 2, /--person is an id/],
  ['an unknown person', ['privacy', 'erase', '--person', newId()], 1, /^Nobody has the id/],
  [
    'an unknown person’s data',
    ['privacy', 'export', '--person', newId(), '--to', '/nowhere'],
    1,
    /not-found/,
  ],
  [
    'a field that is none',
    ['deployments', 'retention', 'x', '--set', 'years=3'],
    1,
    /No deployment is called x/,
  ],
  [
    'half a day',
    ['deployments', 'retention', 'x', '--set', 'evidenceDays=0.5'],
    1,
    /No deployment is called x/,
  ],
])('%s is answered in words', async (_what, words, code, answer) => {
  const ended = await cli(...words);
  expect(ended.said).toMatch(answer);
  expect(ended.code).toBe(code);
});
