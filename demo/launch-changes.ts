import { createSecretKey } from 'node:crypto';
import { base64url, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { z } from 'zod';
import type { SigningKeys } from './signing-keys.ts';

/** How a launch is spoiled on purpose, so that a tool's refusals can be tested. */
export const nextLaunch = z
  .object({
    /** Claims to set, by their full name. Numbers of `iat` and `exp` are Unix seconds. */
    set: z.record(z.string(), z.unknown()).default({}),
    /** Seconds added to a time claim that is there. */
    shift: z.partialRecord(z.enum(['iat', 'exp', 'nbf']), z.number()).default({}),
    /** Claims to leave out. */
    remove: z.array(z.string()).default([]),
    /** The whole payload, instead of the message. */
    payload: z.record(z.string(), z.unknown()).optional(),
    /** `null` leaves the key id out. */
    kid: z.string().nullable().optional(),
    signature: z.enum(['right', 'foreign-key', 'none', 'hmac-with-public-key', 'broken']).default('right'),
    nonce: z.string().nullable().optional(),
    state: z.string().nullable().optional(),
    /** Send the same answer, whatever the number of launches. */
    times: z.number().int().min(1).default(1),
  })
  .strict();
export type NextLaunch = z.output<typeof nextLaunch>;

function changedPayload(
  claims: Record<string, unknown>,
  nonce: string,
  change: NextLaunch | undefined,
): Record<string, unknown> {
  const payload: Record<string, unknown> = { ...(change?.payload ?? claims), nonce };
  if (change === undefined) return payload;
  if (change.payload !== undefined && change.payload.nonce === undefined) delete payload.nonce;
  if (change.nonce !== undefined) payload.nonce = change.nonce;
  for (const [name, seconds] of Object.entries(change.shift)) {
    payload[name] = Number(payload[name] ?? payload.iat) + seconds;
  }
  Object.assign(payload, change.set);
  for (const name of change.remove) payload[name] = undefined;
  return payload;
}

/** The id_token: signed as it should be, or as the change wants it. */
export async function signIdToken(
  keys: SigningKeys,
  claims: Record<string, unknown>,
  nonce: string,
  change?: NextLaunch,
): Promise<string> {
  const key = keys.current();
  const payload = changedPayload(claims, nonce, change);
  const kid = change?.kid === undefined ? key.kid : change.kid;
  const header = kid === null ? {} : { kid };
  switch (change?.signature ?? 'right') {
    case 'right':
      return new SignJWT(payload)
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', ...header })
        .sign(key.privateKey);
    case 'foreign-key': {
      const foreign = await generateKeyPair('RS256');
      return new SignJWT(payload)
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', ...header })
        .sign(foreign.privateKey);
    }
    case 'none': {
      const part = (value: unknown): string => base64url.encode(JSON.stringify(value));
      return `${part({ typ: 'JWT', alg: 'none', ...header })}.${part(payload)}.`;
    }
    case 'hmac-with-public-key': {
      const publicKey = await importJWK(key.publicJwk, 'RS256', { extractable: true });
      if (!('type' in publicKey)) throw new Error('not a public key');
      const secret = createSecretKey(Buffer.from(await exportSPKI(publicKey)));
      return new SignJWT(payload).setProtectedHeader({ typ: 'JWT', alg: 'HS256', ...header }).sign(secret);
    }
    case 'broken': {
      const token = await new SignJWT(payload)
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', ...header })
        .sign(key.privateKey);
      const at = token.lastIndexOf('.') + 5;
      return `${token.slice(0, at)}${token.charAt(at) === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
    }
  }
}
