import { z } from 'zod';
import { unseal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { importToolSigner } from '../lti/tool-key.ts';
import type { ToolSigner } from '../lti/tool-key.ts';
import { selectToolKeys } from './queries.ts';

/** The JWKS that platforms read (RFC 7517): public halves alone. */
export async function loadPublicKeys(ctx: Pick<Ctx, 'db'>): Promise<{ keys: Record<string, string>[] }> {
  return { keys: (await selectToolKeys(ctx.db)).map((key) => key.publicJwk) };
}

/** The newest key, ready to sign. */
export async function loadToolSigner(ctx: Pick<Ctx, 'db' | 'secrets'>): Promise<ToolSigner> {
  const [key] = await selectToolKeys(ctx.db);
  if (key === undefined) throw new Error('there is no tool key');
  const opened = z
    .looseObject({ kty: z.literal('RSA') })
    .safeParse(unseal(ctx.secrets, 'tool-key', key.sealedPrivateJwk));
  if (!opened.success) {
    throw new Error(
      'The tool key was sealed with another SESSION_SECRET: set SESSION_SECRET_PREVIOUS to it.',
    );
  }
  return importToolSigner(key.kid, opened.data);
}
