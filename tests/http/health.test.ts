import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { GET as live } from '../../app/health/route.ts';
import { GET as ready } from '../../app/health/ready/route.ts';
import { checkDatabase } from '#lib/db/check-database.ts';
import { nameRelease } from '#lib/base/release.ts';
import { endStreams } from '#lib/base/shutdown.ts';
import { AppError } from '#lib/base/errors.ts';
import { useTestProcess } from '../support/test-process.ts';

const test = useTestProcess();

// What was asked is remembered for seconds; each test is a later one.
let now = Date.now();
beforeEach(() => {
  now += 60_000;
  vi.spyOn(Date, 'now').mockImplementation(() => now);
});

async function answer(): Promise<{ status: number; body: unknown; retryAfter: string | null }> {
  const response = await ready();
  return {
    status: response.status,
    body: await response.json(),
    retryAfter: response.headers.get('retry-after'),
  };
}

describe('/health', () => {
  it('says that the process answers, and asks nobody', async () => {
    const query = vi.spyOn(test.running.database.pool, 'query');
    const response = live();
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(query).not.toHaveBeenCalled();
  });
});

describe('/health/ready', () => {
  it('says yes where everything is there, and asks once for all who ask', async () => {
    const query = vi.spyOn(test.running.database.pool, 'query');
    const open = vi.spyOn(test.running.files, 'open');
    const answers = await Promise.all([answer(), answer(), answer()]);
    for (const one of answers) {
      expect(one).toEqual({
        status: 200,
        body: { status: 'ready', checks: { database: 'ok', migrations: 'ok', files: 'ok' } },
        retryAfter: null,
      });
    }
    expect(query).toHaveBeenCalledTimes(1);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('says no without a database, and when to ask again', async () => {
    vi.spyOn(test.running.database.pool, 'query').mockImplementation(() => {
      throw Object.assign(new Error('for ann@example.org'), { code: 'ECONNREFUSED' });
    });
    expect(await answer()).toEqual({
      status: 503,
      body: {
        status: 'unavailable',
        checks: { database: 'unavailable', migrations: 'unavailable', files: 'ok' },
      },
      retryAfter: '3',
    });
  });

  it('says which release answers, so that an older page knows', async () => {
    nameRelease('of-this-test');
    expect((await ready()).headers.get('x-sk-release')).toBe('of-this-test');
    nameRelease('');
  });

  it('does not wait for a database that has fallen silent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.spyOn(test.running.database.pool, 'query').mockReturnValue(new Promise(() => undefined) as never);
    const asked = answer();
    await vi.advanceTimersByTimeAsync(3_000);
    vi.useRealTimers();
    expect(await asked).toMatchObject({ status: 503 });
  });

  it('says yes without the store of documents: attendance is taken', async () => {
    vi.spyOn(test.running.files, 'open').mockRejectedValue(new AppError('files-unavailable'));
    expect(await answer()).toMatchObject({
      status: 200,
      body: { status: 'degraded', checks: { database: 'ok', files: 'unavailable' } },
    });
  });

  it('says no while a migration is missing, and yes when the database is further than the program', async () => {
    const { db } = test.running.database;
    const folder = join(process.cwd(), '.data/test', `journal-${String(process.pid)}`);
    const withNewest = async (when: number) => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(join(folder, 'meta'), { recursive: true });
      await writeFile(join(folder, 'meta/_journal.json'), JSON.stringify({ entries: [{ when }] }));
      return checkDatabase(db, folder);
    };
    const { rows } = await db.execute<{ newest: string }>(
      sql`select max(created_at) as newest from drizzle.__drizzle_migrations`,
    );
    const newest = Number(rows[0]?.newest);
    expect(await withNewest(newest)).toBe('ok');
    expect(await withNewest(newest - 1)).toBe('ok');
    expect(await withNewest(newest + 1)).toBe('behind');
    await rm(folder, { recursive: true, force: true });
  });

  // The last: a process stops once.
  it('says no from the moment at which the process begins to stop, and asks nobody', async () => {
    const query = vi.spyOn(test.running.database.pool, 'query');
    await endStreams(() => undefined);
    expect(await answer()).toEqual({
      status: 503,
      body: { status: 'stopping', checks: {} },
      retryAfter: '3',
    });
    expect(query).not.toHaveBeenCalled();
  });
});
