import { createHash } from 'node:crypto';
import { z } from 'zod';
import { randomToken } from '../base/ids.ts';
import { seal, unseal } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';

/** How long a platform's sign-in may take between our two doors; Canvas' own hint lives 5 minutes. */
export const stateMs = 10 * 60_000;

const stateShape = z.object({
  /** What the browser proves to have, by a cookie. */
  browserKey: z.string(),
  nonce: z.string(),
  platformId: z.uuid(),
  targetLinkUri: z.string(),
  expiresAt: z.number(),
});

/** What one login attempt must find again at its launch. It travels sealed, as the `state` itself. */
export type LaunchState = z.output<typeof stateShape>;

export function createState(given: { platformId: string; targetLinkUri: string }, now: Date): LaunchState {
  return {
    ...given,
    browserKey: randomToken(),
    nonce: randomToken(),
    expiresAt: now.getTime() + stateMs,
  };
}

export function sealState(secrets: Secrets, state: LaunchState): string {
  return seal(secrets, 'lti-state', state);
}

/** The state, or undefined when it is not ours or too old. */
export function openState(secrets: Secrets, sealed: string, now: Date): LaunchState | undefined {
  const opened = stateShape.safeParse(unseal(secrets, 'lti-state', sealed));
  return opened.success && opened.data.expiresAt > now.getTime() ? opened.data : undefined;
}

/** Each attempt has a cookie of its own, so that two tabs can sign in at once. */
export function stateCookieName(sealedState: string): `sk_state_${string}` {
  return `sk_state_${createHash('sha256').update(sealedState).digest('hex').slice(0, 12)}`;
}
