import { recomputeRecords } from '../attendance/recompute-records.ts';
import { lockMeetingsOfCourse } from '../attendance/queries.ts';
import type { LockedMeeting } from '../attendance/queries.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { resolvePolicy } from '../base/course-policy.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import { AppError } from '../base/errors.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { noticePayload } from '../live/notices.ts';
import { notifyAll } from '../live/queries.ts';
import { lockCourseRow, selectSettings, updateCoursePolicy, updateRevisionsNear } from './queries.ts';
import type { HeldSettings } from './queries.ts';
import { changedFields, decideAboutRecords, pickFields } from './rules.ts';

/** A course's policy under lock, with the meetings in which nobody judges a record meanwhile. */
export interface LockedPolicy {
  courseId: string;
  held: HeldSettings;
  meetings: LockedMeeting[];
}

/**
 * Locks the meetings of a course and then its policy: in the order of those who mark, so that nobody waits in a circle.
 *
 * @throws AppError `not-found`
 */
export async function lockPolicy(tx: Pick<Ctx, 'db'>, courseId: string): Promise<LockedPolicy> {
  const meetings = await lockMeetingsOfCourse(tx.db, courseId);
  await lockCourseRow(tx.db, courseId);
  // Read after the lock: the statement that waits for a lock sees what stood there before.
  const held = await selectSettings(tx.db, courseId);
  if (held === undefined) throw new AppError('not-found');
  return { courseId, held, meetings };
}

/**
 * Keeps a course's own policy and judges its records by it, with the audit and a notice to everybody who looks at a
 * register. Where it says the same as before, nothing happens. A fixed number of statements. Call `judgeNewMeetings` when the transaction has ended.
 *
 * @returns the new revision, and how many records say something else now
 */
export async function storePolicy(
  tx: Ctx,
  { courseId, held, meetings }: LockedPolicy,
  own: Partial<CoursePolicy>,
): Promise<{ revision: number; records: number }> {
  const policy = resolvePolicy(held.institution, own);
  const before = resolvePolicy(held.institution, held.own);
  const fields = changedFields(before, policy);
  if (fields.length === 0) return { revision: held.revision, records: 0 };
  const revision = await updateCoursePolicy(tx.db, courseId, own);
  await insertAuditEvent(tx, {
    courseId,
    action: 'policy.changed',
    subjectId: courseId,
    before: pickFields(before, fields),
    after: pickFields(policy, fields),
  });
  const records = decideAboutRecords(fields) ? await judgeAnew(tx, courseId, meetings, policy) : 0;
  await notifyAll(
    tx.db,
    meetings.map(({ id }) => noticePayload({ kind: 'reload', meetingId: id })),
  );
  return { revision, records };
}

/**
 * Judges what was recorded in meetings that were planned while the policy changed: nobody could lock them yet, and a
 * check-in may have read the old policy. Any that comes later reads the new one.
 */
export async function judgeNewMeetings(ctx: Ctx, { courseId, meetings }: LockedPolicy): Promise<void> {
  const known = new Set(meetings.map(({ id }) => id));
  await transaction(ctx, async (tx) => {
    const added = (await lockMeetingsOfCourse(tx.db, courseId)).filter(({ id }) => !known.has(id));
    if (added.length > 0) await judgeAnew(tx, courseId, added);
  });
}

const dayMs = 24 * 60 * 60 * 1000;

async function judgeAnew(
  tx: Ctx,
  courseId: string,
  meetings: readonly LockedMeeting[],
  policy?: CoursePolicy,
): Promise<number> {
  await updateRevisionsNear(tx.db, courseId, { from: addMs(tx.now, -dayMs), to: addMs(tx.now, dayMs) });
  return recomputeRecords(tx, meetings, policy);
}
