import { sql } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { createLog } from '#lib/base/log.ts';
import { newId } from '#lib/base/ids.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import { isDatabaseFull, isDatabaseUnavailable } from '#lib/db/database-unavailable.ts';
import { inspectDatabase } from '#lib/db/inspect-database.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { transaction } from '#lib/db/transaction.ts';
import { closeLiveHub, liveHub } from '#lib/http/live-hub.ts';
import { addJob, startQueue, stopQueue, workOn } from '#lib/jobs/queue.ts';
import type { Heard } from '#lib/live/hub.ts';
import { POST as postLaunch } from '../../app/lti/launch/route.ts';
import { POST as postLogin } from '../../app/lti/login/route.ts';
import { clientId, issuer } from '../support/launch-signer.ts';
import { startPgBouncer } from '../support/pgbouncer.ts';
import type { PgBouncerOptions } from '../support/pgbouncer.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

/** Far fewer than the pool of the process has: connections are lent, one transaction long. */
const poolSize = 2;
const tool = useTestProcess({ poolerBefore: (url) => startPgBouncer(url, { poolSize }) });

let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;
let meetingId: string;

beforeEach(async () => {
  const { db, now } = tool.ctx();
  course = await seedCourse(db, { webHost: 'canvas.example' });
  teacher = await course.addMember('Tea Cher', 'teacher');
  meetingId = await course.addMeeting({
    startsAt: new Date(now.getTime() - 60_000),
    endsAt: new Date(now.getTime() + 5_400_000),
  });
});
afterAll(() => closeLiveHub());

const place = () => ({ courseId: course.courseId, meetingId });
const as = (member: SeededMember): Ctx => ({ ...tool.ctx(), viewer: { personId: member.personId } });
const directUrl = () => process.env.DATABASE_DIRECT_URL ?? '';
const pooledUrl = () => process.env.DATABASE_URL ?? '';

