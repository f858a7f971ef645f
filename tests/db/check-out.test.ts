import { and, eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs } from '#lib/base/time.ts';
import { createSealedSecret } from '#lib/check-in-windows/window-secret.ts';
import { codeAt } from '#lib/check-in-windows/rules.ts';
import { openSecret } from '#lib/check-in-windows/window-secret.ts';
import { checkInForMember } from '#lib/check-in/check-in-for-member.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { loadCheckInResult } from '#lib/check-in/load-check-in-result.ts';
import { loadScan } from '#lib/check-in/load-scan.ts';
import { openDatabase } from '#lib/db/client.ts';
import {
  attendanceRecords,
  auditEvents,
  checkIns,
  checkInWindows,
  courses,
  memberships,
  recordSpans,
} from '#lib/db/schema.ts';
import type { Direction } from '#lib/db/schema.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who, place } = room;
/** The meeting goes from 09:00 to 12:45: minutes 2 to 227 of these tests. */
const [start, end] = [2, 227];

let windows = 0;

/** A window of the meeting, open for all of these tests unless told otherwise. */
async function openWindow(
  direction: Direction,
  change: Partial<typeof checkInWindows.$inferInsert> = {},
): Promise<string> {
  const id = newId();
  await tool.ctx.db.insert(checkInWindows).values({
    id,
    meetingId: room.meetingId,
    direction,
    locator: (windows += 1).toString(16).padStart(4, '0'),
    sealedSecret: createSealedSecret(testSecrets),
    openedAt: minutes(-10),
    opensAt: minutes(-10),
    closesAt: minutes(400),
    ...change,
  });
  return id;
}

/** The code that a window shows at a time. */
async function shown(windowId: string, now: Date, via: 'scan' | 'typed' = 'scan') {
  const [window] = await tool.ctx.db.select().from(checkInWindows).where(eq(checkInWindows.id, windowId));
  if (window === undefined) throw new Error('there is no such window');
  return codeAt({ ...window, secret: openSecret(testSecrets, window.sealedSecret) }, via, now);
}

const circumstances = { browserHash: 'a phone', deviceKey: undefined, network: null };
const see = (code: string, now: Date, deviceKey?: string) =>
  loadScan(who(undefined, now), { code, cookieTicket: undefined, browserHash: 'a phone', deviceKey });

async function scan(member: SeededMember, windowId: string, minute: number, confirmedAt = minute) {
  const now = minutes(minute);
  const scanned = await see(await shown(windowId, now), now);
  if (!('ticket' in scanned)) throw new Error(`refused: ${scanned.kind}`);
  const { ticket } = scanned;
  return confirmScan(who(member, minutes(confirmedAt)), { ticket, circumstances });
}

const recordOf = async (member: SeededMember) => {
  const [record] = await tool.ctx.db
    .select()
    .from(attendanceRecords)
    .where(
      and(
        eq(attendanceRecords.meetingId, room.meetingId),
        eq(attendanceRecords.membershipId, member.membershipId),
      ),
    );
  return record;
};
const spansOf = async (member: SeededMember) =>
  tool.ctx.db
    .select({ from: recordSpans.fromAt, to: recordSpans.toAt })
    .from(recordSpans)
    .where(eq(recordSpans.recordId, (await recordOf(member))?.id ?? newId()))
    .orderBy(recordSpans.fromAt);
const evidenceOf = (member: SeededMember) =>
  tool.ctx.db
    .select()
    .from(checkIns)
    .where(eq(checkIns.membershipId, member.membershipId))
    .orderBy(checkIns.scannedAt);
const requireCheckOut = () =>
  tool.ctx.db
    .update(courses)
    .set({ policy: { checkOutRequired: true } })
    .where(eq(courses.id, room.course.courseId));

