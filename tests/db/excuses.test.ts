import { and, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadCourseTotals } from '#lib/attendance/load-course-totals.ts';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import type { MarkRequest } from '#lib/attendance/input.ts';
import { loadHistory } from '#lib/audit/load-history.ts';
import { newId, randomToken } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { checkInForMember } from '#lib/check-in/check-in-for-member.ts';
import type { Ctx } from '#lib/context.ts';
import {
  auditEvents,
  courses,
  excuseFiles,
  excuseMeetings,
  excuses,
  meetings,
  messages,
  people,
  personConflicts,
} from '#lib/db/schema.ts';
import { addDocuments } from '#lib/excuses/add-documents.ts';
import { countWaitingExcuses } from '#lib/excuses/count-waiting.ts';
import { decideExcuse, decideExcuses } from '#lib/excuses/decide-excuse.ts';
import type { ExcuseRequest } from '#lib/excuses/input.ts';
import { loadExcuseForm } from '#lib/excuses/load-excuse-form.ts';
import { loadExcuseQueue, loadQueuedExcuse } from '#lib/excuses/load-excuse-queue.ts';
import { loadMyExcuses } from '#lib/excuses/load-my-excuses.ts';
import { loadWhoIsExcused } from '#lib/excuses/load-who-is-excused.ts';
import { submitExcuse } from '#lib/excuses/submit-excuse.ts';
import { takeBackDecision } from '#lib/excuses/take-back-decision.ts';
import { withdrawExcuse } from '#lib/excuses/withdraw-excuse.ts';
import { decideConflict } from '#lib/members/decide-conflict.ts';
import { deleteMeetings } from '#lib/meetings/delete-meetings.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who } = room;
let bert: SeededMember;
let assistant: SeededMember;
/** The Saturday after. */
let next: string;

const afterwards = minutes(300);
const course = () => room.course.courseId;

beforeEach(async () => {
  bert = await room.course.addMember('Bert Ärmel');
  for (const { personId } of [room.teacher, room.anna, bert]) {
    await tool.ctx.db
      .update(people)
      .set({ email: `${personId}@school.example` })
      .where(eq(people.id, personId));
  }
  assistant = await room.course.addMember('As Sistent', 'assistant');
  next = await room.course.addMeeting({
    ...{ localStart: '2026-12-05T09:00', localEnd: '2026-12-05T12:45' },
    ...{ startsAt: new Date('2026-12-05T08:00:00Z'), endsAt: new Date('2026-12-05T11:45:00Z') },
  });
});

function excuseFor(meetingIds: string[], change: Partial<ExcuseRequest> = {}): ExcuseRequest {
  return {
    ...{ id: newId(), reason: 'illness', text: '', fileIds: [] },
    choice: { kind: 'meetings', meetingIds },
    ...change,
  };
}

async function handIn(meetingIds: string[], change: Partial<ExcuseRequest> = {}, by = room.anna) {
  const excuse = excuseFor(meetingIds, change);
  const done = await submitExcuse(who(by, afterwards), { courseId: course(), excuse });
  expect(done).toEqual({ kind: 'submitted', excuseId: excuse.id });
  return excuse.id;
}

async function decide(
  excuseId: string,
  acceptedMeetingIds: string[],
  change: { revision?: number; note?: string } = {},
) {
  return decideExcuse(who(room.teacher, afterwards), {
    ...{ courseId: course(), excuseId, acceptedMeetingIds, revision: 1, note: '' },
    ...change,
  });
}

async function mark(member: SeededMember, change: MarkRequest['change'], meetingId = room.meetingId) {
  const before = await recordOf(member, meetingId);
  const [done] = await markRecords(who(room.teacher, afterwards), {
    ...{ courseId: course(), meetingId },
    marks: [{ membershipId: member.membershipId, revision: before?.revision ?? 0, change }],
  });
  expect(done?.kind).toBe('marked');
}

