import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { closeRegister, reopenRegister } from '#lib/attendance/close-register.ts';
import type { MarkRequest } from '#lib/attendance/input.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { eraseFromAudit } from '#lib/audit/erase-from-audit.ts';
import { loadChainState, loadHistory } from '#lib/audit/load-history.ts';
import type { HistoryEntry, HistoryOf } from '#lib/audit/load-history.ts';
import { insertAuditEvent, insertAuditEvents } from '#lib/audit/queries.ts';
import { sealCourse } from '#lib/audit/seal-audit.ts';
import { defaultPolicy } from '#lib/base/course-policy.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { prolongCheckIn } from '#lib/check-in-windows/prolong-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import { auditEvents } from '#lib/db/schema.ts';
import { cancelMeetings } from '#lib/meetings/cancel-meetings.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { createUnplannedMeeting } from '#lib/meetings/create-unplanned-meeting.ts';
import { deleteMeetings } from '#lib/meetings/delete-meetings.ts';
import { reactivateMeetings } from '#lib/meetings/reactivate-meetings.ts';
import { restoreMeetings } from '#lib/meetings/restore-meetings.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { changeSpans } from '#lib/members/change-spans.ts';
import { loadMember } from '#lib/members/load-member.ts';
import { setTimeZone } from '#lib/settings/set-time-zone.ts';
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
let meetingId: string;

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

const after = (minutes: number) => addMs(saturday, minutes * minuteMs);
const who = (member: SeededMember | undefined, now = saturday): Ctx => ({
  ...tool.ctx,
  now,
  viewer: member === undefined ? undefined : { personId: member.personId },
});
const place = () => ({ courseId: course.courseId, meetingId });
const mark = (change: MarkRequest['change'], revision = 0, member = anna, now = after(5)) =>
  markRecords(who(teacher, now), {
    ...place(),
    marks: [{ membershipId: member.membershipId, revision, change }],
  });
const present = { kind: 'word', status: 'present' } as const;
const absent = { kind: 'word', status: 'absent' } as const;
const words = {
  ...{ title: null, date: '2026-12-05', from: '09:00', to: '12:45', breakMinutes: 15, room: '301' },
};

async function checkIn(member: SeededMember) {
  await openCheckIn(who(teacher), place());
  const [shown] = (await loadCodes(who(teacher), place())).codes;
  return checkInByTypedCode(who(member), {
    ...{ courseId: course.courseId, code: shown?.typed ?? '' },
    circumstances: { deviceKey: undefined, browserHash: null, network: '203.0.113.0/24' },
  });
}

async function policyWith(change: object) {
  const policy = { ...defaultPolicy, ...change };
  return updatePolicy(who(teacher), { courseId: course.courseId, revision: 1, policy });
}

async function endSpan() {
  const key = { courseId: course.courseId, membershipId: anna.membershipId };
  const { version, spans } = await loadMember(who(teacher), key);
  return changeSpans(who(teacher), {
    ...{ ...key, seen: version },
    spans: [{ id: spans[0]?.id, sectionId: null, from: null, to: '2026-12-31' }],
  });
}

