import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { randomToken } from '../base/ids.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import { signClaims } from './tool-key.ts';
import type { ToolSigner } from './tool-key.ts';

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().default(3600),
});

export interface TokenRequest {
  tokenUrl: string;
  /** Where it is not the token URL itself (Brightspace). */
  audience: string | null;
  clientId: string;
  scopes: readonly string[];
}

export interface ServiceToken {
  value: string;
  expiresAt: Date;
}

/**
 * An access token for a platform's services, by client credentials with a signed assertion (LTI Security
 * Framework § 4.1, RFC 7523). Issue time is set back a little: Moodle refuses any from its future.
 *
 * @throws AppError `platform-answer`, `platform-unreachable`, `address-refused`
 */
export async function requestServiceToken(
  request: TokenRequest,
  using: { signer: ToolSigner; fetchOutside: OutsideFetch; now: Date },
): Promise<ServiceToken> {
  const issuedAt = Math.floor(using.now.getTime() / 1000) - 5;
  const assertion = await signClaims(using.signer, {
    iss: request.clientId,
    sub: request.clientId,
    aud: request.audience ?? request.tokenUrl,
    iat: issuedAt,
    exp: issuedAt + 300,
    jti: randomToken(16),
  });
  const answer = await using.fetchOutside(request.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: request.scopes.join(' '),
    }).toString(),
  });
  if (answer.status !== 200) throw new AppError('platform-answer', { status: answer.status, at: 'token' });
  const parsed = tokenAnswer.safeParse(parseJson(answer.body));
  if (!parsed.success) throw new AppError('platform-answer', { at: 'token' });
  return {
    value: parsed.data.access_token,
    // A minute early, so that a token does not expire on its way.
    expiresAt: new Date(using.now.getTime() + (parsed.data.expires_in - 60) * 1000),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
