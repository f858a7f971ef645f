import { and, eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { insertEvidence, insertSight } from '#lib/check-in/queries.ts';
import type { NewRecord, NewSight } from '#lib/check-in/queries.ts';
import { openTicket } from '#lib/check-in/scan-ticket.ts';
import { loadProjector } from '#lib/check-in-windows/load-projector.ts';
import { startUnplannedCheckIn } from '#lib/check-in-windows/start-unplanned-check-in.ts';
import { forgetDevice } from '#lib/devices/forget-device.ts';
import { loadCheckInResult } from '#lib/check-in/load-check-in-result.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { loadScan, loadTicket } from '#lib/check-in/load-scan.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { prolongCheckIn } from '#lib/check-in-windows/prolong-check-in.ts';
import {
  attendanceRecords,
  auditEvents,
  checkIns,
  checkInWindows,
  devices,
  meetings,
  recordSpans,
} from '#lib/db/schema.ts';
import { openDatabase } from '#lib/db/client.ts';
import { loadMeeting } from '#lib/meetings/load-meeting.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { newId, recordSubject } from '#lib/base/ids.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { rememberPhone } from '../support/remember-phone.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who, place } = room;
const open = (now = saturday) => openCheckIn(who(room.teacher, now), place());

/** The code on the wall at a time. */
async function wall(now = saturday) {
  const [shown] = (await loadCodes(who(room.teacher, now), place())).codes;
  if (shown === undefined) throw new Error('the check-in is closed');
  return shown;
}

/** A phone that scans, by the hash of its browser's id. */
const phone = { cookieTicket: undefined, browserHash: 'a phone', deviceKey: undefined };
const at = (browserHash: string | null, deviceKey?: string) => ({
  circumstances: { browserHash, deviceKey, network: '203.0.113.0/24' },
});

async function scan(code: string, now = saturday, deviceKey?: string) {
  const scanned = await loadScan(who(undefined, now), { ...phone, code, deviceKey });
  if (!('ticket' in scanned)) throw new Error(`refused: ${scanned.kind}`);
  return scanned.ticket;
}

async function confirm(
  member: SeededMember | undefined,
  ticket: string,
  now = saturday,
  { browserHash = 'a phone', deviceKey }: { browserHash?: string | null; deviceKey?: string } = {},
) {
  return confirmScan(who(member, now), { ticket, ...at(browserHash, deviceKey) });
}

const recordsOf = (member: SeededMember) =>
  tool.ctx.db
    .select()
    .from(attendanceRecords)
    .where(
      and(
        eq(attendanceRecords.meetingId, room.meetingId),
        eq(attendanceRecords.membershipId, member.membershipId),
      ),
    );
const evidenceOf = (member: SeededMember) =>
  tool.ctx.db.select().from(checkIns).where(eq(checkIns.membershipId, member.membershipId));
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, room.course.courseId), eq(auditEvents.action, action)))
    .orderBy(auditEvents.id);

