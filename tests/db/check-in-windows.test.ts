import { and, asc, eq, inArray } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { loadProjector } from '#lib/check-in-windows/load-projector.ts';
import { loadSheet } from '#lib/check-in-windows/load-sheet.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { planCheckIn } from '#lib/check-in-windows/plan-check-in.ts';
import { prolongCheckIn } from '#lib/check-in-windows/prolong-check-in.ts';
import { insertWindow } from '#lib/check-in-windows/queries.ts';
import type { Direction } from '#lib/db/schema.ts';
import { auditEvents, checkInWindows, courses, memberships } from '#lib/db/schema.ts';
import { cancelMeetings } from '#lib/meetings/cancel-meetings.ts';
import { deleteMeetings } from '#lib/meetings/delete-meetings.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who, place } = room;

/** The meeting's start and end, and minutes from them; `saturday` is two minutes before the start. */
const start = minutes(2);
const end = addMs(start, 225 * minuteMs);
const fromStart = (count: number) => addMs(start, count * minuteMs);
const fromEnd = (count: number) => addMs(end, count * minuteMs);

const open = (now = saturday, direction: Direction = 'in') =>
  openCheckIn(who(room.teacher, now), { ...place(), direction });
const usual = { beforeMinutes: 15, afterMinutes: 15 };
const plan = (
  now: Date,
  given: Partial<Parameters<typeof planCheckIn>[1]> = {},
): ReturnType<typeof planCheckIn> => planCheckIn(who(room.teacher, now), { ...place(), ...usual, ...given });
const codes = (now = saturday, direction: Direction = 'in') =>
  loadCodes(who(room.teacher, now), { ...place(), direction });
const windows = (meetingId = room.meetingId) =>
  tool.ctx.db
    .select()
    .from(checkInWindows)
    .where(eq(checkInWindows.meetingId, meetingId))
    .orderBy(asc(checkInWindows.openedAt), asc(checkInWindows.direction));
const auditOf = (...actions: string[]) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, room.course.courseId), inArray(auditEvents.action, actions)))
    .orderBy(asc(auditEvents.at));

