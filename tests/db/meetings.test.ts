import { and, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import type { Ctx } from '#lib/context.ts';
import {
  attendanceRecords,
  auditEvents,
  checkIns,
  checkInWindows,
  courses,
  meetings,
  membershipSpans,
  sections,
} from '#lib/db/schema.ts';
import { cancelMeetings } from '#lib/meetings/cancel-meetings.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { createSeries } from '#lib/meetings/create-series.ts';
import { deleteMeetings } from '#lib/meetings/delete-meetings.ts';
import { loadMeetingForm } from '#lib/meetings/load-meeting-form.ts';
import { loadMeeting } from '#lib/meetings/load-meeting.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { previewMeetingChange } from '#lib/meetings/preview-meeting-change.ts';
import { previewSeries } from '#lib/meetings/preview-series.ts';
import { reactivateMeetings } from '#lib/meetings/reactivate-meetings.ts';
import { restoreMeetings } from '#lib/meetings/restore-meetings.ts';
import { suggestNewMeeting } from '#lib/meetings/suggest-new-meeting.ts';
import { wordsOf } from '#lib/meetings/rules.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { minutes } from '../support/classroom.ts';
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
const seriesWords = {
  ...words,
  startDate: '2026-12-05',
  weekdays: [6],
  everyWeeks: 1,
  ends: { by: 'count', count: 2 },
  skip: [],
};
const rowOf = async (id: string) => (await tool.ctx.db.select().from(meetings).where(eq(meetings.id, id)))[0];
const rowsOfCourse = () => tool.ctx.db.select().from(meetings).where(eq(meetings.courseId, course.courseId));
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, course.courseId), eq(auditEvents.action, action)))
    .orderBy(auditEvents.id);

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
    ['loadMeetingForm', (ctx, meetingId) => loadMeetingForm(ctx, { courseId: course.courseId, meetingId })],
    ['suggestNewMeeting', (ctx) => suggestNewMeeting(ctx, { courseId: course.courseId })],
    [
      'previewMeetingChange',
      (ctx, meetingId) =>
        previewMeetingChange(ctx, { courseId: course.courseId, meetingId, revision: 1, ...words }),
    ],
    ['cancelMeetings', (ctx, meetingId) => cancelMeetings(ctx, { courseId: course.courseId, meetingId })],
    [
      'reactivateMeetings',
      (ctx, meetingId) => reactivateMeetings(ctx, { courseId: course.courseId, meetingIds: [meetingId] }),
    ],
    ['deleteMeetings', (ctx, meetingId) => deleteMeetings(ctx, { courseId: course.courseId, meetingId })],
    [
      'restoreMeetings',
      (ctx, meetingId) => restoreMeetings(ctx, { courseId: course.courseId, meetingIds: [meetingId] }),
    ],
    ['previewSeries', (ctx) => previewSeries(ctx, { courseId: course.courseId, ...seriesWords })],
    ['createSeries', (ctx) => createSeries(ctx, { courseId: course.courseId, ...seriesWords })],
  ];

  describe.each(doors)('%s', (door, enter) => {
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

    test('an assistant where the course lets them only look', async () => {
      const meetingId = await course.addMeeting();
      await tool.ctx.db
        .update(courses)
        .set({ policy: { assistantsMayMark: false } })
        .where(eq(courses.id, course.courseId));
      const entered = enter(who(await course.addMember('As Sistent', 'assistant')), meetingId);
      if (door === 'loadMeetings') await expect(entered).resolves.toMatchObject({ mayChange: false });
      else if (door === 'loadMeeting') await expect(entered).resolves.toBeDefined();
      else await expect(entered).rejects.toMatchObject({ code: 'not-for-assistants' });
      expect(await rowOf(meetingId)).toMatchObject({ room: null, revision: 1 });
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
    ['a kind that nobody knows', { kind: 'party' }, ['kind']],
    ['a link that is no address', { onlineUrl: 'zoom.example/j/1' }, ['onlineUrl']],
    ['a link without encryption', { onlineUrl: 'http://zoom.example/j/1' }, ['onlineUrl']],
    ['a link that runs', { onlineUrl: 'javascript:alert(1)' }, ['onlineUrl']],
    ['a link that pretends', { onlineUrl: 'https://zoom.example@evil.example/' }, ['onlineUrl']],
    ['a description of 4,001 characters', { description: 'x'.repeat(4_001) }, ['description']],
    ['a break that is no time', { breaks: [{ from: '10:00', to: '' }] }, ['breaks.0']],
    ['a break outside', { breaks: [{ from: '08:00', to: '08:30' }] }, ['breaks.0']],
    ['a section of nobody’s', { sectionIds: ['0190a0c8-0000-7000-8000-000000000000'] }, ['sectionIds']],
    ['no section at all', { sectionIds: ['A'] }, ['sectionIds']],
    ['things instead of texts', { title: {}, room: [] }, ['title', 'room']],
  ])('answers %s at its fields, and makes nothing', async (_, change, fields) => {
    const answer = await createMeeting(who(teacher), { courseId: course.courseId, ...words, ...change });
    expect(answer.kind).toBe('invalid');
    expect(Object.keys(answer.kind === 'invalid' ? answer.problems : {}).sort()).toEqual([...fields].sort());
    expect(await rowsOfCourse()).toEqual([]);
    expect(await auditOf('meeting.created')).toEqual([]);
  });
});

