import type { JWK } from 'jose';
import { claimNames } from '#lib/lti/claim-names.ts';
import { AppError } from '#lib/base/errors.ts';
import type { PlatformKeys } from '#lib/lti/platform-keys.ts';
import { createSigningKey, launchClaims, signClaims, vocabulary } from './test-platform.ts';

export const issuer = 'https://canvas.example';
export const clientId = '10000000000001';
export const deploymentId = '5:8865aa05b4b79b64a91a86042e43af5ea8ae79eb';
export const membershipRole = (name: string) => `${vocabulary}/membership#${name}`;

export interface LaunchWords {
  sub: string;
  nonce: string;
  now: Date;
  roles?: string[];
  contextId?: string;
  deployment?: string;
  target?: string;
  custom?: Record<string, unknown>;
  /** Claims laid over the rest; undefined takes one away. */
  change?: Record<string, unknown>;
}

/** A platform's signing side: makes id_tokens as Canvas does, and holds the key that verifies them. */
export async function createLaunchSigner(): Promise<{
  keys: PlatformKeys;
  publicJwk: JWK;
  sign(words: LaunchWords): Promise<string>;
}> {
  const key = await createSigningKey();
  return {
    keys: {
      find: (kid) =>
        kid === key.kid ? Promise.resolve(key.publicKey) : Promise.reject(new AppError('token-key-unknown')),
    },
    publicJwk: key.publicJwk,
    sign({ sub, nonce, now, roles, contextId = 'course-a', deployment, target, custom = {}, change }) {
      const claims = {
        ...launchClaims({
          issuer,
          clientId,
          deploymentId: deployment ?? deploymentId,
          nonce,
          target: target ?? 'https://tool.example/lti/launch',
          now,
        }),
        sub,
        locale: 'de',
        [claimNames.roles]: roles ?? [membershipRole('Learner')],
        [claimNames.context]: { id: contextId, label: 'A-1', title: 'Anatomie' },
        [claimNames.resourceLink]: { id: contextId, title: 'Anatomie' },
        [claimNames.custom]: custom,
        ...change,
      };
      return signClaims(claims, { key });
    },
  };
}