/** What each change needs beforehand, the change, and what the log then says. */
const actions: [
  string,
  { before?: () => Promise<unknown>; act: () => Promise<unknown>; by?: () => SeededMember },
][] = [
  ['record.marked', { act: () => mark(present) }],
  [
    'record.checked-in',
    { before: () => openCheckIn(who(teacher), place()), act: () => checkIn(anna), by: () => anna },
  ],
  [
    'record.closed',
    {
      before: () => policyWith({ autoAbsent: true }),
      act: () => closeRegister(who(teacher, after(300)), place()),
    },
  ],
  [
    'record.recomputed',
    {
      before: () => checkIn(anna),
      act: () =>
        updateMeeting(who(teacher), { ...place(), revision: 1, ...words, date: '2026-11-28', to: '10:00' }),
    },
  ],
  ['meeting.closed', { act: () => closeRegister(who(teacher, after(300)), place()) }],
  [
    'meeting.reopened',
    {
      before: () => closeRegister(who(teacher, after(300)), place()),
      act: () => reopenRegister(who(teacher), place()),
    },
  ],
  ['meeting.created', { act: () => createMeeting(who(teacher), { courseId: course.courseId, ...words }) }],
  ['meeting.created', { act: () => createUnplannedMeeting(who(teacher), course.courseId) }],
  ['meeting.updated', { act: () => updateMeeting(who(teacher), { ...place(), revision: 1, ...words }) }],
  ['meeting.cancelled', { act: () => cancelMeetings(who(teacher), place()) }],
  [
    'meeting.reactivated',
    {
      before: () => cancelMeetings(who(teacher), place()),
      act: () => reactivateMeetings(who(teacher), { courseId: course.courseId, meetingIds: [meetingId] }),
    },
  ],
  ['meeting.deleted', { act: () => deleteMeetings(who(teacher), place()) }],
  [
    'meeting.restored',
    {
      before: () => deleteMeetings(who(teacher), place()),
      act: () => restoreMeetings(who(teacher), { courseId: course.courseId, meetingIds: [meetingId] }),
    },
  ],
  ['check-in.opened', { act: () => openCheckIn(who(teacher), place()) }],
  [
    'check-in.prolonged',
    {
      before: () => openCheckIn(who(teacher), place()),
      act: () => prolongCheckIn(who(teacher), { ...place(), minutes: 5 }),
    },
  ],
  [
    'check-in.closed',
    { before: () => openCheckIn(who(teacher), place()), act: () => closeCheckIn(who(teacher), place()) },
  ],
  ['policy.changed', { act: () => policyWith({ graceMinutes: 10 }) }],
  [
    'course.time-zone-changed',
    {
      act: () =>
        setTimeZone(who(teacher), {
          courseId: course.courseId,
          seen: 'Europe/Berlin',
          timeZone: 'Asia/Tokyo',
        }),
    },
  ],
  ['membership.spans-changed', { act: endSpan }],
];

describe('every change writes who did what', () => {
  const written = (action: string) =>
    tool.ctx.db
      .select()
      .from(auditEvents)
      .where(sql`course_id = ${course.courseId} and action = ${action}`)
      .orderBy(auditEvents.id);

  test.each(actions)('%s', async (action, { before, act, by = () => teacher }) => {
    await before?.();
    const earlier = await written(action);
    await act();
    const events = (await written(action)).filter(({ id }) => !earlier.some((event) => event.id === id));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(event.actorPersonId).toBe(by().personId);
  });

  describe('in the same transaction', () => {
    afterEach(() => tool.database.pool.query('drop trigger if exists no_audit on audit_events'));

    /** Everything that a change could have left. */
    const everything = async () => {
      const tables = [
        'courses',
        'meetings',
        'attendance_records',
        'record_spans',
        'check_ins',
        'check_in_windows',
        'membership_spans',
      ];
      const found = await Promise.all(
        tables.map((table) =>
          tool.database.pool.query<{ rows: string }>(
            `select coalesce(jsonb_agg(t order by t.id)::text, '') as rows from ${table} t`,
          ),
        ),
      );
      return found.map(({ rows }) => rows[0]?.rows);
    };

    test.each(actions)('%s: what the log refuses does not happen', async (action, { before, act }) => {
      await before?.();
      await tool.database.pool.query(`
        create or replace function refuse_audit() returns trigger language plpgsql as $$ begin
          if new.action = '${action}' then raise exception 'no audit'; end if; return new; end $$;
        create trigger no_audit before insert on audit_events for each row execute function refuse_audit();`);
      const standing = await everything();
      await expect(act()).rejects.toThrow();
      expect(await everything()).toEqual(standing);
    });
  });
});