describe('what a meeting can say', () => {
  const addSection = async (name: string, courseId = course.courseId) => {
    const id = newId();
    await tool.ctx.db.insert(sections).values({ id, courseId, platformSectionId: id, name });
    return id;
  };

  test('is kept as it was said, and can be read again', async () => {
    const sectionId = await addSection('Abend');
    const said = {
      title: '<b>Anatomie</b> \u202Egro.elpmaxe',
      kind: 'online',
      onlineUrl: 'https://meet.example/anatomie?pwd=1',
      onlinePlatform: 'Meet',
      description: 'Zeile 1\nZeile 2'.padEnd(4_000, '.'),
      isMandatory: false,
      sectionIds: [sectionId],
      from: '22:00',
      to: '02:00',
      endsNextDay: true,
      breakMinutes: 0,
      breaks: [{ from: '23:50', to: '00:10' }],
    };
    const meetingId = await create(said);
    const { meeting, sections: choices } = await loadMeetingForm(who(teacher), {
      courseId: course.courseId,
      meetingId,
    });
    expect(wordsOf(meeting)).toEqual({ ...words, ...said });
    expect(choices).toEqual([{ id: sectionId, name: 'Abend' }]);
    expect(await rowOf(meetingId)).toMatchObject({
      startsAt: new Date('2026-12-05T21:00:00Z'),
      endsAt: new Date('2026-12-06T01:00:00Z'),
      breaks: [{ from: '2026-12-05T22:50:00.000Z', to: '2026-12-05T23:10:00.000Z' }],
    });
  });

  test('half an emoji and NUL, which no database takes, cost nothing else', async () => {
    const created = await createMeeting(who(teacher), {
      ...{ ...words, courseId: course.courseId },
      ...{ title: 'Mess\0technik \ud83d', description: '\ude00' },
    });
    expect(created.kind).toBe('saved');
    const [made] = await tool.ctx.db.select().from(meetings).where(eq(meetings.courseId, course.courseId));
    expect(made).toMatchObject({ title: 'Messtechnik \ufffd', description: '\ufffd' });
  });

  test('a section of another course is none of ours', async () => {
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const theirs = await addSection('Fremd', elsewhere.courseId);
    const answer = await createMeeting(who(teacher), {
      courseId: course.courseId,
      ...words,
      sectionIds: [theirs],
    });
    expect(answer).toEqual({ kind: 'invalid', problems: { sectionIds: 'meeting.problem.sections' } });
  });
});

