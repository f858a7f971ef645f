import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { newId } from '#lib/base/ids.ts';
import {
  attendanceRecords,
  auditEvents,
  checkIns,
  courses,
  meetings,
  memberships,
  people,
  personalCodes,
} from '#lib/db/schema.ts';
import { transaction } from '#lib/db/transaction.ts';
import { helpMember } from '#lib/helping/help-member.ts';
import { loadCodePage } from '#lib/helping/load-code-page.ts';
import { loadHelper } from '#lib/helping/load-helper.ts';
import { renewMyCode } from '#lib/helping/renew-my-code.ts';
import { showMyCode } from '#lib/helping/show-my-code.ts';
import { takeBackHelp } from '#lib/helping/take-back-help.ts';
import { loadMember } from '#lib/members/load-member.ts';
import { mergeRows } from '#lib/members/merge-rows.ts';
import { setExtraMinutes } from '#lib/members/set-extra-minutes.ts';
import { renewKeys } from '#lib/seals/renew-keys.ts';
import { resealSecrets } from '#lib/seals/reseal-secrets.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
let assistant: SeededMember;

beforeEach(async () => {
  assistant = await room.course.addMember('Assi Stent', 'assistant');
});

interface Press {
  direction?: 'in' | 'out';
  whom?: unknown;
  attemptId?: unknown;
  meetingId?: unknown;
}

const press = (by: SeededMember | undefined, given: Press = {}, at = saturday) =>
  helpMember(room.who(by, at), {
    courseId: room.course.courseId,
    meetingId: room.meetingId,
    direction: 'in',
    attemptId: newId(),
    whom: { membershipId: room.anna.membershipId },
    ...given,
  });

const recordOf = async ({ membershipId }: SeededMember) => {
  const [record] = await tool.ctx.db
    .select()
    .from(attendanceRecords)
    .where(eq(attendanceRecords.membershipId, membershipId));
  return record;
};
const evidenceOf = ({ membershipId }: SeededMember) =>
  tool.ctx.db.select().from(checkIns).where(eq(checkIns.membershipId, membershipId)).orderBy(checkIns.id);
const eventsOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, room.course.courseId), eq(auditEvents.action, action)))
    .orderBy(auditEvents.id);

