import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { randomToken } from '../base/ids.ts';
import type { OutsideAnswer, OutsideRequest } from '../base/outside-fetch.ts';
import { parseJson } from './parse-json.ts';
import { signClaims } from './tool-key.ts';
import type { ToolSigner } from './tool-key.ts';

/** A platform as its token endpoint knows us. */
export interface TokenClient {
  tokenUrl: string;
  /** Where it is not the token URL itself (Brightspace). */
  tokenAudience: string | null;
  clientId: string;
}

export interface ServiceToken {
  value: string;
  /** From then on a new one is asked for: somewhat before it really ends. */
  expiresAt: Date;
}

const tokenAnswer = z.object({
  // Goes into a header as it is (RFC 6750 § 2.1).
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .nullish(),
  expires_in: z.coerce.number().nonnegative().default(3600),
  scope: z.string().nullish(),
});
/** RFC 6749 § 5.2. Anything else that a platform writes there stays out of our log. */
const refusal = z.object({
  error: z.enum([
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
  ]),
});

const longestUseMs = 24 * 60 * 60_000;

/**
 * The request for an access token, by client credentials with a signed assertion (RFC 7523 § 2.2, LTI Security
 * Framework § 4.1.1). To be made anew for every attempt: an assertion is taken once. Its issue time is set back
 * by 5 s, for Moodle refuses any from its future; it is good for 5 minutes.
 */
export async function signTokenRequest(
  client: TokenClient,
  scopes: readonly string[],
  signer: ToolSigner,
  now: Date,
): Promise<OutsideRequest> {
  const issuedAt = Math.floor(now.getTime() / 1000) - 5;
  const assertion = await signClaims(signer, {
    iss: client.clientId,
    sub: client.clientId,
    aud: client.tokenAudience ?? client.tokenUrl,
    iat: issuedAt,
    exp: issuedAt + 300,
    jti: randomToken(16),
  });
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: scopes.join(' '),
    }).toString(),
    timeoutMs: 10_000,
    maxBytes: 65_536,
  };
}

/**
 * The token in an answer of the token endpoint (RFC 6749 § 5.1), whatever content type it claims (Moodle: HTML).
 *
 * @throws AppError `platform-answer`, with `scope` when the platform does not grant what was asked for, be it
 *   that it says so or that it silently leaves it out
 */
export function readTokenAnswer(answer: OutsideAnswer, scopes: readonly string[], now: Date): ServiceToken {
  const body = parseJson(answer.body);
  if (answer.status !== 200) {
    const { error } = refusal.safeParse(body).data ?? {};
    throw new AppError('platform-answer', {
      at: 'token',
      status: answer.status,
      ...(error === undefined ? {} : { error }),
      ...(error === 'invalid_scope' ? { scope: scopes.join(' ') } : {}),
    });
  }
  const parsed = tokenAnswer.safeParse(body);
  if (!parsed.success) throw new AppError('platform-answer', { at: 'token', reason: 'unreadable' });
  const { access_token: value, expires_in: seconds, scope } = parsed.data;
  // A platform that grants everything need not say so.
  const granted = scope?.split(/\s+/) ?? scopes;
  const missing = scopes.filter((one) => !granted.includes(one));
  if (missing.length > 0) {
    throw new AppError('platform-answer', {
      at: 'token',
      reason: 'scope not granted',
      scope: missing.join(' '),
    });
  }
  const lifeMs = Math.min(seconds * 1000, longestUseMs);
  // A minute early, so that it does not end on its way; a very short one is used for half its life.
  return { value, expiresAt: new Date(now.getTime() + Math.max(lifeMs - 60_000, lifeMs / 2)) };
}
