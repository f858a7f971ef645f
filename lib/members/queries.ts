import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { memberships, membershipSpans, people, sections } from '../db/schema.ts';
import type { Role } from '../db/schema.ts';

export interface SeenPerson {
  sub: string;
  name: string | undefined;
  givenName: string | undefined;
  familyName: string | undefined;
  email: string | undefined;
  locale: string | undefined;
  sisId: string | undefined;
}

/** One row a human, found by `sub`; what is not told stays as it was. Answers in the order of `sub`. */
export async function upsertPeople(
  db: Db,
  platformId: string,
  seen: readonly SeenPerson[],
  now: Date,
): Promise<{ id: string; sub: string; canvasUserId: string | null }[]> {
  if (seen.length === 0) return [];
  // Everybody locks rows in the same order, so that two syncs at once cannot block one another.
  const rows = [...seen].sort((a, b) => (a.sub < b.sub ? -1 : 1));
  return db
    .insert(people)
    .values(rows.map((person) => ({ id: newId(), platformId, ...person, updatedAt: now })))
    .onConflictDoUpdate({
      target: [people.platformId, people.sub],
      set: {
        name: sql`coalesce(excluded.name, ${people.name})`,
        givenName: sql`coalesce(excluded.given_name, ${people.givenName})`,
        familyName: sql`coalesce(excluded.family_name, ${people.familyName})`,
        email: sql`coalesce(excluded.email, ${people.email})`,
        locale: sql`coalesce(excluded.locale, ${people.locale})`,
        sisId: sql`coalesce(excluded.sis_id, ${people.sisId})`,
        updatedAt: now,
      },
    })
    .returning({ id: people.id, sub: people.sub, canvasUserId: people.canvasUserId });
}

/**
 * Notes the platform's numeric ids. A number that another person holds already is left with them.
 *
 * @returns the people whose number stands now
 */
export async function updateCanvasUserIds(
  db: Db,
  platformId: string,
  numbers: readonly { personId: string; canvasUserId: string }[],
): Promise<string[]> {
  const rows = await db.execute<{ id: string }>(sql`
    update people set canvas_user_id = seen.canvas_user_id
    from (values ${sql.join(
      numbers.map((number) => sql`(${number.personId}::uuid, ${number.canvasUserId})`),
      sql`, `,
    )}) as seen (id, canvas_user_id)
    where people.id = seen.id and not exists (
      select 1 from people other
      where other.platform_id = ${platformId} and other.canvas_user_id = seen.canvas_user_id
    )
    returning people.id`);
  return rows.rows.map((row) => row.id);
}

export interface SeenMembership {
  personId: string;
  role: Role;
  isTestUser: boolean;
}

/**
 * One row a place. A list never makes a student of somebody whose own signed launch came as staff: Moodle
 * lists non-editing teachers as learners.
 */
export async function upsertMemberships(
  db: Db,
  courseId: string,
  seen: readonly SeenMembership[],
  launchedAt: Date | undefined,
): Promise<{ id: string; personId: string }[]> {
  if (seen.length === 0) return [];
  const rows = [...seen].sort((a, b) => (a.personId < b.personId ? -1 : 1));
  return db
    .insert(memberships)
    .values(rows.map((place) => ({ id: newId(), courseId, ...place, lastLaunchAt: launchedAt })))
    .onConflictDoUpdate({
      target: [memberships.courseId, memberships.personId],
      set: {
        role:
          launchedAt === undefined
            ? sql`case when ${memberships.lastLaunchAt} is not null and ${memberships.role} in ('teacher', 'assistant') and excluded.role = 'student' then ${memberships.role} else excluded.role end`
            : sql`excluded.role`,
        isTestUser: sql`excluded.is_test_user`,
        lastLaunchAt: sql`coalesce(excluded.last_launch_at, ${memberships.lastLaunchAt})`,
      },
    })
    .returning({ id: memberships.id, personId: memberships.personId });
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

export async function selectOpenSpans(
  db: Db,
  membershipIds: readonly string[],
): Promise<{ id: string; membershipId: string; sectionId: string | null }[]> {
  if (membershipIds.length === 0) return [];
  return db
    .select({
      id: membershipSpans.id,
      membershipId: membershipSpans.membershipId,
      sectionId: membershipSpans.sectionId,
    })
    .from(membershipSpans)
    .where(and(inArray(membershipSpans.membershipId, [...membershipIds]), isNull(membershipSpans.endsAt)));
}

export async function updateSpansEnd(db: Db, spanIds: readonly string[], endsAt: Date): Promise<void> {
  if (spanIds.length === 0) return;
  await db
    .update(membershipSpans)
    .set({ endsAt })
    .where(inArray(membershipSpans.id, [...spanIds]));
}

export async function insertSpans(
  db: Db,
  spans: readonly { membershipId: string; sectionId: string | null; startsAt: Date | null }[],
): Promise<void> {
  if (spans.length === 0) return;
  await db
    .insert(membershipSpans)
    .values(spans.map((span) => ({ id: newId(), ...span })))
    .onConflictDoNothing();
}

/** Students enrolled now, test users apart. */
export async function selectStudentCount(db: Db, courseId: string): Promise<number> {
  const [row] = await db
    .select({ n: sql<number>`count(distinct ${memberships.id})::int` })
    .from(memberships)
    .innerJoin(
      membershipSpans,
      and(eq(membershipSpans.membershipId, memberships.id), isNull(membershipSpans.endsAt)),
    )
    .where(
      and(
        eq(memberships.courseId, courseId),
        eq(memberships.role, 'student'),
        eq(memberships.isTestUser, false),
      ),
    );
  return row?.n ?? 0;
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
