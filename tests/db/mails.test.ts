import { setTimeout as delay } from 'node:timers/promises';
import { eq, ne, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CoursePolicy } from '#lib/base/course-policy.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import {
  attendanceRecords,
  courses,
  excuseMeetings,
  excuses,
  membershipSpans,
  messages,
  people,
  platforms,
} from '#lib/db/schema.ts';
import { chooseMails } from '#lib/notices/choose-mails.ts';
import { findAbsences } from '#lib/notices/find-absences.ts';
import { findLowRates } from '#lib/notices/find-low-rates.ts';
import { openMailer } from '#lib/notices/mailer.ts';
import type { Mailer } from '#lib/notices/mailer.ts';
import { noteSending, takeDueMessage } from '#lib/notices/queries.ts';
import { queueExcuseDecided, queueExcusesReceived } from '#lib/notices/queue-messages.ts';
import { sendMessages } from '#lib/notices/send-messages.ts';
import { useClassroom } from '../support/classroom.ts';
import { startMailServer } from '../support/mail-server.ts';
import type { MailServer } from '../support/mail-server.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const hourMs = 60 * minuteMs;
const after = (ms: number) => addMs(saturday, ms);

let server: MailServer;
let mailer: Mailer;
beforeAll(async () => {
  Object.assign(process.env, { PUBLIC_URL: 'https://tool.example' });
  server = await startMailServer();
  mailer = mailerOf(server.url);
});
afterAll(async () => {
  mailer.close();
  await server.close();
});
beforeEach(async () => {
  await tool.ctx.db.delete(messages);
  // Jobs look through all courses: those of other tests are out of it.
  await tool.ctx.db
    .update(platforms)
    .set({ disabledAt: saturday })
    .where(ne(platforms.id, room.course.platformId));
  server.mails.length = 0;
  server.manners.clear();
  await givenAddress(room.anna, 'anna@school.example', 'de-DE');
  await givenAddress(room.teacher, 'tea@school.example');
});

function mailerOf(url: string): Mailer {
  return openMailer({ url, from: 'Attendance <attendance@school.example>' });
}

async function givenAddress({ personId }: SeededMember, email: string | null, locale = 'en') {
  await tool.ctx.db.update(people).set({ email, locale }).where(eq(people.id, personId));
}

async function givenPolicy(policy: Partial<CoursePolicy>) {
  await tool.ctx.db.update(courses).set({ policy }).where(eq(courses.id, room.course.courseId));
}

function send(now: Date, by: Mailer | undefined = mailer) {
  return sendMessages(tool.at(now), { mailer: by, now: () => now, isStopping: () => false });
}

async function drops(): Promise<(string | null)[]> {
  const rows = await tool.ctx.db.select().from(messages).orderBy(messages.createdAt, messages.id);
  return rows.map(({ dropReason }) => dropReason);
}

async function givenExcuse(
  member: SeededMember,
  { state, at = saturday }: { state?: 'submitted' | 'accepted'; at?: Date } = {},
): Promise<string> {
  const id = newId();
  const { courseId, meetingId } = room.place();
  await tool.ctx.db.insert(excuses).values({
    ...{ id, courseId, state: state ?? 'submitted' },
    membershipId: member.membershipId,
    reason: 'illness',
    text: 'a secret of mine',
    submittedAt: at,
    decisionNote: 'get well',
  });
  await tool.ctx.db
    .insert(excuseMeetings)
    .values({ excuseId: id, meetingId, decision: state === 'accepted' ? 'accepted' : null });
  return id;
}

async function givenDecision(member: SeededMember = room.anna): Promise<string> {
  const excuseId = await givenExcuse(member, { state: 'accepted' });
  await queueExcuseDecided(tool.ctx, { courseId: room.course.courseId, excuseId, revision: 2 });
  return excuseId;
}

