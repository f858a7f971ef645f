import { seal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { createToolKey } from '../lti/tool-key.ts';
import { insertToolKey, lockToolKeys, selectToolKeys } from './queries.ts';

/** Makes the tool's first key when there is none yet. Safe to call by several processes at once. */
export async function keepToolKey(ctx: Pick<Ctx, 'db' | 'secrets' | 'now'>): Promise<void> {
  if ((await selectToolKeys(ctx.db)).length > 0) return;
  const key = await createToolKey();
  await transaction(ctx, async (tx) => {
    await lockToolKeys(tx.db);
    if ((await selectToolKeys(tx.db)).length > 0) return;
    await insertToolKey(tx.db, {
      kid: key.kid,
      publicJwk: key.publicJwk,
      sealedPrivateJwk: seal(tx.secrets, 'tool-key', key.privateJwk),
      createdAt: tx.now,
      signsFrom: tx.now,
    });
  });
}
