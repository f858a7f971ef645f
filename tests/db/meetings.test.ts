import { and, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeCheckIn } from '#lib/check-in/close-check-in.ts';
import { loadCodes } from '#lib/check-in/load-codes.ts';
import { openCheckIn } from '#lib/check-in/open-check-in.ts';
import { markRecord } from '#lib/attendance/mark-record.ts';
import type { Ctx } from '#lib/context.ts';
import { attendanceRecords, auditEvents, meetings } from '#lib/db/schema.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { loadMeeting } from '#lib/meetings/load-meeting.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { suggestNewMeeting } from '#lib/meetings/suggest-new-meeting.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;
let anna: SeededMember;

beforeAll(() => {
  process.env.SESSION_SECRET = testSecrets.current;
});
beforeEach(async () => {
  course = await seedCourse(tool.ctx.db);
  teacher = await course.addMember('Tea Cher', 'teacher');
  anna = await course.addMember('Anna Beispiel');
});

const minutes = (count: number) => addMs(saturday, count * minuteMs);
const who = (member: SeededMember | undefined, now = saturday): Ctx => ({
  ...tool.ctx,
  now,
  viewer: member === undefined ? undefined : { personId: member.personId },
});

const words = {
  title: null,
  date: '2026-12-05',
  from: '09:00',
  to: '12:45',
  breakMinutes: 15,
  room: '301',
};
const rowOf = async (id: string) => (await tool.ctx.db.select().from(meetings).where(eq(meetings.id, id)))[0];
const rowsOfCourse = () => tool.ctx.db.select().from(meetings).where(eq(meetings.courseId, course.courseId));
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, course.courseId), eq(auditEvents.action, action)));

async function create(change: Record<string, unknown> = {}): Promise<string> {
  const saved = await createMeeting(who(teacher), { courseId: course.courseId, ...words, ...change });
  if (saved.kind !== 'saved') throw new Error(JSON.stringify(saved));
  return saved.meetingId;
}

