import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import { openDatabase } from '#lib/db/client.ts';
import { currentProcess } from '#lib/http/process.ts';
import { startProcess } from '#lib/http/start-process.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { testSecrets } from '../support/test-context.ts';

const otherSecret = 'an0ther-that-nobody-knows-Rw83kLq1ZtVb6Yx';
let testDatabase: TestDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  Object.assign(process.env, {
    SESSION_SECRET: otherSecret,
    DATABASE_URL: testDatabase.url,
    LOG_LEVEL: 'silent',
  });
});
afterAll(async () => {
  await currentProcess().database.close();
  await testDatabase.drop();
});

test('a server whose keys were sealed with another secret does not start, and says why', async () => {
  const database = openDatabase(testDatabase.url, { poolMax: 2, onIdleError: () => undefined });
  const ctx = { db: database.db, now: new Date(), viewer: undefined, log: createLog('silent') };
  await keepToolKey({ ...ctx, secrets: testSecrets });
  await database.close();
  await expect(startProcess()).rejects.toMatchObject({
    name: 'LostSecretError',
    message: expect.stringMatching(/SESSION_SECRET_PREVIOUS[^]*keys renew/) as string,
  });
});