describe('a helper', () => {
  test('checks a student in by name, without any check-in being open', async () => {
    const result = await press(room.teacher);
    expect(result).toMatchObject({ kind: 'checked-in', at: saturday, status: 'present' });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present', source: 'check-in' });
    expect(await evidenceOf(room.anna)).toMatchObject([
      {
        ...{ via: 'helper', helperPersonId: room.teacher.personId, direction: 'in', outcome: 'checked-in' },
        ...{ scannedAt: saturday, windowId: null, deviceId: null, networkHash: null },
      },
    ]);
    expect(await eventsOf('record.checked-in')).toMatchObject([
      { actorPersonId: room.teacher.personId, after: { via: 'helper' } },
    ]);
  });

  test('checks out, and the minutes between are what counts', async () => {
    await press(room.teacher, {}, minutes(2));
    const out = await press(room.teacher, { direction: 'out' }, minutes(62));
    expect(out).toMatchObject({ kind: 'checked-out', status: 'partial', provenMinutes: 60 });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'partial', provenMinutes: 60 });
  });

  test('says when somebody was never checked in', async () => {
    expect(await press(room.teacher, { direction: 'out' }, minutes(60))).toMatchObject({ kind: 'unpaired' });
    expect(await recordOf(room.anna)).toBeUndefined();
  });

  test('leaves a teacher’s own entry as it is', async () => {
    await markRecords(room.who(room.teacher), {
      ...room.place(),
      marks: [
        { membershipId: room.anna.membershipId, revision: 0, change: { kind: 'word', status: 'excused' } },
      ],
    });
    expect(await press(assistant)).toMatchObject({ kind: 'noted', status: 'excused' });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'excused', source: 'teacher' });
  });

  test('checks in once, however often one press arrives', async () => {
    const attemptId = newId();
    await Promise.all([
      press(room.teacher, { attemptId }),
      press(room.teacher, { attemptId }),
      press(room.teacher, { attemptId }),
    ]);
    expect(await evidenceOf(room.anna)).toHaveLength(1);
    expect(await eventsOf('record.checked-in')).toHaveLength(1);
  });

  test('and another one at the same moment make one record', async () => {
    const results = await Promise.all([press(room.teacher), press(assistant), press(room.teacher)]);
    const kinds = results.map(({ kind }) => kind).sort();
    expect(kinds).toEqual(['already', 'already', 'checked-in']);
    expect(await eventsOf('record.checked-in')).toHaveLength(1);
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present' });
  });

  test('serves a student of another section, who is not due', async () => {
    const guest = await room.course.addMember('Gast Hörer');
    await tool.ctx.db
      .update(meetings)
      .set({ sectionIds: [newId()] })
      .where(eq(meetings.id, room.meetingId));
    const { register, others } = await loadHelper(room.who(room.teacher), room.place());
    expect(register.rows).toEqual([]);
    expect(others.map(({ name }) => name).sort()).toEqual(['Beispiel, Anna', 'Hörer, Gast']);
    expect(await press(room.teacher, { whom: { membershipId: guest.membershipId } })).toMatchObject({
      kind: 'checked-in',
    });
    const after = await loadHelper(room.who(room.teacher), room.place());
    expect(after.register.rows.map(({ name }) => name)).toEqual(['Hörer, Gast']);
  });

  test.each([
    ['too early', -122, 'in', 'not-open-yet'],
    ['two hours before', -118, 'in', 'checked-in'],
    ['in the last minute', 226, 'in', 'checked-in'],
    ['after the end', 227, 'in', 'meeting-over'],
    ['out after the end', 300, 'out', 'checked-out'],
    ['out more than two hours after', 348, 'out', 'meeting-over'],
  ] as const)('%s', async (_when, minute, direction, kind) => {
    if (direction === 'out') await press(room.teacher);
    expect(await press(room.teacher, { direction }, minutes(minute))).toMatchObject({ kind });
  });

  test('is told when a meeting is cancelled', async () => {
    await tool.ctx.db.update(meetings).set({ state: 'cancelled' }).where(eq(meetings.id, room.meetingId));
    expect(await press(room.teacher)).toMatchObject({ kind: 'closed' });
    expect(await evidenceOf(room.anna)).toEqual([]);
  });

  test.each([
    ['a teacher', () => room.teacher, 'not-a-student'],
    [
      'somebody who left',
      () => room.course.addMember('Left Early', 'student', { left: true }),
      'not-a-member',
    ],
    [
      'the test student',
      () => room.course.addMember('Test Student', 'student', { isTestUser: true }),
      'test-user',
    ],
  ])('cannot check in %s', async (_who, find, kind) => {
    const { membershipId } = await find();
    expect(await press(room.teacher, { whom: { membershipId } })).toMatchObject({ kind });
  });
});

describe('a card', () => {
  beforeEach(async () => {
    await tool.ctx.db
      .update(people)
      .set({ sisId: '0047110', canvasUserId: newId() })
      .where(eq(people.id, room.anna.personId));
  });
  const scan = (scanned: string) => press(room.teacher, { whom: { scanned } });

  test('with the institution’s number checks its holder in', async () => {
    expect(await scan('0047110')).toMatchObject({
      kind: 'checked-in',
      membershipId: room.anna.membershipId,
      personName: 'Anna Beispiel',
    });
  });

  test('of somebody of another course is nobody’s here', async () => {
    const elsewhere = await seedCourse(tool.ctx.db);
    const other = await elsewhere.addMember('Ben Anders');
    await tool.ctx.db.update(people).set({ sisId: '99' }).where(eq(people.id, other.personId));
    expect(await scan('99')).toEqual({ kind: 'unknown-card' });
  });

  test('that two have is nobody’s', async () => {
    const twin = await room.course.addMember('Zwil Ling');
    await tool.ctx.db.update(people).set({ sisId: '0047110' }).where(eq(people.id, twin.personId));
    expect(await scan('0047110')).toEqual({ kind: 'several' });
    expect(await evidenceOf(room.anna)).toEqual([]);
  });

  test('is not the code on the wall', async () => {
    expect(await scan('https://tool.example/c/K7QD2M9X')).toEqual({ kind: 'not-a-code' });
  });
});

