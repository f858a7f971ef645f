import { and, eq } from 'drizzle-orm';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadCourseTotals } from '#lib/attendance/load-course-totals.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { tenthsOfPercent } from '#lib/attendance/rules.ts';
import { defaultPolicy } from '#lib/base/course-policy.ts';
import type { CoursePolicy } from '#lib/base/course-policy.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import {
  attendanceRecords,
  auditEvents,
  courses,
  deployments,
  meetings,
  recordSpans,
} from '#lib/db/schema.ts';
import { moveDeployment } from '#lib/platforms/move-deployment.ts';
import { loadSettings } from '#lib/settings/load-settings.ts';
import type { PolicyInput } from '#lib/settings/input.ts';
import { previewPolicy } from '#lib/settings/preview-policy.ts';
import { setTimeZone } from '#lib/settings/set-time-zone.ts';
import { updateInstitutionPolicy } from '#lib/settings/update-institution-policy.ts';
import { updatePolicy } from '#lib/settings/update-policy.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;
let assistant: SeededMember;
let anna: SeededMember;
let bert: SeededMember;

beforeAll(() => {
  process.env.SESSION_SECRET = testSecrets.current;
});
beforeEach(async () => {
  course = await seedCourse(tool.ctx.db);
  teacher = await course.addMember('Tea Cher', 'teacher');
  assistant = await course.addMember('As Sistent', 'assistant');
  anna = await course.addMember('Anna Beispiel');
  bert = await course.addMember('Bert Ärmel');
});

const defaults: PolicyInput = defaultPolicy;
const afterwards = addMs(saturday, 24 * 60 * minuteMs);
const who = (member: SeededMember | undefined, now = afterwards): Ctx => ({
  ...tool.ctx,
  now,
  viewer: member === undefined ? undefined : { personId: member.personId },
});

/** Opens the settings and saves them with a change. */
async function change(by: SeededMember, wish: Partial<PolicyInput>, now = afterwards) {
  const { policy, revision } = await loadSettings(who(by, now), course.courseId);
  return updatePolicy(who(by, now), { courseId: course.courseId, revision, policy: { ...policy, ...wish } });
}
const preview = (by: SeededMember | undefined, wish: object) =>
  previewPolicy(who(by), { courseId: course.courseId, policy: { ...defaults, ...wish } });
const settings = () => loadSettings(who(teacher), course.courseId);
const ownPolicy = async () => {
  const [row] = await tool.ctx.db.select().from(courses).where(eq(courses.id, course.courseId));
  return row?.policy;
};
const deploymentOf = async () => {
  const [row] = await tool.ctx.db.select().from(courses).where(eq(courses.id, course.courseId));
  return row?.deploymentId ?? '';
};
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, course.courseId), eq(auditEvents.action, action)))
    .orderBy(auditEvents.id);

/** A record of a check-in so many minutes after nine, as it was judged by the tool's defaults. */
async function came(
  member: SeededMember,
  meetingId: string,
  minutesLate: number,
  judged: { status: 'present' | 'late'; provenMinutes: number },
) {
  const id = newId();
  await tool.ctx.db
    .insert(attendanceRecords)
    .values({ id, meetingId, membershipId: member.membershipId, source: 'check-in', ...judged });
  const fromAt = addMs(new Date('2026-11-28T08:00:00Z'), minutesLate * minuteMs);
  await tool.ctx.db.insert(recordSpans).values({ id, recordId: id, fromAt });
  return id;
}
const recordOf = async (member: SeededMember, meetingId: string) => {
  const [row] = await tool.ctx.db
    .select()
    .from(attendanceRecords)
    .where(
      and(
        eq(attendanceRecords.membershipId, member.membershipId),
        eq(attendanceRecords.meetingId, meetingId),
      ),
    );
  return row;
};

