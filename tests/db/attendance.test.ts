import { and, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MarkInput } from '#lib/attendance/input.ts';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecord } from '#lib/attendance/mark-record.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeCheckIn } from '#lib/check-in/close-check-in.ts';
import { loadCodes } from '#lib/check-in/load-codes.ts';
import { loadProjector } from '#lib/check-in/load-projector.ts';
import { openCheckIn } from '#lib/check-in/open-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import { listen } from '#lib/db/listen.ts';
import {
  attendanceRecords,
  auditEvents,
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
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;
let assistant: SeededMember;
let anna: SeededMember;
let bert: SeededMember;
let meetingId: string;

const minutes = (count: number) => addMs(saturday, count * minuteMs);

beforeAll(() => {
  process.env.SESSION_SECRET = testSecrets.current;
});
beforeEach(async () => {
  course = await seedCourse(tool.ctx.db, { webHost: 'canvas.example' });
  teacher = await course.addMember('Tea Cher', 'teacher');
  assistant = await course.addMember('As Sistent', 'assistant');
  anna = await course.addMember('Anna Beispiel');
  bert = await course.addMember('Bert Ärmel');
  meetingId = await course.addMeeting();
});

const who = (member: SeededMember | undefined, now = saturday): Ctx => ({
  ...tool.ctx,
  now,
  viewer: member === undefined ? undefined : { personId: member.personId },
});
const place = () => ({ courseId: course.courseId, meetingId });
const register = (now = saturday) => loadRegister(who(teacher, now), place());
const recordOf = async (member: SeededMember, now = saturday) =>
  (await register(now)).rows.find(({ membershipId }) => membershipId === member.membershipId)?.record;

function mark(
  member: SeededMember,
  status: MarkInput['status'],
  { revision = 0, by = teacher, now = saturday }: { revision?: number; by?: SeededMember; now?: Date } = {},
) {
  return markRecord(who(by, now), { ...place(), membershipId: member.membershipId, status, revision });
}

async function checkIn(member: SeededMember, now = saturday) {
  await openCheckIn(who(teacher, now), place());
  const [shown] = (await loadCodes(who(teacher, now), place())).codes;
  if (shown === undefined) throw new Error('the check-in is closed');
  return checkInByTypedCode(who(member, now), {
    courseId: course.courseId,
    code: shown.typed,
    network: '203.0.113.0/24',
  });
}

const countRecords = () => tool.ctx.db.$count(attendanceRecords, eq(attendanceRecords.meetingId, meetingId));
const countSpans = async () => {
  const found = await tool.ctx.db
    .select({ id: recordSpans.id })
    .from(recordSpans)
    .innerJoin(attendanceRecords, eq(attendanceRecords.id, recordSpans.recordId))
    .where(eq(attendanceRecords.meetingId, meetingId));
  return found.length;
};
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, course.courseId), eq(auditEvents.action, action)));

