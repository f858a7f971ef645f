import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLog } from '#lib/base/log.ts';
import type { Ended } from '#lib/cli/run-command.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import {
  attendanceRecords,
  auditEvents,
  courses,
  excuseFiles,
  excuses,
  meetings,
  memberships,
  people,
} from '#lib/db/schema.ts';
import { takeBackDecision } from '#lib/excuses/take-back-decision.ts';
import { pdfDocument } from '../support/pdf-document.ts';
import { runCli } from '../support/run-cli.ts';
import { seedCourse } from '../support/seed-course.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { testSecrets } from '../support/test-context.ts';

let testDatabase: TestDatabase;
let database: OpenDatabase;
let folder: string;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { poolMax: 2, onIdleError: () => undefined });
  folder = await mkdtemp(join(tmpdir(), 'import-v2-'));
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
  await rm(folder, { recursive: true, force: true });
});

function cli(...words: string[]): Promise<Required<Ended>> {
  return runCli(
    {
      ...{ DATABASE_URL: testDatabase.url, SESSION_SECRET: testSecrets.current },
      ...{ PUBLIC_URL: 'https://tool.example', SK_DATA_DIR: join(folder, 'data'), TZ: 'Europe/Berlin' },
    },
    words,
  );
}

/** Version 2.0.0's tables, in a schema of their own beside the tool's. */
const oldUrl = (path = 'v2') => `${testDatabase.url}?options=${encodeURIComponent(`-c search_path=${path}`)}`;

/** As the old tool left it: every fault that is known of it is in here. */
const oldDatabase = `
  drop schema if exists v2 cascade;
  create schema v2;
  set search_path = v2;
  create table users (id serial primary key, canvas_user_id text, lti_user_id text, login_id text, name text,
    email text, role text, created_at timestamptz default now());
  create table courses (id serial primary key, canvas_course_id text, lti_context_id text, name text);
  create table sessions (id serial primary key, course_id int, name text, type text, date date, start_time time,
    end_time time, break_minutes int, is_online boolean, meeting_url text, meeting_platform text, room text,
    description text, mandatory boolean);
  create table attendance_records (id serial primary key, session_id int, user_id int, status text,
    arrival_time time, leaving_time time, notes text, excuse_file text, updated_at timestamptz);
  create table checkin_tokens (id serial primary key, session_id int, token text, expires_at timestamptz);

  -- Anna by the roster's reading and again by her launch; Ben is known here by his number; Cem has gone and was never
  -- here; Dora is nobody that a platform knows; Tea runs the course.
  insert into users (id, canvas_user_id, lti_user_id, login_id, name, email, role) values
    (1, '101', null, 'anna', 'Anna Alt', 'Anna@school.example', 'student'),
    (2, null, 'sub-anna', null, 'Anna Alt', 'anna@school.example', 'student'),
    (3, '102', null, 'ben', 'Ben Alt', null, 'student'),
    (4, '103', null, 'cem', 'Cem Alt', 'cem@school.example', 'student'),
    (5, null, null, 'dora', 'Dora Alt', null, 'student'),
    (6, null, 'sub-tea', null, 'Tea Cher', null, 'instructor');
  insert into courses (id, canvas_course_id, lti_context_id, name) values
    (1, '42', null, 'Meisterkurs'), (2, '77', null, 'Nobody came yet'), (3, '78', 'context-78', 'By its context');
  insert into sessions (id, course_id, name, type, date, start_time, end_time, break_minutes, meeting_url, room,
    mandatory) values
    (1, 1, 'Netze', 'weekend', '2026-03-28', '09:00', '12:00', 15, null, '301', true),
    -- The Sunday on which the clocks change: nine o'clock stays nine o'clock.
    (2, 1, null, 'online', '2026-03-29', '09:00', '12:00', 0, 'https://zoom.example/j/1', null, false),
    (3, 1, 'Broken', 'regular', null, '09:00', '12:00', 0, null, null, true),
    (4, 1, 'Too much break', 'regular', '2026-04-11', '09:00', '10:00', 90, 'http://zoom.example', null, true),
    (5, 9, 'Nobody''s', 'regular', '2026-04-11', '09:00', '10:00', 0, null, null, true),
    (6, 3, 'Elsewhere', 'evening', '2026-03-02', '18:00', '20:00', 0, null, null, true);
  insert into attendance_records (session_id, user_id, status, arrival_time, leaving_time, notes, excuse_file,
    updated_at) values
    -- Anna's two rows disagree: the launch's says that she was there.
    (1, 1, 'absent', null, null, 'by hand', null, '2026-03-28 13:00+01'),
    (1, 2, 'present', '09:40', null, null, null, '2026-03-28 09:40+01'),
    (2, 2, 'excused', null, null, null, '/uploads/excuses/anna.pdf', '2026-03-30 08:00+02'),
    (1, 3, 'late', '09:20', null, 'Bahn', null, '2026-03-28 09:20+01'),
    (2, 3, 'partial', null, '11:00', null, null, '2026-03-29 11:00+02'),
    (4, 3, 'excused', null, null, null, '../../secret.pdf', '2026-04-11 09:00+02'),
    (1, 4, 'present', null, null, null, null, '2026-03-28 12:00+01'),
    (2, 4, 'sick', null, null, null, null, null),
    (1, 5, 'present', null, null, null, null, null),
    (1, 6, 'present', null, null, null, null, null),
    (99, 3, 'present', null, null, null, null, null),
    (1, 99, 'present', null, null, null, null, null),
    (6, 4, 'absent', null, null, null, null, null);
  insert into checkin_tokens (session_id, token) values (1, 'a'), (1, 'b');
  reset search_path;`;