describe('the doors', () => {
  const doors = (member: SeededMember | undefined) => [
    () => previewPolicy(who(member), { courseId: course.courseId, policy: defaults }),
    () => updatePolicy(who(member), { courseId: course.courseId, revision: 1, policy: defaults }),
    () =>
      setTimeZone(who(member), { courseId: course.courseId, seen: 'Europe/Berlin', timeZone: 'Asia/Tokyo' }),
  ];
  const refused = async (member: SeededMember | undefined, code: string) => {
    for (const door of doors(member)) await expect(door()).rejects.toMatchObject({ code });
  };

  test('nobody without a sign-in, no student', async () => {
    await refused(undefined, 'not-signed-in');
    await refused(anna, 'no-access');
    await expect(loadSettings(who(undefined), course.courseId)).rejects.toMatchObject({
      code: 'not-signed-in',
    });
    await expect(loadSettings(who(anna), course.courseId)).rejects.toMatchObject({ code: 'no-access' });
  });
  test('no teacher of another course', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const foreign = await other.addMember('Fre Md', 'teacher');
    await refused(foreign, 'no-access');
    await expect(loadSettings(who(foreign), course.courseId)).rejects.toMatchObject({ code: 'no-access' });
  });
  test('an assistant looks, and changes nothing', async () => {
    expect(await loadSettings(who(assistant), course.courseId)).toMatchObject({
      mayChange: false,
      timeZones: [],
    });
    await refused(assistant, 'not-for-assistants');
    expect(await ownPolicy()).toEqual({});
  });
  test('an assistant who may change settings changes how it counts, and not what assistants may', async () => {
    await change(teacher, { assistantsMayChangeSettings: true });
    expect(await loadSettings(who(assistant), course.courseId)).toMatchObject({
      mayChange: true,
      mayChangeAssistants: false,
    });
    expect(await change(assistant, { graceMinutes: 10 })).toMatchObject({ kind: 'saved' });
    for (const wish of [
      { assistantsMaySeeExcuses: true },
      { assistantsMayMark: false },
      { assistantsMayChangeSettings: false },
      { graceMinutes: 12, assistantsMaySeeExcuses: true },
    ]) {
      await expect(change(assistant, wish)).rejects.toMatchObject({ code: 'not-for-assistants' });
    }
    expect((await settings()).policy).toMatchObject({ graceMinutes: 10, assistantsMaySeeExcuses: false });
  });
});

describe('what can be entered', () => {
  test.each<[string, object, object]>([
    ['grace below nothing', { graceMinutes: -1 }, { graceMinutes: 'settings.problem.graceMinutes' }],
    ['grace over an hour', { graceMinutes: 61 }, { graceMinutes: 'settings.problem.graceMinutes' }],
    ['half minutes', { graceMinutes: 2.5 }, { graceMinutes: 'settings.problem.graceMinutes' }],
    ['nothing', { graceMinutes: undefined }, { graceMinutes: 'settings.problem.graceMinutes' }],
    [
      'absent at once',
      { absentAfterMinutes: 0 },
      { absentAfterMinutes: 'settings.problem.absentAfterMinutes' },
    ],
    [
      'absent after ten hours',
      { absentAfterMinutes: 601 },
      { absentAfterMinutes: 'settings.problem.absentAfterMinutes' },
    ],
    [
      'absent while it still counts as being there',
      { graceMinutes: 10, absentAfterMinutes: 10 },
      { absentAfterMinutes: 'settings.problem.absent-within-grace' },
    ],
    ['more than all', { requiredPercent: 101 }, { requiredPercent: 'settings.problem.requiredPercent' }],
    ['a warning at the threshold', { warnPercent: 80 }, { warnPercent: 'settings.problem.warn-not-above' }],
    [
      'two at once',
      { graceMinutes: 99, requiredPercent: -1 },
      {
        graceMinutes: 'settings.problem.graceMinutes',
        requiredPercent: 'settings.problem.requiredPercent',
      },
    ],
    ['no such choice', { roundingMinutes: 7 }, { roundingMinutes: 'settings.problem.choice' }],
    ['a code that nobody can scan', { codeSeconds: 4 }, { codeSeconds: 'settings.problem.codeSeconds' }],
    ['a code that lasts too long', { codeSeconds: 61 }, { codeSeconds: 'settings.problem.codeSeconds' }],
    [
      'what is no network, by its entry',
      { allowedNetworks: '192.0.2.0/24, 10.0.0.0/33' },
      { allowedNetworks: { key: 'settings.problem.allowedNetworks', entry: '10.0.0.0/33' } },
    ],
    [
      'what is no network, and endless',
      { allowedNetworks: 'x'.repeat(500) },
      { allowedNetworks: { key: 'settings.problem.allowedNetworks', entry: 'x'.repeat(50) } },
    ],
    ['networks that are no text', { allowedNetworks: 7 }, { allowedNetworks: 'settings.problem.choice' }],
    ['a place by its name', { roomPosition: 'Berlin' }, { roomPosition: 'settings.problem.roomPosition' }],
    ['a place without a place', { roomPosition: '' }, { roomPosition: 'settings.problem.roomPosition' }],
    [
      'closer than any phone can tell',
      { roomRadiusMeters: 9 },
      { roomRadiusMeters: 'settings.problem.roomRadiusMeters' },
    ],
  ])('%s is told at its field, and nothing is kept', async (_name, wish, problems) => {
    expect(await preview(teacher, wish)).toEqual({ kind: 'invalid', problems });
    expect(
      await updatePolicy(who(teacher), {
        courseId: course.courseId,
        revision: 1,
        policy: { ...defaults, ...wish },
      }),
    ).toEqual({ kind: 'invalid', problems });
    expect(await ownPolicy()).toEqual({});
  });
  test.each([undefined, null, 'x', [], 7])('nonsense (%j) is no policy', async (policy) => {
    const answer = await updatePolicy(who(teacher), { courseId: course.courseId, revision: 1, policy });
    expect(answer).toMatchObject({ kind: 'invalid' });
  });
});