const recordOf = async (member: SeededMember, meetingId = room.meetingId) =>
  (await loadRegister(who(room.teacher, afterwards), { courseId: course(), meetingId })).rows.find(
    (row) => row.membershipId === member.membershipId,
  )?.record;

const absent = { kind: 'word', status: 'absent' } as const;
const present = { kind: 'word', status: 'present' } as const;

async function addFile(change: Partial<typeof excuseFiles.$inferInsert> = {}) {
  const id = newId();
  await tool.ctx.db.insert(excuseFiles).values({
    ...{ id, membershipId: room.anna.membershipId, objectKey: randomToken(), name: 'Attest.pdf' },
    ...{ mediaType: 'application/pdf', bytes: 1_000, storedAt: saturday },
    ...change,
  });
  return id;
}

describe('handing in', () => {
  test('changes no record, is told to the teacher, and stands in the log without a word of why', async () => {
    await mark(room.anna, absent);
    const before = await recordOf(room.anna);
    const excuseId = await handIn([room.meetingId, next], { text: 'Fieber' });
    expect(await recordOf(room.anna)).toEqual(before);
    expect(await countWaitingExcuses(who(room.teacher), course())).toBe(1);
    const [event] = await tool.ctx.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.subjectId, excuseId))
      .orderBy(auditEvents.id);
    expect(event).toMatchObject({ action: 'excuse.submitted', actorPersonId: room.anna.personId });
    expect(JSON.stringify(event)).not.toMatch(/Fieber|illness/);
    const told = await tool.ctx.db.select().from(messages).where(eq(messages.courseId, course()));
    expect(told.map(({ kind, personId }) => [kind, personId])).toEqual([
      ['excuses-received', room.teacher.personId],
    ]);
  });

  test('twice is handing in once, also at the same time', async () => {
    const excuse = excuseFor([room.meetingId]);
    const submit = () => submitExcuse(who(room.anna), { courseId: course(), excuse });
    const done = await Promise.all([submit(), submit()]);
    expect([...done, await submit()]).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'submitted', excuseId: excuse.id })),
    );
    expect((await loadMyExcuses(who(room.anna), course())).excuses).toHaveLength(1);
  });

  test('two at once for one meeting: the second finds nothing left to excuse', async () => {
    const submit = () =>
      submitExcuse(who(room.anna), { courseId: course(), excuse: excuseFor([room.meetingId]) });
    const kinds = (await Promise.all([submit(), submit()])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['nothing-to-excuse', 'submitted']);
  });

  test('for days takes the meetings in them, also one that is planned before the decision', async () => {
    const excuseId = await handIn([], {
      choice: { kind: 'days', fromDay: '2026-11-28', toDay: '2026-12-06' },
    });
    const added = await room.course.addMeeting({
      ...{ localStart: '2026-12-06T09:00', localEnd: '2026-12-06T10:00', breakMinutes: 0 },
      ...{ startsAt: new Date('2026-12-06T08:00:00Z'), endsAt: new Date('2026-12-06T09:00:00Z') },
    });
    const named = async () =>
      (
        await loadExcuseQueue(who(room.teacher), { courseId: course(), filter: 'all' })
      ).excuses[0]?.meetings.map(({ id, decision }) => [id, decision]);
    expect(await named()).toEqual([
      [room.meetingId, null],
      [next, null],
      [added, null],
    ]);
    expect(await decide(excuseId, [next, added])).toMatchObject({ kind: 'decided', state: 'accepted' });
    expect(await named()).toEqual([
      [room.meetingId, 'declined'],
      [next, 'accepted'],
      [added, 'accepted'],
    ]);
  });

  test.each<[string, Partial<ExcuseRequest>, unknown]>([
    ['no reason', { reason: 'none' as 'other' }, { kind: 'invalid', problems: ['reason'] }],
    ['a novel', { text: 'x'.repeat(2_001) }, { kind: 'invalid', problems: ['text'] }],
    [
      'no meeting',
      { choice: { kind: 'meetings', meetingIds: [] } },
      { kind: 'invalid', problems: ['meetings'] },
    ],
    [
      'days in the wrong order',
      { choice: { kind: 'days', fromDay: '2026-12-02', toDay: '2026-12-01' } },
      { kind: 'invalid', problems: ['days'] },
    ],
    [
      'ten years',
      { choice: { kind: 'days', fromDay: '2026-12-02', toDay: '2036-12-01' } },
      { kind: 'invalid', problems: ['days'] },
    ],
    [
      'days without a meeting',
      { choice: { kind: 'days', fromDay: '2027-01-01', toDay: '2027-01-02' } },
      { kind: 'nothing-to-excuse' },
    ],
    [
      'six documents',
      { fileIds: Array.from({ length: 6 }, newId) },
      { kind: 'invalid', problems: ['files'] },
    ],
  ])('%s is told at its step', async (_case, change, expected) => {
    const done = await submitExcuse(who(room.anna), {
      ...{ courseId: course(), excuse: excuseFor([room.meetingId], change) },
    });
    expect(done).toEqual(expected);
  });

  test('a document that is not there, not stored, deleted, or somebody else’s: nothing is handed in without it', async () => {
    const gone = await addFile({ discardedAt: saturday });
    const unfinished = await addFile({ storedAt: null });
    const foreign = await addFile({ membershipId: bert.membershipId });
    const own = await addFile();
    for (const fileId of [newId(), gone, unfinished, foreign]) {
      const excuse = excuseFor([room.meetingId], { fileIds: [own, fileId] });
      expect(await submitExcuse(who(room.anna), { courseId: course(), excuse })).toEqual({
        ...{ kind: 'file-missing', fileIds: [fileId] },
      });
    }
    expect((await loadMyExcuses(who(room.anna), course())).excuses).toEqual([]);
    const excuseId = await handIn([room.meetingId], { fileIds: [own] });
    const again = excuseFor([next], { fileIds: [own] });
    expect(await submitExcuse(who(room.anna), { courseId: course(), excuse: again })).toMatchObject({
      kind: 'file-missing',
    });
    expect((await loadMyExcuses(who(room.anna), course())).excuses[0]).toMatchObject({
      ...{ id: excuseId, files: [{ id: own, name: 'Attest.pdf' }] },
    });
  });

  test('a document that comes later makes it another version; adding it again changes nothing; five at most', async () => {
    const excuseId = await handIn([room.meetingId]);
    const add = (fileIds: string[]) =>
      addDocuments(who(room.anna), { courseId: course(), excuseId, fileIds });
    const first = await addFile();
    expect(await add([first])).toEqual({ kind: 'added' });
    expect(await add([first])).toEqual({ kind: 'added' });
    expect(await decide(excuseId, [room.meetingId])).toEqual({ kind: 'conflict' });
    const more = [await addFile(), await addFile(), await addFile(), await addFile(), await addFile()];
    expect(await add(more)).toEqual({ kind: 'too-many' });
    expect(await add([newId()])).toEqual({ kind: 'file-missing' });
    expect(await decide(excuseId, [room.meetingId], { revision: 2 })).toMatchObject({ kind: 'decided' });
    expect(await add([await addFile()])).toEqual({ kind: 'decided-already' });
  });

  test('the form offers one’s own meetings, missed ones first in mind, and says where an excuse stands', async () => {
    const [section] = [newId()];
    await room.course.addMeeting({ sectionIds: [section] });
    const cancelled = await room.course.addMeeting({ state: 'cancelled' });
    await mark(bert, present);
    await handIn([next]);
    const { meetings: offered } = await loadExcuseForm(who(room.anna, afterwards), course());
    expect(offered.map(({ id, isMissed, excuse }) => [id, isMissed, excuse?.state ?? null])).toEqual([
      [room.meetingId, true, null],
      [next, false, 'submitted'],
    ]);
    expect(
      await submitExcuse(who(room.anna), { courseId: course(), excuse: excuseFor([cancelled]) }),
    ).toEqual({
      kind: 'nothing-to-excuse',
    });
  });
});

