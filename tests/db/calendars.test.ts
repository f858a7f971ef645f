import { readFileSync } from 'node:fs';
import { and, eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { lockMeetingsOfCourse } from '#lib/attendance/queries.ts';
import { loadCalendarFeed } from '#lib/calendars/load-calendar-feed.ts';
import { previewImport } from '#lib/calendars/preview-import.ts';
import { renewCalendarLink } from '#lib/calendars/renew-calendar-link.ts';
import type { PlannedRow } from '#lib/calendars/rules.ts';
import { runImport } from '#lib/calendars/run-import.ts';
import { showCalendarLink } from '#lib/calendars/show-calendar-link.ts';
import { writeCalendar } from '#lib/calendars/write-calendar.ts';
import { planCheckIn } from '#lib/check-in-windows/plan-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import { newId } from '#lib/base/ids.ts';
import {
  checkInWindows,
  attendanceRecords,
  auditEvents,
  calendarFeeds,
  meetings,
  membershipSpans,
  people,
  platforms,
  sections,
} from '#lib/db/schema.ts';
import { cancelMeetings } from '#lib/meetings/cancel-meetings.ts';
import { updateMeetingRows, updateMeetingsState } from '#lib/meetings/queries.ts';
import { renewKeys } from '#lib/seals/renew-keys.ts';
import { resealSecrets } from '#lib/seals/reseal-secrets.ts';
import { lockPolicy } from '#lib/settings/store-policy.ts';
import { minutes, useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);

const waitingForLock = sql`select count(*)::int as n from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

const sample = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../support/calendars/${name}`, import.meta.url)));
const text = (content: string) => new TextEncoder().encode(content);
const table = (...rows: string[]) => text(['Datum;Von;Bis;Titel;Raum;Kennung', ...rows].join('\n'));

const rowsOfCourse = () =>
  tool.ctx.db
    .select()
    .from(meetings)
    .where(eq(meetings.courseId, room.course.courseId))
    .orderBy(meetings.startsAt);
const auditOf = (action: string) =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, room.course.courseId), eq(auditEvents.action, action)))
    .orderBy(auditEvents.id);

async function preview(bytes: Uint8Array, ctx: Ctx = room.who(room.teacher)): Promise<PlannedRow[]> {
  const answer = await previewImport(ctx, { courseId: room.course.courseId, bytes });
  if (answer.kind !== 'rows') throw new Error(JSON.stringify(answer));
  return answer.rows;
}
const marksOf = (rows: readonly PlannedRow[]) => rows.flatMap((row) => ('mark' in row ? [row.mark] : []));
const run = (bytes: Uint8Array, marks: unknown, ctx: Ctx = room.who(room.teacher)) =>
  runImport(ctx, { courseId: room.course.courseId, bytes, marks });
/** Imports all that can be imported. */
const importAll = async (bytes: Uint8Array, ctx?: Ctx) => run(bytes, marksOf(await preview(bytes, ctx)), ctx);

/** Eight days on: the meetings of 5 December are over. */
const over = minutes(60 * 24 * 8);
const markPresent = (meetingId: string, at: Date) =>
  markRecords(room.who(room.teacher, at), {
    courseId: room.course.courseId,
    meetingId,
    marks: [
      {
        membershipId: room.anna.membershipId,
        revision: 0,
        change: { kind: 'word', status: 'present' },
      },
    ],
  });

/** A row in a few words: what happens, and what to know. */
const inShort = (row: PlannedRow) =>
  [
    row.kind,
    ...(row.kind === 'unread' ? [] : [row.told.localStart]),
    ...(row.kind === 'changed' ? row.fields : []),
    ...('cautions' in row ? row.cautions.map((caution) => `!${caution}`) : []),
    ...(row.kind === 'impossible' ? [row.problem] : []),
  ].join(' ');

