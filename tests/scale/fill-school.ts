import pg from 'pg';
import { defaultRetention } from '#lib/base/retention-policy.ts';

/** A large institution, or the same in small: its courses are the same ones, as many of them as it has. */
export interface SchoolSize {
  courses: number;
  people: number;
}

/** 2,000 courses, 100,000 people, 10 million records, in two years. */
const wholeSchool: SchoolSize = { courses: 2_000, people: 100_000 };

export function schoolOf(fraction: number): SchoolSize {
  return {
    courses: Math.ceil(wholeSchool.courses * fraction),
    people: Math.ceil(wholeSchool.people * fraction),
  };
}

/** Meetings of a course that were held, one every two weeks; then one of today, and those to come. */
const held = 50;
const toCome = 4;

/** Rows of each kind have ids of their own: the kind, then a number that rises with time, as UUIDv7 does. */
const kinds = {
  platform: 1,
  deployment: 2,
  person: 3,
  course: 4,
  membership: 5,
  span: 6,
  meeting: 7,
  window: 8,
  record: 9,
  presence: 10,
  checkIn: 11,
  event: 12,
  seal: 13,
  key: 14,
  excuse: 15,
  file: 16,
  device: 17,
  message: 18,
  sync: 19,
  section: 20,
  subject: 21,
} as const;
type Kind = keyof typeof kinds;

/** The id of a kind's row with this number, as SQL. */
const id = (kind: Kind, number: string) =>
  `('${kinds[kind].toString(16).padStart(8, '0')}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

/** The same in code. */
export function idOf(kind: Kind, number: number): string {
  return `${kinds[kind].toString(16).padStart(8, '0')}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

/** Members are numbered within their course: 0 is its teacher. */
export function membershipOf(course: number, member: number): string {
  return idOf('membership', course * 1000 + member);
}

export function personOf(size: SchoolSize, course: number, member: number): string {
  return idOf('person', (course * 50 + member) % size.people);
}

/** The meetings of a course, from 0; `held` is today's. */
export function meetingOf(size: SchoolSize, course: number, week: number): string {
  return idOf('meeting', week * size.courses + course);
}

export const today = held;

/** Members of a course without its teacher: 40 to 160, 100 in the mean. */
export function studentsOf(course: number): number {
  return 40 + ((course * 37) % 121);
}

/**
 * Fills an empty, migrated database with two years of a school, by what it counts as: records, presence, evidence and
 * audit in proportion, old evidence erased and mails forgotten as the nights would have done. Today's meeting of every
 * tenth course runs. The order of rows is that of time, as in a grown database. Constraints are not looked at meanwhile,
 * and indexes are made afterwards.
 */
export async function fillSchool(url: string, size: SchoolSize, tell: (done: string) => void): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set session_replication_role = replica; set synchronous_commit = off;
      set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 0; set timezone = 'UTC';
      select set_config('school.now', date_trunc('minute', now())::text, false)`);
    const indexes = await dropIndexes(client);
    await fillPlaces(client, size);
    for (let week = 0; week < held; week += 1) {
      await fillWeek(client, size, week);
      if ((week + 1) % 10 === 0) tell(`${String(week + 1)} of ${String(held)} meetings of each course`);
    }
    await fillRest(client, size);
    for (const definition of indexes) await client.query(definition);
    tell('indexes');
    // As autovacuum leaves them: statistics for the planner, and no page that a first reader has to tidy.
    await client.query('vacuum (analyze)');
    tell('statistics');
  } finally {
    await client.end();
  }
}

const bigTables = ['attendance_records', 'record_spans', 'check_ins', 'audit_events'];

/** Of the tables that fill: those that stand for no constraint. @returns what makes them again */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where i.indrelid = any($1::regclass[])
       and not exists (select 1 from pg_constraint where conindid = i.indexrelid)`,
    [bigTables],
  );
  for (const { name } of rows) await client.query(`drop index ${pg.escapeIdentifier(name)}`);
  return rows.map(({ definition }) => definition);
}

/** The courses by number, with how many students they have. */
const courses = (size: SchoolSize) =>
  `(select c, 40 + (c * 37) % 121 as students from generate_series(0, ${String(size.courses - 1)}) c) course`;

