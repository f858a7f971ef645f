import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { loadHistory } from '#lib/audit/load-history.ts';
import type { CoursePolicy } from '#lib/base/course-policy.ts';
import { newId } from '#lib/base/ids.ts';
import { checkInForMember } from '#lib/check-in/check-in-for-member.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { loadCheckInResult } from '#lib/check-in/load-check-in-result.ts';
import { loadScan } from '#lib/check-in/load-scan.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import {
  attendanceRecords,
  auditEvents,
  checkInReviews,
  checkIns,
  courses,
  meetings,
  personConflicts,
  sections,
  spotCheckPicks,
  spotChecks,
} from '#lib/db/schema.ts';
import { transaction } from '#lib/db/transaction.ts';
import { decideConflict } from '#lib/members/decide-conflict.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { decideCheckIns } from '#lib/reviews/decide-check-ins.ts';
import { loadReview } from '#lib/reviews/load-review.ts';
import { countFlagged } from '#lib/reviews/rules.ts';
import { dropSpotCheck, endSpotCheck, tickPick } from '#lib/reviews/run-spot-check.ts';
import { startSpotCheck } from '#lib/reviews/start-spot-check.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who, place } = room;
let ben: SeededMember;
let cem: SeededMember;

beforeEach(async () => {
  ben = await room.course.addMember('Ben Muster');
  cem = await room.course.addMember('Cem Öztürk');
  await openCheckIn(who(room.teacher), place());
});

const network = '203.0.113.0/24';

/** A code that a browser has scanned off the wall. */
async function scan(browserHash: string, now = saturday): Promise<string> {
  const [shown] = (await loadCodes(who(room.teacher, now), place())).codes;
  const scanned = await loadScan(who(undefined, now), {
    ...{ code: shown?.code ?? '', cookieTicket: undefined, deviceKey: undefined, browserHash },
  });
  if (!('ticket' in scanned)) throw new Error(`refused: ${scanned.kind}`);
  return scanned.ticket;
}

const confirm = (member: SeededMember, ticket: string, browserHash: string, now = saturday) =>
  confirmScan(who(member, now), {
    ticket,
    circumstances: { browserHash, deviceKey: undefined, network },
  });

/** A check-in; the scan and the confirmation come from one phone, unless told otherwise. */
async function checkIn(member: SeededMember, phone = member.personId, now = saturday, scannedBy = phone) {
  return confirm(member, await scan(scannedBy, now), phone, now);
}

const review = (now = saturday, by = room.teacher) => loadReview(who(by, now), place());
const decide = (
  checkInIds: readonly string[],
  decision: 'fine' | 'ask' | 'set-aside' | null,
  { by = room.teacher, now = saturday }: { by?: SeededMember; now?: Date } = {},
) => decideCheckIns(who(by, now), { ...place(), checkInIds, decision });
const evidenceOf = (member: SeededMember) =>
  tool.ctx.db.select().from(checkIns).where(eq(checkIns.membershipId, member.membershipId));
const idsOf = async (member: SeededMember) => (await evidenceOf(member)).map(({ id }) => id);
const recordOf = async (member: SeededMember, now = saturday) =>
  (await loadRegister(who(room.teacher, now), place())).rows.find(
    ({ membershipId }) => membershipId === member.membershipId,
  )?.record ?? null;
const flagged = async () => {
  const { ofMoment, coming } = await loadMeetings(who(room.teacher), room.course.courseId);
  return [ofMoment, ...coming].find((meeting) => meeting?.id === room.meetingId)?.flagged;
};
const told = async (now = saturday) => {
  const { cards } = await review(now);
  return (['open', 'ask', 'done'] as const).flatMap((state) =>
    cards[state].map(
      ({ reason, people }) =>
        `${state} ${reason}: ${people
          .map(({ name }) => name)
          .sort()
          .join('; ')}`,
    ),
  );
};
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, room.course.courseId), eq(auditEvents.action, action)))
    .orderBy(asc(auditEvents.id));
