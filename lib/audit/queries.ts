import { and, asc, desc, eq, gt, inArray, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { Ctx } from '../context.ts';
import { newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { idArray } from '../db/id-array.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import { auditEvents, auditKeys, auditSeals, excuses, meetings, memberships, people } from '../db/schema.ts';
import type { Erasure, Head, SealedRow, StoredEvent, StoredSeal } from './rules.ts';

/** One change, told so that a person can read it later. `before`/`after` hold no more than what changed. */
export interface AuditEvent {
  courseId: string;
  /** `<subject>.<what happened>`, e.g. `meeting.created`. */
  action: string;
  subjectId: string;
  before?: unknown;
  after?: unknown;
}

/** Rows of one statement: PostgreSQL takes 65,535 values. */
const rowsAStatement = 1_000;

/** Writes who changed what; call it in the transaction that makes the change. */
export async function insertAuditEvent(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  event: AuditEvent,
): Promise<void> {
  await insertAuditEvents(ctx, [event]);
}

/** The same for many at once, so that a series or a whole register costs no statement a row. */
export async function insertAuditEvents(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  events: readonly AuditEvent[],
): Promise<void> {
  const rows = events.map((event) => ({
    id: newId(),
    courseId: event.courseId,
    at: ctx.now,
    actorPersonId: ctx.viewer?.personId ?? null,
    action: event.action,
    subjectId: event.subjectId,
    before: event.before ?? null,
    after: event.after ?? null,
  }));
  for (let first = 0; first < rows.length; first += rowsAStatement) {
    await ctx.db.insert(auditEvents).values(rows.slice(first, first + rowsAStatement));
  }
}

export async function selectAuditKeys(db: Db): Promise<{ id: string; sealedKey: string }[]> {
  return db
    .select({ id: auditKeys.id, sealedKey: auditKeys.sealedKey })
    .from(auditKeys)
    .orderBy(asc(auditKeys.id));
}

/** Lets one process at a time make a key, until its transaction ends. */
export async function lockAuditKeys(db: Db): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(hashtextextended('sk-attendance audit-keys', 0))`);
}

export async function insertAuditKey(db: Db, key: typeof auditKeys.$inferInsert): Promise<void> {
  await db.insert(auditKeys).values(key);
}

/** Lets one process at a time work on a course's chain, until its transaction ends. */
export async function lockChain(db: Db, courseId: string): Promise<void> {
  await db.execute(
    sql`select pg_advisory_xact_lock(hashtextextended('sk-attendance audit-chain ' || ${courseId}, 0))`,
  );
}

/** Courses with events that no seal covers yet, by id; steps from course to course in the index of those events. */
export async function selectCoursesToSeal(
  db: Db,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<string[]> {
  const isNext = after === undefined ? sql`true` : sql`course_id > ${after}::uuid`;
  const answer = await db.execute<{ course_id: string }>(sql`
    with recursive course as (
      (select course_id from ${auditEvents} where seal_id is null and ${isNext} order by course_id limit 1)
      union all
      select (select e.course_id from ${auditEvents} e where e.seal_id is null and e.course_id > course.course_id
        order by e.course_id limit 1)
      from course where course.course_id is not null
    )
    select course_id from course where course_id is not null limit ${limit}`);
  return answer.rows.map((row) => row.course_id);
}

/** As it is sealed; `at` keeps its microseconds. */
const sealedColumns = {
  id: auditEvents.id,
  courseId: auditEvents.courseId,
  at: sql<string>`to_char(${auditEvents.at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
  actorPersonId: auditEvents.actorPersonId,
  action: auditEvents.action,
  subjectId: auditEvents.subjectId,
  before: auditEvents.before,
  after: auditEvents.after,
};

/** Some of the events that no seal covers yet, in no order: all would have to be read to order them. */
export async function selectUnsealed(db: Db, courseId: string, limit: number): Promise<SealedRow[]> {
  return db
    .select(sealedColumns)
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, courseId), sql`seal_id is null`))
    .limit(limit);
}

export async function selectLastSeal(
  db: Db,
  courseId: string,
): Promise<{ number: number; mac: string; sealedAt: Date } | undefined> {
  const [row] = await db
    .select({ number: auditSeals.number, mac: auditSeals.mac, sealedAt: auditSeals.sealedAt })
    .from(auditSeals)
    .where(eq(auditSeals.courseId, courseId))
    .orderBy(desc(auditSeals.number))
    .limit(1);
  return row;
}

