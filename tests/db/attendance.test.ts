import { and, eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import type { MarkRequest } from '#lib/attendance/input.ts';
import { closeRegister, reopenRegister } from '#lib/attendance/close-register.ts';
import { loadCourseTotals } from '#lib/attendance/load-course-totals.ts';
import { loadMemberAttendance } from '#lib/attendance/load-member-attendance.ts';
import { loadReplaceableMeetings } from '#lib/attendance/load-replaceable-meetings.ts';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import type { CoursePolicy } from '#lib/base/course-policy.ts';
import { newId, recordSubject } from '#lib/base/ids.ts';
import { minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { loadProjector } from '#lib/check-in-windows/load-projector.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { listen } from '#lib/db/listen.ts';
import {
  attendanceRecords,
  auditEvents,
  courses,
  membershipSpans,
  people,
  recordSpans,
  sections,
} from '#lib/db/schema.ts';
import { readNotice } from '#lib/live/notices.ts';
import type { Notice } from '#lib/live/notices.ts';
import { liveChannel } from '#lib/live/queries.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who, place } = room;
let assistant: SeededMember;
let bert: SeededMember;

beforeEach(async () => {
  assistant = await room.course.addMember('As Sistent', 'assistant');
  bert = await room.course.addMember('Bert Ärmel');
});

const register = (now = saturday) => loadRegister(who(room.teacher, now), place());
const recordOf = async (member: SeededMember, now = saturday) =>
  (await register(now)).rows.find(({ membershipId }) => membershipId === member.membershipId)?.record;

/** One mark: a word for the whole meeting, null to take it back, or any other change. */
async function mark(
  member: SeededMember,
  wanted: 'present' | 'absent' | 'excused' | null | MarkRequest['change'],
  {
    revision = 0,
    by = room.teacher,
    now = saturday,
  }: { revision?: number; by?: SeededMember; now?: Date } = {},
): Promise<MarkResult> {
  const change: MarkRequest['change'] =
    wanted === null
      ? { kind: 'take-back' }
      : typeof wanted === 'string'
        ? { kind: 'word', status: wanted }
        : wanted;
  const marks = [{ membershipId: member.membershipId, revision, change }];
  const [result] = await markRecords(who(by, now), { ...place(), marks });
  if (result === undefined) throw new Error('no answer to a mark');
  return result;
}

async function checkIn(member: SeededMember, now = saturday) {
  await openCheckIn(who(room.teacher, now), place());
  const [shown] = (await loadCodes(who(room.teacher, now), place())).codes;
  if (shown === undefined) throw new Error('the check-in is closed');
  return checkInByTypedCode(who(member, now), {
    courseId: room.course.courseId,
    code: shown.typed,
    circumstances: { deviceKey: undefined, browserHash: null, network: '203.0.113.0/24' },
  });
}

const present = (member: SeededMember): MarkRequest => ({
  membershipId: member.membershipId,
  revision: 0,
  change: { kind: 'word', status: 'present' },
});
const setPolicy = (policy: Partial<CoursePolicy>) =>
  tool.ctx.db.update(courses).set({ policy }).where(eq(courses.id, room.course.courseId));

const countRecords = () =>
  tool.ctx.db.$count(attendanceRecords, eq(attendanceRecords.meetingId, room.meetingId));
const countSpans = async () => {
  const found = await tool.ctx.db
    .select({ id: recordSpans.id })
    .from(recordSpans)
    .innerJoin(attendanceRecords, eq(attendanceRecords.id, recordSpans.recordId))
    .where(eq(attendanceRecords.meetingId, room.meetingId));
  return found.length;
};
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, room.course.courseId), eq(auditEvents.action, action)))
    .orderBy(auditEvents.id);

/** What watchers hear while something is done, in order. */
async function heardDuring(act: () => Promise<unknown>): Promise<Notice[]> {
  const heard: Notice[] = [];
  const listening = Promise.withResolvers<undefined>();
  const ended = Promise.withResolvers<undefined>();
  const line = listen({
    address: tool.database.url,
    channel: liveChannel,
    onPayload: (payload) => {
      const notice = readNotice(payload);
      if (notice === undefined) return;
      // The last word is ours: everything that was told before has been heard then.
      if (notice.kind === 'roster' && notice.courseId === 'the end') ended.resolve(undefined);
      else heard.push(notice);
    },
    onListening: () => {
      listening.resolve(undefined);
    },
    onLost: (error) => {
      listening.reject(error);
      ended.reject(error);
    },
  });
  try {
    await listening.promise;
    await act();
    const last = JSON.stringify({ kind: 'roster', courseId: 'the end' } satisfies Notice);
    await tool.database.pool.query('select pg_notify($1, $2)', [liveChannel, last]);
    await ended.promise;
  } finally {
    await line.close();
  }
  return heard;
}