/** The moment of the filling, the same in every statement. */
const now = `current_setting('school.now')::timestamptz`;
const zone = 'Europe/Berlin';
const local = (instant: string) => `to_char((${instant}) at time zone '${zone}', 'YYYY-MM-DD"T"HH24:MI')`;

/** When a course's meeting began. Each has its own hour; every tenth began half an hour ago. */
const begin = (week: string) =>
  `(${now} - interval '30 minutes' - (${String(held)} - ${week}) * interval '14 days'
    - ((course.c % 10) * interval '7 hours'))`;

async function fillPlaces(client: pg.Client, size: SchoolSize): Promise<void> {
  const people = `generate_series(0, ${String(size.people - 1)}) p`;
  const weeks = `generate_series(0, ${String(held + toCome)}) w`;
  const meeting = `w * ${String(size.courses)} + course.c`;
  const statements = [
    `insert into platforms (id, issuer, client_id, name, authorize_url, token_url, jwks_url) values
      (${id('platform', '0')}, 'https://canvas.example', 'school', 'Canvas', 'https://canvas.example/authorize',
       'https://canvas.example/token', 'https://canvas.example/jwks')`,
    // Nine in ten courses belong to one large institution.
    `insert into deployments (id, platform_id, deployment_id, web_host, approved_at)
     select ${id('deployment', 'd')}, ${id('platform', '0')}, '7:' || d, 'canvas.example', ${now}
     from generate_series(0, 1) d`,
    `insert into people (id, platform_id, sub, canvas_user_id, name, given_name, family_name, email, created_at)
     select ${id('person', 'p')}, ${id('platform', '0')}, 'sub-' || p, p::text, 'Kim Muster ' || p, 'Kim',
       'Muster ' || p, 'kim.' || p || '@school.example', ${now} - interval '730 days' from ${people}`,
    `insert into courses (id, deployment_id, context_id, title, time_zone, time_zone_source, canvas_course_id,
       names_and_roles_url, roster_synced_at, created_at)
     select ${id('course', 'c')}, ${id('deployment', '(c % 10) / 9')}, 'course ' || c, 'Course ' || c, '${zone}',
       'teacher-launch', c::text, 'https://canvas.example/roster/' || c, ${now} - interval '1 day',
       ${now} - interval '730 days' from ${courses(size)}`,
    `insert into sections (id, course_id, platform_section_id, name)
     select ${id('section', 'course.c * 2 + s')}, ${id('course', 'course.c')}, s::text, 'Group ' || s
     from ${courses(size)}, generate_series(0, 1) s`,
    `insert into memberships (id, course_id, person_id, role, last_launch_at, listed_at, listed_by)
     select ${id('membership', 'c * 1000 + k')}, ${id('course', 'c')},
       ${id('person', `(c * 50 + k) % ${String(size.people)}`)}, case when k = 0 then 'teacher' else 'student' end,
       ${now} - interval '3 days', ${now} - interval '1 day', 'nrps'
     from ${courses(size)}, generate_series(0, students) k`,
    `insert into membership_spans (id, membership_id, section_id)
     select ${id('span', 'c * 1000 + k')}, ${id('membership', 'c * 1000 + k')}, ${id('section', 'c * 2 + k % 2')}
     from ${courses(size)}, generate_series(0, students) k`,
    `insert into devices (id, key_hash, platform_id, person_id, name, created_at, expires_at)
     select ${id('device', 'p')}, md5(p::text) || substr(md5('x' || p), 1, 11), ${id('platform', '0')},
       ${id('person', 'p')}, 'iPhone, Safari', ${now} - interval '90 days', ${now} + interval '90 days' from ${people}`,
    `insert into meetings (id, course_id, local_start, local_end, time_zone, starts_at, ends_at, evidence_erased_at)
     select ${id('meeting', meeting)}, ${id('course', 'c')}, ${local('starts')}, ${local("starts + interval '90 minutes'")},
       '${zone}', starts, starts + interval '90 minutes',
       case when starts < ${now} - interval '${String(defaultRetention.evidenceDays)} days'
         then starts + interval '${String(defaultRetention.evidenceDays + 1)} days' end
     from ${courses(size)}, ${weeks}, lateral (select ${begin('w')} as starts) at`,
    `insert into check_in_windows (id, meeting_id, locator, sealed_secret, opened_at, opens_at, closes_at, closed_at)
     select ${id('window', meeting)}, ${id('meeting', meeting)}, substr(md5(w || ' ' || c), 1, 4), repeat('x', 180),
       starts, starts, starts + interval '30 minutes', starts + interval '30 minutes'
     from ${courses(size)}, ${weeks}, lateral (select ${begin('w')} as starts) at where w < ${String(held)}`,
    `insert into audit_keys (id, sealed_key) values (${id('key', '0')}, 'sealed')`,
    `insert into audit_seals (id, course_id, number, key_id, event_count, mac, sealed_at)
     select ${id('seal', meeting)}, ${id('course', 'c')}, w + 1, ${id('key', '0')}, students, repeat('m', 43),
       ${begin('w')} + interval '31 minutes'
     from ${courses(size)}, ${weeks} where w < ${String(held)} order by w, c`,
    `insert into roster_syncs (id, course_id, asked_by, source, started_at, ended_at, outcome, pages, listed, kept)
     select ${id('sync', `n * ${String(size.courses)} + c`)}, ${id('course', 'c')}, 'night', 'nrps',
       ${now} - (99 - n) * interval '1 day', ${now} - (99 - n) * interval '1 day', 'complete', 2, students + 1, students + 1
     from generate_series(0, 99) n, ${courses(size)} order by n, c`,
    `insert into used_nonces (nonce, expires_at)
     select md5(n::text), ${now} + interval '1 hour' from generate_series(1, ${String(Math.ceil(size.people / 10))}) n`,
  ];
  for (const statement of statements) await client.query(statement);
}