describe('opening and closing', () => {
  test('opens once, however often and by however many it is asked', async () => {
    const assistant = await room.course.addMember('As Sistent', 'assistant');
    const answers = await Promise.all(
      [room.teacher, assistant, room.teacher, assistant, room.teacher].map((member) =>
        openCheckIn(who(member), place()),
      ),
    );
    expect(new Set(answers.map(({ windowId }) => windowId)).size).toBe(1);
    expect(await auditOf('check-in.opened')).toHaveLength(1);
  });

  test('what has expired is closed at its end, and a new window has other codes', async () => {
    const { windowId } = await open();
    const before = await codes();
    const second = await open(fromStart(20));
    expect(second.windowId).not.toBe(windowId);
    expect((await windows())[0]?.closedAt).toEqual(fromStart(15));
    const after = await codes(fromStart(20));
    expect(after.codes[0]?.code.slice(4)).not.toBe(before.codes[0]?.code.slice(4));
  });

  test('a locator is one window’s until its time is over, closed or not', async () => {
    const other = { courseId: room.course.courseId, meetingId: await room.course.addMeeting() };
    await openCheckIn(who(room.teacher), other);
    const [taken] = await windows(other.meetingId);
    if (taken === undefined) throw new Error('it was just opened');
    const withIts = (openedAt: Date) =>
      insertWindow(tool.ctx.db, {
        ...taken,
        id: newId(),
        meetingId: room.meetingId,
        openedAt,
        opensAt: openedAt,
        closesAt: addMs(openedAt, 15 * minuteMs),
      });
    expect(await withIts(addMs(taken.closesAt, -1))).toBeUndefined();
    expect(await withIts(taken.closesAt)).toMatchObject({ locator: taken.locator });
    expect(await windows(other.meetingId)).toMatchObject([{ id: taken.id, closedAt: taken.closesAt }]);
  });

  test('check-in and check-out are open side by side, each with codes and an end of its own', async () => {
    await open();
    const { windowId } = await open(saturday, 'out');
    const [seenIn, seenOut] = [await codes(), await codes(saturday, 'out')];
    expect(seenIn.window).toMatchObject({ direction: 'in', closesAt: fromStart(15).toISOString() });
    expect(seenOut.window).toMatchObject({
      id: windowId,
      direction: 'out',
      closesAt: fromEnd(15).toISOString(),
    });
    expect(seenIn.codes[0]?.code.slice(0, 4)).not.toBe(seenOut.codes[0]?.code.slice(0, 4));
    const { windows: shown } = await loadRegister(who(room.teacher), place());
    expect(shown.map(({ direction }) => direction)).toEqual(['in', 'out']);

    await closeCheckIn(who(room.teacher, minutes(5)), place());
    expect((await codes(minutes(5))).window).toBeNull();
    expect((await codes(minutes(5), 'out')).window?.id).toBe(windowId);
    expect((await auditOf('check-in.closed'))[0]?.after).toMatchObject({ direction: 'in' });
  });

  test('a check-in is opened until the end, a check-out for an hour after it', async () => {
    await expect(open(end)).rejects.toThrow('meeting-over');
    const late = fromEnd(59);
    await open(late, 'out');
    expect((await codes(late, 'out')).window?.closesAt).toBe(fromEnd(74).toISOString());
    await expect(open(fromEnd(60), 'out')).rejects.toThrow('meeting-over');
  });

  test('prolongs what is open, nothing else', async () => {
    const longer = (now: Date, count: number, direction: Direction = 'in') =>
      prolongCheckIn(who(room.teacher, now), { ...place(), direction, minutes: count });
    expect(await longer(saturday, 5)).toEqual({ kind: 'closed' });
    await open();
    expect(await longer(saturday, 5, 'out')).toEqual({ kind: 'closed' });
    expect(await longer(fromStart(14), 10)).toEqual({ kind: 'prolonged', closesAt: fromStart(25) });
    expect((await codes(fromStart(20))).codes).not.toEqual([]);
    await expect(longer(fromStart(20), 0.5)).rejects.toThrow('invalid-input');
    await expect(longer(fromStart(20), 241)).rejects.toThrow('invalid-input');
    expect(await longer(fromStart(25), 5)).toEqual({ kind: 'closed' });
  });

  test('two who prolong at the same time give both their minutes', async () => {
    await open();
    const assistant = await room.course.addMember('As Sistent', 'assistant');
    await Promise.all(
      [room.teacher, assistant].map((member) => prolongCheckIn(who(member), { ...place(), minutes: 5 })),
    );
    expect((await codes()).window?.closesAt).toBe(fromStart(25).toISOString());
    expect(await auditOf('check-in.prolonged')).toHaveLength(2);
  });

  test('a check-in ends with its meeting, however long it was to last; every screen says so', async () => {
    const late = fromEnd(-5);
    await tool.ctx.db
      .update(memberships)
      .set({ extraMinutes: 15 })
      .where(eq(memberships.id, room.anna.membershipId));
    await open(late);
    const shownUntil = async (now = late) => ({
      codes: (await codes(now)).window?.closesAt,
      register: (await loadRegister(who(room.teacher, now), place())).windows[0]?.closesAt,
      home: (
        await loadMeetings(who(room.teacher, now), room.course.courseId)
      ).ofMoment?.open?.until.toISOString(),
      mine: (await loadMyAttendance(who(room.anna, now), room.course.courseId)).isCheckInOpen,
    });
    const untilTheEnd = {
      codes: end.toISOString(),
      register: end.toISOString(),
      home: end.toISOString(),
      mine: true,
    };
    expect(await shownUntil()).toEqual(untilTheEnd);
    expect((await auditOf('check-in.opened'))[0]?.after).toMatchObject({ closesAt: end.toISOString() });
    expect(await prolongCheckIn(who(room.teacher, late), { ...place(), minutes: 5 })).toEqual({
      kind: 'prolonged',
      closesAt: end,
    });
    expect(await shownUntil()).toEqual(untilTheEnd);
    expect((await codes(addMs(end, -30_000))).codes.at(-1)?.until).toBe(end.toISOString());
    expect(await shownUntil(end)).toEqual({ mine: false });
  });

  test('closing is immediate and may be repeated', async () => {
    await open();
    await closeCheckIn(who(room.teacher, minutes(1)), place());
    await closeCheckIn(who(room.teacher, minutes(2)), place());
    expect(await codes(minutes(1))).toMatchObject({ window: null, codes: [] });
    expect(await auditOf('check-in.closed')).toHaveLength(1);
  });
});