const mark = (member: SeededMember, status: 'present' | 'absent', revision: number) =>
  markRecords(who(room.teacher), {
    ...place(),
    marks: [{ membershipId: member.membershipId, revision, change: { kind: 'word', status } }],
  });

describe('the doors', () => {
  test('those who mark see and decide; nobody else does', async () => {
    await checkIn(room.anna);
    const [checkInId = ''] = await idsOf(room.anna);
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const assistant = await room.course.addMember('As Sistent', 'assistant');
    const refusals: [SeededMember | undefined, string][] = [
      [undefined, 'not-signed-in'],
      [room.anna, 'no-access'],
      [await room.course.addMember('Ob Server', 'observer'), 'no-access'],
      [await other.addMember('Fre Md', 'teacher'), 'no-access'],
    ];
    const doors = (ctx: ReturnType<typeof who>) => [
      () => loadReview(ctx, place()),
      () => decideCheckIns(ctx, { ...place(), checkInIds: [checkInId], decision: 'set-aside' }),
      () => startSpotCheck(ctx, { ...place(), size: 1 }),
      () => endSpotCheck(ctx, { ...place(), spotCheckId: newId() }),
      () => dropSpotCheck(ctx, { ...place(), spotCheckId: newId() }),
      () => tickPick(ctx, { ...place(), spotCheckId: newId(), membershipId: newId(), isThere: true }),
    ];
    for (const [member, code] of refusals) {
      for (const door of doors(who(member))) await expect(door()).rejects.toMatchObject({ code });
    }
    for (const door of doors(who(assistant))) await expect(door()).resolves.toBeDefined();
    await tool.ctx.db
      .update(courses)
      .set({ policy: { assistantsMayMark: false } satisfies Partial<CoursePolicy> })
      .where(eq(courses.id, room.course.courseId));
    for (const door of doors(who(assistant))) {
      await expect(door()).rejects.toMatchObject({ code: 'not-for-assistants' });
    }
  });

  test('another course’s meeting, another meeting’s check-in, and nonsense are refused, and change nothing', async () => {
    await checkIn(room.anna);
    const ids = await idsOf(room.anna);
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const foreign = await other.addMeeting();
    const second = await room.course.addMeeting();
    const by = who(room.teacher);
    for (const meetingId of [foreign, second, newId()]) {
      await expect(
        decideCheckIns(by, {
          courseId: room.course.courseId,
          meetingId,
          checkInIds: ids,
          decision: 'set-aside',
        }),
      ).rejects.toMatchObject({ code: 'not-found' });
    }
    await expect(loadReview(by, { ...place(), meetingId: foreign })).rejects.toMatchObject({
      code: 'not-found',
    });
    for (const bad of [[], ['x'], undefined]) {
      await expect(
        decideCheckIns(by, { ...place(), checkInIds: bad, decision: 'fine' }),
      ).rejects.toMatchObject({ code: 'invalid-input' });
    }
    for (const size of [0, 21, 2.5, 'x']) {
      await expect(startSpotCheck(by, { ...place(), size })).rejects.toMatchObject({ code: 'invalid-input' });
    }
    const decided = await tool.ctx.db
      .select()
      .from(checkInReviews)
      .where(inArray(checkInReviews.checkInId, ids));
    expect(decided).toEqual([]);
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present' });
  });
});