async function givenRecord(
  member: SeededMember,
  status: 'absent' | 'present',
  { meetingId = room.meetingId, at = after(10 * minuteMs) } = {},
) {
  await tool.ctx.db.insert(attendanceRecords).values({
    ...{ id: newId(), meetingId, membershipId: member.membershipId, status },
    provenMinutes: status === 'present' ? 210 : 0,
    source: 'teacher',
    updatedAt: at,
  });
}

describe('a decided excuse', () => {
  test('is told a minute later, once, in the language of its student, with what programs want to know', async () => {
    await givenDecision();
    expect(await send(saturday)).toEqual({ sent: 0, dropped: 0, later: 0 });
    expect(await send(after(minuteMs))).toEqual({ sent: 1, dropped: 0, later: 0 });
    expect(await send(after(24 * hourMs))).toEqual({ sent: 0, dropped: 0, later: 0 });

    const [mail] = server.mails;
    expect(server.mails).toHaveLength(1);
    expect(mail).toMatchObject({
      recipient: 'anna@school.example',
      from: { name: 'Attendance', address: 'attendance@school.example' },
      subject: 'Meisterkurs Elektrotechnik: Über deine Entschuldigung ist entschieden',
    });
    expect(mail?.text).toContain('Hallo Anna,');
    expect(mail?.text).toContain('Samstag 1, Sa., 28.11.2026, 09:00–12:45: anerkannt');
    expect(mail?.text).toContain('https://canvas.example/courses/42/external_tools/7?display=borderless');
    expect(`${mail?.text ?? ''}${mail?.html ?? ''}`).not.toMatch(/secret|get well|illness|Krank/);
    const header = (key: string) => mail?.headers.find((one) => one.key === key)?.value;
    expect(header('auto-submitted')).toBe('auto-generated');
    expect(header('list-unsubscribe')).toMatch(/^<https:\/\/tool\.example\/mail\/unsubscribe\/[\w-]+>$/);
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(mail?.text).toContain(header('list-unsubscribe')?.slice(1, -1));
  });

  test('is not told when it was taken back within the minute', async () => {
    const excuseId = await givenDecision();
    await tool.ctx.db.update(excuses).set({ state: 'submitted' }).where(eq(excuses.id, excuseId));
    expect(await send(after(minuteMs))).toEqual({ sent: 0, dropped: 1, later: 0 });
    expect(await drops()).toEqual(['outdated']);
  });

  test('decided anew within the minute, the last word alone is told', async () => {
    const excuseId = await givenDecision();
    const again = { courseId: room.course.courseId, excuseId, revision: 4 };
    await queueExcuseDecided(tool.at(after(minuteMs / 2)), again);
    await queueExcuseDecided(tool.at(after(minuteMs / 2)), again);
    await send(after(2 * minuteMs));
    expect(server.mails).toHaveLength(1);
    expect(await drops()).toEqual(['outdated', null]);
  });

  test.each([
    ['has no address', () => givenAddress(room.anna, null)],
    ['wants none in this course', () => givenPolicy({ mailExcuses: false })],
  ])('leaves no row for somebody who %s', async (_what, given) => {
    await given();
    await givenDecision();
    expect(await drops()).toEqual([]);
  });

  test.each([
    ['no-address', () => givenAddress(room.anna, 'anna@school.example, eve@evil.example')],
    ['no-place', () => tool.ctx.db.update(people).set({ erasedAt: saturday, email: null })],
    ['no-place', () => tool.ctx.db.update(membershipSpans).set({ endsAt: saturday })],
    [
      'no-place',
      () =>
        tool.ctx.db
          .update(platforms)
          .set({ disabledAt: saturday })
          .where(eq(platforms.id, room.course.platformId)),
    ],
    ['switched-off', () => givenPolicy({ mailExcuses: false })],
  ])('is not sent when it has become %s (%#)', async (reason, change) => {
    await givenDecision();
    await change();
    await send(after(minuteMs));
    expect(server.mails).toEqual([]);
    expect(await drops()).toEqual([reason]);
  });

  test('reaches whoever the person lives on in', async () => {
    await givenDecision();
    const other = await room.course.addMember('Anna Neu');
    await givenAddress(other, 'neu@school.example');
    await tool.ctx.db
      .update(people)
      .set({ mergedInto: other.personId })
      .where(eq(people.id, room.anna.personId));
    await send(after(minuteMs));
    expect(server.mails.map(({ recipient }) => recipient)).toEqual(['neu@school.example']);
  });

  test('of a course whose title wants to be more than a title stays one mail to one person', async () => {
    await tool.ctx.db
      .update(courses)
      .set({ title: 'Kurs\r\nBcc: eve@evil.example\r\n\r\nHello' })
      .where(eq(courses.id, room.course.courseId));
    await givenDecision();
    await send(after(minuteMs));
    expect(server.mails).toMatchObject([
      {
        recipient: 'anna@school.example',
        subject: expect.stringMatching(/^Kurs Bcc: eve@evil\.example Hello: /) as string,
      },
    ]);
    expect(server.mails[0]?.bcc).toBeUndefined();
  });
});

