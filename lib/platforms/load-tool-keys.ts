import { LostSecretError } from '../base/lost-secret-error.ts';
import type { Ctx } from '../context.ts';
import { importToolSigner } from '../lti/tool-key.ts';
import type { ToolSigner } from '../lti/tool-key.ts';
import { openToolKey } from './open-tool-key.ts';
import { selectPublishedToolKeys } from './queries.ts';
import { findSigningKey } from './rules.ts';

/** The JWKS that platforms read (RFC 7517): the public halves of all keys that sign, will sign or have signed. */
export async function loadPublicKeys(
  ctx: Pick<Ctx, 'db' | 'now'>,
): Promise<{ keys: Record<string, string>[] }> {
  return { keys: (await selectPublishedToolKeys(ctx.db, ctx.now)).map((key) => key.publicJwk) };
}

/**
 * The key whose turn it is, ready to sign.
 *
 * @throws LostSecretError
 */
export async function loadToolSigner(ctx: Pick<Ctx, 'db' | 'secrets' | 'now'>): Promise<ToolSigner> {
  const key = findSigningKey(await selectPublishedToolKeys(ctx.db, ctx.now), ctx.now);
  if (key === undefined) throw new Error('there is no tool key');
  const opened = openToolKey(ctx.secrets, key);
  if (opened === undefined) throw new LostSecretError();
  return importToolSigner(key.kid, opened);
}
