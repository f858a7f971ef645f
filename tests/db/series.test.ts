import { and, asc, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { attendanceRecords, auditEvents, meetings, meetingSeries } from '#lib/db/schema.ts';
import { cancelMeetings } from '#lib/meetings/cancel-meetings.ts';
import { createSeries } from '#lib/meetings/create-series.ts';
import { deleteMeetings } from '#lib/meetings/delete-meetings.ts';
import { loadMeetingForm } from '#lib/meetings/load-meeting-form.ts';
import { previewMeetingChange } from '#lib/meetings/preview-meeting-change.ts';
import { previewSeries } from '#lib/meetings/preview-series.ts';
import { reactivateMeetings } from '#lib/meetings/reactivate-meetings.ts';
import { restoreMeetings } from '#lib/meetings/restore-meetings.ts';
import { wordsOf } from '#lib/meetings/rules.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;

beforeAll(() => {
  process.env.SESSION_SECRET = testSecrets.current;
});
beforeEach(async () => {
  course = await seedCourse(tool.ctx.db);
  teacher = await course.addMember('Tea Cher', 'teacher');
});

const by = (now = tool.ctx.now) => ({ ...tool.as(teacher.personId), now });
const rows = () =>
  tool.ctx.db
    .select()
    .from(meetings)
    .where(eq(meetings.courseId, course.courseId))
    .orderBy(asc(meetings.startsAt));
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, course.courseId), eq(auditEvents.action, action)))
    .orderBy(auditEvents.id);

/** Wednesday evenings and Saturdays, from the Monday on which the clocks have not gone back yet. */
const plan = {
  title: null,
  from: '18:00',
  to: '20:15',
  breakMinutes: 15,
  room: '301',
  startDate: '2026-10-19',
  weekdays: [6, 3],
  everyWeeks: 1,
  ends: { by: 'date', untilDate: '2026-11-15' },
  skip: [] as { from: string; to: string }[],
};
const create = (change: Record<string, unknown> = {}) =>
  createSeries(by(), { courseId: course.courseId, ...plan, ...change });

async function planned() {
  await create();
  return rows();
}

describe('planning a series', () => {
  test('two weekdays for four weeks are eight meetings, at the same local time on both sides of the change', async () => {
    expect(await create()).toMatchObject({ kind: 'saved', meetings: 8 });
    const made = await rows();
    expect(made.map(({ localStart }) => localStart.slice(5))).toEqual([
      '10-21T18:00',
      '10-24T18:00',
      '10-28T18:00',
      '10-31T18:00',
      '11-04T18:00',
      '11-07T18:00',
      '11-11T18:00',
      '11-14T18:00',
    ]);
    // Summer time until 25 October.
    expect(made.map(({ startsAt }) => startsAt.getUTCHours())).toEqual([16, 16, 17, 17, 17, 17, 17, 17]);
    expect(new Set(made.map(({ seriesId }) => seriesId)).size).toBe(1);
    const events = await auditOf('meeting.created');
    expect(events.map(({ subjectId }) => subjectId).sort()).toEqual(made.map(({ id }) => id).sort());
    expect(events[0]).toMatchObject({ actorPersonId: teacher.personId });
  });

  test('the list before saving shows what is left out, and saves nothing', async () => {
    const preview = await previewSeries(by(), {
      courseId: course.courseId,
      ...plan,
      skip: [{ from: '2026-10-24', to: '2026-10-30' }],
    });
    expect(preview.kind === 'preview' && preview.days.slice(0, 4)).toEqual([
      { date: '2026-10-21', state: 'planned' },
      { date: '2026-10-24', state: 'skipped' },
      { date: '2026-10-28', state: 'skipped' },
      { date: '2026-10-31', state: 'planned' },
    ]);
    expect(await rows()).toEqual([]);
  });

  test('a time that the clocks skip is named, and has to be left out by hand', async () => {
    const night = {
      from: '02:30',
      to: '05:00',
      startDate: '2027-03-21',
      weekdays: [7],
      ends: { by: 'count', count: 3 },
    };
    const preview = await previewSeries(by(), { courseId: course.courseId, ...plan, ...night });
    expect(preview.kind === 'preview' && preview.days[1]).toEqual({
      date: '2027-03-28',
      state: 'impossible',
      problem: 'meeting.problem.no-such-time',
    });
    expect(await create(night)).toEqual({
      kind: 'invalid',
      problems: { skip: 'series.problem.impossible-days' },
    });
    expect(await rows()).toEqual([]);
    const skip = [{ from: '2027-03-28', to: '2027-03-28' }];
    expect(await create({ ...night, skip })).toMatchObject({ kind: 'saved', meetings: 3 });
  });

  test.each([
    [
      'nothing at all',
      { from: '', to: '', startDate: '', weekdays: [] },
      ['from', 'startDate', 'to', 'weekdays'],
    ],
    ['a weekday that no week has', { weekdays: [8] }, ['weekdays']],
    ['every zeroth week', { everyWeeks: 0 }, ['everyWeeks']],
    ['no count', { ends: { by: 'count', count: 0 } }, ['count']],
    ['no last day', { ends: { by: 'date', untilDate: '' } }, ['untilDate']],
    ['no end', { ends: {} }, ['untilDate']],
    ['ten thousand', { ends: { by: 'count', count: 10_000 } }, ['count']],
    ['half a holiday', { skip: [{ from: '2026-10-24', to: '' }] }, ['skip.0']],
    ['an end before the start', { to: '17:00' }, ['to']],
    ['a long title', { title: 'x'.repeat(201) }, ['title']],
    ['a break outside', { breaks: [{ from: '21:00', to: '21:10' }] }, ['breaks.0']],
  ])('answers %s at its fields, and makes nothing', async (_, change, fields) => {
    for (const answer of [
      await create(change),
      await previewSeries(by(), { courseId: course.courseId, ...plan, ...change }),
    ]) {
      expect(answer.kind).toBe('invalid');
      expect(Object.keys(answer.kind === 'invalid' ? answer.problems : {}).sort()).toEqual(fields);
    }
    expect(await rows()).toEqual([]);
    const series = await tool.ctx.db
      .select()
      .from(meetingSeries)
      .where(eq(meetingSeries.courseId, course.courseId));
    expect(series).toEqual([]);
  });
});

