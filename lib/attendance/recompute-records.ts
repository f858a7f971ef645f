import { findPolicy } from '../access/find-policy.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { lockRecordsToRejudge, updateJudged } from './queries.ts';
import { rejudge } from './rules.ts';
import type { DecidedRecord, TeachingTime } from './rules.ts';

type MeetingToJudge = TeachingTime & { id: string; courseId: string };

/**
 * Judges the records of meetings by their new times, or by a new policy, in a fixed number of statements. What was seen
 * and what a teacher entered stays; what it amounts to follows. Called in the transaction that makes the change, by a
 * use case that has checked access and has locked the meetings.
 *
 * @param policy the policy that holds from now on; left out: the course's own
 * @returns how many records say something else now
 */
export async function recomputeRecords(
  tx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  meetings: readonly MeetingToJudge[],
  policy?: CoursePolicy,
): Promise<number> {
  const [first] = meetings;
  if (first === undefined) return 0;
  const { courseId } = first;
  const judging = policy ?? (await findPolicy(tx, courseId));
  const byId = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  const records = await lockRecordsToRejudge(
    tx.db,
    meetings.map((meeting) => meeting.id),
  );
  const changed = records.flatMap((record) => {
    const meeting = byId.get(record.meetingId);
    if (meeting === undefined) return [];
    const { status, provenMinutes, isOpen } = rejudge(meeting, record, judging);
    const isSame =
      status === record.status && provenMinutes === record.provenMinutes && isOpen === record.isOpen;
    return isSame ? [] : [{ before: record, after: { id: record.id, status, provenMinutes, isOpen } }];
  });
  await updateJudged(
    tx.db,
    changed.map(({ after }) => after),
    tx.now,
  );
  await insertAuditEvents(
    tx,
    changed.map(({ before: { meetingId, membershipId, ...before }, after }) =>
      recordEvent({
        ...{ courseId, meetingId, membershipId, action: 'record.recomputed' },
        before: judgement(before),
        after: judgement(after),
      }),
    ),
  );
  return changed.length;
}

function judgement({
  status,
  provenMinutes,
  isOpen,
}: Pick<DecidedRecord, 'status' | 'provenMinutes' | 'isOpen'>) {
  return { status, provenMinutes, isOpen };
}
