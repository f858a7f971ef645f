import { and, asc, between, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { newId } from '../base/ids.ts';
import type { Db } from '../db/client.ts';
import { idArray } from '../db/id-array.ts';
import { listName } from '../db/list-name.ts';
import {
  attendanceRecords,
  checkInReviews,
  checkIns,
  checkInWindows,
  meetings,
  memberships,
  people,
  recordSpans,
  spotCheckPicks,
  spotChecks,
} from '../db/schema.ts';
import type { CheckInOutcome, RecordSource } from '../db/schema.ts';
import type { Status } from '../base/statuses.ts';
import type { Decision, Evidence, SpotCheckCount } from './rules.ts';

/** All that was kept of check-ins at a meeting, by time; test users apart. */
export async function selectEvidence(db: Db, meetingId: string): Promise<Evidence[]> {
  return db
    .select({
      id: checkIns.id,
      membershipId: checkIns.membershipId,
      name: listName,
      outcome: checkIns.outcome,
      direction: checkIns.direction,
      via: checkIns.via,
      at: checkIns.scannedAt,
      codeAgeMs: checkIns.codeAgeMs,
      stepSeconds: checkInWindows.stepSeconds,
      hasExtraTime: sql<boolean>`${memberships.extraMinutes} > 0`,
      scanBrowserHash: checkIns.scanBrowserHash,
      browserHash: checkIns.browserHash,
      networkHash: checkIns.networkHash,
      distanceMeters: checkIns.distanceMeters,
      flags: checkIns.flags,
      decision: checkInReviews.decision,
      entered: attendanceRecords.status,
    })
    .from(checkIns)
    .innerJoin(memberships, eq(memberships.id, checkIns.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .leftJoin(checkInWindows, eq(checkInWindows.id, checkIns.windowId))
    .leftJoin(checkInReviews, eq(checkInReviews.checkInId, checkIns.id))
    .leftJoin(
      attendanceRecords,
      and(
        eq(attendanceRecords.meetingId, checkIns.meetingId),
        eq(attendanceRecords.membershipId, checkIns.membershipId),
        eq(attendanceRecords.source, 'teacher'),
      ),
    )
    .where(and(eq(checkIns.meetingId, meetingId), eq(memberships.isTestUser, false)))
    .orderBy(asc(checkIns.scannedAt), asc(checkIns.id));
}

/**
 * Wrong codes that led to no meeting at all, typed within a stretch of time by members of a course: member by member,
 * by index.
 */
export async function selectStrayGuesses(
  db: Db,
  { courseId, from, to }: { courseId: string; from: Date; to: Date },
): Promise<Evidence[]> {
  const rows = await db
    .select({
      id: checkIns.id,
      membershipId: memberships.id,
      name: listName,
      via: checkIns.via,
      at: checkIns.scannedAt,
      decision: checkInReviews.decision,
    })
    .from(memberships)
    .innerJoin(people, eq(people.id, memberships.personId))
    .innerJoin(
      checkIns,
      and(eq(checkIns.membershipId, memberships.id), between(checkIns.confirmedAt, from, to)),
    )
    .leftJoin(checkInReviews, eq(checkInReviews.checkInId, checkIns.id))
    .where(
      and(
        eq(memberships.courseId, courseId),
        eq(memberships.isTestUser, false),
        isNull(checkIns.meetingId),
        eq(checkIns.outcome, 'wrong-code'),
      ),
    )
    .orderBy(asc(checkIns.scannedAt), asc(checkIns.id));
  return rows.map((row) => ({
    ...row,
    ...{ outcome: 'wrong-code', direction: 'in', codeAgeMs: null, stepSeconds: null, hasExtraTime: false },
    ...{
      scanBrowserHash: null,
      browserHash: null,
      networkHash: null,
      distanceMeters: null,
      flags: [],
      entered: null,
    },
  }));
}

export interface EvidenceToDecide {
  id: string;
  membershipId: string;
  name: string;
  outcome: CheckInOutcome;
  decision: Decision | null;
}

/** Evidence of a meeting, or wrong codes that led to none, by its ids. */
export async function selectEvidenceToDecide(
  db: Db,
  place: { courseId: string; meetingId: string },
  ids: readonly string[],
): Promise<EvidenceToDecide[]> {
  return db
    .select({
      id: checkIns.id,
      membershipId: checkIns.membershipId,
      name: listName,
      outcome: checkIns.outcome,
      decision: checkInReviews.decision,
    })
    .from(checkIns)
    .innerJoin(memberships, eq(memberships.id, checkIns.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .leftJoin(checkInReviews, eq(checkInReviews.checkInId, checkIns.id))
    .where(
      and(
        sql`${checkIns.id} = any(${idArray(ids)})`,
        eq(checkIns.courseId, place.courseId),
        sql`(${checkIns.meetingId} = ${place.meetingId} or ${checkIns.meetingId} is null)`,
      ),
    );
}

/** Enters one decision about several check-ins; null takes decisions back. */
export async function writeDecision(
  db: Db,
  ids: readonly string[],
  made: { decision: Decision | null; decidedBy: string; decidedAt: Date },
): Promise<void> {
  const { decision, decidedBy, decidedAt } = made;
  if (decision === null) {
    await db.delete(checkInReviews).where(sql`${checkInReviews.checkInId} = any(${idArray(ids)})`);
    return;
  }
  await db
    .insert(checkInReviews)
    .values(ids.map((checkInId) => ({ checkInId, decision, decidedBy, decidedAt })))
    .onConflictDoUpdate({
      target: checkInReviews.checkInId,
      set: { decision, decidedBy, decidedAt },
    });
}

/** Who is in the room by their own check-in: not by a teacher's word, and not gone. */
export async function selectWhoIsIn(db: Db, meetingId: string): Promise<string[]> {
  const rows = await db
    .select({ membershipId: attendanceRecords.membershipId })
    .from(attendanceRecords)
    .innerJoin(memberships, eq(memberships.id, attendanceRecords.membershipId))
    .where(
      and(
        eq(attendanceRecords.meetingId, meetingId),
        eq(attendanceRecords.source, 'check-in'),
        eq(memberships.isTestUser, false),
        sql`exists (select 1 from record_spans span
          where span.record_id = ${attendanceRecords.id} and span.to_at is null)`,
      ),
    )
    .orderBy(asc(attendanceRecords.membershipId));
  return rows.map(({ membershipId }) => membershipId);
}

export type SpotCheckRow = typeof spotChecks.$inferSelect;

export async function insertSpotCheck(
  db: Db,
  spotCheck: typeof spotChecks.$inferInsert,
  membershipIds: readonly string[],
): Promise<void> {
  await db.insert(spotChecks).values(spotCheck);
  await db.insert(spotCheckPicks).values(
    membershipIds.map((membershipId, position) => ({
      ...{ id: newId(), spotCheckId: spotCheck.id, membershipId, position },
    })),
  );
}

export async function selectSpotChecks(db: Db, meetingId: string): Promise<SpotCheckRow[]> {
  return db
    .select()
    .from(spotChecks)
    .where(eq(spotChecks.meetingId, meetingId))
    .orderBy(desc(spotChecks.startedAt), desc(spotChecks.id));
}

export interface PickRow {
  spotCheckId: string;
  membershipId: string;
  name: string;
  isThere: boolean | null;
  /** When they have checked out, if they have: perhaps after the lot was drawn. */
  leftAt: Date | null;
  record: { status: Status; source: RecordSource; revision: number } | null;
}

/** Who was called out at a meeting, in the order of the calls, with what stands in the register now. */
export async function selectPicks(db: Db, meetingId: string): Promise<PickRow[]> {
  return db
    .select({
      spotCheckId: spotCheckPicks.spotCheckId,
      membershipId: spotCheckPicks.membershipId,
      name: listName,
      isThere: spotCheckPicks.isThere,
      leftAt: sql<Date | null>`(select max(span.to_at) from record_spans span
        where span.record_id = ${attendanceRecords.id} and ${attendanceRecords.source} = 'check-in'
        having bool_and(span.to_at is not null))`.mapWith(recordSpans.toAt),
      record: {
        status: attendanceRecords.status,
        source: attendanceRecords.source,
        revision: attendanceRecords.revision,
      },
    })
    .from(spotCheckPicks)
    .innerJoin(spotChecks, eq(spotChecks.id, spotCheckPicks.spotCheckId))
    .innerJoin(memberships, eq(memberships.id, spotCheckPicks.membershipId))
    .innerJoin(people, eq(people.id, memberships.personId))
    .leftJoin(
      attendanceRecords,
      and(
        eq(attendanceRecords.meetingId, spotChecks.meetingId),
        eq(attendanceRecords.membershipId, spotCheckPicks.membershipId),
      ),
    )
    .where(eq(spotChecks.meetingId, meetingId))
    .orderBy(asc(spotCheckPicks.position));
}

/** @returns false when there is no such pick in a spot check that is going on */
export async function updatePick(
  db: Db,
  key: { spotCheckId: string; membershipId: string },
  isThere: boolean,
): Promise<boolean> {
  const rows = await db
    .update(spotCheckPicks)
    .set({ isThere })
    .where(
      and(eq(spotCheckPicks.spotCheckId, key.spotCheckId), eq(spotCheckPicks.membershipId, key.membershipId)),
    )
    .returning({ id: spotCheckPicks.id });
  return rows.length === 1;
}

/** Ends a spot check, or goes on with it; whoever was not ticked was not there. */
export async function updateSpotCheckEnded(db: Db, id: string, endedAt: Date | null): Promise<void> {
  await db.update(spotChecks).set({ endedAt }).where(eq(spotChecks.id, id));
  if (endedAt === null) return;
  await db
    .update(spotCheckPicks)
    .set({ isThere: false })
    .where(and(eq(spotCheckPicks.spotCheckId, id), isNull(spotCheckPicks.isThere)));
}

export async function deleteSpotCheck(db: Db, id: string): Promise<void> {
  await db.delete(spotCheckPicks).where(eq(spotCheckPicks.spotCheckId, id));
  await db.delete(spotChecks).where(eq(spotChecks.id, id));
}

const called = sql<number>`count(${spotCheckPicks.isThere})::int`;
const missing = sql<number>`(count(*) filter (where not ${spotCheckPicks.isThere}))::int`;

/** What the ended spot checks found: one of them, or each of a course. */
export async function selectSpotCheckCounts(
  db: Db,
  of: { courseId: string } | { spotCheckId: string },
): Promise<SpotCheckCount[]> {
  return db
    .select({ checkedIn: spotChecks.checkedIn, called, missing })
    .from(spotChecks)
    .innerJoin(meetings, eq(meetings.id, spotChecks.meetingId))
    .innerJoin(spotCheckPicks, eq(spotCheckPicks.spotCheckId, spotChecks.id))
    .where(
      'courseId' in of
        ? and(eq(meetings.courseId, of.courseId), isNotNull(spotChecks.endedAt))
        : eq(spotChecks.id, of.spotCheckId),
    )
    .groupBy(spotChecks.id);
}
