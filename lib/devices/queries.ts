import { and, desc, eq, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { isEnrolledAt } from '../db/enrolled.ts';
import { livingPersonId } from '../db/living-person.ts';
import { checkIns, courses, devices, memberships, people } from '../db/schema.ts';

/** A value, or what stands for it in a statement that answers several questions at once. */
type Given<Value> = Value | SQL;

const instant = (at: Given<Date>) =>
  at instanceof Date ? sql`${at.toISOString()}::timestamptz` : sql`${at}`;

const hasKey = (hash: Given<string>) =>
  sql`(${devices.keyHash} = ${hash} or ${devices.nextKeyHash} = ${hash})`;

const hasNextKey = (hash: Given<string>) => sql<boolean>`coalesce(${devices.nextKeyHash} = ${hash}, false)`;

/** Whether a row of `devices` is the phone that shows this key: remembered, not revoked, not expired. */
export function isDeviceOf(keyHash: Given<string>, now: Given<Date>): SQL {
  return sql`(${hasKey(keyHash)} and ${devices.revokedAt} is null and ${devices.expiresAt} > ${instant(now)})`;
}

/** What `renewDevice` wants to know of the phone that shows this key. */
export const shownKeyColumns = (keyHash: Given<string>) => ({
  isNextKey: hasNextKey(keyHash),
  renewedAt: devices.renewedAt,
  expiresAt: devices.expiresAt,
});

export async function selectIsDeviceOfPerson(
  db: Db,
  keyHash: string,
  personId: string,
  now: Date,
): Promise<boolean> {
  const count = await db.$count(
    devices,
    and(isDeviceOf(keyHash, now), eq(devices.personId, livingPersonId(personId))),
  );
  return count > 0;
}

export interface DeviceOwner {
  id: string;
  platformId: string;
  /** Of the courses that they are enrolled in. */
  termEnds: Date[];
}

export async function selectDeviceOwner(
  db: Db,
  personId: string,
  now: Date,
): Promise<DeviceOwner | undefined> {
  const rows = await db
    .select({ id: people.id, platformId: people.platformId, termEndsAt: courses.termEndsAt })
    .from(people)
    .leftJoin(memberships, and(eq(memberships.personId, people.id), isEnrolledAt(memberships.id, now)))
    .leftJoin(courses, and(eq(courses.id, memberships.courseId), isNotNull(courses.termEndsAt)))
    .where(eq(people.id, livingPersonId(personId)));
  const [person] = rows;
  if (person === undefined) return undefined;
  return {
    id: person.id,
    platformId: person.platformId,
    termEnds: rows.flatMap(({ termEndsAt }) => termEndsAt ?? []),
  };
}

export async function insertDevice(db: Db, device: typeof devices.$inferInsert): Promise<void> {
  await db.insert(devices).values(device);
}

/** Ends whatever shows one of these keys, whoever's it is. @returns whose they were */
export async function updateDevicesRevokedByKey(
  db: Db,
  keyHashes: readonly string[],
  now: Date,
): Promise<string[]> {
  const rows = await db
    .update(devices)
    .set({ revokedAt: now })
    .where(
      and(
        or(inArray(devices.keyHash, [...keyHashes]), inArray(devices.nextKeyHash, [...keyHashes])),
        isNull(devices.revokedAt),
      ),
    )
    .returning({ personId: devices.personId });
  return rows.map(({ personId }) => personId);
}

/** Ends all of a person's phones but those that were remembered last. */
export async function updateOlderDevicesRevoked(
  db: Db,
  personId: string,
  { keep, now }: { keep: number; now: Date },
): Promise<void> {
  const older = db
    .select({ id: devices.id })
    .from(devices)
    .where(and(eq(devices.personId, personId), isNull(devices.revokedAt)))
    .orderBy(desc(devices.createdAt), desc(devices.id))
    .offset(keep);
  await db.update(devices).set({ revokedAt: now }).where(inArray(devices.id, older));
}

/**
 * One statement, decided on the row as it is at that moment: a phone that shows its next key has it as its only one
 * from then on; one that shows its present key, and is due, gets the next one beside it.
 *
 * @returns whether the next key is to be given out; undefined: nothing was due
 */
export async function updateDeviceKey(
  db: Db,
  key: { keyHash: string; nextKeyHash: string; dueBefore: Date; now: Date },
): Promise<{ isNextGiven: boolean } | undefined> {
  const arrives = hasNextKey(key.keyHash);
  const [row] = await db
    .update(devices)
    .set({
      keyHash: key.keyHash,
      nextKeyHash: sql`case when ${arrives} then null else ${key.nextKeyHash} end`,
      renewedAt: sql`case when ${arrives} then ${instant(key.now)} else ${devices.renewedAt} end`,
    })
    .where(
      and(
        isDeviceOf(key.keyHash, key.now),
        or(arrives, sql`${devices.renewedAt} < ${instant(key.dueBefore)}`),
      ),
    )
    .returning({ nextKeyHash: devices.nextKeyHash });
  return row === undefined ? undefined : { isNextGiven: row.nextKeyHash !== null };
}

/** A remembered phone, as its owner and their teachers see it. */
export interface DeviceView {
  id: string;
  /** "iPhone, Safari"; null: its browser did not say. */
  name: string | null;
  since: Date;
  lastUsedAt: Date | null;
}

/**
 * The phones by which a person can check in at this moment, the newest first.
 *
 * @param seenIn when it was used last: in this course alone, else anywhere
 */
export function selectDevices(
  db: Db,
  personId: string,
  now: Date,
  seenIn: { courseId?: string } = {},
): Promise<DeviceView[]> {
  return db
    .select({
      id: devices.id,
      name: devices.name,
      since: devices.createdAt,
      // By the owner's own places: there is an index for it, and a check-in of somebody else is no use by them.
      lastUsedAt: sql<Date | null>`(select max(used.confirmed_at) from ${checkIns} used
        join ${memberships} place on place.id = used.membership_id
        where place.person_id = ${devices}.person_id and used.device_id = ${devices}.id
        and ${seenIn.courseId === undefined ? sql`true` : sql`place.course_id = ${seenIn.courseId}`})`.mapWith(
        checkIns.confirmedAt,
      ),
    })
    .from(devices)
    .where(
      and(
        eq(devices.personId, livingPersonId(personId)),
        isNull(devices.revokedAt),
        gt(devices.expiresAt, now),
      ),
    )
    .orderBy(desc(devices.createdAt), desc(devices.id));
}

export interface OwnedDevice {
  id: string;
  name: string | null;
  createdAt: Date;
  revokedAt: Date | null;
}

export async function lockDevice(
  db: Db,
  { deviceId, personId }: { deviceId: string; personId: string },
): Promise<OwnedDevice | undefined> {
  const [row] = await db
    .select({
      id: devices.id,
      name: devices.name,
      createdAt: devices.createdAt,
      revokedAt: devices.revokedAt,
    })
    .from(devices)
    .where(and(eq(devices.id, deviceId), eq(devices.personId, livingPersonId(personId))))
    .for('update');
  return row;
}

export async function updateDeviceRevoked(db: Db, deviceId: string, now: Date): Promise<void> {
  await db.update(devices).set({ revokedAt: now }).where(eq(devices.id, deviceId));
}

/** The person of a student who is enrolled in this course now; Student View's test user is nobody. */
export async function selectStudentPerson(
  db: Db,
  { courseId, membershipId, now }: { courseId: string; membershipId: string; now: Date },
): Promise<string | undefined> {
  const [row] = await db
    .select({ personId: memberships.personId })
    .from(memberships)
    .where(
      and(
        eq(memberships.id, membershipId),
        eq(memberships.courseId, courseId),
        eq(memberships.role, 'student'),
        eq(memberships.isTestUser, false),
        isEnrolledAt(memberships.id, now),
      ),
    );
  return row?.personId;
}