let deploymentId: string;
let courseId: string;
let teacherId: string;
let files: string;
beforeEach(async () => {
  await database.pool.query('truncate platforms cascade');
  await database.pool.query(oldDatabase);
  const course = await seedCourse(database.db);
  ({ courseId } = course);
  const ben = await course.addMember('Ben Neu');
  await database.db.update(people).set({ canvasUserId: '102' }).where(eq(people.id, ben.personId));
  ({ personId: teacherId } = await course.addMember('Tea Neu', 'teacher'));
  await database.db.update(people).set({ sub: 'sub-tea' }).where(eq(people.id, teacherId));
  const [row] = await database.db
    .select({ id: courses.deploymentId })
    .from(courses)
    .where(eq(courses.id, courseId));
  deploymentId = row?.id ?? '';

  files = join(folder, 'public');
  await rm(files, { recursive: true, force: true });
  await mkdir(join(files, 'uploads/excuses'), { recursive: true });
  await writeFile(join(files, 'uploads/excuses/anna.pdf'), pdfDocument());
  // What lies outside is not for the tool, by no path and by no link.
  await writeFile(join(folder, 'secret.pdf'), pdfDocument());
  await symlink(join(folder, 'secret.pdf'), join(files, 'secret.pdf'));
});

const order = (...words: string[]) => orderFrom(oldUrl(), ...words);
const orderFrom = (url: string, ...words: string[]) =>
  cli('import-v2', '--from', url, '--deployment', deploymentId, '--files', files, ...words);

interface Report {
  courses: { title: string; isNew: boolean; meetings: number; records: number; there: number }[];
  cures: Record<string, number>;
}
const report = ({ out }: Ended) => JSON.parse(out ?? '') as Report;

