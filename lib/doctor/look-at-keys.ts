import { unseal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { LostSecretError } from '../base/lost-secret-error.ts';
import { selectPublishedToolKeys } from '../platforms/queries.ts';
import { keyState } from '../platforms/rules.ts';
import { requireOpenSeals } from '../seals/require-open-seals.ts';
import { judgeKeys } from './rules.ts';
import type { Finding } from './rules.ts';

/** Whether the tool can sign, and whether what lies sealed in the database opens. */
export async function lookAtKeys(ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>): Promise<Finding[]> {
  const keys = await selectPublishedToolKeys(ctx.db, ctx.now);
  const areOpen = await requireOpenSeals(ctx).then(
    () => true,
    (error: unknown) => {
      if (error instanceof LostSecretError) return false;
      throw error;
    },
  );
  const opens = (sealed: string) => {
    if (unseal({ current: ctx.secrets.current }, 'tool-key', sealed) !== undefined) return 'current';
    return unseal(ctx.secrets, 'tool-key', sealed) === undefined ? 'no' : 'previous';
  };
  return judgeKeys(
    keys.map((key) => ({
      ...{ kid: key.kid, createdAt: key.createdAt },
      ...{ state: keyState(key, keys, ctx.now), opens: opens(key.sealedPrivateJwk) },
    })),
    areOpen,
    ctx.now,
  );
}