describe('cancelling and deleting', () => {
  const place = (meetingId: string) => ({ courseId: course.courseId, meetingId });

  test('a cancelled meeting takes no check-in any more; it can be taken back', async () => {
    const meetingId = await course.addMeeting();
    await openCheckIn(who(teacher), place(meetingId));
    expect(await cancelMeetings(who(teacher, minutes(3)), place(meetingId))).toEqual({
      meetingIds: [meetingId],
    });
    expect(await rowOf(meetingId)).toMatchObject({ state: 'cancelled', revision: 2 });
    const [window] = await tool.ctx.db
      .select()
      .from(checkInWindows)
      .where(eq(checkInWindows.meetingId, meetingId));
    expect(window?.closedAt).toEqual(minutes(3));
    await expect(openCheckIn(who(teacher, minutes(4)), place(meetingId))).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await cancelMeetings(who(teacher), place(meetingId))).toEqual({ meetingIds: [] });

    const { courseId } = course;
    expect(await reactivateMeetings(who(teacher), { courseId, meetingIds: [meetingId, 'x'] })).toEqual({
      meetingIds: [meetingId],
    });
    expect(await rowOf(meetingId)).toMatchObject({ state: 'planned', revision: 3 });
    expect(await auditOf('meeting.cancelled')).toHaveLength(1);
    expect(await auditOf('meeting.reactivated')).toHaveLength(1);
    expect(await auditOf('check-in.closed')).toHaveLength(1);
  });

  test('a meeting that holds nothing goes, with its unused check-in, and comes back as it was', async () => {
    const meetingId = await create({ breaks: [{ from: '10:00', to: '10:20' }], breakMinutes: 0 });
    await openCheckIn(who(teacher), place(meetingId));
    const before = await rowOf(meetingId);
    expect(await deleteMeetings(who(teacher), place(meetingId))).toEqual({
      meetingIds: [meetingId],
      kept: 0,
    });
    expect(await rowOf(meetingId)).toBeUndefined();
    await expect(deleteMeetings(who(teacher), place(meetingId))).rejects.toMatchObject({ code: 'not-found' });

    const again = { courseId: course.courseId, meetingIds: [meetingId, newId()] };
    expect(await restoreMeetings(who(teacher), again)).toEqual({ meetingIds: [meetingId] });
    expect(await rowOf(meetingId)).toEqual({ ...before, createdAt: expect.any(Date) as Date });
    // Twice is once.
    expect(await restoreMeetings(who(teacher), again)).toEqual({ meetingIds: [] });
    expect(await auditOf('meeting.restored')).toHaveLength(1);
  });

  test.each(['a record', 'a wrong code'])('a meeting that holds %s stays', async (what) => {
    const meetingId = await course.addMeeting();
    if (what === 'a record') {
      await markRecords(who(teacher), {
        ...place(meetingId),
        marks: [{ membershipId: anna.membershipId, revision: 0, change: { kind: 'word', status: 'absent' } }],
      });
    } else {
      await openCheckIn(who(teacher), place(meetingId));
      await tool.ctx.db.insert(checkIns).values({
        id: newId(),
        courseId: course.courseId,
        meetingId,
        membershipId: anna.membershipId,
        outcome: 'wrong-code',
        via: 'scan',
        scannedAt: saturday,
        confirmedAt: saturday,
      });
    }
    expect(await deleteMeetings(who(teacher), place(meetingId))).toEqual({ meetingIds: [], kept: 1 });
    expect(await rowOf(meetingId)).toBeDefined();
    expect(await auditOf('meeting.deleted')).toEqual([]);
  });

  test('nothing of another course is restored or taken back through one’s own', async () => {
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const other = await elsewhere.addMember('Oth Er', 'teacher');
    const theirs = await elsewhere.addMeeting({ state: 'cancelled' });
    const mine = { courseId: course.courseId, meetingIds: [theirs] };
    expect(await reactivateMeetings(who(teacher), mine)).toEqual({ meetingIds: [] });
    await deleteMeetings(who(other), { courseId: elsewhere.courseId, meetingId: theirs });
    expect(await restoreMeetings(who(teacher), mine)).toEqual({ meetingIds: [] });
    expect(await rowOf(theirs)).toBeUndefined();
  });
});

