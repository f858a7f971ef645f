import { and, desc, eq, inArray, isNull, lt, ne, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { idArray } from '../db/id-array.ts';
import { courses, deployments, memberships, people, platforms, rosterSyncs } from '../db/schema.ts';
import type { RosterSource } from '../db/schema.ts';
import type { MissingMember } from './rules.ts';

export type SyncRow = Omit<typeof rosterSyncs.$inferSelect, 'courseId'>;
export type AskedBy = SyncRow['askedBy'];

export interface NewSync {
  id: string;
  courseId: string;
  askedBy: AskedBy;
  source: RosterSource;
  startedAt: Date;
}

/** Begins a sync's row. A job that is done once more, after a crash or a failure, begins the same row anew. */
export async function upsertSync(db: Db, sync: NewSync): Promise<void> {
  const counts = { pages: 0, listed: 0, kept: 0, joined: 0, departed: 0, missing: 0 };
  const { source, startedAt } = sync;
  await db
    .insert(rosterSyncs)
    .values(sync)
    .onConflictDoUpdate({
      target: rosterSyncs.id,
      set: { source, startedAt, endedAt: null, outcome: null, problem: null, problemStatus: null, ...counts },
    });
}

export async function updateSyncSource(db: Db, id: string, source: RosterSource): Promise<void> {
  await db.update(rosterSyncs).set({ source }).where(eq(rosterSyncs.id, id));
}

/** Adds what one page brought. */
export async function updateSyncProgress(
  db: Db,
  id: string,
  page: { listed: number; kept: number; joined: number },
): Promise<void> {
  await db
    .update(rosterSyncs)
    .set({
      pages: sql`${rosterSyncs.pages} + 1`,
      listed: sql`${rosterSyncs.listed} + ${page.listed}`,
      kept: sql`${rosterSyncs.kept} + ${page.kept}`,
      joined: sql`${rosterSyncs.joined} + ${page.joined}`,
    })
    .where(eq(rosterSyncs.id, id));
}

/** Ends a sync's row, and gives it as it stands then. */
export async function updateSyncEnd(
  db: Db,
  id: string,
  end: Pick<SyncRow, 'endedAt' | 'outcome'> &
    Partial<Pick<SyncRow, 'problem' | 'problemStatus' | 'departed' | 'missing'>>,
): Promise<SyncRow | undefined> {
  const [row] = await db.update(rosterSyncs).set(end).where(eq(rosterSyncs.id, id)).returning();
  return row;
}

/** What a process that died has left is over; what is older than the log goes back goes. */
export async function updateDeadSyncs(
  db: Db,
  courseId: string,
  limits: { deadBefore: Date; forgetBefore: Date; now: Date },
): Promise<void> {
  await db
    .update(rosterSyncs)
    .set({ endedAt: limits.now, outcome: 'failed', problem: 'interrupted' })
    .where(
      and(
        eq(rosterSyncs.courseId, courseId),
        isNull(rosterSyncs.endedAt),
        lt(rosterSyncs.startedAt, limits.deadBefore),
      ),
    );
  await db
    .delete(rosterSyncs)
    .where(and(eq(rosterSyncs.courseId, courseId), lt(rosterSyncs.startedAt, limits.forgetBefore)));
}

/** The last syncs of a course, the last first. */
export async function selectSyncs(db: Db, courseId: string, most: number): Promise<SyncRow[]> {
  return db
    .select()
    .from(rosterSyncs)
    .where(eq(rosterSyncs.courseId, courseId))
    .orderBy(desc(rosterSyncs.startedAt))
    .limit(most);
}

/** The start of the last complete sync that was over when another one began. */
export async function selectPreviousComplete(
  db: Db,
  courseId: string,
  { id, startedAt }: { id: string; startedAt: Date },
): Promise<Date | null> {
  const [row] = await db
    .select({ startedAt: rosterSyncs.startedAt })
    .from(rosterSyncs)
    .where(
      and(
        eq(rosterSyncs.courseId, courseId),
        eq(rosterSyncs.outcome, 'complete'),
        ne(rosterSyncs.id, id),
        sql`${rosterSyncs.endedAt} <= ${startedAt.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(desc(rosterSyncs.startedAt))
    .limit(1);
  return row?.startedAt ?? null;
}

/** One at a time decides what a course's list means, and nobody moves the course meanwhile. */
export async function lockCourse(
  db: Db,
  courseId: string,
): Promise<
  Pick<typeof courses.$inferSelect, 'deploymentId' | 'platformState' | 'departuresHeld'> | undefined
> {
  const [row] = await db
    .select({
      deploymentId: courses.deploymentId,
      platformState: courses.platformState,
      departuresHeld: courses.departuresHeld,
    })
    .from(courses)
    .where(eq(courses.id, courseId))
    .for('no key update');
  return row;
}

/**
 * The deployment that a course belongs to, until the transaction ends: nobody moves it meanwhile, and launches are
 * not kept waiting.
 */
export async function selectDeploymentForPage(db: Db, courseId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ deploymentId: courses.deploymentId })
    .from(courses)
    .where(eq(courses.id, courseId))
    .for('key share');
  return row?.deploymentId;
}

/**
 * Those whom a platform's list could be without: enrolled students, and others whom a list has named before; an
 * administrator who only launches stands on no list. The test user counts nowhere.
 */
function listable(courseId: string, now: Date) {
  return sql`memberships m where m.course_id = ${courseId} and not m.is_test_user
    and (m.role = 'student' or m.listed_at is not null)
    and exists (select 1 from membership_spans s where s.membership_id = m.id
      and (s.ends_at is null or s.ends_at > ${now.toISOString()}::timestamptz))`;
}

export async function selectListableCount(db: Db, courseId: string, now: Date): Promise<number> {
  const found = await db.execute<{ n: number }>(
    sql`select count(*)::int as n from ${listable(courseId, now)}`,
  );
  return found.rows[0]?.n ?? 0;
}

/** A sync that has read its list to the end. */
interface ListReader {
  id: string;
  startedAt: Date;
  source: RosterSource;
}

/**
 * Enrolled members who are missing: from the list of a sync (no list
 * that began later has named them, nor were they first seen or did they launch since it began), or, without one,
 * those who were missing before. A list that tells people by their number cannot be without those who have none.
 * Whose open spans all come from a teacher stays whatever a list says.
 */
async function selectMissing(
  db: Db,
  courseId: string,
  { now, sync }: { now: Date; sync?: ListReader },
  lock: SQL,
): Promise<MissingMember[]> {
  const startedAt = sync?.startedAt.toISOString();
  const isMissing =
    sync === undefined
      ? sql`m.missing_since is not null`
      : sql`m.listed_in_sync is distinct from ${sync.id} and coalesce(m.listed_at < ${startedAt}::timestamptz, true)
          and coalesce(m.last_launch_at < ${startedAt}::timestamptz, true) and m.created_at < ${startedAt}::timestamptz`;
  const isKnowable =
    sync?.source === 'rest'
      ? sql`exists (select 1 from people where people.id = m.person_id and people.canvas_user_id is not null)`
      : sql`true`;
  const found = await db.execute<{ id: string; missing_since: string | Date | null }>(sql`
    select m.id, m.missing_since from ${listable(courseId, now)} and ${isMissing} and ${isKnowable}
      and exists (select 1 from membership_spans own where own.membership_id = m.id
        and own.source = 'platform' and own.ends_at is null)
    order by m.person_id ${lock}`);
  return found.rows.map((row) => ({
    membershipId: row.id,
    missingSince: row.missing_since === null ? null : new Date(row.missing_since),
  }));
}

/** Members by their `sub` whose number on the platform nobody has told. */
export async function selectSubsWithoutNumber(db: Db, courseId: string, most: number): Promise<string[]> {
  const rows = await db
    .select({ sub: people.sub })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .where(and(eq(memberships.courseId, courseId), isNull(people.canvasUserId)))
    .orderBy(people.id)
    .limit(most);
  return rows.map(({ sub }) => sub);
}

/** The same, locked in the order in which a roster's pages lock them. */
export function lockMissing(
  db: Db,
  courseId: string,
  which: { now: Date; sync?: ListReader },
): Promise<MissingMember[]> {
  return selectMissing(db, courseId, which, sql`for no key update of m`);
}

/** How many are missing and still count, of how many. */
export async function countDepartures(
  db: Db,
  courseId: string,
  now: Date,
): Promise<{ missing: number; enrolled: number }> {
  const missing = await selectMissing(db, courseId, { now }, sql``);
  return { missing: missing.length, enrolled: await selectListableCount(db, courseId, now) };
}

export async function updateMissingSince(db: Db, membershipIds: readonly string[], at: Date): Promise<void> {
  if (membershipIds.length === 0) return;
  await db
    .update(memberships)
    .set({ missingSince: at })
    .where(and(inArray(memberships.id, [...membershipIds]), isNull(memberships.missingSince)));
}

/** Ends the open spans of these members that come from the platform; one answer a member. */
export async function updateSpansOfMissing(
  db: Db,
  membershipIds: readonly string[],
): Promise<{ membershipId: string; endsAt: Date }[]> {
  if (membershipIds.length === 0) return [];
  const found = await db.execute<{ membership_id: string; ends_at: string | Date }>(sql`
    with ended as (
      update membership_spans span set ends_at = greatest(span.starts_at, m.missing_since)
      from memberships m
      where m.id = span.membership_id and m.missing_since is not null
        and m.id = any(${idArray(membershipIds)})
        and span.ends_at is null and span.source = 'platform'
      returning span.membership_id, span.ends_at
    )
    select membership_id, max(ends_at) as ends_at from ended group by membership_id order by membership_id`);
  return found.rows.map((row) => ({ membershipId: row.membership_id, endsAt: new Date(row.ends_at) }));
}

export interface SyncableCourse {
  id: string;
  title: string;
  contextId: string;
}

const syncable = () =>
  sql`exists (select 1 from ${deployments} d join ${platforms} p on p.id = d.platform_id
    where d.id = courses.deployment_id and d.approved_at is not null and p.disabled_at is null)
    and (courses.names_and_roles_url is not null or courses.canvas_course_id is not null)`;

/** Courses whose roster can be read at all. */
export async function selectSyncableCourses(db: Db): Promise<SyncableCourse[]> {
  return db
    .select({ id: courses.id, title: courses.title, contextId: courses.contextId })
    .from(courses)
    .where(syncable())
    .orderBy(courses.id);
}

/** Of these, the ones that somebody has opened since, and that are not over. */
export async function selectLivelyCourses(db: Db, since: Date): Promise<string[]> {
  const found = await db.execute<{ id: string }>(sql`
    select courses.id from courses
    where ${syncable()} and coalesce(courses.platform_state not in ('completed', 'deleted'), true)
      -- One look a course, until somebody is found who was there: a join would read the members of all years.
      and (select true from memberships m where m.course_id = courses.id
        and m.last_launch_at >= ${since.toISOString()}::timestamptz limit 1)
    order by courses.id`);
  return found.rows.map(({ id }) => id);
}

/** Courses that are called so: by our id, or as the platform names or numbers them. */
export async function selectCoursesCalled(db: Db, called: string): Promise<SyncableCourse[]> {
  return db
    .select({ id: courses.id, title: courses.title, contextId: courses.contextId })
    .from(courses)
    .where(
      sql`courses.id::text = ${called.toLowerCase()} or courses.context_id = ${called} or courses.canvas_course_id = ${called}`,
    )
    .orderBy(courses.id);
}