describe('withdrawing', () => {
  test('takes it back with its documents, once; nobody decides it any more', async () => {
    const fileId = await addFile();
    const excuseId = await handIn([room.meetingId], { fileIds: [fileId] });
    const withdraw = () => withdrawExcuse(who(room.anna), { courseId: course(), excuseId });
    expect([await withdraw(), await withdraw()]).toEqual([{ kind: 'withdrawn' }, { kind: 'withdrawn' }]);
    const [file] = await tool.ctx.db.select().from(excuseFiles).where(eq(excuseFiles.id, fileId));
    expect(file?.discardedAt).toEqual(saturday);
    expect(await decide(excuseId, [room.meetingId])).toEqual({ kind: 'conflict' });
    expect(await countWaitingExcuses(who(room.teacher), course())).toBe(0);
    // The meeting may be excused anew.
    await handIn([room.meetingId]);
  });

  test('and deciding at the same moment: one of the two holds, and the register agrees', async () => {
    await mark(room.anna, absent);
    const excuseId = await handIn([room.meetingId]);
    const [withdrawn, decided] = await Promise.all([
      withdrawExcuse(who(room.anna), { courseId: course(), excuseId }),
      decide(excuseId, [room.meetingId]),
    ]);
    const isDecided = decided.kind === 'decided';
    expect(withdrawn.kind).toBe(isDecided ? 'decided-already' : 'withdrawn');
    expect((await recordOf(room.anna))?.status).toBe(isDecided ? 'excused' : 'absent');
  });
});