describe('the doors', () => {
  const refused = async (by: () => SeededMember | undefined, code: string) => {
    const member = by();
    await expect(loadRegister(who(member), place())).rejects.toMatchObject({ code });
    await expect(loadProjector(who(member), place())).rejects.toMatchObject({ code });
    const marks = [present(room.anna)];
    await expect(markRecords(who(member), { ...place(), marks })).rejects.toMatchObject({ code });
    await expect(closeRegister(who(member), place())).rejects.toMatchObject({ code });
    await expect(reopenRegister(who(member), place())).rejects.toMatchObject({ code });
    await expect(loadCourseTotals(who(member), room.course.courseId)).rejects.toMatchObject({ code });
    const { membershipId } = room.anna;
    const one = { courseId: room.course.courseId, membershipId };
    await expect(loadMemberAttendance(who(member), one)).rejects.toMatchObject({ code });
    await expect(loadReplaceableMeetings(who(member), { ...place(), membershipId })).rejects.toMatchObject({
      code,
    });
  };

  test('nobody without a sign-in', () => refused(() => undefined, 'not-signed-in'));
  test('no student, not even for themselves', () => refused(() => room.anna, 'no-access'));
  test('no observer, no designer', async () => {
    const observer = await room.course.addMember('Ob Server', 'observer');
    const designer = await room.course.addMember('De Signer', 'designer');
    await refused(() => observer, 'no-access');
    await refused(() => designer, 'no-access');
  });
  test('no teacher of another course, also when they learn in this one', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const foreign = await other.addMember('Fre Md', 'teacher');
    await refused(() => foreign, 'no-access');
    await room.course.addMember(foreign, 'student');
    await refused(() => foreign, 'no-access');
  });
  test('a teacher reaches no other course through their own', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const theirs = await other.addMember('Je Mand');
    const elsewhere = { courseId: room.course.courseId, meetingId: await other.addMeeting() };
    await expect(loadRegister(who(room.teacher), elsewhere)).rejects.toMatchObject({ code: 'not-found' });
    await expect(loadProjector(who(room.teacher), elsewhere)).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      markRecords(who(room.teacher), { ...elsewhere, marks: [present(room.anna)] }),
    ).rejects.toMatchObject({ code: 'not-found' });
    // One stranger among them, and nobody is marked.
    await expect(
      markRecords(who(room.teacher), { ...place(), marks: [present(room.anna), present(theirs)] }),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(closeRegister(who(room.teacher), elsewhere)).rejects.toMatchObject({ code: 'not-found' });
    const one = { courseId: room.course.courseId, membershipId: theirs.membershipId };
    await expect(loadMemberAttendance(who(room.teacher), one)).rejects.toMatchObject({ code: 'not-found' });
    expect(await countRecords()).toBe(0);
  });
  test('teachers and assistants may', async () => {
    expect((await loadRegister(who(assistant), place())).rows).toHaveLength(2);
    expect(await mark(room.anna, 'present', { by: assistant })).toMatchObject({ kind: 'marked' });
  });
  test('nonsense is no meeting and no mark', async () => {
    for (const id of ['', 'x', "' or 1=1 --", newId()]) {
      await expect(
        loadRegister(who(room.teacher), { courseId: room.course.courseId, meetingId: id }),
      ).rejects.toMatchObject({ code: 'not-found' });
    }
    const good = present(room.anna);
    const instant = '2026-11-28T08:00:00Z';
    for (const bad of [
      { ...good, change: { kind: 'word', status: 'late' } },
      { ...good, change: { kind: 'times', spans: [] } },
      { ...good, change: { kind: 'times', spans: [{ from: instant, to: instant }] } },
      { ...good, change: { kind: 'times', spans: [{ from: 'nine', to: null }] } },
      { ...good, change: { kind: 'note', note: 'x'.repeat(4001) } },
      { ...good, change: { kind: 'unknown' } },
      { ...good, change: undefined },
      { ...good, revision: -1 },
      { ...good, revision: 0.5 },
      { ...good, membershipId: 7 },
    ]) {
      await expect(markRecords(who(room.teacher), { ...place(), marks: [bad] })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }
    for (const marks of [undefined, [], 'all', [good, good]]) {
      await expect(markRecords(who(room.teacher), { ...place(), marks })).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }
    await expect(
      markRecords(who(room.teacher), { courseId: room.course.courseId, meetingId: 'x', marks: [good] }),
    ).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await countRecords()).toBe(0);
  });
  test('assistants as the course’s policy says; reading stays', async () => {
    await setPolicy({ assistantsMayMark: false });
    const refused = { code: 'not-for-assistants' };
    await expect(mark(room.anna, 'present', { by: assistant })).rejects.toMatchObject(refused);
    await expect(closeRegister(who(assistant), place())).rejects.toMatchObject(refused);
    await expect(openCheckIn(who(assistant), place())).rejects.toMatchObject(refused);
    expect(await loadRegister(who(assistant), place())).toMatchObject({ mayMark: false });
    expect(await loadRegister(who(room.teacher), place())).toMatchObject({ mayMark: true });
    expect(await mark(room.anna, 'present')).toMatchObject({ kind: 'marked' });
  });
  test('teachers have no attendance of their own; students see nobody else', async () => {
    await expect(loadMyAttendance(who(room.teacher), room.course.courseId)).rejects.toMatchObject({
      code: 'no-access',
    });
    await expect(loadMyAttendance(who(undefined), room.course.courseId)).rejects.toMatchObject({
      code: 'not-signed-in',
    });
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    await expect(loadMyAttendance(who(room.anna), other.courseId)).rejects.toMatchObject({
      code: 'no-access',
    });
    await mark(bert, 'absent');
    expect(JSON.stringify(await loadMyAttendance(who(room.anna), room.course.courseId))).not.toContain(
      'absent',
    );
  });
});