export async function insertSeal(
  db: Db,
  seal: typeof auditSeals.$inferInsert,
  events: readonly { id: string; salt: string; commitment: string }[],
): Promise<void> {
  await db.insert(auditSeals).values(seal);
  await db.execute(sql`
    update ${auditEvents} set salt = sealed.salt, commitment = sealed.commitment, seal_id = ${seal.id}::uuid,
      seal_position = sealed.position
    from jsonb_to_recordset(${JSON.stringify(events.map((event, position) => ({ ...event, position })))}::jsonb)
      as sealed (id uuid, salt text, commitment text, position int)
    where ${auditEvents.id} = sealed.id`);
}

export interface HeadRow extends Head {
  id: string;
  eventCount: number;
  sealedAt: Date;
}

/** Seals of all courses in the order in which they were made. */
export async function selectHeads(
  db: Db,
  { from, limit }: { from: { id: string; inclusive: boolean } | undefined; limit: number },
): Promise<HeadRow[]> {
  return db
    .select({
      id: auditSeals.id,
      courseId: auditSeals.courseId,
      number: auditSeals.number,
      mac: auditSeals.mac,
      eventCount: auditSeals.eventCount,
      sealedAt: auditSeals.sealedAt,
    })
    .from(auditSeals)
    .where(
      from === undefined
        ? undefined
        : from.inclusive
          ? sql`${auditSeals.id} >= ${from.id}::uuid`
          : gt(auditSeals.id, from.id),
    )
    .orderBy(asc(auditSeals.id))
    .limit(limit);
}

/** The seals of these numbers, where there are any. */
export async function selectMacs(db: Db, heads: readonly Head[]): Promise<(string | undefined)[]> {
  const asked = heads.map(({ courseId, number }, place) => ({ courseId, number, place }));
  const answer = await db.execute<{ place: number; mac: string }>(sql`
    select asked.place, seal.mac
    from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked ("courseId" uuid, number int, place int)
    join ${auditSeals} seal on seal.course_id = asked."courseId" and seal.number = asked.number`);
  const macs = new Map(answer.rows.map(({ place, mac }) => [place, mac]));
  return heads.map((_head, place) => macs.get(place));
}

/** Courses that have a chain, by id. */
export async function selectSealedCourses(
  db: Db,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectDistinct({ courseId: auditSeals.courseId })
    .from(auditSeals)
    .where(after === undefined ? undefined : gt(auditSeals.courseId, after))
    .orderBy(asc(auditSeals.courseId))
    .limit(limit);
  return rows.map(({ courseId }) => courseId);
}

/** The links of a chain by number, after the given one. */
export async function selectSeals(
  db: Db,
  courseId: string,
  { after, limit }: { after: number | undefined; limit: number },
): Promise<StoredSeal[]> {
  return db
    .select({
      id: auditSeals.id,
      courseId: auditSeals.courseId,
      number: auditSeals.number,
      keyId: auditSeals.keyId,
      eventCount: auditSeals.eventCount,
      mac: auditSeals.mac,
    })
    .from(auditSeals)
    .where(
      and(eq(auditSeals.courseId, courseId), after === undefined ? undefined : gt(auditSeals.number, after)),
    )
    .orderBy(asc(auditSeals.number))
    .limit(limit);
}

