import { seal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { createToolKey } from '../lti/tool-key.ts';
import type { NewToolKey } from '../lti/tool-key.ts';
import { insertToolKey, lockToolKeys, selectPublishedToolKeys } from './queries.ts';

/** Makes the tool's first key when there is none yet. Safe to call by several processes at once. */
export async function keepToolKey(ctx: Pick<Ctx, 'db' | 'secrets' | 'now'>): Promise<void> {
  if ((await selectPublishedToolKeys(ctx.db, ctx.now)).length > 0) return;
  const key = await createToolKey();
  await transaction(ctx, async (tx) => {
    await lockToolKeys(tx.db);
    if ((await selectPublishedToolKeys(tx.db, tx.now)).length > 0) return;
    await sealToolKey(tx, key, tx.now);
  });
}

/** Publishes a key from now on; it signs from the given moment. */
export async function sealToolKey(
  ctx: Pick<Ctx, 'db' | 'secrets' | 'now'>,
  key: NewToolKey,
  signsFrom: Date,
): Promise<void> {
  await insertToolKey(ctx.db, {
    kid: key.kid,
    publicJwk: key.publicJwk,
    sealedPrivateJwk: seal(ctx.secrets, 'tool-key', key.privateJwk),
    createdAt: ctx.now,
    signsFrom,
  });
}
