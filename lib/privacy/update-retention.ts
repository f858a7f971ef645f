import { defaultRetention, resolveRetention, retentionFields } from '../base/retention-policy.ts';
import type { RetentionField, RetentionPolicy } from '../base/retention-policy.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { retentionInput } from './input.ts';
import { lockRetention, updateRetention as writeRetention } from './queries.ts';

export type UpdatedRetention =
  | { kind: 'kept'; retention: RetentionPolicy; changed: RetentionField[] }
  | { kind: 'invalid'; fields: RetentionField[] };

/**
 * Shows or changes how long an institution keeps what. Only what differs from our defaults is kept, so that it follows
 * them elsewhere. An operator's act.
 *
 * @param change values for some fields, and fields in which our default is to hold again
 */
export async function updateRetention(
  ctx: Pick<Ctx, 'db'>,
  deploymentId: string,
  change: { set: Partial<Record<RetentionField, unknown>>; reset: readonly RetentionField[] },
): Promise<UpdatedRetention> {
  return transaction(ctx, async (tx) => {
    const held = resolveRetention(await lockRetention(tx.db, deploymentId));
    const reset = Object.fromEntries(change.reset.map((field) => [field, defaultRetention[field]]));
    const wanted = retentionInput.safeParse({ ...held, ...reset, ...change.set });
    if (!wanted.success) {
      const wrong = new Set(wanted.error.issues.map(({ path }) => path[0]));
      return { kind: 'invalid', fields: retentionFields.filter((field) => wrong.has(field)) };
    }
    const retention = wanted.data;
    const changed = retentionFields.filter((field) => retention[field] !== held[field]);
    const own = retentionFields.filter((field) => retention[field] !== defaultRetention[field]);
    if (changed.length > 0) {
      await writeRetention(
        tx.db,
        deploymentId,
        Object.fromEntries(own.map((field) => [field, retention[field]])),
      );
    }
    return { kind: 'kept', retention, changed };
  });
}