describe('who stands in the register', () => {
  test('students enrolled at the meeting, by family name the German way', async () => {
    await room.course.addMember('Zoë Österreich');
    await room.course.addMember('Oskar Zahn');
    const view = await register();
    expect(view.rows.map(({ name }) => name)).toEqual([
      'Ärmel, Bert',
      'Beispiel, Anna',
      'Österreich, Zoë',
      'Zahn, Oskar',
    ]);
    expect(view.expected).toBe(4);
  });

  test('a name of one part stands as it is', async () => {
    const sukarno = await room.course.addMember('Sukarno');
    await tool.ctx.db
      .update(people)
      .set({ familyName: null, givenName: null })
      .where(eq(people.id, sukarno.personId));
    expect((await register()).rows.map(({ name }) => name)).toContain('Sukarno');
  });

  test('who had left is not expected, but is shown with what stands there for them', async () => {
    const gone = await room.course.addMember('Ge Gangen', 'student', { left: true });
    expect((await register()).rows).toHaveLength(2);
    await expect(mark(gone, 'present')).rejects.toMatchObject({ code: 'not-found' });
    await tool.ctx.db.insert(attendanceRecords).values({
      id: newId(),
      meetingId: room.meetingId,
      membershipId: gone.membershipId,
      status: 'present',
      provenMinutes: 210,
      source: 'teacher',
    });
    const view = await register();
    expect(view.rows.map(({ name }) => name)).toContain('Gangen, Ge');
    expect(view.expected).toBe(2);
  });

  test('test users count nowhere', async () => {
    const invented = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    expect((await register()).rows).toHaveLength(2);
    await expect(mark(invented, 'present')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('sections are those of the meeting’s day', async () => {
    const [before, now] = [newId(), newId()];
    await tool.ctx.db.insert(sections).values([
      { id: before, courseId: room.course.courseId, name: 'Group A', platformSectionId: 'a' },
      { id: now, courseId: room.course.courseId, name: 'Group B', platformSectionId: 'b' },
    ]);
    await tool.ctx.db
      .update(membershipSpans)
      .set({ sectionId: before, endsAt: new Date('2026-10-12T00:00:00Z') })
      .where(eq(membershipSpans.membershipId, room.anna.membershipId));
    await tool.ctx.db.insert(membershipSpans).values({
      id: newId(),
      membershipId: room.anna.membershipId,
      sectionId: now,
      startsAt: new Date('2026-10-12T00:00:00Z'),
    });
    const row = (await register()).rows.find(({ membershipId }) => membershipId === room.anna.membershipId);
    expect(row?.sections).toEqual(['Group B']);
  });

  test('tells the open check-in, until it closes by hand or by time', async () => {
    expect((await register()).windows).toEqual([]);
    await openCheckIn(who(room.teacher), place());
    expect((await register()).windows).toMatchObject([{ closesAt: minutes(17).toISOString() }]);
    expect((await register(minutes(17))).windows).toEqual([]);
    await closeCheckIn(who(room.teacher, minutes(1)), place());
    expect((await register(minutes(2))).windows).toEqual([]);
  });
});

describe('marking', () => {
  test('present proves the whole meeting less its break; absent and excused nothing', async () => {
    expect(await mark(room.anna, 'present')).toMatchObject({
      kind: 'marked',
      record: {
        status: 'present',
        provenMinutes: 210,
        spans: [],
        source: 'teacher',
        revision: 1,
      },
    });
    for (const [status, revision] of [
      ['absent', 1],
      ['excused', 2],
    ] as const) {
      expect(await mark(room.anna, status, { revision })).toMatchObject({
        record: { status, provenMinutes: 0, spans: [], revision: revision + 1 },
      });
    }
    expect(await recordOf(room.anna)).toMatchObject({ status: 'excused', revision: 3 });
    expect(await recordOf(bert)).toBeNull();
  });

  test('is kept with who, before and after, and told to who looks on', async () => {
    const heard = await heardDuring(() => mark(room.anna, 'absent'));
    expect(heard).toEqual([
      {
        kind: 'record',
        meetingId: room.meetingId,
        membershipId: room.anna.membershipId,
        name: 'Beispiel, Anna',
        record: await recordOf(room.anna),
      },
    ]);
    expect(await auditOf('record.marked')).toMatchObject([
      {
        actorPersonId: room.teacher.personId,
        subjectId: recordSubject(room.meetingId, room.anna.membershipId),
        before: null,
        after: {
          meetingId: room.meetingId,
          membershipId: room.anna.membershipId,
          status: 'absent',
          source: 'teacher',
        },
      },
    ]);
  });

  test('an old view changes nothing, tells nobody, and learns what stands there', async () => {
    await mark(room.anna, 'excused', { by: assistant });
    const heard = await heardDuring(async () => {
      expect(await mark(room.anna, 'absent', { revision: 0 })).toMatchObject({
        kind: 'conflict',
        record: { status: 'excused', revision: 1 },
      });
      expect(await mark(room.anna, null, { revision: 7 })).toMatchObject({ kind: 'conflict' });
    });
    expect(heard).toEqual([]);
    expect(await recordOf(room.anna)).toMatchObject({ status: 'excused', revision: 1 });
    expect(await auditOf('record.marked')).toHaveLength(1);
    // What is asked for stands there already: nothing to do, and nothing to warn of.
    expect(await mark(bert, null, { revision: 1 })).toMatchObject({ kind: 'marked', record: null });
  });

  test.each([0, 1])(
    'two teachers at once from revision %i: one is entered, one hears of it',
    async (from) => {
      if (from === 1) await mark(room.anna, 'present');
      const answers = await Promise.all([
        mark(room.anna, 'absent', { revision: from }),
        mark(room.anna, 'excused', { revision: from, by: assistant }),
      ]);
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['conflict', 'marked']);
      const entered = answers.find(({ kind }) => kind === 'marked')?.record;
      expect(await recordOf(room.anna)).toEqual(entered);
      // Who was too late is shown what the other entered.
      expect(answers.find(({ kind }) => kind === 'conflict')?.record).toEqual(entered);
      expect(await countRecords()).toBe(1);
      expect(await auditOf('record.marked')).toHaveLength(from + 1);
    },
  );

  test('a class full of marks at once loses none', async () => {
    const members = await Promise.all(
      Array.from({ length: 12 }, (_, index) => room.course.addMember(`Vor Name${String(index)}`)),
    );
    const answers = await Promise.all(members.map((member) => mark(member, 'absent')));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['marked']));
    expect((await register()).rows.filter(({ record }) => record?.status === 'absent')).toHaveLength(12);
  });
});