describe('the pace of the codes', () => {
  test('is the course’s, unless the window has one of its own', async () => {
    await tool.ctx.db
      .update(courses)
      .set({ policy: { codeSeconds: 20 } })
      .where(eq(courses.id, room.course.courseId));
    await open();
    expect((await codes()).window?.stepSeconds).toBe(20);
    await openCheckIn(who(room.teacher), { ...place(), direction: 'out', stepSeconds: 5 });
    const { window, codes: ahead } = await codes(saturday, 'out');
    expect(window?.stepSeconds).toBe(5);
    expect(ahead).toHaveLength(12);
  });

  test('is one of 5 to 60 seconds', async () => {
    for (const stepSeconds of [4, 61, 7.5, Number.NaN]) {
      await expect(openCheckIn(who(room.teacher), { ...place(), stepSeconds })).rejects.toThrow(
        'invalid-input',
      );
    }
    expect(await windows()).toEqual([]);
  });

  test('or none: the sheet is printed before it opens, with the code that is taken then', async () => {
    const sheet = async (now: Date) =>
      (await loadSheet(who(room.teacher, now), { ...place(), direction: 'in' })).sheet;
    expect(await sheet(fromStart(-60))).toBeUndefined();
    await plan(fromStart(-60), { stepSeconds: null });
    const printed = await sheet(fromStart(-60));
    expect(printed).toMatchObject({ opensAt: fromStart(-15), closesAt: fromStart(15) });
    const [shown, ...more] = (await codes(start)).codes;
    expect(more).toEqual([]);
    expect(shown).toMatchObject({ code: printed?.code, typed: printed?.typed });
    expect(await sheet(fromStart(15))).toBeUndefined();

    // What rotates is not for paper.
    await open(fromStart(-60), 'out');
    const out = await loadSheet(who(room.teacher, start), { ...place(), direction: 'out' });
    expect(out.sheet).toBeUndefined();
  });
});

describe('opening by itself', () => {
  test('from some minutes before the start to some after it, and for nobody before', async () => {
    expect(await plan(fromStart(-60))).toMatchObject({ kind: 'planned' });
    expect(await plan(fromStart(-60), { direction: 'out', beforeMinutes: 5 })).toMatchObject({
      kind: 'planned',
    });
    expect(await windows()).toMatchObject([
      { direction: 'in', opensAt: fromStart(-15), closesAt: fromStart(15), followsMeeting: true },
      { direction: 'out', opensAt: fromEnd(-5), closesAt: fromEnd(15), followsMeeting: true },
    ]);
    const early = await codes(fromStart(-17));
    expect(early).toMatchObject({ window: { opensAt: fromStart(-15).toISOString() }, codes: [] });
    // A minute before, the wall holds what it will show: the network may be away just then.
    const [first] = (await codes(addMs(fromStart(-15), -30_000))).codes;
    expect(first?.from).toBe(fromStart(-15).toISOString());
    expect((await codes(fromStart(-15))).codes[0]?.code).toBe(first?.code);

    const isOpen = async (now: Date) =>
      (await loadMyAttendance(who(room.anna, now), room.course.courseId)).isCheckInOpen;
    expect(await isOpen(fromStart(-16))).toBe(false);
    expect(await isOpen(fromStart(-15))).toBe(true);
    expect(await isOpen(fromStart(15))).toBe(false);
    expect(await isOpen(fromEnd(-5))).toBe(true);
  });

  test('opened early with one click: the same codes, and it closes when it would have', async () => {
    await plan(fromStart(-60), { stepSeconds: 30 });
    const [planned] = await windows();
    const { windowId } = await open(fromStart(-30));
    expect(await windows()).toMatchObject([
      {
        id: windowId,
        sealedSecret: planned?.sealedSecret,
        stepSeconds: 30,
        opensAt: fromStart(-30),
        closesAt: fromStart(15),
        followsMeeting: false,
      },
    ]);
    expect((await auditOf('check-in.opened'))[0]?.after).toMatchObject({ direction: 'in' });
  });

  test('planned anew it keeps its secret; what is open stays as it is', async () => {
    await plan(fromStart(-60));
    const [before] = await windows();
    await plan(fromStart(-50), { beforeMinutes: 5, afterMinutes: 60, stepSeconds: null });
    expect(await windows()).toMatchObject([
      {
        id: before?.id,
        sealedSecret: before?.sealedSecret,
        opensAt: fromStart(-5),
        closesAt: fromStart(60),
        stepSeconds: null,
      },
    ]);
    expect(await plan(fromStart(-5), usual)).toEqual({ kind: 'open' });
    expect((await windows())[0]?.closesAt).toEqual(fromStart(60));
  });

  test('taken back, it never opens', async () => {
    await plan(fromStart(-60));
    await closeCheckIn(who(room.teacher, fromStart(-50)), place());
    expect((await codes(start)).window).toBeNull();
    expect((await auditOf('check-in.withdrawn', 'check-in.closed')).map(({ action }) => action)).toEqual([
      'check-in.withdrawn',
    ]);
    await tool.ctx.db
      .update(memberships)
      .set({ extraMinutes: 15 })
      .where(eq(memberships.id, room.anna.membershipId));
    await plan(fromStart(-60));
    await closeCheckIn(who(room.teacher, fromStart(-16)), place());
    const mine = await loadMyAttendance(who(room.anna, fromStart(-10)), room.course.courseId);
    expect(mine.isCheckInOpen).toBe(false);
  });

  test('a time that is over, none at all, or one that is too long', async () => {
    expect(await plan(fromStart(20))).toEqual({ kind: 'too-late' });
    await expect(plan(saturday, { beforeMinutes: 0, afterMinutes: 0 })).rejects.toThrow('invalid-input');
    await expect(plan(saturday, { beforeMinutes: 241 })).rejects.toThrow('invalid-input');
    await expect(plan(saturday, { beforeMinutes: -1 })).rejects.toThrow('invalid-input');
    expect(await windows()).toEqual([]);
  });

  test('the meeting’s page tells which of the two is open', async () => {
    const now = async (at: Date) =>
      (await loadMeetings(who(room.teacher, at), room.course.courseId)).ofMoment?.open;
    await plan(fromStart(-60));
    await plan(fromStart(-60), { direction: 'out' });
    expect(await now(fromStart(-20))).toBeNull();
    expect(await now(start)).toEqual({ direction: 'in', until: fromStart(15) });
    expect(await now(end)).toEqual({ direction: 'out', until: fromEnd(15) });
  });
});

