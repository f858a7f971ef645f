import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { AppError } from '../base/errors.ts';
import type { PlatformKeys } from './platform-keys.ts';

/** Clocks of platform and tool may differ by this much. */
const skewSeconds = 60;

export interface ExpectedToken {
  issuer: string;
  clientId: string;
  nonce: string;
  /** The time to judge by. */
  now: Date;
  keys: PlatformKeys;
}

/**
 * Verifies an id_token (LTI Security Framework § 5.1.3): RS256 alone, whatever the header wishes; the key by
 * its `kid` from the platform's registered address (`jku`, `x5u`, `jwk` are ignored); issuer compared letter
 * by letter; this client in `aud`, and as `azp` wherever there is one or `aud` names several; expiry and issue
 * time with 60 s of skew; the nonce that this very login made. A token may be minutes old: Canvas builds it
 * when the person clicks.
 *
 * @returns the payload, not yet read as a launch
 * @throws AppError with a code `token-…`, `nonce-mismatch` or `platform-keys-unavailable`
 */
export async function verifyIdToken(
  token: string,
  expected: ExpectedToken,
): Promise<Record<string, unknown>> {
  const payload = parsePayload(await verifySignature(token, expected.keys));

  if (payload.iss !== expected.issuer) throw new AppError('token-issuer');

  const audience = typeof payload.aud === 'string' ? [payload.aud] : payload.aud;
  if (!Array.isArray(audience) || !audience.includes(expected.clientId)) throw new AppError('token-audience');
  const azp = payload.azp ?? undefined;
  if (azp === undefined ? audience.length > 1 : azp !== expected.clientId) {
    throw new AppError('token-audience', { claim: 'azp' });
  }

  const nowSeconds = expected.now.getTime() / 1000;
  const { exp, iat, nbf } = payload;
  if (typeof exp !== 'number') throw new AppError('claim-missing', { claim: 'exp' });
  if (typeof iat !== 'number') throw new AppError('claim-missing', { claim: 'iat' });
  if (nowSeconds > exp + skewSeconds) throw new AppError('token-expired');
  if (iat > nowSeconds + skewSeconds) throw new AppError('token-not-yet-valid', { claim: 'iat' });
  if (nbf !== undefined && nbf !== null && (typeof nbf !== 'number' || nbf > nowSeconds + skewSeconds)) {
    throw new AppError('token-not-yet-valid', { claim: 'nbf' });
  }

  if (payload.nonce !== expected.nonce) throw new AppError('nonce-mismatch');
  return payload;
}

async function verifySignature(token: string, keys: PlatformKeys): Promise<Uint8Array> {
  let kid: string | undefined;
  try {
    const header = decodeProtectedHeader(token);
    if (header.alg !== 'RS256') throw new AppError('token-signature', { reason: 'algorithm' });
    kid = header.kid;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('token-malformed', {}, { cause: error });
  }
  if (typeof kid !== 'string' || kid === '') throw new AppError('token-key-unknown', { reason: 'no kid' });
  const key = await keys.find(kid);
  try {
    const { payload } = await compactVerify(token, key, { algorithms: ['RS256'] });
    return payload;
  } catch (error) {
    const code =
      error instanceof errors.JWSSignatureVerificationFailed ? 'token-signature' : 'token-malformed';
    throw new AppError(code, {}, { cause: error });
  }
}

function parsePayload(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // Falls through: signed, but no claims.
  }
  throw new AppError('token-malformed', { reason: 'payload' });
}