const history = (of: HistoryOf, by: SeededMember | undefined = teacher, page?: string) =>
  loadHistory(who(by, after(400)), { courseId: course.courseId, of, after: page });
const told = (entries: readonly HistoryEntry[]) =>
  entries.map(({ action, actor, member }) => [action, actor, member]);

describe('who may read it', () => {
  test.each<[string, () => SeededMember | undefined, string | undefined]>([
    ['a teacher', () => teacher, undefined],
    ['an assistant', () => assistant, undefined],
    ['a student, not even of their own', () => anna, 'no-access'],
    ['nobody', () => undefined, 'not-signed-in'],
  ])('%s', async (_who, by, refused) => {
    const ofs: HistoryOf[] = [
      { kind: 'course' },
      { kind: 'meeting', meetingId },
      { kind: 'member', membershipId: anna.membershipId },
      { kind: 'record', meetingId, membershipId: anna.membershipId },
    ];
    const ctx = who(by());
    for (const of of ofs) {
      const read = loadHistory(ctx, { courseId: course.courseId, of });
      if (refused === undefined) await expect(read).resolves.toMatchObject({ entries: [] });
      else await expect(read).rejects.toMatchObject({ code: refused });
    }
    const chain = loadChainState(ctx, course.courseId);
    if (refused === undefined) await expect(chain).resolves.toBeDefined();
    else await expect(chain).rejects.toMatchObject({ code: refused });
  });

  test('a teacher of another course sees nothing, neither there nor by asking for its things here', async () => {
    const other = await seedCourse(tool.ctx.db);
    const stranger = await other.addMember('Stra Nger', 'teacher');
    await mark(present);
    const { courseId } = other;
    const ctx = who(stranger);
    await expect(
      loadHistory(ctx, { courseId: course.courseId, of: { kind: 'course' } }),
    ).rejects.toMatchObject({ code: 'no-access' });
    const { membershipId } = anna;
    expect(await loadHistory(ctx, { courseId, of: { kind: 'meeting', meetingId } })).toMatchObject({
      entries: [],
    });
    for (const of of [
      { kind: 'member', membershipId },
      { kind: 'record', meetingId, membershipId },
      { kind: 'course', membershipId },
      { kind: 'member', membershipId: 'nonsense' },
    ] satisfies HistoryOf[]) {
      await expect(loadHistory(ctx, { courseId, of })).rejects.toMatchObject({ code: 'not-found' });
    }
  });
});