describe('with its meeting', () => {
  const words = {
    date: '2026-11-28',
    from: '09:00',
    to: '12:45',
    endsNextDay: false,
    breakMinutes: 15,
    room: null,
    title: null,
  };
  const move = (change: Partial<typeof words>, now = fromStart(-60)) =>
    updateMeeting(who(room.teacher, now), { ...place(), revision: 1, ...words, ...change });

  test('what is planned moves: coming with the start, going with the end', async () => {
    await plan(fromStart(-60));
    await plan(fromStart(-60), { direction: 'out', beforeMinutes: 5 });
    expect(await move({ from: '09:30', to: '12:00' })).toMatchObject({ kind: 'saved' });
    expect(await windows()).toMatchObject([
      { direction: 'in', opensAt: fromStart(15), closesAt: fromStart(45) },
      { direction: 'out', opensAt: fromEnd(-50), closesAt: fromEnd(-30) },
    ]);
  });

  test('to another week; a title changes nothing, and what was opened by hand stays', async () => {
    await plan(fromStart(-60));
    await open(fromStart(-60), 'out');
    const before = await windows();
    expect(await move({ title: 'Tomorrow' } as object)).toMatchObject({ kind: 'saved' });
    expect(await windows()).toEqual(before);
    const week = 7 * 24 * 60;
    await updateMeeting(who(room.teacher, fromStart(-60)), {
      ...place(),
      ...words,
      revision: 2,
      date: '2026-12-05',
    });
    expect(await windows()).toMatchObject([
      { direction: 'in', opensAt: fromStart(week - 15), closesAt: fromStart(week + 15) },
      { direction: 'out', opensAt: fromStart(-60), closesAt: fromEnd(15) },
    ]);
  });

  test('over a change of the clocks and over midnight: so many minutes before the start as ever', async () => {
    await plan(fromStart(-60));
    // Winter time here, summer time there.
    await move({ date: '2027-04-03' });
    expect(await windows()).toMatchObject([
      { opensAt: new Date('2027-04-03T06:45:00Z'), closesAt: new Date('2027-04-03T07:15:00Z') },
    ]);
    await updateMeeting(who(room.teacher, fromStart(-60)), {
      ...{ ...place(), ...words, revision: 2 },
      ...{ date: '2027-04-03', from: '00:05', to: '02:00' },
    });
    expect(await windows()).toMatchObject([
      { opensAt: new Date('2027-04-02T21:50:00Z'), closesAt: new Date('2027-04-02T22:20:00Z') },
    ]);
  });

  test('called off, both are closed; deleted, both are gone', async () => {
    await plan(fromStart(-60));
    await open(fromStart(-60), 'out');
    await cancelMeetings(who(room.teacher, fromStart(-30)), place());
    expect(await windows()).toMatchObject([{ closedAt: fromStart(-30) }, { closedAt: fromStart(-30) }]);
    expect((await auditOf('check-in.closed')).map(({ after }) => after)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ direction: 'in' }),
        expect.objectContaining({ direction: 'out' }),
      ]),
    );
    await expect(open(saturday)).rejects.toThrow('conflict');
    await expect(plan(saturday)).rejects.toThrow('conflict');

    const meetingId = await room.course.addMeeting();
    const other = { courseId: room.course.courseId, meetingId };
    await planCheckIn(who(room.teacher, fromStart(-60)), { ...other, ...usual });
    await deleteMeetings(who(room.teacher), other);
    expect(await windows(meetingId)).toEqual([]);
  });
});

