import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { auditKeys, calendarFeeds, checkInWindows, meetings, toolKeys } from '../db/schema.ts';

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

/** The links of all calendars, by person, locked until the transaction ends: nobody renews one meanwhile. */
export async function lockSealedCalendars(db: Db): Promise<Sealed[]> {
  return db
    .select({ id: calendarFeeds.personId, text: calendarFeeds.sealedToken })
    .from(calendarFeeds)
    .orderBy(calendarFeeds.personId)
    .for('no key update');
}

/** The secrets of the windows that are open now. */
export async function selectOpenSealedWindows(db: Db, now: Date): Promise<Sealed[]> {
  return db
    .select(windowColumns)
    .from(checkInWindows)
    .where(and(isNull(checkInWindows.closedAt), gt(checkInWindows.closesAt, now)));
}

export interface UnclosedWindow {
  id: string;
  courseId: string;
  meetingId: string;
  closesAt: Date;
}

/** The windows that nobody has closed yet; their time may be over. */
export async function selectUnclosedWindows(db: Db): Promise<UnclosedWindow[]> {
  return db
    .select({
      id: checkInWindows.id,
      courseId: meetings.courseId,
      meetingId: checkInWindows.meetingId,
      closesAt: checkInWindows.closesAt,
    })
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

export async function updateSealedCalendars(db: Db, sealed: readonly Sealed[]): Promise<void> {
  await db.execute(sql`
    update ${calendarFeeds} set sealed_token = sealed.text
    from jsonb_to_recordset(${JSON.stringify(sealed)}::jsonb) as sealed (id uuid, text text)
    where ${calendarFeeds.personId} = sealed.id`);
}

export async function deleteCalendars(db: Db, personIds: readonly string[]): Promise<void> {
  await db.delete(calendarFeeds).where(inArray(calendarFeeds.personId, [...personIds]));
}