describe('what is worth a look', () => {
  test('one phone for two people: a card, flags in the register, and one number everywhere', async () => {
    await checkIn(room.anna);
    await checkIn(ben, room.anna.personId);
    await checkIn(cem);
    expect(await told()).toEqual(['open shared-phone: Beispiel, Anna; Muster, Ben']);
    expect(await flagged()).toBe(2);
    expect((await recordOf(room.anna))?.flags).toEqual(['shared-phone']);
    expect((await recordOf(cem))?.flags).toEqual([]);
    const { cards } = await review();
    expect(countFlagged([...cards.open, ...cards.ask, ...cards.done])).toBe(2);
  });

  test('an accomplice scans once for one, and forwards links to two: accepted and flagged, or refused and noted', async () => {
    await checkIn(room.anna);
    const link = await scan(room.anna.personId);
    expect(await confirm(ben, link, 'ben’s laptop')).toMatchObject({ kind: 'checked-in' });
    expect(await confirm(cem, link, 'cem’s laptop')).toEqual({ kind: 'ticket-used' });
    expect(await told()).toEqual(['open passed-on: Muster, Ben; Öztürk, Cem']);
    const [card] = (await review()).cards.open;
    expect(card?.scannedBy?.name).toBe('Beispiel, Anna');
    expect(card?.people.map(({ name, counts }) => [name, counts])).toEqual([
      ['Muster, Ben', true],
      ['Öztürk, Cem', false],
    ]);
    expect(await flagged()).toBe(2);
    expect(await recordOf(cem)).toBeNull();
  });

  test('wrong codes, also those that lead to no meeting; test users are nobody’s business', async () => {
    for (let guess = 0; guess < 5; guess += 1) {
      await checkInByTypedCode(who(ben), {
        courseId: room.course.courseId,
        code: 'zzzz-0000',
        circumstances: { browserHash: null, deviceKey: undefined, network },
      });
    }
    expect(await told()).toEqual(['open wrong-codes: Muster, Ben']);
    expect(await flagged()).toBe(0);
    expect(await decide(await idsOf(ben), 'ask')).toEqual({ decided: 5 });
    expect(await told()).toEqual(['ask wrong-codes: Muster, Ben']);
    const preview = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    await tool.ctx.db
      .update(checkIns)
      .set({ membershipId: preview.membershipId })
      .where(eq(checkIns.membershipId, ben.membershipId));
    expect(await told()).toEqual([]);
  });

  test('a missing check-out, where the course requires one and the meeting is over', async () => {
    await tool.ctx.db
      .update(courses)
      .set({ policy: { checkOutRequired: true } satisfies Partial<CoursePolicy> })
      .where(eq(courses.id, room.course.courseId));
    for (const member of [room.anna, ben, cem]) await checkIn(member);
    for (const member of [room.anna, ben]) {
      await tool.ctx.db.insert(checkIns).values({
        ...{ id: newId(), ...place(), membershipId: member.membershipId, outcome: 'checked-out' },
        ...{ direction: 'out', via: 'scan', scannedAt: minutes(225), confirmedAt: minutes(225) },
      });
    }
    expect(await told(minutes(200))).toEqual([]);
    expect(await told(minutes(240))).toEqual(['open no-check-out: Öztürk, Cem']);
  });

  test('a student’s own page tells of no flag', async () => {
    await checkIn(room.anna);
    await checkIn(ben, room.anna.personId);
    const mine = await loadMyAttendance(who(room.anna), room.course.courseId);
    expect(JSON.stringify(mine)).not.toContain('shared-phone');
  });

  test('a student is told that their check-in does not count, wherever they look; of a helper’s slip they are not', async () => {
    const mine = async (member: SeededMember) => {
      const { coming } = await loadMyAttendance(who(member), room.course.courseId);
      return coming.find(({ id }) => id === room.meetingId);
    };
    const result = async (checkInId: string) =>
      loadCheckInResult(who(ben), { checkInId, deviceKey: undefined });
    const ticket = await scan('ben’s phone');
    await confirm(ben, ticket, 'ben’s phone');
    const [id = ''] = await idsOf(ben);
    expect(await result(id)).toMatchObject({ kind: 'checked-in', status: 'present' });
    expect(await mine(ben)).toMatchObject({ isSetAside: false, record: { status: 'present' } });

    await decide([id], 'set-aside');
    expect(await result(id)).toMatchObject({ kind: 'noted', status: null, provenMinutes: 0 });
    expect(await confirm(ben, ticket, 'ben’s phone')).toMatchObject({ kind: 'noted', status: null });
    expect(await mine(ben)).toMatchObject({ isSetAside: true, record: null });
    await decide([id], null);
    expect(await result(id)).toMatchObject({ kind: 'checked-in', status: 'present' });
    expect(await mine(ben)).toMatchObject({ isSetAside: false });

    const helped = await checkInForMember(who(room.teacher), {
      ...{ ...place(), membershipId: cem.membershipId, direction: 'in', attemptId: newId() },
    });
    if (!('checkInId' in helped)) throw new Error(helped.kind);
    await decide([helped.checkInId], 'set-aside');
    expect(await mine(cem)).toMatchObject({ isSetAside: false, record: null });
  });
});