describe('from the scan to the record', () => {
  test('a scan in time is present, with evidence, presence, audit and minutes', async () => {
    await open();
    const ticket = await scan((await wall()).code);
    const result = await confirm(room.anna, ticket, minutes(1));
    expect(result).toMatchObject({
      kind: 'checked-in',
      at: saturday,
      status: 'present',
      provenMinutes: 210,
      personName: 'Anna Beispiel',
      meeting: { number: 1, localStart: '2026-11-28T09:00' },
    });
    const [record, ...more] = await recordsOf(room.anna);
    expect(more).toEqual([]);
    expect(record).toMatchObject({ status: 'present', provenMinutes: 210, source: 'check-in', revision: 1 });
    const spans = await tool.ctx.db
      .select()
      .from(recordSpans)
      .where(eq(recordSpans.recordId, record?.id ?? ''));
    expect(spans).toMatchObject([{ fromAt: saturday, toAt: null }]);
    const [evidence] = await evidenceOf(room.anna);
    expect(evidence).toMatchObject({
      outcome: 'checked-in',
      via: 'scan',
      scannedAt: saturday,
      confirmedAt: minutes(1),
      codeAgeMs: 0,
      deviceId: null,
      flags: [],
    });
    expect(evidence?.networkHash).not.toContain('203');
    expect(await auditOf('record.checked-in')).toMatchObject([
      {
        actorPersonId: room.anna.personId,
        subjectId: recordSubject(room.meetingId, room.anna.membershipId),
        after: { status: 'present', provenMinutes: 210 },
      },
    ]);
  });

  test('the time of the scan counts, not that of a sign-in of nine minutes', async () => {
    await open(minutes(4));
    const ticket = await scan((await wall(minutes(6))).code, minutes(6));
    const result = await confirm(room.anna, ticket, minutes(15));
    expect(result).toMatchObject({ kind: 'checked-in', status: 'present', at: minutes(6) });
  });

  test('a late scan is late from its own minute on', async () => {
    await open(minutes(10));
    const at = addMs(minutes(12), 20_000);
    const ticket = await scan((await wall(at)).code, at);
    expect(await confirm(room.anna, ticket, at)).toMatchObject({ status: 'late', provenMinutes: 199 });
  });

  test('a scan counts although the check-in was closed before the sign-in was over', async () => {
    await open();
    const ticket = await scan((await wall()).code);
    await closeCheckIn(who(room.teacher, minutes(1)), place());
    expect(await confirm(room.anna, ticket, minutes(2))).toMatchObject({ kind: 'checked-in' });
    // A code of the old window, scanned after it was closed, does not.
    const shown = await loadScan(who(undefined, minutes(2)), { ...phone, code: (await wallOfClosed()).code });
    expect(shown.kind).toBe('closed');
  });

  /** The code that a window which was closed after a minute would have shown at its end. */
  async function wallOfClosed() {
    await tool.ctx.db
      .update(checkInWindows)
      .set({ closedAt: null })
      .where(eq(checkInWindows.meetingId, room.meetingId));
    const shown = await wall(minutes(2));
    await tool.ctx.db
      .update(checkInWindows)
      .set({ closedAt: minutes(1) })
      .where(eq(checkInWindows.meetingId, room.meetingId));
    return shown;
  }

  test('a check-in that is closed while phones confirm loses none of them', async () => {
    await open();
    const { code } = await wall();
    const hall = await Promise.all(
      Array.from({ length: 12 }, async (_, seat) => ({
        member: await room.course.addMember(`Kim Muster ${String(seat)}`),
        ticket: await scan(code),
      })),
    );
    const now = minutes(1);
    const [results] = await Promise.all([
      Promise.all(hall.map(({ member, ticket }) => confirm(member, ticket, now))),
      closeCheckIn(who(room.teacher, now), place()),
    ]);
    expect(results.filter(({ kind }) => kind !== 'checked-in')).toEqual([]);
    expect((await loadScan(who(undefined, now), { ...phone, code })).kind).toBe('closed');
  });

  test('the same ticket again is the same success, also long after', async () => {
    await open();
    const ticket = await scan((await wall()).code);
    const first = await confirm(room.anna, ticket);
    const again = await confirm(room.anna, ticket, minutes(60));
    expect(again).toMatchObject({ kind: 'already', at: saturday, status: 'present' });
    expect('checkInId' in again && 'checkInId' in first && again.checkInId === first.checkInId).toBe(true);
    expect(await evidenceOf(room.anna)).toHaveLength(1);
    expect(await auditOf('record.checked-in')).toHaveLength(1);
  });

  test('a second scan changes nothing and says when the first was', async () => {
    await open();
    await confirm(room.anna, await scan((await wall()).code));
    const later = await confirm(
      room.anna,
      await scan((await wall(minutes(12))).code, minutes(12)),
      minutes(12),
    );
    expect(later).toMatchObject({ kind: 'already', at: saturday, status: 'present', provenMinutes: 210 });
    const [record] = await recordsOf(room.anna);
    expect(record).toMatchObject({ revision: 1, status: 'present' });
  });

  test('of two scans the earlier arrival stays, in whichever order they are confirmed', async () => {
    await open();
    const early = await scan((await wall()).code);
    const late = await scan((await wall(minutes(9))).code, minutes(9));
    expect(await confirm(room.anna, late, minutes(9))).toMatchObject({ kind: 'checked-in', status: 'late' });
    expect(await confirm(room.anna, early, minutes(9))).toMatchObject({
      kind: 'checked-in',
      status: 'present',
    });
    const [record] = await recordsOf(room.anna);
    expect(record).toMatchObject({ status: 'present', provenMinutes: 210, revision: 2 });
    const spans = await tool.ctx.db
      .select()
      .from(recordSpans)
      .where(eq(recordSpans.recordId, record?.id ?? ''));
    expect(spans).toMatchObject([{ fromAt: saturday }]);
  });

  test('many taps on two phones at once: one record, one audit row, every answer a success', async () => {
    await open();
    const tickets = [
      await scan((await wall()).code),
      await scan((await wall(minutes(9))).code, minutes(9)),
      await scan((await wall(minutes(10))).code, minutes(10)),
    ];
    // Two pools, as two server processes have them.
    const second = openDatabase(tool.database.url, { poolMax: 10, onIdleError: () => undefined });
    try {
      const taps = Array.from({ length: 24 }, (_, index) =>
        confirmScan(
          { ...who(room.anna, minutes(10)), db: index % 2 === 0 ? tool.ctx.db : second.db },
          { ticket: tickets[index % 3] ?? '', ...at('a phone') },
        ),
      );
      const kinds = (await Promise.all(taps)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind !== 'checked-in' && kind !== 'already')).toEqual([]);
    } finally {
      await second.close();
    }
    const records = await recordsOf(room.anna);
    expect(records).toMatchObject([{ status: 'present', provenMinutes: 210 }]);
    expect(await evidenceOf(room.anna)).toHaveLength(3);
    const spans = await tool.ctx.db
      .select()
      .from(recordSpans)
      .where(eq(recordSpans.recordId, records[0]?.id ?? ''));
    expect(spans).toMatchObject([{ fromAt: saturday }]);
    // One audit row for each time the record was written, no more.
    expect(await auditOf('record.checked-in')).toHaveLength(records[0]?.revision ?? 0);
  });

  test('twenty taps of one ticket at once: exactly one record, one evidence, one audit row', async () => {
    await open();
    const ticket = await scan((await wall()).code);
    const results = await Promise.all(Array.from({ length: 20 }, () => confirm(room.anna, ticket)));
    expect(results.filter(({ kind }) => kind === 'checked-in')).toHaveLength(1);
    expect(results.filter(({ kind }) => kind === 'already')).toHaveLength(19);
    expect(await recordsOf(room.anna)).toMatchObject([{ revision: 1 }]);
    expect(await evidenceOf(room.anna)).toHaveLength(1);
    expect(await auditOf('record.checked-in')).toHaveLength(1);
  });

  test.each(['absent', 'excused', 'present'] as const)(
    'a teacher’s entry "%s" stays; the check-in is kept as evidence',
    async (status) => {
      await open();
      await tool.ctx.db.insert(attendanceRecords).values({
        id: newId(),
        meetingId: room.meetingId,
        membershipId: room.anna.membershipId,
        status,
        provenMinutes: 0,
        source: 'teacher',
      });
      const result = await confirm(room.anna, await scan((await wall()).code));
      expect(result).toMatchObject({ kind: 'noted', status });
      expect(await recordsOf(room.anna)).toMatchObject([{ status, source: 'teacher', revision: 1 }]);
      expect(await evidenceOf(room.anna)).toMatchObject([{ outcome: 'noted' }]);
      expect(await auditOf('record.checked-in')).toEqual([]);
    },
  );

  test('an automatic "absent" gives way', async () => {
    await open();
    await tool.ctx.db.insert(attendanceRecords).values({
      id: newId(),
      meetingId: room.meetingId,
      membershipId: room.anna.membershipId,
      status: 'absent',
      provenMinutes: 0,
      source: 'check-in',
    });
    expect(await confirm(room.anna, await scan((await wall()).code))).toMatchObject({ kind: 'checked-in' });
    expect(await recordsOf(room.anna)).toMatchObject([
      { status: 'present', provenMinutes: 210, revision: 2 },
    ]);
    expect(await auditOf('record.checked-in')).toMatchObject([{ before: { status: 'absent' } }]);
  });
});

