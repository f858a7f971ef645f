import pg from 'pg';
import { newId } from '#lib/base/ids.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { ownStage } from '../support/e2e-stages.ts';
import { startOwnPostgres } from '../support/own-postgres.ts';
import { startTool } from '../support/start-tool.ts';
import { expect, test } from './fixtures.ts';
import { words } from './words.ts';

test('while every connection is busy a page says 503, and when to come again; then it comes', async ({
  page,
  faults,
}) => {
  const { toolEnv } = ownStage();
  const server = await startOwnPostgres();
  const tool = await startTool({
    ...toolEnv,
    DATABASE_URL: server.url,
    DB_POOL_MAX: '2',
    DB_CONNECT_TIMEOUT_SECONDS: '0.5',
    DB_STATEMENT_TIMEOUT_SECONDS: '3',
  });
  const holder = new pg.Client(server.url);
  try {
    await holder.connect();
    await holder.query('begin; lock table memberships');
    const secrets = { current: toolEnv.SESSION_SECRET ?? '' };
    const login = await sealLogin(secrets, { personId: newId(), language: 'en' }, new Date());
    await page.context().addCookies([{ name: 'sk_login', value: login, url: tool.url }]);
    const address = `${tool.url}/courses/${newId()}`;
    const answers = await Promise.all(Array.from({ length: 6 }, () => page.request.get(address)));
    for (const answer of answers) {
      expect(answer.status()).toBe(503);
      expect(answer.headers()['retry-after']).toBe('3');
    }
    const shown = await page.goto(address);
    expect(shown?.status()).toBe(503);
    await expect(page.getByRole('heading', { name: words('errors.unavailable.title') })).toBeVisible();
    await holder.query('rollback');
    const after = await page.request.get(address);
    expect(after.status()).toBe(403);
    faults.splice(0);
  } finally {
    await holder.end();
    await tool.stop();
    await server.stop();
  }
});