describe('what it shows', () => {
  test('a record’s history is one, also when the record was taken away in between', async () => {
    await mark(present);
    await mark({ kind: 'take-back' }, 1, anna, after(6));
    await mark(absent, 0, anna, after(7));
    await mark(present, 0, bert);
    const { entries } = await history({ kind: 'record', meetingId, membershipId: anna.membershipId });
    expect(entries.map((entry) => (entry.after as { status: string } | null)?.status)).toEqual([
      ...['absent', undefined, 'present'],
    ]);
    expect(entries[0]).toMatchObject({
      ...{ actor: 'Tea Cher', member: 'Anna Beispiel', membershipId: anna.membershipId },
      meeting: { id: meetingId, title: null, number: 1, localStart: '2026-11-28T09:00' },
    });
  });

  test('a meeting’s own changes, not those of its records', async () => {
    await checkIn(anna);
    await mark(present, 0, bert);
    expect(told((await history({ kind: 'meeting', meetingId })).entries)).toEqual([
      ['check-in.opened', 'Tea Cher', null],
    ]);
  });

  test('a member’s: their records in every meeting, and their place in the course', async () => {
    await mark(present);
    await endSpan();
    await mark(present, 0, bert);
    const { entries } = await history({ kind: 'member', membershipId: anna.membershipId });
    expect(told(entries)).toEqual([
      ['record.marked', 'Tea Cher', 'Anna Beispiel'],
      ['membership.spans-changed', 'Tea Cher', 'Anna Beispiel'],
    ]);
  });

  test('of a member into whom another entry was merged: what happened to that one too', async () => {
    await mark(present, 0, bert);
    await insertAuditEvent(who(teacher, after(9)), {
      ...{ courseId: course.courseId, action: 'membership.merged', subjectId: anna.membershipId },
      ...{ before: { merged: { membershipId: bert.membershipId } }, after: {} },
    });
    const { entries } = await history({ kind: 'record', meetingId, membershipId: anna.membershipId });
    expect(told(entries)).toEqual([['record.marked', 'Tea Cher', 'Bert Ärmel']]);
    expect(
      told((await history({ kind: 'member', membershipId: anna.membershipId })).entries).map(
        ([action]) => action,
      ),
    ).toEqual(['membership.merged', 'record.marked']);
  });

  test('a course’s, narrowed to a kind, or to a person who did it or whom it is about', async () => {
    await mark(present);
    await policyWith({ graceMinutes: 10 });
    await cancelMeetings(who(teacher, after(10)), place());
    const only = async (of: Omit<Extract<HistoryOf, { kind: 'course' }>, 'kind'>) =>
      (await history({ kind: 'course', ...of })).entries.map(({ action }) => action);
    expect(await only({})).toEqual(['meeting.cancelled', 'record.marked', 'policy.changed']);
    expect(await only({ only: 'records' })).toEqual(['record.marked']);
    expect(await only({ only: 'meetings' })).toEqual(['meeting.cancelled']);
    expect(await only({ only: 'members' })).toEqual([]);
    expect(await only({ only: 'settings' })).toEqual(['policy.changed']);
    expect(await only({ membershipId: anna.membershipId })).toEqual(['record.marked']);
    expect(await only({ membershipId: teacher.membershipId, only: 'settings' })).toEqual(['policy.changed']);
    expect(await only({ membershipId: bert.membershipId })).toEqual([]);
  });

  test('page by page, each entry once, also of one moment', async () => {
    const event = { courseId: course.courseId, action: 'meeting.updated', subjectId: meetingId };
    await insertAuditEvents(
      who(teacher),
      Array.from({ length: 120 }, () => event),
    );
    const ids: string[] = [];
    let page: string | undefined;
    do {
      const view = await history({ kind: 'course' }, teacher, page);
      expect(view.entries.length).toBeLessThanOrEqual(50);
      ids.push(...view.entries.map(({ id }) => id));
      page = view.older;
    } while (page !== undefined);
    expect(new Set(ids).size).toBe(120);
    expect(ids).toHaveLength(120);
  });

  test('whatever stands in the log, and after an erasure that something was erased', async () => {
    await insertAuditEvents(who(undefined), [
      {
        courseId: course.courseId,
        action: 'odd',
        subjectId: newId(),
        after: { meetingId: '7', membershipId: {} },
      },
      { courseId: course.courseId, action: 'odder.still', subjectId: newId(), before: 'text', after: [1] },
    ]);
    await checkIn(anna);
    await eraseFromAudit(tool.ctx, anna.personId);
    const { entries } = await history({ kind: 'course' });
    expect(entries).toHaveLength(5);
    expect(entries.find(({ action }) => action === 'record.checked-in')).toMatchObject({
      ...{ isErased: true, actor: null, member: null, meeting: null, before: null, after: null },
    });
  });

  test('how far it is sealed', async () => {
    const state = () => loadChainState(who(teacher), course.courseId);
    expect(await state()).toEqual({ sealedAt: undefined, isWaiting: false });
    await mark(present);
    expect(await state()).toEqual({ sealedAt: undefined, isWaiting: true });
    await sealCourse(tool.at(after(6)), course.courseId);
    expect(await state()).toEqual({ sealedAt: after(6), isWaiting: false });
    expect(await tool.ctx.db.$count(auditEvents, eq(auditEvents.courseId, course.courseId))).toBe(1);
  });
});