describe('saving', () => {
  test('keeps only what differs from the institution, tells the audit just that, and can be taken back', async () => {
    await tool.ctx.db
      .update(deployments)
      .set({ policy: { graceMinutes: 10 } })
      .where(eq(deployments.id, await deploymentOf()));
    expect((await settings()).policy.graceMinutes).toBe(10);
    expect(await change(teacher, { graceMinutes: 5, requiredPercent: 75 })).toMatchObject({
      kind: 'saved',
      revision: 2,
    });
    expect(await ownPolicy()).toEqual({ graceMinutes: 5, requiredPercent: 75 });
    const [told] = await auditOf('policy.changed');
    expect(told).toMatchObject({
      actorPersonId: teacher.personId,
      before: { graceMinutes: 10, requiredPercent: 80 },
      after: { graceMinutes: 5, requiredPercent: 75 },
    });
    await change(teacher, { graceMinutes: 10, requiredPercent: 80 });
    expect(await ownPolicy()).toEqual({});
  });
  test('who saw an older revision changes nothing and hears what stands there', async () => {
    await change(teacher, { graceMinutes: 7 });
    const late = await updatePolicy(who(teacher), {
      courseId: course.courseId,
      revision: 1,
      policy: { ...defaults, graceMinutes: 9 },
    });
    expect(late).toMatchObject({ kind: 'conflict', revision: 2, theirs: { graceMinutes: 7 } });
    expect((await settings()).policy.graceMinutes).toBe(7);
  });
  test('what says the same as before leaves no trace', async () => {
    expect(await change(teacher, {})).toEqual({ kind: 'saved', revision: 1, records: 0 });
    expect(await auditOf('policy.changed')).toEqual([]);
  });
  test('networks and the place of the room are kept in one way of writing, and can be taken out again', async () => {
    await change(teacher, {
      ...{ allowedNetworks: ' 192.0.2.0/24,\n2001:DB8::/32 192.0.2.0/24', roomPosition: '52,5200312; 13,4' },
      ...{ roomRadiusMeters: 150, codeSeconds: 20 },
    });
    expect(await ownPolicy()).toEqual({
      ...{ allowedNetworks: '192.0.2.0/24 2001:db8::/32', roomPosition: '52.52003, 13.40000' },
      ...{ roomRadiusMeters: 150, codeSeconds: 20 },
    });
    await change(teacher, {
      ...{ allowedNetworks: ' ', roomPosition: null, roomRadiusMeters: 200, codeSeconds: 10 },
    });
    expect(await ownPolicy()).toEqual({});
  });
  test('a course says that any network will do where its institution names some', async () => {
    await updateInstitutionPolicy(who(undefined), await deploymentOf(), {
      ...{ set: { allowedNetworks: '192.0.2.0/24' }, reset: [] },
    });
    expect((await settings()).policy.allowedNetworks).toBe('192.0.2.0/24');
    await change(teacher, { allowedNetworks: '' });
    expect(await ownPolicy()).toEqual({ allowedNetworks: '' });
    expect((await settings()).institution.allowedNetworks).toBe('192.0.2.0/24');
  });
  test('where a check-out becomes needed, who has none is open; where it is not any more, all is as before', async () => {
    const meetingId = await course.addMeeting();
    await came(anna, meetingId, 0, { status: 'present', provenMinutes: 210 });
    const left = await came(bert, meetingId, 0, { status: 'present', provenMinutes: 210 });
    await tool.ctx.db
      .update(recordSpans)
      .set({ toAt: new Date('2026-11-28T11:45:00Z') })
      .where(eq(recordSpans.recordId, left));
    expect(await preview(teacher, { checkOutRequired: true })).toMatchObject({
      changed: 1,
      members: [
        {
          membershipId: anna.membershipId,
          rate: { before: 1000, after: 0 },
          records: [
            {
              status: { before: 'present', after: 'present' },
              provenMinutes: { before: 210, after: 0 },
              isOpen: { before: false, after: true },
            },
          ],
        },
      ],
    });
    expect(await change(teacher, { checkOutRequired: true })).toMatchObject({ kind: 'saved', records: 1 });
    expect(await recordOf(anna, meetingId)).toMatchObject({ isOpen: true, provenMinutes: 0 });
    expect(await recordOf(bert, meetingId)).toMatchObject({ isOpen: false, provenMinutes: 210 });
    expect(await change(teacher, { checkOutRequired: false })).toMatchObject({ kind: 'saved', records: 1 });
    expect(await recordOf(anna, meetingId)).toMatchObject({ isOpen: false, provenMinutes: 210 });
  });
  test('records are judged anew; a teacher’s word stays', async () => {
    const meetingId = await course.addMeeting();
    await came(anna, meetingId, 8, { status: 'late', provenMinutes: 202 });
    await markRecords(who(teacher), {
      courseId: course.courseId,
      meetingId,
      marks: [{ membershipId: bert.membershipId, revision: 0, change: { kind: 'word', status: 'excused' } }],
    });
    expect(await change(teacher, { graceMinutes: 10 })).toMatchObject({ kind: 'saved', records: 1 });
    expect(await recordOf(anna, meetingId)).toMatchObject({ status: 'present', provenMinutes: 210 });
    expect(await recordOf(bert, meetingId)).toMatchObject({ status: 'excused', source: 'teacher' });
    expect(await auditOf('record.recomputed')).toHaveLength(1);
  });
});