describe('a decision', () => {
  test('excuses the absences that it names, declines the others, and the figures follow', async () => {
    await mark(room.anna, absent);
    await mark(bert, present);
    const figures = async () =>
      (await loadCourseTotals(who(room.teacher, afterwards), course())).get(room.anna.membershipId);
    expect(await figures()).toMatchObject({ expectedMinutes: 210, countedMinutes: 0 });
    const excuseId = await handIn([room.meetingId, next]);
    expect(await decide(excuseId, [room.meetingId], { note: 'Gute Besserung' })).toEqual({
      ...{ kind: 'decided', state: 'accepted', revision: 2 },
    });
    expect(await recordOf(room.anna)).toMatchObject({
      status: 'excused',
      source: 'excuse',
      provenMinutes: 0,
    });
    expect(await recordOf(room.anna, next)).toBeNull();
    expect(await figures()).toMatchObject({ expectedMinutes: 0, rate: null });
    const [mine] = (await loadMyExcuses(who(room.anna), course())).excuses;
    expect(mine).toMatchObject({ state: 'accepted', decisionNote: 'Gute Besserung' });
    expect(mine?.meetings.map(({ decision, status }) => [decision, status])).toEqual([
      ['accepted', 'excused'],
      ['declined', null],
    ]);
    const told = await tool.ctx.db
      .select()
      .from(messages)
      .where(and(eq(messages.kind, 'excuse-decided'), eq(messages.subjectId, excuseId)));
    expect(told).toHaveLength(1);
  });

  test('declines all', async () => {
    await mark(room.anna, absent);
    const excuseId = await handIn([room.meetingId]);
    expect(await decide(excuseId, [])).toMatchObject({ kind: 'decided', state: 'declined' });
    expect((await recordOf(room.anna))?.status).toBe('absent');
    // A declined meeting may be excused once more, with a better document.
    await handIn([room.meetingId]);
  });

  test('takes no minute from whoever was there, and none that an absence has proven', async () => {
    const { db } = tool.ctx;
    await db
      .update(courses)
      .set({ policy: { absentAfterMinutes: 30 } })
      .where(eq(courses.id, course()));
    await mark(bert, { kind: 'times', spans: [{ from: '2026-11-28T08:20:00Z', to: null }] });
    await mark(room.anna, { kind: 'times', spans: [{ from: '2026-11-28T08:45:00Z', to: null }] });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'absent', provenMinutes: 165 });
    const [late, tooLate] = [await handIn([room.meetingId], {}, bert), await handIn([room.meetingId])];
    await decide(late, [room.meetingId]);
    await decide(tooLate, [room.meetingId]);
    expect(await recordOf(bert)).toMatchObject({ status: 'late', source: 'teacher', provenMinutes: 190 });
    expect(await recordOf(room.anna)).toMatchObject({
      ...{ status: 'excused', provenMinutes: 165, spans: [{ from: '2026-11-28T08:45:00.000Z' }] },
    });
  });

  test('in advance makes no meeting taken: nobody else counts as absent by it', async () => {
    const excuseId = await handIn([next]);
    await decide(excuseId, [next]);
    const later = new Date('2026-12-06T00:00:00Z');
    const totals = await loadCourseTotals(who(room.teacher, later), course());
    expect(totals.get(bert.membershipId)?.expectedMeetings).toBe(0);
    const { untaken, past } = await loadMeetings(who(room.teacher, later), course());
    expect(untaken.map(({ id }) => id)).toContain(next);
    expect(past.find(({ id }) => id === next)).toMatchObject({ counts: { excused: 1 }, isTaken: false });
    // And keeps the meeting from being deleted under it.
    const deleted = await deleteMeetings(who(room.teacher), {
      ...{ courseId: course(), meetingId: next, scope: 'one' },
    });
    expect(deleted).toEqual({ meetingIds: [], kept: 1 });
  });

  test('whoever comes all the same is present; too late stays excused', async () => {
    const { db } = tool.ctx;
    await db
      .update(courses)
      .set({ policy: { absentAfterMinutes: 30 } })
      .where(eq(courses.id, course()));
    for (const member of [room.anna, bert]) {
      const excuse = excuseFor([room.meetingId]);
      await submitExcuse(who(member), { courseId: course(), excuse });
      await decideExcuse(who(room.teacher), {
        ...{
          courseId: course(),
          excuseId: excuse.id,
          revision: 1,
          acceptedMeetingIds: [room.meetingId],
          note: '',
        },
      });
    }
    const come = (member: SeededMember, at: Date) =>
      checkInForMember(who(room.teacher, at), {
        ...{ courseId: course(), meetingId: room.meetingId, membershipId: member.membershipId },
        ...{ attemptId: newId(), direction: 'in' },
      });
    await come(room.anna, saturday);
    await come(bert, minutes(40));
    expect(await recordOf(room.anna)).toMatchObject({
      status: 'present',
      source: 'check-in',
      provenMinutes: 210,
    });
    expect(await recordOf(bert)).toMatchObject({ status: 'excused', source: 'excuse', provenMinutes: 172 });
  });

  test('meets a conflict when another teacher was faster; a note that is too long is told', async () => {
    const excuseId = await handIn([room.meetingId]);
    const both = await Promise.all([decide(excuseId, [room.meetingId]), decide(excuseId, [])]);
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['conflict', 'decided']);
    expect(await decide(excuseId, [], { note: 'x'.repeat(1_001) })).toEqual({ kind: 'note-too-long' });
  });

  test('several at once: each by itself', async () => {
    const excuses = [await handIn([room.meetingId]), await handIn([room.meetingId], {}, bert)];
    const done = await decideExcuses(who(room.teacher, afterwards), {
      courseId: course(),
      decisions: excuses.map((excuseId, index) => ({
        ...{ excuseId, revision: 1 + index, acceptedMeetingIds: [room.meetingId], note: '' },
      })),
    });
    expect(done.map(({ kind }) => kind)).toEqual(['decided', 'conflict']);
  });

  test('costs the same number of statements for one meeting and for thirty', async () => {
    const many = await Promise.all(
      Array.from({ length: 30 }, (_, day) =>
        room.course.addMeeting({
          startsAt: addMs(new Date('2027-01-01T08:00:00Z'), day * 86_400_000),
          endsAt: addMs(new Date('2027-01-01T11:45:00Z'), day * 86_400_000),
        }),
      ),
    );
    const cost = async (meetingIds: string[], by: SeededMember) => {
      const excuseId = await handIn(meetingIds, {}, by);
      const before = tool.statements();
      await decide(excuseId, meetingIds);
      return tool.statements() - before;
    };
    const [one, thirty] = [await cost([room.meetingId], bert), await cost(many, room.anna)];
    expect(thirty).toBe(one);
  });
});

