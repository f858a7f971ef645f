import { LostSecretError } from '../base/lost-secret-error.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { createToolKey } from '../lti/tool-key.ts';
import { sealToolKey } from './keep-tool-key.ts';
import { openToolKey } from './open-tool-key.ts';
import { lockToolKeys, selectPublishedToolKeys, updateToolKeysRetiredAt } from './queries.ts';
import { decideRotation } from './rules.ts';
import type { RotationHaste } from './rules.ts';

export type KeyRotation =
  | { kind: 'rotated'; kid: string; signsFrom: Date; retired: string[]; retiredAt: Date }
  | { kind: 'under-way'; kid: string; signsFrom: Date }
  /** The tool was never started: there is nothing to replace. */
  | { kind: 'no-key' };

/**
 * Replaces the tool's signing key: the new one is published at once and signs later, the old ones stay published
 * a day longer. `now` is for a key that has leaked: the old ones are withdrawn on the spot. Nothing has to run
 * at those times; they stand in the rows. An operator's act.
 *
 * @throws LostSecretError (what was sealed with a wrong secret, no process could open)
 */
export async function rotateToolKeys(
  ctx: Pick<Ctx, 'db' | 'secrets' | 'now'>,
  haste: RotationHaste,
): Promise<KeyRotation> {
  const key = await createToolKey();
  return transaction(ctx, async (tx) => {
    await lockToolKeys(tx.db);
    const published = await selectPublishedToolKeys(tx.db, tx.now);
    if (published.some((known) => openToolKey(tx.secrets, known) === undefined)) throw new LostSecretError();
    const decision = decideRotation(published, haste, tx.now);
    if (decision.kind !== 'rotate') return decision;
    const { signsFrom, retired, retiredAt } = decision;
    await updateToolKeysRetiredAt(tx.db, retired, retiredAt);
    await sealToolKey(tx, key, signsFrom);
    return { kind: 'rotated', kid: key.kid, signsFrom, retired, retiredAt };
  });
}
