import { and, asc, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { deployments, platforms, registrationInvites, toolKeys } from '../db/schema.ts';

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

export async function updateDeploymentWebHost(db: Db, id: string, webHost: string): Promise<void> {
  await db.update(deployments).set({ webHost }).where(eq(deployments.id, id));
}

export interface FrameHost {
  issuer: string;
  authorizeUrl: string;
  webHost: string | null;
}

/** What the pages of enabled platforms, or of one of them, are known by. */
export async function selectFrameHosts(db: Db, platformId?: string): Promise<FrameHost[]> {
  return db
    .selectDistinct({
      issuer: platforms.issuer,
      authorizeUrl: platforms.authorizeUrl,
      webHost: deployments.webHost,
    })
    .from(platforms)
    .leftJoin(deployments, eq(deployments.platformId, platforms.id))
    .where(
      and(isNull(platforms.disabledAt), platformId === undefined ? undefined : eq(platforms.id, platformId)),
    );
}

export type ToolKey = typeof toolKeys.$inferSelect;

/** All keys that there ever were, the last to begin signing first. */
export async function selectToolKeys(db: Db): Promise<ToolKey[]> {
  return db.select().from(toolKeys).orderBy(desc(toolKeys.signsFrom), desc(toolKeys.createdAt));
}

/** Those that platforms can see, in the same order. */
export async function selectPublishedToolKeys(db: Db, now: Date): Promise<ToolKey[]> {
  return db
    .select()
    .from(toolKeys)
    .where(or(isNull(toolKeys.retiredAt), gt(toolKeys.retiredAt, now)))
    .orderBy(desc(toolKeys.signsFrom), desc(toolKeys.createdAt));
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

export async function insertInvite(db: Db, invite: typeof registrationInvites.$inferInsert): Promise<void> {
  await db.insert(registrationInvites).values(invite);
}

/** Those that can still be used, the oldest first. */
export async function selectOpenInvites(db: Db, now: Date): Promise<RegistrationInvite[]> {
  return db
    .select()
    .from(registrationInvites)
    .where(and(isNull(registrationInvites.usedAt), gt(registrationInvites.expiresAt, now)))
    .orderBy(asc(registrationInvites.createdAt));
}

/** Takes a link, once: of two who come at the same moment one gets the row. */
export async function claimInvite(db: Db, hash: string, now: Date): Promise<RegistrationInvite | undefined> {
  const [row] = await db
    .update(registrationInvites)
    .set({ usedAt: now })
    .where(
      and(
        eq(registrationInvites.tokenHash, hash),
        isNull(registrationInvites.usedAt),
        gt(registrationInvites.expiresAt, now),
      ),
    )
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