describe('who may', () => {
  /** Every door of this room, with what it would do for those who run the course. */
  const doors: [string, (ctx: Ctx, meetingId: string) => Promise<unknown>][] = [
    ['createMeeting', (ctx) => createMeeting(ctx, { courseId: course.courseId, ...words })],
    [
      'updateMeeting',
      (ctx, meetingId) =>
        updateMeeting(ctx, { courseId: course.courseId, meetingId, revision: 1, ...words, room: 'Aula' }),
    ],
    ['loadMeetings', (ctx) => loadMeetings(ctx, course.courseId)],
    ['loadMeeting', (ctx, meetingId) => loadMeeting(ctx, { courseId: course.courseId, meetingId })],
    ['suggestNewMeeting', (ctx) => suggestNewMeeting(ctx, course.courseId)],
  ];

  describe.each(doors)('%s', (_, enter) => {
    test.each(['teacher', 'assistant'] as const)('a %s does', async (role) => {
      const meetingId = await course.addMeeting();
      await expect(enter(who(await course.addMember('As Sistent', role)), meetingId)).resolves.toBeDefined();
    });

    test.each(['student', 'observer', 'designer'] as const)('a %s does not', async (role) => {
      const meetingId = await course.addMeeting();
      const member = await course.addMember('Som Eone', role);
      await expect(enter(who(member), meetingId)).rejects.toMatchObject({ code: 'no-access' });
      expect(await rowOf(meetingId)).toMatchObject({ room: null, revision: 1 });
      expect(await rowsOfCourse()).toHaveLength(1);
    });

    test('nobody without a login, no teacher of another course, none who has left', async () => {
      const meetingId = await course.addMeeting();
      const elsewhere = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      const other = await elsewhere.addMember('Oth Er', 'teacher');
      const former = await course.addMember('For Mer', 'teacher', { left: true });
      await expect(enter(who(undefined), meetingId)).rejects.toMatchObject({ code: 'not-signed-in' });
      await expect(enter(who(other), meetingId)).rejects.toMatchObject({ code: 'no-access' });
      await expect(enter(who(former), meetingId)).rejects.toMatchObject({ code: 'no-access' });
      expect(await rowOf(meetingId)).toMatchObject({ room: null, revision: 1 });
    });
  });

  test('a meeting is called by its place among the course’s meetings', async () => {
    const at = (day: string) => ({
      localStart: `${day}T09:00`,
      startsAt: new Date(`${day}T08:00:00Z`),
      endsAt: new Date(`${day}T11:45:00Z`),
    });
    const first = await course.addMeeting(at('2026-11-14'));
    const second = await course.addMeeting(at('2026-11-21'));
    const numberOf = async (id: string) =>
      (await loadMeeting(who(teacher), { courseId: course.courseId, meetingId: id })).meeting.number;
    expect([await numberOf(first), await numberOf(second)]).toEqual([1, 2]);
  });

  test('a teacher reaches no meeting of another course through their own', async () => {
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const theirs = await elsewhere.addMeeting({ room: '12' });
    const { courseId } = course;
    await expect(loadMeeting(who(teacher), { courseId, meetingId: theirs })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(
      updateMeeting(who(teacher), { courseId, meetingId: theirs, revision: 1, ...words }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(await rowOf(theirs)).toMatchObject({ room: '12', revision: 1 });
  });

  test.each(['', 'x', "' or 1=1", newId()])('no course and no meeting is called %j', async (id) => {
    const { courseId } = course;
    await expect(loadMeetings(who(teacher), id)).rejects.toMatchObject({ code: 'no-access' });
    await expect(loadMeeting(who(teacher), { courseId, meetingId: id })).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(
      updateMeeting(who(teacher), { courseId, meetingId: id, revision: 1, ...words }),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('creating', () => {
  test('plans wall-clock times in the zone of the course, and says who did it', async () => {
    const meetingId = await create({ title: '  Anatomie  ', room: ' ' });
    expect(await rowOf(meetingId)).toMatchObject({
      courseId: course.courseId,
      title: 'Anatomie',
      room: null,
      localStart: '2026-12-05T09:00',
      localEnd: '2026-12-05T12:45',
      timeZone: 'Europe/Berlin',
      startsAt: new Date('2026-12-05T08:00:00Z'),
      endsAt: new Date('2026-12-05T11:45:00Z'),
      breakMinutes: 15,
      revision: 1,
    });
    const [event, ...more] = await auditOf('meeting.created');
    expect(more).toEqual([]);
    expect(event).toMatchObject({ subjectId: meetingId, actorPersonId: teacher.personId });
  });

  test.each([
    ['an empty form', { date: '', from: '', to: '' }, ['date', 'from', 'to']],
    ['a date in another spelling', { date: '5.12.2026' }, ['date']],
    ['an hour that no day has', { from: '24:00' }, ['from']],
    ['an end before the start', { from: '13:00' }, ['to']],
    ['a negative break', { breakMinutes: -1 }, ['breakMinutes']],
    ['half a minute of break', { breakMinutes: 0.5 }, ['breakMinutes']],
    ['no number as break', { breakMinutes: 'ten' }, ['breakMinutes']],
    ['a break that leaves nothing', { breakMinutes: 225 }, ['breakMinutes']],
    ['too long a title', { title: 'x'.repeat(201) }, ['title']],
    ['too long a room', { room: 'x'.repeat(101) }, ['room']],
    ['things instead of texts', { title: {}, room: [] }, ['title', 'room']],
  ])('answers %s at its fields, and makes nothing', async (_, change, fields) => {
    const answer = await createMeeting(who(teacher), { courseId: course.courseId, ...words, ...change });
    expect(answer.kind).toBe('invalid');
    expect(Object.keys(answer.kind === 'invalid' ? answer.problems : {}).sort()).toEqual([...fields].sort());
    expect(await rowsOfCourse()).toEqual([]);
    expect(await auditOf('meeting.created')).toEqual([]);
  });
});

describe('changing', () => {
  const update = (meetingId: string, revision: number, change: Record<string, unknown> = {}, by = teacher) =>
    updateMeeting(who(by), { courseId: course.courseId, meetingId, revision, ...words, ...change });

  test('writes what was before and what is now', async () => {
    const meetingId = await create();
    expect(await update(meetingId, 1, { room: 'Aula', from: '10:00' })).toEqual({ kind: 'saved', meetingId });
    expect(await rowOf(meetingId)).toMatchObject({
      room: 'Aula',
      startsAt: new Date('2026-12-05T09:00:00Z'),
      revision: 2,
    });
    const [event] = await auditOf('meeting.updated');
    expect(event).toMatchObject({
      subjectId: meetingId,
      actorPersonId: teacher.personId,
      before: { room: '301', localStart: '2026-12-05T09:00' },
      after: { room: 'Aula', localStart: '2026-12-05T10:00' },
    });
  });

  test('who saw an older revision overwrites nothing', async () => {
    const meetingId = await create();
    await update(meetingId, 1, { room: 'Aula' });
    expect(await update(meetingId, 1, { room: '12' })).toEqual({ kind: 'conflict' });
    expect(await rowOf(meetingId)).toMatchObject({ room: 'Aula', revision: 2 });
    expect(await auditOf('meeting.updated')).toHaveLength(1);
  });

  test('of two who save at the same time one is told', async () => {
    const meetingId = await create();
    const assistant = await course.addMember('As Sistent', 'assistant');
    const answers = await Promise.all([
      update(meetingId, 1, { room: 'A' }),
      update(meetingId, 1, { room: 'B' }, assistant),
    ]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['conflict', 'saved']);
    expect((await rowOf(meetingId))?.revision).toBe(2);
  });

  test('keeps the zone that it was planned in', async () => {
    const meetingId = await course.addMeeting({
      timeZone: 'Europe/Lisbon',
      startsAt: new Date('2026-11-28T09:00:00Z'),
      endsAt: new Date('2026-11-28T12:45:00Z'),
    });
    await update(meetingId, 1);
    expect(await rowOf(meetingId)).toMatchObject({
      timeZone: 'Europe/Lisbon',
      startsAt: new Date('2026-12-05T09:00:00Z'),
    });
  });

  test('invalid fields change nothing', async () => {
    const meetingId = await create();
    expect(await update(meetingId, 1, { to: '08:00', room: 'Aula' })).toEqual({
      kind: 'invalid',
      problems: { to: 'meeting.problem.end-before-start' },
    });
    expect(await rowOf(meetingId)).toMatchObject({ room: '301', revision: 1 });
  });

  test('check-ins are judged by the new times, a teacher’s word stays', async () => {
    const meetingId = await course.addMeeting();
    const { courseId } = course;
    const bert = await course.addMember('Bert Beispiel');
    const now = minutes(22);
    await openCheckIn(who(teacher, now), { courseId, meetingId });
    const code = (await loadCodes(who(teacher, now), { courseId, meetingId })).codes[0]?.typed ?? '';
    const result = await checkInByTypedCode(who(anna, now), { courseId, code, network: null });
    expect(result).toMatchObject({ kind: 'checked-in', status: 'late' });
    await markRecord(who(teacher, now), {
      courseId,
      meetingId,
      membershipId: bert.membershipId,
      status: 'absent',
      revision: 0,
    });

    await update(meetingId, 1, { date: '2026-11-28', from: '09:20' });
    const records = await tool.ctx.db
      .select()
      .from(attendanceRecords)
      .where(eq(attendanceRecords.meetingId, meetingId));
    const of = (member: SeededMember) =>
      records.find(({ membershipId }) => membershipId === member.membershipId);
    // 09:20 to 12:45 less the break; 09:20 is when she came.
    expect(of(anna)).toMatchObject({ status: 'present', provenMinutes: 190, revision: 2 });
    expect(of(bert)).toMatchObject({ status: 'absent', source: 'teacher', revision: 1 });
    expect(await auditOf('record.recomputed')).toHaveLength(1);
  });
});

describe('the home of a course', () => {
  const home = (now = saturday, by = teacher) => loadMeetings(who(by, now), course.courseId);
  const at = (startsAt: Date, lastsMinutes = 90) => ({
    startsAt,
    endsAt: addMs(startsAt, lastsMinutes * minuteMs),
  });

  test('is empty at first', async () => {
    expect(await home()).toMatchObject({ ofMoment: undefined, coming: [], past: [], students: 1 });
  });

  test('sorts what comes and what was around the meeting of the moment', async () => {
    const day = 24 * 60;
    const ids = {
      lastWeek: await course.addMeeting(at(minutes(-7 * day))),
      yesterday: await course.addMeeting(at(minutes(-day))),
      now: await course.addMeeting(at(minutes(2))),
      later: await course.addMeeting(at(minutes(300))),
      nextWeek: await course.addMeeting(at(minutes(7 * day))),
    };
    const view = await home();
    expect(view.ofMoment).toMatchObject({ id: ids.now, number: 3 });
    expect(view.coming.map(({ id, number }) => [id, number])).toEqual([
      [ids.later, 4],
      [ids.nextWeek, 5],
    ]);
    expect(view.past.map(({ id, number }) => [id, number])).toEqual([
      [ids.yesterday, 2],
      [ids.lastWeek, 1],
    ]);
  });

  test('an open check-in is the moment, whatever the plan says; closed or run out it is not', async () => {
    const { courseId } = course;
    const evening = await course.addMeeting(at(minutes(600)));
    await course.addMeeting(at(minutes(2)));
    await openCheckIn(who(teacher), { courseId, meetingId: evening });
    expect((await home()).ofMoment).toMatchObject({ id: evening, openUntil: minutes(15) });
    expect((await home(minutes(15))).ofMoment).toMatchObject({ openUntil: null });
    expect((await home(minutes(15))).ofMoment?.id).not.toBe(evening);
    await closeCheckIn(who(teacher, minutes(5)), { courseId, meetingId: evening });
    expect((await home(minutes(6))).ofMoment?.id).not.toBe(evening);
  });

  test('counts records by status, students who are here, and no test user', async () => {
    const meetingId = await course.addMeeting();
    const bert = await course.addMember('Bert Beispiel');
    const gone = await course.addMember('Ge Gangen', 'student', { left: true });
    const invented = await course.addMember('Test Student', 'student', { isTestUser: true });
    for (const [member, status] of [
      [anna, 'present'],
      [bert, 'late'],
      [gone, 'present'],
      [invented, 'absent'],
    ] as const) {
      await tool.ctx.db.insert(attendanceRecords).values({
        id: newId(),
        meetingId,
        membershipId: member.membershipId,
        status,
        provenMinutes: 0,
        source: 'teacher',
      });
    }
    const view = await home();
    expect(view.ofMoment?.counts).toEqual({ present: 2, late: 1 });
    expect(view.students).toBe(2);
  });

  test('shows nothing of another course', async () => {
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    await elsewhere.addMeeting();
    await elsewhere.addMember({ personId: teacher.personId }, 'student');
    expect(await home()).toMatchObject({ ofMoment: undefined, coming: [], past: [] });
    // The same person teaches here and learns there.
    await expect(loadMeetings(who(teacher), elsewhere.courseId)).rejects.toMatchObject({ code: 'no-access' });
  });
});

test('a new meeting is suggested as the last one was, on the date of the course', async () => {
  await course.addMeeting({ room: '301' });
  // 00:30 on Sunday, 6 December in Berlin; still Saturday in London.
  const night = new Date('2026-12-05T23:30:00Z');
  expect(await suggestNewMeeting(who(teacher, night), course.courseId)).toEqual({
    timeZone: 'Europe/Berlin',
    suggestion: { date: '2026-12-06', from: '09:00', to: '12:45', breakMinutes: 15, room: '301' },
  });
});
