import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { auditKeys, calendarFeeds, checkInWindows, meetings, personalCodes, toolKeys } from '../db/schema.ts';

/** Something that lies sealed in the database. */
export interface Sealed {
  id: string;
  text: string;
}

const keyColumns = { id: toolKeys.kid, text: toolKeys.sealedPrivateJwk };
const windowColumns = { id: checkInWindows.id, text: checkInWindows.sealedSecret };

export async function selectSealedKeys(db: Db): Promise<Sealed[]> {
  return db.select(keyColumns).from(toolKeys);
}

export async function selectSealedAuditKeys(db: Db): Promise<Sealed[]> {
  return db.select({ id: auditKeys.id, text: auditKeys.sealedKey }).from(auditKeys);
}

/** All windows' secrets, locked until the transaction ends; check-ins go on meanwhile. */
export async function lockSealedWindows(db: Db): Promise<Sealed[]> {
  return db.select(windowColumns).from(checkInWindows).orderBy(checkInWindows.id).for('no key update');
}

/** Links that their owners can be shown again: of calendars, and personal codes. */
const linkTables = { calendars: calendarFeeds, codes: personalCodes };
export type LinkKind = keyof typeof linkTables;

/** All links of a kind, by person, locked until the transaction ends: nobody renews one meanwhile. */
export async function lockSealedLinks(db: Db, kind: LinkKind): Promise<Sealed[]> {
  const links = linkTables[kind];
  return db
    .select({ id: links.personId, text: links.sealedToken })
    .from(links)
    .orderBy(links.personId)
    .for('no key update');
}

/** The secrets of the windows that are open or planned. */
export async function selectOpenSealedWindows(db: Db, now: Date): Promise<Sealed[]> {
  return db
    .select(windowColumns)
    .from(checkInWindows)
    .where(and(isNull(checkInWindows.closedAt), gt(checkInWindows.closesAt, now)));
}

/** The windows that nobody has closed yet: planned, open, or past their time. */
export async function selectUnclosedWindows(
  db: Db,
): Promise<{ courseId: string; window: typeof checkInWindows.$inferSelect }[]> {
  return db
    .select({ courseId: meetings.courseId, window: checkInWindows })
    .from(checkInWindows)
    .innerJoin(meetings, eq(meetings.id, checkInWindows.meetingId))
    .where(isNull(checkInWindows.closedAt));
}

export async function updateSealedKeys(db: Db, sealed: readonly Sealed[]): Promise<void> {
  await db.execute(sql`
    update ${toolKeys} set sealed_private_jwk = sealed.text
    from jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb) as sealed (id text, text text)
    where ${toolKeys.kid} = sealed.id`);
}

export async function updateSealedAuditKeys(db: Db, sealed: readonly Sealed[]): Promise<void> {
  await db.execute(sql`
    update ${auditKeys} set sealed_key = sealed.text
    from jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb) as sealed (id uuid, text text)
    where ${auditKeys.id} = sealed.id`);
}

export async function updateSealedWindows(db: Db, sealed: readonly Sealed[]): Promise<void> {
  await db.execute(sql`
    update ${checkInWindows} set sealed_secret = sealed.text
    from jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb) as sealed (id uuid, text text)
    where ${checkInWindows.id} = sealed.id`);
}

export async function updateSealedLinks(db: Db, kind: LinkKind, sealed: readonly Sealed[]): Promise<void> {
  const links = linkTables[kind];
  await db.execute(sql`
    update ${links} set sealed_token = sealed.text
    from jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb) as sealed (id uuid, text text)
    where ${links.personId} = sealed.id`);
}

export async function deleteLinks(db: Db, kind: LinkKind, personIds: readonly string[]): Promise<void> {
  const links = linkTables[kind];
  await db.delete(links).where(inArray(links.personId, [...personIds]));
}