/**
 * One meeting of each course. Of a hundred students 84 check in (6 of them late), 2 are marked by hand for a part, 8 are
 * absent, 2 excused, and 4 present by a teacher's word.
 */
async function fillWeek(client: pg.Client, size: SchoolSize, week: number): Promise<void> {
  const w = String(week);
  await client.query('drop table if exists seat');
  await client.query(`create temp table seat as
    select c, k, ${w}::bigint * ${String(size.courses)} + c as meeting,
      (${w}::bigint * ${String(size.courses)} + c) * 1000 + k as record, (k * 31 + ${w} * 17 + c * 7) % 100 as lot,
      ${begin(w)} as starts
    from ${courses(size)}, generate_series(1, students) k`);
  const status = `case when lot < 78 then 'present' when lot < 84 then 'late' when lot < 86 then 'partial'
    when lot < 94 then 'absent' when lot < 96 then 'excused' else 'present' end`;
  const minutes = `case when lot < 78 then 90 when lot < 84 then 60 when lot < 86 then 45 when lot < 96 then 0 else 90 end`;
  const source = `case when lot < 84 then 'check-in' when lot in (94, 95) then 'excuse' else 'teacher' end`;
  const from = `starts + case when lot between 78 and 83 then 30 else k % 8 end * interval '1 minute'`;
  const isErased = `starts < ${now} - interval '${String(defaultRetention.evidenceDays)} days'`;
  const person = id('person', `(c * 50 + k) % ${String(size.people)}`);
  const statements = [
    `insert into attendance_records (id, meeting_id, membership_id, status, proven_minutes, source, sight_count, updated_at)
     select ${id('record', 'record')}, ${id('meeting', 'meeting')}, ${id('membership', 'c * 1000 + k')}, ${status}, ${minutes},
       ${source}, case when lot < 84 then 1 else 0 end, ${from} from seat`,
    `insert into record_spans (id, record_id, from_at, to_at)
     select ${id('presence', 'record')}, ${id('record', 'record')}, ${from},
       case when lot >= 84 then starts + interval '45 minutes' end from seat where lot < 86`,
    `insert into check_ins (id, ticket_id, course_id, meeting_id, window_id, membership_id, outcome, via, scanned_at,
       confirmed_at, code_age_ms, device_id, scan_browser_hash, browser_hash, network_hash, flags)
     select ${id('checkIn', 'record')}, lpad(to_hex(record), 16, '0'), ${id('course', 'c')}, ${id('meeting', 'meeting')},
       ${id('window', 'meeting')}, ${id('membership', 'c * 1000 + k')}, 'checked-in', 'scan', ${from}, ${from},
       case when not ${isErased} then 3000 end,
       case when not ${isErased} then ${id('device', `(c * 50 + k) % ${String(size.people)}`)} end,
       case when not ${isErased} then md5(k || ' ' || c) || '0123456789a' end,
       case when not ${isErased} then md5(k || ' ' || c) || '0123456789a' end,
       case when not ${isErased} then md5('network') || '0123456789a' end,
       case when lot = 7 and not ${isErased} then array['other-browser'] else '{}' end
     from seat where lot < 84`,
    `insert into audit_events (id, course_id, at, actor_person_id, action, subject_id, after, salt, commitment, seal_id,
       seal_position)
     select ${id('event', 'record')}, ${id('course', 'c')}, ${from},
       case when lot < 84 then ${person} else ${id('person', `(c * 50) % ${String(size.people)}`)} end,
       case when lot < 84 then 'record.checked-in' when lot in (94, 95) then 'record.excused' else 'record.marked' end,
       ${id('subject', 'record')}, jsonb_build_object('status', ${status}, 'provenMinutes', ${minutes}, 'revision', 1,
         'spans', jsonb_build_array(jsonb_build_object('from', ${from}, 'to', null))),
       repeat('s', 22), repeat('c', 43), ${id('seal', 'meeting')}, k - 1
     from seat`,
    `insert into excuses (id, course_id, membership_id, reason, text, state, submitted_at, decided_at, decided_by,
       text_erased_at)
     select ${id('excuse', 'record')}, ${id('course', 'c')}, ${id('membership', 'c * 1000 + k')}, 'illness',
       case when not ${isErased} then 'A few words.' end,
       case when ${w} = ${String(held - 1)} then 'submitted' else 'accepted' end, starts,
       case when ${w} < ${String(held - 1)} then starts + interval '1 day' end,
       case when ${w} < ${String(held - 1)} then ${id('person', `(c * 50) % ${String(size.people)}`)} end,
       case when ${isErased} then starts + interval '365 days' end
     from seat where lot in (94, 95)`,
    `insert into excuse_meetings (excuse_id, meeting_id, decision, changed_record)
     select ${id('excuse', 'record')}, ${id('meeting', 'meeting')},
       case when ${w} < ${String(held - 1)} then 'accepted' end, ${w} < ${String(held - 1)}
     from seat where lot in (94, 95)`,
    `insert into excuse_files (id, membership_id, excuse_id, object_key, media_type, bytes, created_at, stored_at,
       discarded_at, removed_at)
     select ${id('file', 'record')}, ${id('membership', 'c * 1000 + k')}, ${id('excuse', 'record')}, 'object-' || record,
       'image/jpeg', 200000, starts, starts,
       case when starts < ${now} - interval '31 days' then starts + interval '31 days' end,
       case when starts < ${now} - interval '31 days' then starts + interval '31 days' end
     from seat where lot = 94`,
    `insert into messages (id, kind, person_id, course_id, subject_id, once_key, created_at, due_at, sent_at)
     select ${id('message', 'record')}, 'excuse-decided', ${person}, ${id('course', 'c')}, ${id('excuse', 'record')},
       'excuse-decided ' || record, starts, starts, starts
     from seat where lot in (94, 95) and starts > ${now} - interval '${String(defaultRetention.messageDays)} days'`,
  ];
  for (const statement of statements) await client.query(statement);
}

/** What is there once a person, whatever they do. */
async function fillRest(client: pg.Client, size: SchoolSize): Promise<void> {
  await client.query('drop table if exists seat');
  await client.query(`insert into personal_codes (person_id, token_hash, sealed_token)
    select ${id('person', 'p')}, md5(p::text), 'sealed' from generate_series(0, ${String(size.people - 1)}, 10) p`);
  await client.query(`insert into calendar_feeds (person_id, token_hash, sealed_token)
    select ${id('person', 'p')}, md5(p::text), 'sealed' from generate_series(0, ${String(size.people - 1)}, 10) p`);
}
