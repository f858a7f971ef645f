import { importJWK } from 'jose';
import type { CryptoKey } from 'jose';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';

const jwks = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() }))
    .max(100),
});

/** A platform's public keys, by `kid`. */
export interface PlatformKeys {
  /** @throws AppError `token-key-unknown`, `platform-keys-unavailable` */
  find(kid: string): Promise<CryptoKey>;
}

/** Keys are asked for again after this long even when the `kid` is known, so that a withdrawn key ends. */
const maxAgeMs = 60 * 60_000;
/** After a `kid` that was not even found by asking again: strangers cannot make us flood the platform. */
const afterMissMs = 30_000;
/** After an address that did not answer: those who come meanwhile do not wait for it too. */
const afterFailureMs = 5_000;

/**
 * The keys that a platform shows and that can be used, by `kid`.
 *
 * @throws AppError as `OutsideFetch`, and `platform-answer` with its status; another error where it shows no JWKS
 */
export async function readPlatformKeys(
  jwksUrl: string,
  fetchOutside: OutsideFetch,
): Promise<Map<string, CryptoKey>> {
  const answer = await fetchOutside(jwksUrl, {
    headers: { accept: 'application/json' },
    timeoutMs: 1_500,
    maxBytes: 262_144,
  });
  if (answer.status !== 200) throw new AppError('platform-answer', { status: answer.status });
  const parsed = jwks.parse(JSON.parse(answer.body));
  const keys = new Map<string, CryptoKey>();
  for (const jwk of parsed.keys) {
    if (jwk.kid === undefined || jwk.kty !== 'RSA' || (jwk.use !== undefined && jwk.use !== 'sig')) continue;
    // One broken key does not take the others away.
    const key = await importJWK({ ...jwk, kty: 'RSA' }, 'RS256').catch(() => undefined);
    if (key !== undefined && !(key instanceof Uint8Array)) keys.set(jwk.kid, key);
  }
  return keys;
}

/**
 * Reads a platform's JWKS (RFC 7517) and keeps it. An unknown `kid` is looked up once more; while the
 * address does not answer, the last good keys count.
 */
export function createPlatformKeys(
  jwksUrl: string,
  fetchOutside: OutsideFetch,
  now: () => number,
): PlatformKeys {
  let keys = new Map<string, CryptoKey>();
  let readAt = -Infinity;
  let askAgainFrom = -Infinity;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    keys = await readPlatformKeys(jwksUrl, fetchOutside);
    readAt = now();
  }

  function readOnce(): Promise<void> {
    reading ??= read()
      .catch((error: unknown) => {
        askAgainFrom = now() + afterFailureMs;
        throw error;
      })
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  return {
    async find(kid) {
      const stale = now() - readAt > maxAgeMs;
      let failure: unknown;
      if ((stale || !keys.has(kid)) && (reading !== undefined || now() >= askAgainFrom)) {
        try {
          await readOnce();
          if (!keys.has(kid)) askAgainFrom = now() + afterMissMs;
        } catch (error) {
          failure = error;
        }
      }
      const key = keys.get(kid);
      if (key !== undefined) return key;
      // Never read, or the last attempt failed: the platform's fault, not the token's.
      if (failure !== undefined || readAt === -Infinity) {
        throw new AppError('platform-keys-unavailable', {}, { cause: failure });
      }
      throw new AppError('token-key-unknown');
    },
  };
}
