import { and, eq, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { idArray } from '../db/id-array.ts';
import {
  attendanceRecords,
  auditEvents,
  courses,
  deployments,
  excuses,
  meetings,
  memberships,
  people,
} from '../db/schema.ts';
import type { Role } from '../db/schema.ts';
import { oldTableNames } from './old-shape.ts';
import type { FoundFields, OldColumn, OldRow, OldTableName } from './old-shape.ts';

/** Nothing is written to the old database, and all is read of one moment. */
export async function beginReading(old: Db): Promise<void> {
  await old.execute(sql`set transaction isolation level repeatable read, read only`);
  await old.execute(sql`set local idle_in_transaction_session_timeout = 0`);
}

/** The columns of the tables, or views, that their bare names mean: the first of the search path. */
export async function selectOldColumns(old: Db): Promise<OldColumn[]> {
  const { rows } = await old.execute<{ table_name: string; column_name: string; data_type: string }>(sql`
    select table_name, column_name, data_type from information_schema.columns
    where to_regclass(quote_ident(table_name)) = to_regclass(format('%I.%I', table_schema, table_name))
      and table_name = any(${textArray(oldTableNames)})
    order by ordinal_position`);
  return rows.map((row) => ({ table: row.table_name, column: row.column_name, type: row.data_type }));
}

/** Rows of an old table, each value as text; of attendance records, those of some sessions. */
export async function selectOld<T extends OldTableName>(
  old: Db,
  table: T,
  fields: FoundFields,
  where?: { field: string; among: readonly string[] },
): Promise<OldRow<T>[]> {
  const found = Object.entries(fields).flatMap(([field, column]) =>
    column === undefined ? [] : [sql`${asText(column)} as ${sql.identifier(field)}`],
  );
  const limited = where === undefined ? undefined : fields[where.field];
  const condition =
    where === undefined || limited === undefined
      ? sql``
      : sql`where ${sql.identifier(limited.column)}::text = any(${textArray(where.among)})`;
  const { rows } = await old.execute(
    sql`select ${sql.join(found, sql`, `)} from ${sql.identifier(table)} ${condition} order by 1`,
  );
  // Each column is a field of the table, as text.
  return rows as OldRow<T>[];
}

function asText({ column, type }: OldColumn): SQL {
  const name = sql.identifier(column);
  switch (type) {
    case 'timestamp with time zone':
      return sql`to_char(${name} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
    case 'timestamp without time zone':
      return sql`to_char(${name}, 'YYYY-MM-DD"T"HH24:MI:SS')`;
    case 'date':
      return sql`to_char(${name}, 'YYYY-MM-DD')`;
    default:
      return sql`${name}::text`;
  }
}

const textArray = (texts: readonly string[]) => sql`${sql.param([...texts])}::text[]`;

/** Null: there is no such table. */
export async function countOldTokens(old: Db): Promise<number | null> {
  const there = await old.execute<{ there: boolean }>(
    sql`select to_regclass('checkin_tokens') is not null as there`,
  );
  if (there.rows[0]?.there !== true) return null;
  const { rows } = await old.execute<{ count: string }>(sql`select count(*) as count from checkin_tokens`);
  return Number(rows[0]?.count);
}

export type CourseToFill = Pick<
  typeof courses.$inferSelect,
  'id' | 'contextId' | 'canvasCourseId' | 'title' | 'timeZone' | 'deploymentId'
>;

export async function selectCoursesOf(db: Db, deploymentId: string): Promise<CourseToFill[]> {
  return db
    .select({
      ...{ id: courses.id, contextId: courses.contextId, canvasCourseId: courses.canvasCourseId },
      ...{ title: courses.title, timeZone: courses.timeZone, deploymentId: courses.deploymentId },
    })
    .from(courses)
    .where(eq(courses.deploymentId, deploymentId));
}

export interface PlaceOfHuman {
  membershipId: string;
  role: Role;
  sub: string;
  canvasUserId: string | null;
  sisId: string | null;
}

/** The members of a course by everything that identifies them, also by rows that were merged into theirs. */
export async function selectPlaces(db: Db, courseId: string): Promise<PlaceOfHuman[]> {
  return db
    .select({
      ...{ membershipId: memberships.id, role: memberships.role },
      ...{ sub: people.sub, canvasUserId: people.canvasUserId, sisId: people.sisId },
    })
    .from(memberships)
    .innerJoin(
      people,
      sql`${people.id} = ${memberships.personId} or ${people.mergedInto} = ${memberships.personId}`,
    )
    .where(eq(memberships.courseId, courseId))
    .orderBy(people.id);
}

export interface KnownHuman {
  sub: string;
  canvasUserId: string | null;
  sisId: string | null;
}

/** People of the deployment's platform who bear one of these. Those who were merged into another are not among them. */
export async function selectHumans(
  db: Db,
  deploymentId: string,
  sought: { subs: readonly string[]; numbers: readonly string[]; sisIds: readonly string[] },
): Promise<KnownHuman[]> {
  return db
    .select({ sub: people.sub, canvasUserId: people.canvasUserId, sisId: people.sisId })
    .from(people)
    .innerJoin(deployments, eq(deployments.platformId, people.platformId))
    .where(
      and(
        eq(deployments.id, deploymentId),
        sql`${people.mergedInto} is null`,
        sql`(${people.sub} = any(${textArray(sought.subs)}) or ${people.canvasUserId} = any(${textArray(sought.numbers)})
          or ${people.sisId} = any(${textArray(sought.sisIds)}))`,
      ),
    )
    .orderBy(people.id);
}

/** Those of these meetings that are there, or were and have been deleted by a teacher since. */
export async function selectSettledMeetings(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const there = await db
    .select({ id: meetings.id })
    .from(meetings)
    .where(sql`${meetings.id} = any(${idArray(ids)})`);
  const deleted = await db
    .selectDistinct({ id: auditEvents.subjectId })
    .from(auditEvents)
    .where(
      and(sql`${auditEvents.subjectId} = any(${idArray(ids)})`, eq(auditEvents.action, 'meeting.deleted')),
    );
  return new Set([...there, ...deleted].map(({ id }) => id));
}

/** The subjects (see `recordSubject`) among these that stand in the log: entered, or taken back since. */
export async function selectKnownSubjects(db: Db, subjects: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectDistinct({ id: auditEvents.subjectId })
    .from(auditEvents)
    .where(sql`${auditEvents.subjectId} = any(${idArray(subjects)})`);
  return new Set(rows.map(({ id }) => id));
}

export async function selectRecordPlaces(
  db: Db,
  meetingIds: readonly string[],
): Promise<{ meetingId: string; membershipId: string }[]> {
  return db
    .select({ meetingId: attendanceRecords.meetingId, membershipId: attendanceRecords.membershipId })
    .from(attendanceRecords)
    .where(sql`${attendanceRecords.meetingId} = any(${idArray(meetingIds)})`);
}

export async function selectKnownExcuses(db: Db, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ id: excuses.id })
    .from(excuses)
    .where(sql`${excuses.id} = any(${idArray(ids)})`);
  return new Set(rows.map(({ id }) => id));
}