describe('taking a decision back', () => {
  const takeBack = (excuseId: string, revision = 2) =>
    takeBackDecision(who(room.teacher, afterwards), { courseId: course(), excuseId, revision });

  test('restores what stood there: a teacher’s word with its note, what was seen, or nothing', async () => {
    await mark(room.anna, absent);
    await mark(room.anna, { kind: 'note', note: 'angerufen' });
    const excuseId = await handIn([room.meetingId, next]);
    await decide(excuseId, [room.meetingId, next]);
    expect(await recordOf(room.anna, next)).toMatchObject({ status: 'excused' });
    expect(await takeBack(excuseId)).toEqual({ kind: 'taken-back', revision: 3 });
    expect(await recordOf(room.anna)).toMatchObject({
      status: 'absent',
      source: 'teacher',
      note: 'angerufen',
    });
    expect(await recordOf(room.anna, next)).toBeNull();
    expect((await loadMyExcuses(who(room.anna), course())).excuses[0]).toMatchObject({
      ...{ state: 'submitted', decidedAt: null, decisionNote: null, revision: 3 },
    });
    expect(await takeBack(excuseId)).toEqual({ kind: 'conflict' });
    // And it can be decided anew.
    await decide(excuseId, [next], { revision: 3 });
    expect(await recordOf(room.anna, next)).toMatchObject({ status: 'excused', revision: 2 });
  });

  test('leaves alone what somebody has entered since', async () => {
    const excuseId = await handIn([room.meetingId]);
    await decide(excuseId, [room.meetingId]);
    await mark(room.anna, present);
    await takeBack(excuseId);
    expect(await recordOf(room.anna)).toMatchObject({ status: 'present', source: 'teacher' });
  });

  test('and a mark that is taken back afterwards leads to what the excuse says', async () => {
    const excuseId = await handIn([room.meetingId]);
    await decide(excuseId, [room.meetingId]);
    await mark(room.anna, present);
    await mark(room.anna, { kind: 'take-back' });
    expect(await recordOf(room.anna)).toMatchObject({ status: 'excused', source: 'excuse' });
    await takeBack(excuseId);
    expect(await recordOf(room.anna)).toBeNull();
  });

  test('is told by the log, each change of the register with it', async () => {
    await mark(room.anna, absent);
    const excuseId = await handIn([room.meetingId]);
    await decide(excuseId, [room.meetingId]);
    await takeBack(excuseId);
    const { entries } = await loadHistory(who(room.teacher), {
      ...{ courseId: course(), of: { kind: 'member', membershipId: room.anna.membershipId } },
    });
    expect(entries.map(({ action }) => action).toSorted()).toEqual([
      'excuse.accepted',
      'excuse.decision-taken-back',
      'excuse.submitted',
      'record.excuse-taken-back',
      'record.excused',
      'record.marked',
    ]);
    expect(entries.find(({ action }) => action === 'record.excused')).toMatchObject({
      ...{ before: { status: 'absent' }, after: { status: 'excused' }, actor: 'Tea Cher' },
    });
  });
});

