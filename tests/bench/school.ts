import { sql } from 'drizzle-orm';
import { addMs, localOfInstant, minuteMs } from '#lib/base/time.ts';
import type { Db } from '#lib/db/client.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';

export interface BenchCourse {
  courseId: string;
  teacher: SeededMember;
  members: SeededMember[];
  /** The last of its meetings is the one that is measured; the others have been taken. */
  meetingId: string;
}

const weekMs = 7 * 24 * 60 * minuteMs;
const zone = 'Europe/Berlin';

/** A course with students and weekly meetings until now, all of them but the last with a record for everybody. */
export async function seedHeldCourse(
  db: Db,
  { students, meetings, now }: { students: number; meetings: number; now: Date },
): Promise<BenchCourse> {
  const course = await seedCourse(db);
  const teacher = await course.addMember('Tea Cher', 'teacher');
  const members = await course.addMembers(students);
  let meetingId = '';
  for (let week = meetings - 1; week >= 0; week -= 1) {
    const startsAt = addMs(now, -week * weekMs - 30 * minuteMs);
    const endsAt = addMs(startsAt, 225 * minuteMs);
    meetingId = await course.addMeeting({
      ...{
        startsAt,
        endsAt,
        localStart: localOfInstant(startsAt, zone),
        localEnd: localOfInstant(endsAt, zone),
      },
    });
  }
  await seedRecords(db, sql`m.course_id = ${course.courseId} and mt.id <> ${meetingId}`);
  return { courseId: course.courseId, teacher, members, meetingId };
}

/** So many more courses on one platform, each with twenty students and eight meetings that were held. */
export async function seedOtherCourses(db: Db, count: number): Promise<void> {
  const { platformId } = await seedCourse(db);
  await db.execute(sql`
    with deployment as (
      insert into deployments (id, platform_id, deployment_id, approved_at)
      values (gen_random_uuid(), ${platformId}, 'others', now()) returning id
    ), course as (
      insert into courses (id, deployment_id, context_id, title, time_zone, time_zone_source)
      select gen_random_uuid(), deployment.id, 'other ' || n, 'Other ' || n, ${zone}, 'default'
      from deployment, generate_series(1, ${count}) n returning id
    ), person as (
      insert into people (id, platform_id, sub, name, given_name, family_name)
      select gen_random_uuid(), ${platformId}, 'other ' || n, 'Kim Muster ' || n, 'Kim', 'Muster ' || n
      from generate_series(1, ${count * 20}) n returning id
    ), numbered as (select id, (row_number() over () - 1) / 20 as at from person),
    courses_numbered as (select id, row_number() over () - 1 as at from course),
    place as (
      insert into memberships (id, course_id, person_id, role)
      select gen_random_uuid(), c.id, p.id, 'student' from numbered p join courses_numbered c using (at)
      returning id
    ), span as (
      insert into membership_spans (id, membership_id) select gen_random_uuid(), id from place
    )
    insert into meetings (id, course_id, local_start, local_end, time_zone, starts_at, ends_at)
    select gen_random_uuid(), course.id, '2026-09-01T09:00', '2026-09-01T10:30', ${zone},
      now() - n * interval '7 days', now() - n * interval '7 days' + interval '90 minutes'
    from course, generate_series(1, 8) n`);
  await seedRecords(
    db,
    sql`m.course_id in (select c.id from courses c join deployments d on d.id = c.deployment_id
    where d.deployment_id = 'others')`,
  );
  await db.execute(sql`analyze`);
}

async function seedRecords(db: Db, which: ReturnType<typeof sql>): Promise<void> {
  await db.execute(sql`
    insert into attendance_records (id, meeting_id, membership_id, status, proven_minutes, source)
    select gen_random_uuid(), mt.id, m.id,
      (array['present', 'late', 'partial', 'absent', 'excused'])[1 + (abs(hashtext(m.id::text)) % 5)], 60, 'check-in'
    from memberships m join meetings mt on mt.course_id = m.course_id
    where m.role = 'student' and ${which}`);
}