describe('the wall', () => {
  test('shows one direction, knows the other, and is not for students', async () => {
    await open();
    await plan(saturday, { direction: 'out' });
    const out = await loadProjector(who(room.teacher), { ...place(), direction: 'out' });
    expect(out).toMatchObject({ direction: 'out', window: { direction: 'out' }, codes: [] });
    expect(out.windows.map(({ direction }) => direction)).toEqual(['in', 'out']);
    const coming = await loadProjector(who(room.teacher), place());
    expect(coming).toMatchObject({ direction: 'in', window: { direction: 'in' } });
    expect(coming.codes.length).toBeGreaterThan(5);
    await expect(loadProjector(who(room.anna), place())).rejects.toThrow('no-access');
  });
});

test('door by door: who takes attendance may, nobody else, and no other course’s teacher', async () => {
  const doors: [string, (ctx: ReturnType<typeof who>, at: ReturnType<typeof place>) => Promise<unknown>][] = [
    ['open', (ctx, at) => openCheckIn(ctx, at)],
    ['plan', (ctx, at) => planCheckIn(ctx, { ...at, ...usual })],
    ['close', (ctx, at) => closeCheckIn(ctx, at)],
    ['prolong', (ctx, at) => prolongCheckIn(ctx, { ...at, minutes: 5 })],
    ['sheet', (ctx, at) => loadSheet(ctx, { ...at, direction: 'in' })],
    ['codes', (ctx, at) => loadCodes(ctx, at)],
    ['projector', (ctx, at) => loadProjector(ctx, at)],
  ];
  const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
  const foreign = await other.addMember('Fre Md', 'teacher');
  const assistant = await room.course.addMember('As Sistent', 'assistant');
  const observer = await room.course.addMember('Ob Server', 'observer');
  const left = await room.course.addMember('Ge Gangen', 'teacher', { left: true });
  await tool.ctx.db
    .update(courses)
    .set({ policy: { assistantsMayMark: false } })
    .where(eq(courses.id, room.course.courseId));
  await open();
  const mixed = { courseId: other.courseId, meetingId: room.meetingId };
  const told: unknown[] = [];
  for (const [name, door] of doors) {
    const refusal = async (member: Parameters<typeof who>[0], at = place()) =>
      door(who(member), at).then(
        () => 'let in',
        (error: unknown) => (error as Error).message,
      );
    told.push([
      name,
      await refusal(undefined),
      await refusal(room.anna),
      await refusal(observer),
      await refusal(left),
      await refusal(foreign),
      // A teacher of another course reaches nothing by naming their own course with this meeting.
      await refusal(foreign, mixed),
      await refusal(assistant),
      await refusal(room.teacher, { ...place(), meetingId: 'x' }),
    ]);
  }
  const refused = ['not-signed-in', 'no-access', 'no-access', 'no-access', 'no-access', 'not-found'];
  expect(told).toEqual([
    ['open', ...refused, 'not-for-assistants', 'not-found'],
    ['plan', ...refused, 'not-for-assistants', 'not-found'],
    ['close', ...refused, 'not-for-assistants', 'not-found'],
    ['prolong', ...refused, 'not-for-assistants', 'not-found'],
    ['sheet', ...refused, 'not-for-assistants', 'not-found'],
    // Whoever runs the course may look on.
    ['codes', ...refused, 'let in', 'not-found'],
    ['projector', ...refused, 'let in', 'not-found'],
  ]);
  expect(await auditOf('check-in.closed', 'check-in.prolonged')).toEqual([]);
});

test('a direction that is none of ours is refused', async () => {
  const odd = { ...place(), direction: 'sideways' as Direction };
  await expect(openCheckIn(who(room.teacher), odd)).rejects.toThrow('invalid-input');
  await expect(loadCodes(who(room.teacher), odd)).rejects.toThrow('invalid-input');
});