describe('a check-out', () => {
  test('measures the minutes that a check-in assumed', async () => {
    const [inWindow, outWindow] = [await openWindow('in'), await openWindow('out')];
    expect(await scan(room.anna, inWindow, start)).toMatchObject({ kind: 'checked-in', provenMinutes: 210 });
    expect(await scan(room.anna, outWindow, 122)).toMatchObject({
      kind: 'checked-out',
      direction: 'out',
      at: minutes(122),
      status: 'partial',
      // Two hours, less the 15 minutes' break in the middle of the meeting, as far as it was reached.
      provenMinutes: 105,
      isOpen: false,
    });
    expect(await spansOf(room.anna)).toEqual([{ from: minutes(start), to: minutes(122) }]);
    const audit = await tool.ctx.db
      .select()
      .from(auditEvents)
      .where(
        and(eq(auditEvents.courseId, room.course.courseId), eq(auditEvents.action, 'record.checked-out')),
      )
      .orderBy(auditEvents.id);
    expect(audit).toMatchObject([
      { actorPersonId: room.anna.personId, before: { status: 'present' }, after: { status: 'partial' } },
    ]);
  });

  test('at the end, or after it within its window: the whole meeting', async () => {
    const [inWindow, outWindow] = [await openWindow('in'), await openWindow('out')];
    await scan(room.anna, inWindow, start);
    expect(await scan(room.anna, outWindow, end + 10)).toMatchObject({
      kind: 'checked-out',
      status: 'present',
      provenMinutes: 210,
    });
  });

  test('needed and still to come: nothing is proven, and the phone says so', async () => {
    await requireCheckOut();
    const [inWindow, outWindow] = [await openWindow('in'), await openWindow('out')];
    expect(await scan(room.anna, inWindow, start)).toMatchObject({ provenMinutes: 0, isOpen: true });
    expect(await scan(room.anna, inWindow, start + 3)).toMatchObject({ kind: 'already', at: minutes(start) });
    expect(await scan(room.anna, outWindow, end)).toMatchObject({ provenMinutes: 210, isOpen: false });
  });

  test('twice in and out around a break: two pairs', async () => {
    const [inWindow, outWindow] = [await openWindow('in'), await openWindow('out')];
    await scan(room.anna, inWindow, start);
    await scan(room.anna, outWindow, 62);
    expect(await scan(room.anna, inWindow, 92)).toMatchObject({ kind: 'checked-in', at: minutes(92) });
    expect(await scan(room.anna, outWindow, end)).toMatchObject({ kind: 'checked-out', provenMinutes: 180 });
    expect(await spansOf(room.anna)).toEqual([
      { from: minutes(start), to: minutes(62) },
      { from: minutes(92), to: minutes(end) },
    ]);
    expect(await recordOf(room.anna)).toMatchObject({ revision: 4, sightCount: 4 });
  });

  test('confirmed before the check-in that was scanned first: the same two times', async () => {
    const [inWindow, outWindow] = [await openWindow('in'), await openWindow('out')];
    const early = await see(await shown(inWindow, minutes(start)), minutes(start));
    expect(await scan(room.anna, outWindow, start + 5)).toMatchObject({ kind: 'unpaired', status: null });
    expect(await recordOf(room.anna)).toBeUndefined();
    const result = await confirmScan(who(room.anna, minutes(start + 6)), {
      ticket: 'ticket' in early ? early.ticket : '',
      circumstances,
    });
    expect(result).toMatchObject({ kind: 'checked-in', provenMinutes: 5 });
    expect(await spansOf(room.anna)).toEqual([{ from: minutes(start), to: minutes(start + 5) }]);
  });

  test('pressed by a helper while its first check-in is being confirmed: both count, whichever came first', async () => {
    const inWindow = await openWindow('in');
    const helper = await room.course.addMember('As Sistent', 'assistant');
    for (let round = 0; round < 20; round += 1) {
      const member = await room.course.addMember(`Kim Muster ${String(round)}`);
      const early = await see(await shown(inWindow, minutes(start)), minutes(start));
      await Promise.all([
        confirmScan(who(member, minutes(start + 5)), {
          ticket: 'ticket' in early ? early.ticket : '',
          circumstances,
        }),
        checkInForMember(who(helper, minutes(start + 5)), {
          ...place(),
          membershipId: member.membershipId,
          direction: 'out',
          attemptId: newId(),
        }),
      ]);
      expect(await spansOf(member)).toEqual([{ from: minutes(start), to: minutes(start + 5) }]);
    }
  });

  test('without a check-in it is kept and flagged, and proves nothing', async () => {
    const outWindow = await openWindow('out');
    const result = await scan(room.anna, outWindow, end);
    expect(result).toMatchObject({ kind: 'unpaired', status: null, provenMinutes: 0 });
    expect(await recordOf(room.anna)).toBeUndefined();
    expect(await evidenceOf(room.anna)).toMatchObject([{ outcome: 'unpaired', flags: ['no-check-in'] }]);
    const checkInId = 'checkInId' in result ? result.checkInId : '';
    expect(await loadCheckInResult(who(room.anna), { checkInId, deviceKey: undefined })).toMatchObject({
      kind: 'unpaired',
      status: null,
      at: minutes(end),
    });
  });

  test('two phones of one person, in and out at once, over two pools: every sight is in the record', async () => {
    const [inWindow, outWindow] = [await openWindow('in'), await openWindow('out')];
    await scan(room.anna, inWindow, start);
    const scans = await Promise.all(
      [10, 11, 12, 13, 14, 15].map(async (minute, index) => {
        const window = index % 2 === 0 ? outWindow : inWindow;
        return see(await shown(window, minutes(minute)), minutes(minute));
      }),
    );
    const second = openDatabase(tool.database.url, { poolMax: 5, onIdleError: () => undefined });
    try {
      const results = await Promise.all(
        scans.map((scanned, index) =>
          confirmScan(
            { ...who(room.anna, minutes(16)), db: index % 2 === 0 ? tool.ctx.db : second.db },
            { ticket: 'ticket' in scanned ? scanned.ticket : '', circumstances },
          ),
        ),
      );
      for (const result of results) expect(result).toHaveProperty('checkInId');
    } finally {
      await second.close();
    }
    expect(await spansOf(room.anna)).toEqual([
      { from: minutes(start), to: minutes(10) },
      { from: minutes(11), to: minutes(12) },
      { from: minutes(13), to: minutes(14) },
      { from: minutes(15), to: null },
    ]);
  });

  test('that met a teacher’s mark in the same moment counts again when the mark is taken back', async () => {
    const [inWindow, outWindow] = [await openWindow('in'), await openWindow('out')];
    await scan(room.anna, inWindow, start);
    const { membershipId } = room.anna;
    const mark = (revision: number, change: { kind: 'word'; status: 'excused' } | { kind: 'take-back' }) =>
      markRecords(who(room.teacher, minutes(70)), {
        ...place(),
        marks: [{ membershipId, revision, change }],
      });
    await mark(1, { kind: 'word', status: 'excused' });
    expect(await scan(room.anna, outWindow, 62)).toMatchObject({ kind: 'noted', status: 'excused' });
    await mark(2, { kind: 'take-back' });
    expect(await spansOf(room.anna)).toEqual([{ from: minutes(start), to: minutes(62) }]);
    const { rows } = await loadRegister(who(room.teacher), place());
    expect(rows.find((row) => row.membershipId === membershipId)?.record).toMatchObject({
      source: 'check-in',
      spans: [{ from: minutes(start).toISOString(), to: minutes(62).toISOString() }],
    });
  });
});