describe('import', () => {
  test.each(['outlook.ics', 'google.ics', 'moodle.ics', 'excel.csv'])(
    'what %s holds is planned, and a second time there is nothing to do',
    async (name) => {
      const first = await importAll(sample(name));
      expect(first).toMatchObject({ kind: 'imported', changed: 0 });
      const made = await rowsOfCourse();
      const again = await preview(sample(name));
      expect(marksOf(again)).toEqual([]);
      expect(await run(sample(name), [])).toEqual({ kind: 'imported', made: 0, changed: 0, recomputed: 0 });
      expect(await rowsOfCourse()).toEqual(made);
    },
  );

  test('a meeting is kept as its file says, with the audit of who brought it', async () => {
    await importAll(sample('google.ics'));
    const online = (await rowsOfCourse()).find(({ title }) => title === 'Samstagskurs');
    expect(online).toMatchObject({
      localStart: '2027-03-20T09:00',
      startsAt: new Date('2027-03-20T08:00:00Z'),
      timeZone: 'Europe/Berlin',
      kind: 'online',
      room: null,
      onlineUrl: 'https://meet.google.example/abc-defg-hij',
      importKey: 'ical:3k2j1h4g5f6d7s8a9@google.com#2027-03-20',
    });
    const events = await auditOf('meeting.imported');
    expect(events).toHaveLength(4);
    expect(events.find(({ subjectId }) => subjectId === online?.id)).toMatchObject({
      actorPersonId: room.teacher.personId,
      before: null,
      after: { title: 'Samstagskurs', localStart: '2027-03-20T09:00' },
    });
  });

  test('imported again at another time, a meeting takes its planned check-in along', async () => {
    const { courseId } = room.course;
    await importAll(table('05.12.2026;9:00;10:00;A;;k1'));
    const meetingId = (await rowsOfCourse()).find(({ title }) => title === 'A')?.id ?? '';
    const usual = { courseId, meetingId, beforeMinutes: 15, afterMinutes: 15 };
    await planCheckIn(room.who(room.teacher), usual);
    await planCheckIn(room.who(room.teacher), { ...usual, direction: 'out' });
    expect(await importAll(table('06.12.2026;11:00;13:00;A;;k1'))).toMatchObject({ changed: 1 });
    const windows = await tool.ctx.db
      .select()
      .from(checkInWindows)
      .where(eq(checkInWindows.meetingId, meetingId))
      .orderBy(checkInWindows.direction);
    expect(windows).toMatchObject([
      { opensAt: new Date('2026-12-06T09:45:00Z'), closesAt: new Date('2026-12-06T10:15:00Z') },
      { opensAt: new Date('2026-12-06T11:45:00Z'), closesAt: new Date('2026-12-06T12:15:00Z') },
    ]);
  });

  test('only what is ticked is imported', async () => {
    const file = table('05.12.2026;9:00;10:00;A;;', '06.12.2026;9:00;10:00;B;;');
    const [, second] = marksOf(await preview(file));
    expect(await run(file, [second])).toMatchObject({ made: 1 });
    expect((await rowsOfCourse()).map(({ title }) => title)).toEqual([null, 'B']);
  });

  test('a changed file changes what it names, field by field, and nothing that it is silent about', async () => {
    await importAll(table('05.12.2026;9:00;10:00;A;301;k'));
    const [, made] = await rowsOfCourse();
    await tool.ctx.db
      .update(meetings)
      .set({ description: 'von Hand', isMandatory: false })
      .where(eq(meetings.id, made?.id ?? ''));
    const file = table('06.12.2026;14:00;15:30;A;Aula;k');
    expect((await preview(file)).map(inShort)).toEqual(['changed 2026-12-06T14:00 time room']);
    expect(await importAll(file)).toMatchObject({ made: 0, changed: 1 });
    expect((await rowsOfCourse())[1]).toMatchObject({
      id: made?.id,
      revision: 2,
      localStart: '2026-12-06T14:00',
      startsAt: new Date('2026-12-06T13:00:00Z'),
      room: 'Aula',
      description: 'von Hand',
      isMandatory: false,
    });
    const events = await auditOf('meeting.imported');
    expect(events.find(({ before }) => before !== null)).toMatchObject({
      before: { localStart: '2026-12-05T09:00', localEnd: '2026-12-05T10:00', room: '301' },
      after: { localStart: '2026-12-06T14:00', localEnd: '2026-12-06T15:30', room: 'Aula' },
    });
  });

  test('what was changed by hand since, what holds records, what is over and what doubles is told', async () => {
    await importAll(
      table('05.12.2026;9:00;10:00;A;;a', '05.12.2026;11:00;12:00;B;;b', '28.12.2026;9:00;10:00;C;;c'),
    );
    const rows = await rowsOfCourse();
    const idOf = (title: string) => rows.find((row) => row.title === title)?.id ?? '';
    await markPresent(idOf('A'), over);
    await cancelMeetings(room.who(room.teacher, minutes(5)), {
      courseId: room.course.courseId,
      meetingId: idOf('C'),
    });
    const file = table(
      '05.12.2026;9:30;10:00;A;;a',
      '05.12.2026;11:30;12:00;B;;b',
      '28.12.2026;9:00;10:00;C;;c',
      '28.11.2026;9:00;10:00;D;;d',
    );
    expect((await preview(file, room.who(room.teacher, over))).map(inShort)).toEqual([
      'new 2026-11-28T09:00 !past !same-time',
      'changed 2026-12-05T09:30 time !has-records',
      'changed 2026-12-05T11:30 time !past',
      'changed 2026-12-28T09:00 state !edited',
    ]);
  });

  test('records of a meeting that moves are judged by its new times', async () => {
    await importAll(table('05.12.2026;9:00;10:00;A;;a'));
    const [, made] = await rowsOfCourse();
    const later = room.who(room.teacher, over);
    await markPresent(made?.id ?? '', over);
    expect(await importAll(table('05.12.2026;9:00;9:30;A;;a'), later)).toMatchObject({
      changed: 1,
      recomputed: 1,
    });
    const [record] = await tool.ctx.db
      .select()
      .from(attendanceRecords)
      .where(eq(attendanceRecords.meetingId, made?.id ?? ''));
    expect(record).toMatchObject({ status: 'present', provenMinutes: 30 });
  });

  test('an occurrence that the calendar takes out is called off here, and comes back with it', async () => {
    const series = (extra = '') =>
      text(
        `BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20261205T080000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2${extra}\nEND:VEVENT\nEND:VCALENDAR`,
      );
    await importAll(series());
    const without = series('\nEXDATE:20261212T080000Z');
    expect((await preview(without)).map(inShort)).toEqual([
      'unchanged 2026-12-05T09:00',
      'changed 2026-12-12T09:00 state',
    ]);
    await importAll(without);
    expect((await rowsOfCourse()).map(({ state }) => state)).toEqual(['planned', 'planned', 'cancelled']);
    await importAll(series());
    expect((await rowsOfCourse()).map(({ state }) => state)).toEqual(['planned', 'planned', 'planned']);
  });

  test('breaks by the clock move along, and a meeting that they do not fit is not changed', async () => {
    await importAll(table('05.12.2026;9:00;12:00;A;;a'));
    const [, made] = await rowsOfCourse();
    if (made === undefined) throw new Error('nothing was imported');
    await updateMeetingRows(tool.ctx.db, [
      { ...made, breaks: [{ from: '2026-12-05T09:30:00Z', to: '2026-12-05T09:45:00Z' }] },
    ]);
    await importAll(table('06.12.2026;9:00;12:00;A;;a'));
    expect((await rowsOfCourse())[1]?.breaks).toEqual([
      { from: '2026-12-06T09:30:00.000Z', to: '2026-12-06T09:45:00.000Z' },
    ]);
    expect((await preview(table('06.12.2026;14:00;16:00;A;;a'))).map(inShort)).toEqual([
      'impossible 2026-12-06T14:00 meeting.problem.break-outside',
    ]);
  });

  test('a time that the clocks skip is told, and the rest is imported', async () => {
    const file = table('28.03.2027;2:30;4:00;;;', '28.03.2027;9:00;10:00;;;');
    expect((await preview(file)).map(inShort)).toEqual([
      'impossible 2027-03-28T02:30 meeting.problem.no-such-time',
      'new 2027-03-28T09:00',
    ]);
    expect(await importAll(file)).toMatchObject({ made: 1 });
  });

  test('when the course changed since the preview, nothing is imported and the new preview is the answer', async () => {
    await importAll(table('05.12.2026;9:00;10:00;A;;a'));
    const file = table('05.12.2026;9:30;10:00;A;;a', '06.12.2026;9:00;10:00;B;;b');
    const seen = marksOf(await preview(file));
    const [, made] = await rowsOfCourse();
    await updateMeetingsState(tool.ctx.db, [made?.id ?? ''], 'cancelled');
    const answer = await run(file, seen);
    expect(answer).toMatchObject({ kind: 'outdated' });
    expect(answer.kind === 'outdated' && answer.rows.map(inShort)).toEqual([
      'changed 2026-12-05T09:30 time state',
      'new 2026-12-06T09:00',
    ]);
    expect(await rowsOfCourse()).toHaveLength(2);
  });

  test('two imports of one file at once make each meeting once', async () => {
    const marks = marksOf(await preview(sample('outlook.ics')));
    const answers = await Promise.all([run(sample('outlook.ics'), marks), run(sample('outlook.ics'), marks)]);
    expect(answers.map(({ kind }) => kind).sort()).toEqual(['imported', 'outdated']);
    expect(await rowsOfCourse()).toHaveLength(4);
  });

  test('a long text is cut between characters, not within one', async () => {
    const description = `${'a'.repeat(3_998)}😀😀`;
    const file = text(`Datum;Von;Bis;Beschreibung\n05.12.2026;9:00;12:45;a${description}`);
    expect(await importAll(file)).toMatchObject({ kind: 'imported', made: 1 });
    expect((await rowsOfCourse()).at(-1)?.description).toBe('a'.repeat(3_999));
  });

  test('an import and a change of the policy do not wait for one another', async () => {
    await importAll(table('05.12.2026;9:00;12:45;Erste;;1'));
    const moved = table('05.12.2026;10:00;12:45;Erste;;1');
    const marks = marksOf(await preview(moved));
    const importing = await tool.ctx.db.transaction(async (db) => {
      // The first half of `lockPolicy`.
      await lockMeetingsOfCourse(db, room.course.courseId);
      const waiting = run(moved, marks);
      waiting.catch(() => undefined);
      await expect.poll(async () => (await tool.ctx.db.execute(waitingForLock)).rows[0]?.n).toBe(1);
      await lockPolicy({ db }, room.course.courseId);
      return [waiting];
    });
    expect(await importing[0]).toMatchObject({ kind: 'imported', changed: 1 });
  });

  test('a file that cannot be read, and marks that are none, change nothing', async () => {
    const { courseId } = room.course;
    const bytes = text('Sehr geehrte Damen und Herren');
    expect(await previewImport(room.who(room.teacher), { courseId, bytes })).toEqual({
      kind: 'unreadable',
      problem: { kind: 'not-known' },
    });
    expect(await run(bytes, [])).toMatchObject({ kind: 'unreadable' });
    await expect(run(sample('excel.csv'), 'all')).rejects.toMatchObject({ code: 'invalid-input' });
    expect(await rowsOfCourse()).toHaveLength(1);
  });

  describe.each([
    ['previewImport', (ctx: Ctx) => preview(sample('excel.csv'), ctx)],
    ['runImport', (ctx: Ctx) => run(sample('excel.csv'), [], ctx)],
  ])('%s is', (_, enter) => {
    test.each(['teacher', 'assistant'] as const)('for a %s', async (role) => {
      await expect(enter(room.who(await room.course.addMember('As Sistent', role)))).resolves.toBeDefined();
    });

    test.each(['student', 'observer', 'designer'] as const)('not for a %s', async (role) => {
      const member = await room.course.addMember('Som Eone', role);
      await expect(enter(room.who(member))).rejects.toMatchObject({ code: 'no-access' });
    });

    test('not for a teacher of another course, nor for nobody', async () => {
      const elsewhere = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
      const other = await elsewhere.addMember('Oth Er', 'teacher');
      await expect(enter(room.who(other))).rejects.toMatchObject({ code: 'no-access' });
      await expect(enter(room.who(undefined))).rejects.toMatchObject({ code: 'not-signed-in' });
    });
  });
});

