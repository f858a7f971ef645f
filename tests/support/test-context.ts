import { afterAll, beforeAll } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { createTestDatabase } from './test-database.ts';
import type { TestDatabase } from './test-database.ts';

export const testSecrets = { current: 'n0t-known-to-anybody-kqPz81Lm2vR7wTx4' };

/** A moment in term time, a Saturday, just before nine in Berlin. */
export const saturday = new Date('2026-11-28T07:58:00Z');

export interface TestContext {
  /** A context of nobody's at a time; `as` and `at` make others of it. */
  ctx: Ctx;
  as(personId: string): Ctx;
  at(now: Date): Ctx;
  database: OpenDatabase;
  /** How many statements have been sent so far. */
  statements(): number;
}

/** A fresh database for this file, opened before its tests and dropped after them. */
export function useTestContext(): TestContext {
  let testDatabase: TestDatabase | undefined;
  const holder: Partial<TestContext> = {};

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    const opened = openDatabase(testDatabase.pooledUrl, { poolMax: 10, onIdleError: () => undefined });
    // Whoever listens, or counts on a session otherwise, goes past the pooler.
    const database = { ...opened, url: testDatabase.url };
    const ctx: Ctx = {
      db: database.db,
      now: saturday,
      viewer: undefined,
      log: createLog('silent'),
      secrets: testSecrets,
    };
    let sent = 0;
    database.pool.on('connect', (client) => {
      const send = client.query.bind(client) as (...given: unknown[]) => unknown;
      client.query = ((...given: unknown[]) => {
        sent += 1;
        return send(...given);
      }) as typeof client.query;
    });
    Object.assign(holder, {
      database,
      statements: () => sent,
      ctx,
      as: (personId: string) => ({ ...ctx, viewer: { personId } }),
      at: (now: Date) => ({ ...ctx, now }),
    });
  });
  afterAll(async () => {
    await holder.database?.close();
    await testDatabase?.drop();
  });

  const there = <K extends keyof TestContext>(name: K): TestContext[K] => {
    const value = holder[name];
    if (value === undefined) throw new Error('the test context is there from beforeAll on');
    return value;
  };
  return {
    get ctx() {
      return there('ctx');
    },
    get database() {
      return there('database');
    },
    as: (personId) => there('as')(personId),
    at: (now) => there('at')(now),
    statements: () => there('statements')(),
  };
}
