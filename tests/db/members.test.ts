import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import type { Ctx } from '#lib/context.ts';
import {
  attendanceRecords,
  auditEvents,
  calendarFeeds,
  checkIns,
  courses,
  devices,
  memberships,
  membershipSpans,
  people,
  personConflicts,
  recordSpans,
  sections,
} from '#lib/db/schema.ts';
import { transaction } from '#lib/db/transaction.ts';
import { requirePlace } from '#lib/access/require-place.ts';
import { changeSpans } from '#lib/members/change-spans.ts';
import { decideConflict } from '#lib/members/decide-conflict.ts';
import { keepMembers } from '#lib/members/keep-members.ts';
import type { KeepMembers, SeenMember } from '#lib/members/keep-members.ts';
import { loadMember } from '#lib/members/load-member.ts';
import { loadMembers } from '#lib/members/load-members.ts';
import { placeholderSub } from '#lib/members/rules.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const context = useTestContext();
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;

beforeAll(async () => {
  course = await seedCourse(context.ctx.db);
  teacher = await course.addMember('Tina Lehrer', 'teacher');
});

const seen = (sub: string, change: Partial<SeenMember> = {}): SeenMember => ({
  sub,
  name: sub,
  givenName: undefined,
  familyName: undefined,
  email: undefined,
  locale: undefined,
  sisId: undefined,
  canvasUserId: undefined,
  role: 'student',
  isTestUser: false,
  sections: undefined,
  ...change,
});

const keep = (
  members: SeenMember[],
  change: Partial<KeepMembers> = {},
  ctx: Pick<Ctx, 'db' | 'now' | 'log'> = context.ctx,
) =>
  keepMembers(ctx, {
    platformId: course.platformId,
    courseId: course.courseId,
    members,
    spanStarts: { newMember: null, knownMember: null },
    launched: false,
    ...change,
  });

const peopleWith = (number: string) =>
  context.ctx.db
    .select({ id: people.id, sub: people.sub, mergedInto: people.mergedInto })
    .from(people)
    .where(eq(people.canvasUserId, number));

