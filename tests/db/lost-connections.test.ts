import { sql } from 'drizzle-orm';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { isDatabaseUnavailable } from '#lib/db/database-unavailable.ts';
import { transaction } from '#lib/db/transaction.ts';
import { openDatabaseLine } from '../support/database-line.ts';
import type { DatabaseLine } from '../support/database-line.ts';
import { useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
let line: DatabaseLine;
let database: OpenDatabase;

beforeAll(async () => {
  line = await openDatabaseLine(tool.database.url);
  // One connection: what is lost of it is missed at once.
  database = openDatabase(line.url, { poolMax: 1, onIdleError: () => undefined, answerWithinMs: 300 });
});
afterEach(() => {
  line.restore();
});
afterAll(async () => {
  await database.close();
  await line.close();
});

const one = sql`select 1 as one`;
const ask = () => database.db.execute(one);
const askInTransaction = () => transaction({ db: database.db }, (tx) => tx.db.execute(one));
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test.each([
  ['a statement', ask],
  ['a transaction', askInTransaction],
])('%s that hears nothing more ends as "unavailable", and its connection with it', async (_what, work) => {
  await ask();
  line.silence();
  expect(isDatabaseUnavailable(await failureOf(work()))).toBe(true);
  line.restore();
  await expect(work()).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test('a transaction whose connection breaks in the middle ends as "unavailable"', async () => {
  const failure = await failureOf(
    transaction({ db: database.db }, async (tx) => {
      await tx.db.execute(one);
      line.cut();
      await tx.db.execute(one);
    }),
  );
  expect(isDatabaseUnavailable(failure)).toBe(true);
  await expect(askInTransaction()).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test('a transaction whose connection falls silent in the middle waits once, and says what broke', async () => {
  const queries = vi.spyOn(pg.Client.prototype, 'query');
  onTestFinished(() => {
    queries.mockRestore();
  });
  const failure = await failureOf(
    transaction({ db: database.db }, async (tx) => {
      await tx.db.execute(one);
      line.silence();
      await tx.db.execute(one);
    }),
  );
  expect(isDatabaseUnavailable(failure)).toBe(true);
  expect(failure).toMatchObject({ query: 'select 1 as one' });
  const answers = await Promise.allSettled(
    queries.mock.results.map(({ value }) => value as Promise<unknown>),
  );
  const waited = answers.filter(
    (one) => one.status === 'rejected' && String(one.reason).includes('Query read timeout'),
  );
  expect(waited).toHaveLength(1);
  line.restore();
  await expect(askInTransaction()).resolves.toMatchObject({ rows: [{ one: 1 }] });
});

test('what a statement refuses leaves its connection good', async () => {
  const pid = async (db = database.db) =>
    (await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid;
  const before = await pid();
  const failure = await failureOf(transaction({ db: database.db }, (tx) => tx.db.execute(sql`select 1 / 0`)));
  expect(isDatabaseUnavailable(failure)).toBe(false);
  expect(await pid()).toBe(before);
});