test('a link of a mail turns its kind off everywhere, and on again', async () => {
  await givenDecision();
  await send(after(minuteMs));
  const token = /unsubscribe\/([\w-]+)/.exec(server.mails[0]?.text ?? '')?.[1] ?? '';
  const decideAnother = async (revision: number) => {
    await queueExcuseDecided(tool.ctx, {
      courseId: room.course.courseId,
      excuseId: await givenExcuse(room.anna, { state: 'accepted' }),
      revision,
    });
    return send(after(minuteMs));
  };

  expect(await chooseMails(tool.ctx, { token, isOff: true })).toEqual({
    kind: 'excuse-decided',
    isOff: true,
  });
  expect(await decideAnother(7)).toMatchObject({ sent: 0, dropped: 1 });
  expect((await drops()).at(-1)).toBe('unsubscribed');
  await chooseMails(tool.ctx, { token, isOff: false });
  expect(await decideAnother(8)).toMatchObject({ sent: 1 });
});

describe('excuses that wait', () => {
  const receive = async (at: Date, member = room.anna) => {
    await givenExcuse(member, { at });
    await queueExcusesReceived(tool.at(at), { courseId: room.course.courseId });
  };

  test('are told to each teacher by one mail in three hours, and only when something has come', async () => {
    const second = await room.course.addMember('Se Cond', 'teacher');
    await givenAddress(second, 'second@school.example');
    const assistant = await room.course.addMember('Assi Stent', 'assistant');
    await givenAddress(assistant, 'assi@school.example');

    await receive(saturday);
    await receive(after(10 * minuteMs));
    await send(after(minuteMs));
    expect(server.mails).toEqual([]);
    // 08:58 in Berlin is 07:58 UTC: the stretch ends at nine.
    await send(new Date('2026-11-28T09:00:00Z'));
    expect(server.mails.map(({ recipient }) => recipient).toSorted()).toEqual([
      'second@school.example',
      'tea@school.example',
    ]);
    expect(server.mails[0]?.subject).toBe('Meisterkurs Elektrotechnik: 2 excuses wait for a decision');

    await receive(new Date('2026-11-28T09:30:00Z'));
    await send(new Date('2026-11-28T12:00:00Z'));
    expect(server.mails).toHaveLength(4);
    expect(server.mails[3]?.subject).toContain('3 excuses wait');
    await send(new Date('2026-11-29T12:00:00Z'));
    expect(server.mails).toHaveLength(4);
  });

  test('are told by one mail when two stretches have waited for the mail server', async () => {
    await receive(saturday);
    await receive(new Date('2026-11-28T09:30:00Z'));
    await send(new Date('2026-11-28T13:00:00Z'));
    expect(server.mails).toHaveLength(1);
    expect((await drops()).toSorted()).toEqual([null, 'outdated'].toSorted());
  });

  test('are not told when all were decided till then', async () => {
    await receive(saturday);
    await tool.ctx.db.update(excuses).set({ state: 'accepted' });
    await send(new Date('2026-11-28T09:00:00Z'));
    expect(server.mails).toEqual([]);
    expect(await drops()).toEqual(['outdated']);
  });
});