test('who is excused when, waiting and accepted told apart', async () => {
  const accepted = await handIn([next]);
  await decide(accepted, [next]);
  await handIn([next], {}, bert);
  const [day, ...others] = await loadWhoIsExcused(who(room.teacher), {
    ...{ courseId: course(), from: new Date('2026-12-01T00:00:00Z'), to: new Date('2026-12-08T00:00:00Z') },
  });
  expect(others).toEqual([]);
  expect(day?.meeting.id).toBe(next);
  expect(day?.students.map(({ name, state }) => [name, state])).toEqual([
    ['Ärmel, Bert', 'submitted'],
    ['Beispiel, Anna', 'accepted'],
  ]);
});

test('the queue shows those that wait longest first, fifty at a time', async () => {
  const days = Array.from({ length: 60 }, (_, day) =>
    addMs(new Date('2027-01-01T08:00:00Z'), day * 86_400_000),
  );
  for (const startsAt of days) {
    const meetingId = await room.course.addMeeting({ startsAt, endsAt: addMs(startsAt, 60 * minuteMs) });
    await submitExcuse(who(room.anna, addMs(startsAt, -400 * 86_400_000)), {
      ...{ courseId: course(), excuse: excuseFor([meetingId]) },
    });
  }
  const queue = (page: number) => loadExcuseQueue(who(room.teacher), { courseId: course(), page });
  const [first, second] = [await queue(0), await queue(1)];
  expect([first.excuses.length, first.hasMore, second.excuses.length, second.hasMore]).toEqual([
    50,
    true,
    10,
    false,
  ]);
  const times = [...first.excuses, ...second.excuses].map(({ submittedAt }) => submittedAt.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(first.waiting).toBe(60);
});

test('excuses and documents go along when two rows of one human become one', async () => {
  const twin = await room.course.addMember('Anna Beispiel');
  const fileId = await addFile({ membershipId: twin.membershipId });
  const excuseId = await handIn([next], { fileIds: [fileId] }, twin);
  const conflictId = newId();
  await tool.ctx.db.insert(personConflicts).values({
    ...{ id: conflictId, personId: twin.personId, otherPersonId: room.anna.personId, seenAt: saturday },
  });
  await decideConflict(who(room.teacher), {
    ...{ courseId: course(), conflictId, decision: 'merged' },
  });
  const held = await Promise.all([room.anna, twin].map((member) => loadMyExcuses(who(member), course())));
  for (const { excuses: own } of held) {
    expect(own.map(({ id, files }) => [id, files.map((file) => file.id)])).toEqual([[excuseId, [fileId]]]);
  }
});

describe('who may', () => {
  type Door = [name: string, open: (ctx: Ctx, excuseId: string) => Promise<unknown>];
  const own: Door[] = [
    ['the form', (ctx) => loadExcuseForm(ctx, course())],
    ['one’s own excuses', (ctx) => loadMyExcuses(ctx, course())],
    ['handing in', (ctx) => submitExcuse(ctx, { courseId: course(), excuse: excuseFor([next]) })],
    [
      'adding documents',
      (ctx, excuseId) => addDocuments(ctx, { courseId: course(), excuseId, fileIds: [newId()] }),
    ],
    ['withdrawing', (ctx, excuseId) => withdrawExcuse(ctx, { courseId: course(), excuseId })],
  ];
  const seeing: Door[] = [
    ['the queue', (ctx) => loadExcuseQueue(ctx, { courseId: course() })],
    ['one of the queue', (ctx, excuseId) => loadQueuedExcuse(ctx, { courseId: course(), excuseId })],
    [
      'who is excused',
      (ctx) => loadWhoIsExcused(ctx, { courseId: course(), from: saturday, to: afterwards }),
    ],
  ];
  const deciding: Door[] = [
    [
      'a decision',
      (ctx, excuseId) =>
        decideExcuse(ctx, { courseId: course(), excuseId, revision: 1, acceptedMeetingIds: [], note: '' }),
    ],
    [
      'several decisions',
      (ctx, excuseId) =>
        decideExcuses(ctx, {
          courseId: course(),
          decisions: [{ excuseId, revision: 1, acceptedMeetingIds: [], note: '' }],
        }),
    ],
    ['taking back', (ctx, excuseId) => takeBackDecision(ctx, { courseId: course(), excuseId, revision: 1 })],
  ];
  const refusal = async (door: Door, by: SeededMember | undefined, excuseId: string) =>
    door[1](who(by), excuseId).then(
      () => 'let in',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );

  test('students their own, teachers and whom they let, and nobody else', async () => {
    const excuseId = await handIn([room.meetingId]);
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const stranger = await elsewhere.addMember('Tea Anders', 'teacher');
    const observer = await room.course.addMember('Ob Server', 'observer');
    const left = await room.course.addMember('Lea Fort', 'student', { left: true });
    for (const door of own) {
      for (const by of [room.teacher, assistant, observer, stranger, left]) {
        expect(await refusal(door, by, excuseId), door[0]).toBe('no-access');
      }
      expect(await refusal(door, undefined, excuseId), door[0]).toBe('not-signed-in');
    }
    for (const door of [...seeing, ...deciding]) {
      for (const by of [room.anna, observer, stranger]) {
        expect(await refusal(door, by, excuseId), door[0]).toBe('no-access');
      }
      expect(await refusal(door, assistant, excuseId), door[0]).toBe('not-for-assistants');
      expect(await refusal(door, undefined, excuseId), door[0]).toBe('not-signed-in');
    }
    await tool.ctx.db
      .update(courses)
      .set({ policy: { assistantsMaySeeExcuses: true } })
      .where(eq(courses.id, course()));
    for (const door of seeing) expect(await refusal(door, assistant, excuseId), door[0]).toBe('let in');
    for (const door of deciding) {
      expect(await refusal(door, assistant, excuseId), door[0]).toBe('not-for-assistants');
    }
    expect(await countWaitingExcuses(who(assistant), course())).toBe(1);
  });

  test('nobody touches another student’s excuse, or one of another course', async () => {
    const excuseId = await handIn([room.meetingId]);
    for (const [name, open] of own.slice(3)) {
      await expect(open(who(bert), excuseId), name).rejects.toMatchObject({ code: 'not-found' });
    }
    // Whoever guesses its id hands nothing in under it.
    await expect(
      submitExcuse(who(bert), { courseId: course(), excuse: excuseFor([next], { id: excuseId }) }),
    ).rejects.toMatchObject({ code: 'not-found' });
    expect((await loadMyExcuses(who(bert), course())).excuses).toEqual([]);
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const stranger = await elsewhere.addMember('Tea Anders', 'teacher');
    const key = { courseId: elsewhere.courseId, excuseId, revision: 1 };
    await expect(
      decideExcuse(who(stranger), { ...key, acceptedMeetingIds: [room.meetingId], note: '' }),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(takeBackDecision(who(stranger), key)).rejects.toMatchObject({ code: 'not-found' });
    const foreign = await elsewhere.addMeeting();
    await expect(
      submitExcuse(who(room.anna), { courseId: course(), excuse: excuseFor([foreign]) }),
    ).rejects.toMatchObject({ code: 'not-found' });
    await expect(decide(excuseId, [foreign])).rejects.toMatchObject({ code: 'invalid-input' });
    const rows = await tool.ctx.db.select().from(excuseMeetings).where(eq(excuseMeetings.excuseId, excuseId));
    expect(rows.map(({ decision }) => decision)).toEqual([null]);
  });

  test('Student View hands nothing in', async () => {
    const preview = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    await expect(
      submitExcuse(who(preview), { courseId: course(), excuse: excuseFor([room.meetingId]) }),
    ).rejects.toMatchObject({ code: 'no-access' });
    expect(await tool.ctx.db.$count(excuses, eq(excuses.courseId, course()))).toBe(0);
    expect(await tool.ctx.db.$count(meetings, eq(meetings.courseId, course()))).toBe(2);
  });
});