describe('calendar link', () => {
  const place = () => ({ courseId: room.course.courseId });
  const feedOf = async (token: string, now = saturday) =>
    (await loadCalendarFeed({ ...tool.ctx, now }, token)).meetings;

  test('the first click makes it, every other shows the same, a new one stops the old', async () => {
    const anna = room.who(room.anna);
    const { token } = await showCalendarLink(anna, place());
    expect(await showCalendarLink(anna, place())).toEqual({ token });
    expect(await feedOf(token)).toHaveLength(1);
    const renewed = await renewCalendarLink(anna, place());
    expect(renewed.token).not.toBe(token);
    await expect(feedOf(token)).rejects.toMatchObject({ code: 'not-found' });
    expect(await feedOf(renewed.token)).toHaveLength(1);
  });

  test('two first clicks at once get one link', async () => {
    const anna = room.who(room.anna);
    const [a, b] = await Promise.all([showCalendarLink(anna, place()), showCalendarLink(anna, place())]);
    expect(a).toEqual(b);
  });

  test('nothing in the database opens a calendar', async () => {
    const { token } = await showCalendarLink(room.who(room.anna), place());
    const [row] = await tool.ctx.db
      .select()
      .from(calendarFeeds)
      .where(eq(calendarFeeds.personId, room.anna.personId));
    expect(JSON.stringify(row)).not.toContain(token);
    await expect(feedOf(row?.tokenHash ?? '')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a link that a lost secret sealed is replaced when it is asked for', async () => {
    const anna = room.who(room.anna);
    const { token } = await showCalendarLink(anna, place());
    const lost = { ...anna, secrets: { current: 'an0ther-that-nobody-knows-Rw83kLq1ZtVb6Yx' } };
    const shown = await showCalendarLink(lost, place());
    expect(shown.token).not.toBe(token);
    expect(await feedOf(shown.token)).toHaveLength(1);
  });

  test('links live on when the secret changes, and are withdrawn when it is lost', async () => {
    await tool.ctx.db.delete(calendarFeeds);
    const { token } = await showCalendarLink(room.who(room.anna), place());
    const current = 'an0ther-that-nobody-knows-Rw83kLq1ZtVb6Yx';
    const changed = { ...tool.ctx, secrets: { current, previous: testSecrets.current } };
    expect(await resealSecrets(changed)).toMatchObject({ calendars: { changed: 1, current: 0, lost: 0 } });
    const alone = { ...room.who(room.anna), secrets: { current } };
    expect(await showCalendarLink(alone, place())).toEqual({ token });

    const lost = { ...tool.ctx, secrets: { current: 'a-third-that-nobody-knows-b7Kq2Lm9Xs4Wd1' } };
    expect(await renewKeys(lost)).toMatchObject({ withdrawnCalendars: 1 });
    await expect(feedOf(token)).rejects.toMatchObject({ code: 'not-found' });
    expect(await renewKeys(lost)).toMatchObject({ withdrawnCalendars: 0 });
  });

  test('a teacher’s calendar has all meetings of their courses, a student’s those they are expected at', async () => {
    const { course, teacher, anna } = room;
    const sectionId = newId();
    await tool.ctx.db
      .insert(sections)
      .values({ id: sectionId, courseId: course.courseId, platformSectionId: 'b', name: 'B' });
    const ofOthers = await course.addMeeting({ sectionIds: [sectionId] });
    const before = await course.addMeeting({
      startsAt: new Date('2026-10-03T07:00:00Z'),
      endsAt: new Date('2026-10-03T10:45:00Z'),
    });
    await tool.ctx.db
      .update(membershipSpans)
      .set({ startsAt: new Date('2026-11-01T00:00:00Z') })
      .where(eq(membershipSpans.membershipId, anna.membershipId));
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    await elsewhere.addMember({ personId: anna.personId });
    const there = await elsewhere.addMeeting();
    const foreign = await seedCourse(tool.ctx.db, { platformId: course.platformId });
    await foreign.addMeeting();

    const ids = async (member: typeof anna) => {
      const { token } = await showCalendarLink(room.who(member), place());
      return (await feedOf(token)).map(({ id }) => id).sort();
    };
    expect(await ids(anna)).toEqual([room.meetingId, there].sort());
    expect(await ids(teacher)).toEqual([room.meetingId, ofOthers, before].sort());
  });

  test.each([
    [
      'has left every course',
      () =>
        tool.ctx.db
          .update(membershipSpans)
          .set({ endsAt: saturday })
          .where(eq(membershipSpans.membershipId, room.anna.membershipId)),
    ],
    [
      'is on a platform that is switched off',
      () =>
        tool.ctx.db
          .update(platforms)
          .set({ disabledAt: saturday })
          .where(eq(platforms.id, room.course.platformId)),
    ],
  ])('it stops when the person %s', async (_, change) => {
    const { token } = await showCalendarLink(room.who(room.anna), place());
    await change();
    await expect(feedOf(token, minutes(1))).rejects.toMatchObject({ code: 'not-found' });
  });

  test('the link of a row that was merged shows the meetings of the person who lives on', async () => {
    const { token } = await showCalendarLink(room.who(room.anna), place());
    const living = await room.course.addPerson('Anna Beispiel');
    await tool.ctx.db.update(people).set({ mergedInto: living }).where(eq(people.id, room.anna.personId));
    const elsewhere = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    await elsewhere.addMember({ personId: living });
    const there = await elsewhere.addMeeting();
    expect((await feedOf(token)).map(({ id }) => id)).toEqual([there]);
  });

  test('a new one stops that of a merged row too', async () => {
    const { token: merged } = await showCalendarLink(room.who(room.anna), place());
    const living = await room.course.addMember('Anna Beispiel');
    const { token: own } = await showCalendarLink(room.who(living), place());
    await tool.ctx.db
      .update(people)
      .set({ mergedInto: living.personId })
      .where(eq(people.id, room.anna.personId));
    const { token } = await renewCalendarLink(room.who(room.anna), place());
    expect(await feedOf(token)).not.toEqual([]);
    for (const old of [merged, own]) {
      await expect(loadCalendarFeed(tool.ctx, old)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  describe.each([
    ['showCalendarLink', (ctx: Ctx) => showCalendarLink(ctx, place())],
    ['renewCalendarLink', (ctx: Ctx) => renewCalendarLink(ctx, place())],
  ])('%s is', (_, enter) => {
    test.each(['teacher', 'assistant', 'student'] as const)('for a %s', async (role) => {
      await expect(enter(room.who(await room.course.addMember('Som Eone', role)))).resolves.toBeDefined();
    });

    test.each([
      ['an observer', 'observer', {}],
      ['a designer', 'designer', {}],
      ['Student View’s test user', 'student', { isTestUser: true }],
      ['somebody who has left', 'student', { left: true }],
    ] as const)('not for %s', async (_name, role, options) => {
      const member = await room.course.addMember('Som Eone', role, options);
      await expect(enter(room.who(member))).rejects.toMatchObject({ code: 'no-access' });
    });

    test('not for nobody', async () => {
      await expect(enter(room.who(undefined))).rejects.toMatchObject({ code: 'not-signed-in' });
    });
  });
});

describe('the cost', () => {
  /** How many statements something takes. */
  async function cost(act: (db: Ctx['db']) => Promise<unknown>): Promise<number> {
    const before = tool.statements();
    await act(tool.ctx.db);
    return tool.statements() - before;
  }
  const tableOf = (count: number, hour: number) =>
    table(
      ...Array.from(
        { length: count },
        (_, at) =>
          `${String((at % 28) + 1)}.${String(Math.floor(at / 28) + 1)}.2027;${String(hour)}:00;20:00;;;k${String(at)}`,
      ),
    );

  test('of an import is a fixed number of statements, however many meetings are new or change', async () => {
    const costOf = async (count: number) => {
      const imported = (hour: number) =>
        cost((db) => importAll(tableOf(count, hour), { ...room.who(room.teacher), db }));
      return { asNew: await imported(9), asChanged: await imported(10) };
    };
    const few = await costOf(3);
    await tool.ctx.db.delete(meetings).where(eq(meetings.courseId, room.course.courseId));
    expect(await costOf(300)).toEqual(few);
  });

  test('of a calendar program’s visit is three statements, however many courses and meetings there are', async () => {
    const { token } = await showCalendarLink(room.who(room.anna), { courseId: room.course.courseId });
    const visit = () => cost((db) => loadCalendarFeed({ ...tool.ctx, db }, token));
    expect(await visit()).toBe(3);
    for (let course = 0; course < 3; course += 1) {
      const more = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
      await more.addMember({ personId: room.anna.personId });
      await more.addMeeting();
    }
    expect(await visit()).toBe(3);
  });

  test('of a visit does not grow with the meetings of other courses', async () => {
    const { token } = await showCalendarLink(room.who(room.anna), { courseId: room.course.courseId });
    const { courseId } = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    await tool.ctx.db.execute(sql`
      insert into meetings (id, course_id, local_start, local_end, time_zone, starts_at, ends_at)
      select gen_random_uuid(), ${courseId}, '', '', 'UTC', at, at + interval '1 hour'
      from generate_series(timestamptz '2026-09-01', '2029-01-01', '1 hour') at`);
    await tool.ctx.db.execute(sql`analyze meetings`);
    const read = await tool.ctx.db.transaction(async (db) => {
      const soFar = async () => {
        const { rows } = await db.execute<{ n: number }>(sql`select seq_tup_read::int as n
          from pg_stat_xact_user_tables where relname = 'meetings'`);
        return rows[0]?.n ?? Number.NaN;
      };
      const before = await soFar();
      await loadCalendarFeed({ ...tool.ctx, db }, token);
      return (await soFar()) - before;
    });
    expect(read).toBe(0);
  });
});

test('whatever meetings go out, the importer reads the same', async () => {
  const { courseId } = room.course;
  const minute = 60_000;
  const entry = fc.record({
    startsAt: fc.integer({ min: 0, max: 500_000 }).map((at) => new Date(Date.UTC(2026, 11, 1) + at * minute)),
    length: fc.integer({ min: 1, max: 23 * 60 }),
    summary: fc.stringMatching(/^[a-zäöü<>;,\\" ]{0,90}$/),
    room: fc.stringMatching(/^[a-zäöü;,\\ ]{0,90}$/),
    description: fc.stringMatching(/^[a-zäöü;,\\:\n ]{0,300}$/),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 5 }), async (entries) => {
      const file = writeCalendar(
        'x',
        entries.map(({ startsAt, length, summary, room: location, description }, at) => ({
          ...{ uid: String(at), sequence: 1, createdAt: saturday, startsAt, summary, location, description },
          endsAt: new Date(startsAt.getTime() + length * minute),
          isCancelled: false,
          url: 'https://attendance.example/courses/1',
        })),
      );
      const answer = await previewImport(room.who(room.teacher), { courseId, bytes: text(file) });
      const rows = answer.kind === 'rows' ? answer.rows : [];
      const read = new Map(
        rows.flatMap((row) => (row.kind === 'new' ? [[row.key, row.values] as const] : [])),
      );
      for (const [at, { startsAt, length, summary, room: place, description }] of entries.entries()) {
        const values = read.get(`ical:${String(at)}`);
        const endsAt = new Date(startsAt.getTime() + length * minute);
        // The hour that comes twice is read as the first one, as everywhere.
        const isTwice = (when: Date) =>
          when >= new Date('2027-10-31T00:00:00Z') && when < new Date('2027-10-31T03:00:00Z');
        if (isTwice(startsAt) || isTwice(endsAt)) continue;
        expect(values?.startsAt).toEqual(startsAt);
        expect(values?.endsAt).toEqual(endsAt);
        expect(values?.title ?? '').toBe(summary.trim().replaceAll(/\s+/g, ' '));
        expect(values?.room ?? '').toBe(place.trim().replaceAll(/\s+/g, ' '));
        expect(values?.description ?? '').toBe(description.trim());
      }
    }),
    { numRuns: 40 },
  );
});
