import { requireStudent } from '../access/require-place.ts';
import { insertAuditEvent } from '../audit/queries.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { queueExcusesReceived } from '../notices/queue-messages.ts';
import { excuseInput } from './input.ts';
import type { ExcuseInput, ExcuseProblem } from './input.ts';
import {
  attachFiles,
  insertExcuse,
  insertExcuseMeetings,
  lockAttachableFiles,
  lockMember,
  selectExcuse,
  selectMeetingsToExcuse,
} from './queries.ts';
import { isChoosable, meetingsOfDays } from './rules.ts';

export type SubmittedExcuse =
  | { kind: 'submitted'; excuseId: string }
  | { kind: 'invalid'; problems: ExcuseProblem[] }
  /** No meeting is left: none lies in these days, they are cancelled, or other excuses stand for them. */
  | { kind: 'nothing-to-excuse' }
  /** Some documents are not there (any more): they have to be uploaded again. */
  | { kind: 'file-missing'; fileIds: string[] };

/**
 * Hands in an excuse. It changes no record. The same excuse handed in again is the same: a lost answer, a double tap.
 *
 * @throws AppError `not-signed-in`, `no-access` (Student View too), `not-found` (a meeting that is not theirs)
 */
export async function submitExcuse(
  ctx: Ctx,
  { courseId, excuse: given }: { courseId: string; excuse: unknown },
): Promise<SubmittedExcuse> {
  const { membershipId, isTestUser } = await requireStudent(ctx, courseId);
  if (isTestUser) throw new AppError('no-access');
  const parsed = excuseInput.safeParse(given);
  if (!parsed.success) {
    return { kind: 'invalid', problems: problemsOf(parsed.error.issues.map(({ path }) => path)) };
  }
  const excuse = parsed.data;
  return transaction(ctx, async (tx) => {
    // One after the other: two tabs cannot excuse the same meeting twice.
    await lockMember(tx.db, membershipId);
    const earlier = await selectExcuse(tx.db, { courseId, excuseId: excuse.id });
    if (earlier !== undefined) {
      if (earlier.membershipId !== membershipId) throw new AppError('not-found');
      return { kind: 'submitted', excuseId: excuse.id };
    }
    const meetingIds = await chosenMeetings(tx, { courseId, membershipId, choice: excuse.choice });
    if (meetingIds.length === 0) return { kind: 'nothing-to-excuse' };
    const held = await lockAttachableFiles(tx.db, {
      ...{ membershipId, excuseId: excuse.id, fileIds: excuse.fileIds },
    });
    const missing = excuse.fileIds.filter((id) => !held.has(id));
    if (missing.length > 0) return { kind: 'file-missing', fileIds: missing };
    const { fromDay, toDay } = excuse.choice.kind === 'days' ? excuse.choice : { fromDay: null, toDay: null };
    await insertExcuse(tx.db, {
      ...{ id: excuse.id, courseId, membershipId, reason: excuse.reason, text: excuse.text, fromDay, toDay },
      ...{ state: 'submitted', submittedAt: tx.now },
    });
    await insertExcuseMeetings(tx.db, excuse.id, meetingIds);
    await attachFiles(tx.db, excuse.id, excuse.fileIds);
    await insertAuditEvent(tx, {
      ...{ courseId, action: 'excuse.submitted', subjectId: excuse.id },
      after: { membershipId, meetingIds, documents: excuse.fileIds.length },
    });
    await queueExcusesReceived(tx, { courseId });
    return { kind: 'submitted', excuseId: excuse.id };
  });
}

async function chosenMeetings(
  tx: Pick<Ctx, 'db'>,
  given: { courseId: string; membershipId: string; choice: ExcuseInput['choice'] },
): Promise<string[]> {
  const { choice } = given;
  const own = await selectMeetingsToExcuse(tx.db, given);
  if (choice.kind === 'days')
    return meetingsOfDays(own, choice)
      .filter(isChoosable)
      .map(({ id }) => id);
  const byId = new Map(own.map((meeting) => [meeting.id, meeting]));
  const chosen = choice.meetingIds.map((id) => byId.get(id));
  if (chosen.includes(undefined)) throw new AppError('not-found');
  return chosen
    .filter((meeting) => meeting !== undefined && isChoosable(meeting))
    .flatMap((one) => one?.id ?? []);
}

const fields: Readonly<Record<string, ExcuseProblem>> = { reason: 'reason', text: 'text', fileIds: 'files' };

/** @throws AppError `invalid-input` for what no form of ours sends */
function problemsOf(paths: readonly (readonly PropertyKey[])[]): ExcuseProblem[] {
  const problems = paths.map(([field, part]): ExcuseProblem => {
    if (field === 'choice') return part === 'fromDay' || part === 'toDay' ? 'days' : 'meetings';
    const problem = fields[String(field)];
    if (problem === undefined) throw new AppError('invalid-input');
    return problem;
  });
  return [...new Set(problems)];
}
