import { defaultPolicy, resolvePolicy } from '../base/course-policy.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockDeployments, selectPolicyOfDeployment } from '../platforms/queries.ts';
import type { PolicyInput } from './input.ts';
import {
  releaseFollowers,
  selectFollowers,
  updateInstitutionPolicy as writeInstitutionPolicy,
} from './queries.ts';
import { readPolicy } from './read-policy.ts';
import { changedFields, keepDifferences, pickFields } from './rules.ts';
import type { PolicyField, PolicyProblems } from './rules.ts';
import { judgeNewMeetings, lockPolicy, storePolicy } from './store-policy.ts';

export type UpdatedInstitutionPolicy =
  | { kind: 'changed'; policy: PolicyInput; fields: PolicyField[]; courses: number; records: number }
  | { kind: 'invalid'; problems: PolicyProblems };

/**
 * Changes what the courses of a deployment begin with. Courses that follow it are judged anew, one after another, each
 * in a transaction of its own, in which it takes the new value as its own; only when all have done so the institution's
 * word changes, and they follow again. At no moment do a course's figures and its policy disagree; where this is broken
 * off, saying it again finishes it. An operator's act.
 *
 * @param change values for some fields, and fields in which the tool's own default is to hold again
 */
export async function updateInstitutionPolicy(
  ctx: Ctx,
  deploymentId: string,
  change: { set: Partial<Record<PolicyField, unknown>>; reset: readonly PolicyField[] },
): Promise<UpdatedInstitutionPolicy> {
  const wish = (institution: Partial<CoursePolicy>) =>
    readPolicy({
      ...resolvePolicy(institution, {}),
      ...pickFields(defaultPolicy, change.reset),
      ...change.set,
    });
  const held = await selectPolicyOfDeployment(ctx.db, deploymentId);
  const wanted = wish(held);
  if (!wanted.ok) return { kind: 'invalid', problems: wanted.problems };
  const fields = changedFields(resolvePolicy(held, {}), wanted.policy);
  if (fields.length === 0) return { kind: 'changed', policy: wanted.policy, fields, courses: 0, records: 0 };
  const said = pickFields(wanted.policy, fields);
  const done = { courses: 0, records: 0 };
  for (;;) {
    for (const courseId of await selectFollowers(ctx.db, deploymentId, fields)) {
      done.records += await takeOver(ctx, courseId, said);
      done.courses += 1;
    }
    const isKept = await transaction(ctx, async (tx) => {
      await lockDeployments(tx.db, [deploymentId]);
      const institution = await selectPolicyOfDeployment(tx.db, deploymentId);
      const stands = resolvePolicy(institution, {});
      const kept = { ...stands, ...said };
      // Nobody can plan a first meeting now; who did meanwhile comes before. Where somebody else has said the same
      // meanwhile, followers have it already.
      const open = changedFields(stands, kept);
      if ((await selectFollowers(tx.db, deploymentId, open)).length > 0) return false;
      await writeInstitutionPolicy(tx.db, deploymentId, keepDifferences(kept, defaultPolicy));
      await releaseFollowers(tx.db, deploymentId, said);
      return true;
    });
    if (isKept) return { kind: 'changed', policy: wanted.policy, fields, ...done };
  }
}

/** @returns how many records of the course say something else now */
async function takeOver(ctx: Ctx, courseId: string, said: Partial<PolicyInput>): Promise<number> {
  const { locked, records } = await transaction(ctx, async (tx) => {
    const locked = await lockPolicy(tx, courseId);
    const { records } = await storePolicy(tx, locked, { ...said, ...locked.held.own });
    return { locked, records };
  });
  await judgeNewMeetings(ctx, locked);
  return records;
}
