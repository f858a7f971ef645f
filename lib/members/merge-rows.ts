import { insertAuditEvents } from '../audit/queries.ts';
import type { AuditEvent } from '../audit/queries.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Ctx } from '../context.ts';
import { publish } from '../live/notices.ts';
import {
  deleteMemberships,
  deleteRecords,
  deleteSpansOf,
  insertSpans,
  lockPlacesOfPeople,
  lockRecordsOf,
  selectSpans,
  updateCheckInsMember,
  updateExcusesMember,
  updateMemberships,
  updatePeopleMerged,
  updatePersonOfPlaces,
  updatePicksMember,
  updateRecordsMember,
} from './queries.ts';
import type { PlaceRow, RecordOfMember, SpanRow } from './queries.ts';
import { isBetterRecord, joinSpans } from './rules.ts';
import { spanFacts } from './span-facts.ts';

/** One row of `people`, and the one in which the same human lives on. */
export interface MergePair {
  from: string;
  to: string;
}

/** Two places of one human in one course. */
interface PlacePair {
  courseId: string;
  lost: PlaceRow;
  kept: PlaceRow;
}

/**
 * Makes one human of two rows, with all that both have: places, records, evidence, excuses, spans, phones, calendar,
 * personal code and mails. Where both have a record of one meeting, the better one stands (`isBetterRecord`), and the audit keeps
 * the other. A fixed number of statements for any number of pairs. The caller has locked the rows of the people, in the
 * order of `sub`.
 */
export async function mergeRows(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  pairs: readonly MergePair[],
): Promise<void> {
  if (pairs.length === 0) return;
  const placesOf = Map.groupBy(
    await lockPlacesOfPeople(
      tx.db,
      pairs.flatMap(({ from, to }) => [from, to]),
    ),
    (place) => place.personId,
  );
  const shared: PlacePair[] = [];
  const moving: { membershipId: string; courseId: string; from: string; to: string }[] = [];
  for (const { from, to } of pairs) {
    for (const lost of placesOf.get(from) ?? []) {
      const { courseId } = lost;
      const kept = placesOf.get(to)?.find((place) => place.courseId === courseId);
      if (kept === undefined) moving.push({ membershipId: lost.id, courseId, from, to });
      else shared.push({ courseId, lost, kept });
    }
  }
  await updatePersonOfPlaces(
    tx.db,
    moving.map(({ membershipId, to }) => ({ membershipId, personId: to })),
  );
  const events: AuditEvent[] = moving.map(({ membershipId, courseId, from, to }) => ({
    courseId,
    action: 'membership.merged',
    subjectId: membershipId,
    before: { personId: from },
    after: { personId: to },
  }));
  if (shared.length > 0) events.push(...(await mergePlaces(tx, shared)));
  await updatePeopleMerged(tx.db, pairs);
  await insertAuditEvents(tx, events);
  for (const courseId of new Set(events.map((event) => event.courseId))) {
    await publish(tx, { kind: 'roster', courseId });
  }
}

async function mergePlaces(tx: Pick<Ctx, 'db' | 'now'>, pairs: readonly PlacePair[]): Promise<AuditEvent[]> {
  const ids = pairs.flatMap(({ lost, kept }) => [lost.id, kept.id]);
  const moves = pairs.map(({ lost, kept }) => ({ from: lost.id, to: kept.id }));
  const recordsOf = Map.groupBy(await lockRecordsOf(tx.db, ids), (record) => record.membershipId);
  const spansOf = Map.groupBy(await selectSpans(tx.db, ids), (span) => span.membershipId);
  const merged = pairs.map((pair) => {
    const [kept, lost] = [recordsOf.get(pair.kept.id) ?? [], recordsOf.get(pair.lost.id) ?? []];
    return {
      ...pair,
      records: joinRecords(kept, lost),
      spans: joinSpans<SpanRow>([...(spansOf.get(pair.kept.id) ?? []), ...(spansOf.get(pair.lost.id) ?? [])]),
    };
  });
  await deleteRecords(
    tx.db,
    merged.flatMap(({ records }) => records.flatMap(({ dropped }) => dropped?.id ?? [])),
  );
  await updateRecordsMember(tx.db, moves, tx.now);
  await updateCheckInsMember(tx.db, moves);
  await updatePicksMember(tx.db, moves);
  await updateExcusesMember(tx.db, moves);
  await deleteSpansOf(tx.db, ids);
  await insertSpans(
    tx.db,
    merged.flatMap(({ kept, spans }) =>
      spans.map(({ sectionId, startsAt, endsAt, source }) => ({
        ...{ membershipId: kept.id, sectionId, startsAt, endsAt, source },
      })),
    ),
  );
  await updateMemberships(
    tx.db,
    merged.map(({ kept, lost }) => joinPlaces(kept, lost)),
  );
  await deleteMemberships(
    tx.db,
    pairs.map(({ lost }) => lost.id),
  );
  return merged.flatMap(({ courseId, kept, lost, records, spans }) => [
    {
      courseId,
      action: 'membership.merged',
      subjectId: kept.id,
      before: {
        spans: spanFacts(spansOf.get(kept.id) ?? []),
        merged: {
          membershipId: lost.id,
          personId: lost.personId,
          spans: spanFacts(spansOf.get(lost.id) ?? []),
        },
      },
      after: { personId: kept.personId, spans: spanFacts(spans) },
    },
    ...records.map(({ standing, dropped }) =>
      recordEvent({
        courseId,
        meetingId: standing.meetingId,
        membershipId: kept.id,
        action: 'record.merged',
        before: dropped ?? null,
        after: { ...standing, membershipId: kept.id, mergedFrom: lost.id },
      }),
    ),
  ]);
}

/** What happens to each record of the place that goes: it moves, and of two of one meeting the better one stands. */
function joinRecords(
  kept: readonly RecordOfMember[],
  lost: readonly RecordOfMember[],
): { standing: RecordOfMember; dropped: RecordOfMember | undefined }[] {
  const byMeeting = new Map(kept.map((record) => [record.meetingId, record]));
  return lost.map((record) => {
    const other = byMeeting.get(record.meetingId);
    if (other === undefined || isBetterRecord(record, other)) return { standing: record, dropped: other };
    return { standing: other, dropped: record };
  });
}

/** The place that stays; the role is that of the later launch, for a launch is signed. */
function joinPlaces(kept: PlaceRow, lost: PlaceRow): PlaceRow {
  const isLostFresher = Number(lost.lastLaunchAt ?? 0) > Number(kept.lastLaunchAt ?? 0);
  const listed = Number(lost.listedAt ?? 0) > Number(kept.listedAt ?? 0) ? lost : kept;
  const { listedAt, listedBy, listedInSync } = listed;
  return {
    ...kept,
    role: isLostFresher ? lost.role : kept.role,
    lastLaunchAt: isLostFresher ? lost.lastLaunchAt : kept.lastLaunchAt,
    ...{ listedAt, listedBy, listedInSync },
    extraMinutes: Math.max(kept.extraMinutes, lost.extraMinutes),
    missingSince: kept.missingSince === null || lost.missingSince === null ? null : kept.missingSince,
  };
}
