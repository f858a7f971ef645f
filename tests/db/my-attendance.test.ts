import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { loadMemberAttendance } from '#lib/attendance/load-member-attendance.ts';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import type { MyFigures } from '#lib/attendance/load-my-attendance.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs, localOfInstant, minuteMs } from '#lib/base/time.ts';
import { attendanceRecords, courses, membershipSpans, recordSpans, sections } from '#lib/db/schema.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who } = room;

const mine = (member = room.anna, now = minutes(0)) =>
  loadMyAttendance(who(member, now), room.course.courseId);
async function figuresOf(member = room.anna, now = minutes(0)): Promise<MyFigures> {
  const { figures } = await mine(member, now);
  if (figures === null) throw new Error('this student counts');
  return figures;
}
const titlesOf = (rows: MyFigures['coming']) => rows.map(({ meeting }) => meeting.title);

/** Ninety minutes, so many days from the classroom's Saturday. */
function hold(title: string, days: number, change: Parameters<typeof room.course.addMeeting>[0] = {}) {
  const startsAt = addMs(minutes(0), days * 1440 * minuteMs);
  const endsAt = addMs(startsAt, 90 * minuteMs);
  const local = {
    localStart: localOfInstant(startsAt, 'Europe/Berlin'),
    localEnd: localOfInstant(endsAt, 'Europe/Berlin'),
  };
  return room.course.addMeeting({ title, startsAt, endsAt, ...local, breakMinutes: 0, ...change });
}

async function enter(
  member: SeededMember,
  meetingId: string,
  given: Partial<typeof attendanceRecords.$inferInsert> = {},
): Promise<string> {
  const id = newId();
  await tool.ctx.db.insert(attendanceRecords).values({
    ...{ id, meetingId, membershipId: member.membershipId },
    ...{ status: 'present', provenMinutes: 90, source: 'teacher' },
    ...given,
  });
  return id;
}

const setPolicy = (policy: object) =>
  tool.ctx.db.update(courses).set({ policy }).where(eq(courses.id, room.course.courseId));