describe('times', () => {
  const iso = (minute: number) => minutes(minute).toISOString();
  const times = (...pairs: [from: number, to: number | null][]): MarkRequest['change'] => ({
    kind: 'times',
    spans: pairs.map(([from, to]) => ({ from: iso(from), to: to === null ? null : iso(to) })),
  });

  // The meeting runs from minute 2 to 227, with a break of 15 minutes in its middle.
  test.each<[string, [from: number, to: number | null][], string, number]>([
    ['late', [[32, null]], 'late', 180],
    ['left early', [[2, 62]], 'partial', 60],
    ['both', [[32, 62]], 'partial', 30],
    [
      'out in between',
      [
        [2, 32],
        [62, null],
      ],
      'present',
      180,
    ],
    ['within grace', [[6, 224]], 'present', 210],
  ])('%s: status and minutes follow', async (_what, pairs, status, provenMinutes) => {
    expect(await mark(room.anna, times(...pairs))).toMatchObject({
      kind: 'marked',
      record: {
        ...{ status, provenMinutes, source: 'teacher', isOpen: false, revision: 1 },
        spans: pairs.map(([from, to]) => ({ from: iso(from), to: to === null ? null : iso(to) })),
      },
    });
    expect(await recordOf(room.anna)).toMatchObject({ status, provenMinutes });
    expect(await countSpans()).toBe(pairs.length);
  });

  test('stand in order, in whatever order they were entered', async () => {
    const { record } = await mark(room.anna, times([62, null], [2, 32]));
    expect(record?.spans.map(({ from }) => from)).toEqual([iso(2), iso(62)]);
  });

  test('what was entered stays when a phone comes later, and goes when it is taken back', async () => {
    await mark(room.anna, times([32, 62]));
    await checkIn(room.anna, minutes(12));
    expect(await recordOf(room.anna)).toMatchObject({
      status: 'partial',
      source: 'teacher',
      provenMinutes: 30,
    });
    await mark(room.anna, null, { revision: 1 });
    expect(await recordOf(room.anna)).toMatchObject({
      status: 'late',
      source: 'check-in',
      spans: [{ from: iso(12), to: null }],
    });
    expect(await countSpans()).toBe(1);
  });

  test('times that mean what stands there already are no second mark', async () => {
    await mark(room.anna, times([32, null]));
    expect(await mark(room.anna, times([32, null]), { revision: 0 })).toMatchObject({ kind: 'marked' });
    expect(await auditOf('record.marked')).toHaveLength(1);
  });
});

describe('notes', () => {
  const note = (text: string): MarkRequest['change'] => ({ kind: 'note', note: text });

  test('stand beside a record and change nothing else of it', async () => {
    await checkIn(room.anna, minutes(32));
    const before = await recordOf(room.anna);
    const html = '<b>late</b> \u202Etrain\u202C & bus';
    await mark(room.anna, note(html), { revision: 1 });
    expect(await recordOf(room.anna)).toEqual({ ...before, note: html, revision: 2 });
    await mark(room.anna, note('  '), { revision: 2 });
    expect(await recordOf(room.anna)).toEqual({ ...before, note: null, revision: 3 });
  });
  test('stay when the mark changes', async () => {
    await mark(room.anna, 'absent');
    await mark(room.anna, note('called in sick'), { revision: 1 });
    await mark(room.anna, 'excused', { revision: 2 });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'excused', note: 'called in sick' });
  });
  test('as long as 4,000 characters', async () => {
    await mark(room.anna, 'absent');
    const long = 'ä'.repeat(4000);
    expect(await mark(room.anna, note(long), { revision: 1 })).toMatchObject({ record: { note: long } });
  });
  test('keep what was typed, except for what no database takes', async () => {
    await mark(room.anna, 'absent');
    await mark(room.anna, { kind: 'note', note: 'i\0ll \ud83d' }, { revision: 1 });
    expect((await recordOf(room.anna))?.note).toBe('ill \ufffd');
  });

  test('need a mark to stand beside', async () => {
    expect(await mark(room.anna, note('sick'))).toMatchObject({ kind: 'no-record', record: null });
    expect(await countRecords()).toBe(0);
  });
});

describe('a whole register at once', () => {
  const word = (member: SeededMember, status: 'present' | 'absent', revision = 0): MarkRequest => ({
    membershipId: member.membershipId,
    revision,
    change: { kind: 'word', status },
  });

  test('each mark stands for itself: where one meets a conflict, the others are entered', async () => {
    await mark(room.anna, 'excused', { by: assistant });
    const results = await markRecords(who(room.teacher), {
      ...place(),
      marks: [word(room.anna, 'absent'), word(bert, 'absent')],
    });
    expect(results).toMatchObject([
      { membershipId: room.anna.membershipId, kind: 'conflict', record: { status: 'excused' } },
      { membershipId: bert.membershipId, kind: 'marked', record: { status: 'absent' } },
    ]);
  });

  test('600 members cost as many statements as three', async () => {
    const statementsFor = async (count: number) => {
      const members = await room.course.addMembers(count);
      const before = tool.statements();
      const results = await markRecords(who(room.teacher), {
        ...place(),
        marks: members.map((member) => word(member, 'present')),
      });
      expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['marked']));
      return tool.statements() - before;
    };
    const few = await statementsFor(3);
    expect(await statementsFor(600)).toBe(few);
    expect(await countRecords()).toBe(603);
  });

  test('is told as one change', async () => {
    const members = await room.course.addMembers(30);
    const marks = members.map((member) => word(member, 'absent'));
    const heard = await heardDuring(() => markRecords(who(room.teacher), { ...place(), marks }));
    expect(heard).toEqual([{ kind: 'reload', meetingId: room.meetingId }]);
  });

  test('two of them at once: every member has one word, and every word its audit', async () => {
    const members = await room.course.addMembers(40);
    const all = (status: 'present' | 'absent', order: readonly SeededMember[], by: SeededMember) =>
      markRecords(who(by), { ...place(), marks: order.map((member) => word(member, status)) });
    const answers = await Promise.all([
      all('present', members, room.teacher),
      all('absent', members.toReversed(), assistant),
    ]);
    const marked = answers.flat().filter(({ kind }) => kind === 'marked');
    expect(marked).toHaveLength(40);
    expect(await countRecords()).toBe(40);
    expect(await auditOf('record.marked')).toHaveLength(40);
  });
});

