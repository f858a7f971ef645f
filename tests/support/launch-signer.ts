import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWK } from 'jose';
import { claimNames } from '#lib/lti/claim-names.ts';
import { AppError } from '#lib/base/errors.ts';
import type { PlatformKeys } from '#lib/lti/platform-keys.ts';

export const issuer = 'https://canvas.example';
export const clientId = '10000000000001';
export const deploymentId = '5:8865aa05b4b79b64a91a86042e43af5ea8ae79eb';
export const membershipRole = (name: string) => `http://purl.imsglobal.org/vocab/lis/v2/membership#${name}`;

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
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  return {
    keys: {
      find: (kid) =>
        kid === 'k1' ? Promise.resolve(publicKey) : Promise.reject(new AppError('token-key-unknown')),
    },
    publicJwk: { ...(await exportJWK(publicKey)), kid: 'k1', use: 'sig', alg: 'RS256' },
    sign(words) {
      const seconds = Math.floor(words.now.getTime() / 1000);
      return new SignJWT({
        iss: issuer,
        aud: clientId,
        azp: clientId,
        sub: words.sub,
        nonce: words.nonce,
        iat: seconds - 2,
        exp: seconds + 3600,
        locale: 'de',
        name: 'Anna Beispiel',
        given_name: 'Anna',
        family_name: 'Beispiel',
        email: 'anna@example.org',
        [claimNames.messageType]: 'LtiResourceLinkRequest',
        [claimNames.version]: '1.3.0',
        [claimNames.deploymentId]: words.deployment ?? deploymentId,
        [claimNames.targetLinkUri]: words.target ?? 'https://tool.example/lti/launch',
        [claimNames.roles]: words.roles ?? [membershipRole('Learner')],
        [claimNames.context]: { id: words.contextId ?? 'course-a', label: 'A-1', title: 'Anatomie' },
        [claimNames.resourceLink]: { id: words.contextId ?? 'course-a', title: 'Anatomie' },
        [claimNames.custom]: words.custom ?? {},
        ...words.change,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
        .sign(privateKey);
    },
  };
}