const register = () =>
  database.db
    .select({
      ...{ name: people.name, meeting: meetings.title, start: meetings.localStart },
      ...{ status: attendanceRecords.status, minutes: attendanceRecords.provenMinutes },
      ...{ source: attendanceRecords.source, note: attendanceRecords.note },
    })
    .from(attendanceRecords)
    .innerJoin(meetings, eq(meetings.id, attendanceRecords.meetingId))
    .innerJoin(memberships, eq(memberships.id, attendanceRecords.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(eq(meetings.courseId, courseId))
    .orderBy(people.name, meetings.startsAt);

test('what would be brought over is said first, and nothing is changed', async () => {
  const before = await database.db.$count(people);
  const told = await order();
  expect(told).toMatchObject({ code: 0, said: '' });
  expect(told.out).toMatch(/^Would bring over \(nothing was changed; --write does it\):/);
  expect(told.out).toMatch(/Meisterkurs.* 3 meetings +2 new members +6 records +2 excuses +1 document\n/);
  expect(told.out).toContain('Waits: "Nobody came yet" (course 2).');
  expect(told.out).toContain('2 check-in tokens left behind');
  expect(told.out).not.toContain('Alt');
  expect(await database.db.$count(people)).toBe(before);
  expect(await database.db.$count(meetings)).toBe(0);
  expect(await database.db.$count(courses)).toBe(1);
  expect(await database.db.$count(excuseFiles)).toBe(0);
  expect(report(await order('--dry-run', '--json')).cures).toEqual(
    report(await order('--write', '--json')).cures,
  );
});

test('people, meetings and records come over, cured', async () => {
  const done = report(await order('--write', '--json'));
  expect(await register()).toEqual([
    // Her late check-in had earned 165 minutes; she came at 09:40, and the break takes none of hers away twice.
    {
      ...{ name: 'Anna Alt', meeting: 'Netze', start: '2026-03-28T09:00', status: 'late', minutes: 125 },
      ...{ source: 'teacher', note: null },
    },
    {
      ...{ name: 'Anna Alt', meeting: null, start: '2026-03-29T09:00', status: 'excused', minutes: 0 },
      ...{ source: 'excuse', note: null },
    },
    // The name is what the platform has told since.
    {
      ...{ name: 'Ben Neu', meeting: 'Netze', start: '2026-03-28T09:00', status: 'late', minutes: 145 },
      ...{ source: 'teacher', note: 'Bahn' },
    },
    {
      ...{ name: 'Ben Neu', meeting: null, start: '2026-03-29T09:00', status: 'partial', minutes: 120 },
      ...{ source: 'teacher', note: null },
    },
    {
      ...{
        name: 'Ben Neu',
        meeting: 'Too much break',
        start: '2026-04-11T09:00',
        status: 'excused',
        minutes: 0,
      },
      ...{ source: 'excuse', note: null },
    },
    {
      ...{ name: 'Cem Alt', meeting: 'Netze', start: '2026-03-28T09:00', status: 'present', minutes: 165 },
      ...{ source: 'teacher', note: null },
    },
  ]);
  expect(Object.fromEntries(Object.entries(done.cures).filter(([, count]) => count > 0))).toEqual({
    ...{ 'users-joined': 1, 'people-unidentified': 1, 'records-doubled': 1, 'records-orphaned': 1 },
    ...{ 'records-of-staff': 1, 'records-of-unidentified': 1, 'status-unknown': 1, 'full-minutes-ended': 1 },
    ...{ 'excuses-undecided': 2, 'documents-missing': 1, 'sessions-unplaceable': 1, 'sessions-orphaned': 1 },
    ...{ 'breaks-unusable': 1, 'links-not-https': 1, 'courses-waiting': 1 },
  });
  // Nine o'clock, on both sides of the change of clocks.
  const held = await database.db.select().from(meetings).where(eq(meetings.courseId, courseId));
  expect(held.find(({ title }) => title === 'Netze')).toMatchObject({
    ...{ startsAt: new Date('2026-03-28T08:00:00Z'), kind: 'weekend', room: '301', breakMinutes: 15 },
  });
  expect(held.find(({ title }) => title === null)).toMatchObject({
    ...{ startsAt: new Date('2026-03-29T07:00:00Z'), kind: 'online', isMandatory: false },
    onlineUrl: 'https://zoom.example/j/1',
  });
  // Anna is one human, known by both; Cem waits for his first launch under his number.
  const known = await database.db.select().from(people);
  expect(known.filter(({ name }) => name === 'Anna Alt')).toMatchObject([
    { sub: 'sub-anna', canvasUserId: '101' },
  ]);
  expect(known.find(({ name }) => name === 'Cem Alt')?.sub).toBe('rest:103');
  expect(known.some(({ name }) => name === 'Dora Alt')).toBe(false);
  // A course that nobody has opened here, whose context is known.
  const [elsewhere] = await database.db.select().from(courses).where(eq(courses.contextId, 'context-78'));
  expect(elsewhere).toMatchObject({
    title: 'By its context',
    canvasCourseId: '78',
    timeZone: 'Europe/Berlin',
  });
});

test('an excuse comes with its document, accepted, and can be taken back', async () => {
  await order('--write');
  const [excuse] = await database.db
    .select({
      state: excuses.state,
      decidedBy: excuses.decidedBy,
      decidedAt: excuses.decidedAt,
      id: excuses.id,
    })
    .from(excuses)
    .innerJoin(excuseFiles, eq(excuseFiles.excuseId, excuses.id));
  expect(excuse).toMatchObject({ state: 'accepted', decidedBy: null });
  expect(excuse?.decidedAt).not.toBeNull();
  // The one that pointed outside of the folder was not followed.
  const kept = await database.db.select().from(excuseFiles);
  expect(kept).toMatchObject([{ name: 'anna.pdf', mediaType: 'application/pdf', discardedAt: null }]);
  expect(kept[0]?.storedAt).not.toBeNull();

  const ctx = {
    ...{ db: database.db, now: new Date(), viewer: { personId: teacherId } },
    ...{ log: createLog('silent'), secrets: testSecrets },
  };
  const taken = await takeBackDecision(ctx, { courseId, excuseId: excuse?.id ?? '', revision: 1 });
  expect(taken).toMatchObject({ kind: 'taken-back' });
  expect(
    (await register()).find(({ name, meeting }) => name === 'Anna Alt' && meeting === null),
  ).toMatchObject({
    ...{ status: 'absent', source: 'teacher' },
  });
});

test('what gave way stands in the log, and the log names no one', async () => {
  await order('--write');
  const events = await database.db.select().from(auditEvents).where(eq(auditEvents.courseId, courseId));
  expect(
    events.filter(({ action, before }) => action === 'record.imported' && before !== null),
  ).toMatchObject([{ actorPersonId: null, before: { status: 'absent' }, after: { status: 'late' } }]);
  expect(events.find(({ action }) => action === 'course.imported')?.after).toEqual({
    ...{ meetings: 3, records: 6, excuses: 2 },
  });
  expect(JSON.stringify(events)).not.toMatch(/Anna|Ben|Cem/);
});

test('twice is once, and what has been changed here since stays', async () => {
  await order('--write');
  const before = await register();
  const again = report(await order('--write', '--json'));
  expect(again.courses).toMatchObject([
    { title: 'Meisterkurs Elektrotechnik', meetings: 0, records: 0 },
    { title: 'By its context', meetings: 0, records: 0, isNew: false },
  ]);
  expect(await register()).toEqual(before);
  expect(await database.db.$count(excuses)).toBe(2);
  expect(await database.db.$count(excuseFiles)).toBe(1);

  // A teacher has taken a record away meanwhile, and a course's teacher has come.
  await database.db.delete(attendanceRecords).where(eq(attendanceRecords.note, 'Bahn'));
  await database.pool.query(
    `insert into courses (id, deployment_id, context_id, title, time_zone, time_zone_source, canvas_course_id)
     select gen_random_uuid(), deployment_id, 'c77', 'Came', 'Europe/Berlin', 'default', '77' from courses limit 1`,
  );
  await database.pool.query(
    `insert into v2.sessions (id, course_id, date, start_time, end_time) values (7, 2, '2026-05-02', '09:00', '10:00')`,
  );
  const third = report(await order('--write', '--json'));
  expect(third.courses.find(({ title }) => title === 'Came')).toMatchObject({ meetings: 1 });
  expect(await register()).toHaveLength(before.length - 1);
});

test('two at once: one is done, the other says why not', async () => {
  const [one, other] = (await Promise.all([order('--write'), order('--write')])).toSorted(
    (a, b) => a.code - b.code,
  );
  expect([one?.code, one?.said]).toEqual([0, '']);
  expect(await database.db.$count(excuseFiles)).toBe(1);
  // Whoever came when the first was done finds everything there.
  if (other?.code === 1) expect(other.said).toBe('Another import is running. Nothing was done.\n');

  const holder = await database.pool.connect();
  await holder.query('begin; select pg_advisory_xact_lock(7305511864)');
  expect((await order('--write')).said).toBe('Another import is running. Nothing was done.\n');
  await holder.query('rollback');
  holder.release();
  expect((await order('--write')).code).toBe(0);
});

test('a database that is another one is told by what is missing, and nothing is done', async () => {
  await database.pool.query('alter table v2.attendance_records rename column status to state');
  await database.pool.query(
    'alter table v2.courses drop column canvas_course_id, drop column lti_context_id',
  );
  const told = await order('--write');
  expect(told.code).toBe(1);
  expect(told.said).toMatch(
    /courses: canvasCourseId or contextId +a column called canvas_course_id, or canvas_id/,
  );
  expect(told.said).toMatch(/attendance_records: status +a column called status, or attendance_status/);
  expect(told.said).toContain('attendance_records.state');
  expect(await database.db.$count(meetings)).toBe(0);
  // A view with the right names, before the table on the search path, is read in its place.
  await database.pool.query(`drop schema if exists views cascade; create schema views;
    create view views.attendance_records as select *, state as status from v2.attendance_records;
    create view views.courses as select *, '42' as canvas_course_id from v2.courses where id = 1`);
  const bridged = await orderFrom(oldUrl('views,v2'), '--json');
  expect(report(bridged).courses).toMatchObject([{ meetings: 3, records: 6 }]);
  await database.pool.query('drop schema views, v2 cascade');
  expect((await order()).said).toMatch(/table users +is not there[^]*is it the right database/);
});
