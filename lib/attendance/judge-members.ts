import { findPolicy } from '../access/find-policy.ts';
import { newId, recordSubject } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { publishRecords } from '../live/notices.ts';
import { applyChange } from './apply-change.ts';
import { enterRecords } from './enter-records.ts';
import {
  lockRecords,
  selectExcused,
  selectPastRevisions,
  selectRegisterMembers,
  selectSights,
} from './queries.ts';
import type { LockedMeeting } from './queries.ts';

/** A member, as lists show them. */
export interface NamedMember {
  membershipId: string;
  name: string;
}

/**
 * Judges members' records of one meeting anew from the evidence that counts now: after some of it was set aside, or was
 * let in again. Where none is left, the record goes. What a teacher has entered stays. A record that says the same
 * afterwards has a new revision all the same: whoever was judging from the evidence of before has to judge again.
 * Tells everybody who looks on. Called in a transaction that has locked the meeting, by a use case that has checked
 * access and has written down why.
 */
export async function judgeMembers(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  meeting: LockedMeeting,
  members: readonly NamedMember[],
): Promise<void> {
  const ids = members.map(({ membershipId }) => membershipId);
  const held = new Map((await lockRecords(tx.db, meeting.id, ids)).map((row) => [row.membershipId, row]));
  const standing = new Map(
    (await selectRegisterMembers(tx.db, meeting, ids)).map((row) => [row.membershipId, row.record]),
  );
  const places = { meetingIds: [meeting.id], membershipIds: ids };
  const sights = await selectSights(tx.db, places);
  const policy = await findPolicy(tx, meeting.courseId);
  const past = await selectPastRevisions(
    tx.db,
    ids.filter((id) => !held.has(id)).map((membershipId) => ({ meetingId: meeting.id, membershipId })),
  );
  const excused = await selectExcused(tx.db, places);

  const judged = ids.flatMap((membershipId) => {
    const subject = recordSubject(meeting.id, membershipId);
    const before = standing.get(membershipId) ?? null;
    if (before?.source === 'teacher') return [];
    const decided = applyChange({
      ...{ before, meeting, policy },
      change: { kind: 'take-back' },
      sights: sights.get(subject) ?? [],
      isExcused: excused.has(subject),
    });
    const after = decided === 'no-record' ? null : decided;
    if (before === null && after === null) return [];
    const revision = (after?.revision ?? 0) + (past.get(subject) ?? 0);
    return [
      {
        ...{ id: held.get(membershipId)?.id ?? newId(), meetingId: meeting.id, membershipId, before },
        after: after && { ...after, revision },
      },
    ];
  });
  await enterRecords(tx, meeting.courseId, judged, 'record.reviewed');
  await publishMembers(tx, meeting, members);
}

/** Tells everybody who looks on what stands in the register of these members now, with what there is to look at. */
export async function publishMembers(
  tx: Pick<Ctx, 'db'>,
  meeting: Pick<LockedMeeting, 'id' | 'courseId'>,
  members: readonly NamedMember[],
): Promise<void> {
  const now = new Map(
    (
      await selectRegisterMembers(
        tx.db,
        meeting,
        members.map(({ membershipId }) => membershipId),
      )
    ).map((row) => [row.membershipId, row.record]),
  );
  await publishRecords(
    tx,
    meeting.id,
    members.map(({ membershipId, name }) => ({ membershipId, name, record: now.get(membershipId) ?? null })),
  );
}
