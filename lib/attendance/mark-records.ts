import { findPolicy } from '../access/find-policy.ts';
import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { newId, recordSubject } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { isLostRace } from '../db/lost-race.ts';
import { transaction } from '../db/transaction.ts';
import { publishRecords } from '../live/notices.ts';
import type { RecordView } from '../live/notices.ts';
import { applyChange, saysAlready } from './apply-change.ts';
import { enterRecords } from './enter-records.ts';
import { marksInput } from './input.ts';
import type { MarkChange, Marks } from './input.ts';
import {
  lockMeetingToTake,
  lockRecords,
  selectExcused,
  selectPastRevisions,
  selectRegisterMembers,
  selectReplaceableMeetings,
  selectSights,
} from './queries.ts';
import type { LockedMeeting, RegisterMember } from './queries.ts';

export interface MarkResult {
  membershipId: string;
  /**
   * `marked`: it stands there now. `conflict`: somebody changed the record since the teacher saw it; nothing was
   * overwritten. `no-record`: there is nothing yet that a note could stand beside. `not-replaceable`: the member was not
   * due at that meeting, or was there.
   */
  kind: 'marked' | 'conflict' | 'no-record' | 'not-replaceable';
  /** What stands there now. */
  record: RecordView | null;
}

/**
 * Enters a teacher's marks for members of one meeting, each by itself: where one meets a conflict, the others are
 * entered. A mark that says what stands there already is `marked`, so that a retry after a lost answer is no conflict.
 * A fixed number of statements, however many marks there are.
 *
 * @param by the membership of whoever made the marks, where they waited in a browser: others may have signed in there
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `other-person` (the viewer did not make these
 *   marks), `not-found` (no such meeting, or a member who is not on its register), `invalid-input`
 */
export async function markRecords(
  ctx: Ctx,
  { courseId, by, ...given }: { courseId: string; meetingId: string; marks: unknown; by?: unknown },
): Promise<MarkResult[]> {
  const { membershipId: viewer } = await requireMarker(ctx, courseId);
  if (by !== undefined && by !== viewer) throw new AppError('other-person');
  const parsed = marksInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  try {
    return await enterMarks(ctx, courseId, parsed.data);
  } catch (error) {
    if (!isLostRace(error)) throw error;
    return enterMarks(ctx, courseId, parsed.data);
  }
}

function enterMarks(ctx: Ctx, courseId: string, { meetingId, marks }: Marks): Promise<MarkResult[]> {
  const membershipIds = marks.map((mark) => mark.membershipId);

  return transaction(ctx, async (tx) => {
    const meeting = await lockMeetingToTake(tx.db, { courseId, meetingId });
    if (meeting === undefined) throw new AppError('not-found');
    const policy = await findPolicy(tx, courseId);
    const held = byMember(await lockRecords(tx.db, meetingId, membershipIds));
    const members = byMember(await selectRegisterMembers(tx.db, meeting, membershipIds));
    if (members.size !== membershipIds.length) throw new AppError('not-found');
    const takenBack = {
      meetingIds: [meetingId],
      membershipIds: marks
        .filter(({ change }) => change.kind === 'take-back')
        .map((mark) => mark.membershipId),
    };
    const sights = await selectSights(tx.db, takenBack);
    const excused = await selectExcused(tx.db, takenBack);
    const replaceable = await loadReplaceable(tx, meeting, marks);
    const past = await selectPastRevisions(
      tx.db,
      membershipIds.filter((id) => !held.has(id)).map((membershipId) => ({ meetingId, membershipId })),
    );

    const plans = marks.map(({ membershipId, revision, change }): Plan => {
      const member = members.get(membershipId);
      if (member === undefined) throw new AppError('not-found');
      const subject = recordSubject(meetingId, membershipId);
      const before = member.record;
      if (saysAlready(before, change)) return { member, kind: 'marked' };
      if ((held.get(membershipId)?.revision ?? 0) !== revision) return { member, kind: 'conflict' };
      if (change.kind === 'replaces' && change.meetingId !== null) {
        const fits = !member.isExpected && replaceable.has(`${membershipId} ${change.meetingId}`);
        if (!fits) return { member, kind: 'not-replaceable' };
      }
      const after = applyChange({
        ...{ before, change, meeting, policy },
        sights: sights.get(subject) ?? [],
        isExcused: excused.has(subject),
      });
      if (after === 'no-record') return { member, kind: 'no-record' };
      return {
        member,
        kind: 'write',
        id: held.get(membershipId)?.id ?? newId(),
        after: after && {
          ...after,
          revision: after.revision + (past.get(subject) ?? 0),
        },
      };
    });
    return writePlans(tx, meeting, plans);
  });
}

/** What becomes of one mark; `after` null: the record goes. */
type Plan =
  | { member: RegisterMember; kind: MarkResult['kind'] }
  | { member: RegisterMember; kind: 'write'; id: string; after: RecordView | null };

function byMember<Row extends { membershipId: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.membershipId, row]));
}

/** Which of the wished replacements hold, as `<membership> <meeting>`. */
async function loadReplaceable(
  tx: Pick<Ctx, 'db' | 'now'>,
  meeting: LockedMeeting,
  marks: readonly { membershipId: string; change: MarkChange }[],
): Promise<Set<string>> {
  const wished = marks.filter(({ change }) => change.kind === 'replaces' && change.meetingId !== null);
  if (wished.length === 0) return new Set();
  const found = await selectReplaceableMeetings(tx.db, {
    courseId: meeting.courseId,
    meetingId: meeting.id,
    membershipIds: wished.map((mark) => mark.membershipId),
  });
  return new Set(found.map((row) => `${row.membershipId} ${row.id}`));
}

/** Enters what was planned, with its audit and its notices. A record that another hand was faster with stays. */
async function writePlans(tx: Ctx, meeting: LockedMeeting, plans: readonly Plan[]): Promise<MarkResult[]> {
  const writes = plans.flatMap((plan) => (plan.kind === 'write' ? [plan] : []));
  const entered = await enterRecords(
    tx,
    meeting.courseId,
    writes.map(({ id, member, after }) => ({
      ...{ id, meetingId: meeting.id, membershipId: member.membershipId, before: member.record, after },
    })),
    'record.marked',
  );
  await publishRecords(
    tx,
    meeting.id,
    writes
      .filter(({ id }) => entered.has(id))
      .map(({ member: { membershipId, name }, after }) => ({ membershipId, name, record: after })),
  );

  const lost = writes.filter(({ id }) => !entered.has(id)).map(({ member }) => member.membershipId);
  const current =
    lost.length === 0
      ? new Map<string, RegisterMember>()
      : byMember(await selectRegisterMembers(tx.db, meeting, lost));
  return plans.map((plan): MarkResult => {
    const { membershipId } = plan.member;
    if (plan.kind !== 'write') return { membershipId, kind: plan.kind, record: plan.member.record };
    return entered.has(plan.id)
      ? { membershipId, kind: 'marked', record: plan.after }
      : { membershipId, kind: 'conflict', record: current.get(membershipId)?.record ?? null };
  });
}
