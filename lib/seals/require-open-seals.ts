import { openAuditKeys } from '../audit/audit-key.ts';
import { LostSecretError } from '../base/lost-secret-error.ts';
import { unseal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { openToolKey } from '../platforms/open-tool-key.ts';
import { selectPublishedToolKeys } from '../platforms/queries.ts';
import { selectOpenSealedWindows } from './queries.ts';

/**
 * Makes sure that everything sealed that is still in use opens with the secrets of the settings. Checked at the
 * start, so that a lost secret is one sentence for the operator and not a failure of every check-in.
 *
 * @throws LostSecretError
 */
export async function requireOpenSeals(ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>): Promise<void> {
  const keys = await selectPublishedToolKeys(ctx.db, ctx.now);
  const windows = await selectOpenSealedWindows(ctx.db, ctx.now);
  const auditKey = (await openAuditKeys(ctx)).at(-1);
  const opens =
    (auditKey === undefined || auditKey.bytes !== undefined) &&
    keys.every((key) => openToolKey(ctx.secrets, key) !== undefined) &&
    windows.every((window) => unseal(ctx.secrets, 'window-secret', window.text) !== undefined);
  if (!opens) throw new LostSecretError();
}
