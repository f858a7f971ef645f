import type { CoursePolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { selectMeetingsToCount, selectMembersToCount, selectRecordsToRejudge } from './queries.ts';
import type { MeetingToTake } from './queries.ts';
import { computeTotals, rateTotals, rejudge } from './rules.ts';
import type { DecidedRecord, MeetingToCount, MemberTotals } from './rules.ts';

type Judgement = Pick<DecidedRecord, 'status' | 'provenMinutes' | 'isOpen'>;

/** What a record would say under another policy. */
export interface JudgedRecord {
  meeting: MeetingToTake & MeetingToCount;
  before: Judgement;
  after: Judgement;
}

export interface JudgedMember {
  membershipId: string;
  name: string;
  before: MemberTotals;
  after: MemberTotals;
  /** The records that would say something else. */
  records: JudgedRecord[];
}

/**
 * A course's own figures under the policy that holds and under another one: students in the order of their names, in
 * three queries. Nothing is changed. Called by use cases that have checked access.
 */
export async function judgeCourse(
  ctx: Pick<Ctx, 'db' | 'now'>,
  { courseId, before, after }: { courseId: string; before: CoursePolicy; after: CoursePolicy },
): Promise<JudgedMember[]> {
  const [meetings, members, stored] = await Promise.all([
    selectMeetingsToCount(ctx.db, courseId),
    selectMembersToCount(ctx.db, courseId),
    selectRecordsToRejudge(ctx.db, courseId),
  ]);
  const meetingOf = new Map(meetings.map((meeting) => [meeting.id, meeting]));
  const changes = new Map<string, JudgedRecord[]>();
  for (const record of stored) {
    const meeting = meetingOf.get(record.meetingId);
    if (meeting === undefined) continue;
    const judged = rejudge(meeting, record, after);
    const isSame =
      judged.status === record.status &&
      judged.provenMinutes === record.provenMinutes &&
      judged.isOpen === record.isOpen;
    if (isSame) continue;
    changes.set(record.membershipId, [
      ...(changes.get(record.membershipId) ?? []),
      {
        meeting,
        before: judgementOf(record),
        after: judgementOf(judged),
      },
    ]);
  }
  return members.map((member) => {
    const records = changes.get(member.membershipId) ?? [];
    const judged = new Map(records.map((record) => [record.meeting.id, record.after]));
    const totalsUnder = (policy: CoursePolicy, kept: typeof member.records) =>
      rateTotals(computeTotals(meetings, { ...member, records: kept }, policy, ctx.now), policy);
    return {
      membershipId: member.membershipId,
      name: member.name,
      before: totalsUnder(before, member.records),
      after: totalsUnder(
        after,
        member.records.map((record) => ({ ...record, ...judged.get(record.meetingId) })),
      ),
      records,
    };
  });
}

function judgementOf({ status, provenMinutes, isOpen }: Judgement): Judgement {
  return { status, provenMinutes, isOpen };
}