describe('more time', () => {
  const give = (extraMinutes: number, member = room.anna) =>
    tool.ctx.db.update(memberships).set({ extraMinutes }).where(eq(memberships.id, member.membershipId));

  test('an old code is taken from whoever has it, and from nobody else', async () => {
    const inWindow = await openWindow('in');
    const ben = await room.course.addMember('Ben Muster');
    await give(5);
    const code = await shown(inWindow, minutes(start));
    const scanned = await see(code, minutes(start + 4));
    // Nobody is known yet: whoever has more time may sign in, and it is judged then.
    expect(scanned).toMatchObject({ kind: 'code-too-old', withMoreTime: { kind: 'sign-in' } });
    const ticket = scanned.kind === 'code-too-old' ? (scanned.withMoreTime?.ticket ?? '') : '';
    const confirm = (member: SeededMember) =>
      confirmScan(who(member, minutes(start + 6)), { ticket, circumstances });
    expect(await confirm(ben)).toMatchObject({ kind: 'code-too-old' });
    expect(await confirm(room.anna)).toMatchObject({ kind: 'checked-in', at: minutes(start + 4) });
  });

  test('where nobody has it, nobody is asked; nor when it would not do', async () => {
    const inWindow = await openWindow('in');
    const code = await shown(inWindow, minutes(start));
    expect(await see(code, minutes(start + 4))).not.toHaveProperty('withMoreTime');
    await give(5);
    expect(await see(code, minutes(start + 18))).toMatchObject({ kind: 'code-too-old' });
    expect(await see(code, minutes(start + 18))).not.toHaveProperty('withMoreTime');
  });

  test('a window that has closed stays open for them a little longer', async () => {
    const inWindow = await openWindow('in', { closesAt: minutes(15) });
    await give(5);
    const now = minutes(18);
    const scanned = await see(await shown(inWindow, now), now);
    expect(scanned).toMatchObject({ kind: 'closed', withMoreTime: { kind: 'sign-in' } });
    const ticket = scanned.kind === 'closed' ? (scanned.withMoreTime?.ticket ?? '') : '';
    expect(await confirmScan(who(room.anna, now), { ticket, circumstances })).toMatchObject({
      kind: 'checked-in',
      status: 'late',
    });
  });
});

