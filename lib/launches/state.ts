import { createHash } from 'node:crypto';
import { z } from 'zod';
import { randomToken } from '../base/ids.ts';
import { seal, unseal } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';

/** How long a platform's sign-in may take between our two doors; Canvas' own hint lives 5 minutes. */
export const stateMs = 10 * 60_000;

/** Where, inside a frame, a browser that keeps no cookie of ours may keep its key instead. */
const keeperShape = z.object({
  /** The frame in which the platform's storage answers (`lti_storage_target`), where it offers one. */
  storageTarget: z.string().optional(),
});

const stateShape = z.object({
  /** What the browser proves to have: by a cookie, or by what it kept within the frame. */
  browserKey: z.string(),
  nonce: z.string(),
  platformId: z.uuid(),
  /** Given where the login began in a frame. */
  keeper: keeperShape.optional(),
  expiresAt: z.number(),
});

export type KeyKeeper = z.output<typeof keeperShape>;

/** What one login attempt must find again at its launch. It travels sealed, as the `state` itself. */
export type LaunchState = z.output<typeof stateShape>;

export function createState(given: Pick<LaunchState, 'platformId' | 'keeper'>, now: Date): LaunchState {
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

/** Each attempt keeps its key under a name of its own, so that two tabs can sign in at once. */
export function stateName(sealedState: string): `state_${string}` {
  return `state_${createHash('sha256').update(sealedState).digest('hex').slice(0, 12)}`;
}