/** What watchers hear while something is done, in order. */
async function heardDuring(act: () => Promise<unknown>): Promise<Notice[]> {
  const heard: Notice[] = [];
  const listening = Promise.withResolvers<undefined>();
  const ended = Promise.withResolvers<undefined>();
  const line = listen({
    url: tool.database.pool.options.connectionString ?? '',
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
    const given = { ...place(), membershipId: anna.membershipId, status: 'present' as const, revision: 0 };
    await expect(markRecord(who(member), given)).rejects.toMatchObject({ code });
  };

  test('nobody without a sign-in', () => refused(() => undefined, 'not-signed-in'));
  test('no student, not even for themselves', () => refused(() => anna, 'no-access'));
  test('no observer, no designer', async () => {
    const observer = await course.addMember('Ob Server', 'observer');
    const designer = await course.addMember('De Signer', 'designer');
    await refused(() => observer, 'no-access');
    await refused(() => designer, 'no-access');
  });
  test('no teacher of another course, also when they learn in this one', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const foreign = await other.addMember('Fre Md', 'teacher');
    await refused(() => foreign, 'no-access');
    await course.addMember(foreign, 'student');
    await refused(() => foreign, 'no-access');
  });
  test('a teacher reaches no other course through their own', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const theirs = await other.addMember('Je Mand');
    const elsewhere = { courseId: course.courseId, meetingId: await other.addMeeting() };
    await expect(loadRegister(who(teacher), elsewhere)).rejects.toMatchObject({ code: 'not-found' });
    await expect(loadProjector(who(teacher), elsewhere)).rejects.toMatchObject({ code: 'not-found' });
    const given = { status: 'present' as const, revision: 0 };
    await expect(
      markRecord(who(teacher), { ...elsewhere, ...given, membershipId: anna.membershipId }),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(
      markRecord(who(teacher), { ...place(), ...given, membershipId: theirs.membershipId }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect(await countRecords()).toBe(0);
  });
  test('teachers and assistants may', async () => {
    expect((await loadRegister(who(assistant), place())).rows).toHaveLength(2);
    expect(await mark(anna, 'present', { by: assistant })).toMatchObject({ kind: 'marked' });
  });
  test('nonsense is no meeting and no mark', async () => {
    for (const id of ['', 'x', "' or 1=1 --", newId()]) {
      await expect(
        loadRegister(who(teacher), { courseId: course.courseId, meetingId: id }),
      ).rejects.toMatchObject({ code: 'not-found' });
    }
    const good = {
      ...place(),
      membershipId: anna.membershipId,
      status: 'present' as MarkInput['status'],
      revision: 0,
    };
    for (const bad of [
      { ...good, status: 'late' },
      { ...good, status: undefined },
      { ...good, revision: -1 },
      { ...good, revision: 0.5 },
      { ...good, meetingId: 'x' },
      { ...good, membershipId: 7 },
    ]) {
      await expect(markRecord(who(teacher), bad as typeof good)).rejects.toMatchObject({
        code: 'invalid-input',
      });
    }
  });
  test('teachers have no attendance of their own; students see nobody else', async () => {
    await expect(loadMyAttendance(who(teacher), course.courseId)).rejects.toMatchObject({
      code: 'no-access',
    });
    await expect(loadMyAttendance(who(undefined), course.courseId)).rejects.toMatchObject({
      code: 'not-signed-in',
    });
    const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    await expect(loadMyAttendance(who(anna), other.courseId)).rejects.toMatchObject({ code: 'no-access' });
    await mark(bert, 'absent');
    expect(JSON.stringify(await loadMyAttendance(who(anna), course.courseId))).not.toContain('absent');
  });
});

describe('who stands in the register', () => {
  test('students enrolled at the meeting, by family name the German way', async () => {
    await course.addMember('Zoë Österreich');
    await course.addMember('Oskar Zahn');
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
    const sukarno = await course.addMember('Sukarno');
    await tool.ctx.db
      .update(people)
      .set({ familyName: null, givenName: null })
      .where(eq(people.id, sukarno.personId));
    expect((await register()).rows.map(({ name }) => name)).toContain('Sukarno');
  });

  test('who had left is not expected, but is shown with what stands there for them', async () => {
    const gone = await course.addMember('Ge Gangen', 'student', { left: true });
    expect((await register()).rows).toHaveLength(2);
    await expect(mark(gone, 'present')).rejects.toMatchObject({ code: 'not-found' });
    await tool.ctx.db.insert(attendanceRecords).values({
      id: newId(),
      meetingId,
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
    const invented = await course.addMember('Test Student', 'student', { isTestUser: true });
    expect((await register()).rows).toHaveLength(2);
    await expect(mark(invented, 'present')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('sections are those of the meeting’s day', async () => {
    const [before, now] = [newId(), newId()];
    await tool.ctx.db.insert(sections).values([
      { id: before, courseId: course.courseId, name: 'Group A', platformSectionId: 'a' },
      { id: now, courseId: course.courseId, name: 'Group B', platformSectionId: 'b' },
    ]);
    await tool.ctx.db
      .update(membershipSpans)
      .set({ sectionId: before, endsAt: new Date('2026-10-12T00:00:00Z') })
      .where(eq(membershipSpans.membershipId, anna.membershipId));
    await tool.ctx.db.insert(membershipSpans).values({
      id: newId(),
      membershipId: anna.membershipId,
      sectionId: now,
      startsAt: new Date('2026-10-12T00:00:00Z'),
    });
    const row = (await register()).rows.find(({ membershipId }) => membershipId === anna.membershipId);
    expect(row?.sections).toEqual(['Group B']);
  });

  test('tells the open check-in, until it closes by hand or by time', async () => {
    expect((await register()).window).toBeNull();
    await openCheckIn(who(teacher), place());
    expect((await register()).window).toMatchObject({ closesAt: minutes(15).toISOString() });
    expect((await register(minutes(15))).window).toBeNull();
    await closeCheckIn(who(teacher, minutes(1)), place());
    expect((await register(minutes(2))).window).toBeNull();
  });
});

describe('marking', () => {
  test('present proves the whole meeting less its break; absent and excused nothing', async () => {
    expect(await mark(anna, 'present')).toMatchObject({
      kind: 'marked',
      record: {
        status: 'present',
        provenMinutes: 210,
        from: '2026-11-28T08:00:00.000Z',
        to: null,
        source: 'teacher',
        revision: 1,
      },
    });
    for (const [status, revision] of [
      ['absent', 1],
      ['excused', 2],
    ] as const) {
      expect(await mark(anna, status, { revision })).toMatchObject({
        record: { status, provenMinutes: 0, from: null, to: null, revision: revision + 1 },
      });
    }
    expect(await recordOf(anna)).toMatchObject({ status: 'excused', revision: 3 });
    expect(await recordOf(bert)).toBeNull();
  });

  test('is kept with who, before and after, and told to who looks on', async () => {
    const heard = await heardDuring(() => mark(anna, 'absent'));
    expect(heard).toEqual([
      {
        kind: 'record',
        meetingId,
        membershipId: anna.membershipId,
        name: 'Beispiel, Anna',
        record: await recordOf(anna),
      },
    ]);
    expect(await auditOf('record.marked')).toMatchObject([
      { actorPersonId: teacher.personId, before: null, after: { status: 'absent', source: 'teacher' } },
    ]);
  });

  test('an old view changes nothing, tells nobody, and learns what stands there', async () => {
    await mark(anna, 'excused', { by: assistant });
    const heard = await heardDuring(async () => {
      expect(await mark(anna, 'absent', { revision: 0 })).toMatchObject({
        kind: 'conflict',
        record: { status: 'excused', revision: 1 },
      });
      expect(await mark(anna, null, { revision: 7 })).toMatchObject({ kind: 'conflict' });
    });
    expect(heard).toEqual([]);
    expect(await recordOf(anna)).toMatchObject({ status: 'excused', revision: 1 });
    expect(await auditOf('record.marked')).toHaveLength(1);
    expect(await mark(bert, null, { revision: 1 })).toEqual({ kind: 'conflict', record: null });
  });

  test.each([0, 1])(
    'two teachers at once from revision %i: one is entered, one hears of it',
    async (from) => {
      if (from === 1) await mark(anna, 'present');
      const answers = await Promise.all([
        mark(anna, 'absent', { revision: from }),
        mark(anna, 'excused', { revision: from, by: assistant }),
      ]);
      expect(answers.map(({ kind }) => kind).sort()).toEqual(['conflict', 'marked']);
      const entered = answers.find(({ kind }) => kind === 'marked')?.record;
      expect(await recordOf(anna)).toEqual(entered);
      // Who was too late is shown what the other entered.
      expect(answers.find(({ kind }) => kind === 'conflict')?.record).toEqual(entered);
      expect(await countRecords()).toBe(1);
      expect(await auditOf('record.marked')).toHaveLength(from + 1);
    },
  );

  test('a class full of marks at once loses none', async () => {
    const members = await Promise.all(
      Array.from({ length: 12 }, (_, index) => course.addMember(`Vor Name${String(index)}`)),
    );
    const answers = await Promise.all(members.map((member) => mark(member, 'absent')));
    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['marked']));
    expect((await register()).rows.filter(({ record }) => record?.status === 'absent')).toHaveLength(12);
  });
});

describe('taking a mark back', () => {
  test('leaves nothing where nobody checked in', async () => {
    // Somebody else's arrival is none of hers.
    await checkIn(bert);
    await mark(anna, 'present');
    const heard = await heardDuring(async () => {
      expect(await mark(anna, null, { revision: 1 })).toEqual({ kind: 'marked', record: null });
    });
    expect(heard).toMatchObject([{ kind: 'record', membershipId: anna.membershipId, record: null }]);
    expect(await recordOf(anna)).toBeNull();
    expect(await recordOf(bert)).toMatchObject({ status: 'present', source: 'check-in' });
    expect(await auditOf('record.marked')).toMatchObject([
      { after: { status: 'present' } },
      { before: { status: 'present' }, after: null },
    ]);
    expect(await mark(anna, 'excused', { revision: 0 })).toMatchObject({ kind: 'marked' });
  });

  test('lets the check-in speak again, by its own time', async () => {
    // 30 minutes after the start of a meeting of 225 minutes with a break of 15 in the middle.
    await checkIn(anna, minutes(32));
    const before = await recordOf(anna);
    expect(before).toMatchObject({ status: 'late', provenMinutes: 180, source: 'check-in', revision: 1 });
    await mark(anna, 'excused', { revision: 1, now: minutes(40) });
    expect(await recordOf(anna)).toMatchObject({ status: 'excused', provenMinutes: 0, source: 'teacher' });
    await mark(anna, null, { revision: 2, now: minutes(41) });
    expect(await recordOf(anna)).toEqual({ ...before, revision: 3 });
  });

  test('also when the phone came after the teacher’s word', async () => {
    await mark(anna, 'absent');
    expect(await checkIn(anna, minutes(12))).toMatchObject({ status: 'absent' });
    expect(await recordOf(anna)).toMatchObject({ status: 'absent', source: 'teacher', revision: 1 });
    await mark(anna, null, { revision: 1, now: minutes(20) });
    expect(await recordOf(anna)).toMatchObject({ status: 'late', source: 'check-in', revision: 2 });
  });

  test('another meeting’s check-in says nothing of this one', async () => {
    const other = await course.addMeeting();
    await openCheckIn(who(teacher), { courseId: course.courseId, meetingId: other });
    const there = { courseId: course.courseId, meetingId: other };
    const [shown] = (await loadCodes(who(teacher), there)).codes;
    await checkInByTypedCode(who(anna), {
      courseId: course.courseId,
      code: shown?.typed ?? '',
      network: '203.0.113.0/24',
    });
    await mark(anna, 'present');
    expect(await mark(anna, null, { revision: 1 })).toEqual({ kind: 'marked', record: null });
  });
});

describe('a phone and a teacher in the same moment', () => {
  test.each(['present', 'absent', 'excused'] as const)(
    '"%s" and a check-in: one row, no lost word',
    async (status) => {
      await openCheckIn(who(teacher), place());
      const [marked] = await Promise.all([mark(anna, status), checkIn(anna)]);
      const record = await recordOf(anna);
      if (marked.kind === 'marked') expect(record).toMatchObject({ status, source: 'teacher' });
      else expect(record).toMatchObject({ status: 'present', source: 'check-in' });
      // The evidence is there in either case: the word taken back, it counts.
      if (marked.kind === 'marked') await mark(anna, null, { revision: record?.revision ?? 0 });
      expect(await recordOf(anna)).toMatchObject({ status: 'present', source: 'check-in' });
      expect(await countRecords()).toBe(1);
      expect(await countSpans()).toBe(1);
    },
  );
});

describe('a meeting’s new times', () => {
  const change = (to: { from?: string; to?: string; breakMinutes?: number }, revision = 1) =>
    updateMeeting(who(teacher), {
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
    await checkIn(anna, minutes(32));
    await checkIn(bert, minutes(3));
    const carla = await course.addMember('Carla Cäsar');
    await mark(carla, 'present');
    expect(await recordOf(anna)).toMatchObject({ status: 'late', provenMinutes: 180 });

    expect(await change({ from: '09:30' })).toMatchObject({ kind: 'saved' });
    expect(await recordOf(anna)).toMatchObject({ status: 'present', provenMinutes: 180, revision: 2 });
    expect(await recordOf(bert)).toMatchObject({ status: 'present', provenMinutes: 180, revision: 2 });
    expect(await recordOf(carla)).toMatchObject({ status: 'present', provenMinutes: 210, revision: 1 });
    const audit = await auditOf('record.recomputed');
    expect(audit).toHaveLength(2);
    expect(audit).toContainEqual(
      expect.objectContaining({
        before: { status: 'late', provenMinutes: 180 },
        after: { status: 'present', provenMinutes: 180 },
      }),
    );
  });

  test('touch no other meeting, and no record that stays as it was', async () => {
    await checkIn(anna);
    const before = await recordOf(anna);
    const other = await course.addMeeting({ title: 'Other' });
    await updateMeeting(who(teacher), {
      courseId: course.courseId,
      meetingId: other,
      revision: 1,
      ...{ title: '', room: '', date: '2026-11-28', from: '10:00', to: '11:00', breakMinutes: 0 },
    });
    expect(await recordOf(anna)).toEqual(before);
    await change({});
    expect(await recordOf(anna)).toEqual(before);
    expect(await auditOf('record.recomputed')).toEqual([]);
  });

  test('make who saw the old record look again', async () => {
    await checkIn(anna, minutes(32));
    await change({ from: '09:30' });
    expect(await mark(anna, 'absent', { revision: 1 })).toMatchObject({
      kind: 'conflict',
      record: { status: 'present', revision: 2 },
    });
  });

  test('there and back gives what was there', async () => {
    await checkIn(anna, minutes(32));
    const before = await recordOf(anna);
    await change({ from: '09:30', to: '11:00', breakMinutes: 0 });
    expect(await recordOf(anna)).toMatchObject({ status: 'present', provenMinutes: 90 });
    await change({}, 2);
    expect(await recordOf(anna)).toEqual({ ...before, revision: 3 });
  });
});

describe('my attendance', () => {
  const mine = (now = saturday, member = anna) => loadMyAttendance(who(member, now), course.courseId);

  test('running and coming by time, past the latest first, with what stands there', async () => {
    const lastWeek = await course.addMeeting({
      startsAt: new Date('2026-11-21T08:00:00Z'),
      endsAt: new Date('2026-11-21T11:45:00Z'),
      localStart: '2026-11-21T09:00',
      localEnd: '2026-11-21T12:45',
    });
    const nextWeek = await course.addMeeting({
      startsAt: new Date('2026-12-05T08:00:00Z'),
      endsAt: new Date('2026-12-05T11:45:00Z'),
      localStart: '2026-12-05T09:00',
      localEnd: '2026-12-05T12:45',
    });
    await checkIn(anna, minutes(32));
    const view = await mine(minutes(33));
    expect(view.coming.map(({ id, number }) => [id, number])).toEqual([
      [meetingId, 2],
      [nextWeek, 3],
    ]);
    expect(view.past.map(({ id, number }) => [id, number])).toEqual([[lastWeek, 1]]);
    expect(view.coming[0]?.record).toMatchObject({ status: 'late', provenMinutes: 180 });
    const later = await mine(minutes(600));
    expect(later.past.map(({ id }) => id)).toEqual([meetingId, lastWeek]);
  });

  test('says whether a code can be typed now', async () => {
    expect((await mine()).isCheckInOpen).toBe(false);
    await openCheckIn(who(teacher), place());
    expect((await mine()).isCheckInOpen).toBe(true);
    expect((await mine(minutes(15))).isCheckInOpen).toBe(false);
    const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const elsewhere = await other.addMember('Je Mand');
    expect((await loadMyAttendance(who(elsewhere), other.courseId)).isCheckInOpen).toBe(false);
  });

  test('leaves out meetings from before one came, keeps those that one has a record of', async () => {
    await tool.ctx.db
      .update(membershipSpans)
      .set({ startsAt: new Date('2026-12-01T00:00:00Z') })
      .where(eq(membershipSpans.membershipId, anna.membershipId));
    expect((await mine()).coming).toEqual([]);
    await tool.ctx.db.insert(attendanceRecords).values({
      id: newId(),
      meetingId,
      membershipId: anna.membershipId,
      status: 'excused',
      provenMinutes: 0,
      source: 'teacher',
    });
    expect((await mine()).coming.map(({ id }) => id)).toEqual([meetingId]);
  });

  test('tells Student View’s invented student that they are none', async () => {
    const invented = await course.addMember('Test Student', 'student', { isTestUser: true });
    expect(await mine(saturday, invented)).toMatchObject({ isTestUser: true });
    expect(await mine()).toMatchObject({ isTestUser: false });
  });
});

describe('the wall', () => {
  test('shows the codes of the next minute, their address, and who is here', async () => {
    const closed = await loadProjector(who(teacher), place());
    expect(closed).toMatchObject({ window: null, codes: [], expected: 2 });
    await checkIn(anna);
    const view = await loadProjector(who(assistant), place());
    expect(view).toMatchObject({
      course: { title: 'Meisterkurs Elektrotechnik' },
      window: { closesAt: minutes(15).toISOString(), stepSeconds: 10 },
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
