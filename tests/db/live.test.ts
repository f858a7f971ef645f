import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { loadScan } from '#lib/check-in/load-scan.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import { transaction } from '#lib/db/transaction.ts';
import { createHub } from '#lib/live/hub.ts';
import type { Heard, Hub } from '#lib/live/hub.ts';
import { noticePayload, publish, readNotice } from '#lib/live/notices.ts';
import type { Notice } from '#lib/live/notices.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';
import { withClient } from '../support/test-server.ts';

const tool = useTestContext();
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;
let meetingId: string;
let hub: Hub;

beforeAll(() => {
  process.env.SESSION_SECRET = testSecrets.current;
});
beforeEach(async () => {
  course = await seedCourse(tool.ctx.db);
  teacher = await course.addMember('Tea Cher', 'teacher');
  meetingId = await course.addMeeting();
  hub = createHub({ address: tool.database.url, log: createLog('silent'), retryMs: 20 });
});
afterEach(() => hub.close());

const as = (member: SeededMember): Ctx => tool.as(member.personId);

/** A watcher that can wait for what it hears. */
function watch(topic = { courseId: course.courseId, meetingId }, ears = hub) {
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const unsubscribe = ears.subscribe(topic, (one) => {
    heard.push(one);
    for (const check of waiting) check();
  });
  const until = (kind: Heard['kind'], count = 1) =>
    new Promise<Heard[]>((resolve) => {
      const check = () => {
        const found = heard.filter((one) => one.kind === kind);
        if (found.length < count) return;
        waiting.delete(check);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  return { heard, until, unsubscribe };
}

async function checkIn(member: SeededMember) {
  const [shown] = (await loadCodes(as(teacher), { courseId: course.courseId, meetingId })).codes;
  const scan = await loadScan(tool.ctx, {
    code: shown?.code ?? '',
    cookieTicket: undefined,
    browserHash: 'a phone',
    deviceKey: undefined,
  });
  return confirmScan(as(member), {
    ticket: 'ticket' in scan ? scan.ticket : '',
    circumstances: { deviceKey: undefined, browserHash: 'another phone', network: null },
  });
}

describe('live notices', () => {
  test('a check-in is told with its row, once, to those who watch this meeting', async () => {
    const anna = await course.addMember('Anna Beispiel');
    const watcher = watch();
    const elsewhere = watch({ courseId: course.courseId, meetingId: await course.addMeeting() });
    // The word that LISTEN is in force, so that nothing before it was missed.
    await watcher.until('resync');
    const { windowId } = await openCheckIn(as(teacher), { courseId: course.courseId, meetingId });
    await checkIn(anna);
    await checkIn(anna);
    await closeCheckIn(as(teacher), { courseId: course.courseId, meetingId });
    await watcher.until('window', 2);
    expect(watcher.heard.filter((one) => one.kind !== 'resync')).toEqual([
      {
        kind: 'window',
        meetingId,
        direction: 'in',
        window: {
          id: windowId,
          direction: 'in',
          stepSeconds: 10,
          openedAt: saturday.toISOString(),
          opensAt: saturday.toISOString(),
          closesAt: '2026-11-28T08:15:00.000Z',
        },
      },
      {
        kind: 'record',
        meetingId,
        membershipId: anna.membershipId,
        name: 'Beispiel, Anna',
        record: {
          status: 'present',
          provenMinutes: 210,
          isOpen: false,
          spans: [{ from: saturday.toISOString(), to: null }],
          note: null,
          source: 'check-in',
          replacesMeetingId: null,
          revision: 1,
          flags: ['other-browser'],
        },
      },
      { kind: 'window', meetingId, direction: 'in', window: null },
    ]);
    expect(elsewhere.heard.filter((one) => one.kind !== 'resync')).toEqual([]);
  });

  test('what is rolled back is never told', async () => {
    const watcher = watch();
    await watcher.until('resync');
    const failing = transaction(tool.ctx, async (tx) => {
      await publish(tx, { kind: 'window', meetingId, direction: 'in', window: null });
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await publish(tool.ctx, { kind: 'reload', meetingId });
    await watcher.until('reload');
    expect(watcher.heard.some((one) => one.kind === 'window')).toBe(false);
  });

  test('a roster is told to every watcher of its course', async () => {
    const watcher = watch();
    const other = watch({ courseId: crypto.randomUUID(), meetingId: crypto.randomUUID() });
    await watcher.until('resync');
    await publish(tool.ctx, { kind: 'roster', courseId: course.courseId });
    await watcher.until('roster');
    expect(other.heard.some((one) => one.kind === 'roster')).toBe(false);
  });

  test('forty watchers share one connection; who leaves hears no more', async () => {
    const watchers = Array.from({ length: 40 }, () => watch());
    await Promise.all(watchers.map((one) => one.until('resync')));
    const connections = await withClient(tool.database.url, (client) =>
      client.query(
        `select 1 from pg_stat_activity where application_name = 'sk-attendance-live' and datname = current_database()`,
      ),
    );
    expect(connections.rowCount).toBe(1);
    const [left, ...others] = watchers;
    left?.unsubscribe();
    await publish(tool.ctx, { kind: 'reload', meetingId });
    await Promise.all(others.map((one) => one.until('reload')));
    expect(left?.heard.some((one) => one.kind === 'reload')).toBe(false);
  });

  test('after a lost connection it listens again and says that something may be missing', async () => {
    const watcher = watch();
    await watcher.until('resync');
    await withClient(tool.database.url, (client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'sk-attendance-live' and datname = current_database()`,
      ),
    );
    await watcher.until('resync', 2);
    await publish(tool.ctx, { kind: 'reload', meetingId });
    await watcher.until('reload');
  });

  test('two processes hear each other', async () => {
    const second = createHub({ address: tool.database.url, log: createLog('silent') });
    try {
      const [one, two] = [watch(), watch(undefined, second)];
      await Promise.all([one.until('resync'), two.until('resync')]);
      await publish(tool.ctx, { kind: 'reload', meetingId });
      await Promise.all([one.until('reload'), two.until('reload')]);
    } finally {
      await second.close();
    }
  });

  test('the end of the process is told', async () => {
    const watcher = watch();
    await hub.close();
    await watcher.until('closed');
  });
});

describe('payloads', () => {
  const record = (note: string): Notice => ({
    kind: 'record',
    meetingId: 'm',
    membershipId: 'b',
    name: 'Zoë Ž',
    record: {
      status: 'present',
      provenMinutes: 1,
      isOpen: false,
      spans: [],
      note,
      source: 'teacher',
      replacesMeetingId: null,
      revision: 2,
      flags: [],
    },
  });

  test('come back as they were', () => {
    expect(readNotice(noticePayload(record('ä'.repeat(100))))).toEqual(record('ä'.repeat(100)));
  });

  test('one that PostgreSQL would refuse becomes "load again"', async () => {
    const long = record('ä'.repeat(5000));
    expect(readNotice(noticePayload(long))).toEqual({ kind: 'reload', meetingId: 'm' });
    await publish(tool.ctx, long);
  });

  test.each(['', '{}', 'null', '{"kind":"record"}', '{"kind":"something-new","meetingId":"m"}'])(
    'what is not ours is left aside: %s',
    (payload) => {
      expect(readNotice(payload)).toBeUndefined();
    },
  );
});