describe('decisions', () => {
  test('fine: the flag goes, the record stays; undone, it is back', async () => {
    await checkIn(room.anna);
    await checkIn(ben, room.anna.personId);
    const before = await recordOf(ben);
    expect(await decide(await idsOf(ben), 'fine')).toEqual({ decided: 1 });
    expect(await recordOf(ben)).toEqual({ ...before, flags: [] });
    expect(await flagged()).toBe(1);
    await decide(await idsOf(room.anna), 'fine');
    expect(await told()).toEqual(['done shared-phone: Beispiel, Anna; Muster, Ben']);
    expect(await flagged()).toBe(0);
    await decide(await idsOf(ben), null);
    expect(await recordOf(ben)).toEqual(before);
    expect(await told()).toEqual(['open shared-phone: Beispiel, Anna; Muster, Ben']);
  });

  test('ask: it waits in the list, and stays a flag', async () => {
    await checkIn(room.anna);
    await checkIn(ben, room.anna.personId);
    await decide([...(await idsOf(ben)), ...(await idsOf(room.anna))], 'ask');
    expect(await told()).toEqual(['ask shared-phone: Beispiel, Anna; Muster, Ben']);
    expect(await flagged()).toBe(2);
  });

  test('set aside: the only evidence goes, and the record with it; undone, it counts as before, and revisions go on', async () => {
    await checkIn(ben);
    const before = await recordOf(ben);
    expect(before).toMatchObject({ status: 'present', revision: 1 });
    await decide(await idsOf(ben), 'set-aside');
    expect(await recordOf(ben)).toBeNull();
    expect(await told()).toEqual(['done by-hand: Muster, Ben']);
    await decide(await idsOf(ben), null);
    expect(await recordOf(ben)).toEqual({ ...before, revision: 2 });

    const events = await auditOf('record.reviewed');
    expect(events.map(({ before, after }) => [before !== null, after !== null]).sort()).toEqual([
      [false, true],
      [true, false],
    ]);
    expect((await auditOf('record.evidence-reviewed')).map(({ after }) => after)).toMatchObject([
      { decision: 'set-aside', meetingId: room.meetingId, membershipId: ben.membershipId },
      { decision: null },
    ]);
    const { entries } = await loadHistory(who(room.teacher), {
      courseId: room.course.courseId,
      of: { kind: 'record', meetingId: room.meetingId, membershipId: ben.membershipId },
    });
    expect(entries.map(({ action }) => action)).toContain('record.evidence-reviewed');
  });

  test('set aside: what remains counts, by its own time', async () => {
    await checkIn(ben);
    await checkIn(ben, 'ben’s second phone', minutes(14));
    const [first] = (await evidenceOf(ben)).filter(({ outcome }) => outcome === 'checked-in');
    await decide([first?.id ?? ''], 'set-aside', { now: minutes(15) });
    expect(await recordOf(ben)).toMatchObject({
      ...{ status: 'late', revision: 2, source: 'check-in' },
      spans: [{ from: minutes(14).toISOString(), to: null }],
    });
  });

  test('set aside where another says the same: a new revision all the same, so that nobody judges by the old', async () => {
    await checkIn(ben);
    await checkIn(ben, 'ben’s second phone', minutes(1));
    const [second] = (await evidenceOf(ben)).filter(({ outcome }) => outcome === 'already');
    const before = await recordOf(ben);
    await decide([second?.id ?? ''], 'set-aside');
    expect(await recordOf(ben)).toEqual({ ...before, revision: 2 });
  });

  test('who was set aside may come and scan again', async () => {
    await checkIn(ben);
    await decide(await idsOf(ben), 'set-aside');
    expect(await checkIn(ben, 'ben’s phone', minutes(14))).toMatchObject({
      kind: 'checked-in',
      status: 'late',
    });
    expect(await recordOf(ben)).toMatchObject({
      revision: 2,
      spans: [{ from: minutes(14).toISOString(), to: null }],
    });
  });

  test('a teacher’s word stays, before and after; taken back, what was set aside does not speak', async () => {
    await checkIn(ben);
    await mark(ben, 'present', 1);
    const before = await recordOf(ben);
    await decide(await idsOf(ben), 'set-aside');
    expect(await recordOf(ben)).toEqual(before);
    // The list says so, where it would else seem that the decision had done something.
    expect((await review()).cards.done[0]?.people).toMatchObject([
      { name: 'Muster, Ben', entered: 'present' },
    ]);
    const marks = [{ membershipId: ben.membershipId, revision: 2, change: { kind: 'take-back' } }];
    await markRecords(who(room.teacher), { ...place(), marks });
    expect(await recordOf(ben)).toBeNull();
  });

  test('the same decision twice is made once; of two at once the later stands, and the record follows it', async () => {
    await checkIn(ben);
    const ids = await idsOf(ben);
    const assistant = await room.course.addMember('As Sistent', 'assistant');
    await Promise.all([decide(ids, 'set-aside'), decide(ids, 'set-aside', { by: assistant })]);
    expect(await auditOf('record.evidence-reviewed')).toHaveLength(1);
    expect(await decide(ids, 'set-aside')).toEqual({ decided: 0 });
    await Promise.all([decide(ids, null), decide(ids, 'set-aside', { by: assistant }), decide(ids, 'fine')]);
    const [kept] = await tool.ctx.db
      .select()
      .from(checkInReviews)
      .where(eq(checkInReviews.checkInId, ids[0] ?? ''));
    expect((await recordOf(ben)) === null).toBe(kept?.decision === 'set-aside');
  });

  test('a member of another section, whose record went, comes back with the decision', async () => {
    const sectionId = newId();
    await tool.ctx.db
      .insert(sections)
      .values({ id: sectionId, courseId: room.course.courseId, platformSectionId: 'b', name: 'B' });
    await tool.ctx.db
      .update(meetings)
      .set({ sectionIds: [sectionId] })
      .where(eq(meetings.id, room.meetingId));
    await checkIn(ben);
    await tool.ctx.db
      .update(checkIns)
      .set({ flags: ['outside-network'] })
      .where(eq(checkIns.membershipId, ben.membershipId));
    await decide(await idsOf(ben), 'set-aside');
    expect(await told()).toEqual(['done outside-network: Muster, Ben']);
    await decide(await idsOf(ben), 'fine');
    expect(await recordOf(ben)).toMatchObject({ status: 'present', flags: [] });
  });

  test('set aside while the same member checks in again: one record, by what counts', async () => {
    await checkIn(ben);
    const [first = ''] = await idsOf(ben);
    const ticket = await scan('ben’s second phone', minutes(14));
    await Promise.all([
      decide([first], 'set-aside', { now: minutes(14) }),
      confirm(ben, ticket, 'ben’s second phone', minutes(14)),
    ]);
    const records = await tool.ctx.db
      .select()
      .from(attendanceRecords)
      .where(eq(attendanceRecords.membershipId, ben.membershipId));
    expect(records).toHaveLength(1);
    expect(await recordOf(ben)).toMatchObject({ status: 'late' });
  });

  test('set aside while a check-out that was judged by it waits: what was set aside does not come back', async () => {
    await checkIn(ben);
    const [decided, mayCommit] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const checkInIds = await idsOf(ben);
    const deciding = transaction(who(room.teacher), async (tx) => {
      await decideCheckIns(tx, { ...place(), checkInIds, decision: 'set-aside' });
      decided.resolve(undefined);
      await mayCommit.promise;
    });
    await decided.promise;
    const leaving = checkInForMember(who(room.teacher, minutes(60)), {
      ...{ ...place(), membershipId: ben.membershipId, direction: 'out', attemptId: newId() },
    });
    const waiting = sql`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await tool.ctx.db.execute(waiting)).rows[0]?.n).toBe(1);
    mayCommit.resolve(undefined);
    await deciding;

    expect(await leaving).toMatchObject({ kind: 'unpaired', status: null });
    expect(await recordOf(ben, minutes(60))).toBeNull();
  });
});

describe('spot checks', () => {
  const start = async (size: number, by = room.teacher) => {
    const started = await startSpotCheck(who(by), { ...place(), size });
    if (started.kind === 'nobody') throw new Error('nobody is here');
    return started.spotCheckId;
  };
  const tick = (spotCheckId: string, member: SeededMember, isThere: boolean) =>
    tickPick(who(room.teacher), { ...place(), spotCheckId, membershipId: member.membershipId, isThere });

  test('draw among those who are here by their own check-in: not whom a teacher entered, and nobody who left', async () => {
    expect(await startSpotCheck(who(room.teacher), { ...place(), size: 5 })).toEqual({ kind: 'nobody' });
    for (const member of [room.anna, ben, cem]) await checkIn(member);
    await mark(room.anna, 'present', 1);
    await start(20);
    const [check] = (await review()).spotChecks;
    expect(check).toMatchObject({ checkedIn: 2, called: 2, missing: 0, endedAt: null, rate: undefined });
    expect(check?.picks.map(({ name }) => name).sort()).toEqual(['Muster, Ben', 'Öztürk, Cem']);
  });

  test('two teachers at once draw one lot; what one ticks the other sees; whoever is not ticked was not there', async () => {
    const assistant = await room.course.addMember('As Sistent', 'assistant');
    for (const member of [room.anna, ben, cem]) await checkIn(member);
    const [mine, theirs] = await Promise.all([start(3), start(3, assistant)]);
    expect(mine).toBe(theirs);
    expect(await tick(mine, ben, true)).toEqual({ kind: 'done' });
    expect(await tick(mine, cem, true)).toEqual({ kind: 'done' });
    expect(await tick(mine, cem, false)).toEqual({ kind: 'done' });
    const [seen] = (await review(saturday, assistant)).spotChecks;
    expect(new Map(seen?.picks.map(({ name, isThere }) => [name, isThere]))).toEqual(
      new Map([
        ['Muster, Ben', true],
        ['Öztürk, Cem', false],
        ['Beispiel, Anna', null],
      ]),
    );
    const key = { ...place(), spotCheckId: mine };
    const ends = await Promise.all([endSpotCheck(who(room.teacher), key), endSpotCheck(who(assistant), key)]);
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['changed', 'done']);
    const [ended] = (await review()).spotChecks;
    expect(ended).toMatchObject({ missing: 2, rate: { found: 2 / 3, low: 2 / 3, high: 2 / 3 } });
    expect(await tick(mine, ben, false)).toEqual({ kind: 'changed' });
    expect((await auditOf('spot-check.ended')).map(({ after }) => after)).toEqual([
      { called: 3, missing: 2 },
    ]);
  });

  test('draw nobody when the class has long gone, although somebody never checked out', async () => {
    await checkIn(ben);
    const draw = (now: Date) => startSpotCheck(who(room.teacher, now), { ...place(), size: 1 });
    const over = 227;
    expect(await review(minutes(over + 31))).toMatchObject({ present: 0 });
    expect(await draw(minutes(over + 31))).toEqual({ kind: 'nobody' });
    expect(await review(minutes(over + 30))).toMatchObject({ present: 1 });
    expect(await draw(minutes(over + 30))).toMatchObject({ kind: 'started' });
  });

  test('whoever checks out after the lot was drawn is said to have left', async () => {
    for (const member of [room.anna, ben]) await checkIn(member);
    await start(2);
    const leave = { membershipId: ben.membershipId, direction: 'out', attemptId: newId() } as const;
    await checkInForMember(who(room.teacher, minutes(60)), { ...place(), ...leave });
    const [check] = (await review(minutes(61))).spotChecks;
    expect(new Map(check?.picks.map(({ name, leftAt }) => [name, leftAt]))).toEqual(
      new Map([
        ['Muster, Ben', minutes(60)],
        ['Beispiel, Anna', null],
      ]),
    );
  });

  test('can be corrected, or dropped; another one does not go on beside it', async () => {
    for (const member of [room.anna, ben]) await checkIn(member);
    const first = await start(2);
    await endSpotCheck(who(room.teacher), { ...place(), spotCheckId: first });
    const second = await start(1);
    expect(second).not.toBe(first);
    expect(await endSpotCheck(who(room.teacher), { ...place(), spotCheckId: first }, false)).toEqual({
      kind: 'changed',
    });
    expect(await dropSpotCheck(who(room.teacher), { ...place(), spotCheckId: first })).toEqual({
      kind: 'changed',
    });
    expect(await dropSpotCheck(who(room.teacher), { ...place(), spotCheckId: second })).toEqual({
      kind: 'done',
    });
    expect(await dropSpotCheck(who(room.teacher), { ...place(), spotCheckId: second })).toEqual({
      kind: 'changed',
    });
    expect(await endSpotCheck(who(room.teacher), { ...place(), spotCheckId: first }, false)).toEqual({
      kind: 'done',
    });
    await tick(first, ben, true);
    await endSpotCheck(who(room.teacher), { ...place(), spotCheckId: first });
    expect((await review()).spotChecks).toMatchObject([{ id: first, missing: 1 }]);
  });

  test('of a course they add up; one that goes on does not count', async () => {
    for (const member of [room.anna, ben, cem]) await checkIn(member);
    const end = async (id: string) => endSpotCheck(who(room.teacher), { ...place(), spotCheckId: id });
    const first = await start(3);
    for (const member of [room.anna, ben, cem]) await tick(first, member, true);
    await end(first);
    expect((await review()).course).toBeUndefined();
    await end(await start(2));
    await start(1);
    const { course } = await review();
    expect(course).toMatchObject({ spotChecks: 2, checkedIn: 6, called: 5, missing: 2 });
    // Nothing is known of the check-ins that were not called; adding up must not make it narrower than it is.
    expect(course?.rate.low).toBeCloseTo(0.05274, 4);
    expect(course?.rate.high).toBeCloseTo(0.85337, 4);
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const stranger = await other.addMember('Fre Md', 'teacher');
    const view = await loadReview(who(stranger), {
      courseId: other.courseId,
      meetingId: await other.addMeeting(),
    });
    expect(view).toMatchObject({ course: undefined, spotChecks: [] });
  });

  test('whoever was missing can be set aside from there, and the list says so', async () => {
    await checkIn(ben);
    const id = await start(1);
    await endSpotCheck(who(room.teacher), { ...place(), spotCheckId: id });
    const [pick] = (await review()).spotChecks[0]?.picks ?? [];
    expect(pick).toMatchObject({
      isThere: false,
      decision: null,
      record: { revision: 1, source: 'check-in' },
    });
    await decide(pick?.checkInIds ?? [], 'set-aside');
    expect((await review()).spotChecks[0]?.picks).toMatchObject([{ decision: 'set-aside', record: null }]);
  });

  test('two rows of one human that both were called out are one after the merge: there, if either was', async () => {
    for (const member of [ben, cem, room.anna]) await checkIn(member);
    const id = await start(3);
    await tick(id, ben, true);
    const conflictId = newId();
    await tool.ctx.db
      .insert(personConflicts)
      .values({ id: conflictId, personId: ben.personId, otherPersonId: cem.personId, seenAt: saturday });
    const courseId = room.course.courseId;
    expect(await decideConflict(who(room.teacher), { courseId, conflictId, decision: 'merged' })).toEqual({
      kind: 'merged',
    });
    const picks = await tool.ctx.db.select().from(spotCheckPicks).where(eq(spotCheckPicks.spotCheckId, id));
    expect(picks).toHaveLength(2);
    expect(picks.filter(({ membershipId }) => membershipId !== room.anna.membershipId)).toMatchObject([
      { isThere: true },
    ]);
    expect(await tool.ctx.db.$count(spotChecks, eq(spotChecks.id, id))).toBe(1);
  });
});