describe('somebody was faster than the statement', () => {
  const evidence = (): NewSight => ({
    id: newId(),
    ticketId: newId(),
    courseId: room.course.courseId,
    meetingId: room.meetingId,
    windowId: null,
    membershipId: room.anna.membershipId,
    outcome: 'checked-in',
    direction: 'in',
    via: 'scan',
    helperPersonId: null,
    scannedAt: saturday,
    confirmedAt: saturday,
    codeAgeMs: 0,
    deviceId: null,
    scanBrowserHash: null,
    browserHash: null,
    networkHash: null,
    isNetworkAllowed: null,
    distanceMeters: null,
    flags: [],
  });
  const present = (judged = { revision: 0, sightCount: 0 }): NewRecord => ({
    decided: {
      status: 'present',
      source: 'check-in',
      provenMinutes: 210,
      isOpen: false,
      spans: [{ from: saturday, to: null }],
    },
    judged,
    meeting: { revision: 1, loneCheckOuts: 0 },
    actorPersonId: room.anna.personId,
    audit: { courseId: room.course.courseId, action: 'record.checked-in', subjectId: newId() },
    notice: '{"kind":"reload","meetingId":"m"}',
  });
  const enter = async (change: Partial<typeof attendanceRecords.$inferInsert>) => {
    const id = newId();
    await tool.ctx.db.insert(attendanceRecords).values({
      id,
      meetingId: room.meetingId,
      membershipId: room.anna.membershipId,
      status: 'excused',
      provenMinutes: 0,
      source: 'teacher',
      ...change,
    });
    return id;
  };

  test.each<[string, Partial<typeof attendanceRecords.$inferInsert>, NewRecord['judged']]>([
    ['a teacher who entered something', {}, { revision: 0, sightCount: 0 }],
    ['another check-in', { source: 'check-in', sightCount: 1 }, { revision: 0, sightCount: 0 }],
    [
      'a check-in that changed nothing',
      { source: 'check-in', sightCount: 2 },
      { revision: 1, sightCount: 1 },
    ],
    ['a policy that judged anew', { source: 'check-in', revision: 2 }, { revision: 1, sightCount: 0 }],
  ])('%s: the record stays as it is, and only the evidence is kept', async (_what, there, judged) => {
    const recordId = await enter(there);
    const [before] = await recordsOf(room.anna);
    expect(await insertSight(tool.ctx.db, evidence(), present(judged))).toBe(false);
    expect(await recordsOf(room.anna)).toEqual([before]);
    expect(await tool.ctx.db.$count(recordSpans, eq(recordSpans.recordId, recordId))).toBe(0);
    expect(await auditOf('record.checked-in')).toEqual([]);
    expect(await evidenceOf(room.anna)).toHaveLength(1);
  });

  test('evidence without its record is mended by the same ticket, once', async () => {
    await open();
    const ticket = await scan((await wall()).code);
    const { id: ticketId } = openTicket(tool.ctx, ticket) ?? {};
    // What is left when the record was another's in that moment, and the process died then.
    await insertEvidence(tool.ctx.db, { ...evidence(), ticketId: ticketId ?? '' });
    expect(await confirm(room.anna, ticket)).toMatchObject({ kind: 'checked-in', status: 'present' });
    expect(await confirm(room.anna, ticket)).toMatchObject({ kind: 'already' });
    expect(await recordsOf(room.anna)).toMatchObject([{ status: 'present', revision: 1 }]);
    expect(await evidenceOf(room.anna)).toHaveLength(1);
    expect(await auditOf('record.checked-in')).toHaveLength(1);
  });
});

