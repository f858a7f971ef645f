import { and, eq, inArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { idArray } from '../db/id-array.ts';
import { listName } from '../db/list-name.ts';
import {
  attendanceRecords,
  courses,
  deployments,
  memberships,
  membershipSpans,
  people,
  personConflicts,
  platforms,
  sections,
} from '../db/schema.ts';
import type { Role, RosterSource } from '../db/schema.ts';
import type { KnownSpan } from './rules.ts';

export interface SeenPerson {
  sub: string;
  name: string | undefined;
  givenName: string | undefined;
  familyName: string | undefined;
  email: string | undefined;
  locale: string | undefined;
  sisId: string | undefined;
}

/** The rows that bear one of these `sub`s or numbers, and those they were merged into; locked for this transaction. */
export async function lockKnownPeople(
  db: Db,
  platformId: string,
  seen: readonly { sub: string; canvasUserId: string | undefined }[],
): Promise<KnownPerson[]> {
  return selectKnown(db, platformId, seen, sql`for no key update of p`);
}

/** The same without a lock. */
export async function selectKnownPeople(
  db: Db,
  platformId: string,
  seen: readonly { sub: string; canvasUserId: string | undefined }[],
): Promise<KnownPerson[]> {
  return selectKnown(db, platformId, seen, sql``);
}

export interface KnownPerson {
  id: string;
  sub: string;
  canvasUserId: string | null;
  mergedInto: string | null;
}

async function selectKnown(
  db: Db,
  platformId: string,
  seen: readonly { sub: string; canvasUserId: string | undefined }[],
  lock: SQL,
): Promise<KnownPerson[]> {
  const subs = seen.map(({ sub }) => sub);
  const numbers = seen.flatMap(({ canvasUserId }) => canvasUserId ?? []);
  // Everybody locks rows in the order of `sub`, so that two syncs at once cannot block one another.
  const answer = await db.execute<{
    id: string;
    sub: string;
    canvas_user_id: string | null;
    merged_into: string | null;
  }>(sql`
    with named as (
      select id, merged_into from people
      where platform_id = ${platformId} and sub = any(${sql.param(subs)}::text[])
      union
      select id, merged_into from people
      where platform_id = ${platformId} and canvas_user_id = any(${sql.param(numbers)}::text[])
    )
    select p.id, p.sub, p.canvas_user_id, p.merged_into from people p
    -- As an array, so that it is looked up by the index however many people there are.
    where p.id = any(array(
      select id from named union select merged_into from named where merged_into is not null))
    order by p.sub ${lock}`);
  return answer.rows.map((row) => ({
    id: row.id,
    sub: row.sub,
    canvasUserId: row.canvas_user_id,
    mergedInto: row.merged_into,
  }));
}

/** So many locks at most are held for a page of any size. */
const lockCount = 256;

/**
 * Until the transaction ends nobody else decides who these are. In numbered locks rather than one a name: a page of
 * thousands must not fill PostgreSQL's table of locks.
 */
export async function lockIdentities(
  db: Db,
  platformId: string,
  seen: readonly { sub: string; canvasUserId: string | undefined }[],
): Promise<void> {
  const names = seen.flatMap(({ sub, canvasUserId }) =>
    canvasUserId === undefined ? [`sub ${sub}`] : [`sub ${sub}`, `number ${canvasUserId}`],
  );
  await db.execute(sql`
    select pg_advisory_xact_lock(hashtext('members.identity'), lock.number) from (
      select distinct abs(hashtext(${platformId} || name) % ${lockCount}) as number
      from unnest(${sql.param(names)}::text[]) name order by number
    ) lock`);
}

/** Rows that were known by a number alone get the `sub` that the platform tells now. */
export async function updateSubs(
  db: Db,
  claims: readonly { personId: string; sub: string }[],
): Promise<void> {
  if (claims.length === 0) return;
  await db.execute(sql`
    update people set sub = claim.sub
    from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb) as claim ("personId" uuid, sub text)
    where people.id = claim."personId"`);
}

/** One row a human, found by `sub`; what is not told stays as it was. */
export async function upsertPeople(
  db: Db,
  platformId: string,
  seen: readonly SeenPerson[],
  now: Date,
): Promise<{ id: string; sub: string }[]> {
  if (seen.length === 0) return [];
  const rows = seen.map((person) => ({ id: newId(), ...person }));
  const answer = await db.execute<{ id: string; sub: string }>(sql`
    insert into people (id, platform_id, sub, name, given_name, family_name, email, locale, sis_id, updated_at)
    select id, ${platformId}, sub, name, "givenName", "familyName", email, locale, "sisId",
      ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as seen (id uuid, sub text, name text,
      "givenName" text, "familyName" text, email text, locale text, "sisId" text)
    order by sub
    on conflict (platform_id, sub) do update set
      name = coalesce(excluded.name, people.name),
      given_name = coalesce(excluded.given_name, people.given_name),
      family_name = coalesce(excluded.family_name, people.family_name),
      email = coalesce(excluded.email, people.email),
      locale = coalesce(excluded.locale, people.locale),
      sis_id = coalesce(excluded.sis_id, people.sis_id),
      updated_at = excluded.updated_at
    returning id, sub`);
  return answer.rows;
}

/** Notes the platform's numbers; whoever calls holds `lockIdentities` of them. */
export async function updateCanvasUserIds(
  db: Db,
  numbers: readonly { personId: string; canvasUserId: string | null }[],
): Promise<void> {
  if (numbers.length === 0) return;
  await db.execute(sql`
    update people set canvas_user_id = seen."canvasUserId"
    from jsonb_to_recordset(${JSON.stringify(numbers)}::jsonb) as seen ("personId" uuid, "canvasUserId" text)
    where people.id = seen."personId"`);
}

/** Told once, whichever of the two came with the other's number; a decision about them stays. */
export async function insertConflicts(
  db: Db,
  conflicts: readonly { personId: string; otherPersonId: string }[],
  seenAt: Date,
): Promise<void> {
  if (conflicts.length === 0) return;
  const rows = conflicts.map((conflict) => ({ id: newId(), ...conflict }));
  await db.execute(sql`
    insert into person_conflicts (id, person_id, other_person_id, seen_at)
    select seen.id, seen."personId", seen."otherPersonId", ${seenAt.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as seen (id uuid, "personId" uuid, "otherPersonId" uuid)
    where not exists (select 1 from person_conflicts known
      where known.person_id = seen."otherPersonId" and known.other_person_id = seen."personId")
    on conflict (person_id, other_person_id) do nothing`);
}

export interface SeenMembership {
  personId: string;
  role: Role;
  isTestUser: boolean;
}

/** The roster that named members. */
export interface Listing {
  syncId: string;
  by: RosterSource;
  at: Date;
}

/** The places that these people have already, locked until the transaction ends. */
export async function lockPlaces(
  db: Db,
  courseId: string,
  personIds: readonly string[],
): Promise<{ id: string; personId: string; role: Role }[]> {
  if (personIds.length === 0) return [];
  return db
    .select({ id: memberships.id, personId: memberships.personId, role: memberships.role })
    .from(memberships)
    .where(and(eq(memberships.courseId, courseId), sql`${memberships.personId} = any(${idArray(personIds)})`))
    .orderBy(memberships.personId)
    .for('no key update');
}

/**
 * One row a place; whoever is seen is not missing. A list never makes a student of somebody whose own signed launch
 * came as staff: Moodle lists non-editing teachers as learners.
 */
export async function upsertMemberships(
  db: Db,
  courseId: string,
  seen: readonly SeenMembership[],
  { launchedAt, listed }: { launchedAt: Date | undefined; listed: Listing | undefined },
): Promise<{ id: string; personId: string; role: Role }[]> {
  if (seen.length === 0) return [];
  const rows = seen.map((place) => ({ id: newId(), ...place }));
  const role =
    launchedAt === undefined
      ? sql`case when memberships.last_launch_at is not null and memberships.role in ('teacher', 'assistant')
          and excluded.role = 'student' then memberships.role else excluded.role end`
      : sql`excluded.role`;
  const answer = await db.execute<{ id: string; person_id: string; role: Role }>(sql`
    insert into memberships (id, course_id, person_id, role, is_test_user, last_launch_at, listed_at, listed_by,
      listed_in_sync)
    select id, ${courseId}, "personId", role, "isTestUser", ${launchedAt?.toISOString() ?? null}::timestamptz,
      ${listed?.at.toISOString() ?? null}::timestamptz, ${listed?.by ?? null}, ${listed?.syncId ?? null}::uuid
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as seen (id uuid, "personId" uuid, role text, "isTestUser" boolean)
    order by "personId"
    on conflict (course_id, person_id) do update set
      role = ${role},
      is_test_user = excluded.is_test_user,
      last_launch_at = coalesce(excluded.last_launch_at, memberships.last_launch_at),
      listed_at = coalesce(excluded.listed_at, memberships.listed_at),
      listed_by = coalesce(excluded.listed_by, memberships.listed_by),
      listed_in_sync = coalesce(excluded.listed_in_sync, memberships.listed_in_sync),
      missing_since = null
    returning id, person_id, role`);
  return answer.rows.map((row) => ({ id: row.id, personId: row.person_id, role: row.role }));
}

/** The course's sections by their number on the platform. */
export async function upsertSections(
  db: Db,
  courseId: string,
  seen: readonly { platformSectionId: string; name: string }[],
): Promise<Map<string, string>> {
  if (seen.length === 0) return new Map();
  const rows = await db
    .insert(sections)
    .values(seen.map((section) => ({ id: newId(), courseId, ...section })))
    .onConflictDoUpdate({
      target: [sections.courseId, sections.platformSectionId],
      set: { name: sql`excluded.name` },
    })
    .returning({ id: sections.id, platformSectionId: sections.platformSectionId });
  return new Map(rows.map((row) => [row.platformSectionId, row.id]));
}

export interface SpanRow extends KnownSpan {
  membershipId: string;
  sectionName: string | null;
}

/** Every span of these members, by its start. */
export async function selectSpans(db: Db, membershipIds: readonly string[]): Promise<SpanRow[]> {
  if (membershipIds.length === 0) return [];
  return selectSpansWhere(db, sql`${membershipSpans.membershipId} = any(${idArray(membershipIds)})`);
}

async function selectSpansWhere(db: Db, condition: SQL): Promise<SpanRow[]> {
  return db
    .select({
      id: membershipSpans.id,
      membershipId: membershipSpans.membershipId,
      sectionId: membershipSpans.sectionId,
      // By index: a join would rather read the sections of all courses.
      sectionName: sql<
        string | null
      >`(select s.name from sections s where s.id = membership_spans.section_id)`,
      startsAt: membershipSpans.startsAt,
      endsAt: membershipSpans.endsAt,
      source: membershipSpans.source,
    })
    .from(membershipSpans)
    .where(condition)
    .orderBy(sql`${membershipSpans.startsAt} nulls first`, membershipSpans.createdAt, membershipSpans.id);
}

export async function updateSpansEnd(db: Db, spanIds: readonly string[], endsAt: Date): Promise<void> {
  if (spanIds.length === 0) return;
  // A span that has begun in this very moment lasts no time.
  await db
    .update(membershipSpans)
    .set({ endsAt: sql`greatest(${endsAt.toISOString()}::timestamptz, ${membershipSpans.startsAt})` })
    .where(sql`${membershipSpans.id} = any(${idArray(spanIds)})`);
}

/** The section of spans that were opened before the platform told it. */
export async function updateSpansSection(
  db: Db,
  named: readonly { id: string; sectionId: string }[],
): Promise<void> {
  if (named.length === 0) return;
  await db.execute(sql`
    update membership_spans set section_id = named."sectionId"
    from jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as named (id uuid, "sectionId" uuid)
    where membership_spans.id = named.id`);
}

export interface NewSpan {
  id?: string | undefined;
  membershipId: string;
  sectionId: string | null;
  startsAt: Date | null;
  endsAt?: Date | null;
  source?: 'platform' | 'teacher';
}

export async function insertSpans(db: Db, spans: readonly NewSpan[]): Promise<void> {
  if (spans.length === 0) return;
  const rows = spans.map((span) => ({ endsAt: null, source: 'platform', ...span, id: span.id ?? newId() }));
  await db.execute(sql`
    insert into membership_spans (id, membership_id, section_id, starts_at, ends_at, source)
    select id, "membershipId", "sectionId", "startsAt", "endsAt", source
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as opened (id uuid, "membershipId" uuid,
      "sectionId" uuid, "startsAt" timestamptz, "endsAt" timestamptz, source text)`);
}

export interface ListedPlace {
  membershipId: string;
  personId: string;
  role: Role;
}

export async function selectMembers(db: Db, courseId: string): Promise<ListedPlace[]> {
  return db
    .select({ membershipId: memberships.id, personId: memberships.personId, role: memberships.role })
    .from(memberships)
    .where(eq(memberships.courseId, courseId));
}

export type PlaceRow = typeof memberships.$inferSelect;

/** The places of people in every course, locked until the transaction ends. */
export async function lockPlacesOfPeople(db: Db, personIds: readonly string[]): Promise<PlaceRow[]> {
  const places = sql`select id, course_id from memberships where person_id = any(${idArray(personIds)})`;
  // Marks and check-ins hold their meeting first, then the member: in the same order nobody blocks another.
  await db.execute(sql`
    select id from meetings
    where course_id in (select course_id from (${places}) place group by course_id having count(*) > 1)
    order by id for no key update`);
  return db
    .select()
    .from(memberships)
    .where(sql`${memberships.personId} = any(${idArray(personIds)})`)
    .orderBy(memberships.id)
    .for('update');
}

/** A record with its presence, as the audit keeps it where it gives way. */
export type RecordOfMember = typeof attendanceRecords.$inferSelect & {
  presence: { from: string; to: string | null }[];
};

export async function lockRecordsOf(db: Db, membershipIds: readonly string[]): Promise<RecordOfMember[]> {
  const rows = await db
    .select({
      record: attendanceRecords,
      presence: sql<
        RecordOfMember['presence']
      >`coalesce((select jsonb_agg(jsonb_build_object('from', s.from_at, 'to', s.to_at)
        order by s.from_at) from record_spans s where s.record_id = attendance_records.id), '[]'::jsonb)`,
    })
    .from(attendanceRecords)
    .where(sql`${attendanceRecords.membershipId} = any(${idArray(membershipIds)})`)
    .orderBy(attendanceRecords.id)
    .for('update');
  return rows.map(({ record, presence }) => ({ ...record, presence }));
}

export async function deleteRecords(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.delete(attendanceRecords).where(inArray(attendanceRecords.id, [...ids]));
}

/** From one place to another, in the same course. */
export interface PlaceMove {
  from: string;
  to: string;
}

const placeMoves = (moves: readonly PlaceMove[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as move ("from" uuid, "to" uuid)`;

/** Records go to another place. A missed meeting is replaced once: the record that said so first keeps it. */
export async function updateRecordsMember(db: Db, moves: readonly PlaceMove[], now: Date): Promise<void> {
  await db.execute(sql`
    update attendance_records r set membership_id = move."to", revision = r.revision + 1,
      updated_at = ${now.toISOString()}::timestamptz,
      replaces_meeting_id = case when exists (select 1 from attendance_records other
        where other.membership_id = move."to" and other.replaces_meeting_id = r.replaces_meeting_id)
        then null else r.replaces_meeting_id end
    from ${placeMoves(moves)}
    where r.membership_id = move."from"`);
}

export async function updateCheckInsMember(db: Db, moves: readonly PlaceMove[]): Promise<void> {
  await db.execute(sql`
    update check_ins set membership_id = move."to" from ${placeMoves(moves)}
    where check_ins.membership_id = move."from"`);
}

/** Excuses and their documents go along. */
export async function updateExcusesMember(db: Db, moves: readonly PlaceMove[]): Promise<void> {
  for (const table of ['excuses', 'excuse_files']) {
    await db.execute(sql`
      update ${sql.identifier(table)} held set membership_id = move."to" from ${placeMoves(moves)}
      where held.membership_id = move."from"`);
  }
}

/** Who was called out twice in one spot check was called out once: where either was there, they were. */
export async function updatePicksMember(db: Db, moves: readonly PlaceMove[]): Promise<void> {
  await db.execute(sql`
    delete from spot_check_picks where id in (
      select id from (
        select pick.id, row_number() over (partition by pick.spot_check_id, coalesce(move."to", pick.membership_id)
          order by pick.is_there desc nulls last, pick.position) as rank
        from spot_check_picks pick left join ${placeMoves(moves)} on move."from" = pick.membership_id
        where pick.membership_id = any(${idArray(moves.flatMap(({ from, to }) => [from, to]))})
      ) own where rank > 1)`);
  await db.execute(sql`
    update spot_check_picks set membership_id = move."to" from ${placeMoves(moves)}
    where spot_check_picks.membership_id = move."from"`);
}

export async function deleteSpansOf(db: Db, membershipIds: readonly string[]): Promise<void> {
  await db.delete(membershipSpans).where(inArray(membershipSpans.membershipId, [...membershipIds]));
}

/** What two places of one human say together. */
export async function updateMemberships(db: Db, places: readonly PlaceRow[]): Promise<void> {
  await db.execute(sql`
    update memberships m set role = place.role, last_launch_at = place."lastLaunchAt",
      listed_at = place."listedAt", listed_by = place."listedBy", listed_in_sync = place."listedInSync",
      missing_since = place."missingSince", extra_minutes = place."extraMinutes"
    from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as place (id uuid, role text,
      "lastLaunchAt" timestamptz, "listedAt" timestamptz, "listedBy" text, "listedInSync" uuid,
      "missingSince" timestamptz, "extraMinutes" int)
    where m.id = place.id`);
}

export async function deleteMemberships(db: Db, ids: readonly string[]): Promise<void> {
  await db.delete(memberships).where(inArray(memberships.id, [...ids]));
}

/** Places that only the row which gives way has. */
export async function updatePersonOfPlaces(
  db: Db,
  places: readonly { membershipId: string; personId: string }[],
): Promise<void> {
  if (places.length === 0) return;
  await db.execute(sql`
    update memberships set person_id = place."personId"
    from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as place ("membershipId" uuid, "personId" uuid)
    where memberships.id = place."membershipId"`);
}

/**
 * The rows themselves: phones go over, calendar link and personal code where the other has none (else both lead on, by
 * `livingPersonId`), number and SIS id where the other has none.
 */
export async function updatePeopleMerged(
  db: Db,
  pairs: readonly { from: string; to: string }[],
): Promise<void> {
  const pair = sql`jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) as pair ("from" uuid, "to" uuid)`;
  await db.execute(
    sql`update devices set person_id = pair."to" from ${pair} where devices.person_id = pair."from"`,
  );
  await db.execute(sql`
    update calendar_feeds feed set person_id = pair."to" from ${pair}
    where feed.person_id = pair."from"
      and not exists (select 1 from calendar_feeds other where other.person_id = pair."to")`);
  await db.execute(sql`
    update personal_codes code set person_id = pair."to" from ${pair}
    where code.person_id = pair."from"
      and not exists (select 1 from personal_codes other where other.person_id = pair."to")`);
  await db.execute(
    sql`update messages set person_id = pair."to" from ${pair} where messages.person_id = pair."from"`,
  );
  await db.execute(sql`
    insert into message_opt_outs (person_id, kind, created_at)
    select pair."to", opted.kind, opted.created_at from ${pair}
    join message_opt_outs opted on opted.person_id = pair."from" on conflict do nothing`);
  const given = await db.execute<{ id: string; number: string | null; sis: string | null }>(sql`
    select pair."to" as id, p.canvas_user_id as number, p.sis_id as sis
    from ${pair} join people p on p.id = pair."from" join people t on t.id = pair."to"`);
  // The number goes before it comes: it is unique.
  await db.execute(sql`
    update people p set merged_into = pair."to",
      canvas_user_id = case when t.canvas_user_id is null then null else p.canvas_user_id end
    from ${pair} join people t on t.id = pair."to"
    where p.id = pair."from" or p.merged_into = pair."from"`);
  await db.execute(sql`
    update people p set canvas_user_id = coalesce(p.canvas_user_id, given.number),
      sis_id = coalesce(p.sis_id, given.sis)
    from jsonb_to_recordset(${JSON.stringify(given.rows)}::jsonb) as given (id uuid, number text, sis text)
    where p.id = given.id`);
}

/** A place of this course, locked until the transaction ends: its spans change by one hand at a time. */
export async function lockMembership(
  db: Db,
  courseId: string,
  membershipId: string,
): Promise<Pick<PlaceRow, 'role' | 'isTestUser' | 'extraMinutes'> | undefined> {
  const [row] = await db
    .select({
      role: memberships.role,
      isTestUser: memberships.isTestUser,
      extraMinutes: memberships.extraMinutes,
    })
    .from(memberships)
    .where(and(eq(memberships.id, membershipId), eq(memberships.courseId, courseId)))
    .for('no key update');
  return row;
}

export async function updateExtraMinutes(db: Db, membershipId: string, extraMinutes: number): Promise<void> {
  await db.update(memberships).set({ extraMinutes }).where(eq(memberships.id, membershipId));
}

export async function selectSections(db: Db, courseId: string): Promise<{ id: string; name: string }[]> {
  return db
    .select({ id: sections.id, name: sections.name })
    .from(sections)
    .where(eq(sections.courseId, courseId))
    .orderBy(sections.name);
}

/** Makes spans last no time, long ago: they count nowhere, and say that a teacher did not want them. */
export async function takeSpansAway(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const longAgo = new Date(0);
  await db
    .update(membershipSpans)
    .set({ startsAt: longAgo, endsAt: longAgo, source: 'teacher' })
    .where(inArray(membershipSpans.id, [...ids]));
}

export async function deleteSpans(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db.delete(membershipSpans).where(inArray(membershipSpans.id, [...ids]));
}

const conflictOfCourse = (courseId: string) => sql`(
  select c.id from memberships m join person_conflicts c on c.person_id = m.person_id
  where m.course_id = ${courseId} and c.resolved_at is null
  union
  select c.id from memberships m join person_conflicts c on c.other_person_id = m.person_id
  where m.course_id = ${courseId} and c.resolved_at is null)`;

/** Two rows of which the platform says that they are one human, while nobody has decided. */
export interface OpenConflict {
  id: string;
  personId: string;
  otherPersonId: string;
}

/** Those of which at least one is a member of this course. */
export async function selectConflicts(
  db: Db,
  courseId: string,
  conflictId?: string,
): Promise<OpenConflict[]> {
  return db
    .select({
      id: personConflicts.id,
      personId: personConflicts.personId,
      otherPersonId: personConflicts.otherPersonId,
    })
    .from(personConflicts)
    .where(
      and(
        sql`${personConflicts.id} in ${conflictOfCourse(courseId)}`,
        conflictId === undefined ? undefined : eq(personConflicts.id, conflictId),
      ),
    )
    .orderBy(personConflicts.seenAt, personConflicts.id);
}

/** Somebody of a conflict, as a teacher compares them. */
export interface ConflictSide {
  personId: string;
  name: string;
  canvasUserId: string | null;
  sisId: string | null;
  firstSeenAt: Date;
  lastLaunchAt: Date | null;
  /** Their place in this course, if they have one. */
  membershipId: string | null;
  sections: string[];
  records: number;
  otherCourses: number;
}

export async function selectConflictSides(
  db: Db,
  courseId: string,
  personIds: readonly string[],
  now: Date,
): Promise<ConflictSide[]> {
  if (personIds.length === 0) return [];
  const rows = await db.execute<
    Omit<ConflictSide, 'firstSeenAt' | 'lastLaunchAt'> & { first: string; last: string | null }
  >(sql`
    select people.id as "personId", ${listName} as name, people.canvas_user_id as "canvasUserId",
      people.sis_id as "sisId", people.created_at as first, m.id as "membershipId",
      (select max(own.last_launch_at) from memberships own where own.person_id = people.id) as last,
      array(select distinct s.name from membership_spans ms join sections s on s.id = ms.section_id
        where ms.membership_id = m.id and (ms.ends_at is null or ms.ends_at > ${now.toISOString()}::timestamptz)
        order by s.name) as sections,
      (select count(*)::int from attendance_records r where r.membership_id = m.id) as records,
      (select count(*)::int from memberships own
        where own.person_id = people.id and own.course_id <> ${courseId}) as "otherCourses"
    from people left join memberships m on m.person_id = people.id and m.course_id = ${courseId}
    where people.id = any(${idArray(personIds)})`);
  return rows.rows.map(({ first, last, ...side }) => ({
    ...side,
    firstSeenAt: new Date(first),
    lastLaunchAt: last === null ? null : new Date(last),
  }));
}

/** The rows of people, locked until the transaction ends in the order that everybody keeps. */
export async function lockPeople(db: Db, ids: readonly string[]): Promise<void> {
  await db
    .select({ id: people.id })
    .from(people)
    .where(inArray(people.id, [...ids]))
    .orderBy(people.sub)
    // No stronger: a check-in or mark of theirs holds its meeting already when its audit row asks for the person.
    .for('no key update');
}

export async function updateConflictResolved(
  db: Db,
  id: string,
  resolution: 'merged' | 'apart',
  now: Date,
): Promise<void> {
  await db.update(personConflicts).set({ resolution, resolvedAt: now }).where(eq(personConflicts.id, id));
}

/** Open questions about a row that gave way are about the other one now; one that was asked there already is settled. */
export async function updateConflictsOf(
  db: Db,
  pair: { from: string; to: string },
  now: Date,
): Promise<void> {
  const { from, to } = pair;
  await db.execute(sql`
    update person_conflicts c set
      person_id = case when c.person_id = ${from}::uuid then ${to}::uuid else c.person_id end,
      other_person_id = case when c.other_person_id = ${from}::uuid then ${to}::uuid else c.other_person_id end
    where c.resolved_at is null and (c.person_id = ${from} or c.other_person_id = ${from})
      and ${to}::uuid not in (c.person_id, c.other_person_id)
      and not exists (select 1 from person_conflicts known
        where ${to}::uuid in (known.person_id, known.other_person_id)
          and (case when c.person_id = ${from}::uuid then c.other_person_id else c.person_id end)
            in (known.person_id, known.other_person_id))`);
  await db.execute(sql`
    update person_conflicts set resolution = 'merged', resolved_at = ${now.toISOString()}::timestamptz
    where resolved_at is null and (person_id = ${from} or other_person_id = ${from})`);
}

export interface MemberRow {
  membershipId: string;
  name: string;
  role: Role;
  lastLaunchAt: Date | null;
  listedAt: Date | null;
  listedBy: RosterSource | null;
  missingSince: Date | null;
  /** More time at the check-in. */
  extraMinutes: number;
}

const memberColumns = {
  membershipId: memberships.id,
  name: listName,
  role: memberships.role,
  lastLaunchAt: memberships.lastLaunchAt,
  listedAt: memberships.listedAt,
  listedBy: memberships.listedBy,
  missingSince: memberships.missingSince,
  extraMinutes: memberships.extraMinutes,
};

/** Everybody who has or had a place in the course, test users apart. */
export async function selectMemberRows(
  db: Db,
  courseId: string,
  membershipId?: string,
): Promise<MemberRow[]> {
  return db
    .select(memberColumns)
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(
      and(
        eq(memberships.courseId, courseId),
        eq(memberships.isTestUser, false),
        membershipId === undefined ? undefined : eq(memberships.id, membershipId),
      ),
    );
}

/** Every span of a course's members, by its start. */
export async function selectSpansOfCourse(db: Db, courseId: string): Promise<SpanRow[]> {
  return selectSpansWhere(
    db,
    sql`${membershipSpans.membershipId} in (
    select m.id from memberships m where m.course_id = ${courseId})`,
  );
}

/** How the platform of a course is called. */
export async function selectPlatformName(db: Db, courseId: string): Promise<string> {
  const [row] = await db
    .select({ name: platforms.name })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .where(eq(courses.id, courseId));
  return row?.name ?? '';
}