describe('the preview', () => {
  test('names who changes, from what to what, and changes nothing itself', async () => {
    const meetingId = await course.addMeeting();
    await came(anna, meetingId, 40, { status: 'late', provenMinutes: 170 });
    await came(bert, meetingId, 0, { status: 'present', provenMinutes: 210 });
    const told = await preview(teacher, { absentAfterMinutes: 30, requiredPercent: 90 });
    expect(told).toMatchObject({
      kind: 'preview',
      students: 2,
      changed: 1,
      members: [
        {
          membershipId: anna.membershipId,
          name: 'Beispiel, Anna',
          rate: { before: 809, after: 809, isSame: true },
          standing: { before: 'fine', after: 'below' },
          recordCount: 1,
          records: [
            {
              localStart: '2026-11-28T09:00',
              status: { before: 'late', after: 'absent' },
              provenMinutes: { before: 170, after: 170 },
            },
          ],
        },
      ],
    });
    expect(await recordOf(anna, meetingId)).toMatchObject({ status: 'late', revision: 1 });
    expect(await ownPolicy()).toEqual({});
  });
  test('says so when nobody changes', async () => {
    const meetingId = await course.addMeeting();
    await came(bert, meetingId, 0, { status: 'present', provenMinutes: 210 });
    expect(await preview(teacher, { graceMinutes: 20, autoAbsent: true })).toEqual({
      kind: 'preview',
      students: 2,
      changed: 0,
      members: [],
    });
  });
  test('a threshold compares exact fractions: 168 of 210 minutes are 80 %, 167 are not', async () => {
    const meetingId = await course.addMeeting();
    await came(anna, meetingId, 42, { status: 'late', provenMinutes: 168 });
    await came(bert, meetingId, 43, { status: 'late', provenMinutes: 167 });
    await change(teacher, { requiredPercent: 79 });
    const told = await preview(teacher, { requiredPercent: 80 });
    expect(told).toMatchObject({
      changed: 1,
      members: [{ membershipId: bert.membershipId, standing: { before: 'fine', after: 'below' } }],
    });
  });

  test('whose standing changes comes first, then by name the German way', async () => {
    const zoe = await course.addMember('Zoë Zander');
    const meetingId = await course.addMeeting();
    await came(anna, meetingId, 8, { status: 'late', provenMinutes: 202 });
    await came(bert, meetingId, 9, { status: 'late', provenMinutes: 201 });
    await came(zoe, meetingId, 60, { status: 'late', provenMinutes: 150 });
    const told = await preview(teacher, { graceMinutes: 10, requiredPercent: 70 });
    expect(told.kind === 'preview' ? told.members.map(({ name }) => name) : []).toEqual([
      'Zander, Zoë',
      'Ärmel, Bert',
      'Beispiel, Anna',
    ]);
  });

  /** Everything that a teacher can set. */
  const policies: fc.Arbitrary<PolicyInput> = fc
    .record({
      graceMinutes: fc.integer({ min: 0, max: 60 }),
      absentAfter: fc.option(fc.integer({ min: 1, max: 90 })),
      autoAbsent: fc.boolean(),
      excusedCounts: fc.constantFrom<PolicyInput['excusedCounts'][]>('exempt', 'absent', 'present'),
      rateBy: fc.constantFrom<PolicyInput['rateBy'][]>('minutes', 'meetings'),
      requiredPercent: fc.integer({ min: 0, max: 99 }),
      warn: fc.boolean(),
      roundingMinutes: fc.constantFrom<PolicyInput['roundingMinutes'][]>(0, 5, 15),
      checkOutRequired: fc.boolean(),
    })
    .map(({ absentAfter, warn, ...policy }) => ({
      ...defaults,
      ...policy,
      absentAfterMinutes: absentAfter === null ? null : policy.graceMinutes + absentAfter,
      warnPercent: warn ? policy.requiredPercent + 1 : null,
    }));

  test('tells exactly what saving then does', async () => {
    const days = ['02', '09', '16', '23'];
    const held = await Promise.all(
      days.map((day) =>
        course.addMeeting({
          localStart: `2026-11-${day}T09:00`,
          localEnd: `2026-11-${day}T12:45`,
          startsAt: new Date(`2026-11-${day}T08:00:00Z`),
          endsAt: new Date(`2026-11-${day}T11:45:00Z`),
        }),
      ),
    );
    const members = [anna, bert, await course.addMember('Cem Çelik')];
    // Checked in on time each day, and out on every other.
    const dora = await course.addMember('Dora Demir');
    for (const [index, meetingId] of held.entries()) {
      const at = (minutes: number) =>
        new Date(Date.parse(`2026-11-${days[index] ?? ''}T08:00:00Z`) + minutes * minuteMs).toISOString();
      await markRecords(who(teacher), {
        courseId: course.courseId,
        meetingId,
        marks: members.map(({ membershipId }, place) => ({
          membershipId,
          revision: 0,
          change:
            (index + place) % 4 === 3
              ? { kind: 'word', status: 'excused' }
              : { kind: 'times', spans: [{ from: at(17 * index + 9 * place), to: at(225 - 11 * place) }] },
        })),
      });
      const id = newId();
      await tool.ctx.db.insert(attendanceRecords).values({
        ...{ id, meetingId, membershipId: dora.membershipId, source: 'check-in' },
        ...{ status: 'present', provenMinutes: 210 },
      });
      await tool.ctx.db.insert(recordSpans).values({
        ...{ id: newId(), recordId: id, fromAt: new Date(at(0)) },
        toAt: index % 2 === 0 ? null : new Date(at(225)),
      });
    }
    const totals = () => loadCourseTotals(who(teacher), course.courseId);

    await fc.assert(
      fc.asyncProperty(policies, async (wish) => {
        const told = await preview(teacher, wish);
        if (told.kind !== 'preview') throw new Error('not possible');
        const before = await totals();
        expect(await change(teacher, wish)).toMatchObject({ kind: 'saved' });
        const after = await totals();
        const toldOf = new Map(told.members.map((member) => [member.membershipId, member]));
        for (const { membershipId } of [...members, dora]) {
          const [was, is] = [before.get(membershipId), after.get(membershipId)];
          const { rate, standing, records } = toldOf.get(membershipId) ?? {};
          const shown = (figures: typeof is) => (figures?.rate ? tenthsOfPercent(figures.rate) : null);
          expect([shown(was), shown(is)]).toEqual([rate?.before ?? shown(is), rate?.after ?? shown(is)]);
          expect([was?.standing, is?.standing]).toEqual([
            standing?.before ?? is?.standing,
            standing?.after ?? is?.standing,
          ]);
          for (const record of records ?? []) {
            const [row] = await tool.ctx.db
              .select()
              .from(attendanceRecords)
              .where(
                and(
                  eq(attendanceRecords.meetingId, record.meetingId),
                  eq(attendanceRecords.membershipId, membershipId),
                ),
              );
            expect(row).toMatchObject({
              status: record.status.after,
              provenMinutes: record.provenMinutes.after,
              isOpen: record.isOpen.after,
            });
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('at the same moment', () => {
  /** Everything that waits for a lock in this database. */
  const waiting = async (count: number) => {
    await vi.waitFor(async () => {
      const { rows } = await tool.database.pool.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(rows[0]?.n).toBe(count);
    });
  };
  /** Somebody holds the course's row, so that a change of policy stands in the middle of its work. */
  async function whilePolicyChanges(meanwhile: () => Promise<unknown>) {
    const held = await tool.database.pool.connect();
    await held.query('begin');
    await held.query('select 1 from courses where id = $1 for no key update', [course.courseId]);
    const changing = change(teacher, { graceMinutes: 10 }, during);
    await waiting(1);
    const others = await meanwhile();
    await held.query('commit');
    held.release();
    expect(await changing).toMatchObject({ kind: 'saved' });
    return others;
  }
  const during = addMs(saturday, 10 * minuteMs);
  const typedCode = async (meetingId: string) => {
    await openCheckIn(who(teacher, during), { courseId: course.courseId, meetingId });
    const { codes } = await loadCodes(who(teacher, during), { courseId: course.courseId, meetingId });
    return codes[0]?.typed ?? '';
  };
  const checkIn = (member: SeededMember, code: string) =>
    checkInByTypedCode(who(member, during), {
      ...{ courseId: course.courseId, code },
      circumstances: { deviceKey: undefined, browserHash: null, network: null },
    });

  test('a mark and a check-in are judged by the new policy', async () => {
    const meetingId = await course.addMeeting();
    const code = await typedCode(meetingId);
    let marking: Promise<unknown> | undefined;
    let checking: Promise<unknown> | undefined;
    await whilePolicyChanges(async () => {
      checking = checkIn(anna, code);
      marking = markRecords(who(teacher, during), {
        courseId: course.courseId,
        meetingId,
        marks: [
          {
            membershipId: bert.membershipId,
            revision: 0,
            change: { kind: 'times', spans: [{ from: '2026-11-28T08:09:00.000Z', to: null }] },
          },
        ],
      });
      await waiting(3);
    });
    expect(await checking).toMatchObject({ kind: 'checked-in', status: 'present' });
    await marking;
    // Eight and nine minutes late: late by the old grace, there from the start by the new one.
    for (const member of [anna, bert]) {
      expect(await recordOf(member, meetingId)).toMatchObject({ status: 'present', provenMinutes: 210 });
    }
  });
  test('so is a check-in at a meeting that was planned meanwhile', async () => {
    await course.addMeeting();
    let added = '';
    await whilePolicyChanges(async () => {
      added = await course.addMeeting({ title: 'Dazwischen' });
      expect(await checkIn(anna, await typedCode(added))).toMatchObject({ status: 'late' });
    });
    expect(await recordOf(anna, added)).toMatchObject({ status: 'present', provenMinutes: 210 });
  });
  test('a wrong code does not wait in a circle with it', async () => {
    const meetingId = await course.addMeeting();
    const code = await typedCode(meetingId);
    await whilePolicyChanges(() => checkIn(anna, code.replace(/.$/, code.endsWith('2') ? '3' : '2')));
  });
  test('meetings far away keep their revision', async () => {
    const near = await course.addMeeting();
    const far = await course.addMeeting({
      startsAt: new Date('2026-10-01T08:00:00Z'),
      endsAt: new Date('2026-10-01T11:45:00Z'),
    });
    await change(teacher, { graceMinutes: 10 }, during);
    const revisions = await tool.ctx.db
      .select({ id: meetings.id, revision: meetings.revision })
      .from(meetings)
      .where(eq(meetings.courseId, course.courseId));
    expect(new Map(revisions.map(({ id, revision }) => [id, revision]))).toEqual(
      new Map([
        [near, 2],
        [far, 1],
      ]),
    );
  });
});

describe('the time zone', () => {
  const set = (timeZone: string, seen = 'Europe/Berlin') =>
    setTimeZone(who(teacher), { courseId: course.courseId, seen, timeZone });

  test('is the teacher’s from then on, audited, and moves no planned meeting', async () => {
    const meetingId = await course.addMeeting();
    expect(await set('America/New_York')).toEqual({ kind: 'saved' });
    const [row] = await tool.ctx.db.select().from(courses).where(eq(courses.id, course.courseId));
    expect(row).toMatchObject({ timeZone: 'America/New_York', timeZoneSource: 'setting' });
    const [meeting] = await tool.ctx.db.select().from(meetings).where(eq(meetings.id, meetingId));
    expect(meeting).toMatchObject({ timeZone: 'Europe/Berlin', startsAt: new Date('2026-11-28T08:00:00Z') });
    expect(await auditOf('course.time-zone-changed')).toMatchObject([
      { before: { timeZone: 'Europe/Berlin' }, after: { timeZone: 'America/New_York' } },
    ]);
  });
  test.each(['', 'Mars/Phobos', '+01:00', 'europe/berlin'])('%j is no zone', async (name) => {
    expect(await set(name)).toEqual({ kind: 'unknown' });
  });
  test('zones have the names of today, and the course’s own is among them whatever it is called', async () => {
    const { timeZones } = await settings();
    expect(timeZones).toEqual(
      expect.arrayContaining(['Asia/Kolkata', 'Europe/Kyiv', 'UTC', 'Europe/Berlin']),
    );
    expect(timeZones).not.toContain('Asia/Calcutta');
    await tool.ctx.db
      .update(courses)
      .set({ timeZone: 'Asia/Calcutta' })
      .where(eq(courses.id, course.courseId));
    expect((await settings()).timeZones).toContain('Asia/Calcutta');
    expect(await set('Asia/Kolkata', 'Asia/Calcutta')).toEqual({ kind: 'saved' });
  });
  test('who saw another one overwrites nothing', async () => {
    await set('Asia/Tokyo');
    expect(await set('Europe/Paris')).toEqual({ kind: 'conflict', theirs: 'Asia/Tokyo' });
  });
});

describe('the institution', () => {
  const say = async (wish: Partial<PolicyInput>, reset: (keyof PolicyInput)[] = []) =>
    updateInstitutionPolicy({ ...tool.ctx, now: afterwards }, await deploymentOf(), { set: wish, reset });

  test('a course that follows is judged anew, one with a word of its own is not', async () => {
    const meetingId = await course.addMeeting();
    await came(anna, meetingId, 8, { status: 'late', provenMinutes: 202 });
    expect(await say({ graceMinutes: 10 })).toMatchObject({
      kind: 'changed',
      fields: ['graceMinutes'],
      courses: 1,
      records: 1,
    });
    expect(await recordOf(anna, meetingId)).toMatchObject({ status: 'present' });
    // It follows, rather than to hold the value itself.
    expect(await ownPolicy()).toEqual({});
    expect(await auditOf('policy.changed')).toMatchObject([
      { actorPersonId: null, before: { graceMinutes: 5 }, after: { graceMinutes: 10 } },
    ]);

    await change(teacher, { graceMinutes: 7 });
    expect(await say({ graceMinutes: 20 })).toMatchObject({ courses: 0, records: 0 });
    expect((await settings()).policy.graceMinutes).toBe(7);
    expect((await settings()).institution.graceMinutes).toBe(20);
    expect(await recordOf(anna, meetingId)).toMatchObject({ status: 'late' });
  });
  test('said several times at once it is said once, and comes to an end', async () => {
    await course.addMeeting();
    const said = Array.from({ length: 3 }, () => say({ graceMinutes: 10 }));
    expect(await Promise.all(said)).toMatchObject(said.map(() => ({ kind: 'changed' })));
    expect(await ownPolicy()).toEqual({});
    expect((await settings()).policy.graceMinutes).toBe(10);
  });
  test('back to the tool’s own, and a form that was open meanwhile hears of it', async () => {
    await course.addMeeting();
    await say({ requiredPercent: 75, rateBy: 'meetings' });
    const { revision, policy } = await settings();
    await say({}, ['requiredPercent']);
    expect((await settings()).institution).toMatchObject({ requiredPercent: 80, rateBy: 'meetings' });
    const late = await updatePolicy(who(teacher), { courseId: course.courseId, revision, policy });
    expect(late).toMatchObject({ kind: 'conflict', theirs: { requiredPercent: 80 } });
  });
  test('what was broken off is finished by saying it again', async () => {
    await course.addMeeting();
    // The first half was done: the course holds the new value itself, the institution does not say it yet.
    await change(teacher, { graceMinutes: 10 });
    await say({ graceMinutes: 10 });
    expect(await ownPolicy()).toEqual({});
    expect((await settings()).policy.graceMinutes).toBe(10);
  });
  test('a course that holds nothing yet begins with it, and its log stays empty', async () => {
    expect(await say({ graceMinutes: 10 })).toMatchObject({ courses: 0 });
    expect((await settings()).policy.graceMinutes).toBe(10);
    expect(await auditOf('policy.changed')).toEqual([]);
  });
  test('a course that moves to another deployment goes on counting as it did', async () => {
    await course.addMeeting();
    await say({ graceMinutes: 10, requiredPercent: 75 });
    await change(teacher, { requiredPercent: 70 });
    const held = (await settings()).policy;
    const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    const found = await Promise.all(
      [course, other].map(async ({ courseId }) => {
        const [row] = await tool.ctx.db
          .select({ deployment: deployments })
          .from(deployments)
          .innerJoin(courses, eq(courses.deploymentId, deployments.id))
          .where(eq(courses.id, courseId));
        return row?.deployment;
      }),
    );
    const [from, to] = found;
    if (from === undefined || to === undefined) throw new Error('no deployments');
    await tool.ctx.db
      .update(deployments)
      .set({ policy: { graceMinutes: 3 } })
      .where(eq(deployments.id, to.id));
    expect(await moveDeployment(tool.ctx, { from, to, leave: [], dryRun: false })).toMatchObject({
      kind: 'moved',
    });
    expect((await settings()).policy).toEqual(held);
    expect(await ownPolicy()).toEqual({ graceMinutes: 10, requiredPercent: 70 });
  });
  test('what does not fit is said, and nothing changes', async () => {
    expect(await say({ absentAfterMinutes: 5 })).toEqual({
      kind: 'invalid',
      problems: { absentAfterMinutes: 'settings.problem.absent-within-grace' },
    });
    expect((await settings()).institution satisfies Partial<CoursePolicy>).toEqual(defaults);
  });
});
