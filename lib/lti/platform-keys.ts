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
/** An unknown `kid` asks again at most this often: strangers cannot make us flood the platform. */
const cooldownMs = 30_000;

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
  let triedAt = -Infinity;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const answer = await fetchOutside(jwksUrl, {
      headers: { accept: 'application/json' },
      timeoutMs: 1_500,
      maxBytes: 262_144,
    });
    if (answer.status !== 200) throw new AppError('platform-answer', { status: answer.status });
    const parsed = jwks.parse(JSON.parse(answer.body));
    const fresh = new Map<string, CryptoKey>();
    for (const jwk of parsed.keys) {
      if (jwk.kid === undefined || jwk.kty !== 'RSA' || (jwk.use !== undefined && jwk.use !== 'sig'))
        continue;
      const key = await importJWK({ ...jwk, kty: 'RSA' }, 'RS256');
      if (!(key instanceof Uint8Array)) fresh.set(jwk.kid, key);
    }
    keys = fresh;
    readAt = now();
  }

  function readOnce(): Promise<void> {
    triedAt = now();
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    async find(kid) {
      const stale = now() - readAt > maxAgeMs;
      const mayTry = reading !== undefined || now() - triedAt > cooldownMs;
      let failure: unknown;
      if ((stale || !keys.has(kid)) && mayTry) {
        try {
          await readOnce();
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