describe('printed sheets and planned windows', () => {
  test('one code for all of the window, and no age', async () => {
    const sheet = await openWindow('in', { stepSeconds: null, closesAt: minutes(17) });
    const code = await shown(sheet, minutes(-10));
    expect(await shown(sheet, minutes(16))).toBe(code);
    expect(await scan(room.anna, sheet, 16)).toMatchObject({ kind: 'checked-in', status: 'late' });
    expect(await evidenceOf(room.anna)).toMatchObject([{ codeAgeMs: null }]);
    expect(await see(code, minutes(17))).toMatchObject({ kind: 'closed' });
  });

  test('a planned window takes nobody before its time', async () => {
    const planned = await openWindow('in', { opensAt: minutes(0) });
    const early = addMs(minutes(0), -1);
    expect(await see(await shown(planned, early), early)).toEqual({ kind: 'not-open-yet' });
    expect(await scan(room.anna, planned, 0)).toMatchObject({ kind: 'checked-in' });
  });
});

describe('somebody who runs the course checks a member in', () => {
  const help = (
    member: SeededMember,
    minute: number,
    more: { direction?: Direction; attemptId?: string; by?: SeededMember | undefined } = {},
  ) =>
    checkInForMember(who('by' in more ? more.by : room.teacher, minutes(minute)), {
      ...place(),
      membershipId: member.membershipId,
      direction: more.direction ?? 'in',
      attemptId: more.attemptId ?? newId(),
    });

  test('in and out, with who did it in evidence and audit', async () => {
    expect(await help(room.anna, start)).toMatchObject({ kind: 'checked-in', personName: 'Anna Beispiel' });
    expect(await help(room.anna, start + 1)).toMatchObject({ kind: 'already', at: minutes(start) });
    expect(await help(room.anna, 62, { direction: 'out' })).toMatchObject({ kind: 'checked-out' });
    expect(await spansOf(room.anna)).toEqual([{ from: minutes(start), to: minutes(62) }]);
    expect(await evidenceOf(room.anna)).toMatchObject([
      { via: 'helper', direction: 'in', helperPersonId: room.teacher.personId, windowId: null },
      { via: 'helper', direction: 'in', outcome: 'already' },
      { via: 'helper', direction: 'out', outcome: 'checked-out' },
    ]);
    const audit = await tool.ctx.db
      .select()
      .from(auditEvents)
      .where(and(eq(auditEvents.courseId, room.course.courseId), eq(auditEvents.action, 'record.checked-in')))
      .orderBy(auditEvents.id);
    expect(audit).toMatchObject([{ actorPersonId: room.teacher.personId }]);
  });

  test('pressed five times, by two helpers: once', async () => {
    const assistant = await room.course.addMember('As Sistent', 'assistant');
    const attemptId = newId();
    const results = await Promise.all([
      ...Array.from({ length: 5 }, () => help(room.anna, start, { attemptId })),
      help(room.anna, start, { by: assistant }),
    ]);
    expect(results.filter(({ kind }) => kind === 'checked-in')).toHaveLength(1);
    expect(await recordOf(room.anna)).toMatchObject({ revision: 1 });
    expect(await evidenceOf(room.anna)).toHaveLength(2);
  });

  test('who may not, and whom not', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const foreign = await other.addMember('Fre Md', 'teacher');
    const stranger = await other.addMember('Ein Anderer');
    for (const [by, refusal] of [
      [undefined, 'not-signed-in'],
      [room.anna, 'no-access'],
      [foreign, 'no-access'],
    ] as const) {
      await expect(help(room.anna, start, { by })).rejects.toThrow(refusal);
    }
    expect(await help(stranger, start)).toEqual({ kind: 'not-a-member' });
    expect(await help(room.teacher, start)).toEqual({ kind: 'not-a-student' });
    expect(await help(room.anna, -119)).toEqual({ kind: 'not-open-yet' });
    expect(await help(room.anna, end + 121)).toEqual({ kind: 'meeting-over' });
    await expect(help(room.anna, start, { attemptId: 'x' })).rejects.toThrow('not-found');
    // A teacher of another course reaches nothing by naming their own course with this meeting.
    await expect(
      checkInForMember(who(foreign), {
        courseId: other.courseId,
        meetingId: room.meetingId,
        membershipId: room.anna.membershipId,
        direction: 'in',
        attemptId: newId(),
      }),
    ).rejects.toThrow('not-found');
    expect(await tool.ctx.db.$count(checkIns, eq(checkIns.courseId, room.course.courseId))).toBe(0);
  });
});