describe('an absence', () => {
  /** The meeting ends at 11:45 UTC. */
  const afternoon = new Date('2026-11-28T15:46:00Z');

  test('is told hours after the meeting, once, where the course wants it', async () => {
    await givenRecord(room.anna, 'absent');
    expect(await findAbsences(tool.at(afternoon))).toBe(0);
    await givenPolicy({ mailAbsences: true });
    expect(await findAbsences(tool.at(new Date('2026-11-28T15:44:00Z')))).toBe(0);
    expect(await findAbsences(tool.at(afternoon))).toBe(1);
    expect(await findAbsences(tool.at(addMs(afternoon, hourMs)))).toBe(0);
    await send(afternoon);
    expect(server.mails).toMatchObject([
      {
        recipient: 'anna@school.example',
        subject: 'Meisterkurs Elektrotechnik: Bitte sieh deine Anwesenheit an',
      },
    ]);
    expect(server.mails[0]?.subject).not.toMatch(/abwesend/);
  });

  test('entered two days later is told hours after that; one of long ago is not', async () => {
    await givenPolicy({ mailAbsences: true });
    await givenRecord(room.anna, 'absent', { at: after(48 * hourMs) });
    expect(await findAbsences(tool.at(after(49 * hourMs)))).toBe(0);
    expect(await findAbsences(tool.at(after(53 * hourMs)))).toBe(1);
    await tool.ctx.db.delete(messages);
    await tool.ctx.db.update(attendanceRecords).set({ updatedAt: after(20 * 24 * hourMs) });
    expect(await findAbsences(tool.at(after((20 * 24 + 5) * hourMs)))).toBe(0);
  });

  test('is not told while an excuse waits, nor when the record says something else by then', async () => {
    await givenPolicy({ mailAbsences: true });
    await givenRecord(room.anna, 'absent');
    await givenExcuse(room.anna);
    expect(await findAbsences(tool.at(afternoon))).toBe(0);
    await tool.ctx.db.update(excuses).set({ state: 'withdrawn' });
    expect(await findAbsences(tool.at(afternoon))).toBe(1);
    await tool.ctx.db.update(attendanceRecords).set({ status: 'present' });
    await send(afternoon);
    expect(server.mails).toEqual([]);
    expect(await drops()).toEqual(['outdated']);
  });

  test('of test users, of those who have left, and of those without an address leaves no row', async () => {
    await givenPolicy({ mailAbsences: true });
    const others = [
      await room.course.addMember('Te St', 'student', { isTestUser: true }),
      await room.course.addMember('Le Ft', 'student', { left: true }),
    ];
    for (const other of others) {
      await givenAddress(other, 'x@school.example');
      await givenRecord(other, 'absent');
    }
    await givenRecord(await room.course.addMember('Ad Dressless'), 'absent');
    expect(await findAbsences(tool.at(afternoon))).toBe(0);
  });
});

