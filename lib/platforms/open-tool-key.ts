import { z } from 'zod';
import { unseal } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';
import type { ToolKey } from './queries.ts';

const privateJwk = z.looseObject({ kty: z.literal('RSA') });

/** The private half of a key, or undefined when no secret of ours opens it. */
export function openToolKey(
  secrets: Secrets,
  key: Pick<ToolKey, 'sealedPrivateJwk'>,
): z.output<typeof privateJwk> | undefined {
  return privateJwk.safeParse(unseal(secrets, 'tool-key', key.sealedPrivateJwk)).data;
}