describe('how a student stands', () => {
  test('until now, held and not taken, and to come are told apart', async () => {
    const bert = await room.course.addMember('Bert Ärmel');
    const [first, second] = [await hold('first', -21), await hold('second', -14)];
    await hold('not taken', -7);
    const excusedAhead = await hold('excused', 14);
    await hold('called off', 15, { state: 'cancelled' });
    await hold('voluntary', 16, { isMandatory: false });
    await enter(room.anna, first);
    await enter(bert, second);
    await enter(room.anna, excusedAhead, { status: 'excused', provenMinutes: 0, source: 'excuse' });

    const figures = await figuresOf();
    expect(figures.totals).toEqual({
      ...{ expectedMinutes: 180, countedMinutes: 90, expectedMeetings: 2, attendedMeetings: 1 },
      ...{ rate: { numerator: 90, denominator: 180 }, standing: 'below' },
    });
    expect(figures.rates).toEqual({
      minutes: { numerator: 90, denominator: 180 },
      meetings: { numerator: 1, denominator: 2 },
    });
    expect(titlesOf(figures.untilNow)).toEqual(['first', 'second']);
    expect(titlesOf(figures.untaken)).toEqual(['not taken']);
    expect(titlesOf(figures.coming)).toEqual([null, 'excused']);
    expect(figures.coming[1]?.counted).toMatchObject({ isExempt: true, expectedMinutes: 0 });
    // 90 of 180, and 210 to come: 300 of 390 at best.
    expect(figures).toMatchObject({
      open: 1,
      outlook: { kind: 'unreachable', best: { numerator: 300, denominator: 390 } },
    });
  });

  test('the same figures, and the same rows, as their teacher sees', async () => {
    const held = [await hold('first', -21), await hold('second', -14), await hold('third', -7)];
    for (const [index, meetingId] of held.entries()) {
      await enter(room.anna, meetingId, { status: 'late', provenMinutes: 90 - 20 * index });
    }
    const seen = await loadMemberAttendance(who(room.teacher, minutes(0)), {
      ...{ courseId: room.course.courseId, membershipId: room.anna.membershipId },
    });
    const figures = await figuresOf();
    expect(figures.totals).toEqual(seen.totals);
    expect(figures.untilNow.map(({ counted }) => counted)).toEqual(
      seen.meetings.flatMap(({ counted }) => (counted === null ? [] : [counted])),
    );
  });

  test('by the course’s own policy', async () => {
    await enter(room.anna, await hold('first', -7), { status: 'late', provenMinutes: 44 });
    await setPolicy({ rateBy: 'meetings', requiredPercent: 50, roundingMinutes: 15, lessonUnitMinutes: 60 });
    expect(await figuresOf()).toMatchObject({
      policy: { rateBy: 'meetings', requiredPercent: 50, roundingMinutes: 15, lessonUnitMinutes: 60 },
      totals: { countedMinutes: 30, rate: { numerator: 1, denominator: 1 } },
      outlook: { kind: 'safe' },
    });
  });

  test('while a meeting runs, as though whoever is there will check out at its end', async () => {
    await setPolicy({ checkOutRequired: true });
    const record = await enter(room.anna, room.meetingId, {
      ...{ status: 'late', provenMinutes: 0, isOpen: true, source: 'check-in' },
    });
    await tool.ctx.db
      .insert(recordSpans)
      .values({ id: newId(), recordId: record, fromAt: minutes(32), toAt: null });
    await hold('next', 7);
    // 180 of 210 while it runs, and 90 to come: at best 270 of 300, of which 240 are required.
    expect(await figuresOf(room.anna, minutes(60))).toMatchObject({
      open: 1,
      outlook: { kind: 'can-miss', meetings: 0, minutes: 30 },
    });
    // It is over, and there was no check-out: nothing is proven until a teacher decides.
    expect(await figuresOf(room.anna, minutes(240))).toMatchObject({
      totals: { countedMinutes: 0, expectedMinutes: 210 },
      outlook: { kind: 'unreachable' },
    });
  });

  test('only what lies within their own days and sections is expected', async () => {
    const [a, b] = [newId(), newId()];
    await tool.ctx.db.insert(sections).values([
      { id: a, courseId: room.course.courseId, name: 'Group A', platformSectionId: 'a' },
      { id: b, courseId: room.course.courseId, name: 'Group B', platformSectionId: 'b' },
    ]);
    await tool.ctx.db
      .update(membershipSpans)
      .set({ sectionId: a, startsAt: minutes(-10 * 1440), endsAt: minutes(20 * 1440) })
      .where(eq(membershipSpans.membershipId, room.anna.membershipId));
    await hold('before', -14);
    await hold('theirs', 7, { sectionIds: [b] });
    await hold('mine', 14, { sectionIds: [a] });
    await hold('after', 21);
    expect(titlesOf((await figuresOf()).coming)).toEqual([null, 'mine']);
    expect((await mine()).coming.map(({ title }) => title)).toEqual([null, 'mine']);
  });

  test('who is due nowhere yet has figures of nothing', async () => {
    await hold('before', -7);
    await tool.ctx.db
      .update(membershipSpans)
      .set({ startsAt: minutes(100 * 1440) })
      .where(eq(membershipSpans.membershipId, room.anna.membershipId));
    expect(await mine()).toMatchObject({
      ...{ coming: [], past: [] },
      figures: { totals: { rate: null }, untilNow: [], coming: [], outlook: { kind: 'nothing' } },
    });
  });

  test('Student View’s invented student has none', async () => {
    const invented = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    await hold('first', -7);
    expect(await mine(invented)).toMatchObject({ isTestUser: true, figures: null });
  });
});

test('nothing of anybody else reaches a student’s page', async () => {
  const bert = await room.course.addMember('Bert Ärmel');
  const first = await hold('first', -7);
  await enter(room.anna, first, { note: 'Well done' });
  const theirs = await enter(bert, first, { status: 'partial', provenMinutes: 17, note: 'Told me why' });
  const sent = JSON.stringify(await mine());
  expect(sent).toContain('Well done');
  for (const secret of ['Told me why', 'partial', bert.membershipId, theirs, bert.personId, 'Ärmel']) {
    expect(sent).not.toContain(secret);
  }
});

test('a long course with many members costs as many statements as an empty one', async () => {
  const statementsNow = async () => {
    const before = tool.statements();
    await mine();
    return tool.statements() - before;
  };
  const few = await statementsNow();
  const members = await room.course.addMembers(60);
  for (let week = 1; week <= 20; week += 1) {
    const meetingId = await hold(`week ${String(week)}`, -7 * week);
    for (const member of [room.anna, ...members.slice(0, 2)]) await enter(member, meetingId);
    await hold(`later ${String(week)}`, 7 * week);
  }
  expect(await statementsNow()).toBe(few);
  expect((await figuresOf()).untilNow).toHaveLength(20);
});