describe('a rate that has fallen too low', () => {
  const evening = new Date('2026-11-28T18:00:00Z');
  async function hold(statusOf: (index: number) => 'absent' | 'present', count = 3) {
    for (let index = 0; index < count; index += 1) {
      const startsAt = addMs(new Date('2026-11-28T08:00:00Z'), -(index + 1) * 24 * hourMs);
      const meetingId = await room.course.addMeeting({
        startsAt,
        endsAt: addMs(startsAt, 3 * hourMs),
        breakMinutes: 0,
      });
      await givenRecord(room.anna, statusOf(index), { meetingId });
    }
  }

  test('is told once and never again', async () => {
    await hold((index) => (index === 0 ? 'present' : 'absent'));
    expect(await findLowRates(tool.at(evening))).toBe(1);
    await send(evening);
    expect(server.mails[0]?.text).toMatch(/bei 33,3\s%\. Verlangt sind mindestens 80 %\./);
    expect(await findLowRates(tool.at(addMs(evening, 24 * hourMs)))).toBe(0);
    await send(addMs(evening, 24 * hourMs));
    expect(server.mails).toHaveLength(1);
  });

  test('is not told after two meetings, nor where the course has none, nor of courses that ended long ago', async () => {
    await hold(() => 'absent', 2);
    expect(await findLowRates(tool.at(evening))).toBe(0);
    await hold(() => 'absent', 3);
    await givenPolicy({ mailRateBelow: false });
    expect(await findLowRates(tool.at(evening))).toBe(0);
    await givenPolicy({});
    expect(await findLowRates(tool.at(addMs(evening, 30 * 24 * hourMs)))).toBe(0);
    expect(await findLowRates(tool.at(evening))).toBe(1);
  });

  test('is not told when it has risen again', async () => {
    await hold(() => 'absent');
    await findLowRates(tool.at(evening));
    await tool.ctx.db.update(attendanceRecords).set({ status: 'present', provenMinutes: 180 });
    await send(evening);
    expect(await drops()).toEqual(['outdated']);
  });

  test('costs the same number of statements in a course of six as in one of six hundred', async () => {
    const cost = async () => {
      await tool.ctx.db.delete(messages);
      const before = tool.statements();
      const found = await findLowRates(tool.at(evening));
      return { found, statements: tool.statements() - before };
    };
    await hold(() => 'absent');
    const one = await cost();
    const members = await room.course.addMembers(600);
    await tool.ctx.db.execute(
      sql`update people set email = 'x' || id || '@school.example' where email is null`,
    );
    await tool.ctx.db
      .execute(sql`insert into attendance_records (id, meeting_id, membership_id, status, proven_minutes, source)
      select gen_random_uuid(), mt.id, m.id, 'absent', 0, 'teacher' from memberships m join meetings mt on mt.course_id = m.course_id
      where m.course_id = ${room.course.courseId} and m.id <> ${room.anna.membershipId} and m.role = 'student'
      and mt.starts_at < '2026-11-28T00:00:00Z'`);
    const many = await cost();
    expect(one.found).toBe(1);
    expect(many).toEqual({ found: members.length + 1, statements: one.statements });
  });
});

