import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  notExists,
  notInArray,
  notLike,
  or,
  sql,
} from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { CoursePolicy } from '../base/course-policy.ts';
import { isId, newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { livingPersonId } from '../db/living-person.ts';
import {
  auditEvents,
  calendarFeeds,
  checkIns,
  courses,
  deployments,
  devices,
  meetings,
  meetingSeries,
  memberships,
  messages,
  membershipSpans,
  people,
  personalCodes,
  platforms,
  registrationInvites,
  rosterSyncs,
  sections,
  toolKeys,
} from '../db/schema.ts';

export type Platform = typeof platforms.$inferSelect;
export type Deployment = typeof deployments.$inferSelect;

export async function selectPlatforms(db: Db): Promise<Platform[]> {
  return db.select().from(platforms).orderBy(asc(platforms.issuer), asc(platforms.clientId));
}

export async function selectPlatform(db: Db, id: string): Promise<Platform | undefined> {
  const [platform] = await db.select().from(platforms).where(eq(platforms.id, id));
  return platform;
}

/** All registrations of an issuer: hosted Canvas is one issuer for many client ids. */
export async function selectPlatformsOfIssuer(db: Db, issuer: string): Promise<Platform[]> {
  return db.select().from(platforms).where(eq(platforms.issuer, issuer));
}

export type NewPlatform = Pick<
  typeof platforms.$inferInsert,
  'issuer' | 'clientId' | 'name' | 'authorizeUrl' | 'tokenUrl' | 'tokenAudience' | 'jwksUrl'
>;

/** Registers a platform, or brings the registration of the same (issuer, client id) up to date. */
export async function upsertPlatform(db: Db, platform: NewPlatform): Promise<Platform> {
  const [row] = await db
    .insert(platforms)
    .values({ id: newId(), ...platform })
    .onConflictDoUpdate({
      target: [platforms.issuer, platforms.clientId],
      set: {
        name: platform.name,
        authorizeUrl: platform.authorizeUrl,
        tokenUrl: platform.tokenUrl,
        tokenAudience: platform.tokenAudience ?? null,
        jwksUrl: platform.jwksUrl,
      },
    })
    .returning();
  if (row === undefined) throw new Error('upsert returned no row');
  return row;
}

/** @returns undefined when this (issuer, client id) is registered already: it stays as it is */
export async function insertPlatform(db: Db, platform: NewPlatform): Promise<string | undefined> {
  const [row] = await db
    .insert(platforms)
    .values({ id: newId(), ...platform })
    .onConflictDoNothing()
    .returning({ id: platforms.id });
  return row?.id;
}

/** @returns how many registrations were switched off or on */
export async function updatePlatformDisabled(
  db: Db,
  key: { issuer: string; clientId: string },
  disabledAt: Date | null,
): Promise<number> {
  const rows = await db
    .update(platforms)
    .set({ disabledAt })
    .where(and(eq(platforms.issuer, key.issuer), eq(platforms.clientId, key.clientId)))
    .returning({ id: platforms.id });
  return rows.length;
}

/** Keeps a deployment that the operator names; one that was waiting is approved by it. */
export async function upsertApprovedDeployment(
  db: Db,
  deployment: { platformId: string; deploymentId: string; approvedAt: Date },
): Promise<void> {
  await db
    .insert(deployments)
    .values({ id: newId(), ...deployment })
    .onConflictDoUpdate({
      target: [deployments.platformId, deployments.deploymentId],
      set: { approvedAt: sql`coalesce(${deployments.approvedAt}, excluded.approved_at)` },
    });
}

export async function selectDeployment(
  db: Db,
  platformId: string,
  deploymentId: string,
): Promise<Deployment | undefined> {
  const [row] = await db
    .select()
    .from(deployments)
    .where(and(eq(deployments.platformId, platformId), eq(deployments.deploymentId, deploymentId)));
  return row;
}

export async function insertDeployment(
  db: Db,
  deployment: typeof deployments.$inferInsert,
): Promise<Deployment> {
  const [row] = await db.insert(deployments).values(deployment).returning();
  if (row === undefined) throw new Error('insert returned no row');
  return row;
}

/** Where a deployment's courses differ from the tool's own defaults. */
export async function selectPolicyOfDeployment(db: Db, id: string): Promise<Partial<CoursePolicy>> {
  const [row] = await db
    .select({ policy: deployments.policy })
    .from(deployments)
    .where(eq(deployments.id, id));
  return row?.policy ?? {};
}

export async function selectDeploymentCounts(
  db: Db,
  platformId: string,
): Promise<{ approved: number; pending: number }> {
  const [row] = await db
    .select({
      approved: sql<number>`count(${deployments.approvedAt})::int`,
      pending: sql<number>`(count(*) - count(${deployments.approvedAt}))::int`,
    })
    .from(deployments)
    .where(eq(deployments.platformId, platformId));
  return row ?? { approved: 0, pending: 0 };
}

/** Those who decide about a platform's deployments take turns; its launches are not held up. */
export async function lockPlatform(db: Db, platformId: string): Promise<void> {
  await db
    .select({ id: platforms.id })
    .from(platforms)
    .where(eq(platforms.id, platformId))
    .for('no key update');
}

export async function selectDeploymentsOfPlatforms(db: Db): Promise<Deployment[]> {
  return db.select().from(deployments).orderBy(asc(deployments.createdAt));
}

/** A deployment by our own id, or every one that its platform calls so. */
export async function selectDeploymentsNamed(db: Db, named: string): Promise<Deployment[]> {
  return db
    .select()
    .from(deployments)
    .where(isId(named) ? eq(deployments.id, named) : eq(deployments.deploymentId, named));
}

export interface DeploymentWithUse extends Deployment {
  platform: Pick<Platform, 'issuer' | 'clientId' | 'name'>;
  courses: number;
}

export async function selectDeploymentsWithUse(db: Db): Promise<DeploymentWithUse[]> {
  const rows = await db
    .select({
      deployment: deployments,
      platform: { issuer: platforms.issuer, clientId: platforms.clientId, name: platforms.name },
      courses: db.$count(courses, eq(courses.deploymentId, deployments.id)),
    })
    .from(deployments)
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .orderBy(asc(platforms.issuer), asc(platforms.clientId), asc(deployments.createdAt));
  return rows.map(({ deployment, ...more }) => ({ ...deployment, ...more }));
}

export async function updateDeploymentApprovedAt(db: Db, id: string, approvedAt: Date | null): Promise<void> {
  await db.update(deployments).set({ approvedAt }).where(eq(deployments.id, id));
}

/** @returns false when it is approved, or holds courses */
export async function deletePendingDeployment(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .delete(deployments)
    .where(
      and(
        eq(deployments.id, id),
        isNull(deployments.approvedAt),
        notExists(db.select().from(courses).where(eq(courses.deploymentId, deployments.id))),
      ),
    )
    .returning({ id: deployments.id });
  return rows.length === 1;
}

export async function updateDeploymentHosts(
  db: Db,
  id: string,
  hosts: Pick<Deployment, 'webHost' | 'frameHosts'>,
): Promise<void> {
  await db.update(deployments).set(hosts).where(eq(deployments.id, id));
}

export interface FrameHost {
  issuer: string;
  authorizeUrl: string;
  /** Of one deployment; null where the platform has none. */
  frameHosts: string[] | null;
}

/** What the pages of enabled platforms, or of one of them, are known by. */
export async function selectFrameHosts(db: Db, platformId?: string): Promise<FrameHost[]> {
  return db
    .selectDistinct({
      issuer: platforms.issuer,
      authorizeUrl: platforms.authorizeUrl,
      frameHosts: deployments.frameHosts,
    })
    .from(platforms)
    .leftJoin(deployments, eq(deployments.platformId, platforms.id))
    .where(
      and(isNull(platforms.disabledAt), platformId === undefined ? undefined : eq(platforms.id, platformId)),
    );
}

/** The same of the deployment that a course belongs to, or of those in whose courses a person is. */
export async function selectTenantFrameHosts(
  db: Db,
  tenant: { courseId: string } | { personId: string },
): Promise<FrameHost[]> {
  const ofTenant =
    'courseId' in tenant
      ? eq(courses.id, tenant.courseId)
      : inArray(
          courses.id,
          db
            .select({ id: memberships.courseId })
            .from(memberships)
            .where(eq(memberships.personId, livingPersonId(tenant.personId))),
        );
  return db
    .selectDistinct({
      issuer: platforms.issuer,
      authorizeUrl: platforms.authorizeUrl,
      frameHosts: deployments.frameHosts,
    })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .innerJoin(platforms, eq(platforms.id, deployments.platformId))
    .where(and(isNull(platforms.disabledAt), ofTenant));
}

export type ToolKey = typeof toolKeys.$inferSelect;

/** All keys that there ever were, the newest first. */
export async function selectToolKeys(db: Db): Promise<ToolKey[]> {
  return db.select().from(toolKeys).orderBy(desc(toolKeys.createdAt));
}

/** Those that platforms can see, the newest first. */
export async function selectPublishedToolKeys(db: Db, now: Date): Promise<ToolKey[]> {
  return db
    .select()
    .from(toolKeys)
    .where(or(isNull(toolKeys.retiredAt), gt(toolKeys.retiredAt, now)))
    .orderBy(desc(toolKeys.createdAt));
}

export async function updateToolKeysRetiredAt(
  db: Db,
  kids: readonly string[],
  retiredAt: Date,
): Promise<void> {
  if (kids.length === 0) return;
  await db
    .update(toolKeys)
    .set({ retiredAt })
    .where(inArray(toolKeys.kid, [...kids]));
}

export async function insertToolKey(db: Db, key: typeof toolKeys.$inferInsert): Promise<void> {
  await db.insert(toolKeys).values(key);
}

/** Processes that start together take turns until the transaction ends. */
export async function lockToolKeys(db: Db): Promise<void> {
  await db.execute(sql`lock table ${toolKeys} in share row exclusive mode`);
}

export type RegistrationInvite = typeof registrationInvites.$inferSelect;

/** Neither used nor too old. */
const isOpenInvite = (now: Date) =>
  and(isNull(registrationInvites.usedAt), gt(registrationInvites.expiresAt, now));

export async function insertInvite(db: Db, invite: typeof registrationInvites.$inferInsert): Promise<void> {
  await db.insert(registrationInvites).values(invite);
}

/** Those that can still be used, the oldest first. */
export async function selectOpenInvites(db: Db, now: Date): Promise<RegistrationInvite[]> {
  return db
    .select()
    .from(registrationInvites)
    .where(isOpenInvite(now))
    .orderBy(asc(registrationInvites.createdAt));
}

/** Whether a link can still be used; it stays unused. */
export async function selectOpenInvite(db: Db, hash: string, now: Date): Promise<boolean> {
  const rows = await db
    .select({ id: registrationInvites.id })
    .from(registrationInvites)
    .where(and(eq(registrationInvites.tokenHash, hash), isOpenInvite(now)));
  return rows.length > 0;
}

/** Takes a link, once: of two who come at the same moment one gets the row. */
export async function claimInvite(db: Db, hash: string, now: Date): Promise<RegistrationInvite | undefined> {
  const [row] = await db
    .update(registrationInvites)
    .set({ usedAt: now })
    .where(and(eq(registrationInvites.tokenHash, hash), isOpenInvite(now)))
    .returning();
  return row;
}

/** Gives a link back whose registration came to nothing, so that it can be opened again. */
export async function releaseInvite(db: Db, id: string): Promise<void> {
  await db
    .update(registrationInvites)
    .set({ usedAt: null })
    .where(and(eq(registrationInvites.id, id), isNull(registrationInvites.platformId)));
}

/** Notes which platform a link has registered. */
export async function updateInvitePlatform(db: Db, id: string, platformId: string): Promise<void> {
  await db.update(registrationInvites).set({ platformId }).where(eq(registrationInvites.id, id));
}

/** @returns false when there is no such link, or it was used */
export async function deleteUnusedInvite(db: Db, id: string): Promise<boolean> {
  const rows = await db
    .delete(registrationInvites)
    .where(and(eq(registrationInvites.id, id), isNull(registrationInvites.usedAt)))
    .returning({ id: registrationInvites.id });
  return rows.length === 1;
}

/**
 * Locks deployments with their courses until the transaction ends, in the order in which a launch takes them:
 * nobody adds a course, a member or a meeting meanwhile.
 */
export async function lockDeployments(db: Db, ids: readonly string[]): Promise<void> {
  await db
    .select({ id: deployments.id })
    .from(deployments)
    .where(inArray(deployments.id, [...ids]))
    .orderBy(asc(deployments.id))
    .for('update');
  await db
    .select({ id: courses.id })
    .from(courses)
    .where(inArray(courses.deploymentId, [...ids]))
    .orderBy(asc(courses.id))
    .for('update');
}

/** Locks platforms against new people until the transaction ends. */
export async function lockPlatforms(db: Db, ids: readonly string[]): Promise<void> {
  await db
    .select({ id: platforms.id })
    .from(platforms)
    .where(inArray(platforms.id, [...ids]))
    .orderBy(asc(platforms.id))
    .for('update');
}

/** A course with what it holds beyond its roster. Records and windows come with their meetings. */
export interface HeldCourse {
  id: string;
  contextId: string;
  title: string;
  meetings: number;
  checkIns: number;
  auditEvents: number;
}

export async function selectHeldCourses(db: Db, deploymentRowId: string): Promise<HeldCourse[]> {
  return db
    .select({
      id: courses.id,
      contextId: courses.contextId,
      title: courses.title,
      meetings: db.$count(meetings, eq(meetings.courseId, courses.id)),
      checkIns: db.$count(checkIns, eq(checkIns.courseId, courses.id)),
      // Who joined comes again by itself, from the next roster.
      auditEvents: db.$count(
        auditEvents,
        and(eq(auditEvents.courseId, courses.id), notLike(auditEvents.action, 'membership.%')),
      ),
    })
    .from(courses)
    .where(eq(courses.deploymentId, deploymentRowId))
    .orderBy(asc(courses.title), asc(courses.id));
}

/**
 * Takes away courses that hold nothing but a roster. One whose log tells of it stays as an empty row, for that log, under
 * a name that no platform gives.
 */
export async function deleteEmptyCourses(db: Db, courseIds: readonly string[]): Promise<void> {
  if (courseIds.length === 0) return;
  const those = [...courseIds];
  const places = db
    .select({ id: memberships.id })
    .from(memberships)
    .where(inArray(memberships.courseId, those));
  await db.delete(membershipSpans).where(inArray(membershipSpans.membershipId, places));
  await db.delete(memberships).where(inArray(memberships.courseId, those));
  await db.delete(sections).where(inArray(sections.courseId, those));
  await db.delete(rosterSyncs).where(inArray(rosterSyncs.courseId, those));
  await db.delete(meetingSeries).where(inArray(meetingSeries.courseId, those));
  const isLogged = sql`exists (select 1 from audit_events e where e.course_id = courses.id)`;
  await db.delete(courses).where(and(inArray(courses.id, those), sql`not ${isLogged}`));
  await db
    .update(courses)
    .set({ contextId: sql`${courses.contextId} || ' gave way ' || ${courses.id}`, namesAndRolesUrl: null })
    .where(inArray(courses.id, those));
}

/** @param said what courses say themselves from now on, unless they say something else already */
export async function updateCoursesDeployment(
  db: Db,
  courseIds: readonly string[],
  deploymentRowId: string,
  said: Partial<CoursePolicy>,
): Promise<void> {
  await db
    .update(courses)
    .set({
      deploymentId: deploymentRowId,
      policy: sql`${JSON.stringify(said)}::jsonb || ${courses.policy}`,
    })
    .where(inArray(courses.id, [...courseIds]));
}

/** A person of courses that are to go to another platform. */
export interface PersonOfMove {
  id: string;
  /** The same person (by `sub`) on the other platform, if they were seen there. */
  sameThere: string | null;
  /** Somebody else there bears this person's number. */
  numberTaken: boolean;
  /** Deployments in whose other courses they sit, as the platform calls them. */
  elsewhere: string[];
}

export async function selectPeopleOfMove(
  db: Db,
  move: { platformId: string; moving: readonly string[]; givingWay: readonly string[] },
): Promise<PersonOfMove[]> {
  const there = alias(people, 'there');
  return db
    .select({
      id: people.id,
      sameThere: there.id,
      numberTaken: sql<boolean>`exists (select 1 from people other where other.platform_id = ${move.platformId}
        and other.canvas_user_id = ${people.canvasUserId} and other.sub <> ${people.sub})`,
      elsewhere: sql<string[]>`array(select distinct d.deployment_id from memberships m
        join courses c on c.id = m.course_id join deployments d on d.id = c.deployment_id
        where m.person_id = ${people.id} and ${notInArray(sql`c.id`, [...move.moving, ...move.givingWay])})`,
    })
    .from(people)
    .leftJoin(there, and(eq(there.platformId, move.platformId), eq(there.sub, people.sub)))
    .where(
      inArray(
        people.id,
        db
          .select({ id: memberships.personId })
          .from(memberships)
          .where(inArray(memberships.courseId, [...move.moving])),
      ),
    );
}

/** People go to another platform, and the phones that they are remembered by with them. */
export async function updatePeoplePlatform(
  db: Db,
  personIds: readonly string[],
  platformId: string,
): Promise<void> {
  if (personIds.length === 0) return;
  const those = [...personIds];
  await db.update(people).set({ platformId }).where(inArray(people.id, those));
  await db.update(devices).set({ platformId }).where(inArray(devices.personId, those));
}

/** Places, phones and links go from one row of a person to the other; the row itself stays, for what the audit says of it. */
export async function updatePersonOf(
  db: Db,
  person: { id: string; becomes: string },
  platformId: string,
): Promise<void> {
  await db.update(memberships).set({ personId: person.becomes }).where(eq(memberships.personId, person.id));
  await db
    .update(devices)
    .set({ personId: person.becomes, platformId })
    .where(eq(devices.personId, person.id));
  await db.update(messages).set({ personId: person.becomes }).where(eq(messages.personId, person.id));
  await db.execute(sql`
    insert into message_opt_outs (person_id, kind, created_at)
    select ${person.becomes}, kind, created_at from message_opt_outs where person_id = ${person.id}
    on conflict do nothing`);
  // Where the new row has links of its own, those are the ones that the person is shown.
  for (const links of [calendarFeeds, personalCodes]) {
    const own = db.select({ id: links.personId }).from(links).where(eq(links.personId, person.becomes));
    await db
      .update(links)
      .set({ personId: person.becomes })
      .where(and(eq(links.personId, person.id), notExists(own)));
  }
}