describe('behind PgBouncer in transaction mode', () => {
  test('a hall checks in, the wall hears each of them, and a mark is kept', async () => {
    const phones = await Promise.all(
      Array.from({ length: 20 }, (_, index) => course.addMember(`Student ${String(index)}`)),
    );
    const heard: Heard[] = [];
    const unsubscribe = liveHub().subscribe(place(), (one) => heard.push(one));
    onTestFinished(unsubscribe);
    await expect.poll(() => heard.some(({ kind }) => kind === 'resync')).toBe(true);

    await openCheckIn(as(teacher), place());
    const [shown] = (await loadCodes(as(teacher), place())).codes;
    const circumstances = { deviceKey: undefined, browserHash: 'a phone', network: null };
    const results = await Promise.all(
      phones.map((phone) =>
        checkInByTypedCode(as(phone), {
          courseId: course.courseId,
          code: shown?.code ?? '',
          circumstances,
        }),
      ),
    );
    expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['checked-in']));
    const [absent] = phones;
    const marked = await markRecords(as(teacher), {
      ...place(),
      marks: [
        { membershipId: absent?.membershipId, revision: 1, change: { kind: 'word', status: 'absent' } },
      ],
    });
    expect(marked).toMatchObject([{ kind: 'marked', record: { status: 'absent', source: 'teacher' } }]);
    const members = () => new Set(heard.flatMap((one) => (one.kind === 'record' ? [one.membershipId] : [])));
    await expect.poll(() => members().size).toBe(phones.length);
  });

  test('a launch signs somebody in', async () => {
    const form = (path: string, fields: Record<string, string>, cookie = '') =>
      new Request(publicUrl + path, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'sec-fetch-dest': 'document',
          cookie,
        },
        body: new URLSearchParams(fields).toString(),
      });
    const begun = await postLogin(
      form('/lti/login', {
        iss: issuer,
        client_id: clientId,
        login_hint: 'a1b2',
        target_link_uri: `${publicUrl}/lti/launch`,
      }),
      undefined,
    );
    const asked = new URL(begun.headers.get('location') ?? '').searchParams;
    const idToken = await tool.signer.sign({
      nonce: asked.get('nonce') ?? '',
      now: new Date(),
      sub: 'a-teacher-behind-a-pooler',
    });
    const [cookie = ''] = (begun.headers.getSetCookie()[0] ?? '').split(';');
    const launched = await postLaunch(
      form('/lti/launch', { id_token: idToken, state: asked.get('state') ?? '' }, cookie),
      undefined,
    );
    expect(launched.headers.getSetCookie().join()).toContain('sk_login');
  });

  test('transactions that are more than its connections take turns, each by itself', async () => {
    const sessions = await Promise.all(
      Array.from({ length: 12 }, (_, number) =>
        transaction({ db: tool.running.database.db }, async ({ db }) => {
          await db.execute(sql`select set_config('sk.turn', ${String(number)}, true)`);
          const { rows } = await db.execute<{ turn: string; pid: number }>(
            sql`select current_setting('sk.turn') as turn, pg_backend_pid() as pid`,
          );
          expect(rows[0]?.turn).toBe(String(number));
          return rows[0]?.pid;
        }),
      ),
    );
    expect(new Set(sessions).size).toBeLessThanOrEqual(poolSize);
  });

  test('the queue goes past it, and does its jobs', async () => {
    const done: string[] = [];
    await startQueue(tool.running.directAddress, createLog('silent'));
    onTestFinished(() => stopQueue());
    await workOn('sync-roster', ({ courseId }) => {
      done.push(courseId);
      return Promise.resolve();
    });
    const courseId = newId();
    await addJob('sync-roster', courseId, { courseId, askedBy: 'teacher' });
    await expect.poll(() => done, { timeout: 10_000 }).toEqual([courseId]);
  });

  test('migrations are refused, unless the operator has named its address as the direct one', async () => {
    await expect(migrateDatabase(pooledUrl())).rejects.toThrow('set DATABASE_DIRECT_URL');
    await expect(migrateDatabase(pooledUrl(), { isNamedDirect: true })).resolves.toEqual([
      expect.stringContaining('session mode'),
    ]);
    await expect(migrateDatabase(directUrl(), { isNamedDirect: true })).resolves.toEqual([]);
  });

  test('it is told from PostgreSQL itself', async () => {
    expect(await inspectDatabase(pooledUrl())).toMatchObject({ isPooled: true, tls: undefined });
    expect(await inspectDatabase(directUrl())).toMatchObject({ isPooled: false, isSupported: 'yes' });
  });

  test('a limit comes with the role, because with the connection none may come', async () => {
    const refused = open({ statementWithinMs: 1_000 }, pooledUrl());
    await expect(refused.pool.query('select 1')).rejects.toThrow(/unsupported startup parameter/);
    const name = new URL(directUrl()).pathname.slice(1);
    const { db } = tool.running.database;
    // For this database alone: the role is everybody's here.
    await db.execute(sql.raw(`alter role current_user in database ${name} set statement_timeout = '150ms'`));
    const limited = await startPgBouncer(directUrl(), { poolSize: 1 });
    onTestFinished(() => limited.stop());
    const { pool } = open({}, limited.urlOf(directUrl()));
    const failure = await pool.query('select pg_sleep(20)').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: '57014' });
    expect(isDatabaseUnavailable(failure)).toBe(true);
    expect(await inspectDatabase(limited.urlOf(directUrl()))).toMatchObject({ statementWithinMs: 150 });
    await db.execute(sql.raw(`alter role current_user in database ${name} reset statement_timeout`));
  });
});

describe('PgBouncer that is full', () => {
  const full = async (options: PgBouncerOptions) => {
    const pooler = await startPgBouncer(directUrl(), options);
    onTestFinished(() => pooler.stop());
    return pooler.urlOf(directUrl());
  };

  test('of clients is asked again for a moment, then the database counts as away', async () => {
    const url = await full({ poolSize: 1, clients: 1 });
    const first = open({}, url);
    const held = await first.pool.connect();
    const failure = await open({ connectWithinMs: 200 }, url)
      .pool.query('select 1')
      .catch((error: unknown) => error);
    expect([isDatabaseFull(failure), isDatabaseUnavailable(failure)]).toEqual([true, true]);
    const patient = open({ connectWithinMs: 5_000 }, url).pool.query('select 1');
    held.release(true);
    await expect(patient).resolves.toMatchObject({ rowCount: 1 });
  });

  test('of transactions keeps the next waiting as long as it is told, then the database counts as away', async () => {
    const url = await full({ poolSize: 1, waitSeconds: 1 });
    const holder = await open({}, url).pool.connect();
    await holder.query('begin');
    const failure = await open({}, url)
      .pool.query('select 1')
      .catch((error: unknown) => error);
    expect(isDatabaseUnavailable(failure)).toBe(true);
    holder.release(true);
  });
});

function open(more: { statementWithinMs?: number; connectWithinMs?: number }, url: string) {
  const database = openDatabase(url, { poolMax: 2, onIdleError: () => undefined, ...more });
  onTestFinished(() => database.close());
  return database;
}
