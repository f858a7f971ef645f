import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { inspectDatabase } from '#lib/db/inspect-database.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { loadPage, runAction } from '#lib/http/load-page.ts';
import { startQueue, stopQueue } from '#lib/jobs/queue.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { listPlatforms } from '#lib/platforms/list-platforms.ts';
import { POST } from '../../app/api/my-data/route.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import type { OwnPostgres } from '../support/own-postgres.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';
import { withClient } from '../support/test-server.ts';

vi.mock('next/headers', () => ({ headers: () => Promise.resolve(new Headers()) }));

const tool = useTestProcess();
const connectWithinMs = 1_500;
/** What a request may take that is refused: its wait, and some time of a busy machine. */
const refusedWithinMs = 8_000;
const mostConnections = 6;

let server: OwnPostgres;
let database: OpenDatabase;

beforeAll(async () => {
  server = await startOwnPostgres({
    settings: { max_connections: String(mostConnections), superuser_reserved_connections: '0' },
  });
  await migrateDatabase(server.url);
});
beforeEach(() => {
  database = openDatabase(server.url, { poolMax: 2, onIdleError: () => undefined, connectWithinMs });
  const { database: there } = tool.running;
  tool.running.database = database;
  onTestFinished(async () => {
    tool.running.database = there;
    await database.close();
  });
});
afterAll(() => server.stop());

const personId = '0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6b';

async function ask(accept: string): Promise<Response> {
  const { secrets, now } = tool.ctx();
  const login = await sealLogin(secrets, { personId, language: 'en' }, now);
  const request = new Request(`${publicUrl}/api/my-data`, {
    method: 'POST',
    headers: { cookie: `__Host-sk_login=${login}`, accept, origin: publicUrl },
    body: new URLSearchParams({ person: personId }),
  });
  return POST(request, undefined);
}

/** Every connection of the pool is busy. */
async function fillPool(): Promise<() => Promise<void>> {
  const held = await Promise.all([database.pool.connect(), database.pool.connect()]);
  return () => {
    for (const client of held) client.release();
    return Promise.resolve();
  };
}

/** Other programs have all connections that the server gives; the pool has none. */
async function fillServer(): Promise<() => Promise<void>> {
  const others = Array.from({ length: mostConnections }, () => new pg.Client(server.url));
  for (const other of others) await other.connect();
  return async () => {
    await Promise.all(others.map((other) => other.end()));
  };
}

test.each([
  ['the pool is busy', fillPool],
  ['the server has no connection left', fillServer],
])('while %s, each kind of request waits briefly and is told to come again', async (_what, fill) => {
  const free = await fill();
  onTestFinished(free);
  const began = performance.now();
  const [page, program, action, screen] = await Promise.all([
    ask('text/html'),
    ask('application/json'),
    runAction((ctx) => listPlatforms(ctx)),
    loadPage((ctx) => listPlatforms(ctx)).catch((error: unknown) => error),
  ]);
  expect(performance.now() - began).toBeGreaterThan(connectWithinMs * 0.5);
  expect(performance.now() - began).toBeLessThan(refusedWithinMs);

  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '3']);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await page.text()).toContain('Try again in a few seconds');
  expect([program.status, program.headers.get('retry-after')]).toEqual([503, '3']);
  expect(await program.json()).toMatchObject({ error: 'unavailable' });
  expect(action).toMatchObject({ ok: false, code: 'unavailable' });
  expect(screen).toMatchObject({ digest: expect.stringContaining(':unavailable:') as string });
});

test('a connection of the pool that comes free in time is used', async () => {
  const free = await fillPool();
  const asked = ask('application/json');
  await expect.poll(() => database.pool.waitingCount, { interval: 5 }).toBe(1);
  await free();
  expect((await asked).status).not.toBe(503);
});

test('a connection of the server that comes free in time is used', async () => {
  const free = await fillServer();
  const tries = vi.spyOn(pg.Pool.prototype, 'connect');
  onTestFinished(() => {
    tries.mockRestore();
  });
  const asked = ask('application/json');
  // Refused once at least.
  await expect.poll(() => tries.mock.calls.length, { interval: 5 }).toBeGreaterThan(1);
  await free();
  expect((await asked).status).not.toBe(503);
});

test('a start waits for a connection that comes free: migrations, then the queue', async () => {
  const freeOfMigrations = await fillServer();
  const tries = vi.spyOn(pg.Client.prototype, 'connect');
  onTestFinished(() => {
    tries.mockRestore();
  });
  const migrated = migrateDatabase(server.url);
  await expect.poll(() => tries.mock.calls.length, { interval: 5 }).toBeGreaterThan(1);
  await freeOfMigrations();
  expect(await migrated).toEqual([]);

  const freeOfQueue = await fillServer();
  const begun = tries.mock.calls.length;
  const started = startQueue(server.url, createLog('silent'));
  // Its second try follows a second later.
  await expect
    .poll(() => tries.mock.calls.length, { interval: 5, timeout: 5_000 })
    .toBeGreaterThan(begun + 1);
  await freeOfQueue();
  await started;
  await stopQueue();
});

test('what other roles hold is counted, though a plain role may not see what they do', async () => {
  await withClient(server.url, async (client) => {
    await client.query('create role plain login');
    await client.query('create database plain owner plain');
  });
  const others = Array.from({ length: 3 }, () => new pg.Client(server.url));
  for (const other of others) await other.connect();
  onTestFinished(async () => {
    await Promise.all(others.map((other) => other.end()));
  });
  const url = `postgres://plain@127.0.0.1:${String(server.port)}/plain`;
  const connections = async () => (await inspectDatabase(url)).connections;
  // Connections of before may be on their way out.
  await expect.poll(connections).toEqual({ most: mostConnections, mostOfRole: undefined, used: 4 });
});

test('a request of its own makes no other wait: the pool stays as large as it is', async () => {
  const free = await fillServer();
  await expect(database.pool.query('select 1')).rejects.toMatchObject({ code: '53300' });
  await free();
  await expect
    .poll(() =>
      database.pool.query('select 1').then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await Promise.all(Array.from({ length: 20 }, () => database.pool.query('select 1')));
  expect(database.pool.totalCount).toBeLessThanOrEqual(2);
  expect(database.pool.waitingCount).toBe(0);
});

test('a statement that takes too long is ended by the server, and answered as unavailable', async () => {
  const quick = openDatabase(server.url, {
    poolMax: 2,
    onIdleError: () => undefined,
    statementWithinMs: 100,
  });
  tool.running.database = quick;
  onTestFinished(() => quick.close());
  const asked = await runAction(() => quick.pool.query('select pg_sleep(30)'));
  expect(asked).toMatchObject({ ok: false, code: 'unavailable' });
  const left = await withClient(server.url, (client) =>
    client.query(
      "select 1 from pg_stat_activity where query like '%pg_sleep(30)' and state = 'active' and pid <> pg_backend_pid()",
    ),
  );
  expect(left.rowCount).toBe(0);
});