describe('changing', () => {
  const update = (meetingId: string, revision: number, change: Record<string, unknown> = {}, by = teacher) =>
    updateMeeting(who(by), { courseId: course.courseId, meetingId, revision, ...words, ...change });

  test('writes what was before and what is now', async () => {
    const meetingId = await create();
    expect(await update(meetingId, 1, { room: 'Aula', from: '10:00' })).toEqual({
      kind: 'saved',
      meetingIds: [meetingId],
    });
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
    const result = await checkInByTypedCode(who(anna, now), {
      courseId,
      code,
      circumstances: { deviceKey: undefined, browserHash: null, network: null },
    });
    expect(result).toMatchObject({ kind: 'checked-in', status: 'late' });
    await markRecords(who(teacher, now), {
      courseId,
      meetingId,
      marks: [{ membershipId: bert.membershipId, revision: 0, change: { kind: 'word', status: 'absent' } }],
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
    expect(await home()).toMatchObject({ ofMoment: undefined, coming: [], past: [], untaken: [] });
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
    expect((await home()).ofMoment).toMatchObject({
      id: evening,
      open: { direction: 'in', until: minutes(615) },
    });
    expect((await home(minutes(615))).ofMoment).toMatchObject({ open: null });
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
    // Whoever left in October was not expected in November; Anna and Bert were.
    expect(view.ofMoment?.expected).toBe(2);
  });

  test('counts those who were expected at that meeting: by their days and sections', async () => {
    const [first, second] = [newId(), newId()];
    for (const id of [first, second]) {
      await tool.ctx.db
        .insert(sections)
        .values({ id, courseId: course.courseId, platformSectionId: id, name: id });
    }
    const changedOn = new Date('2026-10-12T00:00:00Z');
    const carl = await course.addMember('Carl Wechsel');
    await tool.ctx.db
      .update(membershipSpans)
      .set({ sectionId: first, endsAt: changedOn })
      .where(eq(membershipSpans.membershipId, carl.membershipId));
    await tool.ctx.db
      .insert(membershipSpans)
      .values({ id: newId(), membershipId: carl.membershipId, sectionId: second, startsAt: changedOn });
    const dora = await course.addMember('Dora Später');
    await tool.ctx.db
      .update(membershipSpans)
      .set({ startsAt: new Date('2026-11-01T00:00:00Z') })
      .where(eq(membershipSpans.membershipId, dora.membershipId));

    const day = (date: string, sectionIds: string[] = []) =>
      course.addMeeting({ ...at(new Date(`${date}T08:00:00Z`)), sectionIds });
    // Over the moment of the change Carl stands in both sections, and is one.
    const overChange = await course.addMeeting({ ...at(addMs(changedOn, -30 * minuteMs), 60) });
    const expectedAt = new Map([
      [await day('2026-10-05'), 2], // Anna, Carl
      [await day('2026-10-05', [first]), 1], // Carl
      [await day('2026-10-05', [second]), 0],
      [overChange, 2],
      [await day('2026-11-07'), 3], // and Dora
      [await day('2026-11-07', [second]), 1],
      [await day('2026-11-07', [first, second]), 1],
      [await day('2026-11-07', [first]), 0],
    ]);
    const { past } = await home();
    expect(new Map(past.map((meeting) => [meeting.id, meeting.expected]))).toEqual(expectedAt);
  });

  test('a meeting that was held and nobody took is a task; a cancelled one and one to come are none', async () => {
    const day = 24 * 60;
    const untaken = await course.addMeeting(at(minutes(-day)));
    const taken = await course.addMeeting(at(minutes(-2 * day)));
    await course.addMeeting({ ...at(minutes(-3 * day)), state: 'cancelled' });
    await course.addMeeting(at(minutes(day)));
    await markRecords(who(teacher), {
      courseId: course.courseId,
      meetingId: taken,
      marks: [{ membershipId: anna.membershipId, revision: 0, change: { kind: 'word', status: 'present' } }],
    });
    expect((await home()).untaken.map(({ id }) => id)).toEqual([untaken]);
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
  const { courseId } = course;
  expect(await suggestNewMeeting(who(teacher, night), { courseId })).toMatchObject({
    timeZone: 'Europe/Berlin',
    suggestion: { date: '2026-12-06', from: '09:00', to: '12:45', breakMinutes: 15, room: '301' },
  });
});

test('a copy is the same meeting a week later; no meeting of another course is copied', async () => {
  const { courseId } = course;
  const meetingId = await course.addMeeting({ title: 'Anatomie' });
  await course.addMeeting({ title: 'Später', startsAt: minutes(9_000), endsAt: minutes(9_090) });
  expect((await suggestNewMeeting(who(teacher), { courseId, copyOf: meetingId })).suggestion).toMatchObject({
    title: 'Anatomie',
    date: '2026-12-05',
  });
  const elsewhere = await seedCourse(tool.ctx.db, { platformId: course.platformId });
  for (const copyOf of [await elsewhere.addMeeting(), 'x']) {
    await expect(suggestNewMeeting(who(teacher), { courseId, copyOf })).rejects.toMatchObject({
      code: 'not-found',
    });
  }
});