const locked = sql`select count(*)::int as n from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

const eventsOf = (subjectId: string) =>
  context.ctx.db
    .select()
    .from(auditEvents)
    .where(eq(auditEvents.subjectId, subjectId))
    .orderBy(auditEvents.id);

const section = (name: string) => [{ platformSectionId: `of ${name}`, name }];

describe('a member who is seen', () => {
  test('on a roster: where, by which service, and that they are new; a second time they are not', async () => {
    const listed = { syncId: newId(), by: 'nrps' as const, at: saturday };
    const [first] = await keep([seen('greta', { sections: section('A') })], { listed });
    const [again] = await keep([seen('greta', { sections: section('A') })], { listed });
    expect(first).toMatchObject({ isNew: true });
    expect(again).toEqual({ ...first, isNew: false });
    const [row] = await context.ctx.db
      .select()
      .from(memberships)
      .where(eq(memberships.id, first?.membershipId ?? ''));
    expect(row).toMatchObject({ listedAt: saturday, listedBy: 'nrps', listedInSync: listed.syncId });
    expect((await eventsOf(first?.membershipId ?? '')).map(({ action }) => action)).toEqual([
      'membership.joined',
    ]);
  });

  test.each([
    ['a roster', { listed: { syncId: newId(), by: 'rest' as const, at: saturday } }],
    ['a launch', { launched: true }],
  ])('by %s is missing no longer', async (_case, change) => {
    const [member] = await keep([seen('hanna')]);
    const id = member?.membershipId ?? '';
    await context.ctx.db.update(memberships).set({ missingSince: saturday }).where(eq(memberships.id, id));
    await keep([seen('hanna')], change);
    const [row] = await context.ctx.db.select().from(memberships).where(eq(memberships.id, id));
    expect(row?.missingSince).toBeNull();
  });

  test('in another section moves at this moment, and the log tells both spans', async () => {
    const [member] = await keep([seen('ines', { sections: section('A') })]);
    await keep([seen('ines', { sections: section('B') })]);
    const events = await eventsOf(member?.membershipId ?? '');
    expect(events.at(-1)).toMatchObject({
      action: 'membership.spans-changed',
      actorPersonId: null,
      before: { spans: [{ section: 'A', from: null, to: null }] },
      after: {
        spans: [
          { section: 'A', from: null, to: saturday.toISOString() },
          { section: 'B', from: saturday.toISOString(), to: null },
        ],
      },
    });
  });

  test('costs a fixed number of statements, however many there are', async () => {
    const count = async (members: SeenMember[]) => {
      let statements = 0;
      await transaction(context.ctx, (tx) => {
        const execute = (tx.db as unknown as { session: { prepareQuery: (...args: unknown[]) => unknown } })
          .session;
        const original = execute.prepareQuery.bind(execute);
        execute.prepareQuery = (...args) => {
          statements += 1;
          return original(...args);
        };
        return keep(members, {}, tx);
      });
      return statements;
    };
    const many = (name: string, length: number) =>
      Array.from({ length }, (_, index) =>
        seen(`${name}-${String(index)}`, { canvasUserId: `${name}${String(index)}`, sections: section('A') }),
      );
    const few = await count(many('few', 2));
    expect(few).toBeGreaterThan(0);
    expect(await count(many('more', 300))).toBe(few);
  });
});

describe('one human is one row', () => {
  test('known by the number alone first: the launch claims the row, in every course', async () => {
    const [listed] = await keep([seen(placeholderSub('501'), { canvasUserId: '501' })]);
    const [launched] = await keep([seen('jana', { canvasUserId: '501' })], { launched: true });
    expect(launched).toEqual({ ...listed, isNew: false });
    expect(await peopleWith('501')).toMatchObject([{ sub: 'jana' }]);
    const [again] = await keep([seen(placeholderSub('501'), { canvasUserId: '501' })]);
    expect(again?.personId).toBe(listed?.personId);
  });

  test('a row that a number alone has made joins the one that a launch without number has made, with its record', async () => {
    const [listed] = await keep([seen(placeholderSub('502'), { canvasUserId: '502' })]);
    const [launched] = await keep([seen('karl')], { launched: true });
    const meetingId = await course.addMeeting();
    const recordId = newId();
    await context.ctx.db.insert(attendanceRecords).values({
      ...{ id: recordId, meetingId, membershipId: listed?.membershipId ?? '' },
      ...{ status: 'present', provenMinutes: 210, source: 'teacher' },
    });
    const [member] = await keep([seen('karl', { canvasUserId: '502' })]);
    expect(member?.personId).toBe(launched?.personId);
    const [record] = await context.ctx.db
      .select()
      .from(attendanceRecords)
      .where(eq(attendanceRecords.id, recordId));
    expect(record?.membershipId).toBe(launched?.membershipId);
    expect(await peopleWith('502')).toMatchObject([{ sub: 'karl' }]);
  });

  test('when launches, both lists and both orders see them at the same moment', async () => {
    const numbers = ['511', '512', '513'];
    await Promise.all([
      ...numbers.flatMap((number) => [
        keep([seen(`person ${number}`, { canvasUserId: number })], { launched: true }),
        keep([seen(`person ${number}`)], { launched: true }),
      ]),
      keep(numbers.map((number) => seen(placeholderSub(number), { canvasUserId: number }))),
      keep(numbers.toReversed().map((number) => seen(`person ${number}`, { canvasUserId: number }))),
      keep(numbers.toReversed().map((number) => seen(placeholderSub(number), { canvasUserId: number }))),
    ]);
    for (const number of numbers) {
      expect(await peopleWith(number)).toMatchObject([{ sub: `person ${number}`, mergedInto: null }]);
    }
    const places = await context.ctx.db.execute<{ n: number }>(sql`
      select count(*)::int as n from memberships m join people p on p.id = m.person_id
      where m.course_id = ${course.courseId} and p.canvas_user_id in ('511', '512', '513')`);
    expect(places.rows[0]?.n).toBe(3);
  });

  test('a launch that waits while its row is merged is kept for the one who lives on', async () => {
    const [gone] = await keep([seen('mara')], { launched: true });
    const [living] = await keep([seen('mara two', { canvasUserId: '515' })], { launched: true });
    await keep([seen('mara', { canvasUserId: '515' })]);
    const [conflict] = await context.ctx.db
      .select()
      .from(personConflicts)
      .where(eq(personConflicts.personId, gone?.personId ?? ''));
    const launching = await context.ctx.db.transaction(async (db) => {
      const given = { courseId: course.courseId, conflictId: conflict?.id ?? '', decision: 'merged' };
      await decideConflict({ ...context.as(teacher.personId), db }, given);
      const waiting = keep([seen('mara')], { launched: true });
      waiting.catch(() => undefined);
      await expect.poll(async () => (await context.ctx.db.execute<{ n: number }>(locked)).rows[0]?.n).toBe(1);
      return [waiting];
    });
    expect(await launching[0]).toMatchObject([{ personId: living?.personId }]);
    expect(await context.ctx.db.$count(memberships, eq(memberships.personId, gone?.personId ?? ''))).toBe(0);
  });

  test('two subs with one number are two rows and one question, asked once', async () => {
    await keep([seen('lena', { canvasUserId: '521' })]);
    for (let time = 0; time < 2; time += 1) await keep([seen('leni', { canvasUserId: '521' })]);
    expect(await peopleWith('521')).toMatchObject([{ sub: 'lena' }]);
    const { conflicts } = await loadMembers(context.as(teacher.personId), course.courseId);
    expect(conflicts.map(({ asks, keeps }) => [asks.name, keeps.name])).toEqual([['leni', 'lena']]);
  });
});

describe('a teacher’s edit of spans', () => {
  let member: SeededMember;
  let sectionA: string;
  beforeAll(async () => {
    member = await course.addMember('Mona Muster');
    sectionA = newId();
    await context.ctx.db
      .insert(sections)
      .values({ id: sectionA, courseId: course.courseId, platformSectionId: 'a', name: 'Section A' });
  });
  const load = (membershipId = member.membershipId) =>
    loadMember(context.as(teacher.personId), { courseId: course.courseId, membershipId });
  const change = async (spans: unknown, seenVersion?: string, ctx = context.as(teacher.personId)) =>
    changeSpans(ctx, {
      ...{ courseId: course.courseId, membershipId: member.membershipId, spans },
      seen: seenVersion ?? (await load()).version,
    });

  test('is kept, audited, and not set back by a roster', async () => {
    const before = await load();
    const wanted = [
      { id: before.spans[0]?.id, sectionId: null, from: null, to: '2026-10-11' },
      { sectionId: sectionA, from: '2026-10-12', to: '2026-11-30' },
    ];
    expect(await change(wanted)).toEqual({ kind: 'saved' });
    const after = await load();
    expect(after.spans.map(({ from, to, sectionName }) => [sectionName, from, to])).toEqual([
      [null, null, '2026-10-11'],
      ['Section A', '2026-10-12', '2026-11-30'],
    ]);
    const [sub] = await context.ctx.db.select().from(people).where(eq(people.id, member.personId));
    await keep([seen(sub?.sub ?? '', { sections: [{ platformSectionId: 'a', name: 'Section A' }] })]);
    expect((await load()).version).toBe(after.version);
    expect((await eventsOf(member.membershipId)).at(-1)).toMatchObject({
      action: 'membership.spans-changed',
      actorPersonId: teacher.personId,
      before: { spans: [{ section: null, from: null, to: null }] },
    });
  });

  test('of spans that changed meanwhile overwrites nothing', async () => {
    const { version, spans } = await load();
    await change(
      spans.map(({ id, sectionId, from }) => ({ id, sectionId, from, to: '2026-11-20' })).slice(1),
    );
    const now = await load();
    expect(await change([{ sectionId: null, from: null, to: null }], version)).toEqual({ kind: 'conflict' });
    expect((await load()).version).toBe(now.version);
  });

  test('a span that was taken away is shown no more, and its section not opened again', async () => {
    await change([{ sectionId: null, from: '2026-09-01', to: null }]);
    const [sub] = await context.ctx.db.select().from(people).where(eq(people.id, member.personId));
    await keep([seen(sub?.sub ?? '', { sections: [{ platformSectionId: 'a', name: 'Section A' }] })]);
    expect((await load()).spans.map(({ sectionName, from }) => [sectionName, from])).toEqual([
      [null, '2026-09-01'],
    ]);
  });

  test.each([
    [
      'ends before it starts',
      [{ sectionId: null, from: '2026-10-02', to: '2026-10-01' }],
      'end-before-start',
    ],
    ['a day that is none', [{ sectionId: null, from: '2026-02-30', to: null }], 'from'],
    ['half a day', [{ sectionId: null, from: null, to: '' }], 'to'],
  ])('%s: a sentence at the field, nothing saved', async (_case, spans, problem) => {
    const { version } = await load();
    expect(await change(spans)).toEqual({ kind: 'invalid', problems: [{ index: 0, problem }] });
    expect((await load()).version).toBe(version);
  });

  test('without any span there is nothing to save', async () => {
    expect(await change([])).toEqual({ kind: 'none' });
  });

  test('a section of another course is none', async () => {
    const other = await seedCourse(context.ctx.db, { platformId: course.platformId });
    const foreign = newId();
    await context.ctx.db
      .insert(sections)
      .values({ id: foreign, courseId: other.courseId, platformSectionId: 'x', name: 'X' });
    await expect(change([{ sectionId: foreign, from: null, to: null }])).rejects.toMatchObject({
      code: 'invalid-input',
    });
  });

  test('of those who run the course is not made: they would lock themselves out', async () => {
    const given = {
      courseId: course.courseId,
      membershipId: teacher.membershipId,
      seen: '',
      spans: [{ sectionId: null, from: null, to: null }],
    };
    await expect(changeSpans(context.as(teacher.personId), given)).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

describe('who may', () => {
  const doors: [
    string,
    (ctx: Ctx, given: { membershipId: string }) => Promise<unknown>,
    { assistants: boolean },
  ][] = [
    ['see the members', (ctx) => loadMembers(ctx, course.courseId), { assistants: true }],
    [
      'see a member',
      (ctx, given) => loadMember(ctx, { courseId: course.courseId, ...given }),
      { assistants: true },
    ],
    [
      'edit spans',
      (ctx, given) =>
        changeSpans(ctx, {
          courseId: course.courseId,
          ...given,
          seen: '',
          spans: [{ sectionId: null, from: null, to: null }],
        }),
      { assistants: false },
    ],
    [
      'decide a conflict',
      (ctx) => decideConflict(ctx, { courseId: course.courseId, conflictId: newId(), decision: 'apart' }),
      { assistants: false },
    ],
  ];
  test.each(doors)('%s', async (_door, open, { assistants }) => {
    const student = await course.addMember('Nina Neugierig');
    const assistant = await course.addMember('Arno Assistenz', 'assistant');
    const other = await seedCourse(context.ctx.db, { platformId: course.platformId });
    const foreign = await other.addMember('Frida Fremd', 'teacher');
    const given = { membershipId: student.membershipId };
    await expect(open(context.ctx, given)).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(open(context.as(student.personId), given)).rejects.toMatchObject({ code: 'no-access' });
    await expect(open(context.as(foreign.personId), given)).rejects.toMatchObject({ code: 'no-access' });
    await expect(open(context.as(teacher.personId), given)).resolves.toBeDefined();
    if (assistants) await expect(open(context.as(assistant.personId), given)).resolves.toBeDefined();
    else {
      await expect(open(context.as(assistant.personId), given)).rejects.toMatchObject({
        code: 'not-for-assistants',
      });
      await context.ctx.db
        .update(courses)
        .set({ policy: { assistantsMayChangeSettings: true } })
        .where(eq(courses.id, course.courseId));
      await expect(open(context.as(assistant.personId), given)).resolves.toBeDefined();
      await context.ctx.db.update(courses).set({ policy: {} }).where(eq(courses.id, course.courseId));
    }
  });

  test('a member of another course is found by nobody of this one, nor the test user by anybody', async () => {
    const other = await seedCourse(context.ctx.db, { platformId: course.platformId });
    const foreign = await other.addMember('Otto Anderswo');
    const invented = await course.addMember('Test Student', 'student', { isTestUser: true });
    for (const { membershipId } of [foreign, invented]) {
      await expect(
        loadMember(context.as(teacher.personId), { courseId: course.courseId, membershipId }),
      ).rejects.toMatchObject({ code: 'not-found' });
    }
    const { members } = await loadMembers(context.as(teacher.personId), course.courseId);
    expect(members.map(({ membershipId }) => membershipId)).not.toContain(invented.membershipId);
  });
});

describe('two rows that are one human', () => {
  /** A conflict of two members of a fresh course: `asks` came with the number that `keeps` has. */
  async function seedConflict() {
    const place = await seedCourse(context.ctx.db, { platformId: course.platformId });
    const owner = await place.addMember('Olga Lehrer', 'teacher');
    const asks = await place.addMember('Petra Doppelt');
    const keeps = await place.addMember('Petra Doppel');
    const conflictId = newId();
    await context.ctx.db.insert(personConflicts).values({
      id: conflictId,
      personId: asks.personId,
      otherPersonId: keeps.personId,
      seenAt: saturday,
    });
    const decide = (decision: string, ctx = context.as(owner.personId)) =>
      decideConflict(ctx, { courseId: place.courseId, conflictId, decision });
    return { place, owner, asks, keeps, conflictId, decide };
  }
  const record = async (
    meetingId: string,
    { membershipId }: SeededMember,
    change: Partial<typeof attendanceRecords.$inferInsert> = {},
  ) => {
    const id = newId();
    await context.ctx.db.insert(attendanceRecords).values({
      ...{ id, meetingId, membershipId, status: 'present', provenMinutes: 60, source: 'check-in' },
      ...change,
    });
    await context.ctx.db.insert(recordSpans).values({ id, recordId: id, fromAt: saturday });
    return id;
  };
  const recordsOf = async ({ membershipId }: SeededMember) =>
    (
      await context.ctx.db
        .select({ id: attendanceRecords.id })
        .from(attendanceRecords)
        .where(eq(attendanceRecords.membershipId, membershipId))
        .orderBy(attendanceRecords.id)
    ).map(({ id }) => id);

  test('keep every record; of two of one meeting the better one stands, the audit keeps the other', async () => {
    const { place, asks, keeps, decide } = await seedConflict();
    const [alone, both, marked] = [
      await place.addMeeting(),
      await place.addMeeting(),
      await place.addMeeting(),
    ];
    const moved = await record(alone, asks);
    const longer = await record(both, asks, { provenMinutes: 180 });
    const shorter = await record(both, keeps, { provenMinutes: 30, note: 'came late' });
    const word = await record(marked, keeps, { source: 'teacher', status: 'excused', provenMinutes: 0 });
    const scan = await record(marked, asks, { provenMinutes: 200 });
    await context.ctx.db.insert(checkIns).values({
      ...{ id: newId(), courseId: place.courseId, meetingId: both, membershipId: asks.membershipId },
      ...{ outcome: 'checked-in', via: 'scan', scannedAt: saturday, confirmedAt: saturday },
    });

    expect(await decide('merged')).toEqual({ kind: 'merged' });
    expect(await recordsOf(keeps)).toEqual([moved, longer, word].sort());
    const told = await context.ctx.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.courseId, place.courseId))
      .orderBy(auditEvents.id);
    const dropped = told.filter(({ action }) => action === 'record.merged').map(({ before }) => before);
    expect(dropped).toEqual(
      expect.arrayContaining([
        null,
        expect.objectContaining({
          id: shorter,
          note: 'came late',
          provenMinutes: 30,
          presence: [expect.objectContaining({ to: null })],
        }),
        expect.objectContaining({ id: scan, provenMinutes: 200 }),
      ]),
    );
    const places = await context.ctx.db
      .select()
      .from(memberships)
      .where(eq(memberships.courseId, place.courseId));
    expect(places.map(({ id }) => id)).not.toContain(asks.membershipId);
    expect(await context.ctx.db.$count(checkIns, eq(checkIns.membershipId, keeps.membershipId))).toBe(1);
    expect(
      await context.ctx.db.$count(membershipSpans, eq(membershipSpans.membershipId, keeps.membershipId)),
    ).toBe(1);
  });

  test('in every course of the platform, and both logins lead to the one place', async () => {
    const { place, asks, keeps, decide } = await seedConflict();
    const elsewhere = await seedCourse(context.ctx.db, { platformId: course.platformId });
    const there = await elsewhere.addMember({ personId: asks.personId });
    const kept = await record(await elsewhere.addMeeting(), there);
    await decide('merged');
    expect(await recordsOf(there)).toEqual([kept]);
    for (const personId of [asks.personId, keeps.personId]) {
      expect(await requirePlace(context.as(personId), place.courseId)).toMatchObject({
        membershipId: keeps.membershipId,
        personId: keeps.personId,
      });
      expect(await requirePlace(context.as(personId), elsewhere.courseId)).toMatchObject({
        membershipId: there.membershipId,
      });
    }
    expect(await context.ctx.db.$count(auditEvents, eq(auditEvents.courseId, elsewhere.courseId))).toBe(1);
  });

  test('a later launch or list entry of the old sub belongs to the one who lives on', async () => {
    const { place, asks, keeps, decide } = await seedConflict();
    await decide('merged');
    const [old] = await context.ctx.db.select().from(people).where(eq(people.id, asks.personId));
    const [living] = await context.ctx.db.select().from(people).where(eq(people.id, keeps.personId));
    const kept = await keep([seen(old?.sub ?? ''), seen(living?.sub ?? '')], { courseId: place.courseId });
    expect(kept).toEqual([{ personId: keeps.personId, membershipId: keeps.membershipId, isNew: false }]);
  });

  test('phones and the calendar link follow', async () => {
    const { asks, keeps, decide } = await seedConflict();
    const key = newId();
    await context.ctx.db.insert(devices).values({
      ...{ id: newId(), keyHash: key, platformId: course.platformId, personId: asks.personId },
      expiresAt: new Date('2027-06-01T00:00:00Z'),
    });
    await context.ctx.db
      .insert(calendarFeeds)
      .values({ personId: asks.personId, tokenHash: key, sealedToken: 'sealed' });
    await decide('merged');
    const [device] = await context.ctx.db.select().from(devices).where(eq(devices.keyHash, key));
    const [feed] = await context.ctx.db.select().from(calendarFeeds).where(eq(calendarFeeds.tokenHash, key));
    expect([device?.personId, feed?.personId]).toEqual([keeps.personId, keeps.personId]);
  });

  test('are merged once, when two teachers say so at once', async () => {
    const { place, asks, keeps, decide } = await seedConflict();
    const moved = await record(await place.addMeeting(), asks);
    const answers = await Promise.all([decide('merged'), decide('merged'), decide('apart')]);
    expect(answers.filter(({ kind }) => kind === 'changed')).toHaveLength(2);
    if (answers[2].kind === 'changed') expect(await recordsOf(keeps)).toEqual([moved]);
  });

  test('three rows of one human, merged at once from both sides, are one', async () => {
    const { place, owner, asks, keeps, decide } = await seedConflict();
    const third = await place.addMember('Petra Dreifach');
    const secondId = newId();
    await context.ctx.db.insert(personConflicts).values({
      ...{ id: secondId, personId: third.personId, otherPersonId: asks.personId, seenAt: saturday },
    });
    const decideSecond = () =>
      decideConflict(context.as(owner.personId), {
        ...{ courseId: place.courseId, conflictId: secondId, decision: 'merged' },
      });
    const [, second] = await Promise.all([decide('merged'), decideSecond()]);
    // Where the first was faster, the question is about another row now, and is asked anew.
    if (second.kind === 'changed') expect(await decideSecond()).toEqual({ kind: 'merged' });
    const rows = await context.ctx.db
      .select()
      .from(memberships)
      .where(eq(memberships.courseId, place.courseId));
    expect(rows.map(({ id }) => id).sort()).toEqual([owner.membershipId, keeps.membershipId].sort());
    for (const personId of [asks.personId, third.personId]) {
      expect(await requirePlace(context.as(personId), place.courseId)).toMatchObject({
        personId: keeps.personId,
      });
    }
  });

  test('two people stay two, and are not asked about again', async () => {
    const { place, owner, asks, keeps, decide } = await seedConflict();
    expect(await decide('apart')).toEqual({ kind: 'apart' });
    await context.ctx.db.update(people).set({ canvasUserId: '601' }).where(eq(people.id, keeps.personId));
    const [row] = await context.ctx.db.select().from(people).where(eq(people.id, asks.personId));
    await keep([seen(row?.sub ?? '', { canvasUserId: '601' })], { courseId: place.courseId });
    const { conflicts, members } = await loadMembers(context.as(owner.personId), place.courseId);
    expect(conflicts).toEqual([]);
    expect(members).toHaveLength(3);
  });

  test('are nobody’s business in another course', async () => {
    const { conflictId } = await seedConflict();
    const given = { courseId: course.courseId, conflictId, decision: 'merged' };
    expect(await decideConflict(context.as(teacher.personId), given)).toEqual({ kind: 'changed' });
  });
});

describe('the list of members', () => {
  test('is sorted the German way, tells who left, and shows any name as it is', async () => {
    const place = await seedCourse(context.ctx.db, { platformId: course.platformId });
    const owner = await place.addMember('Olga Öffner', 'teacher');
    const long = `Zoe ${'x'.repeat(4_000)}`;
    const names = ['Ina Zorn', 'Ida Oben', '<b>Bold</b> <script>', 'مريم \u202Eabc', long];
    for (const name of names) await place.addMember(name);
    await place.addMember('Lars Los', 'student', { left: true });
    const { members } = await loadMembers(context.as(owner.personId), place.courseId);
    const shown = members.map(({ name }) => name);
    expect(shown.indexOf('Oben, Ida')).toBeLessThan(shown.indexOf('Öffner, Olga'));
    expect(shown.indexOf('Öffner, Olga')).toBeLessThan(shown.indexOf('Zorn, Ina'));
    expect(shown).toContain('<script>, <b>Bold</b>');
    expect(members.filter(({ leftAt }) => leftAt !== null).map(({ name }) => name)).toEqual(['Los, Lars']);
  });
});
