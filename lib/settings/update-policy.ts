import { requireManager } from '../access/require-place.ts';
import { resolvePolicy } from '../base/course-policy.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import type { PolicyInput } from './input.ts';
import { readPolicy } from './read-policy.ts';
import { changedFields, areForTeachers, keepDifferences } from './rules.ts';
import type { PolicyProblems } from './rules.ts';
import { judgeNewMeetings, lockPolicy, storePolicy } from './store-policy.ts';

export type UpdatedPolicy =
  /** `records`: how many say something else now. */
  | { kind: 'saved'; revision: number; records: number }
  | { kind: 'invalid'; problems: PolicyProblems }
  /** Somebody changed it since it was seen; nothing was overwritten. This stands there now. */
  | { kind: 'conflict'; theirs: PolicyInput; revision: number };

/**
 * Changes how a course counts, and judges its records by it, all or nothing. Kept is only where the course differs from
 * its institution; in the rest it goes on following. Who saw an older revision changes nothing and hears `conflict`.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants` (also for an assistant who would change what
 *   assistants may)
 */
export async function updatePolicy(
  ctx: Ctx,
  { courseId, revision, policy }: { courseId: string; revision: number; policy: unknown },
): Promise<UpdatedPolicy> {
  const { role } = await requireManager(ctx, courseId);
  const read = readPolicy(policy);
  if (!read.ok) return { kind: 'invalid', problems: read.problems };
  const wanted = read.policy;
  const { locked, answer } = await transaction(ctx, async (tx) => {
    const locked = await lockPolicy(tx, courseId);
    const { own, institution, revision: heldRevision } = locked.held;
    const held = resolvePolicy(institution, own);
    const fields = changedFields(held, wanted);
    const answer = async (): Promise<UpdatedPolicy> => {
      if (heldRevision !== revision) return { kind: 'conflict', theirs: held, revision: heldRevision };
      if (role !== 'teacher' && areForTeachers(fields)) throw new AppError('not-for-assistants');
      const kept = keepDifferences(wanted, resolvePolicy(institution, {}));
      return { kind: 'saved', ...(await storePolicy(tx, locked, kept)) };
    };
    return { locked, answer: await answer() };
  });
  if (answer.kind === 'saved') await judgeNewMeetings(ctx, locked);
  return answer;
}