describe('the mail server', () => {
  async function givenThree() {
    const students = [room.anna];
    for (const name of ['Ben', 'Cem']) {
      const member = await room.course.addMember(`${name} Muster`);
      await givenAddress(member, `${name.toLowerCase()}@school.example`);
      students.push(member);
    }
    for (const student of students) await givenDecision(student);
  }
  const recipients = () => server.mails.map(({ recipient }) => recipient.replace(/@.*/, '')).toSorted();

  test('that is not set up: what was due is given up with that reason, and never sent later', async () => {
    await givenDecision();
    const due = after(minuteMs);
    expect(
      await sendMessages(tool.at(due), { mailer: undefined, now: () => due, isStopping: () => false }),
    ).toEqual({
      ...{ sent: 0, dropped: 1, later: 0 },
    });
    expect(await drops()).toEqual(['no-server']);
    expect(await send(due)).toMatchObject({ sent: 0 });
  });

  test('that is away: few wait for it, all are sent once it is back', async () => {
    await givenThree();
    const gone = await startMailServer();
    await gone.close();
    const lost = mailerOf(gone.url);
    const first = await send(after(minuteMs), lost);
    lost.close();
    expect(first).toMatchObject({ sent: 0, dropped: 0 });
    expect(first.later).toBeLessThanOrEqual(2);
    // Those that have waited for it are not due again at once.
    const back = await send(after(minuteMs));
    expect(back.sent).toBe(3 - first.later);
    await send(after(2 * minuteMs));
    expect(recipients()).toEqual(['anna', 'ben', 'cem']);
  });

  test('that refuses one recipient for good, and another for now', async () => {
    await givenThree();
    server.manners.set('anna@school.example', { at: 'recipient', code: 550 });
    server.manners.set('ben@school.example', { at: 'text', code: 451 });
    expect(await send(after(minuteMs))).toEqual({ sent: 1, dropped: 1, later: 1 });
    expect(await send(after(minuteMs))).toEqual({ sent: 0, dropped: 0, later: 0 });
    expect((await drops()).toSorted()).toEqual([null, null, 'refused'].toSorted());
    server.manners.delete('ben@school.example');
    await send(after(2 * minuteMs));
    expect(recipients()).toEqual(['ben', 'cem']);
  });

  test('that is always busy is given up after two days', async () => {
    await givenDecision();
    server.manners.set('anna@school.example', { at: 'recipient', code: 451 });
    for (
      let now = after(minuteMs), attempts = 0;
      attempts < 12;
      attempts += 1, now = addMs(now, 6 * hourMs)
    ) {
      await send(now);
    }
    expect(await drops()).toEqual(['given-up']);
  });

  test.each(['die', 'silent'] as const)(
    'that has the whole mail and does not say so (%s) is not given it twice',
    async (manner) => {
      await givenDecision();
      server.manners.set('anna@school.example', manner);
      const impatient = mailerOf(`${server.url}?socketTimeout=300`);
      expect(await send(after(minuteMs), impatient)).toEqual({ sent: 0, dropped: 1, later: 0 });
      impatient.close();
      server.manners.clear();
      await send(after(24 * hourMs));
      expect(recipients()).toEqual(['anna']);
      expect(await drops()).toEqual(['unclear']);
    },
  );
});

describe('a process', () => {
  test('that dies before it sends leaves the mail to another; one that dies while it sends, to nobody', async () => {
    await givenDecision();
    const due = after(minuteMs);
    await takeDueMessage(tool.ctx.db, due, addMs(due, 10 * minuteMs));
    expect(await send(due)).toMatchObject({ sent: 0 });
    expect(await send(addMs(due, 10 * minuteMs))).toMatchObject({ sent: 1 });

    await tool.ctx.db.delete(messages);
    await givenDecision();
    const taken = await takeDueMessage(tool.ctx.db, due, addMs(due, 10 * minuteMs));
    if (taken === undefined) throw new Error('it is due');
    expect(await noteSending(tool.ctx.db, taken, due)).toBe(true);
    expect(await noteSending(tool.ctx.db, taken, due)).toBe(false);
    expect(await send(after(24 * hourMs))).toEqual({ sent: 0, dropped: 0, later: 0 });
    expect(server.mails).toHaveLength(1);
  });

  test('and another beside it send each mail once', async () => {
    const members = await room.course.addMembers(20);
    await Promise.all(
      members.map(async (member, index) => {
        await givenAddress(member, `m${String(index)}@school.example`);
        await givenDecision(member);
      }),
    );
    const other = mailerOf(server.url);
    const both = await Promise.all([send(after(minuteMs)), send(after(minuteMs), other)]);
    other.close();
    expect(both.map(({ sent }) => sent).reduce((a, b) => a + b)).toBe(20);
    expect(new Set(server.mails.map(({ recipient }) => recipient)).size).toBe(20);
    expect(server.mails).toHaveLength(20);
  });

  test('that ends begins nothing more', async () => {
    await givenDecision();
    const due = after(minuteMs);
    const done = await sendMessages(tool.at(due), { mailer, now: () => due, isStopping: () => true });
    expect(done.sent).toBe(0);
    await delay(0);
    expect(server.mails).toEqual([]);
  });
});