describe('closing the register', () => {
  const during = minutes(60);
  const close = (now = during) => closeRegister(who(room.teacher, now), place());

  test('declares it complete, and can be taken back', async () => {
    await mark(room.anna, 'present');
    await close();
    expect((await register()).meeting.closedAt).toBe(during.toISOString());
    expect(await recordOf(bert)).toBeNull();
    await reopenRegister(who(room.teacher, during), place());
    expect((await register()).meeting.closedAt).toBeNull();
    expect((await auditOf('meeting.closed')).length + (await auditOf('meeting.reopened')).length).toBe(2);
  });

  test('marks who was due and is not taken as absent, where the policy says so', async () => {
    await setPolicy({ autoAbsent: true });
    const gone = await room.course.addMember('Ge Gangen', 'student', { left: true });
    await mark(room.anna, 'excused');
    await close();
    expect(await recordOf(room.anna)).toMatchObject({ status: 'excused', revision: 1 });
    expect(await recordOf(bert)).toMatchObject({ status: 'absent', provenMinutes: 0, source: 'teacher' });
    expect(await recordOf(gone)).toBeUndefined();
    expect(await auditOf('record.closed')).toMatchObject([
      { actorPersonId: room.teacher.personId, after: { membershipId: bert.membershipId, status: 'absent' } },
    ]);
    // Marks can still be changed.
    expect(await mark(bert, 'present', { revision: 1 })).toMatchObject({ kind: 'marked' });
  });

  test('twice, or by two at once, is once', async () => {
    await setPolicy({ autoAbsent: true });
    await Promise.all([close(), closeRegister(who(assistant, during), place()), close()]);
    expect(await auditOf('meeting.closed')).toHaveLength(1);
    expect(await auditOf('record.closed')).toHaveLength(2);
  });

  test('not before it has begun', async () => {
    await expect(close(saturday)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a phone that was faster stays', async () => {
    await setPolicy({ autoAbsent: true });
    await openCheckIn(who(room.teacher), place());
    await Promise.all([checkIn(room.anna, minutes(3)), close(minutes(3))]);
    const record = await recordOf(room.anna);
    if (record?.source === 'check-in') expect(record.status).toBe('present');
    else expect(record).toMatchObject({ status: 'absent', source: 'teacher' });
    expect(await countRecords()).toBe(2);
  });
});

describe('sections', () => {
  /** Anna was in A until 12 October, and is in B since. */
  async function moveAnna() {
    const [a, b] = [newId(), newId()];
    await tool.ctx.db.insert(sections).values([
      { id: a, courseId: room.course.courseId, name: 'Group A', platformSectionId: 'a' },
      { id: b, courseId: room.course.courseId, name: 'Group B', platformSectionId: 'b' },
    ]);
    const moved = new Date('2026-10-12T00:00:00Z');
    const ofAnna = eq(membershipSpans.membershipId, room.anna.membershipId);
    await tool.ctx.db.update(membershipSpans).set({ sectionId: a, endsAt: moved }).where(ofAnna);
    await tool.ctx.db.insert(membershipSpans).values({
      ...{ id: newId(), membershipId: room.anna.membershipId, sectionId: b, startsAt: moved },
    });
    const held = (name: string, day: string, sectionId: string) =>
      room.course.addMeeting({
        title: name,
        sectionIds: [sectionId],
        startsAt: new Date(`${day}T08:00:00Z`),
        endsAt: new Date(`${day}T09:30:00Z`),
        breakMinutes: 0,
      });
    return {
      oldA: await held('A before', '2026-10-05', a),
      oldB: await held('B before', '2026-10-05', b),
      newA: await held('A since', '2026-11-02', a),
      newB: await held('B since', '2026-11-02', b),
      b,
    };
  }
  const registerOf = async (id: string) =>
    (await loadRegister(who(room.teacher), { courseId: room.course.courseId, meetingId: id })).rows.map(
      (row) => row.membershipId,
    );
  const markAt = (id: string, member: SeededMember, change: MarkRequest['change'], revision = 0) =>
    markRecords(who(room.teacher), {
      courseId: room.course.courseId,
      meetingId: id,
      marks: [{ membershipId: member.membershipId, revision, change }],
    });
  /** Bert is in B from the start; somebody has to be taken, or a meeting counts for nobody. */
  async function takeBert(held: Awaited<ReturnType<typeof moveAnna>>) {
    await tool.ctx.db
      .update(membershipSpans)
      .set({ sectionId: held.b })
      .where(eq(membershipSpans.membershipId, bert.membershipId));
    for (const id of [held.oldB, held.newB]) await markAt(id, bert, { kind: 'word', status: 'present' });
  }

  test('a register holds those whom the meeting is for, each by the days of their own', async () => {
    const held = await moveAnna();
    expect(await registerOf(held.oldA)).toEqual([room.anna.membershipId]);
    expect(await registerOf(held.oldB)).toEqual([]);
    expect(await registerOf(held.newA)).toEqual([]);
    expect(await registerOf(held.newB)).toEqual([room.anna.membershipId]);
  });

  test('expected are the minutes of both, each for its days', async () => {
    const held = await moveAnna();
    await takeBert(held);
    await markAt(held.oldA, room.anna, { kind: 'word', status: 'present' });
    const totals = await loadCourseTotals(who(room.teacher), room.course.courseId);
    expect(totals.get(room.anna.membershipId)).toMatchObject({
      ...{ expectedMinutes: 180, countedMinutes: 90, expectedMeetings: 2, attendedMeetings: 1 },
      rate: { numerator: 90, denominator: 180 },
      standing: 'below',
    });
    expect(totals.get(bert.membershipId)).toMatchObject({
      expectedMinutes: 180,
      countedMinutes: 180,
      standing: 'fine',
    });

    const { meetings, totals: own } = await loadMemberAttendance(who(room.teacher), {
      courseId: room.course.courseId,
      membershipId: room.anna.membershipId,
    });
    expect(own).toEqual(totals.get(room.anna.membershipId));
    const counted = meetings.filter((row) => row.counted !== null).map((row) => row.meeting.title);
    expect(counted).toEqual(['A before', 'B since']);
  });

  test('attending the other section in place of a missed meeting', async () => {
    const held = await moveAnna();
    await takeBert(held);
    const options = (id: string) =>
      loadReplaceableMeetings(who(room.teacher), {
        ...{ courseId: room.course.courseId, meetingId: id, membershipId: room.anna.membershipId },
      });
    const replaces = (id: string | null): MarkRequest['change'] => ({ kind: 'replaces', meetingId: id });
    // She came to A's meeting, as a guest: a scan leads there, a teacher's mark finds her then.
    await tool.ctx.db.insert(attendanceRecords).values({
      ...{ id: newId(), meetingId: held.newA, membershipId: room.anna.membershipId },
      ...{ status: 'present', provenMinutes: 90, source: 'check-in' },
    });
    expect((await options(held.newA)).map(({ title }) => title)).toEqual(['A before', 'B since', null]);
    expect(await markAt(held.newA, room.anna, replaces(held.newB), 1)).toMatchObject([{ kind: 'marked' }]);
    const totals = await loadCourseTotals(who(room.teacher), room.course.courseId);
    expect(totals.get(room.anna.membershipId)).toMatchObject({ countedMinutes: 90, attendedMeetings: 1 });

    // Neither twice for one meeting, nor for one that she was not due at, nor from a meeting that she was due at.
    expect(await markAt(held.newA, room.anna, replaces(held.oldB), 2)).toMatchObject([
      { kind: 'not-replaceable' },
    ]);
    await markAt(held.oldA, room.anna, { kind: 'word', status: 'present' });
    expect(await markAt(held.oldA, room.anna, replaces(held.newB), 1)).toMatchObject([
      { kind: 'not-replaceable' },
    ]);
    expect(await markAt(held.newA, room.anna, replaces(null), 2)).toMatchObject([{ kind: 'marked' }]);
  });

  test('two meetings named in place of one missed at the same moment: one of them stands', async () => {
    const held = await moveAnna();
    const guestAt = [held.newA, held.oldB];
    await tool.ctx.db.insert(attendanceRecords).values(
      guestAt.map((meetingId) => ({
        ...{ id: newId(), meetingId, membershipId: room.anna.membershipId },
        ...{ status: 'present' as const, provenMinutes: 90, source: 'check-in' as const },
      })),
    );
    const name = (meetingId: string, db = tool.ctx.db) =>
      markRecords(
        { ...who(room.teacher), db },
        {
          ...{ courseId: room.course.courseId, meetingId },
          marks: [
            {
              ...{ membershipId: room.anna.membershipId, revision: 1 },
              change: { kind: 'replaces', meetingId: held.newB },
            },
          ],
        },
      );
    const second = await tool.ctx.db.transaction(async (db) => {
      expect(await name(held.newA, db)).toMatchObject([{ kind: 'marked' }]);
      const waiting = name(held.oldB);
      waiting.catch(() => undefined);
      const waits = sql`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      await expect.poll(async () => (await tool.ctx.db.execute<{ n: number }>(waits)).rows[0]?.n).toBe(1);
      return [waiting];
    });
    expect(await second[0]).toMatchObject([{ kind: 'not-replaceable' }]);
  });
});

describe('the course’s policy', () => {
  test('judges check-ins by its own grace, and who comes too late is absent with their minutes', async () => {
    await setPolicy({ graceMinutes: 0, absentAfterMinutes: 20 });
    await checkIn(room.anna, minutes(3));
    await checkIn(bert, minutes(32));
    expect(await recordOf(room.anna)).toMatchObject({ status: 'late', provenMinutes: 209 });
    expect(await recordOf(bert)).toMatchObject({ status: 'absent', provenMinutes: 180 });
    // The same phone again does not move the arrival.
    expect(await checkIn(bert, minutes(40))).toMatchObject({ kind: 'already' });
    expect(await recordOf(bert)).toMatchObject({ provenMinutes: 180, revision: 1 });
  });

  test('a missing check-out leaves the record open until a teacher decides', async () => {
    await setPolicy({ checkOutRequired: true });
    await checkIn(room.anna);
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present', provenMinutes: 0, isOpen: true });
    expect(await checkIn(room.anna, minutes(5))).toMatchObject({ kind: 'already' });
    await mark(room.anna, 'present', { revision: 1 });
    expect(await recordOf(room.anna)).toMatchObject({ provenMinutes: 210, isOpen: false, source: 'teacher' });
  });
});

describe('taking a mark back', () => {
  test('leaves nothing where nobody checked in', async () => {
    // Somebody else's arrival is none of hers.
    await checkIn(bert);
    await mark(room.anna, 'present');
    const heard = await heardDuring(async () => {
      expect(await mark(room.anna, null, { revision: 1 })).toMatchObject({ kind: 'marked', record: null });
    });
    expect(heard).toMatchObject([{ kind: 'record', membershipId: room.anna.membershipId, record: null }]);
    expect(await recordOf(room.anna)).toBeNull();
    expect(await recordOf(bert)).toMatchObject({ status: 'present', source: 'check-in' });
    expect(await auditOf('record.marked')).toMatchObject([
      { after: { status: 'present' } },
      { before: { status: 'present' }, after: null },
    ]);
    expect(await mark(room.anna, 'excused', { revision: 0 })).toMatchObject({ kind: 'marked' });
  });

  test('lets the check-in speak again, by its own time', async () => {
    // 30 minutes after the start of a meeting of 225 minutes with a break of 15 in the middle.
    await checkIn(room.anna, minutes(32));
    const before = await recordOf(room.anna);
    expect(before).toMatchObject({ status: 'late', provenMinutes: 180, source: 'check-in', revision: 1 });
    await mark(room.anna, 'excused', { revision: 1, now: minutes(40) });
    expect(await recordOf(room.anna)).toMatchObject({
      status: 'excused',
      provenMinutes: 0,
      source: 'teacher',
    });
    await mark(room.anna, null, { revision: 2, now: minutes(41) });
    expect(await recordOf(room.anna)).toEqual({ ...before, revision: 3 });
  });

  test('also when the phone came after the teacher’s word', async () => {
    await mark(room.anna, 'absent');
    expect(await checkIn(room.anna, minutes(12))).toMatchObject({ status: 'absent' });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'absent', source: 'teacher', revision: 1 });
    await mark(room.anna, null, { revision: 1, now: minutes(20) });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'late', source: 'check-in', revision: 2 });
  });

  test('another meeting’s check-in says nothing of this one', async () => {
    const other = await room.course.addMeeting();
    await openCheckIn(who(room.teacher), { courseId: room.course.courseId, meetingId: other });
    const there = { courseId: room.course.courseId, meetingId: other };
    const [shown] = (await loadCodes(who(room.teacher), there)).codes;
    await checkInByTypedCode(who(room.anna), {
      courseId: room.course.courseId,
      code: shown?.typed ?? '',
      circumstances: { deviceKey: undefined, browserHash: null, network: '203.0.113.0/24' },
    });
    await mark(room.anna, 'present');
    expect(await mark(room.anna, null, { revision: 1 })).toMatchObject({ kind: 'marked', record: null });
  });
});

describe('what was taken back', () => {
  const again: Record<string, () => Promise<unknown>> = {
    'a colleague’s mark': () => mark(room.anna, 'excused', { by: assistant }),
    'a phone': () => checkIn(room.anna),
    'the end of the register': async () => {
      await setPolicy({ autoAbsent: true });
      await closeRegister(who(room.teacher, minutes(10)), place());
    },
  };
  test.each(Object.keys(again))('is not taken for what came after it: %s', async (what) => {
    const seen = (await mark(room.anna, 'present')).record?.revision ?? 0;
    await mark(room.anna, null, { revision: seen, by: assistant });
    await again[what]?.();
    const now = await recordOf(room.anna, minutes(10));
    expect(
      await mark(room.anna, { kind: 'note', note: 'of the one before' }, { revision: seen }),
    ).toMatchObject({ kind: 'conflict', record: now });
    expect(
      await mark(room.anna, { kind: 'note', note: 'of this one' }, { revision: now?.revision ?? 0 }),
    ).toMatchObject({ kind: 'marked' });
  });
});

describe('a phone and a teacher in the same moment', () => {
  test.each(['present', 'absent', 'excused'] as const)(
    '"%s" and a check-in: one row, no lost word',
    async (status) => {
      await openCheckIn(who(room.teacher), place());
      const [marked] = await Promise.all([mark(room.anna, status), checkIn(room.anna)]);
      const record = await recordOf(room.anna);
      if (marked.kind === 'marked') expect(record).toMatchObject({ status, source: 'teacher' });
      else expect(record).toMatchObject({ status: 'present', source: 'check-in' });
      // The evidence is there in either case: the word taken back, it counts.
      if (marked.kind === 'marked') await mark(room.anna, null, { revision: record?.revision ?? 0 });
      expect(await recordOf(room.anna)).toMatchObject({ status: 'present', source: 'check-in' });
      expect(await countRecords()).toBe(1);
      expect(await countSpans()).toBe(1);
    },
  );
});

describe('a meeting’s new times', () => {
  const change = (to: { from?: string; to?: string; breakMinutes?: number }, revision = 1) =>
    updateMeeting(who(room.teacher), {
      ...place(),
      revision,
      title: '',
      room: '',
      date: '2026-11-28',
      from: to.from ?? '09:00',
      to: to.to ?? '12:45',
      breakMinutes: to.breakMinutes ?? 15,
    });

  test('judge check-ins anew, each by its own arrival, and leave the teacher’s word', async () => {
    await checkIn(room.anna, minutes(32));
    await checkIn(bert, minutes(3));
    const carla = await room.course.addMember('Carla Cäsar');
    await mark(carla, 'present');
    expect(await recordOf(room.anna)).toMatchObject({ status: 'late', provenMinutes: 180 });

    expect(await change({ from: '09:30' })).toMatchObject({ kind: 'saved' });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present', provenMinutes: 180, revision: 2 });
    expect(await recordOf(bert)).toMatchObject({ status: 'present', provenMinutes: 180, revision: 2 });
    expect(await recordOf(carla)).toMatchObject({ status: 'present', provenMinutes: 180, revision: 2 });
    const audit = await auditOf('record.recomputed');
    expect(audit).toHaveLength(3);
    expect(audit).toContainEqual(
      expect.objectContaining({
        subjectId: recordSubject(room.meetingId, room.anna.membershipId),
        before: expect.objectContaining({ status: 'late', provenMinutes: 180 }) as unknown,
        after: expect.objectContaining({ status: 'present', provenMinutes: 180 }) as unknown,
      }),
    );
  });

  test('touch no other meeting, and no record that stays as it was', async () => {
    await checkIn(room.anna);
    const before = await recordOf(room.anna);
    const other = await room.course.addMeeting({ title: 'Other' });
    await updateMeeting(who(room.teacher), {
      courseId: room.course.courseId,
      meetingId: other,
      revision: 1,
      ...{ title: '', room: '', date: '2026-11-28', from: '10:00', to: '11:00', breakMinutes: 0 },
    });
    expect(await recordOf(room.anna)).toEqual(before);
    await change({});
    expect(await recordOf(room.anna)).toEqual(before);
    expect(await auditOf('record.recomputed')).toEqual([]);
  });

  test('make who saw the old record look again', async () => {
    await checkIn(room.anna, minutes(32));
    await change({ from: '09:30' });
    expect(await mark(room.anna, 'absent', { revision: 1 })).toMatchObject({
      kind: 'conflict',
      record: { status: 'present', revision: 2 },
    });
  });

  test('there and back gives what was there', async () => {
    await checkIn(room.anna, minutes(32));
    const before = await recordOf(room.anna);
    await change({ from: '09:30', to: '11:00', breakMinutes: 0 });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present', provenMinutes: 90 });
    await change({}, 2);
    expect(await recordOf(room.anna)).toEqual({ ...before, revision: 3 });
  });
});

describe('my attendance', () => {
  const mine = (now = saturday, member = room.anna) =>
    loadMyAttendance(who(member, now), room.course.courseId);

  test('running and coming by time, past the latest first, with what stands there', async () => {
    const lastWeek = await room.course.addMeeting({
      startsAt: new Date('2026-11-21T08:00:00Z'),
      endsAt: new Date('2026-11-21T11:45:00Z'),
      localStart: '2026-11-21T09:00',
      localEnd: '2026-11-21T12:45',
    });
    const nextWeek = await room.course.addMeeting({
      startsAt: new Date('2026-12-05T08:00:00Z'),
      endsAt: new Date('2026-12-05T11:45:00Z'),
      localStart: '2026-12-05T09:00',
      localEnd: '2026-12-05T12:45',
    });
    await checkIn(room.anna, minutes(32));
    const view = await mine(minutes(33));
    expect(view.coming.map(({ id, number }) => [id, number])).toEqual([
      [room.meetingId, 2],
      [nextWeek, 3],
    ]);
    expect(view.past.map(({ id, number }) => [id, number])).toEqual([[lastWeek, 1]]);
    expect(view.coming[0]?.record).toMatchObject({ status: 'late', provenMinutes: 180 });
    const later = await mine(minutes(600));
    expect(later.past.map(({ id }) => id)).toEqual([room.meetingId, lastWeek]);
  });

  test('says whether a code can be typed now', async () => {
    expect((await mine()).isCheckInOpen).toBe(false);
    await openCheckIn(who(room.teacher), place());
    expect((await mine()).isCheckInOpen).toBe(true);
    expect((await mine(minutes(17))).isCheckInOpen).toBe(false);
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const elsewhere = await other.addMember('Je Mand');
    expect((await loadMyAttendance(who(elsewhere), other.courseId)).isCheckInOpen).toBe(false);
  });

  test('leaves out meetings from before one came, keeps those that one has a record of', async () => {
    await tool.ctx.db
      .update(membershipSpans)
      .set({ startsAt: new Date('2026-12-01T00:00:00Z') })
      .where(eq(membershipSpans.membershipId, room.anna.membershipId));
    expect((await mine()).coming).toEqual([]);
    await tool.ctx.db.insert(attendanceRecords).values({
      id: newId(),
      meetingId: room.meetingId,
      membershipId: room.anna.membershipId,
      status: 'excused',
      provenMinutes: 0,
      source: 'teacher',
    });
    expect((await mine()).coming.map(({ id }) => id)).toEqual([room.meetingId]);
  });

  test('tells Student View’s invented student that they are none', async () => {
    const invented = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    expect(await mine(saturday, invented)).toMatchObject({ isTestUser: true });
    expect(await mine()).toMatchObject({ isTestUser: false });
  });
});

describe('the wall', () => {
  test('shows the codes of the next minute, their address, and who is here', async () => {
    const closed = await loadProjector(who(room.teacher), place());
    expect(closed).toMatchObject({ window: null, codes: [], expected: 2 });
    await checkIn(room.anna);
    const view = await loadProjector(who(assistant), place());
    expect(view).toMatchObject({
      course: { title: 'Meisterkurs Elektrotechnik' },
      window: { closesAt: minutes(17).toISOString(), stepSeconds: 10 },
      serverNow: saturday.toISOString(),
      expected: 2,
    });
    expect(view.publicUrl).toMatch(/^https?:\/\/[^/]+$/);
    const last = view.codes.at(-1);
    // With a poll every 20 seconds at least 40 are in hand when the network goes.
    expect(Date.parse(last?.until ?? '') - saturday.getTime()).toBeGreaterThanOrEqual(minuteMs);
    expect(view.rows.filter(({ record }) => record?.status === 'present')).toHaveLength(1);
  });
});