describe('changing a series', () => {
  const edit = async (index: number, scope: string, change: Record<string, unknown>) => {
    const meeting = (await rows())[index];
    if (meeting === undefined) throw new Error('no such meeting');
    return {
      courseId: course.courseId,
      meetingId: meeting.id,
      revision: meeting.revision,
      scope,
      ...wordsOf(meeting),
      ...change,
    };
  };

  test.each([
    ['one', 1],
    ['following', 5],
    ['all', 8],
  ])('for %s changes %i, each with its audit', async (scope, count) => {
    await planned();
    const change = await edit(3, scope, { room: 'Aula' });
    expect(await previewMeetingChange(by(), change)).toEqual({
      kind: 'preview',
      changes: count,
      withRecords: 0,
    });
    const saved = await updateMeeting(by(), change);
    expect(saved.kind === 'saved' && saved.meetingIds).toHaveLength(count);
    expect((await rows()).filter(({ room }) => room === 'Aula')).toHaveLength(count);
    const events = await auditOf('meeting.updated');
    expect(events).toHaveLength(count);
    expect(events[0]).toMatchObject({ before: { room: '301' }, after: { room: 'Aula' } });
  });

  test('what a meeting has of its own stays; times follow over the change of clocks', async () => {
    await planned();
    await updateMeeting(by(), await edit(5, 'one', { title: 'Prüfung', to: '21:00' }));
    await updateMeeting(
      by(),
      await edit(0, 'all', { from: '17:30', breakMinutes: 0, breaks: [{ from: '19:00', to: '19:10' }] }),
    );
    const all = await rows();
    expect(all.map(({ startsAt }) => startsAt.toISOString().slice(11, 16))).toEqual([
      ...['15:30', '15:30'],
      ...Array<string>(6).fill('16:30'),
    ]);
    expect(all[0]?.breaks).toEqual([{ from: '2026-10-21T17:00:00.000Z', to: '2026-10-21T17:10:00.000Z' }]);
    expect(all[5]).toMatchObject({
      title: 'Prüfung',
      localEnd: '2026-11-07T21:00',
      breaks: [{ from: '2026-11-07T18:00:00.000Z', to: '2026-11-07T18:10:00.000Z' }],
    });
  });

  test('records of those that changed their times are judged anew, and told before', async () => {
    const made = await planned();
    const anna = await course.addMember('Anna Beispiel');
    const held = made[4];
    if (held === undefined) throw new Error('no such meeting');
    await markRecords(by(addMs(held.endsAt, minuteMs)), {
      courseId: course.courseId,
      meetingId: held.id,
      marks: [{ membershipId: anna.membershipId, revision: 0, change: { kind: 'word', status: 'present' } }],
    });
    const change = await edit(3, 'following', { to: '19:15' });
    expect(await previewMeetingChange(by(), change)).toEqual({ kind: 'preview', changes: 5, withRecords: 1 });
    await updateMeeting(by(), change);
    const [record] = await tool.ctx.db
      .select()
      .from(attendanceRecords)
      .where(eq(attendanceRecords.meetingId, held.id));
    // 18:00 to 19:15 less 15 minutes.
    expect(record?.provenMinutes).toBe(60);
  });

  test('one that cannot have the times stops all of it', async () => {
    await planned();
    await updateMeeting(by(), await edit(6, 'one', { breakMinutes: 120 }));
    const change = await edit(3, 'following', { to: '19:30' });
    const answer = {
      kind: 'impossible',
      meetings: [{ localStart: '2026-11-11T18:00', problem: 'meeting.problem.break' }],
    };
    expect(await previewMeetingChange(by(), change)).toEqual(answer);
    expect(await updateMeeting(by(), change)).toEqual(answer);
    expect((await rows()).map(({ localEnd }) => localEnd.slice(11))).toEqual(Array(8).fill('20:15'));
  });

  test('who saw an older revision changes none of them', async () => {
    await planned();
    const change = await edit(3, 'all', { room: 'Aula' });
    await updateMeeting(by(), await edit(3, 'one', { title: 'Anatomie' }));
    expect(await updateMeeting(by(), change)).toEqual({ kind: 'conflict' });
    expect((await rows()).every(({ room }) => room === '301')).toBe(true);
  });

  test.each(['', 'everything', 7, null])('there is no scope %j', async (scope) => {
    await planned();
    const change = { ...(await edit(0, 'one', {})), scope };
    await expect(updateMeeting(by(), change)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('a meeting tells how many more its series has', async () => {
    const made = await planned();
    const { series } = await loadMeetingForm(by(), {
      courseId: course.courseId,
      meetingId: made[3]?.id ?? '',
    });
    expect(series).toEqual({ others: 7, following: 4 });
  });
});

describe('calling a series off', () => {
  test('this and following are cancelled, and planned again', async () => {
    const made = await planned();
    const choice = { courseId: course.courseId, meetingId: made[5]?.id ?? '', scope: 'following' };
    await cancelMeetings(by(), { ...choice, scope: 'one', meetingId: made[7]?.id ?? '' });
    const { meetingIds } = await cancelMeetings(by(), choice);
    // The last was cancelled before, and is no part of what is taken back.
    expect(meetingIds.sort()).toEqual([made[5]?.id, made[6]?.id].sort());
    await reactivateMeetings(by(), { courseId: course.courseId, meetingIds });
    expect((await rows()).map(({ state }) => state)).toEqual([
      ...Array<string>(7).fill('planned'),
      'cancelled',
    ]);
  });

  test('those with records stay when the rest is deleted, and the rest comes back', async () => {
    const made = await planned();
    const anna = await course.addMember('Anna Beispiel');
    const held = made[0];
    await markRecords(by(), {
      courseId: course.courseId,
      meetingId: held?.id ?? '',
      marks: [{ membershipId: anna.membershipId, revision: 0, change: { kind: 'word', status: 'absent' } }],
    });
    const deleted = await deleteMeetings(by(), {
      courseId: course.courseId,
      meetingId: made[3]?.id ?? '',
      scope: 'all',
    });
    expect(deleted).toMatchObject({ kept: 1 });
    expect((await rows()).map(({ id }) => id)).toEqual([held?.id]);
    const restored = await restoreMeetings(by(), {
      courseId: course.courseId,
      meetingIds: deleted.meetingIds,
    });
    expect(restored.meetingIds).toHaveLength(7);
    const ids = (all: { id: string }[]) => all.map(({ id }) => id);
    expect(ids(await rows())).toEqual(ids(made));
  });
});
