import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createLog } from '#lib/base/log.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import { openDatabase } from '#lib/db/client.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { startBalancer } from '../support/balancer.ts';
import { openDatabaseLine } from '../support/database-line.ts';
import { freePort } from '../support/free-port.ts';
import { createPhone } from '../support/phone.ts';
import type { Phone, PhoneOptions } from '../support/phone.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { seedPhones } from '../support/seed-phones.ts';
import { startTool } from '../support/start-tool.ts';
import { testSecrets } from '../support/test-context.ts';
import { startCrashingPostgres } from './crashing-postgres.ts';
import { holdCodes } from './wall.ts';

/** By so much the second process is wrong. */
export const wrongClockMs = 3 * 3_600_000;

/** A tool that can end and come back at its address. */
async function standingTool(name: string, env: NodeJS.ProcessEnv, preload: readonly string[] = []) {
  const port = await freePort();
  const start = () =>
    startTool(env, { port, preload, logFile: resolve(`test-results/logs/faults-${name}.log`) });
  let running = await start();
  return {
    url: running.url,
    stop: () => running.stop(),
    kill: () => running.kill(),
    /** Of one that was started with a wrong clock. */
    setClock: (clockOffsetMs: number) => {
      running.tell({ clockOffsetMs });
    },
    async start() {
      running = await start();
    },
  };
}

export type Stand = Awaited<ReturnType<typeof startStand>>;

/**
 * PostgreSQL, two processes of the built tool, and a balancer before them. The second process has a clock that is
 * three hours wrong, and a line to the database that can be troubled.
 */
export async function startStand() {
  const dataDir = resolve(`.data/test/faults-${String(process.pid)}`);
  await mkdir(dataDir, { recursive: true });
  await mkdir(resolve('test-results/logs'), { recursive: true });
  process.env.SESSION_SECRET = testSecrets.current;

  const endings: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })];
  /** What stands last falls first. */
  const stop = async () => {
    for (const end of endings.reverse()) await end();
  };
  try {
    const postgres = await startCrashingPostgres(join(dataDir, 'postgres'));
    endings.push(postgres.stop);
    const line = await openDatabaseLine(postgres.url);
    endings.push(line.close);
    const port = await freePort();
    const publicUrl = `http://127.0.0.1:${String(port)}`;
    const env = (databaseUrl: string) => ({
      ...Object.fromEntries(['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name]])),
      NODE_ENV: 'production' as const,
      PUBLIC_URL: publicUrl,
      DATABASE_URL: databaseUrl,
      SESSION_SECRET: testSecrets.current,
      SK_DATA_DIR: join(dataDir, 'files'),
    });
    const a = await standingTool('a', env(postgres.url));
    endings.push(a.stop);
    const b = await standingTool('b', { ...env(line.url), CLOCK_OFFSET_MS: String(wrongClockMs) }, [
      'tests/support/wrong-clock.ts',
    ]);
    endings.push(b.stop);
    const balancer = await startBalancer(port, [a.url, b.url]);
    endings.push(balancer.close);
    const database = openDatabase(postgres.url, { poolMax: 4, onIdleError: () => undefined });
    endings.push(database.close);
    return { a, b, line, postgres, publicUrl, db: database.db, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export type Hall = Awaited<ReturnType<typeof fillHall>>;

/** A meeting with an open check-in, and so many students with remembered phones, all behind one address. */
export async function fillHall(stand: Stand, students: number) {
  const { db, publicUrl } = stand;
  const course = await seedCourse(db);
  const teacher = await course.addMember('Tea Cher', 'teacher');
  const members = await course.addMembers(students);
  const keys = await seedPhones(db, course.platformId, members);
  // A second ago: a process' time may be some milliseconds behind the one that opens it.
  const now = addMs(new Date(), -1000);
  const place = {
    courseId: course.courseId,
    meetingId: await course.addMeeting({
      startsAt: addMs(now, -minuteMs),
      endsAt: addMs(now, 90 * minuteMs),
    }),
  };
  const ctx: Ctx = {
    ...{ db, now, secrets: testSecrets, log: createLog('silent') },
    viewer: { personId: teacher.personId },
  };
  await openCheckIn(ctx, place);
  const login = await sealLogin(testSecrets, { personId: teacher.personId, language: 'en' }, now);
  const headers = { cookie: `sk_login=${login}` };
  const path = `/api/courses/${place.courseId}/meetings/${place.meetingId}`;
  return {
    ...place,
    course,
    members,
    /** The teacher, at work in another tab. */
    teacher: (): Ctx => ({ ...ctx, now: new Date() }),
    /** A student's phone. */
    phone: (index: number, change: Partial<PhoneOptions> = {}): Phone =>
      createPhone({
        ...{ url: publicUrl, origin: publicUrl, forwardedFor: '203.0.113.7' },
        deviceKey: keys[index] ?? '',
        ...change,
      }),
    member: (index: number): SeededMember => {
      const member = members[index];
      if (member === undefined) throw new Error('nobody sits there');
      return member;
    },
    /** The projector, on the process that is named. */
    wall: (url = publicUrl) => holdCodes(`${url}${path}/codes`, headers),
    /** The register's event stream. */
    watch: (url = publicUrl) => ({
      url: `${url}${path}/events`,
      headers: { ...headers, accept: 'text/event-stream' },
    }),
  };
}