test('a first check-in takes two round trips', async () => {
  await open();
  const ticket = await scan((await wall()).code);
  const before = tool.statements();
  await confirm(room.anna, ticket);
  expect(tool.statements() - before).toBe(2);
});

test('a check-in that meets an edit of its meeting is judged by the new times', async () => {
  await open();
  const ticket = await scan((await wall()).code);
  const [edited, mayCommit] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const edit = tool.ctx.db.transaction(async (db) => {
    await db
      .update(meetings)
      .set({ endsAt: new Date('2026-11-28T09:00:00Z'), breakMinutes: 0, revision: 2 })
      .where(eq(meetings.id, room.meetingId));
    edited.resolve(undefined);
    await mayCommit.promise;
  });
  await edited.promise;

  const confirming = confirm(room.anna, ticket);
  const waiting = sql`select count(*)::int as n from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await tool.ctx.db.execute(waiting)).rows[0]?.n).toBe(1);
  mayCommit.resolve(undefined);
  await edit;

  expect(await confirming).toMatchObject({ kind: 'checked-in', provenMinutes: 60 });
  expect(await recordsOf(room.anna)).toMatchObject([{ provenMinutes: 60, revision: 1 }]);
});

describe('without a plan, and on the wall', () => {
  test('an unplanned meeting begins now with its check-in open, 90 minutes in the course’s zone', async () => {
    const started = await startUnplannedCheckIn(who(room.teacher), { courseId: room.course.courseId });
    const shown = await loadProjector(who(room.teacher), { courseId: room.course.courseId, ...started });
    expect(shown).toMatchObject({
      course: { title: 'Meisterkurs Elektrotechnik' },
      meeting: {
        id: started.meetingId,
        localStart: '2026-11-28T08:58',
        endsAt: minutes(90).toISOString(),
      },
      window: { closesAt: minutes(15).toISOString(), stepSeconds: 10 },
      serverNow: saturday.toISOString(),
      expected: 1,
      rows: [{ name: 'Beispiel, Anna', record: null }],
    });
    expect(shown.codes).toHaveLength(6);
    await expect(startUnplannedCheckIn(who(room.anna), { courseId: room.course.courseId })).rejects.toThrow(
      'no-access',
    );
  });

  test('late in the evening it goes on past midnight, and can be edited', async () => {
    const late = new Date('2026-11-28T22:58:30Z');
    const { meetingId: id } = await startUnplannedCheckIn(who(room.teacher, late), {
      courseId: room.course.courseId,
    });
    const place = { courseId: room.course.courseId, meetingId: id };
    const { meeting } = await loadMeeting(who(room.teacher, late), place);
    expect(meeting).toMatchObject({ localStart: '2026-11-28T23:58', localEnd: '2026-11-29T01:28' });
    const words = {
      date: '2026-11-28',
      from: '23:58',
      to: '01:00',
      endsNextDay: true,
      breakMinutes: 0,
      room: '12',
      title: null,
    };
    const saved = await updateMeeting(who(room.teacher, late), { ...place, revision: 1, ...words });
    expect(saved).toMatchObject({ kind: 'saved' });
    expect((await loadMeeting(who(room.teacher, late), place)).meeting.endsAt).toEqual(
      new Date('2026-11-29T00:00:00Z'),
    );
  });

  test('the wall shows who is here, and is not for students', async () => {
    await open();
    await confirm(room.anna, await scan((await wall()).code));
    const { rows } = await loadProjector(who(room.teacher), place());
    expect(rows).toMatchObject([{ name: 'Beispiel, Anna', record: { status: 'present' } }]);
    await expect(loadProjector(who(room.anna), place())).rejects.toThrow('no-access');
  });
});

describe('refusals', () => {
  test('old, foreign, unreadable and unknown codes are refused before any sign-in', async () => {
    await open();
    const { code } = await wall();
    const seen = async (text: string, now: Date) => loadScan(who(undefined, now), { ...phone, code: text });
    expect(await seen(code, addMs(saturday, 40_000))).toEqual({ kind: 'code-too-old', ageSeconds: 40 });
    expect(await seen(code, minutes(20))).toEqual({ kind: 'closed' });
    expect(await seen(`${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`, saturday)).toEqual({
      kind: 'code-unknown',
    });
    expect(await seen('hello', saturday)).toEqual({ kind: 'code-unknown' });
    expect(await seen('zzzz0000000000000', saturday)).toEqual({ kind: 'code-unknown' });
  });

  test('who is no member, no student, left, a test user, or nobody', async () => {
    await open();
    const { code } = await wall();
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const stranger = await other.addMember('Fre Md');
    const left = await room.course.addMember('Ge Gangen', 'student', { left: true });
    const preview = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    expect(await confirm(stranger, await scan(code))).toEqual({ kind: 'not-a-member' });
    expect(await confirm(left, await scan(code))).toEqual({ kind: 'not-a-member' });
    expect(await confirm(preview, await scan(code))).toEqual({ kind: 'test-user' });
    expect(await confirm(room.teacher, await scan(code))).toEqual({ kind: 'not-a-student' });
    expect(await confirm(undefined, await scan(code))).toEqual({ kind: 'not-a-member' });
    expect(await tool.ctx.db.$count(checkIns, eq(checkIns.courseId, room.course.courseId))).toBe(0);
  });

  test('a ticket is over after ten minutes, and belongs to one person', async () => {
    await open();
    const ben = await room.course.addMember('Ben Muster');
    const { code } = await wall();
    const ticket = await scan(code);
    expect(await confirm(room.anna, ticket, addMs(minutes(10), 1))).toEqual({ kind: 'ticket-expired' });
    expect(await confirm(room.anna, ticket, minutes(10))).toMatchObject({ kind: 'checked-in' });
    expect(await confirm(ben, ticket, minutes(10))).toEqual({ kind: 'ticket-used' });
    // That somebody else came with it is kept, for the teacher to see.
    expect(await evidenceOf(ben)).toMatchObject([{ outcome: 'ticket-used', scanBrowserHash: 'a phone' }]);
    expect(await confirm(ben, 'forged', saturday)).toEqual({ kind: 'ticket-expired' });
    expect(await confirm(ben, `${ticket.slice(0, -4)}AAAA`, saturday)).toEqual({ kind: 'ticket-expired' });
    expect(await recordsOf(ben)).toEqual([]);
  });

  test('a ticket from another browser is taken and flagged', async () => {
    await open();
    const ticket = await scan((await wall()).code);
    expect(await confirm(room.anna, ticket, saturday, { browserHash: 'another phone' })).toMatchObject({
      kind: 'checked-in',
    });
    expect(await evidenceOf(room.anna)).toMatchObject([{ flags: ['other-browser'] }]);
  });

  test('a code of the meeting that ended never checks into the next, scanned or typed, whatever its locator', async () => {
    const [end, next] = [minutes(92), minutes(93)];
    await tool.ctx.db.update(meetings).set({ endsAt: end }).where(eq(meetings.id, room.meetingId));
    const following = {
      courseId: room.course.courseId,
      meetingId: await room.course.addMeeting({ startsAt: end, endsAt: minutes(180) }),
    };
    await open(minutes(80));
    await prolongCheckIn(who(room.teacher, minutes(81)), { ...place(), minutes: 60 });
    const old = await wall(minutes(91));
    await openCheckIn(who(room.teacher, minutes(90)), following);
    const circumstances = at('a phone').circumstances;
    const tries = async () => [
      (await loadScan(who(undefined, next), { ...phone, code: old.code })).kind,
      (await checkInByTypedCode(who(room.anna, next), { ...following, code: old.typed, circumstances })).kind,
    ];
    expect(await tries()).toEqual(['meeting-over', 'meeting-over']);

    // The next one happens to have the locator of the first.
    await closeCheckIn(who(room.teacher, minutes(92)), place());
    await tool.ctx.db
      .update(checkInWindows)
      .set({ locator: old.code.slice(0, 4) })
      .where(eq(checkInWindows.meetingId, following.meetingId));
    expect(await tries()).toEqual(['code-unknown', 'code-unknown']);
    expect(await recordsOf(room.anna)).toEqual([]);
    expect((await evidenceOf(room.anna)).map(({ outcome }) => outcome)).toEqual(['wrong-code']);
  });

  test('a meeting that is over takes nobody', async () => {
    await open();
    const { code } = await wall(minutes(6));
    await tool.ctx.db
      .update(meetings)
      .set({ endsAt: minutes(5), breakMinutes: 0 })
      .where(eq(meetings.id, room.meetingId));
    expect(await loadScan(who(undefined, minutes(6)), { ...phone, code })).toEqual({ kind: 'meeting-over' });
  });
});

describe('while the database is away', () => {
  test('the scan is kept with its time, and judged later', async () => {
    await open();
    const { code } = await wall();
    const away = openDatabase('postgres://nobody@127.0.0.1:9/none', {
      poolMax: 1,
      onIdleError: () => undefined,
    });
    const kept = await loadScan({ ...who(undefined), db: away.db }, { ...phone, code });
    await away.close();
    expect(kept).toMatchObject({ kind: 'waiting', at: saturday });
    const ticket = 'ticket' in kept ? kept.ticket : '';
    // Two minutes later the code is long gone from the wall; the time of the scan decides.
    expect(await loadTicket(who(undefined, minutes(2)), { ticket, deviceKey: undefined })).toMatchObject({
      kind: 'sign-in',
      at: saturday,
    });
    expect(await confirm(room.anna, ticket, minutes(3))).toMatchObject({ kind: 'checked-in', at: saturday });
  });

  test('a made-up code kept that way is refused then', async () => {
    await open();
    const { code } = await wall();
    const away = openDatabase('postgres://nobody@127.0.0.1:9/none', {
      poolMax: 1,
      onIdleError: () => undefined,
    });
    const kept = await loadScan(
      { ...who(undefined), db: away.db },
      { ...phone, code: `${code.slice(0, 4)}0000000000000` },
    );
    await away.close();
    expect(await confirm(room.anna, 'ticket' in kept ? kept.ticket : '')).toEqual({ kind: 'code-unknown' });
  });
});

describe('typed codes', () => {
  const type = (member: SeededMember, code: string, now = saturday) =>
    checkInByTypedCode(who(member, now), {
      courseId: room.course.courseId,
      code,
      circumstances: at(null).circumstances,
    });
  const wrong = (typed: string) => `${typed.slice(0, 5)}${typed.endsWith('0000') ? '1111' : '0000'}`;

  test('check in inside the course, however they are written', async () => {
    await open();
    const { typed } = await wall();
    expect(typed).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect(
      await type(
        room.anna,
        ` ${typed.toLowerCase().replace('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')}`,
      ),
    ).toMatchObject({ kind: 'checked-in', at: saturday });
    expect(await evidenceOf(room.anna)).toMatchObject([{ via: 'typed' }]);
  });

  test('the step before still counts, older ones do not', async () => {
    await open();
    const { typed } = await wall();
    const ben = await room.course.addMember('Ben Muster');
    expect(await type(room.anna, typed, addMs(saturday, 100_000))).toMatchObject({ kind: 'checked-in' });
    expect(await type(ben, typed, addMs(saturday, 125_000))).toMatchObject({ kind: 'code-too-old' });
  });

  test('codes of another course are unknown here', async () => {
    await open();
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const both = await other.addMember(room.anna);
    const { typed } = await wall();
    expect(
      await checkInByTypedCode(who(both), {
        courseId: other.courseId,
        code: typed,
        circumstances: at(null).circumstances,
      }),
    ).toEqual({ kind: 'code-unknown' });
    expect(await recordsOf(room.anna)).toEqual([]);
  });

  test('guessing ends after eleven wrong codes, for ten minutes, for this person alone', async () => {
    await open();
    const ben = await room.course.addMember('Ben Muster');
    const { typed } = await wall();
    for (let guess = 0; guess < 6; guess += 1) {
      expect(await type(room.anna, wrong(typed))).toEqual({ kind: 'code-unknown' });
    }
    // Codes that lead nowhere, and old ones, count as well.
    for (let guess = 0; guess < 5; guess += 1) {
      expect(await type(room.anna, `zzzz-000${String(guess)}`)).toEqual({ kind: 'code-unknown' });
    }
    expect(await type(room.anna, typed)).toEqual({ kind: 'too-many-attempts' });
    expect(await type(room.anna, 'zzzz-0000')).toEqual({ kind: 'too-many-attempts' });
    expect(await type(ben, typed)).toMatchObject({ kind: 'checked-in' });
    const later = addMs(saturday, 10 * minuteMs + 1);
    expect(await type(room.anna, (await wall(later)).typed, later)).toMatchObject({ kind: 'checked-in' });
  });

  test('guesses that are sent all at once are no more than others', async () => {
    await open();
    const { typed } = await wall();
    const told = await Promise.all(Array.from({ length: 30 }, () => type(room.anna, wrong(typed))));
    expect(told.filter(({ kind }) => kind === 'code-unknown')).toHaveLength(11);
    expect(told.filter(({ kind }) => kind === 'too-many-attempts')).toHaveLength(19);
  });

  test('at the phone’s door they are not judged before somebody is known', async () => {
    await open();
    const { typed } = await wall();
    const guess = await loadScan(who(undefined), { ...phone, code: wrong(typed) });
    expect(guess.kind).toBe('sign-in');
    expect(await confirm(room.anna, 'ticket' in guess ? guess.ticket : '')).toEqual({ kind: 'code-unknown' });
    expect(await evidenceOf(room.anna)).toMatchObject([{ outcome: 'wrong-code', ticketId: null }]);
  });

  test('teachers and Student View are told apart', async () => {
    await open();
    const { typed } = await wall();
    const preview = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    expect(await type(room.teacher, typed)).toEqual({ kind: 'not-a-student' });
    expect(await type(preview, typed)).toEqual({ kind: 'test-user' });
  });
});

describe('remembered phones', () => {
  test('one tap from then on, and only for whom the page named', async () => {
    const ben = await room.course.addMember('Ben Muster');
    const { deviceKey } = await rememberPhone(who(room.anna));
    await open();
    const { code } = await wall();
    const shown = await loadScan(who(undefined), { ...phone, code, deviceKey });
    expect(shown).toMatchObject({
      kind: 'confirm',
      membershipId: room.anna.membershipId,
      personName: 'Anna Beispiel',
    });
    const ticket = 'ticket' in shown ? shown.ticket : '';
    expect(
      await confirmScan(who(undefined), {
        ticket,
        ...at('a phone', deviceKey),
        expectedMembershipId: ben.membershipId,
      }),
    ).toEqual({ kind: 'someone-else' });
    expect(await confirm(undefined, ticket, saturday, { deviceKey })).toMatchObject({ kind: 'checked-in' });
    const [evidence] = await evidenceOf(room.anna);
    expect(evidence?.deviceId).not.toBeNull();
  });

  test('a phone remembered by another person loses the first, whose key is worthless then', async () => {
    const ben = await room.course.addMember('Ben Muster');
    const { deviceKey: annasKey } = await rememberPhone(who(room.anna));
    const { deviceKey: bensKey } = await rememberPhone(who(ben), annasKey);
    expect(bensKey).not.toBe(annasKey);
    await open();
    const { code } = await wall();
    const see = (deviceKey: string) => loadScan(who(undefined), { ...phone, code, deviceKey });
    expect((await see(annasKey)).kind).toBe('sign-in');
    expect(await see(bensKey)).toMatchObject({ kind: 'confirm', personName: 'Ben Muster' });
  });

  test('forgotten, expired, of another platform, or of one who left: nobody’s phone', async () => {
    const elsewhere = await seedCourse(tool.ctx.db);
    const stranger = await elsewhere.addMember('Fre Md');
    const left = await room.course.addMember('Ge Gangen', 'student', { left: true });
    const keys = {
      forgotten: (await rememberPhone(who(room.anna))).deviceKey,
      expired: (await rememberPhone(who(room.anna, minutes(-60 * 24 * 181)))).deviceKey,
      stranger: (await rememberPhone(who(stranger))).deviceKey,
      left: (await rememberPhone(who(left))).deviceKey,
      madeUp: 'made-up',
    };
    await forgetDevice(who(undefined), { deviceKey: keys.forgotten });
    await open();
    const { code } = await wall();
    for (const [what, deviceKey] of Object.entries(keys)) {
      const shown = await loadScan(who(undefined), { ...phone, code, deviceKey });
      expect([what, shown.kind]).toEqual([what, 'sign-in']);
      const ticket = 'ticket' in shown ? shown.ticket : '';
      expect([what, (await confirm(undefined, ticket, saturday, { deviceKey })).kind]).toEqual([
        what,
        'not-a-member',
      ]);
    }
  });

  test('somebody who signs in on another person’s phone is checked in and flagged', async () => {
    const ben = await room.course.addMember('Ben Muster');
    const { deviceKey } = await rememberPhone(who(room.anna));
    await open();
    const ticket = await scan((await wall()).code, saturday, deviceKey);
    expect(await confirm(ben, ticket, saturday, { deviceKey })).toMatchObject({
      kind: 'checked-in',
      personName: 'Ben Muster',
    });
    expect(await evidenceOf(ben)).toMatchObject([{ flags: ['other-persons-device'], deviceId: null }]);
    expect(await recordsOf(room.anna)).toEqual([]);
  });

  test('keys are not readable in the database', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const rows = await tool.ctx.db.select().from(devices).where(eq(devices.personId, room.anna.personId));
    expect(JSON.stringify(rows)).not.toContain(deviceKey);
    await expect(rememberPhone(who(undefined))).rejects.toThrow('not-signed-in');
  });
});

test('a result is shown to its own person alone', async () => {
  await open();
  const result = await confirm(room.anna, await scan((await wall()).code));
  const checkInId = 'checkInId' in result ? result.checkInId : '';
  const { deviceKey } = await rememberPhone(who(room.anna));
  expect(await loadCheckInResult(who(room.anna), { checkInId, deviceKey: undefined })).toMatchObject({
    kind: 'checked-in',
    at: saturday,
    status: 'present',
    isRemembered: false,
  });
  expect(await loadCheckInResult(who(room.anna), { checkInId, deviceKey })).toMatchObject({
    isRemembered: true,
  });
  await expect(loadCheckInResult(who(room.teacher), { checkInId, deviceKey })).rejects.toThrow('not-found');
  await expect(loadCheckInResult(who(undefined), { checkInId, deviceKey })).rejects.toThrow('not-signed-in');
  await expect(loadCheckInResult(who(room.anna), { checkInId: 'x', deviceKey })).rejects.toThrow('not-found');
});