describe('taking back', () => {
  const takeBack = (by: SeededMember | undefined, checkInId: string, at = saturday) =>
    takeBackHelp(room.who(by, at), { courseId: room.course.courseId, checkInId });
  const made = async (given: Press = {}, at = saturday) => {
    const result = await press(room.teacher, given, at);
    if (!('checkInId' in result)) throw new Error(result.kind);
    return result.checkInId;
  };

  test('leaves nothing that counts, and the evidence', async () => {
    const checkInId = await made();
    expect(await takeBack(room.teacher, checkInId)).toEqual({ kind: 'taken-back' });
    expect(await recordOf(room.anna)).toBeUndefined();
    expect(await evidenceOf(room.anna)).toHaveLength(1);
    // Twice does no harm, and the student can be checked in again.
    expect(await takeBack(room.teacher, checkInId)).toEqual({ kind: 'taken-back' });
    expect(await press(room.teacher, {}, minutes(1))).toMatchObject({ kind: 'checked-in', at: minutes(1) });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present' });
  });

  test('a check-out brings the presence back that it ended', async () => {
    await made();
    const out = await made({ direction: 'out' }, minutes(60));
    await takeBack(room.teacher, out, minutes(60));
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present', provenMinutes: 210 });
  });

  test('is for the one who entered it, and for a minute', async () => {
    const checkInId = await made();
    await expect(takeBack(assistant, checkInId)).rejects.toMatchObject({ code: 'not-found' });
    await expect(takeBack(room.anna, checkInId)).rejects.toMatchObject({ code: 'no-access' });
    await expect(takeBack(undefined, checkInId)).rejects.toMatchObject({ code: 'not-signed-in' });
    expect(await takeBack(room.teacher, checkInId, minutes(2))).toEqual({ kind: 'too-late' });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present' });
  });

  test('is not for what the student did themselves', async () => {
    const checkInId = await made();
    await tool.ctx.db
      .update(checkIns)
      .set({ via: 'scan', helperPersonId: null })
      .where(eq(checkIns.id, checkInId));
    await expect(takeBack(room.teacher, checkInId)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('who may help', () => {
  const forbid = () =>
    tool.ctx.db
      .update(courses)
      .set({ policy: { assistantsMayMark: false } })
      .where(eq(courses.id, room.course.courseId));

  test.each([
    ['press', () => press],
    ['load', () => (by: SeededMember | undefined) => loadHelper(room.who(by), room.place())],
  ] as const)('%s: teachers and assistants alone', async (_door, door) => {
    const open = door();
    await expect(open(undefined)).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(open(room.anna)).rejects.toMatchObject({ code: 'no-access' });
    const stranger = await (await seedCourse(tool.ctx.db)).addMember('Other Teacher', 'teacher');
    await expect(open(stranger)).rejects.toMatchObject({ code: 'no-access' });
    await expect(open(assistant)).resolves.toBeDefined();
    await forbid();
    await expect(open(assistant)).rejects.toMatchObject({ code: 'not-for-assistants' });
  });

  test('nothing of another course can be named', async () => {
    const elsewhere = await seedCourse(tool.ctx.db);
    const other = await elsewhere.addMember('Ben Anders');
    const meetingId = await elsewhere.addMeeting();
    await expect(press(room.teacher, { meetingId })).rejects.toMatchObject({ code: 'not-found' });
    const result = await press(room.teacher, { whom: { membershipId: other.membershipId } });
    expect(result).toMatchObject({ kind: 'not-a-member' });
    expect(JSON.stringify(result)).not.toContain('Ben');
    expect(await evidenceOf(other)).toEqual([]);
  });

  test.each([
    ['no direction', { direction: 'sideways' }],
    ['nobody', { whom: {} }],
    ['two at once', { whom: { membershipId: newId(), scanned: '1' } }],
    ['no press', { attemptId: 'again' }],
    ['no meeting', { meetingId: 'today' }],
  ])('%s is no press', async (_what, given) => {
    await expect(press(room.teacher, given as Press)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('a personal code', () => {
  const show = (member = room.anna) => showMyCode(room.who(member), { courseId: room.course.courseId });

  test('is the same until it is renewed, and then the old one is void', async () => {
    const { token } = await show();
    expect(await show()).toEqual({ token });
    expect(await press(room.teacher, { whom: { token } })).toMatchObject({ kind: 'checked-in' });
    const renewed = await renewMyCode(room.who(room.anna), { courseId: room.course.courseId });
    expect(renewed.token).not.toBe(token);
    expect(await press(room.teacher, { whom: { token } })).toEqual({ kind: 'unknown-code' });
    const scanned = `https://tool.example/h/${renewed.token}`;
    expect(await press(room.teacher, { whom: { scanned } })).toMatchObject({ kind: 'already' });
  });

  test('is made once, when it is asked for twice at once', async () => {
    const [a, b] = await Promise.all([show(), show()]);
    expect(a).toEqual(b);
  });

  test('is for students, and for nobody else', async () => {
    const testUser = await room.course.addMember('Test', 'student', { isTestUser: true });
    for (const member of [room.teacher, assistant, testUser]) {
      await expect(show(member)).rejects.toMatchObject({ code: 'no-access' });
      await expect(renewMyCode(room.who(member), { courseId: room.course.courseId })).rejects.toMatchObject({
        code: 'no-access',
      });
    }
  });

  test('of somebody of another course checks in nobody', async () => {
    const elsewhere = await seedCourse(tool.ctx.db);
    const other = await elsewhere.addMember('Ben Anders');
    const { token } = await showMyCode(room.who(other), { courseId: elsewhere.courseId });
    expect(await press(room.teacher, { whom: { token } })).toEqual({ kind: 'unknown-code' });
  });

  test('is not to be read from the database', async () => {
    const { token } = await show();
    const [row] = await tool.ctx.db
      .select()
      .from(personalCodes)
      .where(eq(personalCodes.personId, room.anna.personId));
    expect(JSON.stringify(row)).not.toContain(token);
  });

  test('outlives another secret, and ends with a lost one', async () => {
    await tool.ctx.db.delete(personalCodes);
    const { token } = await show();
    const next = { current: 'an0ther-secret-that-nobody-knows-8Jq2Lw', previous: testSecrets.current };
    expect(await resealSecrets({ ...tool.ctx, secrets: next })).toMatchObject({
      codes: { changed: 1, current: 0, lost: 0 },
    });
    const alone = { ...room.who(room.anna), secrets: { current: next.current } };
    expect(await showMyCode(alone, { courseId: room.course.courseId })).toEqual({ token });
    const lost = { ...tool.ctx, secrets: { current: 'y3t-an0ther-secret-that-nobody-knows-11' } };
    expect(await renewKeys(lost)).toMatchObject({ withdrawnCodes: 1 });
    expect(await press(room.teacher, { whom: { token } })).toEqual({ kind: 'unknown-code' });
  });

  describe('opened by a phone’s camera', () => {
    const open = async (by: SeededMember | undefined, at = saturday) => {
      const { token } = await show();
      return loadCodePage(room.who(by, at), token);
    };

    test('tells those who run the course whom they would check in, and for what', async () => {
      expect(await open(room.teacher)).toMatchObject([
        {
          ...{ name: 'Anna Beispiel', courseId: room.course.courseId, hereSince: null },
          meeting: { id: room.meetingId },
        },
      ]);
      await press(room.teacher);
      expect(await open(assistant)).toMatchObject([{ hereSince: saturday }]);
      expect(await evidenceOf(room.anna)).toHaveLength(1);
    });

    test('tells nobody else anything', async () => {
      const fellow = await room.course.addMember('Ben Muster');
      const stranger = await (await seedCourse(tool.ctx.db)).addMember('Other', 'teacher');
      const formerTeacher = await room.course.addMember('Old Teacher', 'teacher', { left: true });
      for (const by of [undefined, room.anna, fellow, stranger, formerTeacher]) {
        expect(await open(by)).toEqual([]);
      }
      expect(await loadCodePage(room.who(room.teacher), 'x'.repeat(43))).toEqual([]);
    });

    test('only about the time of a meeting that takes place', async () => {
      expect(await open(room.teacher, minutes(-120))).toEqual([]);
      expect(await open(room.teacher, minutes(300))).toHaveLength(1);
      expect(await open(room.teacher, minutes(400))).toEqual([]);
      await tool.ctx.db.update(meetings).set({ state: 'cancelled' }).where(eq(meetings.id, room.meetingId));
      expect(await open(room.teacher)).toEqual([]);
    });

    test('not to an assistant who may not mark', async () => {
      await tool.ctx.db
        .update(courses)
        .set({ policy: { assistantsMayMark: false } })
        .where(eq(courses.id, room.course.courseId));
      expect(await open(assistant)).toEqual([]);
      expect(await open(room.teacher)).toHaveLength(1);
    });
  });
});

describe('more time', () => {
  const set = (by: SeededMember | undefined, minutes: unknown, member = room.anna) =>
    setExtraMinutes(room.who(by), {
      ...{ courseId: room.course.courseId, membershipId: member.membershipId, minutes },
    });
  const extraOf = async () =>
    (
      await loadMember(room.who(room.teacher), {
        ...{ courseId: room.course.courseId, membershipId: room.anna.membershipId },
      })
    ).member.extraMinutes;

  test('is given and taken away, with an entry in the log each', async () => {
    await set(room.teacher, 5);
    await set(room.teacher, 5);
    expect(await extraOf()).toBe(5);
    await set(room.teacher, 0);
    expect(await extraOf()).toBe(0);
    expect(await eventsOf('membership.extra-time-set')).toMatchObject([
      { subjectId: room.anna.membershipId, before: { extraMinutes: 0 }, after: { extraMinutes: 5 } },
      { before: { extraMinutes: 5 }, after: { extraMinutes: 0 } },
    ]);
  });

  test.each([-1, 16, 2.5, '5', null])('%s is no such time', async (value) => {
    await expect(set(room.teacher, value)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('is given by those who manage the course, to students', async () => {
    await expect(set(undefined, 5)).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(set(room.anna, 5)).rejects.toMatchObject({ code: 'no-access' });
    await tool.ctx.db
      .update(courses)
      .set({ policy: { assistantsMayChangeSettings: false } })
      .where(eq(courses.id, room.course.courseId));
    await expect(set(assistant, 5)).rejects.toMatchObject({ code: 'not-for-assistants' });
    await expect(set(room.teacher, 5, room.teacher)).rejects.toMatchObject({ code: 'not-found' });
    const other = await (await seedCourse(tool.ctx.db)).addMember('Ben Anders');
    await expect(set(room.teacher, 5, other)).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('two rows of one human that become one', () => {
  const merge = (from: SeededMember, to: SeededMember) =>
    transaction(tool.ctx, (tx) => mergeRows(tx, [{ from: from.personId, to: to.personId }]));

  test('keep both codes and the longer time; evidence of their help stays', async () => {
    const twin = await room.course.addMember('Anna Beispiel');
    const codes = await Promise.all(
      [twin, room.anna].map((one) => showMyCode(room.who(one), { courseId: room.course.courseId })),
    );
    await tool.ctx.db
      .update(memberships)
      .set({ extraMinutes: 7 })
      .where(eq(memberships.id, twin.membershipId));
    await merge(twin, room.anna);
    for (const { token } of codes) {
      const result = await press(room.teacher, { whom: { token } });
      expect(result).toMatchObject({ membershipId: room.anna.membershipId });
    }
    const [row] = await tool.ctx.db
      .select()
      .from(memberships)
      .where(eq(memberships.id, room.anna.membershipId));
    expect(row?.extraMinutes).toBe(7);
    // A new code ends them all.
    const renewed = await renewMyCode(room.who(twin), { courseId: room.course.courseId });
    for (const { token } of codes) {
      expect(await press(room.teacher, { whom: { token } })).toEqual({ kind: 'unknown-code' });
    }
    expect(await press(room.teacher, { whom: renewed })).toMatchObject({ kind: 'already' });
  });

  test('take the one code along', async () => {
    const twin = await room.course.addMember('Anna Beispiel');
    const { token } = await showMyCode(room.who(twin), { courseId: room.course.courseId });
    await merge(twin, room.anna);
    expect(await showMyCode(room.who(room.anna), { courseId: room.course.courseId })).toEqual({ token });
  });
});

test('what a helper enters is seen by whoever looks at the register', async () => {
  await press(room.teacher);
  const { rows } = await loadRegister(room.who(assistant), room.place());
  expect(rows[0]?.record).toMatchObject({
    ...{ source: 'check-in', status: 'present', flags: [] },
    spans: [{ from: saturday.toISOString(), to: null }],
  });
});
