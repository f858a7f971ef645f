import { randomToken } from './ids.ts';
import { seal, tokenHash, unseal } from './seal.ts';
import type { Purpose, Secrets } from './seal.ts';

/** What is kept of a secret link: its hash recognises it, and its owner can be shown it again. */
export interface KeptLink {
  tokenHash: string;
  sealedToken: string;
}

/** A secret link that nobody has yet: its token (43 characters, URL-safe), and what is kept of it. */
export function createSecretLink(secrets: Secrets, purpose: Purpose): { token: string; kept: KeptLink } {
  const token = randomToken();
  return { token, kept: { tokenHash: tokenHash(token), sealedToken: seal(secrets, purpose, token) } };
}

/** The token of a link, or undefined where no secret opens it any more. */
export function tokenOfLink(secrets: Secrets, purpose: Purpose, kept: KeptLink): string | undefined {
  const token = unseal(secrets, purpose, kept.sealedToken);
  return typeof token === 'string' ? token : undefined;
}
