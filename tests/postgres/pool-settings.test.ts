import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { useTestProcess } from '../support/test-process.ts';

process.env.DB_STATEMENT_TIMEOUT_SECONDS = '7';
const tool = useTestProcess();

test('a process has the pool of its settings, and tells the server what a statement may take', async () => {
  const { db, pool } = tool.running.database;
  expect(pool.options).toMatchObject({
    max: 20,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 2_000,
    query_timeout: 8_000,
  });
  const { rows } = await db.execute(sql`select current_setting('statement_timeout') as most`);
  expect(rows).toEqual([{ most: '7s' }]);
});