/** The events of these seals, each seal's by position. */
export async function selectSealedEvents(
  db: Db,
  sealIds: readonly string[],
): Promise<Map<string, StoredEvent[]>> {
  const rows = await db
    .select({
      ...sealedColumns,
      sealId: sql<string>`${auditEvents.sealId}`,
      salt: auditEvents.salt,
      commitment: auditEvents.commitment,
      erasedAt: sql<
        string | null
      >`to_char(${auditEvents.erasedAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
    })
    .from(auditEvents)
    .where(sql`${auditEvents.sealId} = any(${idArray(sealIds)})`)
    .orderBy(asc(auditEvents.sealId), asc(auditEvents.sealPosition));
  const bySeal = new Map<string, StoredEvent[]>();
  for (const { sealId, ...event } of rows) {
    const events = bySeal.get(sealId);
    if (events === undefined) bySeal.set(sealId, [event]);
    else events.push(event);
  }
  return bySeal;
}

/** What was erased in a course in one go, beside what its log tells of it. */
export async function selectErasures(db: Db, courseId: string): Promise<Erasure[]> {
  const answer = await db.execute<{ at: string; erased: number; told: unknown[] | null }>(sql`
    select to_char(gone.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, gone.erased,
      (select jsonb_agg(told.after -> 'events') from ${auditEvents} told
        where told.course_id = ${courseId} and told.action = ${erasureAction} and told.at = gone.at) as told
    from (select erased_at as at, count(*)::int as erased from ${auditEvents}
      where course_id = ${courseId} and erased_at is not null group by erased_at) gone
    order by gone.at`);
  return answer.rows.map(({ at, erased, told }) => ({
    courseId,
    at,
    erased,
    told: (told ?? []).reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0),
  }));
}

/** What no seal covers yet, by course, and how much of it was written before a time. */
export async function countUnsealed(
  db: Db,
  { courseId, before }: { courseId: string | undefined; before: Date },
): Promise<{ courseId: string; all: number; old: number }[]> {
  return db
    .select({
      courseId: auditEvents.courseId,
      all: sql<number>`count(*)::int`,
      old: sql<number>`(count(*) filter (where at < ${before.toISOString()}::timestamptz))::int`,
    })
    .from(auditEvents)
    .where(and(sql`seal_id is null`, courseId === undefined ? undefined : eq(auditEvents.courseId, courseId)))
    .groupBy(auditEvents.courseId);
}

/** The action of the event that tells of an erasure. */
export const erasureAction = 'audit.erased';

/** The rows that are one human: those that were merged into this one are meant too. */
const humanRows = (personId: string) => sql`human as (
    select id from people where id = ${personId}::uuid
    union
    select people.id from people join human on people.merged_into = human.id
  )`;

/** This membership's own id, and those of rows that were merged into it: the log still calls it so. */
const placeIds = (courseId: string, membership: SQL) => sql`place as (
    select id from memberships where course_id = ${courseId}::uuid and ${membership}
    union
    select (merge.before -> 'merged' ->> 'membershipId')::uuid
    from place join audit_events merge on merge.subject_id = place.id
    where merge.course_id = ${courseId}::uuid and merge.action = 'membership.merged'
      and merge.before -> 'merged' ->> 'membershipId' ~ ${idPattern}
  )`;

/** What is read from a payload is an id only when it looks like one: the log may hold anything. */
const idPattern = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';

/** The courses whose log tells of this person. */
export async function selectCoursesOfPerson(db: Db, personId: string): Promise<string[]> {
  const answer = await db.execute<{ course_id: string }>(sql`
    with recursive ${humanRows(personId)}
    select course_id from memberships where person_id in (select id from human)
    union
    select course_id from audit_events where actor_person_id in (select id from human)
    order by course_id`);
  return answer.rows.map((row) => row.course_id);
}

/**
 * Erases what a course's log tells of a person: events of their membership, their records and excuses, and of records
 * that are gone but name them. The commitment stays, and tells nothing without its salt.
 *
 * @returns how many events were erased
 */
export async function updateErased(
  db: Db,
  { courseId, personId, erasedAt }: { courseId: string; personId: string; erasedAt: Date },
): Promise<number> {
  const answer = await db.execute(sql`
    with recursive ${humanRows(personId)},
    ${placeIds(courseId, sql`person_id in (select id from human)`)}
    update audit_events set before = null, after = null, salt = null,
      actor_person_id = case when actor_person_id in (select id from human) then null else actor_person_id end,
      erased_at = ${erasedAt.toISOString()}::timestamptz
    where course_id = ${courseId}::uuid and seal_id is not null and erased_at is null
      and (subject_id in (select id from place) or subject_id in (select id from human)
        or ((action like 'record.%' or action like 'excuse.%') and coalesce(after ->> 'membershipId', before ->> 'membershipId')
          in (select id::text from place)))`);
  return answer.rowCount ?? 0;
}

export async function selectHasUnsealed(db: Db, courseId: string): Promise<boolean> {
  const [row] = await db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(eq(auditEvents.courseId, courseId), sql`seal_id is null`))
    .limit(1);
  return row !== undefined;
}

/** A member as the log names them, in this course alone. */
export async function selectMemberOfHistory(
  db: Db,
  courseId: string,
  membershipId: string,
): Promise<{ personId: string; name: string | null } | undefined> {
  const [row] = await db
    .select({ personId: people.id, name: fullName(people) })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(and(eq(memberships.id, membershipId), eq(memberships.courseId, courseId)));
  return row;
}

/** What the log calls this member: its own id, and those of entries that were merged into it. */
export async function selectPlaceIds(db: Db, courseId: string, membershipId: string): Promise<string[]> {
  const answer = await db.execute<{ id: string }>(
    sql`with recursive ${placeIds(courseId, sql`id = ${membershipId}::uuid`)} select id from place`,
  );
  return answer.rows.map((row) => row.id);
}

export async function selectExcuseIds(db: Db, courseId: string, membershipId: string): Promise<string[]> {
  const rows = await db
    .select({ id: excuses.id })
    .from(excuses)
    .where(and(eq(excuses.courseId, courseId), eq(excuses.membershipId, membershipId)));
  return rows.map(({ id }) => id);
}

export async function selectMeetingIds(db: Db, courseId: string): Promise<string[]> {
  const rows = await db.select({ id: meetings.id }).from(meetings).where(eq(meetings.courseId, courseId));
  return rows.map(({ id }) => id);
}

export interface HistoryFilter {
  /** What stands before the point in `record.marked`. */
  actions?: readonly string[];
  /** What happened to any of these, or was done by this person. */
  subjectIds?: readonly string[];
  actorPersonId?: string | undefined;
}

export interface HistoryEntry {
  id: string;
  at: Date;
  action: string;
  /** Null: nobody who was signed in. */
  actor: string | null;
  member: string | null;
  membershipId: string | null;
  meeting: { id: string; title: string | null; number: number; localStart: string } | null;
  before: unknown;
  after: unknown;
  isErased: boolean;
}

/** As people are called in a sentence. */
const fullName = (person: Record<'name' | 'givenName' | 'familyName', AnyPgColumn>) =>
  sql<string | null>`coalesce(nullif(${person.name}, ''),
    nullif(concat_ws(' ', ${person.givenName}, ${person.familyName}), ''))`;

/** An id that an event names, where what stands there is one. */
const namedId = (name: 'meetingId' | 'membershipId') => sql`coalesce(
  case when ${auditEvents.after} ->> ${sql.raw(`'${name}'`)} ~ ${idPattern}
    then (${auditEvents.after} ->> ${sql.raw(`'${name}'`)})::uuid end,
  case when ${auditEvents.before} ->> ${sql.raw(`'${name}'`)} ~ ${idPattern}
    then (${auditEvents.before} ->> ${sql.raw(`'${name}'`)})::uuid end,
  ${auditEvents.subjectId})`;

/** A page of a course's log with the names that belong to it, the newest first. One statement. */
export async function selectHistory(
  db: Db,
  courseId: string,
  { actions, subjectIds, actorPersonId }: HistoryFilter,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<HistoryEntry[]> {
  const actor = alias(people, 'actor');
  const isMeant =
    subjectIds === undefined
      ? undefined
      : or(
          sql`${auditEvents.subjectId} = any(${idArray(subjectIds)})`,
          actorPersonId === undefined ? undefined : eq(auditEvents.actorPersonId, actorPersonId),
        );
  const isOlder = sql`(${auditEvents.at}, ${auditEvents.id}) < (select last.at, last.id from audit_events last
    where last.id = ${after} and last.course_id = ${courseId})`;
  const rows = await db
    .select({
      id: auditEvents.id,
      at: auditEvents.at,
      action: auditEvents.action,
      hasActor: sql<boolean>`${auditEvents.actorPersonId} is not null`,
      actor: fullName(actor),
      member: fullName(people),
      membershipId: memberships.id,
      meetingId: meetings.id,
      title: meetings.title,
      number: meetingNumber,
      localStart: meetings.localStart,
      before: auditEvents.before,
      after: auditEvents.after,
      isErased: sql<boolean>`${auditEvents.erasedAt} is not null`,
    })
    .from(auditEvents)
    .leftJoin(actor, eq(actor.id, auditEvents.actorPersonId))
    .leftJoin(
      memberships,
      and(eq(memberships.id, namedId('membershipId')), eq(memberships.courseId, auditEvents.courseId)),
    )
    .leftJoin(people, eq(people.id, memberships.personId))
    .leftJoin(
      meetings,
      and(eq(meetings.id, namedId('meetingId')), eq(meetings.courseId, auditEvents.courseId)),
    )
    .where(
      and(
        eq(auditEvents.courseId, courseId),
        actions === undefined
          ? undefined
          : inArray(sql`split_part(${auditEvents.action}, '.', 1)`, [...actions]),
        isMeant,
        after === undefined ? undefined : isOlder,
      ),
    )
    .orderBy(desc(auditEvents.at), desc(auditEvents.id))
    .limit(limit);
  return rows.map(({ hasActor, meetingId, title, number, localStart, ...row }) => ({
    ...row,
    actor: hasActor ? (row.actor ?? '') : null,
    meeting: meetingId === null ? null : { id: meetingId, title, number, localStart: localStart ?? '' },
  }));
}
